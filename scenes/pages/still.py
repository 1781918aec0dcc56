"""Pages that stay: images, drawings and gradients."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from ...kernels.oklab import linear_to_srgb8, oklab_to_linear, srgb8_to_linear, srgb8_to_oklab
from ..check_files import FileProblem
from ..errors import quoted
from ..picture_files import PictureError, read_picture
from ..schema_page import is_svg
from .canvas import Canvas, Drawn, Light, PageError, Placement, Source, lay_source, placed

if TYPE_CHECKING:
    from ..load import LoadedShow
    from ..schema_page import Gradient, Page

_PIXELS_AT_ONCE = 1 << 20
_DRAWN_FINER = 4
"""Pixels to a row of seats at which drawings are rendered: each has soft edges itself."""

_LARGEST_DRAWING = 4096
_INDEXED = ("P", "PA")


def draw_image(page: Page, canvas: Canvas, loaded: LoadedShow) -> Drawn:
    """Lay a page's image over the section.

    Any mode of Pillow; an embedded colour profile and the camera's orientation are honoured.

    Raises
    ------
    PageError
        If the file cannot be used.
    """
    name = str(page.image)
    try:
        path = loaded.resolve(name)
        if is_svg(name):
            from .svg import Drawing  # noqa: PLC0415  a renderer of its own, needed only for drawings

            drawing = Drawing.read(path)
            image = drawing.rendered(*_needed(page, canvas, *drawing.size()))
        else:
            image = read_picture(path)
        return lay_source(source_of(image), _place(page, canvas, *image.size), canvas, page.on)
    except PictureError as error:
        raise PageError(f"{quoted(name)} {error}") from error
    except FileProblem as problem:
        raise PageError(problem.message) from problem
    except (OSError, ValueError, MemoryError) as error:
        raise PageError(f"{quoted(name)} cannot be used as a picture: {quoted(error)}") from error


def source_of(image: Image.Image) -> Source:
    """Return a picture's light, worked out band by band, since it takes four times the picture's memory.

    Parameters
    ----------
    image : PIL.Image.Image
        Any mode of `read_picture`; an embedded colour profile is honoured.
    """
    transform = _to_srgb(image)
    light_of = srgb8_to_linear(np.arange(256, dtype=np.uint8)).astype(np.float32)
    high = max(1, _PIXELS_AT_ONCE // image.width)

    def bands(first: int, last: int) -> Iterator[tuple[int, Light]]:
        for row in range(first, last, high):
            pixels = _bytes(image.crop((0, row, image.width, min(row + high, last))), transform)
            light = np.empty(pixels.shape, dtype=np.float32)
            light[..., 3] = pixels[..., 3] / np.float32(255)
            light[..., :3] = light_of[pixels[..., :3]]
            light[..., :3] *= light[..., 3:]
            yield row, light

    return Source(image.width, image.height, bands)


def draw_gradient(gradient: Gradient, canvas: Canvas) -> Drawn:
    """Blend two colours evenly to the eye (along a straight line in OKLab) across the section.

    The section's furthest corners along the angle show the two colours exactly.
    """
    columns, rows, angle = canvas.columns, canvas.rows, gradient.angle
    across = (np.arange(columns) - (columns - 1) / 2) * canvas.cell_aspect * np.cos(angle)
    up = (np.arange(rows) - (rows - 1) / 2) * np.sin(angle)
    along = up[:, None] + across[None, :]
    reach = float(np.abs(along).max())
    share = (along / (2 * reach) + 0.5 if reach > 1e-9 else np.full_like(along, 0.5))[..., None]
    ends = (np.array(colour, dtype=np.uint8) for colour in (gradient.from_, gradient.to))
    first, last = (srgb8_to_oklab(end) for end in ends)
    picture = linear_to_srgb8(oklab_to_linear(first * (1 - share) + last * share))
    return Drawn(picture, np.ones((rows, columns), dtype=np.float32))


def _place(page: Page, canvas: Canvas, wide: float, high: float) -> Placement:
    return placed(wide, high, canvas, fit=page.fit, anchor=page.anchor, crop=page.crop, size=page.size)


def _needed(page: Page, canvas: Canvas, wide: float, high: float) -> tuple[int, int]:
    """Return how many pixels a drawing of a given size needs for this canvas."""
    placement = _place(page, canvas, wide, high)
    finer = max(placement.across, placement.down) * _DRAWN_FINER
    finer = min(finer, _LARGEST_DRAWING / max(wide, high))
    return max(1, round(wide * finer)), max(1, round(high * finer))


def _bytes(image: Image.Image, transform: ImageCms.ImageCmsTransform | None) -> NDArray[np.uint8]:
    """Return sRGB and alpha, shape (H, W, 4)."""
    if image.mode.startswith("I"):
        levels = np.asarray(image).astype(np.float64) / 257
        image = Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))
    elif transform is not None:
        if image.mode in _INDEXED:
            image = image.convert("RGBA")
        image = ImageCms.applyTransform(image, transform) or image
    return np.asarray(image.convert("RGBA"))


def _to_srgb(image: Image.Image) -> ImageCms.ImageCmsTransform | None:
    """Return what leads from an image's colours to sRGB; a profile that cannot be used is passed over."""
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.mode in _INDEXED else image.mode
    out = "RGBA" if mode == "RGBA" else "RGB"
    srgb = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        return ImageCms.buildTransform(ImageCms.createProfile("LAB"), srgb, "LAB", out)
    if not profile or mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return None
    try:
        return ImageCms.buildTransform(io.BytesIO(profile), srgb, mode, out)
    except (ImageCms.PyCMSError, OSError):
        # As browsers do.
        return None
