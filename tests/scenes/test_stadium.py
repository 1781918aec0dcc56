from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from cardstunt.kernels.bowl import Bowl
from cardstunt.kernels.bowl_plan import edge, place
from cardstunt.kernels.bowl_presets import COLLEGE_STAND, FOOTBALL, MAY_DAY, OLYMPIC, PRESETS
from cardstunt.kernels.bowl_roof import lowest_roof
from cardstunt.kernels.bowl_seats import blocks, seats
from cardstunt.kernels.bowl_tiers import HEAD_ROOM, row_depths, row_heights, tier_top
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.schema_stadium import Stadium
from cardstunt.scenes.stadium import SLAB, bowl_of
from hypothesis import given, settings
from hypothesis import strategies as st

SHOW = """\
cardstunt: 1
title: A stadium
stadium: %s
card_section:
  columns: %d
  rows: %d
  pages: { blue: { fill: "#0a3d91" } }
  cues: [{ at: 0 s, page: blue }]
film: { shots: [{ name: all, show: 0 s..9 s, camera: { look_down: { height: 90 m } } }] }
"""


@pytest.fixture
def built(tmp_path):
    def build(stadium: str, columns: int = 20, rows: int = 4) -> Bowl:
        path = tmp_path / "show.yaml"
        path.write_text(SHOW % (stadium, columns, rows))
        return bowl_of(load_show(path).show.stadium)

    return build


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_alone_is_the_preset(built, name):
    assert built(name) == PRESETS[name]
    assert built(f"{{ preset: {name} }}") == PRESETS[name]


def test_the_same_words_make_the_same_bowl():
    one, other = Stadium(preset="olympic"), Stadium(preset="olympic")
    assert one is not other
    assert bowl_of(one) is bowl_of(other)
    assert hash(bowl_of(one)) == hash(OLYMPIC)
    # Light and people are none of its measures.
    assert bowl_of(Stadium(preset="olympic", light="dusk", spectators={"share": 0.1})) == OLYMPIC


@pytest.mark.parametrize(
    ("words", "part", "wanted"),
    [
        ("plan: { width: 140 m }", "plan", replace(MAY_DAY.plan, half_width=70.0)),
        ("plan: { length: 230 m }", "plan", replace(MAY_DAY.plan, half_length=115.0)),
        ("plan: { exponent: 3 }", "plan", replace(MAY_DAY.plan, exponent=3.0)),
        ("plan: { shape: ellipse }", "plan", replace(MAY_DAY.plan, shape="ellipse", exponent=2.0)),
        (
            "plan: { shape: rounded_rectangle, corner: 30 m }",
            "plan",
            replace(MAY_DAY.plan, shape="rounded_rectangle", exponent=2.0, corner=30.0),
        ),
        ("roof: { inward: 55 m }", "roof", replace(MAY_DAY.roof, inward=55.0)),
        ("roof: { outward: 30 m }", "roof", replace(MAY_DAY.roof, outward=30.0)),
        ("roof: { height: 70 m }", "roof", replace(MAY_DAY.roof, height=70.0)),
        ("roof: { bays: 20 }", "roof", replace(MAY_DAY.roof, bays=20)),
        ("roof: ring", "roof", replace(MAY_DAY.roof, kind="ring")),
        ("floor: parade", "floor", replace(MAY_DAY.floor, kind="parade", lanes=0)),
        ("floor: { width: 100 m }", "floor", replace(MAY_DAY.floor, half_width=50.0)),
        ("floor: { length: 150 m }", "floor", replace(MAY_DAY.floor, half_length=75.0)),
        ("floor: { lanes: 6 }", "floor", replace(MAY_DAY.floor, lanes=6)),
        ("fittings: { floodlights: 3 }", "fittings", replace(MAY_DAY.fittings, floodlights=3)),
        (
            "fittings: { floodlight_height: 40 m }",
            "fittings",
            replace(MAY_DAY.fittings, floodlight_height=40.0),
        ),
        ("fittings: { scoreboards: 0 }", "fittings", replace(MAY_DAY.fittings, scoreboards=0)),
        ("fittings: { tunnel: false }", "fittings", replace(MAY_DAY.fittings, tunnel=False)),
        ("fittings: { torch: false }", "fittings", replace(MAY_DAY.fittings, torch=False)),
    ],
)
def test_a_show_changes_what_it_says_and_no_more(built, words, part, wanted):
    assert built(f"{{ {words} }}") == replace(MAY_DAY, **{part: wanted})


def test_no_roof_is_no_roof(built):
    assert built("{ roof: none }").roof.kind == "none"


