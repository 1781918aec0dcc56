"""Pictures that are worked out: waves, rings, squares, stripes, plasma, stars, running text, a flag.

Each is a closed form of time over the raster, so any moment can be asked for in any order. Lengths are
counted in widths of a seat. Colours run into each other along straight lines in OKLab; where edges cross a
seat, the seat takes the mean light of its own area: patterns of one direction are averaged through a table
of sums (after F. Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .counter_random import Purpose, uniform
from .oklab import linear_to_srgb8, oklab_to_linear, srgb8_to_linear, srgb8_to_oklab

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Floats = NDArray[np.float64]
    RGB = tuple[int, int, int]

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

_FINE = 256
_LEAST_PLACES, _MOST_PLACES = 1 << 14, 1 << 17
_MOST_STARS = 4000
_TRAIL = 7


class PatternError(ValueError):
    """A pattern that cannot be drawn; the message says why."""


@dataclass(frozen=True)
class _Frame:
    """What all patterns are drawn from; `across` (1, C) and `up` (R, 1) lead from the section's middle."""

    xp: Any
    columns: int
    rows: int
    across: Any
    up: Any
    colours: tuple[RGB, ...]
    size: float
    speed: float
    time: float
    angle: float
    centre: tuple[float, float]
    seed: int
    cell_aspect: float
    picture: Any
    ink: Any

    @property
    def passed(self) -> float:
        """How many times its own size the pattern has moved."""
        return self.time * self.speed / self.size

    def along(self) -> tuple[Any, Any, float]:
        """Return coordinates along the angle and square to it, in sizes, and a seat's reach along it."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        reach = (abs(cosine) + abs(sine) / self.cell_aspect) / self.size
        ahead = (self.across * cosine + self.up * sine) / self.size
        return ahead, (self.up * cosine - self.across * sine) / self.size, reach

    def from_centre(self) -> tuple[Any, Any, float]:
        """Return coordinates from the centre, in seats, and the distance to the furthest corner."""
        x = self.across - (self.centre[0] - 0.5) * self.columns
        y = self.up - (self.centre[1] - 0.5) * self.rows / self.cell_aspect
        return x, y, math.hypot(float(abs(x).max()), float(abs(y).max())) or 1.0


def _bytes_of(colours: tuple[RGB, ...]) -> Bytes:
    return np.array(colours, dtype=np.uint8)


def _smooth(colours: tuple[RGB, ...], back: float) -> Floats:
    """Return the light of a cycle through all colours, one running into the next: (n, 3).

    They lie evenly; the last part of the cycle, `back`, leads to the first again.
    """
    lab = srgb8_to_oklab(_bytes_of((*colours, colours[0])))
    stops = np.append(np.linspace(0.0, 1.0 - back, len(colours)), 1.0)
    place = (np.arange(_FINE * len(colours)) + 0.5) / (_FINE * len(colours))
    mixed = np.stack([np.interp(place, stops, lab[:, channel]) for channel in range(3)], axis=-1)
    return np.clip(oklab_to_linear(mixed), 0.0, 1.0)


@functools.lru_cache(maxsize=64)
def _cycle(colours: tuple[RGB, ...], back: float | None, width: float) -> NDArray[np.float32]:
    """Return the mean light of each stretch of a cycle that is `width` long: (n, 3), about each place.

    A cycle of steps, one for each colour, where `back` is None.
    """
    light = srgb8_to_linear(_bytes_of(colours)) if back is None else _smooth(colours, back)
    sums = np.concatenate([np.zeros((1, 3)), np.cumsum(light, axis=0)]) / len(light)

    def summed(place: Floats) -> Floats:
        whole = np.floor(place)
        within = (place - whole) * len(light)
        below = np.minimum(within.astype(np.int64), len(light) - 1)
        part: Floats = sums[below] + (sums[below + 1] - sums[below]) * (within - below)[:, None]
        part += whole[:, None] * sums[-1]
        return part

    width = max(width, 1e-6)
    # Many places in a stretch, so that edges keep their own place.
    count = _LEAST_PLACES
    while count < min(16.0 / width, _MOST_PLACES):
        count *= 2
    place = (np.arange(count) + 0.5) / count
    return ((summed(place + width / 2) - summed(place - width / 2)) / width).astype(np.float32)


def _mean(colours: tuple[RGB, ...], back: float | None, phase: Any, width: float) -> Any:
    """Return the mean light over stretches of a cycle about `phase`, of which 1 is a whole cycle."""
    xp = array_module(phase)
    means = xp.asarray(_cycle(colours, back, width))
    place = ((phase - xp.floor(phase)) * means.shape[0]).astype(np.int32)
    return means[xp.minimum(place, means.shape[0] - 1)]


@functools.lru_cache(maxsize=1)
def _encoding() -> Bytes:
    return linear_to_srgb8(np.arange(65536) / 65535.0)


def _encoded(light: Any) -> Any:
    """Return sRGB bytes; 16 bits of light are enough that every byte comes back as itself."""
    xp = array_module(light)
    whole = (xp.clip(light, 0.0, 1.0) * 65535.0 + 0.5).astype(np.uint16)
    return xp.asarray(_encoding())[whole]


def _waves(frame: _Frame) -> Any:
    """Crests that roll along the angle and meander; their backs rise slowly, their fronts fall."""
    xp, turn = frame.xp, 2.0 * math.pi
    ahead, aside, reach = frame.along()
    passed = frame.passed
    bend = 0.26 * xp.sin(turn * (0.23 * aside + 0.11 * ahead - 0.25 * passed) + 0.4)
    bend = bend + 0.10 * xp.sin(turn * (0.61 * aside - 0.17 * ahead + 0.50 * passed) + 2.0)
    bend = bend + 0.025 * xp.sin(turn * (2.3 * aside + 0.31 * ahead - 0.75 * passed) + 4.0)
    phase = ahead - passed + bend
    swell = 0.5 + 0.5 * xp.sin(turn * (0.19 * ahead + 0.23 * aside - 0.25 * passed) + 1.0)
    calm = frame.colours[:-1] if len(frame.colours) > 2 else frame.colours
    share = (0.9 * swell)[..., None]
    low, high = (_mean(colours, 0.06, phase, 1.3 * reach) for colours in (calm, frame.colours))
    return low * share + high * (1.0 - share)


def _ripple(frame: _Frame) -> Any:
    """Rings that grow from the centre."""
    xp = frame.xp
    x, y, _ = frame.from_centre()
    distance = xp.hypot(x, y) / frame.size
    return _mean(frame.colours, 0.18, frame.passed - distance, 1.0 / frame.size)


def _stripes(frame: _Frame) -> Any:
    """Straight bands of each colour in turn, that move along the angle."""
    number = len(frame.colours)
    ahead, _, reach = frame.along()
    phase = (ahead - ahead.min() + reach / 2 - frame.passed) / number
    return _mean(frame.colours, None, phase, reach / number)


def _checker(frame: _Frame) -> Any:
    """Squares of each colour in turn, both ways, that move along the angle."""
    xp, number = frame.xp, len(frame.colours)
    ahead, aside, reach = frame.along()
    light = xp.asarray(srgb8_to_linear(_bytes_of(frame.colours)))
    if reach > 1.0:
        return xp.broadcast_to(light.mean(axis=0), (frame.rows, frame.columns, 3))

    def split(place: Any) -> tuple[Any, Any]:
        """Return the square at a seat's beginning, and the share of the seat that lies in the next one."""
        begin = place - reach / 2
        square = xp.floor(begin)
        return square.astype(np.int64), xp.clip((begin + reach - square - 1.0) / reach, 0.0, 1.0)[..., None]

    i, over_i = split(ahead - ahead.min() + reach / 2 - frame.passed)
    j, over_j = split(aside - aside.min() + reach / 2)
    own, next_one, after = (light[(i + j + step) % number] for step in range(3))
    return (
        own * (1 - over_i) * (1 - over_j)
        + next_one * (over_i * (1 - over_j) + over_j * (1 - over_i))
        + after * over_i * over_j
    )


