"""Ctrl+C between two frames: nothing is torn, and the same command goes on."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class InterruptedFilm(Exception):  # noqa: N818  not an error: the user's wish
    """The user stopped the film; what is finished is kept."""


def ignore_interrupt() -> None:
    """Let Ctrl+C pass by; for workers, whose maker stops them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], None]]:
    """Turn Ctrl+C into a stop between two frames; yields the check, which raises InterruptedFilm."""
    asked = False

    def ask(number: int, frame: Any) -> None:
        nonlocal asked
        asked = True

    def check() -> None:
        if asked:
            raise InterruptedFilm

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
