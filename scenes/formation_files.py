"""Tables of places: where each of a troupe's people stands, from a CSV file."""

from __future__ import annotations

import csv
import io
import math
import re
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from ..kernels.places import TOLERANCE, Places
from .check_files import FileProblem
from .errors import listing, nearest_name, quoted

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 16 << 20
"""Bytes of a table at most."""
FARTHEST = 1000.0
"""Metres from the formation's place at which somebody surely is not meant to stand."""
_MOST_PLACES = 80_000
_AXES = ("x", "y")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")


def read_places(path: Path, name: str, count: int, spacing: float) -> Places:
    """Read a table of places: CSV in UTF-8 with a header that has the columns x and y.

    Parameters
    ----------
    path : Path
    name : str
        What the show calls the file.
    count : int
        People, and so the rows that there must be.
    spacing : float
        Least metres between two of them.

    Returns
    -------
    Places
        Shape (count, 2), metres east and north, in the order of the table. Other columns are not read.

    Raises
    ------
    FileProblem
        With the line, when the table cannot be read, a number is none, there are too few or too many places,
        or two of them are the same or too near to each other.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise FileProblem(f"{quoted(name)} cannot be read ({quoted(why)})") from None
    if len(content) > LARGEST_FILE:
        raise FileProblem(f"{quoted(name)} is too large; a table has at most {LARGEST_FILE >> 20} MB")
    lines, places = _listed(content, name)
    if len(places) != count:
        more = (
            f"{count - len(places):,} too few" if len(places) < count else f"{len(places) - count:,} too many"
        )
        where = f", line {lines[count]}" if len(places) > count else ""
        raise FileProblem(
            f"{quoted(name)}{where}: {len(places):,} places for {count:,} people, {more}: "
            f"write count: {len(places)}, or put the table right"
        )
    _check_apart(np.array(places), lines, name, spacing)
    return np.array(places, dtype=np.float64)


def _listed(content: bytes, name: str) -> tuple[list[int], list[tuple[float, float]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _wrong(name, line, "this is not UTF-8 text; export the table as UTF-8") from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[int] = []
    places: list[tuple[float, float]] = []
    columns: tuple[int, int] | None = None
    width = 0
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if columns is None:
                columns, width = _header(fields, name, reader.line_num), len(fields)
                continue
            if len(fields) != width:
                hint = "; write numbers with a point, not a comma" if delimiter == "," else ""
                raise _wrong(name, reader.line_num, f"{len(fields)} fields, but the header has {width}{hint}")
            if len(places) >= _MOST_PLACES:
                raise _wrong(name, reader.line_num, f"more than {_MOST_PLACES:,} places")
            x, y = (
                _metres(fields[column].strip(), axis, name, reader.line_num)
                for column, axis in zip(columns, _AXES, strict=True)
            )
            lines.append(reader.line_num)
            places.append((x, y))
    except csv.Error as error:
        raise _wrong(name, reader.line_num, f"this is not a table ({error})") from None
    if columns is None:
        raise FileProblem(f"{quoted(name)} is empty; it begins with a header: x,y")
    return lines, places


def _wrong(name: str, line: int, what: str) -> FileProblem:
    return FileProblem(f"{quoted(name)}, line {line}: {what}")


def _header(fields: list[str], name: str, line: int) -> tuple[int, int]:
    names = [field.strip().casefold() for field in fields]
    for axis in _AXES:
        if names.count(axis) > 1:
            raise _wrong(name, line, f"the header has {axis!r} twice")
    missing = [axis for axis in _AXES if axis not in names]
    if missing:
        near = nearest_name(missing[0], [other for other in names if other not in _AXES])
        hint = f" (it has {quoted(near)})" if near else ""
        raise _wrong(name, line, f"the header lacks {listing(missing)}{hint}; it names x and y, in metres")
    return names.index("x"), names.index("y")


def _metres(text: str, axis: str, name: str, line: int) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        hint = f"; write numbers with a point: {text.replace(',', '.', 1)}" if "," in text else ""
        raise _wrong(name, line, f"{axis} is {quoted(text)}, not a number of metres{hint}")
    if abs(float(text)) > FARTHEST:
        raise _wrong(
            name,
            line,
            f"{axis} is {quoted(text)}, far outside the field; places are metres, within {FARTHEST:g}",
        )
    return float(text)


def _check_apart(places: Places, lines: list[int], name: str, spacing: float) -> None:
    if len(places) < 2:
        return
    order = np.lexsort((np.arange(len(places)), places[:, 1], places[:, 0]))
    same = (places[order[1:]] == places[order[:-1]]).all(axis=1)
    if same.any():
        # The repetition that comes first in the table.
        again = int(order[1:][same].min())
        former = int(np.flatnonzero((places == places[again]).all(axis=1))[0])
        x, y = places[again].tolist()
        raise _wrong(
            name,
            lines[again],
            f"the place {x:g}, {y:g} m stands twice, first in line {lines[former]}"
            + (f"; {int(same.sum())} places are repeated" if same.sum() > 1 else ""),
        )
    distance, other = KDTree(places).query(places, k=2)
    near = int(np.argmin(distance[:, 1]))
    if distance[near, 1] < spacing - TOLERANCE:
        one, two = sorted((lines[near], lines[int(other[near, 1])]))
        crowded = int((distance[:, 1] < spacing - TOLERANCE).sum())
        raise _wrong(
            name,
            two,
            f"this place is {distance[near, 1]:.3g} m from the one in line {one}, and {crowded} people in all"
            f" are nearer to each other than the spacing of {spacing:g} m; move them or write less 'spacing'",
        )
