"""Pages as pictures over the card section: one pixel is one seat, and the first row is the front row."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageDraw, ImageFont, ImageOps

from ..kernels.palette import linear_to_srgb8, oklab_to_linear, srgb8_to_linear, srgb8_to_oklab
from .check_files import PICTURE_FORMATS
from .errors import quoted

if TYPE_CHECKING:
    from .load import LoadedShow
    from .schema import Page

Picture: TypeAlias = NDArray[np.uint8]
Light: TypeAlias = NDArray[np.float32]
RGB: TypeAlias = tuple[int, int, int]
Fit: TypeAlias = Literal["cover", "contain", "stretch"]

CELL_ASPECT = 0.55 / 0.62
"""Width of a seat over the height of a row, as the camera sees the stand."""

_EM = 400
_BOLDER = 0.032
_LINE_GAP = 0.16
_MARGIN = 0.07
_TALLEST = 1.45
_WIDEST = 1.15


class PageError(ValueError):
    """A page that cannot be made into a picture; the message says which file and why."""


def rasterise(
    page: Page, columns: int, rows: int, loaded: LoadedShow, *, cell_aspect: float = CELL_ASPECT
) -> Picture:
    """Make the picture of a page, one pixel to a seat.

    Parameters
    ----------
    page : Page
        The page's description.
    columns, rows : int
        Size of the card section.
    loaded : LoadedShow
        The show that the page belongs to; its folder holds the images.
    cell_aspect : float
        Width of a seat divided by the height of a row as they are seen, so that discs look round.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        sRGB; row 0 is the front (lowest) row, column 0 is the viewer's left.

    Raises
    ------
    PageError
        If an image cannot be read.
    """
    if page.fill is not None:
        return _flat(page.fill, columns, rows)
    if page.gradient is not None:
        ends = page.gradient.from_, page.gradient.to
        return gradient(*ends, page.gradient.angle, columns, rows, cell_aspect=cell_aspect)
    if page.text is not None:
        return text(page.text, page.colour, page.on, columns, rows, cell_aspect=cell_aspect)
    name = str(page.image)
    try:
        with warnings.catch_warnings():
            # Loading a show has already set a bound on pixels.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(loaded.resolve(name), formats=PICTURE_FORMATS) as image:
                light, alpha = _linear(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PageError(f"{quoted(name)} cannot be used as a picture: {error}") from error
    return _over(light, alpha, page.on, columns, rows, fit=page.fit, cell_aspect=cell_aspect)


def picture(
    image: Image.Image,
    on: RGB,
    columns: int,
    rows: int,
    *,
    fit: Fit = "cover",
    cell_aspect: float = CELL_ASPECT,
) -> Picture:
    """Fit an image over the section.

    Each seat takes the mean, in linear light, of the part of the image that it covers; where a seat is
    smaller than a pixel of the image, the mean becomes linear interpolation.

    Parameters
    ----------
    image : PIL.Image.Image
        Any mode; an embedded colour profile and the camera's orientation are honoured.
    on : (int, int, int)
        sRGB colour behind transparent parts, and around the image with ``contain``.
    columns, rows : int
        Size of the section.
    fit : {"cover", "contain", "stretch"}
        Fill the section and cut what is too much; show all and leave borders; or distort.
    cell_aspect : float
        Width of a seat divided by the height of a row.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        sRGB; row 0 is the front row.
    """
    return _over(*_linear(image), on, columns, rows, fit=fit, cell_aspect=cell_aspect)


def gradient(
    start: RGB, end: RGB, angle: float, columns: int, rows: int, *, cell_aspect: float = CELL_ASPECT
) -> Picture:
    """Blend two colours evenly to the eye (along a straight line in OKLab) across the section.

    Parameters
    ----------
    start, end : (int, int, int)
        sRGB colours; the section's furthest corners along the angle show them exactly.
    angle : float
        Radians; 0 runs from left to right, pi/2 from bottom to top.
    columns, rows : int
        Size of the section.
    cell_aspect : float
        Width of a seat divided by the height of a row.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
    """
    across = (np.arange(columns) - (columns - 1) / 2) * cell_aspect * np.cos(angle)
    up = (np.arange(rows) - (rows - 1) / 2) * np.sin(angle)
    along = up[:, None] + across[None, :]
    reach = float(np.abs(along).max())
    share = (along / (2 * reach) + 0.5 if reach > 1e-9 else np.full_like(along, 0.5))[..., None]
    first, last = (srgb8_to_oklab(np.array(colour, dtype=np.uint8)) for colour in (start, end))
    blended: Picture = linear_to_srgb8(oklab_to_linear(first * (1 - share) + last * share))
    return blended


def text(
    words: str, colour: RGB, on: RGB, columns: int, rows: int, *, cell_aspect: float = CELL_ASPECT
) -> Picture:
    """Write words over the section, as large as they go.

    Lines are broken where the letters come out largest; a line break in `words` is kept. Letters are
    thickened, and drawn up to 45 % taller or 15 % wider than the font's to fill the section.

    Parameters
    ----------
    words : str
        What to write.
    colour, on : (int, int, int)
        sRGB colours of the letters and of the ground.
    columns, rows : int
        Size of the section.
    cell_aspect : float
        Width of a seat divided by the height of a row.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        sRGB; row 0 is the front row.
    """
    width, height = columns * cell_aspect, float(rows)
    border = _MARGIN * min(width, height)
    ink = _broken(words, (width - 2 * border) / (height - 2 * border))
    high, wide = ink.shape
    across, down = (width - 2 * border) / wide, (height - 2 * border) / high
    across, down = min(across, down * _WIDEST), min(down, across * _TALLEST)
    left, top = (width - wide * across) / 2, (height - high * down) / 2
    columns_of = _window(columns, -left / across, (width - left) / across, wide, bounded=True)
    rows_of = _window(rows, -top / down, (height - top) / down, high, bounded=True)
    cover = (rows_of @ ink @ columns_of.T)[..., None]
    front, back = (srgb8_to_linear(np.array(c, dtype=np.uint8)) for c in (colour, on))
    written: Picture = linear_to_srgb8(np.clip(back + cover * (front - back), 0, 1))
    return np.ascontiguousarray(written[::-1])


def _flat(colour: RGB, columns: int, rows: int) -> Picture:
    return np.broadcast_to(np.array(colour, dtype=np.uint8), (rows, columns, 3)).copy()


def _over(
    light: Light, alpha: Light, on: RGB, columns: int, rows: int, *, fit: Fit, cell_aspect: float
) -> Picture:
    """Scale premultiplied linear light and its alpha over a colour; the picture's top is its first row."""
    high, wide = alpha.shape
    width, height = columns * cell_aspect, float(rows)
    across, down = width / wide, height / high
    if fit != "stretch":
        across = down = max(across, down) if fit == "cover" else min(across, down)
    spare_x, spare_y = (wide - width / across) / 2, (high - height / down) / 2
    bounded = fit == "contain"
    columns_of = _window(columns, spare_x, wide - spare_x, wide, bounded=bounded)
    rows_of = _window(rows, spare_y, high - spare_y, high, bounded=bounded)
    ground = srgb8_to_linear(np.array(on, dtype=np.uint8))
    cover = (rows_of @ alpha @ columns_of.T)[..., None]
    # Contiguous planes: BLAS multiplies those, strided ones go by a slow loop.
    planes = np.ascontiguousarray(np.moveaxis(light, -1, 0))
    shown = np.moveaxis(rows_of @ planes @ columns_of.T, 0, -1)
    mixed: Picture = linear_to_srgb8(np.clip(shown + (1 - cover) * ground, 0, 1))
    return np.ascontiguousarray(mixed[::-1])


