"""Card-holders hold what they hold: hands at its edges, pages to the front, nothing through anything."""

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
    body,
    book,
    card,
    card_holder,
    frame,
    hold_of,
    idle,
    leaf,
    on_prop,
    props,
    screen_corners,
    screen_stand,
)
from cardstunt.blender_addon.figures import Figure, Part, sit
from cardstunt.kernels.stadium import MAY_DAY
from cardstunt.scenes.seats import SeatMap

MODES = tuple(HOLDS)
HELD = tuple(mode for mode in MODES if mode != "tablets")


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


def hands(figure):
    """Skin that is neither head nor neck."""
    skin = of_part(figure, Part.SKIN)
    return skin[np.abs(skin[:, 1]) > 0.12]


@pytest.mark.parametrize("mode", MODES)
def test_everybody_is_whole_and_light(mode):
    hold = HOLDS[mode]
    people = [card_holder(mode, hold), idle(mode, hold.width), screen_stand(hold)]
    people += [body(hold, lift) for lift in np.linspace(-1, 1, LIFTS)]
    for figure in [*people, *props(mode, hold.width).values()]:
        assert len(figure.faces) == len(figure.parts)
        assert np.isfinite(points(figure)).all()
        assert {corner for face in figure.faces for corner in face} == set(range(len(figure.vertices)))
        assert len(figure.vertices) < 400
        assert np.abs(points(figure)[:, 1]).max() < MAY_DAY.holder_width / 2 + 0.015
        assert points(figure)[:, 2].min() > -0.3


@pytest.mark.parametrize("mode", HELD)
def test_the_front_of_a_prop_faces_the_viewer(mode):
    hold = HOLDS[mode]
    figure, (_, out) = card_holder(mode, hold), axes(hold.rest_lean)
    sides = {Part.LEFT_PAGE: -1, Part.RIGHT_PAGE: 1} if mode == "books" else {Part.RIGHT_PAGE: 0}
    areas = 0.0
    for part, side in sides.items():
        (face,) = faces(figure, part)
        across = normal(figure, face)
        areas += np.linalg.norm(across)
        assert across / np.linalg.norm(across) == pytest.approx(out)
        # The viewer opposite looks west: the viewer's left is -Y of a person who looks along +X.
        assert np.sign(np.round(points(figure)[face][:, 1].mean(), 9)) == side
    assert areas == pytest.approx(PROP_WIDTH * PROP_HEIGHT, rel=0.15 if mode == "two_sided" else 1e-6)
    assert hold.width < MAY_DAY.holder_width


@pytest.mark.parametrize("mode", HELD)
@pytest.mark.parametrize("lift", [-1.0, -0.5, 0.0, 0.3, 1.0])
def test_hands_hold_the_edges(mode, lift):
    """Wherever the prop is held: within a finger's breadth of the middle of both upright edges."""
    hold = HOLDS[mode]
    middle, _ = hold.at(lift)
    figure = body(hold, lift)
    for side in (-1, 1):
        edge = np.add(middle, (0, side * hold.width / 2, 0))
        near = np.linalg.norm(hands(figure) - edge, axis=1)
        assert near.min() < 0.06
        # On both sides of the edge, so that it is held, not touched.
        around = hands(figure)[near < 0.07] - edge
        assert around[:, 1].min() * around[:, 1].max() < 0


@pytest.mark.parametrize("mode", HELD)
def test_hands_follow_the_prop_between_two_poses(mode):
    """Props move by the byte, arms by the pose: half a step is less than a hand is long."""
    hold = HOLDS[mode]
    lifts = np.linspace(-1, 1, LIFTS)
    assert lifts[REST] == 0
    for one, other in pairwise(lifts):
        step = np.subtract(hold.at(float(other))[0], hold.at(float(one))[0])
        assert np.linalg.norm(step) / 2 < 0.03


@pytest.mark.parametrize("mode", HELD)
def test_arms_do_not_stretch(mode):
    """From the shoulder, by the elbow, to the hand."""
    hold = HOLDS[mode]
    for lift in np.linspace(-1, 1, LIFTS):
        figure, alone = body(hold, float(lift)), Figure()
        sit(alone)
        sleeves = points(figure)[len(alone.vertices) :]
        for side in (-1, 1):
            mine = sleeves[side * sleeves[:, 1] > 0.05]
            assert np.linalg.norm(mine - (0, side * 0.2, 0.93), axis=1).max() < 0.64


