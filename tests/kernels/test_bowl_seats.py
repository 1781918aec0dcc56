from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.kernels.bowl import VOMITORY_ROWS, VOMITORY_WIDTH, Bowl, Floor, Plan, Roof, Tier
from cardstunt.kernels.bowl_plan import along_row, behind_edge, place, row_length
from cardstunt.kernels.bowl_presets import COLLEGE_STAND, CRICKET, FOOTBALL, MAY_DAY, PRESETS
from cardstunt.kernels.bowl_seats import (
    SectionDoesNotFitError,
    blocks,
    card_section_seats,
    clear_of,
    east_tiers,
    on_stand,
    row_spans,
    seats,
    section_fits,
    section_half_width,
    stand_rows,
    tier_seats,
    vomitory_rows,
)
from hypothesis import given, settings
from hypothesis import strategies as st

EVERY = pytest.mark.parametrize("bowl", PRESETS.values(), ids=PRESETS.keys())


@EVERY
def test_blocks_are_even_and_about_as_long_as_asked_for(bowl):
    for tier in bowl.tiers:
        divided = blocks(bowl, tier)
        assert divided.bounds.shape == (divided.count + 1,)
        assert divided.bounds[[0, -1]] == pytest.approx([tier.first, tier.last])
        assert np.ptp(np.diff(divided.bounds)) < 1e-12
        front = row_length(bowl.plan, tier.depth) * (tier.last - tier.first) / divided.count
        assert front == pytest.approx(tier.block, rel=0.13)
        whole = tier.last - tier.first == 1
        assert len(divided.aisles) == divided.count + (not whole)
        if whole:
            # North mirrors south, and east west.
            for mirrored in (-divided.aisles, 0.5 - divided.aisles):
                assert np.sort(np.mod(mirrored + 1e-9, 1)) == pytest.approx(np.sort(divided.aisles), abs=1e-6)


@EVERY
def test_openings_are_spread_over_the_blocks_and_in_their_middles(bowl):
    for tier in bowl.tiers:
        divided = blocks(bowl, tier)
        assert len(divided.vomitories) == len(set(divided.vomitory_blocks.tolist())) == tier.vomitories
        gaps = np.diff(divided.vomitory_blocks)
        assert np.ptp(gaps) <= 1
        between = np.searchsorted(divided.bounds, divided.vomitories) - 1
        assert between.tolist() == divided.vomitory_blocks.tolist()
        rows = vomitory_rows(tier)
        assert (rows.start, len(rows)) == (tier.vomitory_row, VOMITORY_ROWS)


def test_more_openings_than_blocks_are_one_a_block():
    tier = replace(MAY_DAY.tiers[0], vomitories=1000)
    divided = blocks(MAY_DAY, tier)
    assert divided.vomitory_blocks.tolist() == list(range(divided.count))
    few = blocks(MAY_DAY, replace(tier, vomitories=4))
    assert few.vomitory_blocks.tolist() == [5, 15, 26, 36]
    assert len(blocks(MAY_DAY, replace(tier, vomitories=0)).vomitories) == 0


@EVERY
def test_spans_keep_aisles_and_openings_free(bowl):
    for tier in bowl.tiers:
        divided = blocks(bowl, tier)
        for row in (0, tier.vomitory_row, tier.rows - 1):
            spans = row_spans(bowl, tier, row)
            depth = tier.depth + (row + 0.5) * tier.row_pitch
            cut = row in vomitory_rows(tier)
            assert len(spans) == divided.count + cut * tier.vomitories
            assert (spans[1:, 0] > spans[:-1, 1]).all()
            for aisle in along_row(bowl.plan, divided.aisles, depth):
                assert (np.abs(spans - aisle) > tier.aisle / 2 - 1e-6).all()
            for opening in along_row(bowl.plan, divided.vomitories, depth) if cut else ():
                assert (np.abs(spans - opening) > VOMITORY_WIDTH / 2 - 1e-6).all()
            free = (spans[:, 1] - spans[:, 0]).sum()
            whole = np.ptp(along_row(bowl.plan, divided.bounds, depth))
            assert free == pytest.approx(
                whole - divided.count * tier.aisle - cut * tier.vomitories * VOMITORY_WIDTH
            )


def test_seats_are_counted_row_by_row():
    plan = Plan("rounded_rectangle", 40.0, 60.0, corner=10.0)
    tier = Tier(2, 0.8, 0.0, 1.5, 0.09, first=-0.1, last=0.1, block=100.0, aisle=1.0)
    bowl = Bowl(plan, (tier,), Roof(), Floor("parade", 30.0, 50.0), seat_width=0.5)
    # One block on the straight, as long at all depths, but for an aisle.
    length = 0.2 * row_length(plan, 0.0) - 1.0
    assert tier_seats(bowl, tier) == 2 * int(length / 0.5)
    assert seats(replace(bowl, tiers=(tier, replace(tier, depth=5.0)))) == 2 * seats(bowl)
    opened = replace(tier, vomitories=1, vomitory_row=1)
    assert tier_seats(bowl, opened) == int(length / 0.5) + 2 * int((length - VOMITORY_WIDTH) / 2 / 0.5)


