"""Books and the leaf that turns in them: stacks of paper that bow to the spine, and paper that bends.

As all props they are modelled about their own middle: the front looks along +X, up is +Z, and the pages lie
at X = 0. Measures are metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..card_holders import BOOK_THICKNESS, COVER_THICKNESS, PROP_HEIGHT
from ..figures import Figure, Floats, Part

#: How far the cover reaches beyond the pages.
_OVERLAP = 0.004
_SEGMENTS, _BANDS = (8, 3), (4, 1)
#: Radians: how much paper bends at most between its middle and an edge, and how far the pulled corner leads.
_BEND, _LEAD = 0.62, 0.26
#: How much nearer to the pages the leaf lies before and after its turn than where it is hinged.
_LIES = 0.002


@dataclass(frozen=True, eq=False)
class Leaf:
    """A leaf in one moment of its turn: points (rows from below, columns from the spine, 3)."""

    points: Floats

    def figure(self) -> Figure:
        """Return its surface."""
        figure = Figure()
        rows, columns = self.points.shape[:2]
        figure.vertices = [(x, y, z) for x, y, z in self.points.reshape(-1, 3).tolist()]
        for i in range(rows - 1):
            for j in range(columns - 1):
                a = i * columns + j
                figure.faces.append((a, a + 1, a + columns + 1, a + columns))
                figure.parts.append(Part.RIGHT_PAGE)
        return figure


def page_bow(across: npt.ArrayLike, width: float) -> Floats:
    """Return how far pages stand out at places from the spine: down into the gutter, then gently over."""
    share = np.abs(np.asarray(across, float)) / (width / 2)
    bow: Floats = 0.0075 * (1.0 - np.exp(-share / 0.055)) * np.exp(-((share / 0.55) ** 2)) - 0.009 * np.exp(
        -share / 0.03
    )
    return bow


def near_book(width: float) -> Figure:
    """Return an open book for pictures from nearby: bowed pages, edges of stacked paper, cover and spine."""
    figure = Figure()
    w, h = width / 2, PROP_HEIGHT / 2
    shares = np.array([0.0, 0.012, 0.035, 0.07, 0.13, 0.22, 0.34, 0.5, 0.72, 0.9, 1.0])
    for side, page in ((-1, Part.LEFT_PAGE), (1, Part.RIGHT_PAGE)):
        across = side * shares * w
        out = page_bow(across, width)
        up = np.array([-h, -0.6 * h, 0.5 * h, h])
        grid = np.empty((4, len(shares), 3))
        grid[..., 1], grid[..., 2] = across, up[:, None]
        grid[..., 0] = out + 0.0012 * np.sin(9.0 * up[:, None] + 3.0 * side) * shares**2
        # Nobody's top page lies quite flat at its corner.
        grid[-1, -2:, 0] += (0.001, 0.0035)
        _surface(figure, grid if side > 0 else grid[:, ::-1], page)
        # The stack below is not cut quite square: leaves of an open book fan out.
        steps = np.array([0.0, 0.30, 0.55, 0.8, 1.0])
        fan = np.array([0.0, -0.0016, 0.0004, -0.0012, 0.0])
        for edge in ("outer", "upper", "lower"):
            line = grid[:, -1] if edge == "outer" else grid[-1 if edge == "upper" else 0]
            layers = np.repeat(line[None], 5, axis=0)
            layers[..., 0] += steps[:, None] * (-BOOK_THICKNESS - line[None, :, 0])
            shift = {"outer": (0.0, side, 0.0), "upper": (0.0, 0.0, 1.0), "lower": (0.0, 0.0, -1.0)}[edge]
            layers += fan[:, None, None] * np.array(shift)
            flip = (side > 0) != (edge != "lower")
            _surface(figure, layers[::-1] if flip else layers, Part.PAPER)
    back = -BOOK_THICKNESS - COVER_THICKNESS
    reach, tall = w + _OVERLAP, h + _OVERLAP
    # Two boards, and between them the spine's cloth, which stands out behind.
    for side in (-1, 1):
        low, high = sorted((side * 0.016, side * reach))
        figure.box((back, low, -tall), (-BOOK_THICKNESS, high, tall), Part.COVER)
    turn = np.linspace(-np.pi / 2, np.pi / 2, 7)
    round_ = np.stack([back - 0.009 * np.cos(turn), 0.016 * np.sin(turn), np.zeros(7)], -1)
    spine = np.stack([round_ + np.array([0.0, 0.0, z]) for z in (-tall, tall)])
    _surface(figure, spine[:, ::-1], Part.COVER)
    return figure


def _surface(figure: Figure, grid: Floats, part: Part) -> None:
    """Add a grid (rows, columns, 3) of quads; seen from the front, rows go up and columns to the right."""
    rows, columns = grid.shape[:2]
    base = len(figure.vertices)
    figure.vertices += [(x, y, z) for x, y, z in grid.reshape(-1, 3).tolist()]
    for i in range(rows - 1):
        for j in range(columns - 1):
            a = base + i * columns + j
            figure.faces.append((a, a + 1, a + columns + 1, a + columns))
            figure.parts.append(part)


def far_book(width: float) -> Figure:
    """Return an open book of boxes: two blocks of pages, the viewer's left and right one, on a cover."""
    figure = Figure()
    w, h = width / 2, PROP_HEIGHT / 2
    # Seen from the front (from +X) the viewer's left is -Y.
    figure.box((-BOOK_THICKNESS, -w, -h), (0.0, 0.0, h), Part.PAPER, Part.LEFT_PAGE)
    figure.box((-BOOK_THICKNESS, 0.0, -h), (0.0, w, h), Part.PAPER, Part.RIGHT_PAGE)
    back = -BOOK_THICKNESS - COVER_THICKNESS
    figure.box(
        (back, -w - _OVERLAP, -h - _OVERLAP), (-BOOK_THICKNESS, w + _OVERLAP, h + _OVERLAP), Part.COVER
    )
    return figure


