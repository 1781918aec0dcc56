"""Which array library an array belongs to, decided by the array itself."""

from __future__ import annotations

import functools
import importlib
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray


def is_cupy(array: object) -> bool:
    """Tell whether an object is a CuPy array (or of a class made from one), without importing CuPy.

    Parameters
    ----------
    array
        Any object.

    Returns
    -------
    bool
        True for CuPy arrays only.
    """
    return any(base.__module__.partition(".")[0] == "cupy" for base in type(array).__mro__)


def array_module(*arrays: object) -> ModuleType:
    """Return the library that holds the arrays: CuPy when one of them is a CuPy array, else NumPy.

    Parameters
    ----------
    *arrays
        Arrays, numbers or sequences, in any number.

    Returns
    -------
    ModuleType
        ``cupy`` or ``numpy``. CuPy is imported only when one of the arrays is its own.
    """
    if any(is_cupy(array) for array in arrays):
        return importlib.import_module("cupy")
    return np


def to_numpy(array: Any) -> NDArray[Any]:
    """Return the array in the host's memory.

    Parameters
    ----------
    array
        A NumPy or CuPy array, or anything that ``numpy.asarray`` takes.

    Returns
    -------
    ndarray
        The same values; NumPy arrays come back as they are, without a copy.
    """
    return np.asarray(array.get()) if is_cupy(array) else np.asarray(array)


@functools.cache
def gpu_available() -> bool:
    """Tell whether CuPy is installed and sees at least one device.

    Returns
    -------
    bool
        False for every way in which this can fail: no CuPy, no driver, a driver that is too old.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            cupy = importlib.import_module("cupy")
            return int(cupy.cuda.runtime.getDeviceCount()) > 0
        except Exception:  # noqa: BLE001  CuPy, the driver and the loader each raise errors of their own
            return False
