from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from cardstunt.kernels.bowl import Tier
from cardstunt.kernels.bowl_presets import MAY_DAY
from cardstunt.kernels.bowl_tiers import EYE, LEAST_RISE, bowl_top, row_depths, row_heights, tier_top
from hypothesis import given
from hypothesis import strategies as st

TIER = Tier(rows=60, row_pitch=0.8, depth=10.0, front_height=3.0, c_value=0.09)


def step_by_step(tier, focus):
    """The sight line formula, row by row."""
    eyes, distance = [tier.front_height + EYE], focus + tier.depth + 0.5 * tier.row_pitch
    for _ in range(tier.rows - 1):
        following = distance + tier.row_pitch
        eyes.append((eyes[-1] + tier.c_value) * following / distance)
        distance = following
    return np.array(eyes) - EYE


@given(
    rows=st.integers(1, 90),
    pitch=st.floats(0.7, 1.2),
    depth=st.floats(0, 60),
    front=st.floats(1.5, 40),
    clear=st.floats(0.06, 0.2),
    focus=st.floats(4, 25),
)
def test_heights_are_those_of_the_sight_line_formula(rows, pitch, depth, front, clear, focus):
    tier = Tier(rows, pitch, depth, front, clear)
    wanted = step_by_step(tier, focus)
    heights = row_heights(tier, focus)
    assert heights.shape == (rows,)
    flat = front + LEAST_RISE * np.arange(rows)
    assert heights == pytest.approx(np.maximum(wanted, flat), abs=2e-3)


def test_everyone_sees_over_the_row_in_front():
    heights = row_heights(TIER, 12.0)
    distance = 12.0 + row_depths(TIER)
    eyes = heights + EYE
    clearance = eyes[1:] * distance[:-1] / distance[1:] - eyes[:-1]
    assert clearance == pytest.approx(TIER.c_value, abs=1e-5)
    rises = np.diff(heights)
    assert (np.diff(rises) > 0).all()
    assert heights[0] == pytest.approx(TIER.front_height)
    assert tier_top(TIER, 12.0) == heights[-1]


def test_rows_lie_one_pitch_apart():
    assert row_depths(TIER)[[0, -1]] == pytest.approx([10.4, 10.4 + 59 * 0.8])


def test_rows_that_need_not_rise_do_so_a_little():
    low = Tier(rows=10, row_pitch=0.8, depth=0.0, front_height=0.0, c_value=0.0)
    heights = row_heights(low, 100.0)
    assert np.diff(heights) == pytest.approx(LEAST_RISE)
    assert math.isfinite(heights[-1])


def test_the_top_is_that_of_the_highest_tier():
    assert bowl_top(MAY_DAY) == tier_top(MAY_DAY.tiers[1], MAY_DAY.focus)
    assert bowl_top(replace(MAY_DAY, tiers=MAY_DAY.tiers[::-1])) == bowl_top(MAY_DAY)
