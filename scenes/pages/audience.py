"""Pages as the audience sees them: laid so that they look right from one place, not flat on the seats.

The picture stands in a plane square to the line from that place to the middle of the section, and each seat
takes what lies before it in perspective, as with pictures on the ground beside a playing field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..camera_paths import camera_places
from ..errors import listing, nearest_name, quoted
from .canvas import Canvas, PageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..schema_page import Page
    from ..seats import SeatMap

    Floats = NDArray[np.float64]

CARD_HEIGHT = 1.1
"""Metres from the tread to the middle of what people hold."""

_NEAREST = 2.0
_EDGE_ON = 0.02
_HALF_WAY = 0.5


class ViewError(PageError):
    """The card section's picture cannot be seen from the place that a page names; the message says why."""


def canvas_of(page: Page, seats: SeatMap, loaded: LoadedShow, pixels: int = 1) -> Canvas:
    """Return the raster on which a page is drawn, with its view where the page has one.

    Parameters
    ----------
    page : Page
    seats : SeatMap
    loaded : LoadedShow
    pixels : int
        Cells of a seat, across and down.

    Returns
    -------
    Canvas
        ``seats.rows * pixels`` rows of ``seats.columns * pixels`` cells.

    Raises
    ------
    ViewError
        As `view_of`.
    """
    columns, rows = seats.columns * pixels, seats.rows * pixels
    if page.seen_from is None:
        return Canvas(columns, rows, seats.cell_aspect)
    plane = _seen(page, seats, loaded)
    aspect = float(plane.span[0] / plane.span[1]) * rows / columns
    return Canvas(columns, rows, aspect, _finer(plane.uv, pixels), _outline(plane.uv))


def view_of(page: Page, seats: SeatMap, loaded: LoadedShow) -> Floats:
    """Return where each seat is seen in the picture plane of a page's ``seen_from``.

    The plane's window goes around all seats, half a seat from the outermost; its width over its height is
    that of `canvas_of`, whose canvas is the one to draw on.

    Returns
    -------
    ndarray of float64, shape (rows, columns, 2)
        From 0 at the left and bottom to 1 at the right and top; NaN where there is no seat.

    Raises
    ------
    ViewError
        If the place is too near the section, behind it, or in the plane that it lies in; or if it is a
        shot's that there is not.
    """
    return _seen(page, seats, loaded).uv


class _Plane:
    """A picture plane with the seats in it: `uv` (rows, columns, 2), and the window's `span` (2,)."""

    def __init__(self, at: Floats, seats: SeatMap) -> None:
        low, high = at[seats.taken].min(axis=0), at[seats.taken].max(axis=0)
        count = np.array([seats.columns, seats.rows])
        # Half a seat more on each side, so that a distant view from the front is the flat raster.
        self.span = np.maximum((high - low) * count / np.maximum(count - 1, 1), 1e-9)
        uv = (at - (low + high) / 2) / self.span + 0.5
        self.uv: Floats = np.where(seats.taken[:, None], uv, np.nan).reshape(seats.rows, seats.columns, 2)


def _seen(page: Page, seats: SeatMap, loaded: LoadedShow) -> _Plane:
    eye = camera_place(page, loaded)
    cards = seats.places + np.array([0.0, 0.0, CARD_HEIGHT])
    middle = cards[seats.taken].mean(axis=0)
    _check_in_front(page, eye, cards[seats.taken], seats)
    ahead = middle - eye
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, _up(ahead, seats))
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    depth = (cards - eye) @ ahead
    if depth[seats.taken].min() < _NEAREST:
        raise ViewError(
            f"{_said(page)} is beside or among the seats, so a picture for it cannot be laid over them"
        )
    depth = np.where(seats.taken, depth, 1.0)
    return _Plane(np.stack([(cards - eye) @ right, (cards - eye) @ up], axis=-1) / depth[:, None], seats)


def camera_place(page: Page, loaded: LoadedShow) -> Floats:
    """Return the place that a page is seen from, (3,) metres: as given, or half-way through a shot.

    Raises
    ------
    ViewError
        If there is no such shot.
    """
    where = page.seen_from
    if not isinstance(where, str):
        return np.array(where, dtype=np.float64)
    shots = {shot.name: shot for shot in loaded.show.film.shots}
    if where not in shots:
        near = nearest_name(where, shots)
        advice = f"; did you mean {near!r}?" if near else f"; the shots are {listing(shots)}"
        raise ViewError(f"there is no shot {quoted(where)} to see the page from{advice}")
    place: Floats = camera_places(shots[where], _HALF_WAY)[0]
    return place


