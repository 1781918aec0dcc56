from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.stadium import (
    EVEN_ARCH,
    MAY_DAY,
    PRESETS,
    SectionDoesNotFitError,
    at_length,
    card_section_seats,
    perimeter,
    petal_arch,
    plan,
    roof_line,
    row_heights,
    seats,
    section_half_width,
    spectator_tiles,
)
from hypothesis import given, settings
from hypothesis import strategies as st

SEATS_IN_TILE = 10
EYE = 1.2
"""Metres of a seated person's eyes above the tread."""


def test_it_is_of_the_size_it_is_said_to_be():
    """About 450 by 350 m over the roof, an arena of 20,000 to 30,000 square metres, over 100,000 seats."""
    assert PRESETS["may_day"] is MAY_DAY
    x, y = plan(MAY_DAY, 0.0, np.linspace(0, 2 * np.pi, 4001))
    area = 0.5 * abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    assert 20_000 < area < 30_000
    assert 114_000 <= seats(MAY_DAY) <= 150_000
    reach = MAY_DAY.rim + MAY_DAY.roof_outward
    assert 2 * (MAY_DAY.half_length + reach) == pytest.approx(450, rel=0.03)
    assert 2 * (MAY_DAY.half_width + reach) == pytest.approx(350, rel=0.03)


def test_rows_rise_steeper_and_steeper():
    heights = row_heights(MAY_DAY)
    rises = np.diff(heights)
    assert heights.shape == (MAY_DAY.rows,)
    assert heights[0] == MAY_DAY.front_height
    assert (rises[0], rises[-1]) == pytest.approx((MAY_DAY.first_rise, MAY_DAY.last_rise))
    assert (np.diff(rises) > 0).all()


def test_everyone_sees_over_the_row_in_front():
    """The line from each eye to the near edge of the track, 17 m off, clears the eyes in front by 9 cm."""
    heights = row_heights(MAY_DAY)
    distance = 17.0 + (np.arange(MAY_DAY.rows) + 0.5) * MAY_DAY.row_depth
    eyes = heights + EYE
    line_over_front = eyes[1:] * distance[:-1] / distance[1:]
    assert (line_over_front - eyes[:-1]).min() > 0.09


@pytest.mark.parametrize("depth", [0.0, 30.0, 64.0])
def test_the_plan_is_closed_and_even_by_its_length(depth):
    total = perimeter(MAY_DAY, depth)
    along = np.arange(400) * total / 400
    x, y, facing = at_length(MAY_DAY, depth, along)
    curve = np.abs(x / (MAY_DAY.half_width + depth)) ** 2.6 + np.abs(y / (MAY_DAY.half_length + depth)) ** 2.6
    assert curve == pytest.approx(1, abs=2e-3)
    step = np.hypot(np.diff(x, append=x[0]), np.diff(y, append=y[0]))
    assert step == pytest.approx(total / 400, rel=0.02)
    assert (x[0], y[0]) == pytest.approx((MAY_DAY.half_width + depth, 0.0))
    # Square to the curve, towards the field.
    inward = np.stack([np.cos(facing), np.sin(facing)], -1)
    tangent = np.stack([np.roll(x, -1) - np.roll(x, 1), np.roll(y, -1) - np.roll(y, 1)], -1)
    assert (inward * tangent).sum(-1) / step == pytest.approx(0, abs=0.1)
    assert (inward * np.stack([x, y], -1)).sum(-1).max() < 0


@settings(deadline=None)
@given(st.integers(2, 300), st.integers(2, 80))
def test_the_section_has_a_seat_for_everyone_in_order(columns, rows):
    places, facing = card_section_seats(MAY_DAY, columns, rows)
    assert (places.shape, facing.shape) == ((rows * columns, 3), (rows * columns,))
    grid = places.reshape(rows, columns, 3)
    # Column 0 is the viewer's left: north. Columns run straight back, one seat apart, about the middle.
    assert -np.diff(grid[:, :, 1], axis=1) == pytest.approx(MAY_DAY.holder_width)
    assert np.ptp(grid[:, :, 1], axis=0) == pytest.approx(0)
    assert grid[0, :, 1].mean() == pytest.approx(0, abs=1e-9)
    # Row 0 is the front: lower and nearer.
    assert grid[:, 0, 2] == pytest.approx(row_heights(MAY_DAY)[:rows])
    assert (np.diff(grid[:, :, 0], axis=0) > 0.5 * MAY_DAY.row_depth).all()
    assert (grid[:, :, 0] > 0).all()
    # Everyone looks west, and no more to the side than the curve bends.
    assert np.abs(facing - np.pi).max() < 0.6
    assert facing.reshape(rows, columns)[:, ::-1] - np.pi == pytest.approx(
        np.pi - facing.reshape(rows, columns), abs=1e-9
    )


def test_the_section_follows_the_bowls_curve():
    """Each seat lies on its row's tread, in the middle of the row's depth."""
    places, _ = card_section_seats(MAY_DAY, 250, 80)
    depth = (np.repeat(np.arange(80), 250) + 0.5) * MAY_DAY.row_depth
    n = MAY_DAY.exponent
    on_curve = (np.abs(places[:, 0]) / (MAY_DAY.half_width + depth)) ** n
    on_curve += (np.abs(places[:, 1]) / (MAY_DAY.half_length + depth)) ** n
    assert on_curve == pytest.approx(1)


