"""A city keeps clear of its roads, its river and the stadium, and is the same each time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from cardstunt.kernels.bowl import Bowl, Floor, Plan, Roof, Tier
from cardstunt.kernels.bowl_plan import behind_edge
from cardstunt.kernels.city import SHAPES, City, Lot, Model, build_city
from cardstunt.kernels.city_site import CARRIAGEWAY, HILLS_FROM, LANE, Road, lay_out
from cardstunt.kernels.city_traffic import lamps, parked, strollers, traffic
from cardstunt.kernels.city_trees import groves, trees
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

STEP = 2.0


def bowl_of(shape: str, half_width: float, half_length: float, rows: int, outward: float) -> Bowl:
    corner = 0.4 * min(half_width, half_length)
    return Bowl(
        Plan(shape, half_width, half_length, exponent=2.6, corner=corner),
        (Tier(rows, 0.8, 0.0, 2.5, 0.06),),
        Roof("ring", 30.0, outward, 45.0),
        Floor("football", 34.0, 52.0),
    )


BOWL = bowl_of("superellipse", 66.0, 112.0, 80, 40.0)
bowls = st.builds(
    bowl_of,
    st.sampled_from(("ellipse", "superellipse", "rounded_rectangle", "athletics")),
    st.floats(30.0, 90.0),
    st.floats(30.0, 130.0),
    st.integers(5, 90),
    st.floats(0.0, 45.0),
)
seeds = st.integers(0, 2**40)
#: A city takes a second to look through; a smaller failing example would not be simpler.
few = settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(BOWL, 7)


def outlines(city: City, steps: int = 6) -> np.ndarray:
    """Points all along the outlines of the buildings: (N, 4 steps, 2)."""
    share = np.arange(steps) / steps * 2 - 1
    one = np.ones(steps)
    unit = np.concatenate(
        [np.stack(side, -1) for side in ((share, -one), (one, share), (-share, one), (-one, -share))]
    )
    placed = city.buildings
    half = (
        np.array([(shape.length / 2, shape.width / 2) for shape in SHAPES])[placed.model] * placed.size[:, :2]
    )
    local = unit * half[:, None]
    cosine, sine = np.cos(placed.heading)[:, None], np.sin(placed.heading)[:, None]
    turned = [local[..., 0] * cosine - local[..., 1] * sine, local[..., 0] * sine + local[..., 1] * cosine]
    return placed.places[:, None] + np.stack(turned, -1)


def middle_points(city: City, kind: Road) -> np.ndarray:
    """Points every few metres along the middles of all roads of a kind."""
    points = [np.empty((0, 2))]
    for number in np.flatnonzero(city.roads.kind == kind):
        line = city.roads.line(number)
        for start, end in pairwise(line):
            count = int(np.hypot(*(end - start)) / STEP) + 1
            points.append(start + np.linspace(0, 1, count + 1)[:, None] * (end - start))
    return np.concatenate(points)


def from_roads(city: City, points: np.ndarray) -> np.ndarray:
    """How far points lie outside the nearest carriageway, as its drawn middles tell."""
    nearest = np.full(len(points), np.inf)
    for kind in Road:
        middles = middle_points(city, kind)
        if len(middles):
            away, _ = KDTree(middles).query(points, distance_upper_bound=30.0)
            away = np.sqrt(np.maximum(away**2 - (STEP / 2) ** 2, 0))
            nearest = np.minimum(nearest, away - CARRIAGEWAY[kind])
    return nearest


def from_water(city: City, points: np.ndarray) -> np.ndarray:
    river = city.site.river
    middle = river.line(np.arange(-7000.0, 7000.0, 4.0), 0.0)
    away, _ = KDTree(middle).query(points)
    return away - river.half_width


@few
@given(bowls, seeds)
# Points that lie close at the corners of a road and far apart elsewhere.
@example(bowl_of("rounded_rectangle", 42.3, 47.1, 86, 28.4), 8046)
def test_nothing_stands_in_a_road_the_river_or_the_stadium(bowl: Bowl, seed: int) -> None:
    city = build_city(bowl, seed)
    walls = outlines(city).reshape(-1, 2)
    standing = [tree.places for tree in (trees(city, 0.4), parked(city, 0.4))]
    for points in (walls, *standing, lamps(city, 0.4)[0]):
        assert len(points) > 0
        assert from_roads(city, points).min() > 0.2
        assert behind_edge(bowl.plan, *points.T)[1].min() > city.site.reach + 20
    for points in (walls, *standing):
        assert from_water(city, points).min() > 1.0
    for line in (city.roads.line(number) for number in range(len(city.roads))):
        assert behind_edge(bowl.plan, *line.T)[1].min() > city.site.reach + 20


@few
@given(bowls, seeds)
def test_woods_stay_out_of_the_city_and_the_river(bowl: Bowl, seed: int) -> None:
    city = build_city(bowl, seed)
    woods = groves(city, 0.0)
    assert from_water(city, woods.places).min() > 20
    country = city.site.limit(*woods.places.T) < 0
    parks = city.lots.places[city.lots.kind == Lot.PARK]
    away, _ = KDTree(parks).query(woods.places[~country])
    assert country.sum() > 200
    assert away.max() < 1e-6


@few
@given(seeds)
def test_buildings_do_not_intersect(seed: int) -> None:
    city = build_city(BOWL, seed)
    # Corners and a few points of each side, a little inside, against all neighbours' rectangles.
    placed = city.buildings
    half = (
        np.array([(shape.length / 2, shape.width / 2) for shape in SHAPES])[placed.model] * placed.size[:, :2]
    )
    points = outlines(city, 4)
    pairs = KDTree(placed.places).query_pairs(95.0, output_type="ndarray")
    for one, other in (pairs.T, pairs.T[::-1]):
        offset = points[one] - placed.places[other, None]
        cosine, sine = np.cos(placed.heading[other])[:, None], np.sin(placed.heading[other])[:, None]
        along = np.abs(offset[..., 0] * cosine + offset[..., 1] * sine)
        across = np.abs(offset[..., 1] * cosine - offset[..., 0] * sine)
        inside = (along < half[other, :1] - 0.05) & (across < half[other, 1:] - 0.05)
        assert not inside.any()


def test_the_same_seed_gives_the_same_bytes(city: City) -> None:
    again, another = build_city(BOWL, 7), build_city(BOWL, 8)

    def everything(of: City) -> list[np.ndarray]:
        things = [of.buildings, trees(of, 0.5), groves(of, 0.5), parked(of, 0.5)]
        cars = traffic(of, 0.5)
        return [
            *(array for thing in things for array in vars(thing).values()),
            of.roads.points, of.lots.kind, cars.lane, cars.offset, cars.speed, cars.person, *lamps(of, 0.5),
        ]  # fmt: skip

    first, second = everything(city), everything(again)
    assert [array.tobytes() for array in first] == [array.tobytes() for array in second]
    assert len(another.buildings) != len(city.buildings)


def test_towers_rise_at_the_centres(city: City) -> None:
    placed = city.buildings
    storeys = np.array([shape.storeys for shape in SHAPES])[placed.model] * placed.size[:, 2]
    density = city.site.density(*placed.places.T)
    assert storeys[density > 0.7].max() > 45
    assert storeys[density > 0.6].mean() > 2.5 * storeys[density < 0.1].mean()
    assert storeys[density < 0.02].max() < 32
    # Whole storeys, so that windows end where walls do.
    assert np.allclose(storeys, np.round(storeys), atol=1e-9)


def test_a_city_has_all_kinds_of_blocks_and_buildings(city: City) -> None:
    assert set(city.lots.kind) == set(Lot)
    assert set(city.buildings.model) == set(Model)
    assert 5_000 < len(city.buildings) < 15_000


def test_bridges_cross_the_river_and_streets_do_not(city: City) -> None:
    assert from_water(city, middle_points(city, Road.STREET)).min() > 8
    wet = from_water(city, middle_points(city, Road.AVENUE)) < 0
    assert wet.sum() > 20


@few
@given(seeds)
def test_vehicles_keep_to_their_lanes_and_their_distance(seed: int) -> None:
    city = build_city(BOWL, seed)
    cars = traffic(city, 0.4)
    points = np.concatenate([cars.lanes.line(lane) for lane in np.unique(cars.lane)])
    # The middle of a lane is at least half of one inside the carriageway.
    assert from_roads(city, points).max() < -LANE / 2 + 0.1
    assert np.allclose(cars.length, cars.lanes.lengths()[cars.lane])
    assert ((cars.offset >= 0) & (cars.offset < cars.length)).all()
    for lane in np.unique(cars.lane)[::17]:
        own = cars.lane == lane
        assert len(np.unique(cars.speed[own])) == 1
        at = np.sort(cars.offset[own])
        gaps = np.diff(np.append(at, at[0] + cars.length[own][0]))
        assert gaps.min() > 12.5 or own.sum() == 1


def test_traffic_keeps_to_the_right(city: City) -> None:
    cars = traffic(city, 0.4)
    ring = cars.lanes.line(int(np.flatnonzero(cars.lanes.kind == Road.RING)[0]))
    depth = behind_edge(BOWL.plan, *ring.T)[1]
    x, y = ring[:-1].T
    counter_clockwise = np.sum(x * np.diff(ring[:, 1]) - y * np.diff(ring[:, 0])) > 0
    assert counter_clockwise == bool(depth.mean() > city.site.ring)


@few
@given(bowls, seeds)
def test_people_walk_on_the_plaza_and_its_walks(bowl: Bowl, seed: int) -> None:
    site = lay_out(bowl, seed)
    people = strollers(site, 0.5)
    depth = behind_edge(bowl.plan, *people.lanes.points.T)[1]
    assert depth.min() > site.reach
    assert depth.max() < site.ring - CARRIAGEWAY[Road.RING]
    assert ((people.speed >= 1.0) & (people.speed <= 1.6)).all()
    assert len(people) > len(strollers(site, 0.0)) > 300


def test_fuller_cities_have_more_trees_lamps_and_cars(city: City) -> None:
    for count in (
        lambda fullness: len(trees(city, fullness)),
        lambda fullness: len(lamps(city, fullness)[0]),
        lambda fullness: len(traffic(city, fullness)),
    ):
        counts = [count(fullness) for fullness in (0.0, 0.4, 1.0)]
        assert counts[0] < counts[1] < counts[2] < 15_000


def test_a_park_has_woods_and_no_buildings() -> None:
    park = build_city(BOWL, 7, "park")
    assert len(park.buildings) == len(park.lots.number) == 0
    assert set(park.roads.kind) == {Road.RING, Road.AVENUE}
    assert from_roads(park, trees(park, 0.3).places).min() > 0.2
    woods = groves(park, 0.3)
    assert len(woods) > 1000
    assert park.site.depth(*woods.places.T).min() > park.site.ring_outside
    assert len(traffic(park, 0.3)) > 50


def test_hills_rise_only_on_the_horizon_and_never_in_the_river() -> None:
    site = lay_out(BOWL, 3)
    turn = np.linspace(0, 2 * np.pi, 400)
    near = site.hill(*((HILLS_FROM - 1) * np.stack([np.cos(turn), np.sin(turn)])))
    far = site.hill(*(10_000.0 * np.stack([np.cos(turn), np.sin(turn)])))
    assert near.max() < 1e-6
    assert 100 < far.max() < 600
    wet = site.river.line(np.linspace(-9000, 9000, 200), 0.0)
    assert site.hill(*wet.T).max() < -5
