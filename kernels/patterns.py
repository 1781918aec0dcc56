"""Pictures that are worked out: waves, rings, squares, stripes, plasma, stars, running text, a flag.

Each is a closed form of time over the raster, so any moment can be asked for in any order.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .colour_patterns import checker, plasma, ripple, stripes, waves
from .flag import flag
from .pattern_frames import Frame, encoded
from .scroll import scroll
from .starfield import starfield

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

COLOURS: dict[str, tuple[str, ...]] = {
    "waves": ("#03204f", "#0a4f9e", "#1590c8", "#6fd3e3", "#f4fbff"),
    "ripple": ("#2a0a52", "#7a1fa2", "#e0357f", "#ff9a3c", "#fff1b8"),
    "checker": ("#f7f3e8", "#c3142d"),
    "stripes": ("#d7263d", "#f46036", "#ffd23f", "#1b998b", "#2e5fd7", "#7b2cbf"),
    "plasma": ("#0b0f4b", "#5b1fb0", "#e02c8e", "#ff8a30", "#ffe56b", "#17b7a6"),
    "starfield": ("#050a24", "#ffffff", "#ffe9a8", "#9fd0ff"),
    "scroll": ("#0a1440", "#ffffff", "#ffc21a"),
    "flag": ("#0b5fc6", "#ffffff", "#d81f36", "#ffffff", "#0b5fc6"),
}
"""The colours of each pattern when none are given."""


class PatternError(ValueError):
    """A pattern that cannot be drawn; the message says why."""


_KINDS: dict[str, Callable[[Frame], Any]] = {
    "waves": waves,
    "ripple": ripple,
    "checker": checker,
    "stripes": stripes,
    "plasma": plasma,
    "starfield": starfield,
    "scroll": scroll,
    "flag": flag,
}
PATTERNS = tuple(_KINDS)
"""Names of the patterns."""


def pattern(
    kind: str,
    columns: int,
    rows: int,
    time_seconds: float,
    *,
    colours: Sequence[Sequence[int]] | None = None,
    size: float = 20.0,
    speed: float = 10.0,
    angle: float = 0.0,
    centre: tuple[float, float] = (0.5, 0.5),
    seed: int = 0,
    cell_aspect: float = 1.0,
    picture: Bytes | None = None,
    ink: NDArray[np.float32] | None = None,
    paint: NDArray[np.float32] | None = None,
) -> Bytes:
    """Draw a pattern at a moment.

    Parameters
    ----------
    kind
        One of `PATTERNS`.

        ============= ======================== ======================================================
        kind          comes again after        ``size`` is
        ============= ======================== ======================================================
        ``waves``     4 size / speed           from crest to crest
        ``ripple``    size / speed             from ring to ring
        ``checker``   colours * size / speed   the side of a square
        ``stripes``   colours * size / speed   the width of a stripe
        ``plasma``    6 size / speed           about the width of a cloud
        ``starfield`` reach / speed            about the distance between stars; the reach is from the
                                               centre to the furthest corner
        ``scroll``    when the line has        the height of the letters, in rows
                      gone by
        ``flag``      2 size / speed           from fold to fold
        ============= ======================== ======================================================

    columns, rows
        Size of the raster.
    time_seconds
        The moment; any number.
    colours
        sRGB colours, 2 or more; `COLOURS` when none are given. Stars, and the letters of a scroll from their
        top to their foot, have all but the first, which is the ground. A flag has them as stripes, from the
        top.
    size, speed
        Widths of a seat, and widths of a seat in a second; a negative speed runs backwards.
    angle
        Radians, for waves, stripes and squares: the direction they move in, 0 to the right, pi/2 up.
    centre
        For rings and stars: shares of the width from the left and of the height from the bottom.
    seed
        Where the stars are.
    cell_aspect
        Width of a seat over its height, as a viewer sees them.
    picture : ndarray of uint8, shape (h, w, 3), optional
        A flag's picture in sRGB, its lowest row first; stretched over the raster. Best about twice as fine.
    ink : ndarray of float32, shape (h, w), optional
        The line that a scroll has, 0 to 1, its highest row first.
    paint : ndarray of float32, shape (h, w, 4), optional
        Those of its letters that have colours of their own, which are not in `ink`: linear light multiplied
        by alpha, and alpha.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        sRGB; row 0 is the lowest. On the device of ``picture`` or ``ink``, or of ``colours`` as an array.

    Raises
    ------
    PatternError
        For an unknown kind, fewer than two colours, an empty raster, a size that is not above 0, or a scroll
        without ink or with paint of another size.
    """
    if kind not in _KINDS:
        raise PatternError(f"unknown pattern {kind!r}; the patterns are {', '.join(PATTERNS)}")
    if columns < 1 or rows < 1:
        raise PatternError(f"a pattern needs at least one row and one column, not {rows} by {columns}")
    if not (size > 0 and math.isfinite(size) and math.isfinite(speed) and cell_aspect > 0):
        raise PatternError(f"a pattern has a size above 0 and a finite speed, not {size} and {speed}")
    if kind == "scroll" and (ink is None or ink.ndim != 2 or ink.size == 0):
        raise PatternError("a pattern 'scroll' needs the ink that goes by, (h, w) with something in it")
    if paint is not None and (ink is None or paint.shape != (*ink.shape, 4)):
        raise PatternError("the paint of a pattern 'scroll' must be as large as its ink, (h, w, 4)")
    xp = array_module(picture, ink, colours)
    given = to_numpy(colours).tolist() if colours is not None else [_rgb(name) for name in COLOURS[kind]]
    if len(given) < 2:
        raise PatternError(f"a pattern has 2 colours or more, not {len(given)}")
    frame = Frame(
        xp=xp,
        columns=columns,
        rows=rows,
        across=(xp.arange(columns) - (columns - 1) / 2)[None, :],
        up=((xp.arange(rows) - (rows - 1) / 2) / cell_aspect)[:, None],
        colours=tuple((int(red), int(green), int(blue)) for red, green, blue in given),
        size=float(size),
        speed=float(speed),
        time=float(time_seconds),
        angle=float(angle),
        centre=centre,
        seed=seed,
        cell_aspect=float(cell_aspect),
        picture=picture,
        ink=ink,
        paint=paint,
    )
    drawn: Bytes = encoded(_KINDS[kind](frame))
    return drawn


def _rgb(name: str) -> list[int]:
    return list(bytes.fromhex(name[1:]))
