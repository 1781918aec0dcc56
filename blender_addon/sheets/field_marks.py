"""Places on the field as a drill book gives them: steps off the nearest of the field's lines.

The field is seen from the main stand, in the west. Lines are `LINES` metres apart. L35 is 35 m to the left of
the centre line and R35 as far to the right; F20 is 20 m in front of the middle line, towards the main stand,
and B20 as far behind it. "Inside" is towards the centre line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LINES = 5.0
"""Metres from one line of the field to the next."""

CENTRE, MIDDLE = "centre", "middle"
_QUARTERS = ("", "¼", "½", "¾")
_SPAN = 1 << 20  # of steps off a line, in quarters

LEGEND = (
    f"L35, R35: {35} m to the left, right of the centre line, seen from the main stand",
    f"F20, B20: {20} m in front of, behind the middle line; inside: towards the centre line",
)


@dataclass(frozen=True, eq=False)
class Marks:
    """Places as steps off lines. N people.

    Attributes
    ----------
    across, deep : ndarray of int64, shape (N,)
        The nearest line, in lines from the centre to the right, and from the middle away from the main stand.
    right, back : ndarray of int64, shape (N,)
        Quarters of a step from that line to the right, and away from the main stand.
    """

    across: npt.NDArray[np.int64]
    deep: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    back: npt.NDArray[np.int64]


def marks(places: npt.NDArray[np.floating[Any]], step: float) -> Marks:
    """Return where places are on the field.

    Parameters
    ----------
    places : ndarray, shape (N, 2)
        Metres east and north of the field's middle.
    step : float
        Metres of a step.
    """
    right, back = -places[:, 1].astype(np.float64), places[:, 0].astype(np.float64)
    across, deep = (np.rint(metres / LINES).astype(np.int64) for metres in (right, back))
    quarters = [
        np.rint((metres - line * LINES) / step * 4.0).astype(np.int64)
        for metres, line in ((right, across), (back, deep))
    ]
    return Marks(across, deep, *quarters)


def across_texts(found: Marks, *, plain: bool = False) -> list[str]:
    """Return how far across each place is: "2¾ outside R35"; with `plain` "2.75 outside R35"."""
    return _texts(found.across, found.right, _across_text, plain)


def depth_texts(found: Marks, *, plain: bool = False) -> list[str]:
    """Return how deep in the field each place is: "1½ behind B10", "on F20"."""
    return _texts(found.deep, found.back, _depth_text, plain)


def _texts(
    lines: npt.NDArray[np.int64], quarters: npt.NDArray[np.int64], text: Any, plain: bool
) -> list[str]:
    """Set each different text once: there are few, and people by the ten thousand."""
    codes, which = np.unique(lines * _SPAN + quarters + _SPAN // 2, return_inverse=True)
    known = []
    for code in codes.tolist():
        line, rest = divmod(code, _SPAN)
        known.append(text(line, rest - _SPAN // 2, plain))
    return np.array(known, dtype=object)[which.ravel()].tolist() if known else []


def line_name(line: int, letters: str, zero: str) -> str:
    """Return what a line of the field is called: "R35", "F20", "centre"."""
    return f"{letters[line > 0]}{abs(line) * LINES:g}" if line else zero


def _across_text(line: int, quarters: int, plain: bool) -> str:
    name = line_name(line, "LR", CENTRE)
    if quarters == 0:
        return f"on {name}"
    if line == 0:
        return f"{_steps(quarters, plain)} {'right' if quarters > 0 else 'left'} of {name}"
    return f"{_steps(quarters, plain)} {'outside' if (quarters > 0) == (line > 0) else 'inside'} {name}"


def _depth_text(line: int, quarters: int, plain: bool) -> str:
    name = line_name(line, "FB", MIDDLE)
    if quarters == 0:
        return f"on {name}"
    return f"{_steps(quarters, plain)} {'behind' if quarters > 0 else 'in front of'} {name}"


def _steps(quarters: int, plain: bool) -> str:
    whole, rest = divmod(abs(quarters), 4)
    if plain:
        return f"{abs(quarters) / 4:g}"
    return f"{whole or ''}{_QUARTERS[rest]}"
