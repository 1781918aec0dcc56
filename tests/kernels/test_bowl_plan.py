from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.bowl import Plan
from cardstunt.kernels.bowl_plan import (
    STEPS,
    PlanError,
    along_row,
    area,
    around_at,
    behind_edge,
    edge,
    least_radius,
    place,
    plan_problem,
    polygon_problem,
    row_length,
)
from hypothesis import given, settings
from hypothesis import strategies as st

FIVE = ((50.0, -40.0), (50.0, 40.0), (-20.0, 70.0), (-60.0, 0.0), (-10.0, -70.0))
PLANS = {
    "ellipse": Plan("ellipse", 78.0, 90.0),
    "superellipse": Plan("superellipse", 66.0, 112.0, exponent=2.6),
    "square": Plan("superellipse", 66.0, 112.0, exponent=8.0),
    "rectangle": Plan("rounded_rectangle", 42.0, 60.0, corner=15.0),
    "athletics": Plan("athletics", 51.0, 93.0),
    "polygon": Plan("polygon", 60.0, 70.0, corner=12.0, points=FIVE),
}
EVERY = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
SHARES = np.arange(2000) / 2000


@EVERY
def test_the_edge_goes_in_even_steps_from_the_east_counter_clockwise(plan):
    curve = edge(plan)
    assert curve.points.shape == curve.normals.shape == (STEPS, 2)
    step = np.hypot(*(np.roll(curve.points, -1, axis=0) - curve.points).T)
    assert step == pytest.approx(curve.length / STEPS, rel=1e-3)
    assert curve.points[0, 0] > 0
    assert curve.points[0, 1] == pytest.approx(0, abs=1e-9)
    assert curve.points[1, 1] > 0
    # Once around, and never back: the edge is convex.
    assert curve.turn[-1] - curve.turn[0] == pytest.approx(2 * math.pi)
    assert np.diff(curve.turn).min() >= 0
    # Normals are square to the steps, and point away from the field.
    tangent = np.roll(curve.points, -1, axis=0) - np.roll(curve.points, 1, axis=0)
    assert np.abs((tangent * curve.normals).sum(-1)).max() < 0.02 * curve.length / STEPS
    assert (curve.points * curve.normals).sum(-1).min() > 0


def test_plans_have_the_shapes_they_are_called():
    x, y = edge(PLANS["superellipse"]).points.T
    assert (np.abs(x) / 66) ** 2.6 + (np.abs(y) / 112) ** 2.6 == pytest.approx(1, abs=1e-4)
    x, y = edge(PLANS["ellipse"]).points.T
    assert (x / 78) ** 2 + (y / 90) ** 2 == pytest.approx(1, abs=1e-6)
    assert edge(PLANS["rectangle"]).length == pytest.approx(4 * (27 + 45) + 2 * math.pi * 15)
    assert area(PLANS["rectangle"]) == pytest.approx(84 * 120 - (4 - math.pi) * 225, rel=1e-5)
    assert least_radius(PLANS["rectangle"]) == pytest.approx(15, rel=0.01)
    # Two straights of the length of the field without its half circles.
    x, y = edge(PLANS["athletics"]).points.T
    assert edge(PLANS["athletics"]).length == pytest.approx(4 * 42 + 2 * math.pi * 51)
    assert np.abs(x[np.abs(y) < 42]) == pytest.approx(51)
    assert np.hypot(x, np.abs(y) - 42)[np.abs(y) > 42] == pytest.approx(51, abs=1e-3)
    # A polygon's sides are straight, and lie where its corners say.
    x, y = edge(PLANS["polygon"]).points.T
    assert (x[np.abs(y) < 25][x[np.abs(y) < 25] > 0]) == pytest.approx(50)
    assert np.hypot(x - 50, y - 40).min() > 1
    assert least_radius(PLANS["polygon"]) == pytest.approx(12, rel=0.02)


@EVERY
@pytest.mark.parametrize("depth", [5.0, 31.0, 70.0])
def test_rows_are_parallel_to_the_edge(plan, depth):
    x, y, heading = place(plan, SHARES, depth)
    points = edge(plan).points
    distance = np.hypot(x[:, None] - points[:, 0], y[:, None] - points[:, 1]).min(axis=1)
    assert distance == pytest.approx(depth, abs=2e-3)
    # Everyone looks at the edge, square to it.
    at_edge = place(plan, SHARES, 0.0)
    assert x + depth * np.cos(heading) == pytest.approx(at_edge[0], abs=1e-9)
    assert y + depth * np.sin(heading) == pytest.approx(at_edge[1], abs=1e-9)
    fine = place(plan, np.arange(16 * STEPS) / (16 * STEPS), depth)
    length = np.hypot(fine[0] - np.roll(fine[0], 1), fine[1] - np.roll(fine[1], 1)).sum()
    assert row_length(plan, depth) == pytest.approx(length, rel=1e-4)


