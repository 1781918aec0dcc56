"""The places of least value for each of many people, on a GPU or with a tree.

A place's value to a person is its squared distance and its price together: a whole number, so that a GPU and
a tree agree to the bit. Of equals the lower number comes first.
"""

from __future__ import annotations

import functools
import importlib
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module, gpu_available, to_numpy
from .compile_cuda import cuda_function

NEVER = 1 << 60
"""More than any squared distance and price together."""

Whole = NDArray[np.int64]

_MANY = 4096  # people and places together, below which a tree is quick enough
_TILE = 64  # places; as in nearest.cu
_THREADS = 128


def whole_squares(people: Whole, places: Whole) -> Whole:
    """Return squared distances of pairs; shapes (..., 2) that broadcast, whole numbers."""
    apart = people - places
    squares: Whole = apart[..., 0] ** 2 + apart[..., 1] ** 2
    return squares


def nearest_place(people: Whole, places: Whole) -> Whole:
    """Find the nearest place of each person.

    Parameters
    ----------
    people, places
        Shapes (N, 2) and (M, 2), whole numbers up to 2²⁰ in size. Nobody may be further from the nearest than
        the root of 2⁵⁰ / M: for 80,000 places a tenth of 2²⁰.

    Returns
    -------
    NDArray[np.int64]
        Shape (N,): numbers of places, of two as near the lower.
    """
    if _on_gpu(people, places):
        return _first_on_gpu(people, places, np.zeros(len(places), dtype=np.int64), 1)[0][:, 0]
    # The later of two as near is further away by less than 1, a difference between whole squares.
    height = np.sqrt(np.arange(len(places)) / len(places))
    return _by_tree(people, places, height, 1)[:, 0]


def least_values(people: Whole, places: Whole, price: Whole) -> Whole:
    """Find for each person the least sum of squared distance and price over all places.

    Parameters
    ----------
    people, places
        Shapes (N, 2) and (M, 2), whole numbers below 10⁷ in size.
    price
        Shape (M,), in units of squared distance, of any sign.

    Returns
    -------
    NDArray[np.int64]
        Shape (N,).
    """
    if _on_gpu(people, places):
        return _first_on_gpu(people, places, price, 1)[1][:, 0]
    place = _by_tree(people, places, _heights(price), 1)[:, 0]
    value: Whole = whole_squares(people, places[place]) + price[place]
    return value


def first_places(people: Whole, places: Whole, price: Whole, most: int) -> tuple[Whole, Whole, Whole]:
    """List for each person the places of least value, and what all others are worth at least.

    Places that equal the last of a list are left out, as others may that are not listed; unless all do: then
    it is any of those that are equal, the same each time and with a GPU as without.

    Parameters
    ----------
    people, places
        Shapes (N, 2) and (M, 2), whole numbers below 10⁷ in size.
    price
        Shape (M,), in units of squared distance, of any sign.
    most
        Places on a list, from 1 to M.

    Returns
    -------
    place : NDArray[np.int64]
        Shape (N, most), by value and then by number; the first again where a list is shorter.
    cost : NDArray[np.int64]
        Shape (N, most): squared distances; `NEVER` where a list is shorter.
    bound : NDArray[np.int64]
        Shape (N,): value of any place that is not listed, at least; `NEVER` where all are.
    """
    if _on_gpu(people, places):
        place, value = _first_on_gpu(people, places, price, most)
        # Where nothing is left but equals, the tree says which.
        equal = value[:, 0] == value[:, -1]
        if most < len(places) and equal.any():
            place[equal] = _first_by_tree(people[equal], places, price, most)[0]
    else:
        place, value = _first_by_tree(people, places, price, most)
    cost = value - price[place]
    if most == len(places):
        return place, cost, np.full(len(people), NEVER)
    bound = value[:, -1]
    left_out = (value == bound[:, None]) & (value[:, :1] < bound[:, None])
    return np.where(left_out, place[:, :1], place), np.where(left_out, NEVER, cost), bound


