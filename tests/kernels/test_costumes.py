from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.costumes import CostumeError, Costumes, costume_states
from cardstunt.kernels.oklab import srgb8_to_linear
from hypothesis import given
from hypothesis import strategies as st

PEOPLE = 5


def costumes(seed: int = 0, changes: int = 3) -> Costumes:
    chance = np.random.default_rng(seed)
    turn = chance.integers(1, 40, changes)
    start = np.zeros((changes, PEOPLE), dtype=np.int64)
    for change in range(1, changes):
        start[change] = start[change - 1] + turn[change - 1] + chance.integers(0, 60, PEOPLE)
    colour = chance.integers(0, 256, (changes, PEOPLE, 3), dtype=np.uint8)
    return Costumes(colour, start, turn)


def worn(seen: Costumes, person: int, now: int) -> tuple[np.ndarray, float]:
    """What one person wears, by the words of the description."""
    number, moved = 0, 0.0
    for change in range(1, len(seen.turn)):
        share = (now - int(seen.start[change, person])) / int(seen.turn[change])
        if share >= 0.5:
            number = change
        if 0 < share < 1:
            moved = 16 * share**2 * (1 - share) ** 2
    return seen.colour[number, person], moved


@given(seed=st.integers(0, 200), changes=st.integers(1, 5), now=st.lists(st.integers(-10, 400), max_size=6))
def test_everyone_wears_what_their_last_change_left(seed: int, changes: int, now: list[int]) -> None:
    seen = costumes(seed, changes)
    states = costume_states(seen, np.array(now, dtype=np.int64))
    assert states.shape == (len(now), PEOPLE, 4)
    assert states.dtype == np.float32
    for frame, moment in enumerate(now):
        for person in range(PEOPLE):
            colour, moved = worn(seen, person, moment)
            assert np.array_equal(states[frame, person, :3], srgb8_to_linear(colour).astype(np.float32))
            assert states[frame, person, 3] == pytest.approx(moved, abs=1e-6)


def test_a_change_is_furthest_when_the_colour_is_replaced() -> None:
    colour = np.zeros((2, 1, 3), dtype=np.uint8)
    colour[1] = 255
    seen = Costumes(colour, np.array([[0], [100]]), np.array([0, 40]))
    states = costume_states(seen, np.array([100, 110, 119, 120, 130, 140, 999]))[:, 0]
    assert states[:, 0].tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert states[:, 3] == pytest.approx([0, 0.5625, 0.995, 1, 0.5625, 0, 0], abs=1e-3)


def test_a_change_may_begin_before_the_show() -> None:
    colour = np.arange(6, dtype=np.uint8).reshape(2, 1, 3)
    seen = Costumes(colour, np.array([[7], [0]]), np.array([5, 2]))
    assert np.array_equal(
        costume_states(seen, np.array([0, 1]))[:, 0, :3], srgb8_to_linear(colour[:, 0]).astype(np.float32)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": np.zeros((3, PEOPLE), np.uint8)}, r"\(changes, people, 3\)"),
        ({"colour": np.zeros((0, PEOPLE, 3), np.uint8)}, "at least one of each"),
        ({"colour": np.zeros((3, PEOPLE, 3))}, "bytes"),
        ({"start": np.zeros((2, PEOPLE), np.int64)}, "start must be whole ticks"),
        ({"start": np.zeros((3, PEOPLE))}, "start must be whole ticks"),
        ({"turn": np.ones(2, np.int64)}, "turn must be"),
        ({"turn": np.array([0, 5, 0])}, "at least one tick"),
        ({"start": np.zeros((3, PEOPLE), np.int64)}, "before the former one is over"),
    ],
)
def test_what_cannot_be_worn_is_refused(change: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(CostumeError, match=words):
        dataclasses.replace(costumes(), **change)


@pytest.mark.parametrize("at", [np.zeros(3), np.zeros((2, 2), np.int64)])
def test_times_are_one_row_of_ticks(at: np.ndarray) -> None:
    with pytest.raises(CostumeError, match="one row of integer ticks"):
        costume_states(costumes(), at)
