"""Seat maps from files: a CSV table or an SVG drawing, read into seats and laid on a raster."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from typing import TYPE_CHECKING

from .errors import YamlPath, listing, nearest_name, quoted
from .seat_raster import ListedSeat, lay_on_raster
from .seat_svg import drawn_seats
from .seats import SeatMap, SeatsError

if TYPE_CHECKING:
    from pathlib import Path

    from ..kernels.bowl import Bowl

LARGEST_FILE = 64 << 20
"""Bytes of a seat map at most."""
MOST_SEATS = 400_000
FARTHEST = 1000.0
"""Metres from the field's centre at which a seat is surely a mistake."""
_LOWEST, _HIGHEST = -50.0, 200.0
_COLUMNS = ("seat", "section", "row", "number", "x", "y", "z")
_PLACE = ("x", "y", "z")
_TICKET = ("section", "row", "number")
_AT: YamlPath = ("seats", "file")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_LONGEST_LABEL = 32


def read_seats(path: Path, bowl: Bowl) -> SeatMap:
    """Read a seat map.

    Parameters
    ----------
    path : Path
        ``.csv`` (UTF-8, or UTF-16 with its mark, with a header: seat, section, row, number, x, y, z in any
        order; metres) or ``.svg``.
    bowl : Bowl
        The stadium, into whose east stand a drawing is put.

    Returns
    -------
    SeatMap

    Raises
    ------
    SeatsError
        When the file cannot be read, or holds no seats, seats twice, or seats where none can be.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".svg"}:
        raise SeatsError(f"{quoted(path.name)} is not a seat map that is read: a .csv or an .svg is", _AT)
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise SeatsError(f"the seat map {quoted(path.name)} cannot be read ({why})", _AT) from None
    if len(content) > LARGEST_FILE:
        raise SeatsError(
            f"{quoted(path.name)} is too large; a seat map has at most {LARGEST_FILE >> 20} MB", _AT
        )
    try:
        listed = listed_seats(content) if suffix == ".csv" else drawn_seats(content, bowl)
        _check(listed)
        return lay_on_raster(listed)
    except SeatsError as error:
        raise SeatsError(f"{quoted(path.name)}: {error}", _AT, error.nearest) from None


def listed_seats(content: bytes) -> list[ListedSeat]:
    """Read the seats of a CSV table.

    Raises
    ------
    SeatsError
        With the line of what is wrong.
    """
    text = _decoded(content)
    # Spreadsheets may say in a line of its own what parts the fields.
    said = re.match(r'"?sep=([,;\t|])"?\r?\n', text)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = said[1] if said else max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    seats: list[ListedSeat] = []
    header: dict[str, int] | None = None
    width = 0
    try:
        for fields in reader:
            line = reader.line_num
            if not any(field.strip() for field in fields) or (said and line == 1):
                continue
            if header is None:
                header, width = _header(fields, line), len(fields)
                continue
            if len(fields) != width:
                hint = "; write numbers with a point, not a comma" if delimiter == "," else ""
                raise SeatsError(f"line {line}: {len(fields)} fields, but the header has {width}{hint}")
            if len(seats) >= MOST_SEATS:
                raise SeatsError(f"line {line}: more than {MOST_SEATS:,} seats")
            # Where a comma does not part fields, it can only be a decimal one.
            seats.append(_row(fields, header, line, decimal_comma=delimiter != ","))
    except csv.Error as error:
        raise SeatsError(f"line {reader.line_num}: this is not a table ({error})") from None
    if header is None:
        raise SeatsError("the table is empty; it begins with a header: " + ", ".join(_COLUMNS))
    return seats


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SeatsError(f"this is not UTF-16 text ({error.reason}); export the table as UTF-8") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SeatsError(
            f"line {line}: this is not UTF-8 text (byte 0x{content[error.start]:02x}); "
            "export the table as UTF-8"
        ) from None


def _header(fields: list[str], line: int) -> dict[str, int]:
    names = [re.sub(r"\s*[(\[]m[)\]]$", "", field.strip().casefold()) for field in fields]
    header: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in _COLUMNS and name in header:
            raise SeatsError(f"line {line}: the header has {name!r} twice")
        header[name] = index
    missing = [name for name in _PLACE if name not in header]
    if "seat" not in header:
        missing += [name for name in _TICKET if name not in header]
    if missing:
        near = nearest_name(missing[0], [name for name in names if name not in _COLUMNS])
        hint = f" (it has {quoted(near)})" if near else ""
        raise SeatsError(
            f"line {line}: the header lacks {listing(missing)}{hint}; it names {', '.join(_COLUMNS)}"
        )
    return header


def _row(fields: list[str], header: dict[str, int], line: int, *, decimal_comma: bool) -> ListedSeat:
    ticket = [fields[header[name]].strip() if name in header else "" for name in _TICKET]
    name = fields[header["seat"]].strip() if "seat" in header else ""
    if name and not all(ticket):
        parts = name.split("-")
        if len(parts) != 3 and any(not label for label in ticket):
            missing = next(key for key, label in zip(_TICKET, ticket, strict=True) if not label)
            raise SeatsError(
                f"line {line}: the {missing} is missing, and the seat {quoted(name)} does not say it "
                "as 'C-12-7' does"
            )
        ticket = [label or part for label, part in zip(ticket, parts, strict=True)]
    for key, label in zip(_TICKET, ticket, strict=True):
        if not label:
            raise SeatsError(f"line {line}: the {key} is missing")
    written = [fields[header[axis]].strip() for axis in _PLACE]
    if decimal_comma:
        written = [text.replace(",", ".", 1) for text in written]
    place = [_metres(text, axis, line) for text, axis in zip(written, _PLACE, strict=True)]
    section, row, number = ticket
    return ListedSeat(name or "-".join(ticket), section, row, number, (place[0], place[1], place[2]), line)


def _metres(text: str, axis: str, line: int) -> float:
    if _NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
    if _NUMBER.fullmatch(text.replace(",", ".", 1)) and "," in text:
        raise SeatsError(
            f"line {line}: {axis} is {quoted(text)}; write numbers with a point: {text.replace(',', '.', 1)}"
        )
    raise SeatsError(f"line {line}: {axis} is {quoted(text)}, not a number of metres")


def _check(seats: list[ListedSeat]) -> None:
    """Refuse no seats, names that cannot be, seats that stand twice, and seats that are nowhere near."""
    if not seats:
        raise SeatsError("there are no seats in it")
    lines: dict[str, int] = {}
    for seat in seats:
        for label in (seat.section, seat.row, seat.number):
            if len(label) > _LONGEST_LABEL or not label.isprintable():
                raise SeatsError(f"line {seat.line}: {quoted(label)} cannot be part of a seat's name")
        if len(seat.name) > 3 * _LONGEST_LABEL or not seat.name.isprintable():
            raise SeatsError(f"line {seat.line}: {quoted(seat.name)} cannot be the name of a seat")
        if seat.name in lines:
            raise SeatsError(
                f"line {seat.line}: the seat {quoted(seat.name)} stands twice, first in line "
                f"{lines[seat.name]}"
            )
        lines[seat.name] = seat.line
        x, y, z = seat.place
        if math.hypot(x, y) > FARTHEST or not _LOWEST <= z <= _HIGHEST:
            raise SeatsError(
                f"line {seat.line}: the seat {quoted(seat.name)} is at {x:g}, {y:g}, {z:g} m, far outside "
                f"the stadium; places are metres from the field's centre, within {FARTHEST:g} m"
            )
