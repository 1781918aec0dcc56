"""Pages as pictures over the card section: one cell is one seat, and the first row is the front row."""

from __future__ import annotations

from .canvas import CELL_ASPECT, Canvas, Drawn, PageError, lay
from .draw import draw_page, run_moments

__all__ = ["CELL_ASPECT", "Canvas", "Drawn", "PageError", "draw_page", "lay", "run_moments"]