def _plasma(frame: _Frame) -> Any:
    """Clouds of colour that flow into each other: sums of sines, bent by others."""
    xp, turn = frame.xp, 2.0 * math.pi
    x, y = frame.across / frame.size, frame.up / frame.size
    slow = frame.passed / 6.0
    bent_x = x + 0.45 * xp.sin(turn * (0.23 * y + 1.0 * slow)) + 0.2 * xp.sin(turn * (0.41 * y - 2.0 * slow))
    bent_y = y + 0.45 * xp.sin(turn * (0.19 * x - 1.0 * slow) + 1.3) + 0.2 * xp.sin(turn * (0.37 * x + slow))
    value = xp.sin(turn * (0.31 * bent_x + slow))
    value = value + xp.sin(turn * (0.27 * bent_y - slow) + 0.7)
    value = value + xp.sin(turn * (0.21 * (bent_x + bent_y) + 2.0 * slow) + 2.1)
    away = xp.hypot(bent_x - 1.1 * math.sin(turn * slow), bent_y - 0.8 * math.cos(turn * slow))
    value = value + xp.sin(turn * (0.33 * away - slow))
    return _mean(frame.colours, 1.0 / len(frame.colours), 0.28 * value, 0.7 / frame.size)


def _starfield(frame: _Frame) -> Any:
    """Stars that come from the centre and pass on all sides, ever faster, larger and brighter.

    Worked out in the host's memory: there are few, and each touches few seats.
    """
    x, y, reach = frame.from_centre()
    x, y = to_numpy(x)[0], to_numpy(y)[:, 0]
    count = frame.columns * frame.rows / frame.cell_aspect / frame.size**2
    stars = np.arange(int(min(max(count * 1.6, 12.0), _MOST_STARS)))

    def random(what: int) -> Floats:
        return uniform(frame.seed, Purpose.VARIATION, what, stars)[:, None]

    heading, begin, dim = 2.0 * math.pi * random(0), 0.03 + 0.3 * random(1), 0.55 + 0.45 * random(3)
    kind = (random(4)[:, 0] * (len(frame.colours) - 1)).astype(np.int64)
    step = np.arange(_TRAIL)
    age = random(2) + frame.time * frame.speed / reach - math.copysign(0.007, frame.speed) * step
    age -= np.floor(age)
    distance = reach * (begin + (1.12 - begin) * age * age)
    wide = np.maximum(frame.size * (0.05 + 0.09 * age) * (1.0 - 0.08 * step), 0.6)
    bright = dim * np.clip(age * 4.0, 0.0, 1.0) * np.where(step == 0, 1.0, 0.5 - 0.07 * step)
    at_x, at_y = distance * np.cos(heading), distance * np.sin(heading)

    dots = np.zeros((len(frame.colours) - 1, frame.rows, frame.columns))
    first_x, last_x = np.searchsorted(x, at_x - 3 * wide), np.searchsorted(x, at_x + 3 * wide)
    first_y, last_y = np.searchsorted(y, at_y - 3 * wide), np.searchsorted(y, at_y + 3 * wide)
    for one in zip(*np.nonzero((first_x < last_x) & (first_y < last_y)), strict=True):
        columns, rows = slice(first_x[one], last_x[one]), slice(first_y[one], last_y[one])
        beside = np.exp(-(((x[columns] - at_x[one]) / wide[one]) ** 2))
        above = np.exp(-(((y[rows] - at_y[one]) / wide[one]) ** 2))
        dots[kind[one[0]], rows, columns] += (bright[one] * above)[:, None] * beside
    light = srgb8_to_linear(_bytes_of(frame.colours))
    shown = sum(dots[number][..., None] * colour for number, colour in enumerate(light[1:]))
    cover = 1.0 - np.exp(-1.4 * np.asarray(shown))
    return frame.xp.asarray(light[0] * (1.0 - cover.max(axis=-1, keepdims=True)) + cover)