def turning_leaf(width: float, progress: float, detail: int = 0) -> Leaf:
    """Return the leaf of a book at a moment of its turn, before it is turned by half a turn times `progress`.

    It is hinged on the origin along Z and its chord lies towards +Y, its front towards +X; turned about -Z it
    goes over to -Y. While it is pulled by its upper outer corner, that corner leads, and the paper bends back
    from there to the spine, where it is held: as a strip that is led by its end, its slope grows evenly from
    one end to the other, and it never reaches through the pages it comes from or goes to.

    Parameters
    ----------
    width : float
        The open book's, metres.
    progress : float
        0 lies on the right page, 1 on the left one.
    detail : int
        0 for nearby, 1 for far away.
    """
    columns, rows = _SEGMENTS[detail], _BANDS[detail]
    w, h = width / 2, PROP_HEIGHT / 2
    share = np.linspace(0.0, 1.0, columns + 1)
    up = np.linspace(-1.0, 1.0, rows + 1)
    room = np.pi * min(progress, 1.0 - progress)
    # The upper edge is ahead of the lower one while it is pulled, and waits for it at the end.
    lead = 0.5 * up * min(_LEAD, 0.5 * room)
    bend = np.minimum(_BEND * (1.0 + 0.35 * up), np.maximum(0.9 * (room + lead), 0.0))
    slope = lead[:, None] + bend[:, None] * (2.0 * (share[1:] + share[:-1]) / 2 - 1.0)
    steps = w / columns * np.stack([np.sin(slope), np.cos(slope)], -1)
    line = np.concatenate([np.zeros((rows + 1, 1, 2)), np.cumsum(steps, axis=1)], axis=1)
    points = np.empty((rows + 1, columns + 1, 3))
    # Turning about -Z goes from +Y to +X.
    points[..., 0], points[..., 1] = line[..., 0] - _LIES * np.cos(np.pi * progress), line[..., 1]
    points[..., 2] = up[:, None] * h
    return Leaf(points)


def pulled_corner(width: float, progress: float) -> Floats:
    """Return where the hand pulls at the leaf, in the book's own space: on its upper edge near the corner."""
    points = turning_leaf(width, progress).points
    at = 0.25 * points[-1, -2] + 0.75 * points[-1, -1]
    angle = -np.pi * progress
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]]
    )
    corner: Floats = turn @ at - (0.0, 0.0, 0.03)
    return corner
