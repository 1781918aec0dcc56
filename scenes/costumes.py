"""What a troupe wears, as arrays: colours by picture and by place, and who changes when."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..kernels.costumes import Costumes
from ..kernels.counter_random import Purpose, uniform
from ..kernels.drill import Drill
from ..kernels.motion import gymnast_states
from ..kernels.oklab import linear_to_srgb8, srgb8_to_linear
from ..kernels.places import Places
from ..kernels.ticks import ticks
from .check_files import FileProblem
from .errors import ShowError, YamlPath, advised, quoted
from .kept import file_state, kept
from .pages.canvas import Canvas, lay_source, placed
from .pages.still import source_of
from .pages.svg import Drawing
from .pages.svg_checks import SvgError
from .picture_files import PictureError, read_picture
from .schema_page import is_svg

if TYPE_CHECKING:
    from .load import LoadedShow
    from .schema_costume import ChangeOrder, CostumeChange, CostumePicture, CostumePlaces
    from .schema_troupe import Troupe

Colours = NDArray[np.uint8]

_CELL = 0.25
"""Metres of the field that a picture has one colour for: less than people need."""
_MOST_CELLS = 4_000_000
_DRAWING = 1000
_ROW = 0.5  # metres by which the rows of a rank lie apart at least


def compile_costumes(loaded: LoadedShow, troupe_name: str, drill: Drill) -> Costumes:
    """Work out what a troupe wears.

    Parameters
    ----------
    loaded : LoadedShow
    troupe_name : str
        One of the show's `troupes`.
    drill : Drill
        Its drill, which says who is where when a change comes.

    Returns
    -------
    Costumes
        One change more than the show has: the first is worn from the beginning.

    Raises
    ------
    ShowError
        With the place in the show file, if a picture cannot be used.
    KeyError
        If the show has no such troupe.
    """
    troupe = loaded.show.troupes[troupe_name]
    costume = troupe.costume
    people = troupe.count
    wearing = np.broadcast_to(np.array(costume.colour, dtype=np.uint8), (people, 3))
    path: YamlPath = ("troupes", troupe_name, "costume")
    worn = _worn(loaded, path, wearing, costume.picture, costume.places, _standing(troupe, drill, None))
    colour, start, turn = [worn], [np.zeros(people, dtype=np.int64)], [0]
    for index, change in enumerate(costume.changes):
        here = (*path, "changes", index)
        places = _standing(troupe, drill, change.at)
        if change.colour is not None:
            worn = np.broadcast_to(np.array(change.colour, dtype=np.uint8), (people, 3))
        else:
            worn = _worn(loaded, here, worn, change.picture, change.places, places)
        colour.append(worn)
        start.append(_starts(change, places[0], drill.seed, index))
        turn.append(ticks(change.turn))
    return Costumes(np.stack(colour), np.stack(start), np.array(turn, dtype=np.int64))


def _standing(troupe: Troupe, drill: Drill, at: Fraction | None) -> tuple[Places, tuple[float, float]]:
    """Return where everyone is at a moment (None: in the first set), and the place of their formation."""
    if at is None:
        return drill.places[0], troupe.formed_by(0).place
    moment = ticks(at)
    index = max(int(np.searchsorted(drill.leave, moment, side="right")) - 1, 0)
    middle = troupe.formed_by(index).place
    if index == 0 or moment >= int(drill.arrive[index]):
        return drill.places[index], middle
    states = gymnast_states(drill, np.array([moment], dtype=np.int64))
    return states[0, 0, :, :2].astype(np.float64), middle


def _worn(
    loaded: LoadedShow,
    path: YamlPath,
    before: Colours,
    picture: CostumePicture | None,
    bands: CostumePlaces | None,
    standing: tuple[Places, tuple[float, float]],
) -> Colours:
    """Return (N, 3) what people wear by where they stand; `before` where nothing is said of their place."""
    places, middle = standing
    if picture is not None:
        try:
            return _pictured(loaded, picture, before, places)
        except FileProblem as error:
            message = advised(error.message, allowed=error.allowed, nearest=error.nearest)
            raise ShowError([loaded.problem((*path, "picture", "image"), message)]) from None
    if bands is not None:
        return np.array(bands.colours, dtype=np.uint8)[_bands(bands, places - np.array(middle))]
    return before


def _bands(bands: CostumePlaces, local: Places) -> NDArray[np.int64]:
    """Return (N,) which of the colours each person has, by their metres from the formation's place."""
    count = len(bands.colours)
    if bands.along == "rank":
        level = np.round(local[:, 0], 6)
        rows = np.rint((level - level.min()) / _ROW).astype(np.int64)
        _, rank = np.unique(rows, return_inverse=True)
        return np.asarray(rank % count, dtype=np.int64)
    along = {"across": -local[:, 1], "up": local[:, 0], "ring": np.hypot(*local.T)}[bands.along]
    share = _share(along)
    return np.minimum((share * count).astype(np.int64), count - 1)


