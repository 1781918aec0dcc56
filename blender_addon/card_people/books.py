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
from ..gymnasts.inverse_kinematics import turned_about
from .reaching import reaching_arm

#: How far the cover reaches beyond the pages.
_OVERLAP = 0.003
#: How much wider and taller the lowest leaf of each half of an open book lies than its uppermost.
_STEPPED, _TRIMMED = 0.0075, 0.0015
#: From the uppermost leaf (0) to the cover (1): where a stack's edge has its steps, and by how much these
#: stick out.
_LAYERS = np.array([0.0, 0.12, 0.15, 0.38, 0.41, 0.66, 0.69, 0.9, 1.0])
_UNEVEN = 0.0012 * np.array([0.0, -0.2, 0.9, 0.3, 1.0, -0.4, 0.8, 0.0, 0.0])
_SEGMENTS, _BANDS = (10, 3), (8, 1)
#: Which place on its upper edge shows how far a leaf is turned: 0 is the spine, 1 the corner.
_CORNER = 0.9
#: Metres below the book: the tip of the cone as which a leaf bends.
_TIP = 0.22
#: How sharply, in radians a radian about that tip, a leaf bends between the spine and the hand, and beyond.
_AHEAD, _BACK = -2.6, 4.6
_TRIES = 24
#: How much nearer to the pages the leaf lies before and after its turn than where it is hinged.
_LIES = 0.002


@dataclass(frozen=True, eq=False)
class Leaf:
    """A leaf in one moment of its turn.

    Attributes
    ----------
    points
        (rows from below, columns from the spine, 3), metres.
    arm
        What turns it, where that belongs to the leaf.
    """

    points: Floats
    arm: Figure | None = None

    def figure(self) -> Figure:
        """Return its surface, and the arm."""
        figure = Figure()
        rows, columns = self.points.shape[:2]
        figure.vertices = [(x, y, z) for x, y, z in self.points.reshape(-1, 3).tolist()]
        for i in range(rows - 1):
            for j in range(columns - 1):
                a = i * columns + j
                figure.faces.append((a, a + 1, a + columns + 1, a + columns))
                figure.parts.append(Part.RIGHT_PAGE)
        if self.arm is not None:
            figure.add(self.arm)
        return figure


def page_bow(across: npt.ArrayLike, width: float) -> Floats:
    """Return how far pages stand out at places from the spine: down into the gutter, then gently over."""
    share = np.abs(np.asarray(across, float)) / (width / 2)
    bow: Floats = 0.0075 * (1.0 - np.exp(-share / 0.055)) * np.exp(-((share / 0.55) ** 2)) - 0.009 * np.exp(
        -share / 0.03
    )
    return bow


