"""Preview: the card pictures and the drill from above, straight from the kernels, as a film or as a sheet.

Imports no bpy, so that a look at a show does not wait for Blender.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TypeVar

from ..scenes.load import LoadedShow
from .encode import Picture, encode_pictures, read_music
from .preview_board import Board
from .preview_performance import Performance, Progress, perform
from .preview_sheet import write_preview_sheet

FPS = Fraction(15)
_CRF, _PRESET = 25, "veryfast"
_AHEAD = 8

Item = TypeVar("Item")


def write_preview(loaded: LoadedShow, output: Path, progress: Progress) -> None:
    """Write a preview of a show, whole or not at all.

    Parameters
    ----------
    loaded : LoadedShow
    output : Path
        ``.mp4``: the show in real time, with its music, from its start until 2 s after its last turn or
        formation, and at least to the end of the last shot. ``.png``: a sheet of all cues and formations.
    progress : callable (stage, done, of)

    Raises
    ------
    ValueError
        For any other ending.
    ShowError, FormationError
        When a picture cannot be used or a formation does not hold its troupe.
    EncodeError, OSError
        When the music cannot be read or the preview not be written.
    """
    writers = {".mp4": _write_film, ".png": write_preview_sheet}
    if output.suffix.lower() not in writers:
        raise ValueError(f"a preview is {' or '.join(writers)}, not {output.name!r}")
    writers[output.suffix.lower()](perform(loaded, progress), output, progress)


def _write_film(performance: Performance, output: Path, progress: Progress) -> None:
    loaded, board = performance.loaded, Board(performance)
    count = ceil(performance.end * FPS)
    music = loaded.show.music
    sound = None if music is None else read_music(loaded.resolve(music.file), Fraction(0), count / FPS)

    moments = [frame / FPS for frame in range(count)]

    def drawn() -> Generator[Picture]:
        with closing(_ahead(board.pictures(moments))) as pictures:
            for number, picture in enumerate(pictures, 1):
                yield picture
                progress("draw", number, count)

    progress("draw", 0, count)
    with closing(drawn()) as pictures:
        encode_pictures(output, pictures, FPS, sound, crf=_CRF, preset=_PRESET)


def _ahead(items: Iterator[Item]) -> Generator[Item]:
    """Yield what an iterator yields, the next few worked out in a thread meanwhile."""
    with ThreadPoolExecutor(1) as worker:
        try:
            waiting = deque(worker.submit(next, items, None) for _ in range(_AHEAD))
            while (item := waiting.popleft().result()) is not None:
                waiting.append(worker.submit(next, items, None))
                yield item
        finally:
            worker.shutdown(cancel_futures=True)
