"""The text of a show file as plain data, with the line and column of every key and value.

Only what a show needs of YAML is read: one document of mappings, lists and scalars, with bounds on
size, depth and the number of values, aliases counted each time they are used, so that no small file
can become a large show. Scalars follow the YAML 1.2 core schema: ``on`` and ``no`` are text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml
from yaml.composer import Composer
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver

from .errors import Problem, ShowError, YamlPath, advised, dotted, kind_of, quoted

LARGEST_FILE = 1_000_000
DEEPEST = 24
MOST_VALUES = 50_000

_STRING = "tag:yaml.org,2002:str"
_INTEGER = "tag:yaml.org,2002:int"
_MOST_DIGITS = 20
# Patterns of the core schema, what they may begin with, and what they become.
_CORE = {
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", "~nN"),
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    _INTEGER: (r"[-+]?[0-9]+", "-+0123456789"),
    "tag:yaml.org,2002:float": (
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?",
        "-+.0123456789",
    ),
}
_CONVERT: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda text: None,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    _INTEGER: int,
    "tag:yaml.org,2002:float": float,
}
_MAPPING = "tag:yaml.org,2002:map"
_SEQUENCE = "tag:yaml.org,2002:seq"


@dataclass
class YamlSource:
    """A show file that has been read.

    Attributes
    ----------
    file : str
        The file as the user named it.
    data : object
        dicts, lists, str, int, float, bool and None.
    values, keys : dict of path to (line, column)
        Where each value and each key begins, counted from 1.
    texts : dict of path to str
        Each scalar as it was written.
    """

    file: str
    data: Any = None
    values: dict[YamlPath, tuple[int, int]] = field(default_factory=dict)
    keys: dict[YamlPath, tuple[int, int]] = field(default_factory=dict)
    texts: dict[YamlPath, str] = field(default_factory=dict)

    def locate(self, path: YamlPath, *, key: bool = False) -> tuple[int, int]:
        """Return line and column of the value (or the key) at `path`.

        Where nothing stands at `path`, the place of the nearest part around it.
        """
        if key and path in self.keys:
            return self.keys[path]
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                return self.values[path[:length]]
        return 1, 1

    def standing(self, path: YamlPath) -> YamlPath:
        """Return `path`, or the scalar on the way to it that stands for it as a shorthand."""
        for length in range(1, len(path)):
            if path[:length] in self.texts:
                return path[:length]
        return path

    def problem(
        self,
        path: YamlPath,
        message: str,
        *,
        allowed: str = "",
        nearest: str | None = None,
        severity: Literal["error", "warning"] = "error",
        key: bool = False,
    ) -> Problem:
        """Return a problem with the place of the value (or the key) that stands at `path`."""
        line, column = self.locate(path, key=key)
        found = str(path[-1]) if key else self.found(self.standing(path))
        text = advised(message, allowed=allowed, nearest=nearest)
        return Problem(self.file, line, column, dotted(path), found, allowed, nearest, text, severity)

    def found(self, path: YamlPath) -> str:
        """Return what stands at `path`, for a message."""
        if path in self.texts:
            return self.texts[path]
        value = self.data
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return "nothing"
        return kind_of(value) if isinstance(value, dict | list) else "nothing"


class _Refused(Exception):  # noqa: N818  carries a place, becomes a ShowError
    def __init__(self, message: str, mark: Any) -> None:
        self.message = message
        self.place = (mark.line + 1, mark.column + 1)
        super().__init__(message)


class _Bounded:
    """PyYAML's composer with YAML 1.2 scalars and a bound on depth and size."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012
    depth = 0
    count = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """Compose one node, refusing what nests too deep or is too much."""
        self.depth += 1
        self.count += 1
        mark = self.peek_event().start_mark  # type: ignore[attr-defined]
        if self.depth > DEEPEST:
            raise _Refused(f"nested deeper than {DEEPEST} levels", mark)
        if self.count > MOST_VALUES:
            raise _Refused(f"more than {MOST_VALUES:,} keys and values", mark)
        node: Node | None = super().compose_node(parent, index)  # type: ignore[misc]
        self.depth -= 1
        return node


class _Loader(_Bounded, yaml.SafeLoader):
    """Reads anything, and says best what is wrong with it."""


def _fast_loader() -> Any:
    """Return a loader that is twenty times as fast, with the parser of libyaml; None without that."""
    try:
        from yaml import cyaml  # noqa: PLC0415  not part of every PyYAML
    except ImportError:
        return None
    parser: Any = cyaml.CParser  # type: ignore[attr-defined]

    class FastLoader(_Bounded, Composer, parser, BaseResolver):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            parser.__init__(self, text)
            Composer.__init__(self)
            BaseResolver.__init__(self)

    return FastLoader


_FastLoader = _fast_loader()


for _tag, (_pattern, _first) in _CORE.items():
    for _character in _first:
        _resolvers = _Bounded.yaml_implicit_resolvers.setdefault(_character, [])
        _resolvers.append((_tag, re.compile(rf"(?:{_pattern})\Z")))
_Bounded.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile(r"\Z"))]


