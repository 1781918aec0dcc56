"""The film in a process of its own, so that Blender's window stays alive: orders in, progress out.

The first order is `{"show", "film", "quality", "frames"}`; a further one, or the end of the orders, stops the
film between two pictures. Each answer holds one of `stage` (with `done`, `of`), `film` (with `seconds`,
`took`), `stopped` or `error`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Event, Thread

from ..scenes.errors import ShowError
from .interruption import InterruptedFilm
from .own_process import answers, orders


def main() -> None:
    """Make the film that is ordered; exits with 0, or as the command line does."""
    stream, incoming = answers(), orders()
    stop = Event()

    def say(**answer: object) -> None:
        stream.write(json.dumps(answer) + "\n")

    def wait_for_stop() -> None:
        incoming.readline()
        stop.set()

    def progress(stage: str, done: int, of: int) -> None:
        say(stage=stage, done=done, of=of)
        if stop.is_set():
            raise InterruptedFilm

    order = json.loads(incoming.readline())
    Thread(target=wait_for_stop, daemon=True).start()
    code = 1
    try:
        # Here, so that whatever is missing becomes an answer.
        from ..scenes.load import load_show  # noqa: PLC0415
        from .film import FilmMaker  # noqa: PLC0415

        frames = order["frames"] and tuple(order["frames"])
        maker = FilmMaker(load_show(order["show"]), Path(order["film"]), order["quality"], frames, progress)
        result = maker.make()
        say(film=str(result.film), seconds=float(result.seconds), took=result.took)
        code = 0
    except InterruptedFilm:
        say(stopped=True)
        code = 130
    except ShowError as error:
        say(error=str(error))
        code = 2
    except Exception as error:
        say(error=f"{error}" if isinstance(error, OSError | RuntimeError | ValueError) else repr(error))
        raise
    if code:
        sys.exit(code)
