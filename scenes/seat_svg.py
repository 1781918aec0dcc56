"""Seats drawn in SVG: circles, rectangles, paths or uses whose ids or data attributes name a seat.

A drawing shows the stand as the audience sees it, with the front row at the bottom, and is put in the
middle of the east stand; or, where ``data-centre`` on the ``<svg>`` says where in it the field's centre lies,
it is a plan seen from above, north at the top.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import numpy as np

from ..kernels.bowl_seats import on_stand, section_fits, stand_rows
from .errors import quoted
from .seat_raster import ListedSeat
from .seats import SeatsError
from .svg_transforms import IDENTITY, NUMBER, Matrix, Point, TransformError, moved, times, transform

if TYPE_CHECKING:
    from ..kernels.bowl import Bowl

METRES_PER_UNIT = 0.01
"""Metres to a unit of the drawing, where ``data-metres-per-unit`` does not say it."""
RISE = 0.5
"""Metres that a stand drawn from above rises on each metre back, where seats have no ``data-z``."""
_BETWEEN_LINES, _ACROSS = 0.5, 513
_WORLD_WIDE = "-//W3C//DTD SVG "
_MOST_SHAPES = 1_000_000
_DEEPEST = 200
_DEEPEST_USE = 8
_SEAT = re.compile(r"([^-\s]+)-([^-\s]+)-([^-\s]+)")
_SHAPES = {"circle", "ellipse", "rect", "path", "polygon", "polyline", "use"}
_NOT_SHOWN = {"defs", "symbol", "clipPath", "mask", "pattern", "marker"}
# How many numbers each path command takes, and which of them are the x and y of points.
_COMMANDS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list[_Element] = field(default_factory=list)


def drawn_seats(content: bytes, bowl: Bowl) -> list[ListedSeat]:
    """Read the seats of a drawing.

    Parameters
    ----------
    content : bytes
        The SVG file.
    bowl : Bowl
        The stadium; a drawing of the stand is put on its rows.

    Returns
    -------
    list of ListedSeat

    Raises
    ------
    SeatsError
        When it is not SVG, refers to something outside the file, or has entities; or its scale or a seat's
        place cannot be read.
    """
    root = _parsed(content)
    scale = _positive(root, "data-metres-per-unit", METRES_PER_UNIT)
    by_id = {node.attributes["id"]: node for node in _all(root) if "id" in node.attributes}
    found = list(_seats(root, by_id))
    if not found:
        raise SeatsError(_none_found(root))
    points = np.array([point for _, _, point in found]).reshape(-1, 2) * scale
    centre = root.attributes.get("data-centre")
    if centre is not None:
        places = _from_above(points, _pair(root, centre), scale, bowl)
    else:
        places = _in_stand(points, bowl)
    seats = []
    for (node, ticket, _), place in zip(found, places.tolist(), strict=True):
        x, y, z = place
        if "data-z" in node.attributes:
            z = _number(node, "data-z", node.attributes["data-z"])
        section, row, number = ticket
        name = node.attributes.get("data-seat", "").strip() or f"{section}-{row}-{number}"
        seats.append(ListedSeat(name, section, row, number, (x, y, z), node.line))
    return seats


def _from_above(points: np.ndarray[Any, Any], centre: Point, scale: float, bowl: Bowl) -> Any:
    flat = (points - np.array(centre) * scale) * [1, -1]
    back = np.hypot(flat[:, 0], flat[:, 1])
    z = bowl.tiers[0].front_height + RISE * (back - back.min()) if len(back) else back
    return np.column_stack([flat, z])


def _in_stand(points: np.ndarray[Any, Any], bowl: Bowl) -> Any:
    """Put a drawing on the rows of the east stand, which bend as its seats do."""
    if not len(points):
        return np.zeros((0, 3))
    left, right = points[:, 0].min(), points[:, 0].max()
    y = (left + right) / 2 - points[:, 0]
    depths, heights = stand_rows(bowl)
    columns, rows = section_fits(bowl)
    if columns < 2 or rows < 2:
        raise SeatsError("the stadium has no stand in the east to put the drawing in; give data-centre")
    wide, deep = columns * bowl.holder_width, float(depths[-1] - depths[0])
    back = points[:, 1].max() - points[:, 1]
    if back.max() > deep + bowl.tiers[-1].row_pitch / 2 or right - left > wide:
        raise SeatsError(
            f"the drawing is {right - left:.1f} m wide and {back.max():.1f} m deep, which does not "
            f"fit the east stand, {wide:.0f} m by {deep:.0f} m; "
            "say with data-metres-per-unit on the <svg> how large it is"
        )
    depth = np.minimum(depths[0] + back, depths[-1])
    # Rows between two curves that are near each other lie as far between them everywhere.
    lines = np.arange(depths[0], depths[-1] + _BETWEEN_LINES, _BETWEEN_LINES)
    across = np.linspace(-wide / 2, wide / 2, _ACROSS)
    table = np.stack([on_stand(bowl, across, float(line))[0] for line in lines])
    x = _bilinear(table, (depth - lines[0]) / _BETWEEN_LINES, (y + wide / 2) / wide * (_ACROSS - 1))
    return np.column_stack([x, y, np.interp(depth, np.maximum.accumulate(depths), heights)])


def _bilinear(table: np.ndarray[Any, Any], row: np.ndarray[Any, Any], column: np.ndarray[Any, Any]) -> Any:
    """Look a table up between its rows and columns."""
    i = np.clip(row.astype(np.int64), 0, table.shape[0] - 2)
    j = np.clip(column.astype(np.int64), 0, table.shape[1] - 2)
    u, v = row - i, column - j
    near = table[i, j] + v * (table[i, j + 1] - table[i, j])
    far = table[i + 1, j] + v * (table[i + 1, j + 1] - table[i + 1, j])
    return near + u * (far - near)


def _parsed(content: bytes) -> _Element:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    stack: list[_Element] = []
    roots: list[_Element] = []
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        line = parser.CurrentLineNumber
        if count > _MOST_SHAPES:
            raise SeatsError(f"line {line}: more than {_MOST_SHAPES:,} elements")
        if len(stack) >= _DEEPEST:
            raise SeatsError(f"line {line}: nested deeper than {_DEEPEST} levels")
        named = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        _refuse_outside(named, line)
        node = _Element(tag.rpartition(" ")[2], named, line)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)

    def end(tag: str) -> None:
        stack.pop()

    def text(words: str) -> None:
        if stack and stack[-1].tag == "style":
            _refuse_outside({"style": words}, parser.CurrentLineNumber)

    def doctype(name: str, system: str | None, public: str | None, declarations: int) -> None:
        # Drawing programs write the type of all SVG; anything else of the kind can hide a lot.
        if declarations or ((system or public) and not (public or "").startswith(_WORLD_WIDE)):
            entity()

    def entity(*_: object) -> None:
        raise SeatsError(
            f"line {parser.CurrentLineNumber}: a drawing with entities or a document type of its own is not "
            "read; take the <!DOCTYPE …> out"
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise SeatsError(
            f"line {error.lineno}: this is not SVG ({expat.errors.messages[error.code]})"
        ) from None
    except (UnicodeError, LookupError, ValueError) as error:
        if isinstance(error, SeatsError):
            raise
        raise SeatsError(f"this is not SVG ({error})") from None
    if roots[0].tag != "svg":
        raise SeatsError(f"line {roots[0].line}: this is not SVG, but <{roots[0].tag[:40]}>")
    return roots[0]


def _refuse_outside(attributes: dict[str, str], line: int) -> None:
    for key, value in attributes.items():
        outside = key in {"href", "src"} and not value.strip().startswith(("#", "data:"))
        if key in {"style", "fill", "filter"} or "url(" in value:
            links = re.findall(r"url\(\s*['\"]?\s*([^)'\"]*)", value)
            outside = outside or "@import" in value or any(not link.startswith("#") for link in links)
        if outside:
            raise SeatsError(
                f"line {line}: the drawing refers to {quoted(value)}; nothing outside the file is read"
            )


def _all(node: _Element) -> Iterator[_Element]:
    yield node
    for child in node.children:
        yield from _all(child)


def _seats(
    root: _Element, by_id: dict[str, _Element]
) -> Iterator[tuple[_Element, tuple[str, str, str], Point]]:
    """Yield the elements that are seats, what their tickets say, and where their middles are."""
    pending: list[tuple[_Element, Matrix]] = [(root, IDENTITY)]
    while pending:
        node, matrix = pending.pop()
        if node.tag in _NOT_SHOWN:
            continue
        if "transform" in node.attributes:
            matrix = times(matrix, _transform(node))
        ticket = _ticket(node)
        if ticket is not None and node.tag in _SHAPES:
            middle = _middle(node, by_id, 0)
            if middle is not None:
                yield node, ticket, moved(matrix, middle)
        pending += [(child, matrix) for child in reversed(node.children)]


def _ticket(node: _Element) -> tuple[str, str, str] | None:
    given = [node.attributes.get(f"data-{name}", "").strip() for name in ("section", "row", "number")]
    if all(given):
        return given[0], given[1], given[2]
    # Drawing programs that keep ids to themselves write what an object is called as its label.
    for key in ("data-seat", "label", "id"):
        match = _SEAT.fullmatch(node.attributes.get(key, "").strip())
        if match:
            return match[1], match[2], match[3]
    return None


def _none_found(root: _Element) -> str:
    shapes = [node for node in _all(root) if node.tag in _SHAPES]
    if not shapes:
        return "there are no seats in it"
    called = next((shape for shape in shapes if "id" in shape.attributes), None)
    example = f"; the one in line {called.line} is called {quoted(called.attributes['id'])}" if called else ""
    return (
        f"there are no seats in it: of {len(shapes):,} shapes none has an id such as 'C-12-7', "
        f"nor data-section, data-row and data-number{example}"
    )


def _middle(node: _Element, by_id: dict[str, _Element], depth: int) -> Point | None:
    """Return the middle of a shape in its own coordinates; None for a shape without any extent."""
    if node.tag in {"circle", "ellipse"}:
        return _length(node, "cx"), _length(node, "cy")
    if node.tag == "rect":
        wide, high = _length(node, "width"), _length(node, "height")
        return _length(node, "x") + wide / 2, _length(node, "y") + high / 2
    if node.tag == "use":
        x, y = _used_middle(node, by_id, depth)
        return _length(node, "x") + x, _length(node, "y") + y
    points = list(_points(node))
    if not points:
        return None
    across, down = zip(*points, strict=True)
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2


def _used_middle(node: _Element, by_id: dict[str, _Element], depth: int) -> Point:
    """Return the middle of what a ``<use>`` shows: of the first shape in it."""
    target = by_id.get(node.attributes.get("href", "")[1:])
    shape = next((part for part in _all(target) if part.tag in _SHAPES), None) if target else None
    if shape is None or depth > _DEEPEST_USE:
        return 0.0, 0.0
    within = _middle(shape, by_id, depth + 1) or (0.0, 0.0)
    return moved(_transform(shape), within) if "transform" in shape.attributes else within


def _points(node: _Element) -> Iterator[Point]:
    """Yield the points that span a path or polygon; of curves also the points that bend them."""
    if node.tag in {"polygon", "polyline"}:
        numbers = _numbers(node.attributes.get("points", ""))
        yield from zip(numbers[::2], numbers[1::2], strict=False)
        return
    x = y = first_x = first_y = 0.0
    for command, text in re.findall(
        r"([MLHVCSQTAZmlhvcsqtaz])([^MLHVCSQTAZmlhvcsqtaz]*)", node.attributes.get("d", "")
    ):
        kind, relative = command.upper(), command.islower()
        size = _COMMANDS[kind]
        # The flags of an arc may be written without anything between them.
        numbers = _arc_numbers(text) if kind == "A" else _numbers(text)
        if kind == "Z":
            x, y = first_x, first_y
        for begin in range(0, len(numbers) - size + 1, size) if size else ():
            part = numbers[begin : begin + size]
            from_x, from_y = (x, y) if relative else (0.0, 0.0)
            if kind == "H":
                x = from_x + part[0]
            elif kind == "V":
                y = from_y + part[0]
            else:
                ends = part[-2:] if kind == "A" else part
                points = [(from_x + a, from_y + b) for a, b in zip(ends[::2], ends[1::2], strict=True)]
                yield from points[:-1]
                x, y = points[-1]
                if kind == "M" and begin == 0:
                    first_x, first_y = x, y
            yield x, y


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(NUMBER, text)]


def _arc_numbers(text: str) -> list[float]:
    number, gap = rf"({NUMBER})", r"[\s,]*"
    arc = gap.join([number, number, number, "([01])", "([01])", number, number])
    return [float(number) for match in re.findall(arc, text) for number in match]


def _transform(node: _Element) -> Matrix:
    try:
        return transform(node.attributes["transform"])
    except TransformError as error:
        raise SeatsError(f"line {node.line}: {quoted(error.written)} is not a transform") from None


def _length(node: _Element, key: str) -> float:
    """Return an attribute in units of the drawing; 0 where it is not given."""
    written = node.attributes.get(key, "0").strip()
    return _number(node, key, written.removesuffix("px"))


def _number(node: _Element, key: str, written: str) -> float:
    if not re.fullmatch(NUMBER, written.strip()) or not math.isfinite(float(written)):
        raise SeatsError(f"line {node.line}: {key} is {quoted(written)}, not a number")
    return float(written)


def _positive(node: _Element, key: str, default: float) -> float:
    if key not in node.attributes:
        return default
    value = _number(node, key, node.attributes[key])
    if not 1e-6 <= value <= 1e3:
        raise SeatsError(f"line {node.line}: {key} must be from 0.000001 to 1000, not {value:g}")
    return value


def _pair(node: _Element, written: str) -> Point:
    numbers = _numbers(written)
    if len(numbers) != 2 or not all(map(math.isfinite, numbers)):
        raise SeatsError(f"line {node.line}: data-centre is {quoted(written)}; write it like '500 300'")
    return numbers[0], numbers[1]
