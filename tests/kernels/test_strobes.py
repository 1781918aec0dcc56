from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.kernels.strobes import FIRED, FLASH, SIZE, Strobes, flashes, strobe_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND

START, END = 4 * TICKS_PER_SECOND, 24 * TICKS_PER_SECOND
COUNT = 400


def strobes(**changes: object) -> Strobes:
    place = np.stack([np.arange(COUNT, dtype=float), np.zeros(COUNT), np.full(COUNT, 50.0)], -1)
    made = Strobes(7, 3, START, END, Fraction(8), False, place, np.full((COUNT, 3), 0.8))
    return dataclasses.replace(made, **changes)


def lit(lamps: Strobes, *seconds: float, exposure: float = 0.0) -> np.ndarray:
    at = np.round(np.array(seconds) * TICKS_PER_SECOND).astype(np.int64)
    return flashes(lamps, at, np.full(len(at), round(exposure * TICKS_PER_SECOND), np.int64))


def test_lamps_flash_each_in_its_own_time() -> None:
    shown = lit(strobes(), *np.arange(5.0, 20.0, 0.01))
    assert shown.mean() == pytest.approx(FLASH * FIRED, rel=0.05)
    # Neither all nor none at once.
    assert 0.05 < shown.mean(axis=1).min() <= shown.mean(axis=1).max() < 0.4


def test_together_all_flash_at_once_and_not_for_longer_than_a_flash() -> None:
    shown = lit(strobes(together=True), *np.arange(4.0, 24.0, 0.005))
    assert set(shown.mean(axis=1).tolist()) == {0.0, 1.0}
    on = shown[:, 0].reshape(-1, 25)  # periods of 0.125 s
    assert set(on.sum(axis=1).tolist()) <= {0, 7, 8}
    assert on[:, 8:].sum() == 0


@pytest.mark.parametrize("together", [False, True])
def test_a_picture_that_is_open_for_long_shows_some_flashes_not_all(together: bool) -> None:
    shown = lit(strobes(together=together), *np.arange(4.0, 23.0, 0.5), exposure=0.4)
    assert shown.mean() == pytest.approx(FIRED, abs=0.2)
    assert {False, True} == set(shown[:, 0].tolist())


def test_nothing_flashes_outside_the_cue() -> None:
    assert not lit(strobes(), 0.0, 3.999, 24.0, 30.0, exposure=0.1).any()


def test_states_are_the_flashes() -> None:
    lamps = strobes()
    at = np.array([10 * TICKS_PER_SECOND], np.int64)
    state = strobe_states(lamps, at, np.zeros(1, np.int64))[0]
    shown = lit(lamps, 10.0)[0]
    assert state[0, :, 3] == pytest.approx(np.where(shown, SIZE, 0.0))
    assert state[1, shown, :3] == pytest.approx(np.full((shown.sum(), 3), 0.8))
    assert not state[:, ~shown].any()
    assert np.array_equal(state[0, shown, :3], lamps.place[shown])
