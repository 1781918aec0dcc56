from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.bowl_plan import area, edge, least_radius, plan_problem
from cardstunt.kernels.bowl_presets import (
    ARENA,
    COLLEGE_STAND,
    CRICKET,
    FOOTBALL,
    MAY_DAY,
    OLYMPIC,
    PRESETS,
    TRIBUNE,
)
from cardstunt.kernels.bowl_roof import lowest_roof, roof_line
from cardstunt.kernels.bowl_seats import blocks, east_tiers, seats, section_fits, stand_rows
from cardstunt.kernels.bowl_tiers import HEAD_ROOM, bowl_top, row_depths, row_heights, tier_top

EVERY = pytest.mark.parametrize("bowl", PRESETS.values(), ids=PRESETS.keys())


def over_all(bowl):
    reach = bowl.rim + bowl.roof.outward
    return 2 * (bowl.plan.half_width + reach), 2 * (bowl.plan.half_length + reach)


def test_may_day_is_of_the_size_it_is_said_to_be():
    """About 450 by 350 m over a roof over 60 m up; 16 arches, 114,000 seats, 22,500 m² of arena at least."""
    assert over_all(MAY_DAY) == pytest.approx((350, 450), rel=0.03)
    assert 22_500 <= area(MAY_DAY.plan) < 26_000
    assert 114_000 <= seats(MAY_DAY) <= 120_000
    assert (MAY_DAY.roof.kind, MAY_DAY.roof.bays) == ("petals", 16)
    assert (MAY_DAY.roof.inward, MAY_DAY.roof.outward) == (60, 40)
    _, heights = roof_line(MAY_DAY, np.linspace(0, 1, 101), 1.0)
    assert 60 < heights.max() < 70
    columns, rows = section_fits(MAY_DAY)
    assert columns >= 250
    assert rows == 80


def test_a_picture_in_may_days_east_stand_is_one():
    """Row follows row through both tiers; none lies further back, or higher, than is usual there."""
    depths, heights = stand_rows(MAY_DAY)
    assert np.diff(depths) == pytest.approx(MAY_DAY.tiers[0].row_pitch)
    rises = np.diff(heights)
    assert np.abs(np.diff(rises)).max() < 0.01


@pytest.mark.parametrize(
    ("bowl", "least", "most"),
    [
        (OLYMPIC, 78_000, 82_000),
        (FOOTBALL, 72_000, 78_000),
        (CRICKET, 98_000, 103_000),
        (ARENA, 17_000, 20_000),
        (COLLEGE_STAND, 3_000, 8_000),
        (TRIBUNE, 2_000, 5_000),
    ],
)
def test_each_has_about_as_many_seats_as_those_it_is_after(bowl, least, most):
    assert least <= seats(bowl) <= most


def test_a_track_and_pitches_of_true_size_go_in():
    x, y = np.abs(edge(OLYMPIC.plan).points).T
    track = 36.5 + OLYMPIC.floor.lanes * 1.22
    # The straights of a track of 400 m, then its bends: everywhere a step from the wall.
    inside = np.hypot(x, np.maximum(y - 84.39 / 2, 0.0))
    assert inside.min() > track + 2
    x, y = np.abs(edge(FOOTBALL.plan).points).T
    assert (np.maximum(x / (34 + 3), y / (52.5 + 3)) >= 1).all()
    x, y = edge(CRICKET.plan).points.T
    assert ((x / 73) ** 2 + (y / 85.5) ** 2 > 1).all()
    x, y = np.abs(edge(ARENA.plan).points).T
    # A rink has corners of 28 feet.
    assert np.hypot(np.maximum(x - 4.5, 0), np.maximum(y - 22, 0)).min() > 8.5 + 1
    x, y = np.abs(edge(COLLEGE_STAND.plan).points).T
    assert (np.maximum(x / 24.4, y / 54.9) >= 1).all()
    track = 36.5 + MAY_DAY.floor.lanes * 1.22
    x, y = np.abs(edge(MAY_DAY.plan).points).T
    assert np.hypot(x, np.maximum(y - 84.39 / 2, 0.0)).min() > track


@EVERY
def test_its_parts_go_together(bowl):
    assert plan_problem(bowl.plan) is None
    for tier in bowl.tiers:
        heights = row_heights(tier, bowl.focus)
        rake = np.degrees(np.arctan(np.diff(heights) / tier.row_pitch))
        # Steeper stands than 35 degrees are not built any more; flatter ones show nothing.
        assert rake.max() <= 36
        assert rake.min() > 15
        assert tier.vomitories <= blocks(bowl, tier).count
        assert tier.vomitory_row + 4 <= tier.rows
        assert (lowest_roof(bowl, row_depths(tier)) > heights + HEAD_ROOM).all()
    for lower, upper in zip(bowl.tiers, bowl.tiers[1:], strict=False):
        assert upper.depth >= lower.depth + lower.rows * lower.row_pitch
        assert upper.front_height > tier_top(lower, bowl.focus)
    assert bowl.roof.inward <= bowl.rim + least_radius(bowl.plan)
    reach = np.abs(edge(bowl.plan).points).max(axis=0)
    assert bowl.floor.half_width < reach[0]
    assert bowl.floor.half_length < reach[1]
    assert bowl_top(bowl) < 45


@EVERY
def test_a_card_section_goes_in_the_east(bowl):
    columns, rows = section_fits(bowl)
    assert columns >= 90
    assert rows >= 20
    assert east_tiers(bowl) == bowl.tiers


def test_banks_stand_on_the_straight_side_alone():
    for bowl in (COLLEGE_STAND, TRIBUNE):
        (tier,) = bowl.tiers
        straight = (bowl.plan.half_length - bowl.plan.corner) / edge(bowl.plan).length
        assert (-straight <= tier.first) & (tier.last <= straight)
        assert math.isclose(tier.first, -tier.last)
