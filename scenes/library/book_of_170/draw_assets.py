"""Makes every file in ``assets``: run ``python -m cardstunt.scenes.library.book_of_170.draw_assets``.

The same code gives the same drawings to the byte, and the same film with the same version of FFmpeg.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import av
import numpy as np
import resvg_py
from PIL import Image

from .drawing import Drawing, around
from .pictures import PICTURES
from .shapes import BLUE, CREAM, GREEN, ICE, NIGHT, ORANGE, RED, SKY, SNOW, koi
from .theme import write

ASSETS = Path(__file__).parent / "assets"
CLIP_FPS, CLIP_SECONDS = 8, 15
CLIP_SIZE = 500, 180


def koi_scene(share: float) -> Drawing:
    """Draw the carp on their way past, at a share of the film from 0 to 1."""
    drawing = Drawing(BLUE)
    for k in range(6):
        age = (share * 6 + k * 0.37) % 1.0
        centre = 90.0 + 170 * k, 180 + 110 * math.sin(2.1 * k)
        for radius, colour in ((40 + 130 * age, SKY), (22 + 130 * age, BLUE)):
            drawing.disc(centre, radius, colour)
    for x, y, size in ((70, 60, 66), (930, 310, 84), (520, 345, 70)):
        drawing.disc((x, y), size, GREEN)
        drawing.shape([(x, y), around((x, y), 1.05 * size, 40), around((x, y), 1.05 * size, 75)], BLUE)
    sway = math.sin(share * math.tau * 9)
    koi(drawing, (-320 + 1500 * share, 215 + 30 * math.sin(7 * share)), 440, sway, (SNOW, RED, CREAM))
    koi(drawing, (-700 + 1750 * share, 95), 300, -sway, (CREAM, ORANGE, ICE))
    koi(drawing, (-150 + 1250 * share, 325), 250, math.cos(share * math.tau * 9), (SNOW, NIGHT, ICE))
    return drawing


def rendered(drawing: Drawing, size: tuple[int, int]) -> Image.Image:
    """Return a drawing as pixels."""
    png = resvg_py.svg_to_bytes(svg_string=drawing.text(), width=size[0])
    with Image.open(io.BytesIO(bytes(png))) as image:
        return image.convert("RGB").resize(size)


def write_koi(path: Path) -> None:
    """Write the film of the carp."""
    frames = CLIP_FPS * CLIP_SECONDS
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=CLIP_FPS, options={"crf": "24", "preset": "slow", "threads": "1"}
        )
        stream.width, stream.height = CLIP_SIZE
        stream.pix_fmt = "yuv420p"
        for k in range(frames):
            picture = np.asarray(rendered(koi_scene(k / frames), CLIP_SIZE))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


def petal_order() -> Image.Image:
    """Return the order in which a flower opens: dark first, from the middle along eight petals."""
    y, x = np.mgrid[0:90, 0:250]
    across, up = (x - 124.5) / 90, (44.5 - y) / 90
    distance, angle = np.hypot(across, up), np.arctan2(up, across)
    order = distance * (1.25 - 0.45 * np.cos(8 * angle))
    return Image.fromarray(np.rint(255 * order / order.max()).astype(np.uint8))


def draw_assets(folder: Path) -> None:
    """Write the drawings, the film, the order and the music into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        (folder / f"{name}.svg").write_text(picture().text(), encoding="utf-8")
    mask = Drawing("#000000")
    koi(mask, (500, 180), 720, 0.7, ("#ffffff", "#ffffff", "#ffffff"))
    (folder / "carp_mask.svg").write_text(mask.text(), encoding="utf-8")
    petal_order().save(folder / "petal_order.png", optimize=True)
    write_koi(folder / "koi.mp4")
    write(folder / "theme.ogg")


if __name__ == "__main__":
    draw_assets(ASSETS)
