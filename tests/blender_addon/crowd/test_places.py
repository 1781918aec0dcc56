"""Who sits where: as many as wished, in groups, never where nobody may, as finely as the cameras ask for."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.crowd.places import REACH, USUAL_REACH, Wish, spectators_of
from cardstunt.blender_addon.crowd.tiles import SEATS, Level
from cardstunt.kernels.bowl import Bowl, Floor, Plan, Roof, Tier
from cardstunt.kernels.bowl_plan import along_row
from cardstunt.kernels.bowl_seats import row_spans
from cardstunt.kernels.bowl_tiers import row_depths
from cardstunt.kernels.film_views import FilmViews, joined, nearest
from cardstunt.kernels.spectators import STANDS, spectator_tiles, stands_of
from hypothesis import given, settings
from hypothesis import strategies as st

BOWL = Bowl(
    plan=Plan("rounded_rectangle", 40.0, 60.0, corner=15.0),
    tiers=(
        Tier(rows=16, row_pitch=0.8, depth=0.0, front_height=1.5, c_value=0.09, vomitories=6, vomitory_row=6),
        Tier(rows=10, row_pitch=0.85, depth=15.0, front_height=12.0, c_value=0.09, first=-0.3, last=0.3),
    ),
    roof=Roof(),
    floor=Floor("football", 30.0, 50.0),
)
EAST, NORTH, UP = np.eye(3)
CHEST = 0.8 * UP


def camera(place, forward, right, up, reach=(USUAL_REACH, USUAL_REACH)):
    rows = (np.array([each], float) for each in (place, forward, right, up, reach))
    return FilmViews(*rows)


FROM_ABOVE = camera((0, 0, 400), -UP, EAST, NORTH)
ALL = dict.fromkeys(STANDS, 1.0)
SINGLES, TILES = 1e6, 1.0  # all as fine as can be, or as coarse


def people(tier=0, shares=ALL, standing=0.0, views=FROM_ABOVE, seed=5, **options):
    return spectators_of(BOWL, tier, Wish(shares, standing), views, seed, **options)


def middles(tiles):
    """The bowl's row, and metres along it, of the middle of each tile."""
    tier = BOWL.tiers[0]
    return np.array(
        [
            along_row(BOWL.plan, around, row_depths(tier)[row])
            for around, row in zip(tiles.around, tiles.row, strict=True)
        ]
    )


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.integers(0, 2**32),
    st.sampled_from([SINGLES, TILES]),
)
def test_as_many_seats_are_taken_as_the_share_of_each_stand_says(shares, seed, finer):
    tiles = people(shares=dict(zip(STANDS, shares, strict=True)), seed=seed, finer=finer)
    every = spectator_tiles(BOWL, 0, 0.0, 1, 1.0, 0)
    stand, stand_of_seat = stands_of(BOWL, tiles.around), stands_of(BOWL, every.around)
    for number, share in enumerate(shares):
        taken = tiles.taken[stand == number].sum() / (stand_of_seat == number).sum()
        assert taken == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize("finer", [SINGLES, TILES])
def test_all_seats_are_taken_or_none(finer):
    seats = len(spectator_tiles(BOWL, 0, 0.0, 1, 1.0, 0).index)
    assert people(finer=finer).taken.sum() == seats
    assert len(people(shares={}, finer=finer).taken) == 0


@pytest.mark.parametrize("finer", [SINGLES, TILES])
def test_nobody_sits_in_aisles_and_openings(finer):
    tiles = people(finer=finer)
    assert set(tiles.seats.tolist()) == {1} if finer == SINGLES else tiles.seats.max() > 5
    half = tiles.seats * BOWL.seat_width / 2
    along = middles(tiles)
    for row in range(BOWL.tiers[0].rows):
        here = tiles.row == row
        spans = row_spans(BOWL, BOWL.tiers[0], row)
        within = (along[here, None] - half[here, None] >= spans[:, 0] - 0.05) & (
            along[here, None] + half[here, None] <= spans[:, 1] + 0.05
        )
        assert (within.sum(1) == 1).all()


@pytest.mark.parametrize("finer", [SINGLES, TILES])
@pytest.mark.parametrize("tier", [0, 1])
def test_nobody_sits_in_the_card_section(tier, finer):
    free = 17.3
    tiles = people(tier, finer=finer, free_half_width=free)
    x, y, _ = tiles.places.T
    # The tile's row is straight there but for its end seats' turn.
    reach = np.abs(y) - tiles.seats * BOWL.seat_width / 2
    assert (reach[x > 0] >= free - 0.1).all()
    # Right beside it people do sit.
    assert reach[x > 0].min() < free + 2 * BOWL.seat_width
    everyone = people(tier, finer=finer)
    west = everyone.places[:, 0] < 0
    assert tiles.taken[x < 0].sum() == everyone.taken[west].sum()


