"""Makes every file in ``assets``: run ``python -m cardstunt.scenes.library.opening_night.draw_assets``.

The same code gives the same files, to the byte with the same versions of Pillow and FFmpeg.
"""

from __future__ import annotations

from pathlib import Path

from .figures import FIGURES, figure
from .posters import POSTERS
from .theme import write

ASSETS = Path(__file__).parent / "assets"


def draw_assets(folder: Path) -> None:
    """Write the posters, the figures and the march into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, poster in POSTERS.items():
        poster().finished().save(folder / f"{name}.png", optimize=True)
    for name in FIGURES:
        figure(name).save(folder / f"{name}.png", optimize=True)
    write(folder / "theme.ogg")


if __name__ == "__main__":
    draw_assets(ASSETS)
