"""The card section's data textures: a pixel for each seat, and two more for each person who does something.

What nodes spend on a change of frame grows with the pixels that they read and the instances that they place.
Most people at most moments hold still, so a file has no more of them than the page that they show.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..kernels.books import LAYERS
from .data_textures import write_png

Bytes = npt.NDArray[np.uint8]
_Words = npt.NDArray[np.uint32]

ACTIVE = 128
"""Alpha of the page that somebody shows who turns a page or moves; others have 255, an empty seat 0."""
LISTED = 2
"""Pixels of each of those, above the seats' rows: first everybody's page that is turned away, in the order of
the seats, then everybody's pose, each list filled up to whole rows."""
_RGB = np.array([255, 255, 255, 0], np.uint8).view(np.uint32)[0]
_ACTIVE = np.array([0, 0, 0, ACTIVE], np.uint8).view(np.uint32)[0]
_AT_REST = np.array([128, 0, 128, 255], np.uint8).view(np.uint32)[0]


def write_cards(path: Path, states: Bytes) -> None:
    """Write one moment of `kernels.books.card_states`."""
    above, shown, pose = _layers(states)
    active = ((above & ~_RGB) != 0) | (pose != _rest(shown))
    count, (rows, columns) = int(active.sum()), shown.shape
    deep = -(-count // columns)
    words = np.zeros((rows + LISTED * deep, columns), np.uint32)
    words[:rows] = np.where(active, (shown & _RGB) | _ACTIVE, shown)
    listed = words[rows:].reshape(LISTED, deep * columns)
    listed[:, :count] = above[active], pose[active]
    write_png(path, words.view(np.uint8).reshape(-1, columns, 4))


def read_cards(pixels: Bytes, rows: int) -> Bytes:
    """Return one moment as `kernels.books.card_states` gives it, from the pixels of its file."""
    words = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
    active = pixels[:rows, :, 3] == ACTIVE
    shown = np.where(active, words[:rows] | ~_RGB, words[:rows])
    above, pose = shown & _RGB, _rest(shown)
    listed = words[rows:].reshape(LISTED, -1)[:, : int(active.sum())]
    above[active], pose[active] = listed
    return np.concatenate([above, shown, pose]).view(np.uint8).reshape(LAYERS * rows, -1, 4)


def _layers(states: Bytes) -> _Words:
    """Return the layers of a moment, a word a person: (LAYERS, rows, columns)."""
    words: _Words = np.ascontiguousarray(states).view(np.uint32)
    return words.reshape(LAYERS, -1, states.shape[1])


def _rest(shown: _Words) -> _Words:
    """Return the pose of people who hold still; nothing where nobody is."""
    return np.where(shown != 0, _AT_REST, np.uint32(0))