class _Reader:
    def __init__(self, source: YamlSource) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.count = 0
        self.open: set[int] = set()

    def refuse(self, message: str, mark: Any, path: YamlPath, found: str) -> None:
        line, column = mark.line + 1, mark.column + 1
        self.problems.append(Problem(self.source.file, line, column, dotted(path), found, "", None, message))

    def read(self, node: Node, path: YamlPath) -> Any:
        self.count += 1
        if self.count > MOST_VALUES:
            raise _Refused(f"the file's aliases make more than {MOST_VALUES:,} values of it", node.start_mark)
        if len(path) > DEEPEST:
            raise _Refused(f"nested deeper than {DEEPEST} levels", node.start_mark)
        self.source.values[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, ScalarNode):
            return self.scalar(node, path)
        if id(node) in self.open:
            raise _Refused("an alias (*) stands inside what it repeats", node.start_mark)
        self.open.add(id(node))
        value: Any = None
        if isinstance(node, MappingNode) and node.tag == _MAPPING:
            value = self.mapping(node, path)
        elif isinstance(node, SequenceNode) and node.tag == _SEQUENCE:
            value = [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        else:
            self.refuse(f"the tag {quoted(node.tag)} is not read in a show", node.start_mark, path, node.tag)
        self.open.discard(id(node))
        return value

    def mapping(self, node: MappingNode, path: YamlPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            if not isinstance(key_node, ScalarNode):
                self.refuse("a key must be a plain name, not a list or a mapping", mark, path, "")
                continue
            key = key_node.value
            here = (*path, key)
            if not _encodable(key):
                self.refuse("a key holds characters that are not text", mark, path, ascii(key))
                continue
            if key in mapping:
                first = self.source.keys[here][0]
                message = f"the key {quoted(key)} stands twice; the first is in line {first}"
                self.refuse(message, mark, here, key)
                continue
            self.source.keys[here] = (mark.line + 1, mark.column + 1)
            mapping[key] = self.read(value_node, here)
        return mapping

    def scalar(self, node: ScalarNode, path: YamlPath) -> Any:
        text = node.value
        self.source.texts[path] = text
        if not _encodable(text):
            self.refuse("the text holds characters that are not text", node.start_mark, path, ascii(text))
        elif node.tag == _STRING:
            return text
        elif re.fullmatch(_CORE.get(node.tag, ("(?!)", ""))[0], text) is None:
            message = f"the tag {quoted(node.tag)} is not read in a show, or does not fit {quoted(text)}"
            self.refuse(message, node.start_mark, path, text)
        elif len(text) > _MOST_DIGITS and node.tag == _INTEGER:
            self.refuse("the number has too many digits", node.start_mark, path, text)
        else:
            return _CONVERT[node.tag](text)
        return None


def _encodable(text: str) -> bool:
    # YAML can write lone surrogates ("\ud800"), which no file name, font or terminal can take.
    return not any("\ud800" <= character <= "\udfff" for character in text)


def read_yaml(text: str, file: str) -> YamlSource:
    """Read the text of a show file.

    Parameters
    ----------
    text : str
    file : str
        The name that problems give.

    Returns
    -------
    YamlSource

    Raises
    ------
    ShowError
        For text that is not YAML, not one document, that has duplicate keys, unknown tags, recursive
        aliases, or is larger or deeper than a show can be.
    """
    if len(text) > LARGEST_FILE:
        raise _error(
            file, 1, 1, f"a show file has at most {LARGEST_FILE:,} characters; this has {len(text):,}"
        )
    if not text.strip():
        raise _error(file, 1, 1, "the file is empty; a show begins with 'cardstunt: 1'")
    source = YamlSource(file)
    reader = _Reader(source)
    try:
        root = _compose(text)
        if root is None:
            raise _error(file, 1, 1, "the file holds no show; a show begins with 'cardstunt: 1'")
        source.data = reader.read(root, ())
    except _Refused as refused:
        raise _error(file, *refused.place, refused.message) from None
    except yaml.reader.ReaderError as error:
        line, column = _line_and_column(text, error.position)
        raise _error(file, line, column, f"the character {error.character!r} cannot stand in YAML") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _error(file, line, column, f"not valid YAML: {_sentence(error, text)}") from None
    if reader.problems:
        raise ShowError(reader.problems)
    return source


def _compose(text: str) -> Node | None:
    if _FastLoader is not None:
        fast = None
        try:
            fast = _FastLoader(text)
            return _root(fast.get_single_node())
        except (yaml.YAMLError, ValueError, OverflowError, TypeError, IndexError, AttributeError):
            # The other one finds it again, and has the better words for it.
            pass
        finally:
            if fast is not None:
                fast.dispose()
    loader = _Loader(text)
    try:
        return _root(loader.get_single_node())
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError) as error:
        # PyYAML lets a few malformed escapes and directives out as plain Python errors.
        raise _Refused(f"not valid YAML near here ({error})", loader.get_mark()) from None
    finally:
        loader.dispose()


def _root(node: object) -> Node | None:
    return node if isinstance(node, Node) else None


def _sentence(error: yaml.MarkedYAMLError, show: str) -> str:
    text = ", ".join(part for part in (error.context, error.problem) if part)
    if "expected a single document" in text:
        return "a show file holds one document; take out what follows the '---'"
    if "cannot start any token" in text and "'%'" in text:
        return f"{text}; put the text in quotes"
    if re.search(r":\s+#[0-9A-Fa-f]{3}", show):
        return f"{text}; a colour needs quotes, because # starts a comment"
    return text


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


def _error(file: str, line: int, column: int, message: str) -> ShowError:
    return ShowError([Problem(file, line, column, "", "", "", None, message)])