def test_a_roof_where_there_was_none_clears_the_stand(built):
    bowl = built("{ preset: college_stand, roof: { kind: ring, from: -40 deg, to: 40 deg } }")
    (tier,) = bowl.tiers
    assert (bowl.roof.kind, bowl.roof.first) == ("ring", pytest.approx(-bowl.roof.last))
    assert (lowest_roof(bowl, row_depths(tier)) > row_heights(tier, bowl.focus) + HEAD_ROOM).any()
    assert bowl.roof.inward < bowl.rim


def test_a_polygon_is_laid_out_by_its_corners(built):
    points = "[[50 m, -40 m], [50 m, 40 m], [-20 m, 70 m], [-60 m, 0 m], [-10 m, -70 m]]"
    text = f"{{ preset: football, plan: {{ shape: polygon, corner: 12 m, points: {points} }}, roof: none }}"
    plan = built(text).plan
    assert (plan.half_width, plan.half_length, plan.corner) == (60.0, 70.0, 12.0)
    assert plan.points[2] == (-20.0, 70.0)
    assert edge(plan).points[0] == pytest.approx([50, 0])


def test_tiers_that_say_little_follow_from_one_another(built):
    bowl = built("{ roof: none, tiers: [{ rows: 20 }, { rows: 15, row_pitch: 90 cm }, { rows: 8 }] }")
    first, second, third = bowl.tiers
    assert (first.depth, first.front_height, first.row_pitch) == (0.0, 1.5, 0.8)
    assert second.depth == pytest.approx(20 * 0.8 + first.gangway)
    assert second.front_height == pytest.approx(tier_top(first, bowl.focus) + 1.5)
    assert third.depth == pytest.approx(second.depth + 15 * 0.9 + second.gangway)
    assert first.vomitories == blocks(bowl, first).count // 2
    assert third.vomitories == 0


def test_tiers_are_as_the_show_says(built):
    bowl = built(
        "{ roof: none, tiers: [{ rows: 20, row_pitch: 85 cm, c_value: 12 cm, depth: 3 m, front_height: 2 m, "
        "block: 20 m, aisle: 2 m, vomitories: 7, vomitory_row: 5, balustrade: 0.8 m, gangway: 4 m }] }"
    )
    (tier,) = bowl.tiers
    assert (tier.rows, tier.row_pitch, tier.c_value, tier.depth, tier.front_height) == (20, 0.85, 0.12, 3, 2)
    assert (tier.block, tier.aisle, tier.vomitories, tier.vomitory_row) == (20, 2, 7, 4)
    assert (tier.balustrade, tier.gangway, tier.first, tier.last) == (0.8, 4, 0, 1)


@settings(deadline=None)
@given(begin=st.integers(-300, 60), width=st.integers(5, 300))
def test_a_tier_goes_from_one_angle_to_the_other(begin, width):
    bowl = bowl_of(
        Stadium(
            roof={"kind": "none"},
            tiers=({"rows": 5, "from": math.radians(begin), "to": math.radians(begin + width)},),
        )
    )
    (tier,) = bowl.tiers
    x, y, _ = place(bowl.plan, [tier.first, tier.last], 0.0)
    found = np.degrees(np.arctan2(y, x))
    assert (found - [begin, begin + width] + 180) % 360 == pytest.approx([180, 180], abs=0.1)
    assert 0 < tier.last - tier.first < 1
    # What holds the east says so.
    east = any(begin < turn < begin + width for turn in (-360, 0, 360))
    assert (tier.first < 0 < tier.last) == east


def test_all_the_way_round_is_all_the_way_round(built):
    bowl = built("{ roof: none, tiers: [{ rows: 5, from: -180 deg, to: 180 deg }] }")
    assert (bowl.tiers[0].first, bowl.tiers[0].last) == (0.0, 1.0)


@pytest.mark.parametrize("wanted", [100_000, 114_000, 120_000])
def test_seats_are_as_wide_as_leaves_so_many(built, wanted):
    bowl = built(f"{{ seats: {wanted} }}")
    assert 0.45 <= bowl.seat_width <= 0.75
    assert seats(bowl) >= wanted
    assert seats(replace(bowl, seat_width=bowl.seat_width + 0.001)) < wanted
    assert replace(bowl, seat_width=MAY_DAY.seat_width) == MAY_DAY


def test_few_seats_are_no_wider_than_an_armchair(built):
    assert built("{ seats: 1000 }").seat_width == 0.75


