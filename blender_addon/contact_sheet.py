"""The contact sheet: a few pictures of each shot on one page, named, for a look at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ..scenes.schema import Show
from .files import written_aside

WIDTH, GAP, CAPTION = 480, 12, 26
PAPER, INK = (24, 24, 26), (226, 224, 218)


def write_contact_sheet(
    path: Path, show: Show, pictures: Sequence[tuple[str, Fraction, Path]], columns: int = 3
) -> None:
    """Write a sheet of pictures, whole or not at all.

    Parameters
    ----------
    pictures : sequence of (shot's name, show time in seconds, picture file)
    columns : int
        Pictures in a row.
    """
    wide, high = show.film.size
    height = round(WIDTH * high / wide)
    rows = -(-len(pictures) // columns)
    title = 44
    size = (columns * (WIDTH + GAP) + GAP, title + rows * (height + CAPTION + GAP) + GAP)
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((GAP, 12), show.title, INK, ImageFont.load_default(22))
    font = ImageFont.load_default(14)
    for number, (shot, moment, file) in enumerate(pictures):
        row, column = divmod(number, columns)
        x, y = GAP + column * (WIDTH + GAP), title + row * (height + CAPTION + GAP)
        with Image.open(file) as picture:
            sheet.paste(picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS), (x, y))
        draw.text((x, y + height + 5), f"{shot}, show time {float(moment):.1f} s", INK, font)
    with written_aside(path) as aside:
        sheet.save(aside)
