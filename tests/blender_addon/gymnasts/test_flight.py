from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.gymnasts.clips import clip_pose
from cardstunt.blender_addon.gymnasts.clips_leaps import JUMP, SOMERSAULT
from cardstunt.blender_addon.gymnasts.flight import GRAVITY, centre_of_mass
from cardstunt.blender_addon.gymnasts.posture import solve
from cardstunt.blender_addon.gymnasts.rig import rest_pose
from cardstunt.kernels.clips import CLIP_NAMES, CLIPS, STRIPS

LEAPS = {"jump": JUMP, "star_jump": JUMP, "somersault": SOMERSAULT}


def test_the_centre_of_mass_is_inside_the_pelvis():
    x, y, z = centre_of_mass(rest_pose())
    assert abs(x) < 0.03
    assert abs(y) < 1e-12
    assert 0.53 * 1.70 < z < 0.58 * 1.70  # 55 to 57 % of the height (de Leva 1996), arms down


def test_raised_arms_raise_it():
    raised = solve({"left_arm": 175.0, "right_arm": 175.0})
    assert 0.05 < centre_of_mass(raised)[2] - centre_of_mass(rest_pose())[2] < 0.12


@pytest.mark.parametrize("body", [1.0, 0.8])
@pytest.mark.parametrize("name", sorted(LEAPS))
def test_in_the_air_gravity_alone_moves_people(name, body):
    flight, strip = LEAPS[name], STRIPS[CLIP_NAMES.index(name)]
    seconds = CLIPS[strip.clip].seconds
    phases = np.linspace(flight.takeoff, flight.landing, 13)
    centres = body * np.array([centre_of_mass(clip_pose(strip, float(phase), body)) for phase in phases])
    step = (phases[1] - phases[0]) * seconds
    falling = np.diff(centres, 2, axis=0) / step**2
    assert np.allclose(falling[:, 2], -GRAVITY, atol=1e-6)
    assert np.allclose(falling[:, :2], 0.0, atol=1e-6)
    assert 0.25 < np.ptp(centres[:, 2]) < 0.7  # metres: a leap that people can do


@pytest.mark.parametrize("name", sorted(LEAPS))
def test_people_leave_the_ground_as_fast_as_they_fly(name):
    flight, strip = LEAPS[name], STRIPS[CLIP_NAMES.index(name)]
    seconds = CLIPS[strip.clip].seconds
    for moment in (flight.takeoff, flight.landing):
        heights = [
            centre_of_mass(clip_pose(strip, moment + shift))[2] for shift in (-0.008, -0.004, 0.004, 0.008)
        ]
        before, after = (np.diff(pair)[0] / (0.004 * seconds) for pair in (heights[:2], heights[2:]))
        assert abs(before - after) < 0.9  # metres a second
