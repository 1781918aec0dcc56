"""The formations of a show: the place of each of a troupe's people, by what the show says of a formation."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..kernels import formations
from ..kernels.curve_placing import bezier
from ..kernels.places import Places
from ..kernels.stacked_figures import Stacked
from .check_files import FileProblem, existing_file
from .curve_files import read_curves
from .errors import quoted
from .formation_files import read_places
from .pages.canvas import PageError
from .pages.lettering import line_ink, missing_glyphs
from .pages.svg import Drawing
from .pages.svg_checks import SvgError
from .picture_files import PictureError, read_picture
from .schema_formation import (
    Arcs,
    Block,
    Curve,
    Formation,
    Grid,
    Lines,
    Rings,
    Shape,
    Spiral,
    Stack,
    Star,
    Wedge,
)
from .schema_page import Page, is_svg

if TYPE_CHECKING:
    from .load import LoadedShow

Mask: TypeAlias = NDArray[np.float64]
Heights: TypeAlias = NDArray[np.float64]

_DRAWING = 1000
"""Pixels across that a drawing is rendered in."""
_LARGEST_SIDE = 2048
_LINE_GAP = 0.16


def place_formation(loaded: LoadedShow, formation: Formation, count: int) -> Places:
    """Place people in a formation about the field's centre.

    Parameters
    ----------
    loaded : LoadedShow
        The show that the formation belongs to; its folder holds the files.
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
        If a file of it cannot be read, or a table does not say a place for each.
    """
    if formation.csv is not None:
        path = existing_file(loaded.folder, formation.csv)
        return read_places(path, formation.csv, count, formation.spacing)
    if formation.polygon is not None:
        corners = np.array(formation.polygon)
        return formations.polygon(count, corners, spacing=formation.spacing, placing=formation.placing)
    if formation.image is not None or formation.text is not None:
        mask = _figure(loaded, formation)
        return formations.mask(
            count, mask, formation.width, spacing=formation.spacing, placing=formation.placing
        )
    shape = formation.shape
    if isinstance(shape, Curve):
        return _along(loaded, shape, count)
    return _drawn(shape, count)


def standing_height(formation: Formation, count: int) -> Heights | None:
    """Return how high the feet of each of a formation's people are above the ground.

    Parameters
    ----------
    formation : Formation
    count : int
        People.

    Returns
    -------
    ndarray of float64 or None
        Shape (count,), metres, in the order of `place_formation`; None where all stand on the ground.

    Raises
    ------
    FormationError
        If the formation does not hold `count` people.
    """
    return None if formation.stack is None else _stacked(formation.stack, count).height


def _stacked(stack: Stack, count: int) -> Stacked:
    return formations.stacked(count, stack.base, stack.kind, stack.columns, stack.spacing)


def _drawn(shape: Shape | str | tuple[tuple[float, float], ...], count: int) -> Places:
    places: Places
    match shape:
        case Block():
            places = formations.block(count, shape.columns, shape.spacing)
        case Grid():
            places = formations.grid(count, shape.columns, shape.rows, shape.size, shape.fill, shape.spacing)
        case Rings():
            places = formations.rings(count, shape.rings, shape.radius, shape.spacing)
        case Arcs():
            places = formations.arcs(
                count, shape.arcs, shape.radius, shape.from_, shape.to, shape.gap, shape.spacing
            )
        case Spiral():
            places = formations.spiral(count, shape.turns, shape.radius, shape.spacing)
        case Lines():
            places = formations.lines(count, shape.lines, shape.gap, shape.spacing)
        case Wedge():
            places = formations.wedge(count, shape.spacing)
        case Star():
            places = formations.star(count, shape.points, shape.radius, spacing=shape.spacing)
        case Stack():
            places = _stacked(shape, count).places
        case _:
            raise TypeError(f"{type(shape).__name__} is not a shape")
    return places


def _along(loaded: LoadedShow, curve: Curve, count: int) -> Places:
    if curve.file is not None:
        path = existing_file(loaded.folder, curve.file)
        lines = read_curves(path, curve.file, curve.line, curve.width)
    else:
        lines = [bezier(np.array(curve.points))]
    return formations.along(count, lines, curve.strands, curve.gap, curve.spacing)


def _figure(loaded: LoadedShow, formation: Formation) -> Mask:
    if formation.image is not None:
        return _image_mask(loaded, formation.image)
    words = str(formation.text)
    try:
        missing = missing_glyphs(Page(text=words, font=formation.font), loaded)
        if missing:
            raise FileProblem(
                f"no font at hand has {quoted(missing)}; name one that has, in the show's folder, with 'font'"
            )
        return text_mask(words, formation.font, loaded)
    except PageError as error:
        raise FileProblem(str(error)) from None


def text_mask(words: str, font: str | None, loaded: LoadedShow) -> Mask:
    """Draw words as a mask that is cut to their ink; line breaks are kept and lines centred.

    Letters are as thick and as shaped as a page's (`pages.lettering`).

    Parameters
    ----------
    words : str
    font : str or None
        A font file of the show.
    loaded : LoadedShow

    Returns
    -------
    Mask
        Shape (H, W), 0 to 1, row 0 at the top.

    Raises
    ------
    PageError
        If the font cannot be used, or the letters need joining and Pillow cannot do it.
    """
    inks = [line_ink(line, font, loaded) for line in words.splitlines() if line.strip()]
    gap = round(max(ink.shape[0] for ink in inks) * _LINE_GAP)
    wide = max(ink.shape[1] for ink in inks)
    lines: list[NDArray[np.float32]] = []
    for ink in inks:
        left = (wide - ink.shape[1]) // 2
        lines.append(np.pad(ink, ((gap if lines else 0, 0), (left, wide - ink.shape[1] - left))))
    return np.concatenate(lines).astype(np.float64)


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