def test_the_rows_of_the_east_stand_go_through_all_its_tiers():
    depths, heights = stand_rows(MAY_DAY)
    assert depths.shape == heights.shape == (80,)
    assert (np.diff(depths) >= 0.8 - 1e-9).all()
    assert (np.diff(heights) > 0.3).all()
    west = replace(COLLEGE_STAND.tiers[0], first=0.4, last=0.6)
    assert east_tiers(replace(COLLEGE_STAND, tiers=(west,))) == ()
    assert stand_rows(replace(COLLEGE_STAND, tiers=(west,)))[0].shape == (0,)


@EVERY
@pytest.mark.parametrize("depth", [0.4, 20.0])
def test_lines_straight_back_meet_the_row(bowl, depth):
    y = np.linspace(-25, 25, 41)
    x, turn = on_stand(bowl, y, depth)
    _, found = behind_edge(bowl.plan, x, y)
    assert found == pytest.approx(depth, abs=3e-3)
    assert turn == pytest.approx(-turn[::-1], abs=1e-3)
    assert (x > 0).all()


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
    assert grid[:, 0, 2] == pytest.approx(stand_rows(MAY_DAY)[1][:rows])
    assert (np.diff(grid[:, :, 0], axis=0) > 0.5 * MAY_DAY.tiers[0].row_pitch).all()
    # Everyone looks west, and no more to the side than the curve bends.
    assert np.abs(facing - np.pi).max() < 0.6
    assert facing.reshape(rows, columns)[:, ::-1] - np.pi == pytest.approx(
        np.pi - facing.reshape(rows, columns), abs=1e-6
    )


@EVERY
def test_the_section_follows_the_bowls_curve(bowl):
    """Each seat lies on its row's tread, in the middle of the row's depth."""
    columns, rows = section_fits(bowl)
    places, _ = card_section_seats(bowl, columns, rows)
    _, depth = behind_edge(bowl.plan, places[:, 0], places[:, 1])
    assert depth == pytest.approx(np.repeat(stand_rows(bowl)[0], columns), abs=3e-3)


@EVERY
def test_a_section_that_does_not_fit_says_what_does(bowl):
    columns, rows = section_fits(bowl)
    for too_large in ((columns + 1, rows), (columns, rows + 1), (1000, 400)):
        with pytest.raises(SectionDoesNotFitError) as caught:
            card_section_seats(bowl, *too_large)
        assert f"at most {columns} columns by {rows} rows do" in str(caught.value)
        assert (caught.value.columns, caught.value.rows) == (columns, rows)
    card_section_seats(bowl, columns, rows)


def test_a_section_goes_in_the_bank_between_its_ends():
    columns, _ = section_fits(COLLEGE_STAND)
    (tier,) = COLLEGE_STAND.tiers
    _, ends, _ = place(COLLEGE_STAND.plan, [tier.first, tier.last], 5.0)
    assert section_half_width(COLLEGE_STAND, columns) <= min(-ends[0], ends[1]) + 1e-6
    assert columns * COLLEGE_STAND.holder_width > 0.97 * np.ptp(ends)
    narrow = replace(COLLEGE_STAND, tiers=(tier, replace(tier, depth=33.0, first=-0.05, last=0.05)))
    # What only the lower rows are wide enough for goes there.
    assert section_fits(narrow)[0] < section_fits(narrow, tier.rows)[0] == columns
    card_section_seats(narrow, columns, tier.rows)
    with pytest.raises(SectionDoesNotFitError):
        card_section_seats(narrow, columns, tier.rows + 1)


def test_no_section_goes_where_there_is_no_stand():
    west = replace(COLLEGE_STAND.tiers[0], first=0.4, last=0.6)
    with pytest.raises(SectionDoesNotFitError, match="no stand in the east"):
        card_section_seats(replace(COLLEGE_STAND, tiers=(west,)), 10, 4)


def test_a_section_keeps_off_the_round_ends():
    columns, _ = section_fits(CRICKET)
    places, facing = card_section_seats(CRICKET, columns, 10)
    assert 2 * np.abs(facing - np.pi).max() < np.radians(37)
    assert 2 * np.abs(places[:, 1]).max() < 1.3 * CRICKET.plan.half_length


def test_tiles_that_are_clear_of_taken_seats():
    taken = np.array([[60.0, 0.0, 5.0], [60.0, 0.5, 5.0]])
    places = np.array([[60.0, 0.0, 5.0], [60.0, 1.0, 5.0], [60.0, 4.0, 9.0], [62.0, 0.0, 9.0]])
    west = np.full(4, np.pi)
    assert clear_of(FOOTBALL, places, west, 1, taken).tolist() == [False, False, True, True]
    # A tile of nine reaches two metres to both sides.
    assert clear_of(FOOTBALL, places, west, 9, taken).tolist() == [False, False, True, True]
    assert clear_of(FOOTBALL, places, west, 14, taken).tolist() == [False, False, False, True]
    mixed = np.array([1, 1, 14, 1])
    assert clear_of(FOOTBALL, places, west, mixed, taken).tolist() == [False, False, False, True]