def _scroll(frame: _Frame) -> Any:
    """Let a line of ink go by from right to left, again and again, a little apart."""
    xp = frame.xp
    if frame.ink is None or frame.ink.ndim != 2 or frame.ink.size == 0:
        raise PatternError("a pattern 'scroll' needs the ink that goes by, (h, w) with something in it")
    high, wide = frame.ink.shape
    tall = min(frame.size, float(frame.rows))
    length = wide / high * tall / frame.cell_aspect
    between = 0.6 * length if length < frame.columns / 4 else tall / frame.cell_aspect
    apart = length + max(between, 1.0)
    # From the ink's top down to each row's lower edge, and to the upper edge of the last row.
    down = (frame.rows + tall) / 2 - xp.arange(frame.rows + 1)
    lines = _sums_to(frame.ink, xp.clip(down * (high / tall), 0, high))
    lines = (lines[:-1] - lines[1:]) * (tall / high)
    place = (xp.arange(frame.columns + 1) + frame.time * frame.speed - (apart - length) / 2) / apart
    whole = xp.floor(place)
    within = xp.clip((place - whole) * apart / length, 0.0, 1.0) * wide
    passed = _sums_to(lines.T, within) + whole[:, None] * lines.sum(axis=1)
    cover = ((passed[1:] - passed[:-1]).T * (length / wide))[..., None]
    ground = xp.asarray(srgb8_to_linear(_bytes_of(frame.colours[:1])))[0]
    height = xp.clip((down[1:] + 0.5) / tall, 0.0, 1.0)
    return ground + cover * (_downwards(frame.colours[1:], height, xp)[:, None] - ground)


def _sums_to(values: Any, place: Any) -> Any:
    """Return the sums of `values` (n, m) from its first row to places 0 to n: (places, m)."""
    xp = array_module(values)
    sums = xp.concatenate([xp.zeros((1, values.shape[1])), xp.cumsum(values, axis=0, dtype=np.float64)])
    below = xp.minimum(place.astype(np.int64), values.shape[0] - 1)
    return sums[below] + (sums[below + 1] - sums[below]) * (place - below)[:, None]


