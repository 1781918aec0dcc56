from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.stadium import MAY_DAY, card_section_seats, plan
from cardstunt.scenes.feasibility.bowl_in_the_way import depth_in_bowl, hidden


def test_depth_is_that_of_the_bowls_plan():
    rng = np.random.default_rng(1)
    depth, angle = rng.uniform(0, 110, 500), rng.uniform(0, 2 * np.pi, 500)
    x, y = plan(MAY_DAY, depth, angle)
    np.testing.assert_allclose(depth_in_bowl(MAY_DAY, x, y), depth, atol=0.02)
    np.testing.assert_array_equal(
        depth_in_bowl(MAY_DAY, 0.9 * x / (1 + depth / 60), np.zeros(500)) >= 0, True
    )


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
