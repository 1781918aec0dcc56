"""A troupe of the show as arrays: who stands where in each formation, and when they walk."""

from __future__ import annotations

import math
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps

from ..kernels import formations
from ..kernels.assignment import assign
from ..kernels.counter_random import Purpose, bits
from ..kernels.motion import CLIPS, Drill
from ..kernels.places import (
    FIELD_HALF_X,
    FIELD_HALF_Y,
    STANDING_SPACING,
    FormationError,
    Places,
    outside_field,
)
from ..kernels.ticks import ticks
from .check_files import FileProblem
from .errors import Problem, ShowError, YamlPath, dotted, quoted
from .pages.svg import Drawing
from .pages.svg_checks import SvgError
from .picture_files import PictureError, read_picture
from .schema_page import is_svg
from .schema_troupe import Block, Formation, Lines, Rings, Shape, Spiral, Star, Wedge

if TYPE_CHECKING:
    from .load import LoadedShow
    from .schema_troupe import DrillSet, Troupe

Mask: TypeAlias = NDArray[np.float64]

WEST = math.pi
"""Heading towards the main stand, where the camera usually is."""

WALKING_PACE = 2.5
"""Metres a second, on average, on a way whose time is not given."""

_LEAST_TRAVEL = Fraction(1, 2)
_ROUND = ("rings", "spiral", "star")
_EM = 300
_DRAWING = 1000
"""Pixels across that a drawing is rendered in."""
_BOLDER = 0.06
_LARGEST_SIDE = 2048


def compile_drill(loaded: LoadedShow, troupe_name: str, *, facing: float = WEST) -> Drill:
    """Work out a troupe's drill.

    A set is left for at its `at` and reached `travel` later. Where `travel` is not given, the longest way is
    walked at `WALKING_PACE`, or faster when the next set is due before.

    Parameters
    ----------
    loaded : LoadedShow
    troupe_name : str
        One of the show's `troupes`.
    facing : float
        Heading of people who stand, radians from +X towards +Y.

    Returns
    -------
    Drill
        Times in ticks of show time. A `canon` runs outwards in rings, spirals and stars, and from the
        viewer's left to right in all others: each person starts that much after the neighbour before them.

    Raises
    ------
    ShowError
        With the place in the show file, if a formation does not hold the troupe or does not fit the field, or
        a picture cannot be used.
    KeyError
        If the show has no such troupe.
    """
    troupe = loaded.show.troupes[troupe_name]
    placed = _formations(loaded, troupe_name, troupe)
    places, canon = [placed[0]], [_canon(troupe.drill[0], placed[0])]
    for drill_set, goal in zip(troupe.drill[1:], placed[1:], strict=True):
        who = assign(places[-1], goal)
        places.append(goal[who])
        canon.append(_canon(drill_set, goal)[who])
    leave = [drill_set.at for drill_set in troupe.drill]
    arrive = [leave[0]]
    for index in range(1, len(leave)):
        following = leave[index + 1] if index + 1 < len(leave) else None
        travel = troupe.drill[index].travel or _travel(
            places[index - 1], places[index], leave[index], following
        )
        arrive.append(leave[index] + travel)
    return Drill(
        places=np.stack(places),
        leave=np.array([ticks(moment) for moment in leave], dtype=np.int64),
        arrive=np.array([ticks(moment) for moment in arrive], dtype=np.int64),
        clip=np.array([CLIPS.index(drill_set.move.clip) for drill_set in troupe.drill], dtype=np.int16),
        canon=np.stack(canon),
        heading=np.full(len(places), facing),
        # By name, so that a troupe keeps its people when another is added or grows.
        seed=int(bits(loaded.show.seed, Purpose.FORMATION, 0, zlib.crc32(troupe_name.encode()))),
    )


def check_formations(loaded: LoadedShow) -> None:
    """Place all troupes in all their formations, without working out who goes where.

    Raises
    ------
    ShowError
        As `compile_drill`.
    """
    for name, troupe in loaded.show.troupes.items():
        _formations(loaded, name, troupe)


def _travel(start: Places, goal: Places, leave: Fraction, following: Fraction | None) -> Fraction:
    longest = float(np.hypot(*(goal - start).T).max())
    travel = max(_LEAST_TRAVEL, Fraction(round(longest / WALKING_PACE * 1000), 1000))
    return travel if following is None else min(travel, following - leave)


def _canon(drill_set: DrillSet, places: Places) -> NDArray[np.int64]:
    """Return each place's delay in ticks: people a spacing apart along the canon's way start one apart."""
    local = places - np.array(drill_set.place)
    along = np.hypot(*local.T) if drill_set.formation.kind in _ROUND else -local[:, 1]
    spacing = getattr(drill_set.formation.shape, "spacing", STANDING_SPACING)
    rank = np.rint((along - along.min()) / spacing).astype(np.int64)
    delay: NDArray[np.int64] = rank * ticks(drill_set.move.canon)
    return delay


