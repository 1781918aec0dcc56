from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.easing import EASES, FASTEST, SHARPEST, eased, pace, sharpness
from hypothesis import given
from hypothesis import strategies as st

KINDS = pytest.mark.parametrize("kind", range(len(EASES)))
FINE = np.linspace(0.0, 1.0, 20_001)


@KINDS
def test_a_way_begins_and_ends_exactly_and_never_leads_back(kind):
    assert eased(kind, np.array([0.0, 1.0])).tolist() == [0.0, 1.0]
    assert (np.diff(eased(kind, FINE)) >= 0).all()
    assert eased(kind, np.array([0.5]))[0] == pytest.approx(0.5, abs=1e-15)
    assert eased(kind, FINE) == pytest.approx(1.0 - eased(kind, FINE[::-1]), abs=1e-12)


@KINDS
def test_the_pace_is_the_derivative_and_starts_and_stops_gently(kind):
    middle = (FINE[1:] + FINE[:-1]) / 2
    assert np.diff(eased(kind, FINE)) / np.diff(FINE) == pytest.approx(pace(kind, middle), abs=1e-4)
    assert pace(kind, np.array([0.0, 1.0])).tolist() == [0.0, 0.0]
    assert pace(kind, FINE).max() == pytest.approx(FASTEST[kind], rel=1e-6)


def test_a_steady_walk_has_one_pace_but_at_its_ends():
    there = pace(EASES.index("steady"), FINE)
    assert there[(FINE > 0.101) & (FINE < 0.899)] == pytest.approx(1 / 0.9)


@KINDS
@given(first=st.floats(0, 1), length=st.floats(1e-3, 1))
def test_nothing_bends_more_sharply_than_its_bound(kind, first, length):
    last = min(first + length, 1.0)
    at = np.linspace(first, last, 101)
    second = np.diff(pace(kind, at)) / np.maximum(np.diff(at), 1e-300) if last > first else np.zeros(1)
    bound = float(sharpness(kind, first, last))
    assert np.abs(second).max() <= bound + 1e-6 + 1e-9 / max(last - first, 1e-9)
    assert bound <= SHARPEST[kind] + 1e-9
