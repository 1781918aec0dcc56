from __future__ import annotations

import subprocess
import sys
import types

import numpy as np
import pytest
from cardstunt.kernels.array_module import array_module, gpu_available, is_cupy, to_numpy


def fake_array(module: str) -> object:
    return type("ndarray", (), {"__module__": module, "get": lambda self: np.arange(3)})()


@pytest.mark.parametrize("array", [np.zeros(3), np.float64(1), [1, 2], 3, None, fake_array("jax.numpy")])
def test_everything_but_cupy_is_numpy(array):
    assert array_module(array) is np
    assert not is_cupy(array)


def test_no_arrays_at_all_are_numpy():
    assert array_module() is np


def test_one_cupy_array_among_others_decides(monkeypatch):
    fake = types.ModuleType("cupy")
    monkeypatch.setitem(sys.modules, "cupy", fake)
    assert array_module(np.zeros(3), fake_array("cupy._core.core"), 2) is fake


def test_a_name_that_only_begins_like_cupy_is_not_cupy():
    assert array_module(fake_array("cupyish.core")) is np


def test_class_made_from_a_cupy_array_is_one(monkeypatch):
    fake = types.ModuleType("cupy")
    monkeypatch.setitem(sys.modules, "cupy", fake)
    child = type("Child", (type(fake_array("cupy")),), {"__module__": "elsewhere"})
    assert array_module(child()) is fake


def test_to_numpy_fetches_from_the_device_and_leaves_the_host_alone():
    host = np.arange(4)
    assert to_numpy(host) is host
    np.testing.assert_array_equal(to_numpy(fake_array("cupy")), np.arange(3))


class Driver:
    """A CuPy whose driver answers as told."""

    def __init__(self, answer):
        self.cuda = types.SimpleNamespace(runtime=types.SimpleNamespace(getDeviceCount=answer))


def _fails():
    raise RuntimeError("cudaErrorInsufficientDriver")


@pytest.mark.parametrize(("answer", "expected"), [(lambda: 1, True), (lambda: 0, False), (_fails, False)])
def test_gpu_available_never_raises(monkeypatch, answer, expected):
    monkeypatch.setitem(sys.modules, "cupy", Driver(answer))
    gpu_available.cache_clear()
    try:
        assert gpu_available() is expected
    finally:
        gpu_available.cache_clear()


def test_numpy_work_imports_no_cupy(tmp_path):
    (tmp_path / "cupy.py").write_text("raise AssertionError('cupy was imported')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import numpy as np\n"
        "from cardstunt.kernels import array_module, books, flips, palette, people\n"
        "array_module.array_module(np.zeros(3), [1], 2)\n"
        "people.reaction(people.People(10, 3, late=0.5), 1, np.arange(2), np.arange(5))\n"
        "assert 'cupy' not in sys.modules\n"
        "assert array_module.gpu_available() is False\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
