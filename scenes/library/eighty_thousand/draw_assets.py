"""Makes every file in ``assets``: run ``python -m cardstunt.scenes.library.eighty_thousand.draw_assets``.

The same code gives the same files, to the byte with the same versions of Pillow and FFmpeg.
"""

from __future__ import annotations

from pathlib import Path

from ..opening_night.theme import write
from .field_maps import MAPS, TROUPES, figure, painted
from .posters import POSTERS

MOSAIC = "whirl"
"""The picture that people make by their costumes, wherever they stand."""
ASSETS = Path(__file__).parent / "assets"


def draw_assets(folder: Path) -> None:
    """Write each troupe's figure in each map, the posters and the music into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawn in MAPS.items():
        dealt = drawn()
        for number, troupe in enumerate(TROUPES):
            if (dealt == number).any():
                figure(dealt, number).save(folder / f"{name}_{troupe}.png", optimize=True)
    painted(MAPS[MOSAIC]()).save(folder / "mosaic.png", optimize=True)
    for name, poster in POSTERS.items():
        (folder / f"{name}.svg").write_text(poster().text(), encoding="utf-8")
    write(folder / "theme.ogg")


if __name__ == "__main__":
    draw_assets(ASSETS)
