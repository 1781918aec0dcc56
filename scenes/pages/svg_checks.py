"""What a drawing in SVG may hold: nothing from outside, no programs, and not more than can be drawn.

The renderer itself opens whatever files a drawing names, and a few lines can ask it for endless work, so a
drawing is read through before it is rendered.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ..errors import quoted
from ..picture_files import DAMAGE, PictureError, identify

DEEPEST = 100
"""Levels of elements within elements, also through references: each takes room on the renderer's stack."""

MOST_ELEMENTS = 200_000
"""Elements to draw, repeated ones each time."""

_MOST_EMBEDDED_PIXELS = 25_000_000
_MOST_OCTAVES = 10
_EMBEDDED = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}
# What a filter asks of each pixel's whole surroundings takes minutes with a single large number.
_ENDLESS = ("feMorphology", "feConvolveMatrix")
_HARMLESS_LINKS = ("a",)
_MARKERS = ("marker-start", "marker-mid", "marker-end", "marker")
_WORLD_WIDE = "-//W3C//DTD SVG "
_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)]*?))\s*\)""", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")


class SvgError(PictureError):
    """A drawing that is not rendered; the message says what in it and in which line."""


@dataclass
class _Element:
    name: str
    line: int
    depth: int
    identity: str
    classes: tuple[str, ...]
    outline: str
    references: list[str]
    markers: list[str]
    children: list[_Element] = field(default_factory=list)


def checked_words(markup: str) -> str:
    """Make sure that a drawing can be rendered safely.

    Parameters
    ----------
    markup : str
        The whole file.

    Returns
    -------
    str
        The text that is written in the drawing.

    Raises
    ------
    SvgError
    """
    reader = _Reader()
    reader.read(markup)
    _Work(reader).check()
    return "".join(reader.words)


class _Reader:
    """Reads the elements, and refuses what leads out of the drawing."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction
        self.words: list[str] = []
        self.elements: list[_Element] = []
        self.styles: list[tuple[int, str]] = []
        self._open: list[_Element] = []
        self._embedded = 0

    def read(self, markup: str) -> None:
        try:
            self.parser.Parse(markup, True)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            raise SvgError(f"is a damaged drawing: {why} (line {error.lineno})") from None
        for line, style in self.styles:
            self._check_style(style, line)

    def _refuse(self, what: str, line: int | None = None) -> SvgError:
        return SvgError(f"{what} (line {self.parser.CurrentLineNumber if line is None else line})")

    def _doctype(self, _name: str, system: str | None, public: str | None, has_subset: int) -> None:
        if has_subset:
            raise self._refuse("declares entities, which are not read; save it as plain SVG")
        if (system or public) and not (public or "").startswith(_WORLD_WIDE):
            raise self._refuse(f"refers to {quoted(system or public)} outside itself, in its DOCTYPE")

    def _entity(self, name: str, *_: object) -> None:
        raise self._refuse(f"declares the entity {quoted(name)}, which is not read; save it as plain SVG")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise self._refuse("refers to a style sheet outside itself")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        local = name.rpartition(":")[2]
        if not self._open and local != "svg":
            raise SvgError(f"is not a drawing in SVG: it begins with <{name}>")
        if local.lower() == "script":
            raise self._refuse("holds a script; drawings cannot run programs")
        if local in _ENDLESS:
            raise self._refuse(f"uses the filter {local}, which is not rendered; draw its result as paths")
        if len(self._open) >= DEEPEST:
            raise self._refuse(f"has elements more than {DEEPEST} levels deep")
        references: list[str] = []
        markers: list[str] = []
        for key, value in attributes.items():
            attribute = key.rpartition(":")[2]
            if attribute.lower().startswith("on") and attribute.isalpha() and attribute.islower():
                raise self._refuse(f"holds a script in {attribute!r}; drawings cannot run programs")
            if attribute in {"href", "src"} and local not in _HARMLESS_LINKS:
                references += self._link(local, value.strip())
            elif attribute == "style" or "url" in value.lower() or "\\" in value:
                (markers if attribute in _MARKERS else references).extend(self._check_style(value, line))
            elif attribute == "numOctaves" and _number(value) > _MOST_OCTAVES:
                raise self._refuse(
                    f"asks for {quoted(value)} octaves of noise; at most {_MOST_OCTAVES} are drawn"
                )
        element = _Element(
            name=local,
            line=line,
            depth=len(self._open),
            identity=attributes.get("id", ""),
            classes=tuple(attributes.get("class", "").split()),
            outline=attributes.get("d", "") + attributes.get("points", ""),
            references=references,
            markers=markers,
        )
        if "marker" in attributes.get("style", ""):
            element.markers, element.references = references, []
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)
        self.elements.append(element)
        if local == "style":
            self.styles.append((line, ""))

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        inside = {element.name for element in self._open}
        if self._open and self._open[-1].name == "style":
            self.styles[-1] = self.styles[-1][0], self.styles[-1][1] + text
        elif "text" in inside:
            self.words.append(text)

    def _link(self, element: str, target: str) -> list[str]:
        """Return the identity that a link within the drawing names; refuse one that leads out."""
        if target.startswith("#"):
            return [target[1:]]
        if target and not (element in {"image", "feImage"} and target[:5].lower() == "data:"):
            raise self._refuse(f"refers to {quoted(target)} outside itself, from <{element}>")
        if target:
            self._embedded += _pixels(target, self._refuse)
            if self._embedded > _MOST_EMBEDDED_PIXELS:
                raise self._refuse(
                    f"holds pictures of more than {_MOST_EMBEDDED_PIXELS // 1_000_000} megapixels together"
                )
        return []

    def _check_style(self, style: str, line: int) -> list[str]:
        """Return the identities that a style names; refuse one that leads out."""
        style = _plain(style)
        if "@import" in style.lower():
            raise self._refuse("refers to a style sheet outside itself with @import", line)
        named = []
        for match in _URL.finditer(style):
            target = (match[1] or match[2] or match[3] or "").strip()
            if target.startswith("#"):
                named.append(target[1:])
            elif target and target[:5].lower() != "data:":
                raise self._refuse(f"refers to {quoted(target)} outside itself with url(…)", line)
        return named


