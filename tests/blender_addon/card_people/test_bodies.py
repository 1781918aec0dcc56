"""Card-holders hold what they hold: hands at its edges, nothing through anything, and room for neighbours."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from cardstunt.blender_addon.card_holders import HOLDS, LEAVES, LIFTS, PROP_HEIGHT, on_prop
from cardstunt.blender_addon.card_people.bodies import (
    FAR,
    LOOKS,
    MIDDLE,
    NEAR,
    holding,
    idle,
    joined,
    model_of,
    placed,
    pulling,
)
from cardstunt.blender_addon.card_people.books import pulled_place
from cardstunt.blender_addon.card_people.postures import SEAT
from cardstunt.blender_addon.figures import Figure, Part

HELD = ("books", "cards", "two_sided")
#: Metres: the place of one card-holder, and how much lower the next row sits at least.
PLACE, ROW_DEPTH, RISE = 0.55, 0.8, 0.34
#: Triangles of a person by level of detail; what was one of boxes had 260 with the book.
TRIANGLES = ((3000, 10000), (200, 340), (50, 100))
EVERYBODY = [(detail, number) for detail, looks in enumerate(LOOKS) for number in range(len(looks))]
SOME = [(NEAR, 1), (NEAR, 3), (NEAR, 5), (MIDDLE, 0), (FAR, 0)]
everybody = pytest.mark.parametrize(("detail", "number"), EVERYBODY)
some = pytest.mark.parametrize(("detail", "number"), SOME)


def axes(lean):
    """What is up along a prop, and out of it."""
    return np.array([-np.sin(lean), 0, np.cos(lean)]), np.array([np.cos(lean), 0, np.sin(lean)])


def of_part(model, *parts):
    faces = zip(model.topology.faces, model.topology.parts, strict=True)
    return model.vertices[sorted({corner for face, part in faces if part in parts for corner in face})]


def hands(model):
    """Skin that is neither head nor neck."""
    skin = of_part(model, Part.SKIN)
    return skin[np.abs(skin[:, 1]) > 0.12]


def trunk(model):
    """What is neither arm nor hand: within the shoulders, or below the seat."""
    return model.vertices[(np.abs(model.vertices[:, 1]) < 0.13) | (model.vertices[:, 2] < SEAT)]


@everybody
def test_everybody_is_whole_and_light(detail, number):
    hold = HOLDS["books"]
    models = [idle(detail, number), *holding(detail, number, hold, [-1.0, 0.0, 1.0])]
    for model in models:
        topology = model.topology
        assert len(topology.faces) == len(topology.parts) == len(topology.flat)
        assert np.isfinite(model.vertices).all()
        assert set(topology.corners.tolist()) == set(range(len(model.vertices)))
        low, high = TRIANGLES[detail]
        assert low < topology.triangles < high
    if detail != NEAR:
        assert len(models[0].vertices) < 200


@everybody
def test_everybody_sits_on_the_seat_with_feet_on_the_tread(detail, number):
    (model,) = holding(detail, number, HOLDS["books"], [0.0])
    assert abs(model.vertices[:, 2].min()) < 0.005
    assert 1.25 < model.vertices[:, 2].max() < 1.45
    feet = model.vertices[model.vertices[:, 2] < 0.1]
    assert -ROW_DEPTH / 2 < feet[:, 0].min() < feet[:, 0].max() < ROW_DEPTH / 2 + 0.005
    under = trunk(model)
    lowest = under[(under[:, 0] < 0.05)][:, 2].min()
    assert SEAT - 0.05 < lowest < SEAT + 0.04


@some
@pytest.mark.parametrize("mode", HELD)
def test_there_is_room_for_neighbours(detail, number, mode):
    """Half a place and the width of a finger, but for elbows and for what is seen from far."""
    models = holding(detail, number, HOLDS[mode], np.linspace(-1, 1, 9).tolist(), rod=mode == "two_sided")
    for model in models:
        assert np.abs(model.vertices[:, 1]).max() < PLACE / 2 + 0.045
    assert np.abs(models[4].vertices[:, 1]).max() < PLACE / 2 + 0.026


def test_hands_of_neighbours_pass_one_another():
    """One's left and the other's right hand lie at different heights of edges that all but touch."""
    for number in range(len(LOOKS[NEAR])):
        (model,) = holding(NEAR, number, HOLDS["books"], [0.0])
        at_edge = hands(model)[np.abs(hands(model)[:, 1]) > HOLDS["books"].width / 2]
        left, right = (at_edge[side * at_edge[:, 1] > 0][:, 2] for side in (1, -1))
        assert left.max() < right.min() + 0.005


@pytest.mark.parametrize(("detail", "number"), [kind for kind in SOME if kind[0] != FAR])
@pytest.mark.parametrize("mode", HELD)
@pytest.mark.parametrize("lift", [-1.0, -0.5, 0.0, 0.3, 1.0])
def test_hands_hold_the_edges(detail, number, mode, lift):
    """Wherever the prop is held: on both sides of both upright edges, so that these are held, not touched."""
    hold = HOLDS[mode]
    middle, lean = hold.at(lift)
    up, out = axes(lean)
    (model,) = holding(detail, number, hold, [lift], rod=mode == "two_sided")
    for side in (-1, 1):
        offset = hands(model) - np.add(middle, (0, side * hold.width / 2, 0))
        near = offset[(np.abs(offset @ up) < 0.15) & (np.linalg.norm(offset, axis=1) < 0.16)]
        assert len(near) > 5
        assert (side * near[:, 1]).min() < 0 < (side * near[:, 1]).max()
        if detail == NEAR or lift > -1:  # seen from afar, hands on the lap have no thumbs
            assert (near @ out).min() < 0 < (near @ out).max()


@some
@pytest.mark.parametrize("mode", HELD)
def test_props_go_through_nobody(detail, number, mode):
    """Neither head nor chest nor knee comes through a page, raised or lowered."""
    hold = HOLDS[mode]
    lifts = np.linspace(-1, 1, 9).tolist()
    for lift, model in zip(lifts, holding(detail, number, hold, lifts), strict=True):
        middle, lean = hold.at(lift)
        up, out = axes(lean)
        offset = trunk(model) - middle
        inside = (np.abs(offset[:, 1]) < hold.width / 2) & (np.abs(offset @ up) < PROP_HEIGHT / 2)
        assert (offset[inside] @ out < -0.02).all()


@pytest.mark.parametrize("mode", HELD)
@pytest.mark.parametrize("number", [1, 3])
def test_nobody_in_front_is_in_the_way(mode, number):
    """The row in front sits 0.8 m before this one, and at least 0.34 m below it."""
    hold = HOLDS[mode]
    (ahead,) = holding(NEAR, number, hold, [0.0])
    ahead = placed(ahead, (ROW_DEPTH, 0.0, -RISE), 0.0).vertices
    head = ahead[(ahead[:, 2] > 1.12 - RISE) & (np.abs(ahead[:, 1]) < 0.12)]
    for lift in np.linspace(-1, 1, 9):
        middle, lean = hold.at(float(lift))
        # Whatever a prop sweeps while it is tilted or turned lies in a ball; low ones are not tilted.
        reach = PROP_HEIGHT / 2 if lift >= 0 else 0
        assert np.hypot(head[:, 0] - middle[0], head[:, 2] - middle[2]).min() > reach - 0.035
        up, out = axes(lean)
        offset = head - middle
        inside = (np.abs(offset[:, 1]) < hold.width / 2) & (np.abs(offset @ up) < PROP_HEIGHT / 2)
        assert (offset[inside] @ out > 0.0).all()
    (model,) = holding(NEAR, number, hold, [0.0])
    knees = model.vertices[model.vertices[:, 2] < 0.62]
    back = ahead[(ahead[:, 2] > 0) & (np.abs(ahead[:, 1]) < 0.2)]
    assert knees[:, 0].max() < back[:, 0].min() + 0.02


def test_raised_props_are_over_the_heads_and_lowered_ones_on_the_lap():
    for mode in HELD:
        hold = HOLDS[mode]
        for number in range(len(LOOKS[NEAR])):
            (model,) = holding(NEAR, number, hold, [0.0])
            head = model.vertices[:, 2].max()
            assert hold.at(0.0) == (hold.rest, hold.rest_lean)
            for lift, low, high in ((1.0, head + 0.25, head + 0.5), (-1.0, 0.6, 0.85)):
                middle, lean = hold.at(lift)
                top = middle[2] + np.cos(lean) * PROP_HEIGHT / 2
                assert low < top < high


def test_eyes_look_over_the_book():
    """The audience, which looks down a little, sees everybody's eyes."""
    hold = HOLDS["books"]
    x, _, z = on_prop(hold, 0.0, PROP_HEIGHT / 2)
    for number in range(len(LOOKS[NEAR])):
        (model,) = holding(NEAR, number, hold, [0.0])
        eyes = of_part(model, Part.EYE)
        over = eyes[:, 2] - (z - (x - eyes[:, 0]) * np.tan(np.radians(13)))
        assert over.max() > 0