def _share(along: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stretch to 0 … 1; all 0 where there is nothing to stretch. Who stands level is level."""
    level = np.round(along, 6) - np.round(along.min(), 6)
    span = float(level.max())
    share: NDArray[np.float64] = level / span if span > 0.0 else np.zeros_like(level)
    return share


def _pictured(loaded: LoadedShow, picture: CostumePicture, before: Colours, places: Places) -> Colours:
    shown, ink = kept.get(
        ("over the field", file_state(loaded.resolve(picture.image)), picture.width),
        lambda: _over_the_field(loaded, picture),
    )
    rows, columns = ink.shape
    cell = picture.width / columns
    local = places - np.array(picture.place)
    # Upright to the main stand: its right is south, its top east. Row 0 is the lowest.
    column = np.floor(-local[:, 1] / cell + columns / 2.0).astype(np.int64)
    row = np.floor(local[:, 0] / cell + rows / 2.0).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    column, row = np.clip(column, 0, columns - 1), np.clip(row, 0, rows - 1)
    coloured = inside & (ink[row, column] >= 0.5)
    return np.where(coloured[:, None], shown[row, column], before)


def _over_the_field(loaded: LoadedShow, picture: CostumePicture) -> tuple[Colours, NDArray[np.float32]]:
    """Return a picture's colours (rows, columns, 3) by cells of the field, and how much each has of it."""
    name = picture.image
    try:
        path = loaded.resolve(name)
        image = Drawing.read(path).rendered(_DRAWING, _DRAWING) if is_svg(name) else read_picture(path)
        source = source_of(image)
    except (PictureError, SvgError) as error:
        raise FileProblem(f"{quoted(name)} {error}") from None
    except (OSError, ValueError, MemoryError) as error:
        raise FileProblem(f"{quoted(name)} cannot be used as a picture: {quoted(error)}") from None
    tall = picture.width * source.height / source.width
    cell = max(_CELL, math.sqrt(picture.width * tall / _MOST_CELLS))
    # No finer than the picture itself, whose colours would else be mixed between its pixels.
    columns = min(max(1, round(picture.width / cell)), source.width)
    rows = min(max(1, round(tall / cell)), source.height)
    canvas = Canvas(columns, rows, cell_aspect=picture.width / columns * rows / tall)
    stretched = placed(source.width, source.height, canvas, fit="stretch")
    drawn = lay_source(source, stretched, canvas, (0, 0, 0))
    # On black; what is half transparent has its own colour all the same.
    own = srgb8_to_linear(drawn.picture) / np.maximum(drawn.ink, 0.5)[..., None]
    return linear_to_srgb8(own), drawn.ink


def _starts(change: CostumeChange, places: Places, seed: int, index: int) -> NDArray[np.int64]:
    """Return (N,) ticks at which each person begins a change."""
    share = _when(change.order, places, seed, index)
    starts: NDArray[np.int64] = ticks(change.at) + np.floor(share * ticks(change.over)).astype(np.int64)
    return starts


def _when(order: ChangeOrder, places: Places, seed: int, index: int) -> NDArray[np.float64]:
    """Return (N,) the share of the change's time that passes before each person begins."""
    if order == "all":
        return np.zeros(len(places))
    if order == "random":
        return uniform(seed, Purpose.COSTUME, index, np.arange(len(places)))
    if order == "centre":
        return _share(np.hypot(*(places - (places.min(axis=0) + places.max(axis=0)) / 2.0).T))
    # Left and right as they are seen from the main stand in the west, of which the front is nearest.
    along = {"left": -places[:, 1], "right": places[:, 1], "front": places[:, 0], "back": -places[:, 0]}
    return _share(along[order])
