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
    pulled_place,
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


def lengths(points, axis):
    return np.linalg.norm(np.diff(points, axis=axis), axis=-1)


@books
def test_both_pages_face_the_viewer_and_cover_the_book(book):
    # The viewer opposite looks west: the viewer's left is -Y of a person who looks along +X.
    for part, side in ((Part.LEFT_PAGE, -1), (Part.RIGHT_PAGE, 1)):
        page = faces(book, part)
        areas = np.array([area(book, face) for face in page])
        assert (areas[:, 0] > 0).all()
        # But for the white band of the leaves below, from near.
        assert areas[:, 0].sum() == pytest.approx(PROP_WIDTH * PROP_HEIGHT / 2, rel=0.04)
        corners = points(book)[[corner for face in page for corner in face]]
        assert (side * corners[:, 1] > -1e-9).all()


@books
def test_a_books_back_is_its_cover_and_its_edges_are_paper(book):
    backs = [area(book, face) for face in faces(book, Part.COVER)]
    behind = sum(-normal[0] for normal in backs if normal[0] < 0)
    assert behind > PROP_WIDTH * PROP_HEIGHT
    outwards = set()
    for face in faces(book, Part.PAPER):
        normal, middle = area(book, face), points(book)[face].mean(0)
        outwards.add(tuple(np.round(normal / np.linalg.norm(normal)).astype(int)))
        # The edges of the stacks look away from the book's middle.
        if abs(middle[1]) > PROP_WIDTH / 2 - 0.01 and abs(normal[1]) > 10 * abs(normal[2]):
            assert np.sign(normal[1]) == np.sign(middle[1]) or normal[0] > 0
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


def test_the_edges_of_the_pages_show_beside_them():
    """A book of 170 leaves is as thick as two fingers: held open, its paper is seen from the front."""
    book = BOOKS["near"]
    page = points(book)[[corner for face in faces(book, Part.RIGHT_PAGE) for corner in face]]
    paper = [area(book, face) for face in faces(book, Part.PAPER)]
    assert PROP_WIDTH / 2 - 0.012 < page[:, 1].max() < PROP_WIDTH / 2 - 0.004
    seen = sum(normal[0] for normal in paper if normal[0] > 0)
    assert 2 * 0.004 * PROP_HEIGHT < seen < 2 * 0.012 * PROP_HEIGHT


@pytest.mark.parametrize("detail", [0, 1])
@given(progress=st.floats(0, 1))
def test_a_leaf_goes_through_no_page(detail, progress):
    at = turned(turning_leaf(PROP_WIDTH, progress, detail), progress)
    assert at[..., 0].min() > CLEARANCE - 0.005
    assert np.abs(at[..., 2]).max() < PROP_HEIGHT / 2 + 0.2
    assert np.isfinite(at).all()


@given(progress=st.floats(0, 1))
def test_paper_is_bent_but_not_stretched(progress):
    """Along every row, every column and both diagonals a leaf is as long as it is when it lies flat."""
    leaf, flat = (turning_leaf(PROP_WIDTH, moment).points for moment in (progress, 0.0))
    for axis in (0, 1):
        assert lengths(leaf, axis) == pytest.approx(lengths(flat, axis), rel=0.02)
    for way in (1, -1):
        across, before = ((each[1:, 1:] - each[:-1, :-1])[:, ::way] for each in (leaf, flat))
        assert np.linalg.norm(across, axis=-1) == pytest.approx(np.linalg.norm(before, axis=-1), rel=0.02)
    assert leaf[:, 0, :2] == pytest.approx(np.tile(leaf[0, 0, :2], (len(leaf), 1)))


def test_a_leaf_lies_flat_before_and_after_its_turn():
    for progress, side in ((0.0, 1), (1.0, -1)):
        at = turned(turning_leaf(PROP_WIDTH, progress), progress)
        assert np.ptp(at[..., 0]) < 1e-9
        assert side * at[:, -1, 1] == pytest.approx(np.full(len(at), at[0, -1, 1] * side))
        assert PROP_WIDTH / 2 - 0.01 < side * at[0, -1, 1] <= PROP_WIDTH / 2


def test_a_leaf_bends_on_its_way_and_its_upper_corner_leads():
    leaf = turning_leaf(PROP_WIDTH, 0.5)
    assert np.ptp(leaf.points[..., 0]) > 0.08
    corners = turned(leaf, 0.5)[:, -1]
    assert corners[-1, 1] < corners[0, 1] - 0.1
    # What is pulled shows how far the turn is.
    assert corners[-1, 1] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("pulled", [0.5, 0.7, 0.9])
def test_what_is_pulled_goes_over_from_right_to_left(pulled):
    way = np.array([pulled_place(PROP_WIDTH, share, pulled) for share in SHARES])
    assert (np.diff(way[:, 1]) < 0).all()
    assert way[0, 1] == pytest.approx(-way[-1, 1], abs=0.01)
    assert way[:, 0].max() > 0.2 * pulled
    for one, other in pairwise(way):
        assert np.linalg.norm(other - one) < 0.1
    assert (way[:, 2] > PROP_HEIGHT / 2 - 0.05).all()
