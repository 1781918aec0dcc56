"""What videos and animated pictures have in common: frames, and when each is shown."""

from __future__ import annotations

import bisect
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from fractions import Fraction

import av

from ..errors import quoted
from .canvas import Light, PageError

_LAST_PICTURES = 2


class Clip(ABC):
    """A file's moving picture.

    Attributes
    ----------
    name : str
        What a message calls it.
    times : list of int
        When each frame begins, in `unit`, from 0, rising.
    unit : Fraction
        Seconds.
    length : Fraction
        Seconds until the last frame ends.
    """

    name: str
    times: list[int]
    unit: Fraction
    length: Fraction

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, int, int], tuple[Light, Light]] = OrderedDict()

    def index(self, at: Fraction) -> int:
        """Return which frame is shown at a moment, in seconds; the first before, the last after the clip."""
        # Containers round a frame's time to their own unit, so the moment is rounded alike.
        return max(bisect.bisect_right(self.times, round(at / self.unit)) - 1, 0)

    def begins(self, index: int) -> Fraction:
        """Return when a frame begins, in seconds."""
        return self.times[index] * self.unit

    def picture(self, index: int, wide: int, high: int) -> tuple[Light, Light]:
        """Return a frame, scaled down where both sides stay at least `wide` and `high` pixels.

        Returns
        -------
        light : ndarray of float32, shape (h, w, 3)
            Linear light, 0 to 1, multiplied by alpha; the first row is the top. Not to be written to.
        alpha : ndarray of float32, shape (h, w)

        Raises
        ------
        PageError
            If the file is damaged there.
        """
        key = index, wide, high
        with self._lock:
            if key not in self._kept:
                light, alpha = self._decoded(index, wide, high)
                light.flags.writeable = alpha.flags.writeable = False
                self._kept[key] = light, alpha
                while len(self._kept) > _LAST_PICTURES:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    @abstractmethod
    def _decoded(self, index: int, wide: int, high: int) -> tuple[Light, Light]: ...

    def _bad(self, why: object) -> PageError:
        return PageError(f"{quoted(self.name)} cannot be used as a video: {why}")


def reason(error: BaseException) -> str:
    """Say why a file cannot be decoded."""
    if isinstance(error, av.InvalidDataError):
        return "it is damaged, cut off, or of another kind than its name says"
    if isinstance(error, av.FFmpegError):
        return error.strerror or type(error).__name__
    return str(error) or type(error).__name__