def _heights(price: Whole) -> NDArray[np.float64]:
    """Return how far places are lifted above the people.

    Lifted by the root of its price into a third dimension, the place of least value is the nearest one
    (Aurenhammer, "Power diagrams", 1987).
    """
    heights: NDArray[np.float64] = np.sqrt((price - price.min()).astype(np.float64))
    return heights


def _by_tree(people: Whole, places: Whole, height: NDArray[np.float64], most: int) -> Whole:
    """Return numbers (N, most) of the nearest lifted places.

    Errors of rounding stay far below 1, so places of different whole values come in order; of equals the tree
    may find any.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415

    from .places import threads  # noqa: PLC0415

    tree: Any = cKDTree(np.column_stack([places.astype(np.float64), height]), balanced_tree=False)
    at = np.column_stack([people.astype(np.float64), np.zeros(len(people))])
    place: Whole = np.asarray(tree.query(at, most, workers=threads(len(people) * most))[1], dtype=np.int64)
    return place.reshape(len(people), most)


def _first_by_tree(people: Whole, places: Whole, price: Whole, most: int) -> tuple[Whole, Whole]:
    """Return places (N, most) and their values, in order; of those that equal the last it may be any."""
    place = _by_tree(people, places, _heights(price), most)
    value = whole_squares(people[:, None], places[place]) + price[place]
    order = np.lexsort((place, value), axis=1)
    return np.take_along_axis(place, order, axis=1), np.take_along_axis(value, order, axis=1)


def _on_gpu(people: Whole, places: Whole) -> bool:
    return len(people) + len(places) >= _MANY and len(people) > 0 and _gpu_usable()


@functools.cache
def _gpu_usable() -> bool:
    """Tell whether there is a GPU for which nearest.cu compiles."""
    if not gpu_available():
        return False
    try:
        cuda_function("nearest", "first_places")
    except Exception as error:  # noqa: BLE001  as in gpu_available
        warnings.warn(f"places are looked for without the GPU: {error}", RuntimeWarning, stacklevel=2)
        return False
    return True


def _first_on_gpu(people: Whole, places: Whole, price: Whole, most: int) -> tuple[Whole, Whole]:
    """Return the first places (N, most) and their values, in order; of equals the lower number first."""
    xp = importlib.import_module("cupy")
    tiles = _tiles(xp.asarray(places.astype(np.int32)), xp.asarray(price))
    at = xp.asarray(people.astype(np.int32))
    # Threads of a warp that stand together look into the same tiles.
    order = _neighbours(at)
    found = xp.empty((len(people), most), dtype=np.int32)
    value = xp.empty((len(people), most), dtype=np.int64)
    numbers = (np.int32(number) for number in (len(people), len(tiles[-1]), most))
    arguments = (at[order], *tiles, *numbers, found, value)
    grid = (-(-len(people) // _THREADS), 1)
    cuda_function("nearest", "first_places")(grid, (_THREADS,), arguments)
    back = xp.argsort(order)
    return to_numpy(found[back]).astype(np.int64), to_numpy(value[back])


def _tiles(places: Any, price: Any) -> tuple[Any, ...]:
    """Cut places into tiles of neighbours; return what nearest.cu takes, in its order."""
    xp = array_module(places)
    count = len(places)
    tiles = -(-count // _TILE)
    order = _neighbours(places)[xp.minimum(xp.arange(tiles * _TILE), count - 1)]
    places, price = places[order], price[order]
    price[count:] = NEVER
    corners = places.reshape(tiles, _TILE, 2)
    boxes = xp.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    return places, price, order.astype(np.int32), boxes, price.reshape(tiles, _TILE).min(axis=1)


def _neighbours(spots: Any) -> Any:
    """Order spots so that every so many in a row are neighbours: strips by one coordinate, then the other.

    S. Leutenegger, M. Lopez and J. Edgington, "STR: a simple and efficient algorithm for R-tree packing",
    ICDE 1997.
    """
    xp = array_module(spots)
    strip = _TILE * int(np.ceil(np.sqrt(len(spots) / _TILE)))
    rank = xp.empty(len(spots), dtype=np.int64)
    rank[xp.argsort(spots[:, 1])] = xp.arange(len(spots))
    return xp.argsort((rank // strip << 32) + spots[:, 0])