@pytest.mark.parametrize("finer", [SINGLES, TILES])
def test_nobody_sits_among_or_above_card_holders_elsewhere(finer):
    taken = np.array([[0.0, -62.0, 3.0], [3.0, -63.0, 3.4], [0.0, -64.0, 5.0]])
    tiles = people(finer=finer, taken=taken)
    near = np.hypot(tiles.places[:, 0, None] - taken[:, 0], tiles.places[:, 1, None] - taken[:, 1])
    assert near[tiles.seats == 1].min(initial=9.0) > 0.4
    gone = people(finer=finer).taken.sum() - tiles.taken.sum()
    assert 3 <= gone <= 60


def test_levels_follow_the_distance_to_the_nearest_camera():
    eye = np.array([36.0, 0.0, 4.0])
    low = camera(eye, EAST, -NORTH, UP, (USUAL_REACH, USUAL_REACH))
    across = camera(eye, -EAST, NORTH, UP)
    views = joined([low, across, camera((0, 0, 900), -UP, EAST, NORTH)])
    tiles = people(views=views)
    distance = nearest(views, tiles.places + CHEST, 6.0)
    assert set(tiles.level.tolist()) == set(Level)
    assert (tiles.seats <= np.array(SEATS)[tiles.level]).all()
    # Singles go with the tile they would be in.
    slack = 5.0 * BOWL.seat_width
    for level in Level:
        here = distance[tiles.level == level]
        nearer = 0.0 if level == 0 else REACH[level - 1]
        further = np.inf if level == Level.FAR else REACH[level]
        assert (here >= nearer - slack).all()
        # At the picture's edge a tile may be seen and one of its seats not.
        assert (here[here < 300] <= further + slack).all()
    finer = people(views=views, finer=2.0)
    assert (finer.level < Level.MIDDLE).sum() > (tiles.level < Level.MIDDLE).sum()


def test_a_long_lens_brings_people_near():
    far = camera((-500, 0, 6), EAST, -NORTH, UP)
    long = camera((-500, 0, 6), EAST, -NORTH, UP, (USUAL_REACH / 50, USUAL_REACH / 50))
    assert set(people(views=far).level.tolist()) == {Level.FAR}
    assert people(views=long).level.min() == Level.NEAR


def test_who_is_never_seen_is_not_there():
    towards_north = camera((0, 0, 30), NORTH, EAST, UP)
    seen, everyone = people(views=towards_north), people()
    assert 0 < len(seen.number) < len(everyone.number)
    assert np.isfinite(nearest(towards_north, seen.places + CHEST, 6.0)).all()
    there = np.isin(everyone.number, seen.number)
    assert np.isinf(nearest(towards_north, everyone.places[~there] + CHEST, 5.9)).all()
    assert len(people(views=joined([])).number) == 0


def test_a_share_of_the_people_stand_and_they_do_so_together():
    tiles = people(shares=dict.fromkeys(STANDS, 0.8), standing=0.2)
    share = tiles.taken[tiles.standing].sum() / tiles.taken.sum()
    assert share == pytest.approx(0.2, abs=0.04)
    order = np.lexsort((tiles.around, tiles.row))
    same = tiles.standing[order][1:] == tiles.standing[order][:-1]
    assert same.mean() > 0.75  # by chance it would be 0.68


def test_people_come_in_groups_and_fill_the_top_last():
    tiles = people(shares=dict.fromkeys(STANDS, 0.5), finer=SINGLES)
    every = spectator_tiles(BOWL, 0, 0.0, 1, 1.0, 0)
    taken = np.isin(
        np.stack([every.row, np.round(every.around * 1e7).astype(int)], -1).view("i8,i8"),
        np.stack([tiles.row, np.round(tiles.around * 1e7).astype(int)], -1).view("i8,i8"),
    )[:, 0]
    assert taken.mean() == pytest.approx(0.5, abs=0.04)
    alike = taken[1:] == taken[:-1]
    assert alike.mean() > 0.62  # by chance it would be 0.5
    assert taken[every.row < 4].mean() > taken[every.row >= 12].mean() + 0.1


def test_the_same_seed_seats_the_same_people_and_another_others():
    first, again, other = people(standing=0.1), people(standing=0.1), people(standing=0.1, seed=6)
    for name, values in vars(first).items():
        assert values.tobytes() == getattr(again, name).tobytes(), name
    assert not np.array_equal(first.standing, other.standing)
    assert len(np.unique(first.number)) == len(first.number)
