"""One change in the text of a show file; all else in it stays as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml.nodes import Node


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
    start, end = _span(text, ("troupes", troupe, "drill", number, "formation"))
    return f"{text[:start]}{formation}{text[end:]}"


def _span(text: str, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Return where in the text the value at a path begins and ends."""
    import yaml  # noqa: PLC0415

    node: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        raise NotWrittenError("nothing is written there")
    floor = 0
    for part in path:
        node, floor = _below(node, part, floor)
        # An alias leads to what is written further up.
        if node.start_mark.index < floor:
            raise NotWrittenError(f"{part!r} is a copy of what is written in line {node.start_mark.line + 1}")
    start = node.start_mark.index
    if text[start] in "&!":
        raise NotWrittenError("the formation has a name that is used elsewhere")
    return start, _end(node)


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


def _end(node: Node) -> int:
    """Return where a value ends; a block's own mark is only where the next one begins."""
    from yaml.nodes import CollectionNode, MappingNode  # noqa: PLC0415

    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, MappingNode) else last)
    return int(node.end_mark.index)
