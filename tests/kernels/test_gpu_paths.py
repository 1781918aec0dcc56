"""The code paths for CuPy arrays: on a stand-in everywhere, and on a GPU where there is one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels import books as books_module
from cardstunt.kernels import books_cuda
from cardstunt.kernels.array_module import is_cupy, to_numpy
from cardstunt.kernels.books import Books, card_states
from cardstunt.kernels.counter_random import Purpose, bits, quantile, uniform
from cardstunt.kernels.dithering import match
from cardstunt.kernels.flips import order_fraction, turn_starts
from cardstunt.kernels.gestures import Gestures
from cardstunt.kernels.oklab import linear_to_srgb8, srgb8_to_linear, srgb8_to_oklab
from cardstunt.kernels.palette import choose_palette
from cardstunt.kernels.people import People, absent, dropped, reaction, wrong_page


def a_show():
    rows, columns, cues = 20, 30, 9
    who, numbers = np.arange(rows * columns), np.arange(cues)
    people = People(reaction_ticks=120, spread_ticks=40, late=0.02, wrong_page=0.1, absent=0.05)
    orders = ("together", "sweep", "ripple", "spiral", "dissolve", "rows", "iris", "diagonal", "columns")
    fraction = np.stack([order_fraction(order, columns, rows, cue=cue) for cue, order in enumerate(orders)])
    included = uniform(4, Purpose.VARIATION, numbers[:, None], who) < 0.7
    turn = np.array([0, 400, 250, 0, 400, 400, 100, 300, 400])
    over, at = np.full(cues, 900), numbers * 1000
    start = turn_starts(at, fraction, over, reaction(people, 7, numbers, who), turn, included)
    page = np.zeros((cues, rows * columns), dtype=np.int16)
    for cue in range(1, cues):
        turned = np.where(wrong_page(people, 7, numbers, who)[cue], 7, cue % 6)
        page[cue] = np.where(included[cue], turned, page[cue - 1])
    colour = (bits(7, Purpose.COSTUME, np.arange(8)[:, None], who) % 24).astype(np.uint8)
    palette = (bits(7, Purpose.COSTUME, np.arange(24)[:, None], np.arange(3)) % 256).astype(np.uint8)
    return Books(
        rows,
        columns,
        start,
        turn,
        page,
        colour,
        palette,
        ~absent(people, 7, who),
        dropped=np.zeros((2, rows * columns), np.int64),
        gestures=Gestures.none(rows * columns),
    )


def a_busy_show(rows, columns, unit=1):
    """Everything at once: `a_show` with turns back, dropped books, and gestures in its first half.

    All times are multiples of `unit`, give or take some.
    """
    calm, count = a_show(), rows * columns
    who = np.arange(count) % 600
    chance = [uniform(9, Purpose.VARIATION, number, np.arange(count)) for number in range(20)]
    begin = np.floor(11_000 * chance[0]).astype(np.int64)
    calls = np.stack([600 * row + np.floor(900 * chance[row]) for row in range(7)]).astype(np.int64)
    gestures = Gestures(
        kind=np.array([0, 1, 2, 3, 0, 3, 2], np.int8),
        start=unit * calls,
        taking=np.stack([chance[7 + row] < 0.6 for row in range(7)]),
        move=unit * np.array([300, 1, 300, 250, 500, 800, 90]),
        hold=unit * np.array([0, 700, 300, 900, 20, 1500, 0]),
        amount=np.array([255, 200, 255, 255, 90, 255, 1], np.int16),
        period=unit * np.array([1, 1, 1, 130, 1, 77, 1]),
    )
    # no turn may begin before the last has ended, so that whoever is early by it is late by it at every turn
    late = np.floor(unit * chance[16]).astype(np.int64)
    return Books(
        rows,
        columns,
        unit * calm.start[:, who] + late,
        np.maximum(unit * calm.turn - 7 * np.arange(9), 0) if unit > 7 else calm.turn,
        calm.page[:, who],
        calm.colour[:, who],
        calm.palette,
        calm.present[who],
        dropped=unit * np.stack([begin, begin + np.where(chance[15] < 0.05, 1500, -1)]),
        gestures=gestures,
    )


MOMENTS = np.arange(-100, 11_000, 37)
#: Instants, exposures shorter than a turn, and some over several turns, in no order.
EXPOSURES = np.array([0, 40, 0, 1, 700, 0, 6000])[np.arange(MOMENTS.size) % 7]
SHUFFLED = np.argsort(bits(3, Purpose.VARIATION, 0, np.arange(MOMENTS.size)), kind="stable")


@pytest.fixture
def books_on_the_host(cuda_on_the_host):
    """What the CUDA path launches, run on the host."""
    return cuda_on_the_host(books_module)


def test_books_cu_gives_the_bytes_of_numpy(stand_in, books_on_the_host):
    expected = card_states(a_show(), MOMENTS)
    result = card_states(a_show().on(stand_in), MOMENTS)
    assert is_cupy(result)
    assert 0.05 < (expected[:, :20, :, 3] > 0).mean() < 0.95
    np.testing.assert_array_equal(to_numpy(result), expected)
    assert [name for name, _ in books_on_the_host] == ["card_states"]


#: Turns of some ticks; of a third of a second; and of some seconds, on both sides of 2^32 ticks.
UNITS = (1, 588_000, 12_000_000)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(("rows", "columns"), [(20, 30), (7, 19), (3, 43), (1, 1)])
def test_books_cu_gives_the_bytes_of_numpy_whatever_happens(stand_in, books_on_the_host, rows, columns, unit):
    books = a_busy_show(rows, columns, unit)
    at, exposure = unit * MOMENTS[SHUFFLED] + SHUFFLED % unit, unit * EXPOSURES[SHUFFLED]
    result = card_states(books.on(stand_in), stand_in.asarray(at), stand_in.asarray(exposure))
    np.testing.assert_array_equal(to_numpy(result), card_states(books, at, exposure))
    assert {name for name, _ in books_on_the_host} == {
        "card_states",
        "card_states_exposed",
        "card_poses_exposed",
    }


@pytest.mark.parametrize("unit", UNITS)
def test_books_cu_takes_runs_of_moments_as_it_takes_single_ones(
    stand_in, books_on_the_host, monkeypatch, unit
):
    """Few moments of few people would give each thread but one."""
    monkeypatch.setattr(books_cuda, "_MOST_BLOCKS", 7)
    books, at, exposure = a_busy_show(20, 30, unit), unit * MOMENTS, unit * EXPOSURES
    result = card_states(books.on(stand_in), at, exposure)
    np.testing.assert_array_equal(to_numpy(result), card_states(books, at, exposure))
    assert max(grid[1] for _, grid in books_on_the_host) <= 7


def test_a_book_dropped_and_picked_up_within_a_run_is_down_meanwhile(
    stand_in, books_on_the_host, monkeypatch
):
    """Runs in which nobody drops a book do not look whether anybody does."""
    monkeypatch.setattr(books_cuda, "_MOST_BLOCKS", 2)
    moments = np.arange(20)
    for who, begin, end in ((0, 3, 5), (128, 0, 1), (99, 9, 11), (64, 19, 90), (5, -9, 0), (7, 20, 30)):
        books = a_busy_show(3, 43)
        alone = np.zeros((2, 129), np.int64)
        alone[:, who] = begin, end
        books = dataclasses.replace(books, dropped=alone, present=np.ones(129, bool))
        expected = card_states(books, moments)
        np.testing.assert_array_equal(to_numpy(card_states(books.on(stand_in), moments)), expected)
        assert (expected[:, 6:, :, 3] == 0).sum() == np.isin(moments, np.arange(begin, end)).sum()


#: As short and as long as turns may be, and about where books.cu divides in another way.
LENGTHS = (1, 2, 255, 65_535, 65_536, 65_537, 98_304, 282_240_000, 3 << 30, (1 << 31) - 1, 1 << 31)
LENGTHS += ((1 << 32) - 1, 1 << 32, (1 << 32) + 1, 99_999_999_999, 1 << 46)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("begin", [0, -(2**61), (1 << 32) - 5])
def test_a_turns_progress_changes_at_the_very_tick(stand_in, books_on_the_host, length, begin):
    """Also where lower halves of times run over; who turns is one in 129 who do not."""
    part = np.arange(1 << 16)
    progress = ((part * part * (3 * 65_536 - 2 * part) >> 32) * 255 + 32_768) >> 16
    steps = np.flatnonzero(np.diff(progress)) + 1
    first = -(-steps * length // 65_536)  # the first tick of each step
    at = begin + np.unique(
        np.clip(np.concatenate([first - 1, first, [-1, 0, length - 1, length]]), -1, length)
    )
    page = np.zeros((2, 129), np.int16)
    page[1, 100] = 1
    books = Books(
        3,
        43,
        np.full((2, 129), begin),
        np.array([0, length]),
        page,
        np.arange(2, dtype=np.uint8)[:, None].repeat(129, 1),
        np.array([[1, 2, 3], [4, 5, 6]], np.uint8),
        np.ones(129, bool),
        np.zeros((2, 129), np.int64),
        Gestures.none(129),
    )
    expected = card_states(books, at)
    np.testing.assert_array_equal(to_numpy(card_states(books.on(stand_in), at)), expected)
    assert np.unique(expected[:, 2, 14, 3]).size == 256 or length < 65_535


def test_the_busy_show_is_busy():
    """Else the comparisons above prove little."""
    above, below, pose = card_states(a_busy_show(20, 30), MOMENTS).reshape(-1, 3, 600, 4).swapaxes(0, 1)
    assert ((above[..., 3] > 0) & (above[..., :3] != below[..., :3]).any(-1)).mean() > 0.05
    assert (a_busy_show(20, 30).page[1:] < a_busy_show(20, 30).page[:-1]).mean() > 0.05
    present = below[..., 3] > 0
    assert 0.005 < (pose[present][:, 3] == 0).mean() < 0.1
    for byte, rest in ((0, 128), (1, 0), (2, 128)):
        assert 0.02 < (pose[present][:, byte] != rest).mean() < 0.9


def same_everywhere(xp):
    """Work out everything that must agree to the bit, on arrays of `xp`."""
    cues, who = xp.arange(5), xp.arange(1000)
    people = People(
        reaction_ticks=84_672_000,
        spread_ticks=28_224_000,
        skill=0.2,
        row=0.3,
        late=0.1,
        wrong_page=0.1,
        absent=0.1,
        dropped=0.1,
    )
    delays = reaction(people, 7, cues, who, who // 20)
    fraction = np.stack([order_fraction("ripple", 50, 20)] * 5)
    included = uniform(1, Purpose.LATE, cues[:, None], who) < 0.5
    return [
        bits(7, Purpose.REACTION, cues[:, None], who),
        bits(-7, Purpose.REACTION, 2, who),
        uniform(7, Purpose.HEIGHT, 0, who),
        quantile(bits(7, Purpose.MOVE_TIMING, 0, who), np.array([-5000, 20, 10**9])),
        delays,
        wrong_page(people, 7, cues, who, who // 20),
        dropped(people, 7, who, 0, 10**11),
        absent(people, 7, who),
        turn_starts(np.arange(5) * 10**9, fraction, np.full(5, 10**9), delays, np.full(5, 10**8), included),
        turn_starts(np.arange(5) * 10**9, xp.asarray(fraction), np.full(5, 10**9), delays, np.full(5, 10**8)),
    ]


def test_random_numbers_people_and_starts_stay_on_the_device(stand_in):
    for result, expected in zip(same_everywhere(stand_in), same_everywhere(np), strict=True):
        assert is_cupy(result)
        assert result.dtype == expected.dtype
        np.testing.assert_array_equal(to_numpy(result), expected)


def colours_everywhere(xp):
    cube = np.stack(np.meshgrid(*[np.arange(0, 256, 15)] * 3), axis=-1).astype(np.uint8).reshape(18, 324, 3)
    picture = xp.asarray(cube)
    return [
        srgb8_to_linear(picture),
        srgb8_to_oklab(picture),
        linear_to_srgb8(srgb8_to_linear(picture)),
        choose_palette(picture[None], 12),
        match(picture, picture[0, :9], "blue_noise"),
    ]


def test_colours_stay_on_the_device(stand_in):
    for result, expected in zip(colours_everywhere(stand_in), colours_everywhere(np), strict=True):
        assert is_cupy(result)
        np.testing.assert_array_equal(to_numpy(result), expected)


@pytest.mark.gpu
def test_gpu_agrees_to_the_bit(cupy):
    for result, expected in zip(same_everywhere(cupy), same_everywhere(np), strict=True):
        assert is_cupy(result)
        assert result.dtype == expected.dtype
        np.testing.assert_array_equal(to_numpy(result), expected)


@pytest.mark.gpu
def test_gpu_gives_the_same_cards(cupy):
    expected = card_states(a_show(), MOMENTS)
    result = card_states(a_show().on(cupy), cupy.asarray(MOMENTS))
    assert is_cupy(result)
    np.testing.assert_array_equal(to_numpy(result), expected)


@pytest.mark.gpu
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(("rows", "columns"), [(20, 30), (7, 19), (80, 250)])
def test_gpu_gives_the_same_cards_whatever_happens(cupy, rows, columns, unit):
    books = a_busy_show(rows, columns, unit)
    at, exposure = unit * MOMENTS[SHUFFLED] + SHUFFLED % unit, unit * EXPOSURES[SHUFFLED]
    result = card_states(books.on(cupy), cupy.asarray(at), cupy.asarray(exposure))
    np.testing.assert_array_equal(to_numpy(result), card_states(books, at, exposure))


@pytest.mark.gpu
@pytest.mark.parametrize("unit", UNITS)
def test_gpu_takes_runs_of_moments_as_it_takes_single_ones(cupy, monkeypatch, unit):
    monkeypatch.setattr(books_cuda, "_MOST_BLOCKS", 7)
    books, at, exposure = a_busy_show(20, 30, unit), unit * MOMENTS, unit * EXPOSURES
    result = card_states(books.on(cupy), at, exposure)
    np.testing.assert_array_equal(to_numpy(result), card_states(books, at, exposure))


@pytest.mark.gpu
def test_gpu_gives_the_same_colours(cupy):
    for result, expected in zip(colours_everywhere(cupy), colours_everywhere(np), strict=True):
        assert is_cupy(result)
        np.testing.assert_allclose(to_numpy(result), expected, rtol=1e-12, atol=1e-12)
