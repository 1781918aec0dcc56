"""Animated GIF, WebP and PNG."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from PIL import Image, UnidentifiedImageError

from ..picture_files import MOST_PIXELS
from .canvas import Light, PageError
from .clip import Clip, reason
from .clip_light import pillow_light

_LARGEST = 512 << 20
_BROWSERS_LEAST, _BROWSERS_USUAL = 11, 100  # milliseconds


class Animation(Clip):
    """An animated picture, which Pillow reads; frames build on those before, so it is read in order."""

    unit: ClassVar[Fraction] = Fraction(1, 1000)  # type: ignore[misc]

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self.name = name
        try:
            if path.stat().st_size > _LARGEST:
                raise self._bad(f"it is larger than {_LARGEST >> 20} MB; save it as a video")
            self._content = path.read_bytes()
            with self._opened() as image:
                if image.width * image.height > MOST_PIXELS:
                    raise self._bad(
                        f"it has {image.width} by {image.height} pixels; "
                        f"at most {MOST_PIXELS // 1_000_000} megapixels are read"
                    )
                begin, self.times = 0, []
                for number in range(getattr(image, "n_frames", 1)):
                    image.seek(number)
                    image.load()
                    self.times.append(begin)
                    shown = round(float(image.info.get("duration", 0)))
                    # As browsers do: nobody means frames as short as that.
                    begin += shown if shown >= _BROWSERS_LEAST else _BROWSERS_USUAL
        except PageError:
            raise
        except UnidentifiedImageError as error:
            raise self._bad("it is of another kind than its name says, or damaged") from error
        except (OSError, EOFError, ValueError, SyntaxError, LookupError, MemoryError) as error:
            raise self._bad(reason(error)) from error
        self.length = begin * self.unit
        self._image = self._opened()

    def _opened(self) -> Image.Image:
        return Image.open(io.BytesIO(self._content), formats=("GIF", "WEBP", "PNG"))

    def _decoded(self, index: int, wide: int, high: int) -> tuple[Light, Light]:
        try:
            if index < self._image.tell():
                self._image = self._opened()
            self._image.seek(index)
            return pillow_light(self._image, wide, high)
        except (OSError, EOFError, ValueError, SyntaxError, LookupError, MemoryError) as error:
            raise self._bad(reason(error)) from error
