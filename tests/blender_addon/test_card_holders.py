"""What card-holders hold: pages to the front, as wide as a place, where arms can follow."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from cardstunt.blender_addon.card_holders import (
    BETWEEN,
    CARD_THICKNESS,
    HOLDS,
    LIFTS,
    NARROWEST,
    PROP_HEIGHT,
    PROP_WIDTH,
    REST,
    board,
    card,
    dropped,
    frame,
    hold_of,
    on_prop,
    screen_corners,
    screen_stand,
)
from cardstunt.blender_addon.figures import Part
from cardstunt.scenes.seats import SeatMap

MODES = tuple(HOLDS)
HELD = tuple(mode for mode in MODES if mode != "tablets")
#: Metres: how wide and how deep the place of one card-holder is.
PLACE, ROW_DEPTH = 0.55, 0.8


def points(figure):
    return np.array(figure.vertices)


def faces(figure, part):
    return [list(face) for face, which in zip(figure.faces, figure.parts, strict=True) if which == part]


def of_part(figure, *parts):
    return points(figure)[
        sorted({corner for part in parts for face in faces(figure, part) for corner in face})
    ]


def normal(figure, face):
    a, b, c = (points(figure)[face[k]] for k in range(3))
    return np.cross(b - a, c - a)


def axes(lean):
    """What is up along a prop, and out of it."""
    return np.array([-np.sin(lean), 0, np.cos(lean)]), np.array([np.cos(lean), 0, np.sin(lean)])


@pytest.mark.parametrize("figure", [card(PROP_WIDTH), board(PROP_WIDTH)], ids=["card", "board"])
def test_the_front_of_a_prop_faces_the_viewer(figure):
    (face,) = faces(figure, Part.RIGHT_PAGE)
    across = normal(figure, face)
    assert across / np.linalg.norm(across) == pytest.approx([1, 0, 0])
    assert np.linalg.norm(across) == pytest.approx(PROP_WIDTH * PROP_HEIGHT, rel=0.15)


@pytest.mark.parametrize("mode", HELD)
def test_a_prop_is_narrower_than_a_place(mode):
    assert HOLDS[mode].width < PLACE


@pytest.mark.parametrize("mode", HELD)
def test_arms_follow_the_prop_between_two_poses(mode):
    """Props move by the byte, arms by the pose: half a step is less than a hand is long."""
    hold = HOLDS[mode]
    lifts = np.linspace(-1, 1, LIFTS)
    assert lifts[REST] == 0
    for one, other in pairwise(lifts):
        step = np.subtract(hold.at(float(other))[0], hold.at(float(one))[0])
        assert np.linalg.norm(step) / 2 < 0.03


def test_places_on_a_prop():
    hold = HOLDS["books"]
    up, out = axes(hold.rest_lean)
    assert on_prop(hold, 0, 0) == pytest.approx(hold.rest)
    assert np.subtract(on_prop(hold, 0.2, 0.1, 0.05), hold.rest) == pytest.approx(
        [0, 0.2, 0] + 0.1 * up + 0.05 * out
    )


def test_a_boards_two_sides_are_two_pages_and_it_fits_its_frame():
    figure, rods = board(PROP_WIDTH), frame(PROP_WIDTH)
    for part, side in ((Part.RIGHT_PAGE, 1), (Part.LEFT_PAGE, -1)):
        (face,) = faces(figure, part)
        assert np.sign(normal(figure, face)[0]) == side
    corners = points(figure)
    radius = np.hypot(corners[:, 0], corners[:, 1]).max()
    upright = of_part(rods, Part.PROP)
    inner = np.abs(upright[:, 1]).max() - 0.02
    assert radius < inner
    assert corners[:, 2].max() < upright[:, 2].max()


def test_a_card_is_one_sheet():
    figure = card(PROP_WIDTH)
    assert np.ptp(points(figure), axis=0) == pytest.approx([CARD_THICKNESS, PROP_WIDTH, PROP_HEIGHT])
    assert len(faces(figure, Part.RIGHT_PAGE)) == 1


def test_who_has_dropped_the_book_has_it_at_the_feet():
    for mode in HELD:
        lying = points(dropped(mode, PROP_WIDTH))
        assert lying[:, 2].min() == 0
        assert 0 < lying[:, 2].max() < 0.05
        # On the tread, which ends at the toes.
        assert np.abs(lying[:, 0]).max() < ROW_DEPTH / 2
    assert not dropped("tablets", PROP_WIDTH).faces


def test_a_screen_lies_on_its_housing_and_faces_the_viewer():
    hold = HOLDS["tablets"]
    a, b, c, d = screen_corners(hold)
    _, out = axes(hold.rest_lean)
    across = np.cross(b - a, d - a)
    assert across / np.linalg.norm(across) == pytest.approx(out)
    assert np.linalg.norm(across) == pytest.approx(0.25, rel=0.03)
    assert a[1] < b[1]
    assert a[2] < d[2]
    assert c == pytest.approx(b + d - a)
    stand = points(screen_stand(hold)) - a
    assert (stand @ out).max() < 0
    assert (stand @ out).max() > -0.005
    assert points(screen_stand(hold))[:, 2].min() < 0.02


def seats(rows, columns, pitch, taken=None):
    count = rows * columns
    row, column = np.divmod(np.arange(count), columns)
    text = np.array([""] * count)
    return SeatMap(
        rows=rows,
        columns=columns,
        taken=np.ones(count, bool) if taken is None else taken,
        places=np.stack([0.8 * row, pitch * column, 0.4 * row], -1),
        facing=np.zeros(count),
        section=text,
        row=text,
        number=text,
        name=text,
        cell_aspect=1.0,
    )


@pytest.mark.parametrize(
    ("pitch", "width"),
    [(0.55, PROP_WIDTH), (0.9, PROP_WIDTH), (0.45, 0.45 - BETWEEN), (0.2, NARROWEST)],
)
def test_props_are_as_wide_as_the_seats_leave_them(pitch, width):
    for mode in MODES:
        assert hold_of(mode, seats(3, 5, pitch)) == replace(HOLDS[mode], width=pytest.approx(width))


def test_seats_that_nobody_has_leave_no_less_room():
    taken = np.array([True, False, True, False, False, True])
    assert hold_of("books", seats(1, 6, 0.3, taken)).width == PROP_WIDTH
