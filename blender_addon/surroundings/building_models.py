"""Models of buildings, at the size that the kernel's `SHAPES` gives, standing on z = 0."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ...kernels.city import SHAPES, STOREY, Model
from ...kernels.counter_random import Purpose, uniform
from .solids import Slot, Solids

#: Numbers of the models' own variety; not the show's, since the models are the same in every city.
_SEED = 1
_PARAPET = 0.8


def _shares(model: Model, count: int) -> npt.NDArray[np.float64]:
    return uniform(_SEED, Purpose.CITY, 5000 + int(model), np.arange(count))


def _plant(
    solids: Solids, x: float, y: float, z: float, share: npt.NDArray[np.float64], reach: float
) -> None:
    """Stand the boxes of lifts, cooling and stairs on a flat roof."""
    for k in range(3):
        a, b, c, d = share[4 * k : 4 * k + 4]
        length, width, high = 1.5 + 0.5 * reach * a, 1.2 + 0.35 * reach * b, (3.0, 1.6, 1.2)[k] + 0.6 * c
        u, v = x + reach * (0.9 * a - 0.45) * (1 - k % 2), y + reach * (d - 0.5) * 0.8
        solids.box(
            (u - length / 2, u + length / 2),
            (v - width / 2, v + width / 2),
            (z, z + high),
            blank=range(4),
            house=c,
        )


def _tree(solids: Solids, x: float, y: float, share: npt.NDArray[np.float64]) -> None:
    high = 6 + 5 * share[0]
    reach = 0.36 * high
    solids.blob(
        (x, y, 0.62 * high), (reach, reach, 0.42 * high), np.resize(share, 42), False, float(share[1])
    )


def _yard(model: Model) -> Solids:
    """Return houses wall to wall around a yard, as a block of a 19th-century city has."""
    solids = Solids()
    share = iter(_shares(model, 900).tolist())
    shape = SHAPES[model]
    a, b, deep = shape.length / 2, shape.width / 2, 11.5

    def row(first: float, last: float, place: Callable[[float, float], tuple], along_x: bool) -> None:
        count = max(1, round((last - first) / (13 + 7 * next(share))))
        cuts = np.linspace(first, last, count + 1)
        cuts[1:-1] += [4 * (next(share) - 0.5) for _ in range(count - 1)]
        for start, end in pairwise(cuts.tolist()):
            house, storeys, kind = next(share), 4 + int(3.6 * next(share)), next(share)
            x, y = place(start, end)
            high = storeys * STOREY
            party = (1, 3) if along_x else (0, 2)
            if kind < 0.55:
                solids.box(x, y, (0, high), house=house, blank=party, roof=Slot.TILES)
                solids.gable(x, y, high, high + 3.0 + 1.6 * next(share), along_x, house)
                u = x[0] + (x[1] - x[0]) * (0.2 + 0.6 * next(share))
                v = y[0] + (y[1] - y[0]) * (0.2 + 0.6 * next(share))
                solids.box(
                    (u - 0.4, u + 0.4), (v - 0.5, v + 0.5), (high, high + 4.4), house=house, blank=range(4)
                )
            else:
                solids.box(x, y, (0, high), house=house, blank=party, parapet=_PARAPET)
                if kind > 0.8:  # a set-back top storey
                    inset = 2.2
                    solids.box(
                        (x[0] + inset, x[1] - inset), (y[0] + inset, y[1] - inset),
                        (high - _PARAPET, high + STOREY), house=house,
                    )  # fmt: skip
                else:
                    middle = ((x[0] + x[1]) / 2, (y[0] + y[1]) / 2)
                    _plant(solids, *middle, high - _PARAPET, np.array([next(share) for _ in range(12)]), 5.0)

    row(-a, a, lambda s, e: ((s, e), (-b, -b + deep)), True)
    row(-a, a, lambda s, e: ((s, e), (b - deep, b)), True)
    row(-b + deep, b - deep, lambda s, e: ((-a, -a + deep), (s, e)), False)
    row(-b + deep, b - deep, lambda s, e: ((a - deep, a), (s, e)), False)
    for k in range(3):  # sheds and rear wings
        x = -a + deep + 6 + (2 * a - 2 * deep - 12) * next(share)
        y = (b - deep - 4) * (1 if k % 2 else -1)
        solids.box((x - 4, x + 4), (y - 4, y + 4), (0, 3.4 + 3.2 * (next(share) > 0.5)), house=next(share))
    for _ in range(7):
        x, y = (a - deep - 5) * (2 * next(share) - 1), (b - deep - 8) * (2 * next(share) - 1)
        _tree(solids, x, y, np.array([next(share) for _ in range(12)]))
    return solids


def _villas(model: Model) -> Solids:
    """Return two rows of houses in gardens."""
    solids = Solids()
    share = iter(_shares(model, 900).tolist())
    shape = SHAPES[model]
    for row in (-1, 1):
        for k in range(5):
            x = (k - 2) * 15.2 + 1.2 * (next(share) - 0.5)
            y = row * (shape.width / 4 + 2.5) + 2 * (next(share) - 0.5)
            length, width = 8 + 2 * next(share), 8 + 2 * next(share)
            house, high = next(share), STOREY * (1 + (next(share) < 0.7))
            across, deep = (x - length / 2, x + length / 2), (y - width / 2, y + width / 2)
            along_x = next(share) < 0.6
            solids.box(across, deep, (0, high), house=house, roof=Slot.TILES)
            solids.gable(across, deep, high, high + 2.6 + next(share), along_x, house, overhang=0.5)
            garage = x + (1 if k < 2 + row else -1) * (length / 2 + 1.6)
            if next(share) < 0.6:
                solids.box(
                    (garage - 1.6, garage + 1.6), (y - 3, y + 2.5), (0, 2.7), house=house, blank=range(4)
                )
            for _ in range(2):
                _tree(
                    solids, x + 10 * (next(share) - 0.5), row * (2 + 5 * next(share)),
                    np.array([next(share) for _ in range(12)]) * 0.7,
                )  # fmt: skip
    return solids


def _slab() -> Solids:
    """Return a long block of flats with stair towers and a deck of balconies."""
    solids, shape = Solids(), SHAPES[Model.SLAB]
    a, b, high = shape.length / 2, shape.width / 2, shape.storeys * STOREY
    solids.box((-a, a), (-b + 0.9, b - 0.9), (0, high), blank=(1, 3), parapet=_PARAPET)
    for k in range(4):
        x = (k - 1.5) * shape.length / 4
        solids.box((x - 1.6, x + 1.6), (b - 1.2, b), (0, high + 2.2), blank=(0, 1, 3), house=0.05)
        _plant(solids, x, 0.0, high - _PARAPET, _shares(Model.SLAB, 12 + k)[k:], 4.0)
        for side in (-1, 1):  # bays of balconies
            u = x + side * shape.length / 18
            solids.box((u - 1.9, u + 1.9), (-b, -b + 1.2), (STOREY, high - 0.8), blank=(1, 3), house=0.4)
    return solids


def _point() -> Solids:
    """Return a tower of flats over a plan of a cross."""
    solids, shape = Solids(), SHAPES[Model.POINT]
    a, n, high = shape.length / 2, shape.length / 3.2, shape.storeys * STOREY
    solids.box((-a, a), (-n, n), (0, high), parapet=_PARAPET)
    solids.box((-n, n), (-a, a), (0, high - STOREY), parapet=_PARAPET, house=0.02)
    solids.box((-n + 1.5, n - 1.5), (-n + 1.5, n - 1.5), (high - _PARAPET, high + 3.4), blank=range(4))
    _plant(solids, n, 0.0, high - _PARAPET, _shares(Model.POINT, 12), 5.0)
    return solids


def _stepped() -> Solids:
    """Return a tower of the twenties that steps back as it rises."""
    solids, shape = Solids(), SHAPES[Model.STEPPED]
    a, b, top = shape.length / 2, shape.width / 2, shape.storeys * STOREY
    for share, inset in ((0.24, 0.0), (0.66, 4.2), (0.86, 7.6), (1.0, 10.6)):
        solids.box((-a + inset, a - inset), (-b + inset, b - inset), (0, share * top), parapet=_PARAPET)
    solids.prism(_ring(3.2, 8), top - 1, top + 3.5, blank=range(8))
    solids.prism(_ring(0.28, 5), top, top + 14, blank=range(5))
    _plant(solids, a - 6, b - 4, 0.24 * top - _PARAPET, _shares(Model.STEPPED, 12), 5.0)
    return solids


def _ring(radius: float, sides: int, turn: float = 0.5) -> list[tuple[float, float]]:
    angles = 2 * np.pi * (np.arange(sides) + turn) / sides
    return [(float(radius * np.cos(angle)), float(radius * np.sin(angle))) for angle in angles]


def _chamfered(a: float, b: float, cut: float) -> list[tuple[float, float]]:
    return [
        (a - cut, -b), (a, -b + cut), (a, b - cut), (a - cut, b),
        (-a + cut, b), (-a, b - cut), (-a, -b + cut), (-a + cut, -b),
    ]  # fmt: skip


def _glass() -> Solids:
    """Return an office tower with cut corners on a podium."""
    solids, shape = Solids(), SHAPES[Model.GLASS]
    a, top = shape.length / 2, shape.storeys * STOREY
    solids.box((-a, a), (-a, a), (0, 4 * STOREY), Slot.GLASS, parapet=_PARAPET, house=0.3)
    solids.prism(_chamfered(a - 3.5, a - 3.5, 4.0), 0, top - 2 * STOREY, Slot.GLASS, parapet=1.6)
    solids.prism(_chamfered(a - 7, a - 7, 4.0), 0, top, Slot.GLASS, parapet=1.6)
    _plant(solids, 0.0, 0.0, top - 1.6, _shares(Model.GLASS, 12), 9.0)
    return solids


def _glass_slab() -> Solids:
    """Return a thin office slab, its lifts in a stone spine that stands out."""
    solids, shape = Solids(), SHAPES[Model.GLASS_SLAB]
    a, b, top = shape.length / 2, shape.width / 2, shape.storeys * STOREY
    solids.box((-a, a), (-b + 1.2, b - 1.2), (0, top - 2.4), Slot.GLASS, parapet=1.2)
    solids.box((-a * 0.3, a * 0.05), (-b, b), (0, top + 3), blank=(1, 3), house=0.6, parapet=1.2)
    solids.box((-a, a * 0.9), (-b, b), (0, 2 * STOREY), Slot.GLASS, house=0.2)
    _plant(solids, a * 0.5, 0.0, top - 3.6, _shares(Model.GLASS_SLAB, 12), 8.0)
    return solids


def _round() -> Solids:
    """Return a round tower with a crown."""
    solids, shape = Solids(), SHAPES[Model.ROUND]
    a, top = shape.length / 2, shape.storeys * STOREY
    solids.prism(_ring(a, 18), 0, 3 * STOREY, Slot.GLASS, parapet=_PARAPET)
    solids.prism(_ring(a - 2.4, 18), 0, top - 3 * STOREY, Slot.GLASS, parapet=_PARAPET)
    solids.prism(_ring(a - 4.6, 18), 0, top, Slot.GLASS, parapet=2.0)
    solids.prism(_ring(3.0, 8), top - 2, top + 3.5, blank=range(8))
    return solids


def _crowned() -> Solids:
    """Return the tallest: a shaft that narrows three times, with a lantern and a mast."""
    solids, shape = Solids(), SHAPES[Model.CROWNED]
    a, top = shape.length / 2, shape.storeys * STOREY
    solids.box((-a, a), (-a, a), (0, 5 * STOREY), house=0.5, parapet=_PARAPET)
    for share, inset, slot in ((0.6, 3.0, Slot.GLASS), (0.82, 5.4, Slot.GLASS), (1.0, 8.4, Slot.GLASS)):
        solids.prism(_chamfered(a - inset, a - inset, 2.4 + inset / 3), 0, share * top, slot, parapet=1.2)
    solids.prism(_ring(5.0, 8), top - 1.2, top + 9, Slot.GLASS)
    solids.prism(_ring(0.5, 5), top + 9, top + 34, blank=range(5))
    return solids


def _hall() -> Solids:
    """Return a hall for goods or sport, with strips of rooflights."""
    solids, shape = Solids(), SHAPES[Model.HALL]
    a, b, high = shape.length / 2, shape.width / 2, shape.storeys * STOREY - 1.0
    solids.box((-a, a - 12), (-b, b), (0, high), blank=(0, 2, 3), parapet=0.5)
    solids.box((a - 12, a), (-b, b), (0, high - 1.5), parapet=0.5, house=0.3)
    for k in range(6):
        x = -a + 5 + k * 8.0
        solids.box((x - 1.2, x + 1.2), (-b + 4, b - 4), (high - 0.5, high + 0.5), Slot.GLASS, roof=Slot.GLASS)
    _plant(solids, a - 6, 0.0, high - 2.0, _shares(Model.HALL, 12), 7.0)
    return solids


def _house(flat: bool) -> Solids:
    """Return one house of its own."""
    model = Model.FLAT_HOUSE if flat else Model.HOUSE
    solids, shape = Solids(), SHAPES[model]
    a, b, high = shape.length / 2, shape.width / 2, shape.storeys * STOREY
    if flat:
        solids.box((-a, a), (-b, b), (0, high), parapet=_PARAPET)
        _plant(solids, 0.0, 0.0, high - _PARAPET, _shares(model, 12), 5.0)
    else:
        solids.box((-a + 0.4, a - 0.4), (-b + 0.4, b - 0.4), (0, high), roof=Slot.TILES)
        solids.gable((-a + 0.4, a - 0.4), (-b + 0.4, b - 0.4), high, high + 3.6, True, 0.0)
        solids.box((3.0, 3.8), (0.6, 1.7), (high, high + 4.2), blank=range(4))
    return solids


def _office() -> Solids:
    """Return offices about a court, with a top storey set back."""
    solids, shape = Solids(), SHAPES[Model.OFFICE]
    a, b, high = shape.length / 2, shape.width / 2, shape.storeys * STOREY
    solids.box((-a, a), (-b, -b + 13), (0, high), Slot.GLASS, parapet=_PARAPET)
    solids.box((-a, -a + 13), (-b + 13, b), (0, high - STOREY), parapet=_PARAPET)
    solids.box((a - 13, a), (-b + 13, b), (0, high - 2 * STOREY), parapet=_PARAPET)
    solids.box((-a + 13, a - 13), (-b + 13, b), (0, STOREY * 1.3), parapet=_PARAPET)
    solids.box((-a + 3, a - 3), (-b + 2.5, -b + 10.5), (high - _PARAPET, high + STOREY), Slot.GLASS)
    _plant(solids, -a + 6.5, 4.0, high - STOREY - _PARAPET, _shares(Model.OFFICE, 12), 6.0)
    return solids


MAKERS: dict[Model, Callable[[], Solids]] = {
    **{model: partial(_yard, model) for model in (Model(k) for k in range(Model.YARD_A, Model.YARD_E + 1))},
    Model.VILLAS_A: partial(_villas, Model.VILLAS_A),
    Model.VILLAS_B: partial(_villas, Model.VILLAS_B),
    Model.SLAB: _slab,
    Model.POINT: _point,
    Model.STEPPED: _stepped,
    Model.GLASS: _glass,
    Model.GLASS_SLAB: _glass_slab,
    Model.ROUND: _round,
    Model.CROWNED: _crowned,
    Model.HALL: _hall,
    Model.HOUSE: partial(_house, False),
    Model.OFFICE: _office,
    Model.FLAT_HOUSE: partial(_house, True),
}
"""Each with how it is made."""