@pytest.mark.parametrize(("columns", "rows"), [(326, 10), (20, 81), (1000, 400)])
def test_a_section_that_does_not_fit_says_what_does(columns, rows):
    with pytest.raises(SectionDoesNotFitError, match=r"at most 325 columns by 80 rows do"):
        card_section_seats(MAY_DAY, columns, rows)
    card_section_seats(MAY_DAY, 325, 80)


@pytest.mark.parametrize("columns", [2, 20, 250, 325])
def test_spectators_and_card_section_do_not_share_seats(columns):
    places, _, _ = spectator_tiles(MAY_DAY, columns, SEATS_IN_TILE, 1.0, 0)
    section, _ = card_section_seats(MAY_DAY, columns, MAY_DAY.rows)
    half = section_half_width(MAY_DAY, columns)
    assert half > section[:, 1].max() + MAY_DAY.holder_width / 2
    east = places[places[:, 0] > 0]
    reach = SEATS_IN_TILE * MAY_DAY.seat_width / 2
    assert (np.abs(east[:, 1]) >= half).all()
    # Along the curve a tile reaches no more than its own half width towards the section.
    assert (np.abs(east[:, 1]) - reach >= section[:, 1].max() + MAY_DAY.holder_width / 2 - 1e-9).all()
    assert np.abs(east[:, 1]).min() < half + 2 * reach + 8


def test_spectators_sit_on_their_rows_and_not_in_each_other():
    places, facing, index = spectator_tiles(MAY_DAY, 250, SEATS_IN_TILE, 1.0, 0)
    heights = row_heights(MAY_DAY)
    assert np.isin(places[:, 2], heights).all()
    assert len(np.unique(index)) == len(index)
    row = np.searchsorted(heights, places[:, 2])
    across = np.stack([-np.sin(facing), np.cos(facing)], -1)
    for which in (0, 40, 79):
        of_row = np.flatnonzero(row == which)
        ordered = of_row[np.argsort(np.arctan2(places[of_row, 1], places[of_row, 0]))]
        step = places[np.roll(ordered, -1), :2] - places[ordered, :2]
        apart = np.abs((step * across[ordered]).sum(-1))
        assert apart.min() > 0.93 * SEATS_IN_TILE * MAY_DAY.seat_width
    everyone = len(places) * SEATS_IN_TILE + 250 * 80
    assert 0.85 * seats(MAY_DAY) < everyone < 1.15 * seats(MAY_DAY)


def test_there_are_as_many_spectators_as_asked_for():
    everyone = spectator_tiles(MAY_DAY, 250, SEATS_IN_TILE, 1.0, 0)[2]
    assert len(spectator_tiles(MAY_DAY, 250, SEATS_IN_TILE, 0.0, 0)[2]) == 0
    some = spectator_tiles(MAY_DAY, 250, SEATS_IN_TILE, 0.7, 5)[2]
    assert len(some) == pytest.approx(0.7 * len(everyone), rel=0.03)
    assert set(some) < set(everyone)
    more = spectator_tiles(MAY_DAY, 250, SEATS_IN_TILE, 0.8, 5)[2]
    assert set(some) < set(more)
    assert set(spectator_tiles(MAY_DAY, 250, SEATS_IN_TILE, 0.7, 6)[2]) != set(some)


def test_a_bowl_of_one_row_stands():
    low = dataclasses.replace(MAY_DAY, rows=1)
    assert row_heights(low).tolist() == [MAY_DAY.front_height]


AROUND = np.arange(4096) / 4096


def test_the_roof_has_its_petals_all_around():
    arch = petal_arch(MAY_DAY, AROUND)
    assert arch.min() == pytest.approx(0, abs=1e-6)
    assert arch.max() == pytest.approx(1)
    crowns = (arch > np.roll(arch, 1)) & (arch >= np.roll(arch, -1))
    assert crowns.sum() == MAY_DAY.petals
    assert arch.mean() == pytest.approx(0.718, abs=1e-3)
    assert arch.mean() == pytest.approx(EVEN_ARCH, abs=0.02)


def test_the_roof_reaches_as_far_and_as_high_as_its_measures_say():
    depth, height = roof_line(MAY_DAY, [0.0, 1.0], 1.0)
    assert depth == pytest.approx([MAY_DAY.rim - MAY_DAY.roof_inward, MAY_DAY.rim + MAY_DAY.roof_outward])
    assert height[0] == MAY_DAY.roof_height
    # Between two petals the inner edge lies further out and lower, the outer edge further in.
    grooves, low = roof_line(MAY_DAY, [0.0, 1.0], 0.0)
    assert (grooves - depth) == pytest.approx([9, -14])
    assert (height - low) == pytest.approx([12, 12 * 0.45])


@given(st.floats(0, 1))
def test_the_roof_climbs_to_its_ridge_and_falls(arch):
    depth, height = roof_line(MAY_DAY, np.linspace(0, 1, 201), arch)
    assert (np.diff(depth) > 0).all()
    assert height.argmax() == 110
    assert (np.diff(height)[:110] > 0).all()
    assert (np.diff(height)[110:] < 0).all()


def test_lines_of_the_roof_are_worked_out_together_or_one_by_one():
    inward = np.linspace(0, 1, 7)[:, None]
    depth, height = roof_line(MAY_DAY, inward, petal_arch(MAY_DAY, AROUND))
    assert depth.shape == height.shape == (7, 4096)
    for row in (0, 3, 6):
        one = roof_line(MAY_DAY, float(inward[row, 0]), petal_arch(MAY_DAY, AROUND))
        assert np.array(one) == pytest.approx(np.stack([depth[row], height[row]]))
