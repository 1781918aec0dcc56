"""In which direction each part of a line of text runs, for lines that need more than one font.

A line in one font is ordered by Pillow itself. Where letters come from several fonts, each stretch is
drawn on its own, and the order of the stretches follows Unicode Standard Annex #9 (rules P2 to L2, without
explicit embeddings and without pairing brackets).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

_STRONG = {"L": "L", "R": "R", "AL": "R"}
_NUMBERS = ("EN", "AN")
_NEUTRAL = ("B", "S", "WS", "ON", "ES", "ET", "CS")


def runs_left(text: str) -> bool:
    """Tell whether a paragraph runs from right to left: whether its first letter does (P2, P3)."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((_STRONG[kind] == "R" for kind in kinds if kind in _STRONG), False)


def levels(text: str, *, leftward: bool) -> list[int]:
    """Return the embedding level of each character: even runs to the right, odd to the left.

    Parameters
    ----------
    text : str
    leftward : bool
        Whether the paragraph that the text is from runs from right to left.
    """
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    kinds = _resolved(kinds, "R" if leftward else "L")
    if leftward:
        return [1 if kind == "R" else 2 for kind in kinds]
    return [{"L": 0, "R": 1}.get(kind, 2) for kind in kinds]


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """Return in which order runs of the given levels stand, from left to right (rule L2)."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        start = 0
        for high, group in groupby(order, key=lambda index: run_levels[index] >= level):
            length = len(list(group))
            if high:
                order[start : start + length] = order[start : start + length][::-1]
            start += length
    return order


def _resolved(kinds: list[str], base: str) -> list[str]:
    """Resolve weak and neutral kinds (rules W1 to N2) to L, R, EN and AN."""
    kinds = _numbers(_marks(kinds, base), base)
    kinds = [_STRONG.get(kind, kind if kind in _NUMBERS else "ON") for kind in kinds]
    resolved = list(kinds)
    for index, kind in enumerate(kinds):
        if kind == "ON":
            before = next((_side(other) for other in reversed(kinds[:index]) if other != "ON"), base)
            after = next((_side(other) for other in kinds[index + 1 :] if other != "ON"), base)
            resolved[index] = before if before == after else base
    return resolved


def _marks(kinds: list[str], base: str) -> list[str]:
    """Let marks and invisible characters be of the kind before them (W1)."""
    result: list[str] = []
    for kind in kinds:
        known = kind in _STRONG or kind in _NUMBERS or kind in _NEUTRAL
        result.append(kind if known else result[-1] if result else base)
    return result


def _numbers(kinds: list[str], base: str) -> list[str]:
    """Resolve digits and what stands within and around numbers (W2 to W7)."""
    result = list(kinds)
    strong = base
    for index, kind in enumerate(kinds):
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "AL":
            result[index] = "AN"
    for index in range(1, len(result) - 1):
        before, kind, after = result[index - 1 : index + 2]
        if (kind == "CS" and before == after and before in _NUMBERS) or (
            kind == "ES" and before == after == "EN"
        ):
            result[index] = before
    for steps in (range(1, len(result)), range(len(result) - 2, -1, -1)):
        for index in steps:
            beside = result[index - 1] if steps.step > 0 else result[index + 1]
            if result[index] == "ET" and beside == "EN":
                result[index] = "EN"
    strong = base
    for index, kind in enumerate(result):
        if kind in _STRONG:
            strong = _STRONG[kind]
        elif kind == "EN" and strong == "L":
            result[index] = "L"
    return result


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"
