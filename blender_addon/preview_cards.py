"""The card section in a preview: books as cells that turn, or screens as they shine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..kernels.array_module import to_numpy
from ..kernels.books import card_states
from ..kernels.tablets import tablet_states
from .preview_drawing import INK, RGB, Words, darker, pack
from .preview_performance import Performance

_SEAT: RGB = (33, 34, 39)
_PERSON: RGB = (58, 56, 58)
_REST = np.array([128, 0, 128, 255], np.uint8).view(np.uint32)[0]


class CardPicture:
    """A card section as a picture, each seat a cell.

    Parameters
    ----------
    columns, rows : int
    width, height : int
        Pixels.
    cover : (red, green, blue)
        What is seen of a book that is tilted over.
    """

    def __init__(self, columns: int, rows: int, width: int, height: int, cover: RGB = INK) -> None:
        self._cover = np.array(cover, np.float32)
        self._column = np.arange(width) * columns // width
        self._row = rows - 1 - np.arange(height) * rows // height
        across = (np.arange(width) + 0.5) * columns / width % 1.0
        # The page turns over from the right: it has left a pixel once its progress is past this.
        self._left_at = np.round(255 * (1 - across)).astype(np.uint8)
        self._gap = np.zeros(width, bool)
        if width >= 3 * columns:
            self._gap[:-1] = np.diff(self._column) > 0
        if height >= 3 * rows:
            # A gap is a row of the darker copy that `draw` stacks upon the rows.
            self._row[:-1] += np.where(np.diff(self._row) < 0, rows, 0)
        self._shadow = np.uint8(min(255, 255 * columns // width))

    def draw(self, state: npt.NDArray[np.uint8]) -> Words:
        """Draw what `kernels.books.card_states` gives for one moment.

        Parameters
        ----------
        state : (3 * rows, columns, 4) uint8

        Returns
        -------
        (height, width) uint32
            Empty seats are dark; of a page being turned, the part that has gone shows the next page. Raised
            books are lighter and lowered ones darker; a tilted one narrows until its cover shows.
        """
        rows = len(state) // 3
        words = np.ascontiguousarray(state).view(np.uint32)[..., 0]
        above, shown, pose = words[:rows], words[rows : 2 * rows], words[2 * rows :]
        moved = (pose != _REST) & (shown != 0)
        if moved.any():
            above, shown = above.copy(), shown.copy()
            for layer in (above, shown):
                layer[moved] = self._posed(layer[moved], state[2 * rows :][moved])
        below = np.where(shown == 0, pack(_SEAT), shown)[:, self._column]
        turned = state[:rows, :, 3][:, self._column]
        turning = np.flatnonzero(turned.any(axis=1))
        if turning.size:
            progress, new = turned[turning], below[turning]
            gone = progress > self._left_at
            fold = gone & (progress - self._left_at <= self._shadow)
            new = np.where(fold, darker(darker(new)), new)
            old = above[turning][:, self._column]
            below[turning] = np.where(gone | (progress == 0), new, old)
        below[:, self._gap] = darker(below[:, self._gap])
        return np.concatenate([below, darker(below)])[self._row]

    def _posed(self, words: Words, pose: npt.NDArray[np.uint8]) -> Words:
        """Return the colours (M) of books that are moved, with poses (M, 4) as `card_states` gives them."""
        colour = words.view(np.uint8).reshape(-1, 4)[:, :3].astype(np.float32)
        lift, tilt, roll = (
            (pose[:, k].astype(np.float32) - level) / 127 for k, level in ((0, 128), (1, 0), (2, 128))
        )
        facing = np.cos(tilt * (127 / 255 * np.pi))
        colour = np.where(facing[:, None] < 0, self._cover, colour)
        ground = np.array(_PERSON, np.float32)
        colour = ground + (colour - ground) * np.abs(facing)[:, None]
        light = 1 + 0.16 * np.maximum(lift, 0) + 0.5 * np.minimum(lift, 0) + 0.18 * roll
        colour = np.where(pose[:, 3:] == 0, ground, colour * light[:, None])
        return pack(np.clip(np.rint(colour), 0, 255))


class SectionView:
    """A show's card section at any moment, drawn at one size.

    Parameters
    ----------
    performance : Performance
    width, height : int
        Pixels.
    """

    def __init__(self, performance: Performance, width: int, height: int) -> None:
        books, section = performance.books, performance.loaded.show.card_section
        self._performance, self._size = performance, (width, height)
        self._cards = CardPicture(books.columns, books.rows, width, height, section.cover)

    def pictures(self, at: npt.NDArray[np.int64]) -> Iterator[Words]:
        """Draw moments (F,) in ticks of show time: (height, width) uint32 each."""
        tablets = self._performance.plan.tablets
        if tablets is None:
            for state in to_numpy(card_states(self._performance.books, at)):
                yield self._cards.draw(state)
            return
        for state in to_numpy(tablet_states(tablets, at, self._performance.screen_pictures)):
            screens = np.where(state[..., 3:] == 0, np.array(_SEAT, np.uint8), state[..., :3])
            image = Image.fromarray(np.ascontiguousarray(screens[::-1]))
            yield pack(np.asarray(image.resize(self._size, Image.Resampling.BOX)))
