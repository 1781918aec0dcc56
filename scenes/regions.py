"""Parts of the section: which seats a cue is for."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.grade import LUMINANCE
from ..kernels.oklab import srgb8_to_linear
from .errors import YamlPath, nearest_name, quoted
from .kept import file_state, kept
from .pages import Canvas, draw_page
from .schema_page import Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .load import LoadedShow
    from .schema_card_section import CardSection
    from .schema_cue import Where
    from .seats import SeatMap

    Members = NDArray[np.bool_]

MOST_INK = 0.5
"""Cover above which a cell counts as drawn, and light from which it lies in a mask."""


class RegionError(ValueError):
    """A part of the section that cannot be found, or is empty.

    Attributes
    ----------
    at : tuple of str and int
        Where in the `Where` the cause stands.
    nearest : str or None
        The nearest name.
    allowed : str
        What may stand there.
    """

    def __init__(
        self, message: str, at: YamlPath = (), *, nearest: str | None = None, allowed: str = ""
    ) -> None:
        self.at = at
        self.nearest = nearest
        self.allowed = allowed
        super().__init__(message)


def region(
    where: Where | None,
    section: CardSection,
    seats: SeatMap,
    loaded: LoadedShow,
    ink: NDArray[np.float32] | None = None,
) -> Members:
    """Return which seats lie in a part of the section.

    Parameters
    ----------
    where : Where or None
        None is everyone.
    section : CardSection
        Whose blocks may be named.
    seats : SeatMap
    loaded : LoadedShow
        Its folder holds the masks.
    ink : ndarray of float32, shape (rows, columns), optional
        How much of each cell the cue's own page covers, for `drawn`; without it `drawn` is passed over.

    Returns
    -------
    ndarray of bool, shape (N,)
        Always False where there is no seat.

    Raises
    ------
    RegionError
        For rows, columns, blocks or seats that are not there, and when nobody is left.
    PageError
        When a mask cannot be used.
    """
    if where is None:
        return seats.taken
    inside = _limits(where, seats, loaded)
    if where.block is not None:
        block = section.blocks.get(where.block)
        if block is None:
            raise RegionError(
                f"no block named {quoted(where.block)}",
                ("block",),
                nearest=nearest_name(where.block, section.blocks),
                allowed=", ".join(list(section.blocks)[:12]),
            )
        try:
            inside = inside & region(block, section, seats, loaded)
        except RegionError as error:
            raise RegionError(
                f"the block {quoted(where.block)} cannot be used: {error}", ("block",)
            ) from error
    if where.drawn and ink is not None:
        inside = inside & (ink.reshape(-1) > MOST_INK)
    if where.outside:
        inside = ~inside
    inside = inside & seats.taken
    if not inside.any():
        raise RegionError("nobody sits in this part of the section")
    return inside


def mask_light(relative: str, seats: SeatMap, loaded: LoadedShow) -> NDArray[np.uint8]:
    """Lay a picture over the section as pages are by default: sRGB on black, (rows, columns, 3).

    Raises
    ------
    PageError
        When it cannot be used.
    """
    page = Page(image=relative, on=(0, 0, 0))
    canvas = Canvas(seats.columns, seats.rows, seats.cell_aspect)
    key = ("mask", file_state(loaded.resolve(relative)), seats.columns, seats.rows, seats.cell_aspect)
    return kept.get(key, lambda: draw_page(page, canvas, loaded).picture)


def _limits(where: Where, seats: SeatMap, loaded: LoadedShow) -> Members:
    """Return what lies within rows, columns, polygon, mask and seats, all together; everything if none."""
    rows = _in_ranges(where.rows, seats.rows, "rows")
    columns = _in_ranges(where.columns, seats.columns, "columns")
    inside = rows[:, None] & columns[None, :]
    if where.polygon is not None:
        inside &= _in_polygon(where.polygon, seats)
    if where.mask is not None:
        light = srgb8_to_linear(mask_light(where.mask, seats, loaded))
        inside &= sum(share * light[..., k] for k, share in enumerate(LUMINANCE)) >= MOST_INK
    found: Members = inside.reshape(-1)
    if where.seats is not None:
        found = found & _named(where.seats, seats)
    return found


def _in_ranges(ranges: Iterable[tuple[int, int]] | None, count: int, axis: str) -> Members:
    if ranges is None:
        return np.ones(count, dtype=bool)
    inside = np.zeros(count, dtype=bool)
    for first, last in ranges:
        if last > count:
            reach = f"{first}-{last}" if last > first else f"{first}"
            raise RegionError(f"{reach} reaches outside the section, which has {axis} 1-{count}", (axis,))
        inside[first - 1 : last] = True
    return inside


def _in_polygon(corners: Iterable[tuple[float, float]], seats: SeatMap) -> Members:
    """Tell which cells' middles lie inside, by the even-odd rule."""
    points = np.array(list(corners))
    across = (np.arange(seats.columns) + 0.5) / seats.columns
    up = (np.arange(seats.rows) + 0.5) / seats.rows
    inside = np.zeros((seats.rows, seats.columns), dtype=bool)
    for (x, y), (next_x, next_y) in zip(points, np.roll(points, -1, axis=0), strict=True):
        crosses = (y > up) != (next_y > up)
        if crosses.any():
            edge = x + (up[crosses] - y) * ((next_x - x) / (next_y - y))
            inside[crosses] ^= across[None, :] < edge[:, None]
    return inside