def near_book(width: float) -> Figure:
    """Return an open book for pictures from nearby: bowed pages, slanting edges of paper, cover and spine.

    Held open in the middle, the leaves of each half lie over one another like steps: their edges show from
    the front, as a band of white beside the page.
    """
    figure = Figure()
    w, h = width / 2, PROP_HEIGHT / 2
    shares = np.array([0.0, 0.012, 0.035, 0.07, 0.13, 0.22, 0.34, 0.5, 0.72, 0.9, 1.0])
    for side, page in ((-1, Part.LEFT_PAGE), (1, Part.RIGHT_PAGE)):
        across = side * shares * (w - _STEPPED)
        out = page_bow(across, width)
        up = np.array([-h, -0.6 * h, 0.0, 0.6 * h, h]) * (1.0 - _TRIMMED / h)
        grid = np.empty((len(up), len(shares), 3))
        grid[..., 1], grid[..., 2] = across, up[:, None]
        grid[..., 0] = out + 0.0012 * np.sin(9.0 * up[:, None] + 3.0 * side) * shares**2
        # Nobody's top page lies quite flat at its corners.
        grid[-1, -2:, 0] += (0.0010, 0.0038) if side > 0 else (0.0004, 0.0015)
        grid[0, -2:, 0] += (0.0004, 0.0020) if side > 0 else (0.0008, 0.0030)
        _surface(figure, grid if side > 0 else grid[:, ::-1], page)
        for edge in ("outer", "upper", "lower"):
            line = grid[:, -1] if edge == "outer" else grid[-1 if edge == "upper" else 0]
            layers = np.repeat(line[None], len(_LAYERS), axis=0)
            layers[..., 0] += _LAYERS[:, None] * (-BOOK_THICKNESS - line[None, :, 0])
            # Leaves further down reach further out; some were not put in quite square.
            reach = _LAYERS * _STEPPED + _UNEVEN * (_LAYERS * (1.0 - _LAYERS) * 4.0)
            layers[..., 1] += side * np.outer(reach, shares if edge != "outer" else np.ones(len(line)))
            if edge != "outer":
                layers[..., 2] += np.sign(line[0, 2]) * (_LAYERS * _TRIMMED + 0.5 * _UNEVEN)[:, None]
            else:
                layers[..., 2] += np.outer(_LAYERS * _TRIMMED, line[:, 2] / np.abs(line[:, 2]).max())
            flip = (side > 0) != (edge == "upper")
            _surface(figure, layers[::-1] if flip else layers, Part.PAPER)
    back = -BOOK_THICKNESS - COVER_THICKNESS
    beyond, tall = w + _OVERLAP, h + _OVERLAP
    # Two boards, and between them the spine's cloth, which stands out behind.
    for side in (-1, 1):
        low, high = sorted((side * 0.016, side * beyond))
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

    It is hinged on the origin along Z and its upper corner, where it is pulled, lies towards +Y, its front
    towards +X; turned about -Z it goes over to -Y. Paper bends without being stretched: as part of a cone,
    whose tip lies on the spine's line below the book. From the spine to the upper corner it bends ahead, and
    beyond, towards the lower one, back: that corner trails. All of it bends the less, the less room there is
    to the pages it comes from and goes to.

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
    w, h = width / 2 - (0.0 if detail else _STEPPED), PROP_HEIGHT / 2
    across = np.linspace(0.0, w, columns + 1)
    over = np.linspace(-h, h, rows + 1)[:, None] + h + _TIP
    radius, angle = np.hypot(across, over), np.arctan2(across, over)
    hold = float(np.arctan2(_CORNER * w, 2 * h + _TIP))
    # Near the pages there is no room to bend in.
    strength = _eased(progress / 0.45) * _eased((1.0 - progress) / 0.30)
    for _ in range(_TRIES):
        ways = _bent(angle, hold, strength)
        points = radius[..., None] * ways
        points[..., 2] -= h + _TIP
        # What is pulled shows how far the leaf is turned.
        (held,) = _bent(np.array([hold]), hold, strength)
        points = _about_spine(points, float(np.arctan2(held[0], held[1])))
        ahead = np.arctan2(points[:, 1:, 0], points[:, 1:, 1])
        if ahead.min() > -np.pi * progress and ahead.max() < np.pi * (1.0 - progress):
            break
        strength *= 0.8
    else:
        flat = np.broadcast_to(over - h - _TIP, angle.shape)
        points = np.stack([np.zeros_like(flat), np.broadcast_to(across, flat.shape), flat], -1)
    points[..., 0] -= _LIES * np.cos(np.pi * progress)
    if detail == 0:
        return Leaf(points)
    arm = reaching_arm(width, progress, _pulled(points, progress, _CORNER))
    places = _about_spine(np.array(arm.vertices).reshape(-1, 3), np.pi * progress)
    arm.vertices = [(x, y, z) for x, y, z in places.tolist()]
    return Leaf(points, arm)


def _eased(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def _bent(angles: Floats, hold: float, strength: float) -> Floats:
    """Return the directions (..., 3) from a cone's tip to its surface, by their angles on flat paper.

    They are a curve of unit speed on the sphere, which leaves +Z towards +Y. Its frame of direction d,
    tangent t and n = d x t turns at the rate n + k d, where k, its geodesic curvature, is how sharply the
    paper bends there; where that is constant, so is the frame's axis, and the curve is a part of a circle.
    """
    frame = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    ways = np.zeros((*angles.shape, 3))
    starts = (0.0, 0.8 * hold, 1.2 * hold)
    # A positive curvature bends the paper back to where the leaf comes from.
    for start, bend in zip(starts, (_AHEAD, (_AHEAD + _BACK) / 2, _BACK), strict=True):
        spin = frame[2] + strength * bend * frame[0]
        rate = float(np.linalg.norm(spin))
        axis, first = spin / rate, frame[0]
        turn = rate * np.maximum(angles - start, 0.0)[..., None]
        way = np.cos(turn) * first + np.sin(turn) * np.cross(axis, first)
        way += (1.0 - np.cos(turn)) * (axis @ first) * axis
        ways = np.where((angles >= start)[..., None], way, ways)
        frame = frame @ turned_about(axis, rate * 0.4 * hold * (2.0 if start == 0.0 else 1.0)).T
    return ways


def _about_spine(points: Floats, angle: float) -> Floats:
    """Return points turned about +Z, from +X towards +Y."""
    turn = turned_about(np.array([0.0, 0.0, 1.0]), angle)
    turned: Floats = points @ turn.T
    return turned


def pulled_place(width: float, progress: float, share: float) -> Floats:
    """Return where a hand is that pulls at the leaf, in the book's own space: just below its upper edge.

    `share` is how far along that edge it is: 0 at the spine, 1 at the corner.
    """
    return _pulled(turning_leaf(width, progress).points, progress, share)


def _pulled(points: Floats, progress: float, share: float) -> Floats:
    at = share * (points.shape[1] - 1)
    low = min(int(at), points.shape[1] - 2)
    edge = points[-1, low] + (at - low) * (points[-1, low + 1] - points[-1, low])
    place: Floats = _about_spine(edge, -np.pi * progress) - (0.0, 0.0, 0.03)
    return place
