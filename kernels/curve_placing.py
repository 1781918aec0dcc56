"""People along curves, Bézier's or any: at equal distances by arc length, in one file or several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from .places import (
    ROUNDING,
    STANDING_SPACING,
    TOLERANCE,
    FormationError,
    Places,
    check_request,
    in_proportion,
    minimum_distance,
    threads,
)

_STEPS = 256  # of one Bézier curve
_SAMPLES = 4  # of a line, in the spacing
_MOST_SAMPLES = 400_000
_WIDEST = 170.0  # metres: strands beside each other cover no more than the field
_LOOSER = (1.0, 1.003, 1.01, 1.03, 1.07, 1.15, 1.3, 1.5)
_CLOSED = 1e-6
_SHORTEST = 1e-3  # metres of a curve on which somebody can be said to stand
_WORTH_TRYING = 0.9  # of the people: where so many stand at once, all may with some care


class _Line(NamedTuple):
    """A line in small steps: points (K, 2), the length up to each, and whether it ends where it begins."""

    points: NDArray[np.float64]
    along: NDArray[np.float64]
    closed: bool

    @property
    def length(self) -> float:
        return float(self.along[-1])


def bezier(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw a Bézier curve, or a chain of cubic ones that share their ends, as a line of small steps.

    Parameters
    ----------
    points
        Control points, shape (K, 2). Two make a straight line, three a quadratic curve; 4, 7, 10 … make a
        chain of cubic curves.

    Returns
    -------
    ndarray of float64
        Shape (M, 2); it begins and ends at the first and the last control point.

    Raises
    ------
    ValueError
        For a number of points that makes no such curve.
    """
    controls = np.asarray(points, dtype=np.float64)
    if controls.ndim != 2 or controls.shape[1] != 2 or len(controls) < 2:
        raise ValueError(f"a curve needs 2 control points or more, (K, 2), not {controls.shape}")
    if len(controls) > 3 and len(controls) % 3 != 1:
        raise ValueError(
            "a curve has 2 or 3 control points, or 4, 7, 10 … for a chain of cubic curves,"
            f" not {len(controls)}"
        )
    degree = min(len(controls) - 1, 3)
    share = np.linspace(0.0, 1.0, _STEPS + 1)[:, None]
    pieces = []
    for first in range(0, len(controls) - 1, degree):
        weights = [
            math.comb(degree, power) * share**power * (1.0 - share) ** (degree - power)
            for power in range(degree + 1)
        ]
        drawn = sum(weight * controls[first + power] for power, weight in enumerate(weights))
        pieces.append(np.asarray(drawn)[(1 if first else 0) :])
    return np.concatenate(pieces)