@pytest.mark.parametrize("mode", HELD)
@pytest.mark.parametrize("lift", np.linspace(-1, 1, 9))
def test_props_go_through_nobody(mode, lift):
    """Neither head nor chest nor knee comes through a page, raised or lowered."""
    hold, seated = HOLDS[mode], Figure()
    sit(seated)
    middle, lean = hold.at(lift)
    up, out = axes(lean)
    for face in seated.faces:
        corners = points(seated)[list(face)]
        # Also between the corners, which are far apart on low-poly limbs.
        for share in np.linspace(0, 1, 9):
            offset = (1 - share) * corners + share * np.roll(corners, 1, axis=0) - middle
            inside = (np.abs(offset[:, 1]) < hold.width / 2) & (np.abs(offset @ up) < PROP_HEIGHT / 2)
            assert (offset[inside] @ out < 0.0).all()


@pytest.mark.parametrize("mode", HELD)
def test_nobody_in_front_is_in_the_way(mode):
    """The row in front sits 0.8 m before this one, and at least 0.34 m below it."""
    hold, seated, ahead = HOLDS[mode], Figure(), Figure()
    sit(seated)
    ahead.add(seated, (MAY_DAY.row_depth, 0.0, -MAY_DAY.first_rise))
    for lift in np.linspace(-1, 1, 9):
        middle, lean = hold.at(float(lift))
        # Whatever a prop sweeps while it is tilted or turned lies in a ball; low ones are not tilted.
        reach = PROP_HEIGHT / 2 if lift >= 0 else 0
        head = points(ahead)[points(ahead)[:, 2] > 1.05 - MAY_DAY.first_rise]
        assert np.hypot(head[:, 0] - middle[0], head[:, 2] - middle[2]).min() > reach - 0.02
        up, out = axes(lean)
        offset = head - middle
        inside = (np.abs(offset[:, 1]) < hold.width / 2) & (np.abs(offset @ up) < PROP_HEIGHT / 2)
        assert (offset[inside] @ out > 0.0).all()


def test_raised_props_are_over_the_heads_and_lowered_ones_on_the_lap():
    for mode in HELD:
        hold, figure = HOLDS[mode], body(HOLDS[mode], 0.0)
        head = points(figure)[:, 2].max()
        assert hold.at(0.0) == (hold.rest, hold.rest_lean)
        for lift, low, high in ((1.0, head + 0.35, head + 0.5), (-1.0, 0.6, 0.85)):
            middle, lean = hold.at(lift)
            top = middle[2] + np.cos(lean) * PROP_HEIGHT / 2
            assert low < top < high


def test_places_on_a_prop():
    hold = HOLDS["books"]
    up, out = axes(hold.rest_lean)
    assert on_prop(hold, 0, 0) == pytest.approx(hold.rest)
    assert np.subtract(on_prop(hold, 0.2, 0.1, 0.05), hold.rest) == pytest.approx(
        [0, 0.2, 0] + 0.1 * up + 0.05 * out
    )


def test_the_leaf_covers_one_page_and_hangs_on_the_spine():
    corners = points(leaf(PROP_WIDTH))
    assert corners.min(0) == pytest.approx([0, 0, -PROP_HEIGHT / 2], abs=1e-9)
    assert corners[:, 1].max() == pytest.approx(PROP_WIDTH / 2)
    assert corners[:, 2].max() == pytest.approx(PROP_HEIGHT / 2)
    assert corners[:, 0].max() < 0.1
    for face in leaf(PROP_WIDTH).faces:
        assert normal(leaf(PROP_WIDTH), face)[0] > 0


def test_a_books_back_is_its_cover_and_its_edges_are_paper():
    figure = book(PROP_WIDTH)
    backs = [face for face in faces(figure, Part.COVER) if normal(figure, face)[0] < -1e-9]
    assert len(backs) == 1
    assert (points(figure)[backs[0]][:, 0] == points(figure)[:, 0].min()).all()
    assert 0.01 < np.ptp(points(figure)[:, 0]) < 0.05
    assert faces(figure, Part.PAPER)
    assert points(figure)[:, 0].max() == 0


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
        lying = of_part(idle(mode, PROP_WIDTH), Part.COVER)
        assert lying[:, 2].min() == 0
        assert lying[:, 2].max() < 0.05
        # On the tread, which ends at the toes.
        assert np.abs(lying[:, 0]).max() < MAY_DAY.row_depth / 2
    assert not faces(idle("tablets", PROP_WIDTH), Part.COVER)


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
