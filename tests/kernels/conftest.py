from __future__ import annotations

import sys
import types

import numpy as np
import pytest
from cardstunt.kernels.array_module import gpu_available


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
