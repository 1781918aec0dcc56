"""From a page's description to its picture over the section, whatever the page is made from."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .canvas import Canvas, Drawn, flat_colour, lay
from .lettering import draw_text
from .still import draw_gradient, draw_image

if TYPE_CHECKING:
    from ..load import LoadedShow
    from ..schema_page import Page

_BEGINNING = Fraction(0)


def draw_page(page: Page, canvas: Canvas, loaded: LoadedShow, at: Fraction = _BEGINNING) -> Drawn:
    """Make the picture of a page.

    Parameters
    ----------
    page : Page
    canvas : Canvas
        The section's raster, and where its cells are seen from the page's ``seen_from``.
    loaded : LoadedShow
        The show that the page belongs to; its folder holds the files.
    at : Fraction
        For a moving page: seconds since its run began.

    Returns
    -------
    Drawn

    Raises
    ------
    PageError
        If a file cannot be used.
    """
    if page.fill is not None:
        return flat_colour(page.fill, canvas)
    if page.gradient is not None:
        return draw_gradient(page.gradient, canvas)
    if page.text is not None:
        return draw_text(page, canvas, loaded)
    if page.image is not None:
        return draw_image(page, canvas, loaded)
    from . import moving  # noqa: PLC0415  decoding video is a heavy import, needed only for moving pages

    if page.pattern is not None:
        return moving.draw_pattern(page, canvas, loaded, at)
    light, alpha = moving.frame(page, loaded, at)
    return lay(
        light, alpha, canvas, fit=page.fit, anchor=page.anchor, crop=page.crop, size=page.size, on=page.on
    )


def run_moments(page: Page, loaded: LoadedShow) -> tuple[Fraction, ...]:
    """Return when the pictures of a moving page come up, in seconds since its run began; (0,) for a still.

    Raises
    ------
    PageError
        If a video cannot be used.
    """
    if not page.moving:
        return (_BEGINNING,)
    from . import moving  # noqa: PLC0415  as above

    return moving.run_moments(page, loaded)