def along(
    count: int,
    curves: Sequence[NDArray[np.float64]],
    strands: int | None = None,
    gap: float | None = None,
    spacing: float = STANDING_SPACING,
) -> Places:
    """Place people along curves, at equal distances by arc length.

    Where a curve comes back to itself, or meets another, those who would stand too near are left out, and the
    others stand closer.

    Parameters
    ----------
    count
        People to place.
    curves
        Each of shape (K, 2), metres on the field, K at least 2: a line of small steps, as of `bezier`. One
        that ends where it begins is closed.
    strands
        Files of people beside each other along each curve, which runs in their middle. None: as few as hold
        everyone.
    gap
        Metres between two strands; None: `spacing`.
    spacing
        Least metres between two people.

    Returns
    -------
    Places
        Shape (count, 2), metres, in the order of the curves, strand by strand.

    Raises
    ------
    FormationError
        If there is no curve of any length, a number is out of range, or fewer than `count` fit.
    """
    check_request(count, spacing)
    apart = spacing if gap is None else gap
    if not spacing - TOLERANCE <= apart < math.inf or (strands is not None and strands < 1):
        raise FormationError(
            f"curves need 1 strand or more, at least the spacing of {spacing:g} m apart,"
            f" not {strands} strands {apart:g} m apart",
            asked=count,
        )
    middle = [_line(np.asarray(curve, dtype=np.float64), spacing) for curve in curves]
    middle = [line for line in middle if line.length >= _SHORTEST]
    if not middle:
        raise FormationError("the curve has no length: nowhere to stand", asked=count, fits=0)
    beside = [_Strands(line, apart, spacing) for line in middle]
    fits = 0
    if strands is not None:
        places, fits = _fill(count, _lines(beside, strands), spacing)
        if places is not None:
            return places
    else:
        rooms: list[int] = []
        for number in range(1, max(1, int(_WIDEST / apart)) + 1):
            lines = _lines(beside, number)
            rooms.append(sum(_numbers(lines, spacing)))
            if rooms[-1] >= count:
                held = _held(count, lines, spacing)
                fits = max(fits, held)
                if held >= count:
                    places, _ = _fill(count, lines, spacing)
                    if places is not None:
                        return places
        # How many fit is asked only of strands that may hold more than others do.
        for number, room in sorted(enumerate(rooms, 1), key=lambda one: -one[1]):
            if fits < room < count:
                fits = max(fits, _held(count, _lines(beside, number), spacing))
    length = sum(line.length for line in middle)
    raise FormationError(
        f"{length:.1f} m of curve hold {fits} people {spacing:g} m apart"
        + (f" in {strands} strands" if strands and strands > 1 else "")
        + f", not {count}: make the curve longer, or ask for "
        + ("more strands or less spacing" if strands else "less spacing"),
        asked=count,
        fits=fits,
    )


def _line(points: NDArray[np.float64], spacing: float) -> _Line:
    """Cut a line into steps that are small beside the spacing, without moving its corners."""
    if points.ndim != 2 or points.shape[1:] != (2,) or not np.isfinite(points).all():
        raise ValueError(f"a curve is (K, 2) finite metres, not {points.shape}")
    moved = np.ones(len(points), dtype=bool)
    moved[1:] = (np.diff(points, axis=0) != 0).any(axis=1)
    points = points[moved]
    lengths = np.hypot(*np.diff(points, axis=0).T)
    total = float(lengths.sum())
    step = max(spacing / _SAMPLES, total / _MOST_SAMPLES)
    parts = np.maximum(np.ceil(lengths / step).astype(np.int64), 1)
    first = np.repeat(np.arange(len(lengths)), parts)
    rank = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts)
    share = (rank / parts[first])[:, None]
    fine = np.concatenate([points[first] * (1.0 - share) + points[first + 1] * share, points[-1:]])
    return _measured(fine, bool(total > 0 and np.hypot(*(points[-1] - points[0])) < _CLOSED))


def _measured(points: NDArray[np.float64], closed: bool) -> _Line:
    along_line = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    return _Line(points, along_line, closed)


class _Strands:
    """The strands that run beside a line, each worked out once."""

    def __init__(self, line: _Line, gap: float, spacing: float) -> None:
        self._line, self._gap, self._spacing = line, gap, spacing
        ahead = np.diff(line.points, axis=0)
        ahead /= np.hypot(*ahead.T)[:, None]
        before, after = (ahead[-1:], ahead[:1]) if line.closed else (ahead[:1], ahead[-1:])
        towards = np.concatenate([before, ahead]) + np.concatenate([ahead, after])
        towards /= np.maximum(np.hypot(*towards.T), 1e-12)[:, None]
        self._aside = np.stack([-towards[:, 1], towards[:, 0]], axis=1)
        self._tree = KDTree(line.points)
        self._known: dict[int, list[_Line]] = {0: [line]}

    def of(self, number: int) -> list[_Line]:
        """Return so many strands, the line in their middle."""
        found: list[_Line] = []
        for halves in range(1 - number, number, 2):
            if halves not in self._known:
                self._known[halves] = self._at(halves / 2.0 * self._gap)
            found += self._known[halves]
        return found

    def _at(self, offset: float) -> list[_Line]:
        """Return the line moved aside; where it bends too narrowly for that, there is a gap."""
        points = self._line.points + self._aside * offset
        # What is nearer to the line than its strand ought to be belongs to a bend that is too narrow.
        reach = abs(offset) + self._spacing
        nearest = self._tree.query(points, distance_upper_bound=reach, workers=threads(len(points)))[0]
        near = nearest < abs(offset) * 0.999 - 1e-3
        if not near.any():
            return [_measured(points, self._line.closed)]
        edges = np.flatnonzero(np.diff(np.concatenate([[True], near, [True]]).astype(np.int8)))
        pieces = zip(edges[::2], edges[1::2], strict=True)
        return [_measured(points[begin:end], closed=False) for begin, end in pieces if end - begin > 1]


