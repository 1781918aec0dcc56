"""Tiles: people on their seats, at every level, whose acts begin and end alike."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.crowd.motions import CHARACTERS, Act, Motion, transforms
from cardstunt.blender_addon.crowd.people import OUTFITS, Look, spectator
from cardstunt.blender_addon.crowd.tiles import (
    PHASES,
    SINGLES,
    Level,
    TileModel,
    taken_seats,
    tile_mesh,
)
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.proportions import BODIES
from cardstunt.blender_addon.gymnasts.rig import JOINT, REST

SEAT = 0.49
TRIANGLES = {Level.NEAR: 900, Level.CLOSE: 320, Level.MIDDLE: 120, Level.FAR: 27}
PAN, BACK = 0.36, -0.30  # the seat's height above the tread, and where its back is


def model(level, seats=None, taken=None, standing=False, variant=0):
    seats = seats or (1 if level < Level.MIDDLE else 10)
    return TileModel(level, seats, taken or seats, standing, variant)


def joint(motion, name, phases=6):
    moved = transforms(motion, phases)[:, JOINT[name]]
    return moved[:, :3, :3] @ REST[JOINT[name]] + moved[:, :3, 3]


@pytest.mark.parametrize("standing", [False, True])
@pytest.mark.parametrize("who", range(CHARACTERS + 2))
def test_all_acts_begin_in_the_same_pose(standing, who):
    first = [transforms(Motion(standing, who, act), 8)[0] for act in Act]
    np.testing.assert_allclose(first, np.broadcast_to(first[0], np.shape(first)), atol=1e-9)


@pytest.mark.parametrize("who", range(CHARACTERS + 2))
def test_people_sit_on_the_seat_with_their_feet_on_the_ground_before_it(who):
    motion = Motion(False, who, Act.QUIET)
    hips, ankle = joint(motion, "left_hip"), joint(motion, "right_ankle")
    assert np.all(np.abs(hips[:, 2] - PAN - 0.09) < 0.06)
    assert np.all((hips[:, 0] > BACK + 0.08) & (hips[:, 0] < 0.1))
    assert np.all(np.abs(ankle[:, 2] - REST[JOINT["right_ankle"], 2]) < 0.02)
    assert np.all(ankle[:, 0] > 0.15)


@pytest.mark.parametrize("who", range(CHARACTERS))
def test_quiet_people_move_but_little_and_cheering_ones_rise(who):
    quiet, cheer = (joint(Motion(False, who, act), "head", 12) for act in (Act.QUIET, Act.CHEER))
    steps = np.linalg.norm(np.diff(quiet, axis=0, append=quiet[:1]), axis=1)
    assert 0.002 < steps.max() < 0.12
    assert cheer[:, 2].max() > quiet[:, 2].max() + 0.3
    assert cheer[0, 2] == pytest.approx(quiet[0, 2])


def test_people_differ_in_how_they_sit_and_what_they_do():
    hands = [joint(Motion(False, who, Act.LIVELY), "right_wrist", 12) for who in range(CHARACTERS)]
    for number, one in enumerate(hands):
        for other in hands[number + 1 :]:
            assert np.abs(one - other).max() > 0.05
    raised = [np.max(hand[:, 2]) > 1.2 for hand in hands]
    assert 0.2 <= np.mean(raised) <= 0.8


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("standing", [False, True])
def test_a_person_costs_what_the_level_allows(level, standing):
    for variant in range(SINGLES if level < Level.MIDDLE else 1):
        tile = tile_mesh(model(level, standing=standing, variant=variant), SEAT)
        people = 1 if level < Level.MIDDLE else 10
        triangles = sum(len(face) - 2 for face in tile.meshes.faces)
        assert triangles / people <= TRIANGLES[level]
        assert triangles / people > 12
        assert len(tile.meshes.vertices) == PHASES[level] * len(Act)
        assert len(tile.meshes.parts) == len(tile.meshes.faces) == len(tile.meshes.flat)
        assert tile.tint.shape == tile.meshes.vertices.shape[1:2]
        assert {Part.SKIN, Part.COSTUME, Part.ACCENT} <= set(tile.meshes.parts)


@pytest.mark.parametrize("level", [Level.MIDDLE, Level.FAR])
@pytest.mark.parametrize(("seats", "taken"), [(10, 10), (10, 3), (7, 5), (1, 1)])
def test_each_person_sits_on_a_seat_of_their_own(level, seats, taken):
    tile = tile_mesh(model(level, seats, taken), SEAT)
    of = taken_seats(model(level, seats, taken))
    assert len(of) == len(set(of)) == taken
    assert len(np.unique(tile.tint)) == taken
    at_rest = tile.meshes.vertices[0]
    middles = sorted(float(np.median(at_rest[tile.tint == tint, 1])) for tint in np.unique(tile.tint))
    expected = sorted((seat - (seats - 1) / 2) * SEAT for seat in of)
    np.testing.assert_allclose(middles, expected, atol=0.14)
    # Nobody hangs out over the aisle by more than an elbow, or stands lower than the tread.
    assert np.abs(at_rest[:, 1]).max() < seats * SEAT / 2 + 0.25
    assert at_rest[:, 2].min() > -0.02


def test_empty_seats_lie_together():
    gaps = []
    for seats in range(6, 11):
        of = np.isin(np.arange(seats), taken_seats(model(Level.FAR, seats, seats // 2)))
        gaps.append(np.mean(of[1:] == of[:-1]))
    assert np.mean(gaps) > 0.45  # every other seat would be 0


@pytest.mark.parametrize("level", Level)
def test_the_same_model_is_the_same_mesh(level):
    one, other = (tile_mesh(model(level, variant=3), SEAT) for _ in range(2))
    assert one.meshes.vertices.tobytes() == other.meshes.vertices.tobytes()
    assert one.tint.tobytes() == other.tint.tobytes()


@pytest.mark.parametrize("outfit", OUTFITS)
@pytest.mark.parametrize("detail", range(3))
def test_clothes_and_what_people_wear_and_hold_are_there(outfit, detail):
    for body in BODIES:
        plain = spectator(Look(body, outfit), detail)
        assert Part.COVER not in plain.parts
        assert Part.PROP not in plain.parts
        hat = spectator(Look(body, outfit, "cap", "flag"), detail)
        assert {Part.COVER, Part.PROP} <= set(hat.parts)
        assert hat.vertices[: hat.body_vertices, 2].max() > 1.70
        assert Part.LEFT_PAGE in spectator(Look(body, outfit, "brim", "phone"), detail).parts


def test_a_word_that_is_no_outfit_is_refused():
    with pytest.raises(KeyError):
        spectator(Look("man", "toga"), 0)