def _named(names: Iterable[str], seats: SeatMap) -> Members:
    """Tell which seats are meant by names of seats, rows or sections, or ranges of seats or rows."""
    address = _Addresses(seats)
    inside = np.zeros(seats.taken.size, dtype=bool)
    for position, written in enumerate(names):
        words = re.split(r"\s*\.\.\s*", written.strip())
        ends = [address.cells(word, position) for word in words]
        if len(ends) == 1:
            inside[ends[0]] = True
            continue
        if len(ends) > 2:
            raise RegionError(
                f"{quoted(written)} is not a seat, nor a range of seats such as 'C-12-1..C-12-20'",
                ("seats", position),
            )
        of_rows = not any(word in address.seats for word in words)
        both = np.concatenate(ends)
        for part in ("section",) if of_rows else ("section", "row"):
            if np.unique(getattr(seats, part)[both]).size > 1:
                raise RegionError(
                    f"the range {quoted(written)} begins and ends in different {part}s", ("seats", position)
                )
        between = np.arange(both.min(), both.max() + 1)
        if of_rows:
            lines = both // seats.columns
            between = np.arange(lines.min() * seats.columns, (lines.max() + 1) * seats.columns)
        # Another section's seats may lie between.
        inside[between[seats.section[between] == seats.section[both[0]]]] = True
    return inside


class _Addresses:
    """Which cells are meant by the name of a seat, ``C-12-7``, a row, ``C-12``, or a section, ``C``."""

    def __init__(self, seats: SeatMap) -> None:
        self._map = seats
        self._taken = np.flatnonzero(seats.taken)
        self.seats = dict(zip(seats.name[self._taken].tolist(), self._taken.tolist(), strict=True))

    @functools.cached_property
    def _parts(self) -> dict[str, list[int]]:
        """The cells of each row and section; where both have one name, the section has it."""
        rows: dict[str, list[int]] = {}
        sections: dict[str, list[int]] = {}
        labels = (self._map.section[self._taken].tolist(), self._map.row[self._taken].tolist())
        for cell, section, row in zip(self._taken.tolist(), *labels, strict=True):
            rows.setdefault(f"{section}-{row}", []).append(cell)
            sections.setdefault(section, []).append(cell)
        return rows | sections

    def cells(self, name: str, position: int) -> NDArray[np.int64]:
        found = [self.seats[name]] if name in self.seats else self._parts.get(name)
        if found is not None:
            return np.array(found, dtype=np.int64)
        # Of a hundred thousand names, those of the same section and row are near enough to compare.
        stem = name.rpartition("-")[0].casefold()
        near = [known for known in self.seats if known.rpartition("-")[0].casefold() == stem]
        raise RegionError(
            f"no seat named {quoted(name)}, nor a row or a section",
            ("seats", position),
            nearest=nearest_name(name, near or [*self._parts, *self.seats]),
        )
