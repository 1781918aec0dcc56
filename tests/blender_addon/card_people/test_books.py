"""Books are closed where they should be, and a leaf bends as it goes over, without going through a page."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from cardstunt.blender_addon.card_holders import CLEARANCE, LEAVES, PROP_HEIGHT, PROP_WIDTH
from cardstunt.blender_addon.card_people.books import (
    far_book,
    near_book,
    page_bow,
    pulled_corner,
    turning_leaf,
)
from cardstunt.blender_addon.figures import Part
from hypothesis import given
from hypothesis import strategies as st

BOOKS = {"near": near_book(PROP_WIDTH), "far": far_book(PROP_WIDTH)}
books = pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS.keys())
SHARES = [k / (LEAVES - 1) for k in range(LEAVES)]


def points(figure):
    return np.array(figure.vertices)


def faces(figure, part):
    return [list(face) for face, which in zip(figure.faces, figure.parts, strict=True) if which == part]


def area(figure, face):
    a, b, c, d = points(figure)[face]
    return np.cross(c - a, d - b) / 2


def turned(leaf, progress):
    """The leaf's points in the book's own space."""
    angle = -np.pi * progress
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    return leaf.points @ turn.T + (CLEARANCE, 0, 0)


@books
def test_both_pages_face_the_viewer_and_cover_the_book(book):
    # The viewer opposite looks west: the viewer's left is -Y of a person who looks along +X.
    for part, side in ((Part.LEFT_PAGE, -1), (Part.RIGHT_PAGE, 1)):
        page = faces(book, part)
        areas = np.array([area(book, face) for face in page])
        assert (areas[:, 0] > 0).all()
        assert areas[:, 0].sum() == pytest.approx(PROP_WIDTH * PROP_HEIGHT / 2, rel=1e-6)
        corners = points(book)[[corner for face in page for corner in face]]
        assert (side * corners[:, 1] > -1e-9).all()


@books
def test_a_books_back_is_its_cover_and_its_edges_are_paper(book):
    backs = [area(book, face) for face in faces(book, Part.COVER)]
    behind = sum(-normal[0] for normal in backs if normal[0] < 0)
    assert behind > PROP_WIDTH * PROP_HEIGHT
    outwards = {
        tuple(np.round(normal / np.linalg.norm(normal)).astype(int))
        for normal in (area(book, face) for face in faces(book, Part.PAPER))
    }
    assert {(0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)} <= outwards
    assert 0.01 < np.ptp(points(book)[:, 0]) < 0.05
    assert np.abs(points(book)[:, 1]).max() < PROP_WIDTH / 2 + 0.006


def test_pages_bow_into_the_spine():
    across = np.linspace(0, PROP_WIDTH / 2, 100)
    bow = page_bow(across, PROP_WIDTH)
    assert bow[0] < -0.005
    assert 0.003 < bow.max() < CLEARANCE - 0.002
    assert abs(bow[-1]) < 0.001
    assert page_bow(-across, PROP_WIDTH) == pytest.approx(bow)


@pytest.mark.parametrize("detail", [0, 1])
@given(progress=st.floats(0, 1))
def test_a_leaf_keeps_its_size_and_goes_through_no_page(detail, progress):
    leaf = turning_leaf(PROP_WIDTH, progress, detail)
    lengths = np.linalg.norm(np.diff(leaf.points, axis=1), axis=-1).sum(1)
    assert lengths == pytest.approx(np.full(len(lengths), PROP_WIDTH / 2))
    at = turned(leaf, progress)
    assert at[..., 0].min() > CLEARANCE - 0.005
    assert at[..., 2].min() == pytest.approx(-PROP_HEIGHT / 2)


def test_a_leaf_lies_flat_before_and_after_its_turn():
    for progress, side in ((0.0, 1), (1.0, -1)):
        at = turned(turning_leaf(PROP_WIDTH, progress), progress)
        assert np.ptp(at[..., 0]) < 1e-9
        assert side * at[:, -1, 1] == pytest.approx(np.full(len(at), PROP_WIDTH / 2))


def test_a_leaf_bends_on_its_way_and_its_upper_corner_leads():
    leaf = turning_leaf(PROP_WIDTH, 0.5)
    assert np.ptp(leaf.points[..., 0]) > 0.02
    corners = turned(leaf, 0.5)[:, -1]
    assert corners[-1, 1] < corners[0, 1] - 0.02


def test_the_corner_that_is_pulled_goes_over_from_right_to_left():
    way = np.array([pulled_corner(PROP_WIDTH, share) for share in SHARES])
    assert (np.diff(way[:, 1]) < 0).all()
    assert way[0, 1] == pytest.approx(-way[-1, 1], abs=0.01)
    assert way[:, 0].max() > 0.2
    for one, other in pairwise(way):
        assert np.linalg.norm(other - one) < 0.1
    assert (way[:, 2] > PROP_HEIGHT / 2 - 0.05).all()