BAD = [
    ("may_dai", "stadium", "'may_dai' is not known here; did you mean 'may_day'?"),
    ("{ preset: colege_stand }", "stadium.preset", "did you mean 'college_stand'?"),
    ("{ preset: 7 }", "stadium.preset", "allowed: may_day, olympic"),
    ("{ tiers: [] }", "stadium.tiers", "at least one tier"),
    (
        "{ plan: { shape: polygon, corner: 5 m, points: [[50 m, -40 m], [-50 m, 40 m], [50 m, 40 m], "
        "[-50 m, -40 m]] } }",
        "stadium.plan.points",
        "the plan crosses itself: side 1 and side 3 meet",
    ),
    (
        "{ plan: { shape: polygon, corner: 5 m, points: [[50 m, -40 m], [50 m, 40 m], [0 m, 5 m], "
        "[-50 m, 40 m], [-50 m, -40 m]] } }",
        "stadium.plan.points",
        "corner 3 does not point outward",
    ),
    ("{ plan: { shape: polygon } }", "stadium.plan.shape", "needs 'points'"),
    (
        "{ plan: { shape: polygon, corner: 70 m, points: [[50 m, -40 m], [50 m, 40 m], [-60 m, 0 m]] } }",
        "stadium.plan.corner",
        "at most",
    ),
    ("{ plan: { shape: polygon, width: 90 m } }", "stadium.plan.width", "does not go with 'points'"),
    ("{ plan: { shape: ellipse, exponent: 3 } }", "stadium.plan.exponent", "only with superellipse"),
    (
        "{ preset: arena, plan: { corner: 17 m } }",
        "stadium.plan.corner",
        "their radius is at most 16 m",
    ),
    (
        "{ preset: football, roof: { inward: 120 m } }",
        "stadium.roof.inward",
        "crosses itself over the field: at most ",
    ),
    ("{ roof: { kind: none, height: 3 m } }", "stadium.roof.height", "does not go with no roof"),
    ("{ seats: 140000 }", "stadium.seats", "140,000 seats do not fit: at most 127,"),
    ("{ roof: { height: 45 m } }", "stadium.roof.height", "tier 2 is above the roof: row "),
    ("{ tiers: [{ rows: 150 }] }", "stadium.tiers[0]", "tier 1 is above the roof"),
    (
        "{ tiers: [{ rows: 30 }, { rows: 20, depth: 20 m }] }",
        "stadium.tiers[1].depth",
        "tier 2 overlaps tier 1, which reaches from 0 m to 24 m behind the arena's edge: "
        "put its depth at 24 m or more",
    ),
    (
        "{ tiers: [{ rows: 10, vomitories: 90 }] }",
        "stadium.tiers[0].vomitories",
        "90 openings do not go into the 42 blocks",
    ),
    ("{ tiers: [{ rows: 10, vomitory_row: 12 }] }", "stadium.tiers[0].vomitory_row", "no row 12, only 10"),
    ("{ tiers: [{ rows: 10, from: 20 deg }] }", "stadium.tiers[0].from", "'from' goes with 'to'"),
    ("{ tiers: [{ rows: 10, from: 20 deg, to: 10 deg }] }", "stadium.tiers[0].to", "counter-clockwise"),
    ("{ tiers: [{ rows: 0 }] }", "stadium.tiers[0].rows", "at least 1"),
    ("{ floor: { width: 150 m } }", "stadium.floor.width", "the arena is 132.0 m"),
    ("{ floor: { kind: parade, lanes: 8 } }", "stadium.floor.lanes", "those of a track"),
    ("{ light: blue_hours }", "stadium.light", "did you mean 'blue_hour'?"),
    ("{ spectators: { nort: 10 % } }", "stadium.spectators.nort", "did you mean 'north'?"),
    ("{ spectators: 140 % }", "stadium.spectators", "must be from 0 % to 100 %"),
]


@pytest.mark.parametrize(("stadium", "path", "words"), BAD, ids=[words for _, _, words in BAD])
def test_what_cannot_be_built_has_its_place_in_the_show(built, stadium, path, words):
    with pytest.raises(ShowError) as caught:
        built(stadium)
    (problem,) = caught.value.problems
    assert problem.path.startswith(path.rpartition(".")[0] if "spectators" in path else path)
    assert words in problem.message
    assert (problem.line, problem.severity) == (3, "error")
    assert problem.column > 1