@pytest.mark.parametrize("number", range(len(LOOKS[NEAR])))
def test_the_hand_that_turns_is_at_the_leaf(number):
    hold = HOLDS["books"]
    moments = [k / (LEAVES - 1) for k in range(LEAVES)]
    up, out = axes(hold.rest_lean)
    for moment, model in zip(moments, pulling(NEAR, number, hold, moments), strict=True):
        # An elbow passes the neighbour's arm on its way up and down.
        assert np.abs(model.vertices[:, 1]).max() < PLACE / 2 + 0.07
        if not 0.2 <= moment <= 0.7:
            continue
        away, left, high = pulled_place(hold.width, moment, LOOKS[NEAR][number].manner.pulls)
        corner = np.array(hold.rest) + away * out + left * np.array([0, 1, 0]) + high * up
        skin = of_part(model, Part.SKIN)
        assert np.linalg.norm(skin - corner, axis=1).min() < 0.05


@pytest.mark.parametrize("number", [0, 3, 4, 5])
def test_the_arm_that_turns_reaches_over_the_book(number):
    """The sleeve is nowhere in the book: it passes its upper edge."""
    hold = HOLDS["books"]
    up, out = axes(hold.rest_lean)
    for model in pulling(NEAR, number, hold, [0.25, 0.5, 0.7]):
        offset = of_part(model, Part.COSTUME) - hold.rest
        inside = (np.abs(offset[:, 1]) < hold.width / 2) & (np.abs(offset @ up) < PROP_HEIGHT / 2 - 0.02)
        assert (offset[inside] @ out < -0.016).all()


