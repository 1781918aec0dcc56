"""The places of least value: by a tree, by the CUDA source on a stand-in, and on a GPU where there is one."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels import nearest as nearest_module
from cardstunt.kernels.assignment import assign
from cardstunt.kernels.assignment_auction import match_by_auction
from cardstunt.kernels.centroidal import centroidal
from cardstunt.kernels.figures import PictureFigure
from cardstunt.kernels.formations import block, rings
from cardstunt.kernels.nearest import NEVER, first_places, least_values, nearest_place, whole_squares
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture
def gpu(cuda_on_the_host, monkeypatch):
    """A switch that lets places be looked for by nearest.cu on the host; tells how often it ran."""

    class Switch:
        launched = cuda_on_the_host(nearest_module)

        @property
        def ran(self):
            return len(self.launched)

        def __call__(self, *, on):
            monkeypatch.setattr(nearest_module, "_gpu_usable", lambda: on)
            monkeypatch.setattr(nearest_module, "_MANY", 0)

    return Switch()


def scattered(seed, count, size):
    return np.random.default_rng(seed).integers(-size, size + 1, (count, 2))


def priced(seed, count, dear):
    return np.random.default_rng(seed).integers(-dear, dear + 1, count)


def assert_listed(lists, people, places, price, most):
    """By the definition."""
    for value, place, cost, bound in zip(whole_squares(people[:, None], places) + price, *lists, strict=True):
        order = np.lexsort((np.arange(len(places)), value))[:most]
        last = value[order[-1]]
        assert bound == (last if most < len(places) else NEVER)
        if most < len(places) and value[order[0]] == last:
            assert len(set(place)) == most
            assert (value[place] == last).all()
            assert np.array_equal(cost, last - price[place])
            continue
        listed = value[order] < bound
        assert np.array_equal(place, np.where(listed, order, order[0]))
        assert np.array_equal(cost, np.where(listed, value[order] - price[order], NEVER))


SIZES = {"seed": st.integers(0, 999), "count": st.integers(1, 40), "others": st.integers(1, 400)}
GROUNDS = {"size": st.sampled_from([0, 2, 6, 10**4, 10**7 - 1]), "dear": st.sampled_from([0, 3, 10**9])}
EXAMPLES = settings(max_examples=60, deadline=None)


@EXAMPLES
@given(**SIZES, **GROUNDS, most=st.sampled_from([1, 2, 5, 16, 70, 400]))
def test_lists_are_what_they_say(seed, count, others, size, dear, most):
    people, places = scattered(seed, count, size), scattered(seed + 1, others, size)
    price, most = priced(seed + 2, others, dear), min(most, others)
    lists = first_places(people, places, price, most)
    assert_listed(lists, people, places, price, most)
    least = least_values(people, places, price)
    assert np.array_equal(least, (whole_squares(people[:, None], places) + price).min(axis=1))


@EXAMPLES
@given(**SIZES, size=st.sampled_from([0, 2, 30, 1 << 20]))
def test_the_nearest_place_is_the_first_of_those_as_near(seed, count, others, size):
    people, places = scattered(seed, count, size), scattered(seed + 1, others, size)
    squares = whole_squares(people[:, None], places)
    assert np.array_equal(nearest_place(people, places), squares.argmin(axis=1))


@pytest.mark.parametrize("most", [1, 2, 16, 70, 400])
@pytest.mark.parametrize(("size", "dear"), [(0, 0), (2, 3), (6, 0), (10**4, 10**9), (10**7 - 1, 10**9)])
def test_nearest_cu_gives_the_lists_of_a_tree(gpu, most, size, dear):
    """Small grounds make equals plentiful, and crowds on one spot."""
    for others in (1, 63, 64, 65, 700):
        people, places = scattered(others, 30, size), scattered(others + 1, others, size)
        price, number = priced(others + 2, others, dear), min(most, others)
        gpu(on=False)
        expected = first_places(people, places, price, number)
        values, near = least_values(people, places, price), nearest_place(people // 9, places // 9)
        gpu(on=True)
        result = first_places(people, places, price, number)
        assert_listed(result, people, places, price, number)
        for one, other in zip(result, expected, strict=True):
            assert one.dtype == other.dtype == np.int64
            np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(least_values(people, places, price), values)
        np.testing.assert_array_equal(nearest_place(people // 9, places // 9), near)
    assert gpu.ran == 15


def test_nearest_cu_gives_the_lists_of_a_tree_for_a_large_crowd(gpu):
    people, places = scattered(1, 3000, 40_000), scattered(2, 3001, 40_000)
    # Prices as an auction makes them, and some places that everyone wants.
    price = whole_squares(places, np.array([90_000, 20_000])) // 3 + priced(3, 3001, 10**6)
    price[:40] = -(10**10)
    for most in (2, 16, 128):
        results = []
        for on in (False, True):
            gpu(on=on)
            results.append(first_places(people, places, price, most))
        for one, other in zip(*results, strict=True):
            np.testing.assert_array_equal(one, other)
    assert gpu.ran == 3


def test_tiles_are_of_neighbours():
    """Else a person would look into most of them."""
    places, side = scattered(1, 6400, 50_000), 100_000
    boxes = nearest_module._tiles(places.astype(np.int32), np.zeros(6400, dtype=np.int64))[3]
    assert len(boxes) == 100
    assert np.median(boxes[:, 2:] - boxes[:, :2], axis=0).max() < 0.13 * side


@pytest.mark.parametrize(
    ("people", "places"),
    [
        (scattered(1, 1500, 30_000), scattered(2, 1500, 30_000)),
        (np.rint(1000 * block(1500, 50)).astype(int), np.rint(1000 * rings(1500, 9, 40.0)).astype(int)),
        (np.repeat(scattered(1, 15, 20_000), 100, axis=0), scattered(2, 1500, 20_000)),
        (scattered(1, 1500, 20_000), np.repeat(scattered(2, 15, 20_000), 100, axis=0)),
    ],
    ids=["crowds", "block to rings", "from few spots", "to few spots"],
)
def test_people_are_matched_the_same_with_a_gpu(gpu, people, places):
    results = []
    for on in (False, True):
        gpu(on=on)
        results.append(match_by_auction(people, places))
    assert results[0].place.tobytes() == results[1].place.tobytes()
    assert results[0].price.tobytes() == results[1].price.tobytes()
    assert gpu.ran > 10


def a_disc():
    across = np.linspace(-1.0, 1.0, 300)
    return PictureFigure((np.hypot(across[:, None], across[None, :]) < 1.0).astype(float), 30.0)


def test_people_are_placed_the_same_with_a_gpu(gpu):
    results = []
    for on in (False, True):
        gpu(on=on)
        results.append(centroidal(a_disc(), 300, 0.8))
    assert results[0].tobytes() == results[1].tobytes()
    assert gpu.ran == 60


def test_few_people_are_not_worth_a_gpu(gpu, monkeypatch):
    gpu(on=True)
    monkeypatch.setattr(nearest_module, "_MANY", 200)
    people, places = scattered(1, 99, 1000), scattered(2, 100, 1000)
    nearest_place(people, places)
    assert gpu.ran == 0
    nearest_place(people, np.concatenate([places, places]))
    assert gpu.ran == 1


@pytest.fixture
def asked_anew():
    nearest_module._gpu_usable.cache_clear()
    yield
    nearest_module._gpu_usable.cache_clear()


def test_a_gpu_that_cannot_be_used_is_named_once(asked_anew, monkeypatch):
    def broken(source, function):
        raise OSError("no compiler")

    monkeypatch.setattr(nearest_module, "gpu_available", lambda: True)
    monkeypatch.setattr(nearest_module, "cuda_function", broken)
    with pytest.warns(RuntimeWarning, match="without the GPU: no compiler"):
        assert nearest_module._gpu_usable() is False
    assert nearest_module._gpu_usable() is False


def test_no_gpu_is_nothing_to_speak_of(asked_anew, monkeypatch):
    monkeypatch.setattr(nearest_module, "gpu_available", lambda: False)
    assert nearest_module._gpu_usable() is False


@pytest.fixture
def without(cupy, monkeypatch):
    """Does the same again without the GPU."""
    assert nearest_module._gpu_usable()

    def again(work):
        with monkeypatch.context() as patch:
            patch.setattr(nearest_module, "_gpu_usable", lambda: False)
            return work()

    return again


@pytest.mark.gpu
@pytest.mark.parametrize("most", [1, 16, 128])
@pytest.mark.parametrize("size", [30, 100_000, 9_999_999])
def test_a_gpu_lists_the_same_places(without, most, size):
    people, places = scattered(1, 20_000, size), scattered(2, 30_000, size)
    price = priced(3, 30_000, size)

    def lists():
        return (*first_places(people, places, price, most), least_values(people, places, price))

    for one, other in zip(lists(), without(lists), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.gpu
def test_a_gpu_matches_the_same(without):
    start, goal = block(20_000, 100), rings(20_000, 60, 58.0, spacing=0.3)
    assert np.array_equal(assign(start, goal), without(lambda: assign(start, goal)))


@pytest.mark.gpu
def test_a_gpu_places_the_same(without):
    assert np.array_equal(centroidal(a_disc(), 500, 0.8), without(lambda: centroidal(a_disc(), 500, 0.8)))
