"""Which seats, in a few words: how many, and where most of them are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..seats import SeatMap

EVERYWHERE = "all over the section"
_MOST = 0.9
_NAMED = 4
#: Shares of the section above which a stretch of rows or columns is not worth naming.
_WHOLE, _HALF = 0.9, 0.7


def seats_in_words(chosen: NDArray[np.bool_], seats: SeatMap) -> str:
    """Say which seats are meant, such as ``312 seats, most in sections C-D, rows 20-34``.

    Parameters
    ----------
    chosen : ndarray of bool, shape (N,)
    seats : SeatMap

    Returns
    -------
    str
        A section, row or column is named when at least nine in ten of the seats are in what is named and that
        is a good deal less than the whole.
    """
    chosen = chosen & seats.taken
    count, all_seats = int(chosen.sum()), int(seats.taken.sum())
    if count == 0:
        return "no seat"
    if count == all_seats:
        return f"all {count:,} seats"
    told = "1 seat" if count == 1 else f"{count:,} seats"
    if count == 1:
        name = str(seats.name[chosen][0])
        return f"{told}, {name}" if name else f"{told}, {', '.join(_ranges(chosen, seats)[0])}"
    sections, some_elsewhere = _sections(chosen, seats)
    places, some_outside = _ranges(chosen, seats, columns=not sections)
    if not sections and not places:
        return f"{told}, {EVERYWHERE}"
    most = "most " if some_elsewhere or some_outside else ""
    return f"{told}, {most}in {', '.join([*sections, *places])}"


def _sections(chosen: NDArray[np.bool_], seats: SeatMap) -> tuple[list[str], bool]:
    """Say in which sections, where that is few of them, and whether a few seats are in others."""
    names, counts = np.unique(seats.section[chosen], return_counts=True)
    known = [name for name in dict.fromkeys(seats.section[seats.taken].tolist()) if name]
    if len(known) < 2:
        return [], False
    ranked = np.argsort(-counts, kind="stable")
    needed = int(np.searchsorted(np.cumsum(counts[ranked]), _MOST * counts.sum())) + 1
    if needed > _NAMED or needed >= len(known):
        return [], False
    wanted = {str(name) for name in names[ranked[:needed]]}
    return [f"section{'s' if needed > 1 else ''} {_joined(wanted, known)}"], needed < len(names)


def _joined(wanted: set[str], known: list[str]) -> str:
    """Write names as runs of neighbours: ``A, C-D``."""
    runs: list[list[str]] = []
    for former, name in zip(["", *known], known, strict=False):
        if name in wanted:
            if runs and former in wanted:
                runs[-1].append(name)
            else:
                runs.append([name])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _ranges(chosen: NDArray[np.bool_], seats: SeatMap, *, columns: bool = True) -> tuple[list[str], bool]:
    """Say in which rows and columns, and whether a few lie outside of what is said."""
    told, trimmed = [], False
    grid = chosen.reshape(seats.rows, seats.columns)
    for word, along, size in (("row", 1, seats.rows), ("column", 0, seats.columns)):
        if word == "column" and not columns:
            continue
        counts = grid.sum(axis=along)
        lines = np.flatnonzero(counts)
        first, last = int(lines[0]), int(lines[-1])
        low, high = _bulk(counts)
        if last - first + 1 > _WHOLE * size or high - low + 1 <= (last - first + 1) / 2:
            if high - low + 1 > _HALF * size:
                continue
            first, last, trimmed = low, high, True
        if word == "row":
            names = _row_name(first, seats), _row_name(last, seats)
        else:
            names = str(first + 1), str(last + 1)
        told.append(f"{word} {names[0]}" if first == last else f"{word}s {names[0]}-{names[1]}")
    return told, trimmed


def _bulk(counts: NDArray[np.int64]) -> tuple[int, int]:
    """Return the first and last line of a short stretch that holds nine in ten."""
    total = np.concatenate([[0], np.cumsum(counts)])
    needed = _MOST * total[-1]
    ends = np.searchsorted(total, total[:-1] + needed - 1e-9)
    lengths = np.where(ends < total.size, ends - np.arange(counts.size), counts.size + 1)
    first = int(np.argmin(lengths))
    last = int(ends[first]) - 1
    # Lines beside it that are as full belong to it.
    full = counts >= counts[first : last + 1].mean() / 2
    while first > 0 and full[first - 1]:
        first -= 1
    while last + 1 < counts.size and full[last + 1]:
        last += 1
    return first, last


def _row_name(row: int, seats: SeatMap) -> str:
    names = seats.row.reshape(seats.rows, seats.columns)[row]
    named = [str(name) for name in np.unique(names) if name]
    return named[0] if len(named) == 1 else str(row + 1)
