from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.bowl_plan import around_at, behind_edge, place
from cardstunt.kernels.bowl_presets import COLLEGE_STAND, FOOTBALL, MAY_DAY, PRESETS
from cardstunt.kernels.bowl_seats import card_section_seats, row_spans, seats, section_half_width, tier_seats
from cardstunt.kernels.bowl_tiers import row_depths, row_heights
from cardstunt.kernels.spectators import STANDS, spectator_tiles, stands_of
from hypothesis import given, settings
from hypothesis import strategies as st

SEATS_IN_TILE = 10
EVERY = pytest.mark.parametrize("bowl", PRESETS.values(), ids=PRESETS.keys())


def all_tiles(bowl, free=0.0, share=1.0, seed=0):
    return [spectator_tiles(bowl, tier, free, SEATS_IN_TILE, share, seed) for tier in range(len(bowl.tiers))]


@EVERY
def test_every_seat_is_in_a_tile(bowl):
    for tier, tiles in zip(bowl.tiers, all_tiles(bowl), strict=True):
        assert tiles.seats.sum() == tier_seats(bowl, tier)
        assert SEATS_IN_TILE - 2 <= tiles.seats.max() <= SEATS_IN_TILE
        assert tiles.seats.min() >= 1
        single = spectator_tiles(bowl, tiles.tier, 0.0, 1, 1.0, 0)
        assert len(single.row) == tiles.seats.sum()


@EVERY
def test_tiles_sit_on_their_rows_between_aisles_and_openings(bowl):
    for tier, tiles in zip(bowl.tiers, all_tiles(bowl), strict=True):
        depths, heights = row_depths(tier), row_heights(tier, bowl.focus)
        np.testing.assert_array_equal(tiles.places[:, 2], heights[tiles.row])
        x, y, heading = place(bowl.plan, tiles.around, depths[tiles.row])
        np.testing.assert_array_equal(tiles.places[:, :2], np.stack([x, y], -1))
        np.testing.assert_array_equal(tiles.heading, heading)
        for row in (0, tier.vomitory_row, tier.rows - 1):
            spans = around_at(bowl.plan, row_spans(bowl, tier, row), float(depths[row]))
            around = tiles.around[tiles.row == row]
            inside = (around[:, None] > spans[:, 0]) & (around[:, None] < spans[:, 1])
            assert (inside.sum(axis=1) == 1).all()


@EVERY
def test_nobody_sits_in_another(bowl):
    for tier, tiles in zip(bowl.tiers, all_tiles(bowl), strict=True):
        apart = np.hypot(*(tiles.places[1:, :2] - tiles.places[:-1, :2]).T)
        together = tiles.row[1:] == tiles.row[:-1]
        needed = (tiles.seats[1:] + tiles.seats[:-1]) / 2 * bowl.seat_width
        # A chord is a little shorter than its bow.
        assert (apart >= 0.98 * needed)[together].all()
        assert (np.diff(tiles.around)[together] > 0).all()
        assert tier.rows == tiles.row.max() + 1


@pytest.mark.parametrize("columns", [2, 20, 250, 329])
def test_spectators_and_card_section_do_not_share_seats(columns):
    free = section_half_width(MAY_DAY, columns)
    section, _ = card_section_seats(MAY_DAY, columns, 80)
    for tiles in all_tiles(MAY_DAY, free):
        east = tiles.places[:, 0] > 0
        across = np.abs(tiles.places[east, 1]) - tiles.seats[east] * MAY_DAY.seat_width / 2
        assert (across >= section[:, 1].max() + MAY_DAY.holder_width / 2 - 1e-9).all()
        assert across.min() < free + 8
        everyone = spectator_tiles(MAY_DAY, tiles.tier, 0.0, SEATS_IN_TILE, 1.0, 0)
        west = everyone.places[:, 0] <= 0
        assert set(everyone.index[west]) <= set(tiles.index)


def test_a_number_is_a_tiles_own_in_the_whole_stadium():
    index = np.concatenate([tiles.index for tiles in all_tiles(FOOTBALL)])
    assert len(np.unique(index)) == len(index)
    # Whom the card section leaves no room keeps no other from being who they are.
    free = np.concatenate([tiles.index for tiles in all_tiles(FOOTBALL, 20.0)])
    assert set(free) < set(index)


def test_there_are_as_many_as_asked_for_and_with_more_the_same_and_others():
    everyone = all_tiles(MAY_DAY)[0].index
    assert len(all_tiles(MAY_DAY, share=0.0)[0].index) == 0
    some = all_tiles(MAY_DAY, share=0.7, seed=5)[0].index
    assert len(some) == pytest.approx(0.7 * len(everyone), rel=0.03)
    assert set(some) < set(everyone)
    assert set(some) < set(all_tiles(MAY_DAY, share=0.8, seed=5)[0].index)
    assert set(all_tiles(MAY_DAY, share=0.7, seed=6)[0].index) != set(some)


def test_shares_may_differ_from_stand_to_stand():
    everyone = all_tiles(MAY_DAY)[0]
    named = np.array(STANDS)[stands_of(MAY_DAY, everyone.around)]
    x, y = everyone.places[:, 0], everyone.places[:, 1]
    assert (x[named == "east"] > 0).all()
    assert (x[named == "west"] < 0).all()
    assert (y[named == "north"] > 0).all()
    assert (y[named == "south"] < 0).all()
    # The long sides are the longer stands.
    assert (named == "east").sum() > 1.5 * (named == "north").sum()
    some = all_tiles(MAY_DAY, share={"east": 1.0, "north": 0.3, "west": 0.6})[0]
    stands = stands_of(MAY_DAY, some.around)
    for number, share in enumerate((1.0, 0.3, 0.6, 0.0)):
        assert (stands == number).sum() == pytest.approx(share * (named == STANDS[number]).sum(), rel=0.1)


@settings(deadline=None, max_examples=20)
@given(first=st.floats(0, 0.9), seed=st.integers(0, 2**40))
def test_shares_may_be_told_by_place(first, seed):
    tiles = all_tiles(COLLEGE_STAND, share=lambda around: (around > 0) * 1.0, seed=seed)[0]
    assert (tiles.around > 0).all()
    assert tiles.seats.sum() == pytest.approx(seats(COLLEGE_STAND) / 2, rel=0.03)
    part = all_tiles(COLLEGE_STAND, share=lambda around: np.full(around.shape, first), seed=seed)[0]
    same = all_tiles(COLLEGE_STAND, share=first, seed=seed)[0]
    np.testing.assert_array_equal(part.index, same.index)
    _, depth = behind_edge(COLLEGE_STAND.plan, part.places[:, 0], part.places[:, 1])
    assert depth == pytest.approx(row_depths(COLLEGE_STAND.tiers[0])[part.row], abs=3e-3)
