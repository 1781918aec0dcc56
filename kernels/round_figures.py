"""Round figures: people on rings, arcs and spirals, at equal distances along them.

Where one file of people is too short to hold them all, each line becomes several files deep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .places import (
    LARGEST_RADIUS,
    ROUNDING,
    STANDING_SPACING,
    TOLERANCE,
    FormationError,
    Places,
    check_request,
    from_viewer,
    in_proportion,
    minimum_distance,
)

_STEPS = 1 << 15  # of the table from length to place
_GOLDEN = 0.6180339887498949


class _File(NamedTuple):
    """One file of people along a curve: how many it holds, and where any number of them stands (N, 2)."""

    room: float
    place: Callable[[int], Places]


def rings(
    count: int, rings: int = 5, radius: float | None = None, spacing: float = STANDING_SPACING
) -> Places:
    """Place people on rings about one centre, at equal distances along them.

    Parameters
    ----------
    count
        People to place.
    rings
        Rings; their radii are equal steps. One ring is as many files deep as it must be.
    radius
        Of the outermost ring, metres. None: the smallest with which gaps are as wide as rings, up to
        `LARGEST_RADIUS`; people then stand about `spacing` apart.
    spacing
        Least metres between two people.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is not positive, or fewer than `count` fit.
    """
    check_request(count, spacing)
    if rings < 1 or not (radius is None or radius > 0):
        raise FormationError("rings need a number of 1 or more and a positive radius", asked=count)

    def files(outer: float, deep: int) -> list[_File]:
        step = outer / rings
        radii = [step * ring - spacing * file for ring in range(rings, 0, -1) for file in range(deep)]
        # Each file starts elsewhere: people at one angle in all would make a line that nobody drew.
        return [
            _File(np.pi / np.arcsin(min(spacing / (2.0 * r), 1.0)), _circle(r, number * _GOLDEN))
            for number, r in enumerate(radii)
        ]

    def deepest(outer: float) -> int:
        return int(outer / rings / spacing + TOLERANCE)

    return _round_figure(count, radius, spacing, files, deepest, f"{rings} rings")


def spiral(
    count: int, turns: float = 5.0, radius: float | None = None, spacing: float = STANDING_SPACING
) -> Places:
    """Place people along the spiral of Archimedes, at equal distances along it.

    Parameters
    ----------
    count
        People to place.
    turns
        How many times it winds around the centre.
    radius
        Of its outer end, metres. None: the smallest with which gaps are as wide as the arm, up to
        `LARGEST_RADIUS`.
    spacing
        Least metres between two people.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is not positive, or fewer than `count` fit.
    """
    check_request(count, spacing)
    if not turns > 0 or not (radius is None or radius > 0):
        raise FormationError("a spiral needs positive turns and a positive radius", asked=count)

    def pitch(outer: float) -> float:
        return outer / (turns + 1.0)  # the inner end is one pitch from the centre

    def files(outer: float, deep: int) -> list[_File]:
        growth = pitch(outer) / (2.0 * np.pi)  # metres a radian
        innermost = max(pitch(outer) - 1.2 * spacing * (deep - 1), spacing / 2.0)
        # A radius is not square to the arm: files a radial step apart are closer than that.
        step = spacing * np.hypot(1.0, growth / innermost)
        inner = [pitch(outer) - step * file for file in range(deep)]
        return [_arm(growth, r, r + growth * 2.0 * np.pi * turns, spacing) for r in inner if r > 0]

    def deepest(outer: float) -> int:
        return int((pitch(outer) - spacing) / spacing / 1.2 + TOLERANCE)

    return _round_figure(count, radius, spacing, files, deepest, f"a spiral of {turns:g} turns")


def arcs(
    count: int,
    arcs: int = 3,
    radius: float | None = None,
    first: float = -np.pi / 3.0,
    last: float = np.pi / 3.0,
    gap: float | None = None,
    spacing: float = STANDING_SPACING,
) -> Places:
    """Place people on arcs about one centre, from end to end, at equal distances along them.

    Parameters
    ----------
    count
        People to place.
    arcs
        How many; each is as many files deep as it must be.
    radius
        Of the outermost arc, metres. None: the smallest that holds everyone, up to `LARGEST_RADIUS`.
    first, last
        Radians at which the arcs begin and end: 0 is away from the viewer in the west, a quarter turn their
        right. At most a whole turn apart.
    gap
        Metres from one arc to the next. None: equal steps from the centre outwards.
    spacing
        Least metres between two people.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is out of range, or fewer than `count` fit.
    """
    check_request(count, spacing)
    swept = last - first
    if not 0 < swept <= 2.0 * np.pi + ROUNDING:
        raise FormationError(
            f"arcs turn from the first angle to a larger one, at most 360 degrees on, not from"
            f" {np.degrees(first):g} to {np.degrees(last):g}",
            asked=count,
        )
    if arcs < 1 or any(not (metres is None or metres > 0) for metres in (radius, gap)):
        raise FormationError("arcs need a number of 1 or more, a positive radius and gap", asked=count)
    if radius is not None and gap is not None and not radius > gap * (arcs - 1):
        raise FormationError(
            f"{arcs} arcs {gap:g} m apart need an outer radius above {gap * (arcs - 1):g} m,"
            f" not {radius:g} m",
            asked=count,
        )

    def step(outer: float) -> float:
        return outer / arcs if gap is None else gap

    def files(outer: float, deep: int) -> list[_File]:
        radii = [outer - step(outer) * arc - spacing * file for arc in range(arcs) for file in range(deep)]
        return [_arc(r, first, swept, spacing) for r in radii if r > 0]

    def deepest(outer: float) -> int:
        if outer <= step(outer) * (arcs - 1):
            return 0
        return int(min(step(outer) if arcs > 1 else outer, outer) / spacing + TOLERANCE)

    return _round_figure(count, radius, spacing, files, deepest, f"{arcs} arcs")


def _round_figure(
    count: int,
    radius: float | None,
    spacing: float,
    files: Callable[[float, int], list[_File]],
    deepest: Callable[[float], int],
    name: str,
) -> Places:
    """Fill a round figure, with the fewest files that hold everyone, and without a radius the smallest."""

    def room(outer: float, deep: int) -> int:
        return sum(int(file.room + ROUNDING) for file in files(outer, deep))

    if radius is None:
        small, radius = 0.0, LARGEST_RADIUS
        for _ in range(40):
            middle = (small + radius) / 2.0
            depth = deepest(middle)
            if depth >= 2 and room(middle, max(1, depth // 2)) >= count:
                radius = middle
            else:
                small = middle
    fits = 0
    for deep in range(1, deepest(radius) + 1):
        chosen = files(radius, deep)
        places = _fill(chosen, min(count, room(radius, deep)))
        if minimum_distance(places) >= spacing - TOLERANCE:
            fits = max(fits, len(places))
        if fits == count:
            return places
    raise FormationError(
        f"{name} of {radius:.1f} m radius hold {fits} people {spacing:g} m apart, not {count}:"
        " ask for a larger radius or less spacing",
        asked=count,
        fits=fits,
    )


def _fill(files: list[_File], count: int) -> Places:
    room = np.array([file.room for file in files])
    return np.concatenate(
        [file.place(int(number)) for file, number in zip(files, in_proportion(count, room), strict=True)]
    )


def _circle(radius: float, first: float) -> Callable[[int], Places]:
    def place(number: int) -> Places:
        angle = (np.arange(number) + first) * 2.0 * np.pi / max(number, 1)
        return from_viewer(radius * np.sin(angle), radius * np.cos(angle))

    return place


def _arm(growth: float, inner: float, outer: float, spacing: float) -> _File:
    """One arm of r = growth · angle, between two radii; its length is known in closed form."""
    angle = np.linspace(inner, outer, _STEPS) / growth
    arc = growth / 2.0 * (angle * np.sqrt(1.0 + angle**2) + np.arcsinh(angle))
    length = float(arc[-1] - arc[0])

    def place(number: int) -> Places:
        share = np.arange(number) / (number - 1) if number > 1 else np.full(number, 0.5)
        at = np.interp(arc[0] + share * length, arc, angle)
        radius, turned = growth * at, at - inner / growth
        return from_viewer(radius * np.sin(turned), radius * np.cos(turned))

    return _File(length / (spacing * 1.02) + 1.0, place)


def _arc(radius: float, first: float, swept: float, spacing: float) -> _File:
    """Part of a circle; its ends are the same place if it is a whole one."""
    step = 2.0 * np.arcsin(min(spacing / (2.0 * radius), 1.0))
    whole = swept > 2.0 * np.pi - step

    def place(number: int) -> Places:
        parts = number if whole else number - 1
        share = np.arange(number) / parts if parts else np.full(number, 0.5)
        angle = first + share * swept
        return from_viewer(radius * np.sin(angle), radius * np.cos(angle))

    return _File(2.0 * np.pi / step if whole else swept / step + 1.0, place)
