from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.kernels.bowl_plan import edge, place
from cardstunt.kernels.bowl_presets import COLLEGE_STAND, CRICKET, FOOTBALL, MAY_DAY, OLYMPIC
from cardstunt.kernels.bowl_roof import roof_arch, roof_line
from cardstunt.kernels.bowl_seats import card_section_seats, stand_rows
from cardstunt.scenes.feasibility import bowl_in_the_way
from cardstunt.scenes.feasibility.bowl_in_the_way import hidden, where


@pytest.mark.parametrize("bowl", [MAY_DAY, FOOTBALL, COLLEGE_STAND], ids=["may_day", "football", "college"])
def test_depth_is_that_of_the_bowls_plan(bowl):
    rng = np.random.default_rng(1)
    around, depth = rng.uniform(0, 1, 500), rng.uniform(0, bowl.rim + 8, 500)
    x, y, _ = place(bowl.plan, around, depth)
    shares, found = where(bowl, x, y)
    np.testing.assert_allclose(found, depth, atol=0.03)
    aside = np.abs((shares - around + 0.5) % 1 - 0.5) * edge(bowl.plan).length
    assert aside.max() < 1.6
    assert float(where(bowl, np.zeros(1), np.zeros(1))[1][0]) < 0
    assert (where(bowl, x + 900, y - 900)[1] > bowl.rim + bowl.roof.outward).all()


SEATS, _ = card_section_seats(MAY_DAY, 40, 80)
CARDS = SEATS + np.array([0, 0, 1])


@pytest.mark.parametrize("eye", [(-60, 0, 40), (0, 0, 300), (-40, 60, 10), (0, 0, 1.6)])
def test_from_over_the_field_nothing_of_the_lower_rows_is_hidden(eye):
    rows = CARDS.reshape(80, 40, 3)[:12].reshape(-1, 3)
    assert not hidden(MAY_DAY, np.array(eye, float), rows).any()


def test_the_roof_hides_the_upper_rows_from_above():
    seen = ~hidden(MAY_DAY, np.array([-100.0, 0.0, 300.0]), CARDS).reshape(80, 40)
    assert seen[:8].all()
    assert not seen[-20:].any()
    # Once hidden, hidden: the roof is one piece.
    assert (np.diff(seen[:, 20].astype(int)) <= 0).all()


@pytest.mark.parametrize("eye", [(170, 0, 20), (150, 0, 2), (400, 0, 30)])
def test_the_stand_hides_its_people_from_behind(eye):
    assert hidden(MAY_DAY, np.array(eye, float), CARDS).all()


def test_the_opposite_stand_hides_them_from_outside():
    assert hidden(MAY_DAY, np.array([-400.0, 0.0, 5.0]), CARDS).all()


def cards(bowl, columns, rows):
    return card_section_seats(bowl, columns, rows)[0] + np.array([0, 0, 1])


def test_a_bank_with_nothing_opposite_is_seen_from_far_away():
    places = cards(COLLEGE_STAND, 100, 40)
    for eye in ((-300.0, 0.0, 20.0), (-500.0, 200.0, 60.0), (0.0, -300.0, 20.0)):
        assert not hidden(COLLEGE_STAND, np.array(eye), places).any()
    assert hidden(COLLEGE_STAND, np.array([120.0, 0.0, 5.0]), places).all()
    # Round the end of the bank, past its wall.
    assert not hidden(COLLEGE_STAND, np.array([30.0, 120.0, 8.0]), places).all()
    # The same bowl with stands all around hides it from outside.
    ring = replace(COLLEGE_STAND, tiers=(replace(COLLEGE_STAND.tiers[0], first=0.0, last=1.0),))
    assert hidden(ring, np.array([-300.0, 0.0, 5.0]), places).all()


def test_nothing_is_hidden_by_a_roof_where_there_is_none():
    """The roof of the cricket ground is open in the east."""
    rows = len(stand_rows(CRICKET)[0])
    from_above = np.array([-100.0, 0.0, 300.0])
    assert not hidden(CRICKET, from_above, cards(CRICKET, 40, rows)).any()
    closed = replace(CRICKET, roof=replace(CRICKET.roof, first=0.0, last=1.0))
    seen = ~hidden(closed, from_above, cards(CRICKET, 40, rows)).reshape(rows, 40)
    assert seen[:20].all()
    assert not seen[-8:].any()


@pytest.mark.parametrize("bowl", [MAY_DAY, FOOTBALL], ids=["may_day", "football"])
def test_people_see_each_other_over_the_field(bowl):
    """No tier hides another from the opposite stand."""
    rows = len(stand_rows(bowl)[0])
    places = cards(bowl, 40, rows)
    for row in (10, rows - 4):
        eye = places[row * 40 + 20] * [-1, 1, 1]
        assert not hidden(bowl, eye, places).any()


def test_a_tier_over_another_hides_it_from_above_but_not_from_the_field():
    lower, upper = FOOTBALL.tiers[:2]
    hanging = replace(
        FOOTBALL,
        tiers=(lower, replace(upper, depth=lower.rows * lower.row_pitch - 8.0, front_height=21.0)),
        roof=replace(FOOTBALL.roof, kind="none"),
    )
    places = cards(hanging, 40, lower.rows).reshape(lower.rows, 40, 3)
    under = places[-7:].reshape(-1, 3)
    assert not hidden(hanging, np.array([-20.0, 0.0, 6.0]), places.reshape(-1, 3)).any()
    assert hidden(hanging, np.array([20.0, 0.0, 200.0]), under).all()
    assert not hidden(hanging, np.array([20.0, 0.0, 200.0]), places[:10].reshape(-1, 3)).any()


def test_the_field_itself_hides_what_looks_from_below():
    assert hidden(MAY_DAY, np.array([0.0, 0.0, -20.0]), CARDS).all()


@pytest.mark.parametrize("bowl", [MAY_DAY, OLYMPIC, FOOTBALL], ids=["petals", "ring", "cable_net"])
def test_the_roof_that_hides_is_the_one_that_stands_evened_out(bowl):
    depths, heights = bowl_in_the_way._roof(bowl)
    around = np.arange(1024) / 1024
    for step in (0, 16, 32, 48, 64):
        depth, height = roof_line(bowl, step / 64, roof_arch(bowl, around))
        assert depths[step] == pytest.approx(depth.mean(), abs=0.4)
        assert heights[step] == pytest.approx(height.mean(), abs=0.4)