def _window(count: int, first: float, last: float, size: int, *, bounded: bool) -> NDArray[np.float32]:
    """Weigh `size` pixels for `count` cells that share out the stretch from `first` to `last`.

    A cell takes the mean over its own stretch, or over one whole pixel about its middle where it is
    narrower than that. Bounded, a cell beyond the pixels' ends keeps only the share that lies inside.
    """
    edges = first + (last - first) * np.arange(count + 1) / count
    low, high = edges[:-1], edges[1:]
    inside = np.clip(np.minimum(high, size) - np.maximum(low, 0), 0, None) / (high - low)
    middle, half = (low + high) / 2, np.maximum(high - low, 1) / 2
    low, high = np.clip([middle - half, middle + half], 0, size)
    pixel = np.arange(size)
    overlap = np.clip(np.minimum(high[:, None], pixel + 1) - np.maximum(low[:, None], pixel), 0, None)
    total = overlap.sum(axis=1, keepdims=True)
    weights = overlap / np.where(total > 0, total, 1)
    if bounded:
        weights *= inside[:, None]
    result: NDArray[np.float32] = weights.astype(np.float32)
    return result


def _linear(image: Image.Image) -> tuple[Light, Light]:
    """Decode an image to premultiplied linear light, shape (H, W, 3), and alpha, shape (H, W)."""
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I;16", "I")):
        levels = np.asarray(image).astype(np.float64) / 257
        image = Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))
    elif image.mode == "F":
        raise ValueError("floating-point images have no fixed white; save it with 8 or 16 bits a channel")
    if image.mode == "LAB":
        image = _to_srgb(image, ImageCms.createProfile("LAB"))
    elif profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        image = _to_srgb(image, io.BytesIO(profile))
    pixels = np.asarray(image.convert("RGBA"))
    alpha = pixels[..., 3].astype(np.float32) / np.float32(255)
    light = np.asarray(srgb8_to_linear(pixels[..., :3]), dtype=np.float32)
    return light * alpha[..., None], alpha


