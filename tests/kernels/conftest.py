from __future__ import annotations

import sys
import types

import numpy as np
import pytest
from cardstunt.kernels.array_module import gpu_available
from cardstunt.kernels.clips import CLIPS
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.rails import Rails
from cardstunt.kernels.ticks import TICKS_PER_SECOND


class StandIn(np.ndarray):
    """An array that, like CuPy's, refuses to be mixed with NumPy's; its data are in the host's memory."""

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if any(type(value) is np.ndarray for value in inputs):
            raise TypeError(f"Unsupported type numpy.ndarray in {ufunc.__name__}")
        host = [value.view(np.ndarray) if isinstance(value, StandIn) else value for value in inputs]
        if out is not None:
            options["out"] = tuple(value.view(np.ndarray) for value in out)
        result = getattr(ufunc, method)(*host, **options)
        return out[0] if out is not None else np.asarray(result).view(StandIn)

    def get(self):
        return self.view(np.ndarray).copy()


StandIn.__module__ = "cupy"


@pytest.fixture
def stand_in(monkeypatch):
    """A module `cupy` that makes such arrays."""
    module = types.ModuleType("cupy")

    def wrapped(function):
        def call(*arguments, **options):
            result = function(*arguments, **options)
            return result.view(StandIn) if isinstance(result, np.ndarray) else result

        return call

    module.__getattr__ = lambda name: wrapped(getattr(np, name))
    monkeypatch.setitem(sys.modules, "cupy", module)
    return module


@pytest.fixture
def cupy():
    if not gpu_available():
        pytest.skip("needs CuPy and a device")
    return pytest.importorskip("cupy")


@pytest.fixture(scope="session")
def busy_drill():
    """A maker of drills in which everything that a drill may have happens; another for each number.

    Twelve people, five sets. On the way to set 2 and 3 the first six walk along a rail, the way to set 4 is
    bent; people from 8 on climb: one stays up from set 1 to 2. Some are delayed or bowed.
    """

    def make(number: int, **changes: object) -> Drill:
        random = np.random.default_rng(number)
        people, sets = 12, 5
        corners = np.cumsum(random.uniform(-1, 2, (30, 2)), axis=0)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        begin, end = (np.full((sets, people), np.nan) for _ in range(2))
        on = random.uniform(0, along[-1], (3, 6))
        begin[2:4, :6], end[2:4, :6] = on[:2], on[1:]
        rails = Rails(corners, along, begin, end)
        places = random.uniform(-20, 20, (sets, people, 2))
        for index in range(3):
            places[1 + index, :6] = np.stack(rails.places(on[index]), axis=1)
        places[2, 7:9] = places[1, 7:9]
        height = np.zeros((sets, people))
        height[1, 8:], height[2, 8:], height[4, 8:] = [1.4, 2.8, 1.4, 0.0], [1.4, 1.4, 0.0, 2.8], 1.4
        bend = np.zeros((sets, 2, 2))
        bend[4] = random.uniform(-15, 15, (2, 2))
        few = random.random((2, sets, people)) < 0.3
        delay = random.integers(0, TICKS_PER_SECOND, (sets, people)) * few[0]
        numbers = {
            "places": places,
            "leave": np.array([1, 3, 14, 26, 40]) * TICKS_PER_SECOND,
            "arrive": np.array([1, 12, 24, 36, 52]) * TICKS_PER_SECOND,
            "clip": random.integers(0, len(CLIPS), sets),
            "canon": random.integers(0, TICKS_PER_SECOND, (sets, people)),
            "heading": random.uniform(-3, 3, (sets, people)),
            "seed": number,
            "ease": np.array([0, 1, 0, 1, number % 2]),
            "bend": bend,
            "rails": rails,
            "height": height,
            "detours": Detours(delay, random.uniform(-2, 2, (sets, people)) * few[1]),
            "late": random.integers(0, 3 * TICKS_PER_SECOND, (sets, people)),
            "times": random.integers(0, 3, sets),
        }
        return Drill(**(numbers | changes))

    return make