def _formations(loaded: LoadedShow, name: str, troupe: Troupe) -> list[Places]:
    """Place the troupe in each of its sets; no one is assigned to a place yet."""
    placed: list[Places] = []
    problems: list[Problem] = []
    known: dict[Formation, Places] = {}
    for index, drill_set in enumerate(troupe.drill):
        formation = drill_set.formation
        path: YamlPath = ("troupes", name, "drill", index, "formation")
        try:
            if formation not in known:
                known[formation] = place_formation(loaded, formation, troupe.count)
            places = known[formation] + np.array(drill_set.place)
            outside = outside_field(places)
            if outside:
                raise FormationError(
                    f"{outside} of {troupe.count} people would stand outside the field, which reaches"
                    f" {FIELD_HALF_X:g} m to the east and west and {FIELD_HALF_Y:g} m to the north and south:"
                    " make the formation smaller or move it with 'place'",
                    asked=troupe.count,
                    fits=troupe.count - outside,
                )
            placed.append(places)
        except FormationError as error:
            problems.append(_problem(loaded, (*path, formation.kind), formation, str(error)))
        except FileProblem as error:
            problems.append(_problem(loaded, (*path, formation.kind), formation, error.message))
    if problems:
        raise ShowError(problems)
    return placed


def _problem(loaded: LoadedShow, path: YamlPath, formation: Formation, message: str) -> Problem:
    line, column = loaded.locate(path)
    found = quoted(formation.shape) if isinstance(formation.shape, str) else formation.kind
    return Problem(str(loaded.path), line, column, dotted(path), found, "", None, message)


def place_formation(loaded: LoadedShow, formation: Formation, count: int) -> Places:
    """Place people in a formation about the field's centre.

    Parameters
    ----------
    loaded : LoadedShow
        The show that the formation belongs to; its folder holds the pictures.
    formation : Formation
    count : int
        People.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If the formation does not hold `count` people.
    FileProblem
        If its picture cannot be read.
    """
    shape = formation.shape
    if isinstance(shape, str):
        mask = text_mask(shape) if formation.kind == "text" else _image_mask(loaded, shape)
        return formations.mask(count, mask, formation.width)
    return _drawn(shape, count)


def _drawn(shape: Shape, count: int) -> Places:
    match shape:
        case Block():
            return formations.block(count, shape.columns, shape.spacing)
        case Rings():
            return formations.rings(count, shape.rings, shape.radius, shape.spacing)
        case Spiral():
            return formations.spiral(count, shape.turns, shape.radius, shape.spacing)
        case Lines():
            return formations.lines(count, shape.lines, shape.gap, shape.spacing)
        case Wedge():
            return formations.wedge(count, shape.spacing)
        case Star():
            return formations.star(count, shape.points, shape.radius, spacing=shape.spacing)


def text_mask(words: str) -> Mask:
    """Draw words in bold, as a mask that is cut to their ink; line breaks are kept and lines centred.

    Parameters
    ----------
    words : str

    Returns
    -------
    Mask
        Shape (H, W), 0 to 1, row 0 at the top; a single empty cell if the words leave no ink.
    """
    font = ImageFont.load_default(_EM)
    stroke = round(_EM * _BOLDER)
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = draw.multiline_textbbox(
        (0, 0), words, font, align="center", stroke_width=stroke
    )
    size = max(1, math.ceil(right) - math.floor(left)), max(1, math.ceil(bottom) - math.floor(top))
    ink = Image.new("L", size)
    corner = -math.floor(left), -math.floor(top)
    ImageDraw.Draw(ink).multiline_text(corner, words, 255, font, align="center", stroke_width=stroke)
    ink = ink.crop(ink.getbbox() or (0, 0, 1, 1))
    return _shares(ink)


def _image_mask(loaded: LoadedShow, relative: str) -> Mask:
    path = loaded.resolve(relative)
    try:
        if is_svg(relative):
            return image_mask(Drawing.read(path).rendered(_DRAWING, _DRAWING))
        return image_mask(read_picture(path))
    except (PictureError, SvgError) as error:
        raise FileProblem(f"{quoted(relative)} {error}") from None


def image_mask(image: Image.Image) -> Mask:
    """Find the figure in a picture: what is opaque, or where all is, what is unlike the picture's border.

    Parameters
    ----------
    image : PIL.Image.Image
        Any mode; the camera's orientation is honoured. A picture of one colour is all figure.

    Returns
    -------
    Mask
        Shape (H, W), 0 to 1, row 0 at the top; at most 2,048 cells wide and high.
    """
    upright = ImageOps.exif_transpose(image)
    upright = upright.convert("RGBA")
    upright.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    alpha = _shares(upright.getchannel("A"))
    if alpha.min() < 1.0:
        return alpha
    colours = np.asarray(upright.convert("RGB"), dtype=np.float64)
    border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    unlike = np.abs(colours - np.median(border, axis=0)).max(axis=2)
    figure: Mask = unlike / unlike.max() if unlike.any() else np.ones_like(unlike)
    return figure


def _shares(grey: Image.Image) -> Mask:
    shares: Mask = np.asarray(grey, dtype=np.float64) / 255.0
    return shares