def _to_srgb(image: Image.Image, profile: ImageCms._CmsProfileCompatible) -> Image.Image:
    """Convert from a colour profile; one that cannot be used is passed over, as browsers do."""
    try:
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def _line_masks(words: list[str]) -> tuple[list[Picture], int]:
    """Draw lines of text, each in a mask of its own height, cut to its ink on both sides."""
    font = ImageFont.load_default(_EM)
    stroke = round(_EM * _BOLDER)
    boxes = [font.getbbox(line, anchor="ls", stroke_width=stroke) for line in words]
    top = int(np.floor(min(box[1] for box in boxes)))
    masks = []
    for line, box in zip(words, boxes, strict=True):
        bottom = int(np.ceil(box[3]))
        size = int(np.ceil(box[2] - box[0])) + 2, bottom - top + 2
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).text((1 - box[0], 1 - top), line, 255, font, "ls", stroke_width=stroke)
        ink = np.asarray(mask)
        used = np.flatnonzero(ink.any(axis=0))
        masks.append(ink[:, used[0] : used[-1] + 1] if used.size else ink[:, :1])
    return masks, round(_EM * _LINE_GAP)


def _broken(words: str, shape: float) -> Light:
    """Set text in the line breaks that fill a frame of the given width/height best; returns 0..1 ink."""
    best: tuple[float, list[str]] | None = None
    for lines in _breaks(words):
        masks, gap = _line_masks(lines)
        wide = max(mask.shape[1] for mask in masks)
        high = sum(mask.shape[0] for mask in masks) + gap * (len(masks) - 1)
        across, down = shape / wide, 1 / high
        size = min(across, down * _WIDEST) * min(down, across * _TALLEST)
        if best is None or size > best[0]:
            best = size, lines
    assert best is not None
    masks, gap = _line_masks(best[1])
    wide = max(mask.shape[1] for mask in masks)
    high = sum(mask.shape[0] for mask in masks) + gap * (len(masks) - 1)
    ink = np.zeros((high, wide), dtype=np.float32)
    top = 0
    for mask in masks:
        left = (wide - mask.shape[1]) // 2
        ink[top : top + mask.shape[0], left : left + mask.shape[1]] = mask / np.float32(255)
        top += mask.shape[0] + gap
    used = np.flatnonzero(ink.any(axis=1))
    return ink[used[0] : used[-1] + 1] if used.size else ink


def _breaks(words: str) -> list[list[str]]:
    """List the sensible ways to break words into lines, from one line to one word a line."""
    given = [line.split() for line in words.splitlines() if line.strip()] or [["?"]]
    if len(given) > 1:
        return [[" ".join(line) for line in given]]
    line = given[0]
    ends = range(len(line) + 1)
    lengths = {len(" ".join(line[a:b])) for a in ends for b in ends[a + 1 :]}
    ways: list[list[str]] = []
    for limit in sorted(length for length in lengths if length >= max(map(len, line))):
        lines = [line[0]]
        for word in line[1:]:
            if len(lines[-1]) + 1 + len(word) <= limit:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        if lines not in ways:
            ways.append(lines)
    return ways
