"""The lines of a drawing in SVG, along which people stand."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from ..kernels.curve_placing import bezier
from .check_files import FileProblem
from .errors import listing, nearest_name, quoted
from .pages.svg import Drawing
from .pages.svg_checks import SvgError
from .svg_transforms import IDENTITY, NUMBER, Matrix, TransformError, times, transform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Points = NDArray[np.float64]

# How many numbers each path command takes.
_COMMANDS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_NOT_SHOWN = ("defs", "symbol", "clipPath", "mask", "pattern", "marker")
_LINES = ("path", "polyline", "polygon", "line")
_ARC_STEPS = 256
_MOST_CURVES = 20_000


@dataclass
class _Reader:
    """Collects the lines of a drawing, in the units of its outermost element."""

    name: str
    wanted: str | None
    curves: list[Points] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    matrices: list[Matrix] = field(default_factory=lambda: [IDENTITY])
    hidden: int = 0
    inside: int = 0

    def read(self, markup: str) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.Parse(markup, True)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        kind, identity = tag.rpartition(" ")[2], attributes.get("id", "")
        written = attributes.get("transform", "")
        self.matrices.append(times(self.matrices[-1], self._matrix(written)))
        self.hidden += bool(self.hidden) or kind in _NOT_SHOWN
        if identity and (kind in _LINES or kind == "g"):
            self.ids.append(identity)
        self.inside += bool(self.inside) or (self.wanted is not None and identity == self.wanted)
        if kind in _LINES and not self.hidden and (self.wanted is None or self.inside):
            columns = np.reshape(self.matrices[-1], (3, 2))
            for points in self._drawn(kind, attributes):
                self.curves.append(points @ columns[:2] + columns[2])
            if len(self.curves) > _MOST_CURVES:
                raise self._wrong(f"more than {_MOST_CURVES:,} lines")

    def _end(self, _tag: str) -> None:
        self.matrices.pop()
        self.hidden -= bool(self.hidden)
        self.inside -= bool(self.inside)

    def _wrong(self, what: str) -> FileProblem:
        return FileProblem(f"{quoted(self.name)}, line {self.parser.CurrentLineNumber}: {what}")

    def _drawn(self, kind: str, attributes: dict[str, str]) -> Iterator[Points]:
        if kind == "path":
            yield from self._path(attributes.get("d", ""))
            return
        if kind == "line":
            ends = [attributes.get(key, "0").removesuffix("px") for key in ("x1", "y1", "x2", "y2")]
            numbers = [number for text in ends for number in self._numbers(text)]
        else:
            numbers = self._numbers(attributes.get("points", ""))
        points = np.array(numbers[: len(numbers) // 2 * 2]).reshape(-1, 2)
        if len(points) > 1:
            yield np.concatenate([points, points[:1]]) if kind == "polygon" else points

    def _numbers(self, text: str) -> list[float]:
        numbers = [float(number) for number in re.findall(NUMBER, text)]
        if re.sub(NUMBER, "", text).strip(" ,\t\r\n") or not all(map(math.isfinite, numbers)):
            raise self._wrong(f"{quoted(text)} is not a row of numbers")
        return numbers

    def _path(self, data: str) -> Iterator[Points]:
        """Yield each part of a path that is drawn without lifting the pen."""
        parts = re.findall(r"([A-Za-z])([^A-DF-Za-df-z]*)", data)
        if "".join(command + text for command, text in parts) != data.strip():
            raise self._wrong(f"{quoted(data)} is not a path; it begins with a letter such as M")
        pen = first = former = np.zeros(2)
        line: list[Points] = []
        last = ""
        for command, text in parts:
            kind = command.upper()
            if kind not in _COMMANDS:
                raise self._wrong(f"{quoted(command)} is not a command of a path")
            numbers = self._arc_numbers(text) if kind == "A" else self._numbers(text)
            size = _COMMANDS[kind]
            if len(numbers) % size if size else numbers:
                raise self._wrong(f"{quoted(command + text)} has too few or too many numbers")
            if kind == "Z":
                if line:
                    yield np.concatenate([*line, first[None]])
                pen, line, last = first, [], kind
                continue
            for begin in range(0, len(numbers), size):
                part = np.array(numbers[begin : begin + size])
                if kind == "M" and begin == 0:
                    if len(line) > 1:
                        yield np.concatenate(line)
                    pen = first = part + (pen if command.islower() else 0.0)
                    line, last = [pen[None]], kind
                    continue
                line = line or [pen[None]]
                origin = pen if command.islower() else np.zeros(2)
                drawn, former = _piece(kind, part, pen, former if _smooth(last, kind) else pen, origin)
                line.append(drawn[1:])
                pen, last = drawn[-1], kind
        if len(line) > 1:
            yield np.concatenate(line)

    def _arc_numbers(self, text: str) -> list[float]:
        # The flags of an arc may be written without anything between them.
        number, gap = rf"({NUMBER})", r"[\s,]*"
        arc = gap.join([number, number, number, "([01])", "([01])", number, number])
        if re.sub(arc, "", text).strip(" ,\t\r\n"):
            raise self._wrong(f"{quoted(text)} is not an arc of a path")
        return [float(found) for match in re.findall(arc, text) for found in match]

    def _matrix(self, written: str) -> Matrix:
        try:
            return transform(written)
        except TransformError as error:
            raise self._wrong(f"{quoted(error.written)} is not a transform") from None


def read_curves(path: Path, name: str, line: str | None, width: float) -> list[Points]:
    """Read the lines of a drawing.

    Parameters
    ----------
    path : Path
        An ``.svg`` or ``.svgz`` file.
    name : str
        What the show calls it.
    line : str or None
        The id of the path, or of the group of paths, that is meant; None: all that are drawn.
    width : float
        Metres that these lines reach from left to right, or from top to bottom where that is more.

    Returns
    -------
    list of ndarray of float64
        Each (K, 2), metres on the field about their common middle, upright to a camera in the west.

    Raises
    ------
    FileProblem
        With the line, when it cannot be read or has no such lines.
    """
    reader = _Reader(name, line)
    try:
        markup = Drawing.read(path).markup
        # It has been parsed once, so it can be.
        reader.read(markup)
    except SvgError as error:
        raise FileProblem(f"{quoted(name)} {error}") from None
    except OSError as error:
        raise FileProblem(f"{quoted(name)} cannot be read ({quoted(error.strerror or error)})") from None
    curves = [points for points in reader.curves if len(points) > 1 and np.ptp(points, axis=0).max() > 0]
    if line is not None and line not in reader.ids:
        raise FileProblem(
            f"{quoted(name)} has no line with the id {quoted(line)}",
            listing(reader.ids),
            nearest_name(line, reader.ids),
        )
    if not curves:
        raise FileProblem(f"{quoted(name)} has no lines: paths, polylines, polygons or straight ones")
    drawn = np.concatenate(curves)
    low, high = drawn.min(axis=0), drawn.max(axis=0)
    scale = width / float((high - low).max())
    upright = [(points - (low + high) / 2.0) * [scale, -scale] for points in curves]
    return [np.stack([points[:, 1], -points[:, 0]], axis=1) for points in upright]


def _smooth(last: str, kind: str) -> bool:
    """Whether a command goes on as the one before bent."""
    return (kind in "SC" and last in tuple("SC")) or (kind in "TQ" and last in tuple("TQ"))


def _piece(kind: str, part: Points, pen: Points, former: Points, origin: Points) -> tuple[Points, Points]:
    """Draw one command from the pen on; returns its points and the last point that bends it."""
    if kind == "H":
        return np.stack([pen, [part[0] + origin[0], pen[1]]]), pen
    if kind == "V":
        return np.stack([pen, [pen[0], part[0] + origin[1]]]), pen
    if kind == "A":
        return _arc(pen, part, part[5:] + origin), pen
    controls = part.reshape(-1, 2) + origin
    if kind in "ML":
        return np.concatenate([pen[None], controls]), pen
    if kind in "ST":
        controls = np.concatenate([[2.0 * pen - former], controls])
    return bezier(np.concatenate([pen[None], controls])), controls[-2]


def _arc(start: Points, part: Points, end: Points) -> Points:
    """Draw an elliptical arc, by the conversion to its centre in SVG 1.1, appendix F.6."""
    radii = np.abs(part[:2])
    tilt = math.radians(part[2])
    if not radii.all() or (start == end).all():
        return np.stack([start, end])
    turn = np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
    half = turn @ (start - end) / 2.0
    too_small = float(((half / radii) ** 2).sum())
    radii = radii * max(1.0, math.sqrt(too_small))
    one, other = (radii[0] * half[1]) ** 2, (radii[1] * half[0]) ** 2
    away = math.sqrt(max(0.0, (radii.prod() ** 2 - one - other) / (one + other)))
    sign = -1.0 if bool(part[3]) == bool(part[4]) else 1.0
    middle = sign * away * np.array([radii[0] * half[1] / radii[1], -radii[1] * half[0] / radii[0]])
    begin, stop = (half - middle) / radii, (-half - middle) / radii
    first = math.atan2(begin[1], begin[0])
    swept = math.atan2(stop[1], stop[0]) - first
    if part[4] and swept < 0:
        swept += 2.0 * math.pi
    elif not part[4] and swept > 0:
        swept -= 2.0 * math.pi
    angle = first + np.linspace(0.0, 1.0, _ARC_STEPS + 1) * swept
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radii + middle
    drawn: Points = circle @ turn + (start + end) / 2.0
    drawn[0], drawn[-1] = start, end
    return drawn
