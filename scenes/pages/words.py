"""Text as letters and lines: what belongs together, where a line may break, what needs shaping."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

_JOINER = "\u200d"
# Where letters join, reorder or stack: Arabic, Syriac, N'Ko …, Indic scripts to Sinhala, Thai, Lao, Tibetan,
# Myanmar, Khmer, Mongolian, and scripts of South-East Asia.
_SHAPED = ((0x0600, 0x0EFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0x1900, 0x1AAF), (0x1B00, 0x1C4F))
# Scripts whose lines may break between any two letters.
_UNSPACED = ((0x2E80, 0x2FDF), (0x3041, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF))
_NOT_FIRST = "、。，．：；！？）］｝」』】〉》ー…"
_NOT_LAST = "（［｛「『【〈《"


def clusters(text: str) -> list[str]:
    """Cut text into what one font must draw together: a letter with its marks, an emoji with its parts."""
    found: list[str] = []
    for letter in text:
        if found and (
            letter == _JOINER
            or found[-1].endswith(_JOINER)
            or unicodedata.category(letter).startswith("M")
            or 0x1F3FB <= ord(letter) <= 0x1F3FF
            or 0xE0020 <= ord(letter) <= 0xE007F
            or (_is_flag_half(letter) and len(found[-1]) == 1 and _is_flag_half(found[-1]))
        ):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def needs_shaping(text: str) -> bool:
    """Tell whether text must be joined, reordered or written from right to left."""
    return any(
        _within(letter, _SHAPED) or unicodedata.bidirectional(letter) in {"R", "AL", "AN"} for letter in text
    )


def broken(words: str, width: Callable[[str], float]) -> Iterator[tuple[float, list[str]]]:
    """Yield the sensible ways to break text into lines: for each number of lines, the one least wide.

    Each way comes with the width of its widest line; the fewest lines come first.

    Line breaks in the text are kept, and are then the only ones. Lines break at spaces, and between the
    letters of scripts that are written without.

    Parameters
    ----------
    words : str
    width : callable
        Gives the width of a line.
    """
    given = [" ".join(line.split()) for line in words.splitlines() if line.strip()]
    if len(given) != 1:
        given = given or ["?"]
        yield max(map(width, given)), given
        return
    pieces = list(_pieces(given[0]))
    widths = [width(piece.rstrip()) for piece in pieces]
    space = width("n n") - width("nn")
    gaps = [space if piece.endswith(" ") else 0.0 for piece in pieces]
    narrowest, limit = max(widths), sum(widths) + sum(gaps)
    former: list[str] = []
    while True:
        starts, widest = _filled(widths, gaps, limit)
        # Fewer than this many lines need more room; look for the least room that as many need.
        low, high = narrowest, widest
        for _ in range(24):
            middle = (low + high) / 2
            again, wide = _filled(widths, gaps, middle)
            if len(again) <= len(starts):
                starts, high = again, min(wide, middle)
            else:
                low = middle
        ends = [*starts[1:], len(pieces)]
        lines = ["".join(pieces[a:b]).rstrip() for a, b in zip(starts, ends, strict=True)]
        if lines != former:
            yield high, lines
        if len(lines) == len(pieces) or high <= narrowest:
            return
        former, limit = lines, high * (1 - 1e-9) - 1e-9
        limit = max(limit, narrowest)


def _pieces(line: str) -> Iterator[str]:
    """Cut a line where it may break; a piece keeps the space after it."""
    piece = ""
    for cluster in clusters(line):
        breaks = piece.endswith(" ") or (
            piece
            and piece[-1] not in _NOT_LAST
            and cluster[0] not in _NOT_FIRST
            and (_within(piece[-1], _UNSPACED) or _within(cluster[0], _UNSPACED))
        )
        if breaks:
            yield piece
            piece = ""
        piece += cluster
    yield piece


def _filled(widths: list[float], gaps: list[float], limit: float) -> tuple[list[int], float]:
    """Fill lines up to a limit; returns where each begins, and the widest one's width."""
    starts, widest, used = [0], widths[0], widths[0]
    for index in range(1, len(widths)):
        if used + gaps[index - 1] + widths[index] <= limit:
            used += gaps[index - 1] + widths[index]
        else:
            starts.append(index)
            used = widths[index]
        widest = max(widest, used)
    return starts, widest


def _is_flag_half(letter: str) -> bool:
    return 0x1F1E6 <= ord(letter) <= 0x1F1FF


def _within(letter: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(letter) <= last for first, last in ranges)