def test_people_hold_and_turn_things_each_in_their_way():
    looks = LOOKS[NEAR]
    assert len({look.manner for look in looks}) == len(looks)
    rights = [look.manner.with_right for look in looks]
    assert 0 < sum(rights) < len(rights) / 2
    hold = HOLDS["books"]
    up, _ = axes(hold.rest_lean)
    heights = []
    for number, look in enumerate(looks):
        (model,) = pulling(NEAR, number, hold, [0.4])
        busy = -1 if look.manner.with_right else 1
        sleeve = of_part(model, Part.COSTUME, Part.TRIM) - hold.rest
        over = sleeve[(sleeve @ up > PROP_HEIGHT / 2) & (np.abs(sleeve[:, 1]) > 0.13)]
        # The arm that reaches over the book is on the side of the hand that turns.
        assert (np.sign(over[:, 1]) == busy).mean() > 0.8
        heights.append((sleeve @ up).max())
    assert np.ptp(heights) > 0.05


def test_what_people_are_tinted_with():
    (near,) = holding(NEAR, 0, HOLDS["books"], [0.0])
    tints = near.topology.tints
    assert tints.shape == near.vertices.shape
    assert 0.0 <= tints.min() < 0.6
    assert 0.95 < tints.max() <= 1.0
    (far,) = holding(FAR, 0, HOLDS["books"], [0.0])
    assert far.topology.tints is None
    both = joined([near, far])
    assert (both.topology.tints[len(near.vertices) :] == 1.0).all()


def test_people_differ():
    tall = [holding(NEAR, number, HOLDS["books"], [0.0])[0].vertices[:, 2].max() for number in range(12)]
    assert np.ptp(tall) > 0.05
    kinds = {model.topology.triangles for model in (idle(NEAR, number) for number in range(12))}
    assert len(kinds) > 5


def test_all_poses_of_a_look_are_joined_alike():
    """So that Blender's meshes of one look are made from one list of faces."""
    models = holding(MIDDLE, 0, HOLDS["books"], np.linspace(-1, 1, LIFTS).tolist())
    assert len({id(model.topology) for model in [*models, idle(MIDDLE, 0)]}) == 1


def test_models_are_joined_and_moved():
    figure = Figure()
    figure.quad([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)], Part.SKIN)
    one = model_of(figure)
    both = joined([one, placed(one, (1, 2, 3), np.pi / 2)])
    assert both.topology.faces == ((0, 1, 2, 3), (4, 5, 6, 7))
    assert both.vertices[4] == pytest.approx([0, 2, 3], abs=1e-9)
    assert both.vertices[5] == pytest.approx([0, 2, 4], abs=1e-9)
    assert Counter(both.topology.parts) == {Part.SKIN: 2}