def _downwards(colours: tuple[RGB, ...], share: Any, xp: Any) -> Any:
    """Return the light of colours that run into each other from the top, 0, to the bottom, 1."""
    lab, stops = srgb8_to_oklab(_bytes_of(colours)), np.linspace(0.0, 1.0, len(colours))
    mixed = [xp.interp(share, xp.asarray(stops), xp.asarray(lab[:, channel])) for channel in range(3)]
    return xp.clip(oklab_to_linear(xp.stack(mixed, axis=-1)), 0.0, 1.0)


def _flag(frame: _Frame) -> Any:
    """Fill the section with a cloth that is held at the left; folds run through it along the wind."""
    xp, turn = frame.xp, 2.0 * math.pi
    loose = 0.3 + 0.7 * (frame.across / frame.columns + 0.5)
    x, y = frame.across / frame.size, frame.up / frame.size
    fold = turn * (x + 0.28 * y - frame.passed)
    wave = turn * (0.43 * x - 0.35 * y - 0.5 * frame.passed + 0.3)
    lift = frame.size * loose * (0.10 * xp.sin(fold) + 0.13 * xp.sin(wave)) * frame.cell_aspect / frame.rows
    shift = frame.size * loose * 0.06 * xp.cos(fold) / frame.columns
    right, high = frame.across / frame.columns + 0.5 + shift, frame.up * frame.cell_aspect / frame.rows + 0.5
    light = _cloth(frame, right, high + lift)
    slope = (0.25 + 0.75 * loose) * (0.7 * xp.cos(fold + 0.5) + 0.3 * xp.cos(wave))
    gloss = 0.6 * xp.clip(slope - 0.4, 0.0, 1.0)[..., None] ** 2
    return light * (1.0 + 0.6 * slope)[..., None] * (1.0 - gloss) + gloss


def _cloth(frame: _Frame, right: Any, high: Any) -> Any:
    """Return the flag's light at shares of its width and height; beyond its edges it goes on as there."""
    xp = frame.xp
    if frame.picture is None:
        half = 0.5 / frame.rows
        return _mean(frame.colours, None, xp.clip(1.0 - high, half, 1.0 - half), 2.0 * half)
    tall, wide = frame.picture.shape[:2]
    light = srgb8_to_linear(frame.picture)
    total = xp.zeros((frame.rows, frame.columns, 3))
    for over, aside in ((-0.25, -0.25), (-0.25, 0.25), (0.25, -0.25), (0.25, 0.25)):
        row = xp.clip((high + over / frame.rows) * tall - 0.5, 0.0, tall - 1.0)
        column = xp.clip((right + aside / frame.columns) * wide - 0.5, 0.0, wide - 1.0)
        below, left = row.astype(np.int64), column.astype(np.int64)
        above, beside = xp.minimum(below + 1, tall - 1), xp.minimum(left + 1, wide - 1)
        up, on = (row - below)[..., None], (column - left)[..., None]
        lower = light[below, left] * (1 - on) + light[below, beside] * on
        total += lower * (1 - up) + (light[above, left] * (1 - on) + light[above, beside] * on) * up
    return total / 4.0


_KINDS: dict[str, Callable[[_Frame], Any]] = {
    "waves": _waves,
    "ripple": _ripple,
    "checker": _checker,
    "stripes": _stripes,
    "plasma": _plasma,
    "starfield": _starfield,
    "scroll": _scroll,
    "flag": _flag,
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

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        sRGB; row 0 is the lowest. On the device of ``picture`` or ``ink``, or of ``colours`` as an array.

    Raises
    ------
    PatternError
        For an unknown kind, fewer than two colours, an empty raster, a size that is not above 0, or a scroll
        without ink.
    """
    if kind not in _KINDS:
        raise PatternError(f"unknown pattern {kind!r}; the patterns are {', '.join(PATTERNS)}")
    if columns < 1 or rows < 1:
        raise PatternError(f"a pattern needs at least one row and one column, not {rows} by {columns}")
    if not (size > 0 and math.isfinite(size) and math.isfinite(speed) and cell_aspect > 0):
        raise PatternError(f"a pattern has a size above 0 and a finite speed, not {size} and {speed}")
    xp = array_module(picture, ink, colours)
    given = to_numpy(colours).tolist() if colours is not None else [_rgb(name) for name in COLOURS[kind]]
    if len(given) < 2:
        raise PatternError(f"a pattern has 2 colours or more, not {len(given)}")
    frame = _Frame(
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
    )
    drawn: Bytes = _encoded(_KINDS[kind](frame))
    return drawn


def _rgb(name: str) -> list[int]:
    return list(bytes.fromhex(name[1:]))
