"""The gallery: pictures of library shows, each of at most 300 kB.

python docs/gallery/make.py [NAME ...] [--quality standard] [--size 1600x900] [--to FOLDER]
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import get_args

from cardstunt.blender_addon.files import written_aside
from cardstunt.blender_addon.quality import Quality
from cardstunt.blender_addon.still import Still, make_still
from cardstunt.scenes.load import load_show
from cardstunt.scenes.schema_film import PixelSize
from PIL import Image
from pydantic import TypeAdapter

HERE = Path(__file__).resolve().parent
LARGEST = 300_000
"""Bytes of a picture."""
QUALITIES: tuple[Quality, ...] = get_args(Quality)


@dataclass(frozen=True)
class Picture:
    """A picture of the gallery: through the camera of a shot, at a show time in seconds."""

    name: str
    show: str
    shot: str
    at: Fraction
    light: str | None = None


PICTURES = (
    *(
        Picture(f"bowl_{light}", "one_day", "air", Fraction(34), light)
        for light in ("noon", "golden_hour", "blue_hour", "night")
    ),
    Picture("card_section", "one_day", "stand", Fraction(52), "golden_hour"),
    Picture("card_holders", "one_day", "holders", Fraction(6625, 100), "golden_hour"),
    Picture("field_from_the_roof", "one_day", "roof", Fraction(86), "noon"),
    Picture("skyline", "one_day", "skyline", Fraction(10), "golden_hour"),
    Picture("light_show", "one_day", "finale", Fraction(112), "night"),
)


def write_small(picture: Image.Image, path: Path) -> None:
    """Write a JPEG, as good as `LARGEST` allows."""
    low, high = 20, 95
    while low < high:
        middle = (low + high + 1) // 2
        if len(_jpeg(picture, middle)) <= LARGEST:
            low = middle
        else:
            high = middle - 1
    with written_aside(path) as aside:
        aside.write_bytes(_jpeg(picture, low))


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=quality, optimize=True, progressive=True)
    return packed.getvalue()


def make(picture: Picture, path: Path, quality: Quality, size: tuple[int, int]) -> None:
    """Render a picture of the gallery to a PNG."""
    make_still(load_show(picture.show), Still(picture.shot, picture.at, picture.light, size), path, quality)


def main() -> None:
    """Make the pictures that are named, or all."""
    names = [picture.name for picture in PICTURES]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--quality", choices=QUALITIES, default="standard")
    parser.add_argument("--size", default="1600x900", type=TypeAdapter(PixelSize).validate_python)
    parser.add_argument("--to", type=Path, default=HERE, metavar="FOLDER")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(names):
        parser.error(f"no picture is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    for picture in PICTURES:
        if chosen.names and picture.name not in chosen.names:
            continue
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            rendered = Path(folder, "picture.png")
            make(picture, rendered, chosen.quality, chosen.size)
            with Image.open(rendered) as found:
                write_small(found.convert("RGB"), chosen.to / f"{picture.name}.jpg")
        sys.stdout.write(f"{picture.name}: {time.perf_counter() - begun:.0f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
