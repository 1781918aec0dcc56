"""Drones of a light cue as the kernels take them: where they start, their places and its colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..kernels.assignment import assign
from ..kernels.drones import Drones
from ..kernels.formations import FormationError, grid
from ..kernels.oklab import srgb8_to_linear
from ..kernels.ticks import ticks
from . import schema_light_show as said
from .camera_paths import middle_of, place_of
from .check_files import FileProblem
from .errors import ShowError, YamlPath
from .formations import place_formation
from .kept import file_state, kept
from .pages.svg import Drawing
from .picture_files import read_picture
from .schema_formation import Formation
from .schema_page import is_svg
from .schema_travel import heading_of

if TYPE_CHECKING:
    from ..kernels.bowl import Bowl
    from .load import LoadedShow
    from .seats import SeatMap

Floats: TypeAlias = NDArray[np.float64]

_LAUNCH_PAD, _PAD_SPACING = 90.0, 3.0
_DRAWING = 512
_WHITE = (255, 255, 255)


def compile_drones(loaded: LoadedShow, bowl: Bowl, seats: SeatMap, index: int) -> Drones:
    """Work out the drones of a light cue.

    Parameters
    ----------
    loaded : LoadedShow
    bowl : Bowl
        They start on the plaza west of it.
    seats : SeatMap
        The card section's, for drones over it.
    index : int
        Number of the cue among the show's lights.

    Raises
    ------
    ShowError
        With the place in the show file, when they do not fit their picture, or it cannot be used.
    """
    cue = loaded.show.lights[index]
    drones = cue.drones
    if drones is None:
        raise LookupError(f"light cue {index} is not drones, but {cue.kind}")
    path: YamlPath = ("lights", index, "drones", "image" if drones.image is not None else "text")
    try:
        right, up, colour, match = _figure(loaded, drones)
    except FileProblem as error:
        raise ShowError(
            [loaded.problem(path, error.message, allowed=error.allowed, nearest=error.nearest)]
        ) from None
    except FormationError as error:
        room = f"; {error.fits:,} fit" if error.fits else ""
        message = (
            f"{drones.count:,} drones {said.DRONES_APART:g} m apart do not fit the figure{room}: "
            "have fewer, or a wider picture"
        )
        raise ShowError([loaded.problem(path, message)]) from None
    over = place_of(drones.over, middle_of(seats))
    facing = {"audience": np.pi, "card_section": 0.0}
    angle = facing[drones.face] if isinstance(drones.face, str) else heading_of(drones.face)
    aside = np.array([-np.sin(angle), np.cos(angle)])
    goal = np.concatenate([over[:2] + right[:, None] * aside, (drones.height + up)[:, None]], -1)
    return Drones(
        loaded.show.seed,
        index,
        ticks(cue.at),
        ticks(cue.at + drones.arrive),
        ticks(cue.at + cue.for_),
        _launch_pad(bowl, match, aside),
        goal,
        colour,
    )


def _figure(loaded: LoadedShow, drones: said.Drones) -> tuple[Floats, Floats, Floats, Floats]:
    """Return places right and up of the picture's middle, colours, and places on the launch pad."""
    named = {"image": drones.image, "text": drones.text, "font": drones.font}
    given: dict[str, Any] = {key: value for key, value in named.items() if value is not None}
    formation = Formation(**given, width=drones.width, spacing=said.DRONES_APART)
    files = tuple(file_state(loaded.resolve(name)) for *_, name in formation.files)

    def work_out() -> tuple[Floats, Floats, Floats, Floats]:
        places = place_formation(loaded, formation, drones.count)
        right, up = -places[:, 1], places[:, 0]
        pad = grid(drones.count, spacing=_PAD_SPACING)
        pad = np.stack([-pad[:, 1], pad[:, 0]], -1)
        match = assign(np.stack([right, up], -1), pad - pad.mean(0))
        return right, up, _colours(loaded, drones, right, up), pad[match]

    key = ("drones", formation, drones.count, drones.colour, files)
    return kept.get(key, work_out)


def _colours(loaded: LoadedShow, drones: said.Drones, right: Floats, up: Floats) -> Floats:
    """Return each drone's scene-linear colour: the cue's, or that of the picture at its place."""
    if drones.colour is not None or drones.image is None:
        one = np.array(drones.colour or _WHITE, np.uint8)
        return np.tile(np.asarray(srgb8_to_linear(one), np.float64), (drones.count, 1))
    path = loaded.resolve(drones.image)
    drawn = is_svg(drones.image)
    picture = Drawing.read(path).rendered(_DRAWING, _DRAWING) if drawn else read_picture(path)
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    picture.thumbnail((_DRAWING, _DRAWING), Image.Resampling.BOX)
    pixels = np.asarray(picture)
    high, wide = pixels.shape[:2]
    column = np.clip(np.rint((right / drones.width + 0.5) * wide - 0.5), 0, wide - 1).astype(np.int64)
    row = np.clip(np.rint(high / 2 - up / drones.width * wide - 0.5), 0, high - 1).astype(np.int64)
    return np.asarray(srgb8_to_linear(pixels[row, column]), np.float64)


def _launch_pad(bowl: Bowl, pad: Floats, aside: Floats) -> Floats:
    """Return where drones stand at first: on the plaza in the west, each below its side of the picture."""
    west = bowl.plan.half_width + bowl.rim + bowl.roof.outward + _LAUNCH_PAD
    south = pad[:, 0] if aside[1] <= 0 else -pad[:, 0]
    return np.stack([pad[:, 1] - west, -south, np.full(len(pad), 0.1)], -1)
