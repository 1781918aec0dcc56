"""How much letters are thickened to be read from afar: as far as the space within them stays open."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .fonts import Face, invisible, opened, reading

_EM = 96
_STEPS = (1.0, 0.75, 0.5, 0.25)
_OPEN = 0.35
_LEAST_SPACE = 0.015


def stroke_of(face: Face, words: str) -> float:
    """Return by how much the letters of some words are thickened, over the em: the same for all of them.

    Of the space within each letter at least 35 % stays open, so that dense ones, such as many Chinese
    characters, do not become blots.
    """
    most = opened(face, _EM).stroke
    if most == 0.0:
        return 0.0
    letters = {letter for letter in words if not invisible(letter)}
    return most * min((_share(face, letter) for letter in letters), default=1.0)


@lru_cache(maxsize=16384)
def _share(face: Face, letter: str) -> float:
    """Return how much of the usual thickening one letter bears."""
    plain = _ink(face, letter, 0.0)
    space = _within(plain) & ~plain
    if space.sum() < _LEAST_SPACE * _EM**2:
        return 1.0
    left_open = (
        share for share in _STEPS if (space & ~_ink(face, letter, share)).sum() >= _OPEN * space.sum()
    )
    return next(left_open, 0.0)


def _ink(face: Face, letter: str, share: float) -> NDArray[np.bool_]:
    letters = opened(face, _EM)
    em = letters.font.size
    image = Image.new("L", (math.ceil(3 * em), math.ceil(2 * em)))
    with reading(face):
        ImageDraw.Draw(image).text(
            (em, 1.4 * em), letter, 255, letters.font, "ls", stroke_width=share * letters.stroke * em
        )
    return np.asarray(image) > 127


def _within(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what has ink on all four sides."""
    reached = np.maximum.accumulate
    sideways = reached(ink, axis=1) & reached(ink[:, ::-1], axis=1)[:, ::-1]
    upright = reached(ink, axis=0) & reached(ink[::-1], axis=0)[::-1]
    return np.asarray(sideways & upright, dtype=np.bool_)