def test_places_broadcast_and_come_round():
    plan = PLANS["superellipse"]
    x, y, heading = place(plan, SHARES[:, None], [0.0, 10.0, 20.0])
    assert x.shape == y.shape == heading.shape == (2000, 3)
    assert np.array(place(plan, SHARES + 3, 10.0)) == pytest.approx(np.array(place(plan, SHARES, 10.0)))
    assert np.array(place(plan, SHARES - 1, 10.0)) == pytest.approx(np.array(place(plan, SHARES, 10.0)))
    east, _, west = place(plan, 0.0, 5.0)
    assert (float(east), abs(float(west))) == pytest.approx((71.0, math.pi))
    assert np.array(place(plan, 0.5, 5.0)) == pytest.approx([-71.0, 0.0, 0.0], abs=1e-3)


@EVERY
@settings(deadline=None)
@given(around=st.floats(0, 0.999), depth=st.floats(0, 100))
def test_where_a_place_lies_is_found_again(plan, around, depth):
    x, y, _ = place(plan, around, depth)
    found, behind = behind_edge(plan, x, y)
    assert float(behind) == pytest.approx(depth, abs=3e-3)
    apart = abs((float(found) - around + 0.5) % 1 - 0.5)
    assert apart * edge(plan).length < 0.05


def test_places_inside_the_arena_are_before_the_edge():
    for plan in PLANS.values():
        x, y, _ = place(plan, SHARES, -8.0)
        _, depth = behind_edge(plan, x, y)
        assert depth == pytest.approx(-8.0, abs=2e-3)
        assert float(behind_edge(plan, 0.0, 0.0)[1]) < -20


@EVERY
@settings(deadline=None)
@given(around=st.floats(-1.5, 2.5), depth=st.floats(0, 80), more=st.floats(0.001, 0.2))
def test_lengths_along_a_row_grow_evenly_with_the_place(plan, around, depth, more):
    along = along_row(plan, [around, around + more, around + 1], depth)
    assert around_at(plan, along, depth) == pytest.approx([around, around + more, around + 1], abs=1e-9)
    assert along[2] - along[0] == pytest.approx(row_length(plan, depth))
    x, y, _ = place(plan, np.linspace(around, around + more, 400), depth)
    assert along[1] - along[0] == pytest.approx(np.hypot(np.diff(x), np.diff(y)).sum(), rel=2e-3)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (FIVE[:2], "at least 3 corners, not 2"),
        (((50, -40), (-50, 40), (50, 40), (-50, -40)), "crosses itself: side 1 and side 3 meet"),
        (FIVE[::-1], "clockwise"),
        (((50, -40), (50, 40), (0, 10), (-50, 40), (-50, -40)), "corner 3 does not point outward"),
        (((50, -40), (90, -40), (90, 40), (50, 40)), "does not go around the field's centre"),
        (((50, -40), (50, -39.5), (50, 40), (-50, 0)), "side after corner 1 is shorter than 1 m"),
    ],
)
def test_polygons_that_hold_no_field_are_refused(points, words):
    assert words in (polygon_problem(points) or "")
    with pytest.raises(PlanError, match=r"corner|crosses|clockwise|centre"):
        edge(Plan("polygon", 50.0, 50.0, corner=5.0, points=points))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan("rounded_rectangle", 40.0, 60.0, corner=41.0), "at most 40 m"),
        (Plan("rounded_rectangle", 40.0, 60.0, corner=1.0), "at least 3 m"),
        (Plan("polygon", 0.0, 0.0, corner=60.0, points=FIVE), "radius is at most"),
        (Plan("superellipse", 40.0, 60.0, exponent=1.5), "at least 2"),
        (Plan("ellipse", 0.0, 60.0), "no width"),
    ],
)
def test_measures_that_make_no_edge_are_refused(plan, words):
    assert words in (plan_problem(plan) or "")
    with pytest.raises(PlanError, match=words):
        edge(plan)


def test_the_largest_corner_that_is_offered_fits():
    refused = plan_problem(Plan("polygon", 0.0, 0.0, corner=60.0, points=FIVE)) or ""
    largest = float(refused.split()[-2])
    curve = edge(Plan("polygon", 0.0, 0.0, corner=largest, points=FIVE))
    assert np.diff(curve.turn).min() >= 0
    assert plan_problem(Plan("polygon", 0.0, 0.0, corner=largest + 0.2, points=FIVE)) is not None