class _Work:
    """Counts what would be drawn, with everything that is referred to, each time it is."""

    def __init__(self, reader: _Reader) -> None:
        self._root = reader.elements[0]
        self._named: dict[str, _Element] = {}
        for element in reader.elements:
            if element.identity:
                self._named.setdefault(element.identity, element)
        self._rules = [rule for _, style in reader.styles for rule in _rules(_plain(style))]
        self._known: dict[int, tuple[int, int]] = {}
        self._under_way: set[int] = set()

    def check(self) -> None:
        count, depth = self._measure(self._root, 0)
        if depth > DEEPEST:
            raise SvgError(f"has elements more than {DEEPEST} levels deep, by what refers to what")
        if count > MOST_ELEMENTS:
            raise SvgError(
                f"has {count:,} elements to draw, by what refers to what; at most {MOST_ELEMENTS:,} are drawn"
            )

    def _measure(self, element: _Element, level: int) -> tuple[int, int]:
        """Return how many elements are drawn for one, and how many levels deep they are."""
        if id(element) in self._known:
            return self._known[id(element)]
        if id(element) in self._under_way:
            raise SvgError(f"has <{element.name}> refer to itself (line {element.line})")
        if level > 2 * DEEPEST:
            raise SvgError(f"has elements more than {DEEPEST} levels deep, by what refers to what")
        self._under_way.add(id(element))
        parts = [(child, 1) for child in element.children]
        rules = [rule for rule in self._rules if rule.applies_to(element)]
        once = [*element.references, *(name for rule in rules if not rule.marks for name in rule.named)]
        parts += [(target, 1) for target in self._targets(once)]
        marks = [*element.markers, *(name for rule in rules if rule.marks for name in rule.named)]
        # A marker is drawn at each corner of the outline, of which there are no more than numbers.
        corners = 1 + len(_NUMBER.findall(element.outline)) if marks else 0
        parts += [(target, corners) for target in self._targets(marks)]
        count, depth = 1, 0
        for part, times in parts:
            more, deeper = self._measure(part, level + 1)
            count, depth = min(count + times * more, 10**15), max(depth, deeper)
        self._under_way.discard(id(element))
        result = self._known[id(element)] = count, depth + 1
        return result

    def _targets(self, names: Iterable[str]) -> list[_Element]:
        found = (self._named.get(name) for name in names)
        return [target for target in found if target is not None and "Gradient" not in target.name]


@dataclass(frozen=True)
class _Rule:
    """What a rule of a style sheet refers to, and which elements it may be for."""

    element: str
    identity: str
    classes: frozenset[str]
    named: list[str]
    marks: bool

    def applies_to(self, element: _Element) -> bool:
        return (
            self.element in {"", element.name}
            and self.identity in {"", element.identity}
            and self.classes.issubset(element.classes)
        )


def _rules(style: str) -> Iterator[_Rule]:
    for selectors, body in _RULE.findall(style):
        named = [(a or b or c).strip()[1:] for a, b, c in _URL.findall(body)]
        for selector in selectors.split(",") if named else ():
            # What stands before the last part only narrows the choice.
            last = re.split(r"[\s>+~]+", selector.strip())[-1]
            element, identity = re.match(r"[\w-]*", last), re.search(r"#([\w-]+)", last)
            yield _Rule(
                element[0] if element else "",
                identity[1] if identity else "",
                frozenset(re.findall(r"\.([\w-]+)", last)),
                named,
                "marker" in body,
            )


def _plain(style: str) -> str:
    """Return CSS without its comments and escapes."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda match: chr(min(int(match[1], 16), 0x10FFFF)), style)
    return style.replace("\\", "")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _pixels(target: str, refuse: Callable[[str], SvgError]) -> int:
    """Return how many pixels an embedded picture has."""
    head, _, data = target[5:].partition(",")
    kind, *options = head.lower().replace(" ", "").split(";")
    if kind not in _EMBEDDED:
        raise refuse(
            f"holds {quoted(kind)}, of which only {', '.join(sorted(set(_EMBEDDED.values())))} are drawn"
        )
    try:
        raw = urllib.parse.unquote_to_bytes(data)
        content = base64.b64decode(re.sub(rb"\s", b"", raw)) if "base64" in options else raw
        identified = identify(io.BytesIO(content), (_EMBEDDED[kind],))
    except (binascii.Error, *DAMAGE):
        identified = None
    if identified is None:
        raise refuse("holds a damaged picture")
    return identified.width * identified.height
