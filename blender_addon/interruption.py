"""Ctrl+C between two frames: nothing is torn, and the same command goes on."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from typing import Any


class InterruptedFilm(Exception):  # noqa: N818  not an error: the user's wish
    """The user stopped the film; what is finished is kept."""


def begin_worker() -> None:
    """Let Ctrl+C pass by a worker, whose maker stops it; and end the worker when its maker is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


@contextmanager
def ctrl_c_held() -> Iterator[None]:
    """Hold Ctrl+C back; a process started meanwhile is not hit before it has begun, if the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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
        # None: the handler was not Python's but Blender's, and cannot be put back.
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