def _lines(beside: list[_Strands], number: int) -> list[_Line]:
    return [line for strands in beside for line in strands.of(number)]


def _numbers(lines: list[_Line], pitch: float) -> list[int]:
    """Return how many people each line holds, were it straight and far from the others."""
    return [
        max(int(line.length / pitch + ROUNDING), 1)
        if line.closed
        else int(line.length / pitch + ROUNDING) + 1
        for line in lines
    ]


def _held(count: int, lines: list[_Line], spacing: float) -> int:
    """Return how many stand at once; more pitches are tried only where nearly everyone does."""
    held = len(_standing(lines, spacing * _LOOSER[1], spacing))
    for looser in (_LOOSER[0], _LOOSER[3]):
        if _WORTH_TRYING * count <= held < count:
            held = max(held, len(_standing(lines, spacing * looser, spacing)))
    return held


def _fill(count: int, lines: list[_Line], spacing: float) -> tuple[Places | None, int]:
    """Return everyone's place, or None and how many people the lines hold."""
    if sum(_numbers(lines, spacing)) >= count:
        room = np.array(
            [
                max(line.length / spacing, 1.0) if line.closed else line.length / spacing + 1.0
                for line in lines
            ]
        )
        shares = in_proportion(count, room)
        places = np.concatenate([_evenly(line, int(n)) for line, n in zip(lines, shares, strict=True)])
        if minimum_distance(places) >= spacing - TOLERANCE:
            return places, count

    fits, loosest = 0, 0.0
    for looser in _LOOSER:
        held = len(_standing(lines, spacing * looser, spacing))
        fits = max(fits, held)
        if held >= count:
            loosest = spacing * looser
    if fits < count:
        return None, fits
    tight, wide = loosest, max(loosest, 2.0 * float(sum(line.length for line in lines)) / count)
    best = _standing(lines, tight, spacing)
    for _ in range(10):
        pitch = (tight + wide) / 2.0
        places = _standing(lines, pitch, spacing)
        if len(places) >= count:
            tight, best = pitch, places
        else:
            wide = pitch
    return best[:count], fits


def _standing(lines: list[_Line], pitch: float, spacing: float) -> Places:
    """Stand at a pitch along each line, without those who would be too near to others."""
    numbers = _numbers(lines, pitch)
    if not any(numbers):
        return np.empty((0, 2))
    places = np.concatenate([_evenly(line, number) for line, number in zip(lines, numbers, strict=True)])
    return _thinned(places, spacing)


def _evenly(line: _Line, number: int) -> Places:
    """Stand on a line from end to end; alone in its middle."""
    if number == 1 and not line.closed:
        at = np.array([line.length / 2.0])
    else:
        at = np.arange(number) * (line.length / max(number if line.closed else number - 1, 1))
    return np.stack([np.interp(at, line.along, line.points[:, axis]) for axis in range(2)], axis=1)


def _thinned(places: Places, spacing: float) -> Places:
    """Leave those out who are too near to one before them who stays."""
    pairs = KDTree(places).query_pairs(spacing - TOLERANCE, output_type="ndarray")
    if not len(pairs):
        return places
    stays = np.ones(len(places), dtype=bool)
    for first, second in pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))].tolist():
        if stays[first]:
            stays[second] = False
    staying: Places = places[stays]
    return staying
