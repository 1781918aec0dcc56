"""One change in the text of a show file; all else in it stays as it is written.

A place is a YAML path such as ("card_section", "cues", 3, "flip", "over"). What stands there only because it
is repeated from elsewhere (an alias) is never changed, since that would change it there too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node

Path = tuple[str | int, ...]


class NotWrittenError(LookupError):
    """What is to be changed does not stand in the file as a value of its own."""


def with_formation(text: str, troupe: str, number: int, formation: str) -> str:
    """Return the text of a show file with another formation in one set of a troupe.

    Parameters
    ----------
    text : str
    troupe : str
    number : int
        The set, from 0.
    formation : str
        YAML of the formation, in one line.

    Raises
    ------
    NotWrittenError
        When the set has no formation of its own there: none at all, or one that is written elsewhere.
    """
    return with_value(text, ("troupes", troupe, "drill", number, "formation"), formation)


def with_value(text: str, path: Path, value: str) -> str:
    """Return the text with another value at a path.

    Parameters
    ----------
    text : str
    path : tuple of str and int
    value : str
        Its YAML, in one line; see `scalar`.

    Raises
    ------
    NotWrittenError
        When nothing is written there, or what stands there is used elsewhere.
    """
    start, end = _span(text, path)
    return f"{text[:start]}{value}{text[end:]}"


def with_key(text: str, path: Path, value: str) -> str:
    """Return the text with a value at a path, which is added to its mapping where it is not written yet.

    Parameters and errors are those of `with_value`, with a mapping that must be written.
    """
    mapping = _mapping(text, path[:-1])
    if any(key.value == path[-1] for key, _ in mapping.value):
        return with_value(text, path, value)
    if not mapping.value:  # `{}`
        return with_value(text, path[:-1], f"{{ {path[-1]}: {value} }}")
    end = _part_end(text, *mapping.value[-1])
    if mapping.flow_style:
        return f"{text[:end]}, {path[-1]}: {value}{text[end:]}"
    end = _line_end(text, end)
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = " " * mapping.value[0][0].start_mark.column
    return f"{text[:end]}{newline}{indent}{path[-1]}: {value}{text[end:]}"


def without_key(text: str, path: Path) -> str:
    """Return the text without a key of a mapping and its value; as it was where the key is not written.

    Raises
    ------
    NotWrittenError
        When the mapping is not written there, or is used elsewhere.
    """
    mapping = _mapping(text, path[:-1])
    names = [key.value for key, _ in mapping.value]
    if path[-1] not in names:
        return text
    number = names.index(str(path[-1]))
    if len(names) == 1:
        return with_value(text, path[:-1], "{}")
    if number == 0:  # what stands before it may be the item's dash
        return f"{text[: mapping.value[0][0].start_mark.index]}{text[mapping.value[1][0].start_mark.index :]}"
    before, end = (_part_end(text, *mapping.value[at]) for at in (number - 1, number))
    if not mapping.flow_style:
        before, end = _line_end(text, before), _line_end(text, end)
    return f"{text[:before]}{text[end:]}"


def scalar(value: str) -> str:
    """Return the YAML of a text, with quotes only where it needs them."""
    import yaml  # noqa: PLC0415

    if re.fullmatch(r"[^\W_][\w .%+/-]*", value) and not value.endswith(" "):
        node = yaml.compose(f"[{value}]", Loader=yaml.SafeLoader)
        if node.value[0].tag == "tag:yaml.org,2002:str":
            return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in escaped) + '"'


def _mapping(text: str, path: Path) -> MappingNode:
    from yaml.nodes import MappingNode  # noqa: PLC0415

    node = _node(text, path)
    if not isinstance(node, MappingNode):
        raise NotWrittenError(f"{path[-1] if path else 'the show'!r} has no keys there")
    return node


def _node(text: str, path: Path) -> Node:
    """Return the node at a path, which must be written there and nowhere else."""
    import yaml  # noqa: PLC0415

    # The parser in C, where PyYAML has it, is twenty times as fast.
    node: Node | None = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if node is None:
        raise NotWrittenError("nothing is written there")
    floor = 0
    for part in path:
        node, floor = _below(node, part, floor)
        # An alias leads to what is written further up.
        if node.start_mark.index < floor:
            raise NotWrittenError(f"{part!r} is a copy of what is written in line {node.start_mark.line + 1}")
        _check_used_once(text, node, part)
    return node


def _check_used_once(text: str, node: Node, part: str | int) -> None:
    name = re.compile(r"&([^\s,\[\]{}]+)").match(text, node.start_mark.index)
    if name is not None and re.search(rf"\*{re.escape(name[1])}(?=[\s,\[\]{{}}]|$)", text):
        raise NotWrittenError(f"{part!r} is repeated elsewhere as *{name[1]}, and would change there too")


def _span(text: str, path: Path) -> tuple[int, int]:
    """Return where in the text the value at a path begins and ends."""
    node = _node(text, path)
    start = node.start_mark.index
    if text[start] in "&!":
        raise NotWrittenError(f"{path[-1]!r} has a name that is used elsewhere")
    return start, _end(text, node)


def _below(node: Node, part: str | int, floor: int) -> tuple[Node, int]:
    """Return a part of a node, and the index in the text behind which it must be written."""
    from yaml.nodes import MappingNode, SequenceNode  # noqa: PLC0415

    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, max(floor, key.end_mark.index)
    elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        before = [other.start_mark.index + 1 for other in node.value[:part]]
        return node.value[part], max([floor, node.start_mark.index, *before])
    raise NotWrittenError(f"{part!r} is not written there")


def _end(text: str, node: Node) -> int:
    """Return where a value ends; a block's own mark is only where the next one begins."""
    from yaml.nodes import CollectionNode, MappingNode  # noqa: PLC0415

    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    if isinstance(node, MappingNode):
        return _part_end(text, *node.value[-1])
    last = node.value[-1]
    alias = last.start_mark.index < node.start_mark.index
    return len(text[: node.end_mark.index].rstrip()) if alias else _end(text, last)


def _part_end(text: str, key: Node, value: Node) -> int:
    """Return where a key's value ends, or the alias that stands for it."""
    if value.start_mark.index >= key.end_mark.index:
        return _end(text, value)
    alias = re.compile(r"\*[^\s,\[\]{}]+").search(text, key.end_mark.index)
    assert alias is not None
    return alias.end()


def _line_end(text: str, index: int) -> int:
    """Return where the line of an index ends, with the comment that may follow."""
    # What is written over several lines ends where the next thing begins.
    index = len(text[:index].rstrip())
    found = re.compile(r"\r?\n|\Z").search(text, index)
    assert found is not None
    return found.start()