@pytest.mark.parametrize(
    ("stadium", "columns", "rows", "path", "words"),
    [
        ("may_day", 400, 80, "card_section.columns", "at most 329 columns by 80 rows do"),
        ("may_day", 100, 81, "card_section.rows", "at most "),
        ("college_stand", 250, 40, "card_section.columns", "at most 182 columns by 40 rows do"),
        ("tribune", 100, 30, "card_section.rows", "by 22 rows do"),
        (
            "{ roof: none, tiers: [{ rows: 9, from: 90 deg, to: 200 deg }] }",
            20,
            4,
            "card_section.rows",
            "no stand in the east",
        ),
    ],
)
def test_a_card_section_larger_than_its_stand_is_offered_what_fits(
    built, stadium, columns, rows, path, words
):
    with pytest.raises(ShowError) as caught:
        built(stadium, columns, rows)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert words in problem.message


@pytest.mark.parametrize("stadium", ["{ roof: { height: 45 m } }", "{ tiers: [{ rows: 150 }] }"])
def test_the_height_that_is_offered_is_high_enough(built, stadium):
    with pytest.raises(ShowError) as caught:
        built(stadium)
    height = re.search(r"a height of ([\d.]+) m", str(caught.value))[1]
    tiers = "tiers: [{ rows: 150 }], " if "tiers" in stadium else ""
    assert built(f"{{ {tiers}roof: {{ height: {height} m }} }}").roof.height == float(height)
    with pytest.raises(ShowError):
        built(f"{{ {tiers}roof: {{ height: {float(height) - 0.3} m }} }}")


def test_the_reach_that_is_offered_does_not_cross_itself(built):
    with pytest.raises(ShowError) as caught:
        built("{ preset: football, roof: { inward: 120 m } }")
    reach = float(re.search(r"at most ([\d.]+) m", str(caught.value))[1])
    bowl = built(f"{{ preset: football, roof: {{ inward: {reach} m }} }}")
    x, y, _ = place(bowl.plan, np.arange(2000) / 2000, bowl.rim - reach)
    along = np.stack([np.roll(x, -1) - x, np.roll(y, -1) - y], -1)
    tangent = np.roll(edge(bowl.plan).points, -1, axis=0) - edge(bowl.plan).points
    tangent = tangent[(np.arange(2000) * len(tangent) / 2000).astype(int)]
    # The inner edge goes the way the arena's edge goes, everywhere.
    assert ((along * tangent).sum(-1) > -1e-3).all()


def test_a_tier_may_hang_over_another_where_people_can_stand(built):
    low = "{ rows: 30, gangway: 0 m }"
    with pytest.raises(ShowError) as caught:
        built(f"{{ roof: none, tiers: [{low}, {{ rows: 10, depth: 20 m }}] }}")
    height = re.search(r"front_height at ([\d.]+) m", str(caught.value))[1]
    over = built(f"{{ roof: none, tiers: [{low}, {{ rows: 10, depth: 20 m, front_height: {height} m }}] }}")
    lower, upper = over.tiers
    assert upper.depth < lower.depth + lower.rows * lower.row_pitch
    gap = row_heights(upper, over.focus)[:, None] - row_heights(lower, over.focus)
    near = np.abs(row_depths(upper)[:, None] - row_depths(lower)) < 0.8
    assert gap[near].min() >= HEAD_ROOM + SLAB - 1e-6


def test_tiers_in_different_parts_do_not_overlap(built):
    banks = "{ rows: 20, from: -40 deg, to: 40 deg }, { rows: 20, from: 140 deg, to: 220 deg }"
    bowl = built(f"{{ roof: none, tiers: [{banks}] }}")
    assert [tier.depth for tier in bowl.tiers] == [0.0, 0.0]
    assert [tier.front_height for tier in bowl.tiers] == [1.5, 1.5]
    overlapping = banks.replace("140 deg", "30 deg").replace("{ rows: 20", "{ rows: 20, depth: 2 m")
    overlapping = overlapping.replace("depth: 2 m", "depth: 2 m, front_height: 2 m")
    with pytest.raises(ShowError, match="overlaps tier 1"):
        built(f"{{ roof: none, tiers: [{overlapping}] }}")


def test_a_roof_elsewhere_is_over_no_tier(built):
    bank = "{ rows: 60, from: -40 deg, to: 40 deg }"
    roof = "{ kind: ring, inward: 40 m, height: 20 m, from: %s }"
    assert built(f"{{ preset: football, tiers: [{bank}], roof: {roof % '100 deg, to: 250 deg'} }}")
    with pytest.raises(ShowError, match="above the roof"):
        built(f"{{ preset: football, tiers: [{bank}], roof: {roof % '30 deg, to: 250 deg'} }}")


def test_the_presets_keep_their_names():
    assert bowl_of(Stadium(preset="football")) == FOOTBALL
    assert bowl_of(Stadium(preset="college_stand")) == COLLEGE_STAND