def _check_in_front(page: Page, eye: Floats, cards: Floats, seats: SeatMap) -> None:
    """Refuse a place from which the section is seen from behind or edge-on."""
    facing = _mean_facing(seats)
    away = eye - cards.mean(axis=0)
    distance = float(np.linalg.norm(away))
    if distance < _NEAREST:
        raise ViewError(f"{_said(page)} is in the middle of the section")
    _, reach, axes = np.linalg.svd(np.pad(cards - cards.mean(axis=0), ((0, 3), (0, 0))), full_matrices=False)
    # Seats in one line span no plane; people's own direction then says what is in front.
    normal = axes[2] if reach[1] > 1e-3 * reach[0] else facing
    towards = float(normal @ (facing if abs(normal @ facing) > 1e-3 else [0.0, 0.0, 1.0]))
    normal = normal if towards > 0 else -normal
    if (away @ normal) / distance < _EDGE_ON:
        where = (
            "behind the section" if away @ normal < -_EDGE_ON * distance else "in the plane of the section"
        )
        raise ViewError(
            f"{_said(page)} is {where}, where its picture cannot be seen; "
            "choose a place on the side that the people look to"
        )


def _mean_facing(seats: SeatMap) -> Floats:
    facing = seats.facing[seats.taken]
    direction = np.array([np.cos(facing).mean(), np.sin(facing).mean(), 0.0])
    length = float(np.linalg.norm(direction))
    return direction / length if length > 1e-9 else np.array([-1.0, 0.0, 0.0])


def _up(ahead: Floats, seats: SeatMap) -> Floats:
    """Return what is up in the picture: the sky, or, from straight above, what lies further back."""
    return -_mean_facing(seats) if abs(ahead[2]) > 0.999 else np.array([0.0, 0.0, 1.0])


def _said(page: Page) -> str:
    where = page.seen_from
    if isinstance(where, str):
        return f"the camera of the shot {quoted(where)}, half-way through it,"
    assert where is not None
    return f"the place [{', '.join(f'{value:g} m' for value in where)}]"


def _outline(uv: Floats) -> Floats:
    """Return the polygon around all seats, half a seat from the outermost: (n, 2)."""
    known = np.isfinite(uv).all(axis=-1)
    rows = np.flatnonzero(known.any(axis=1))
    ends = [np.flatnonzero(known[row])[[0, -1]] for row in rows]
    left, right = (
        np.array([uv[row, end[side]] for row, end in zip(rows, ends, strict=True)]) for side in (0, 1)
    )
    front, back = (uv[row][known[row]] for row in rows[[0, -1]])
    # Up at the left, along the back, down at the right, and along the front.
    around = np.concatenate([left, back, right[::-1], front[::-1]])
    count = np.array([uv.shape[1], uv.shape[0]])
    outline: Floats = 0.5 + (around - 0.5) * count / np.maximum(count - 1, 1)
    return outline


def _finer(uv: Floats, pixels: int) -> Floats:
    """Return where each of the pixels of the seats is seen, (rows * pixels, columns * pixels, 2)."""
    if pixels == 1:
        return uv
    offsets = (np.arange(pixels) + 0.5) / pixels - 0.5
    across, up = _steps(uv, 1), _steps(uv, 0)
    spots = (
        uv[:, None, :, None]
        + up[:, None, :, None] * offsets[:, None, None, None]
        + across[:, None, :, None] * offsets[:, None]
    )
    finer: Floats = spots.reshape(uv.shape[0] * pixels, uv.shape[1] * pixels, 2)
    return finer


def _steps(uv: Floats, axis: int) -> Floats:
    """Return how far it is from seat to seat along an axis; where a seat has no neighbours, as usual."""
    step = np.diff(uv, axis=axis)
    edge = np.full_like(np.take(uv, [0], axis=axis), np.nan)
    both = np.stack([np.concatenate([edge, step], axis=axis), np.concatenate([step, edge], axis=axis)])
    known = np.isfinite(both)
    count = known.sum(axis=0)
    mean = np.where(known, both, 0.0).sum(axis=0) / np.maximum(count, 1)
    usual = mean[count[..., 0] > 0].mean(axis=0) if (count > 0).any() else np.zeros(2)
    steps: Floats = np.where(count > 0, mean, usual)
    return steps
