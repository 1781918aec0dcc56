"""Moving pictures in files: videos, and animated GIF, WebP and PNG; any frame of them, in any order."""

from __future__ import annotations

import bisect
import threading
from collections import OrderedDict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np

from ..errors import listing, quoted
from ..picture_files import MOST_PIXELS
from .animations import Animation
from .canvas import Light, PageError
from .clip import Clip, reason
from .clip_light import frame_light

PICTURE_SUFFIXES = (".gif", ".webp", ".png", ".apng")
CONTAINERS = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mp4",
    ".3gp": "mp4",
    ".3g2": "mp4",
    ".mkv": "matroska",
    ".webm": "matroska",
    ".avi": "avi",
    ".mpg": "mpeg",
    ".mpeg": "mpeg",
    ".vob": "mpeg",
    ".ts": "mpegts",
    ".mts": "mpegts",
    ".m2ts": "mpegts",
    ".ogv": "ogg",
    ".ogg": "ogg",
    ".flv": "flv",
    ".wmv": "asf",
    ".asf": "asf",
    ".mxf": "mxf",
    ".nut": "nut",
    ".ivf": "ivf",
    ".dv": "dv",
    ".y4m": "yuv4mpegpipe",
}
"""Each name has one container, so that a playlist in disguise cannot open other files."""
SUFFIXES = (*CONTAINERS, *PICTURE_SUFFIXES)
"""How the names of moving pictures end."""

_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_WORTH_A_JUMP = 8  # frames
_OPEN_CLIPS = 4


class _Ratio(Protocol):
    """A ratio of whole numbers, whatever class of its own PyAV has for it."""

    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


class _Video(Clip):
    """A video, decoded forward from where it stands, or from the key frame before what is wanted."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self.name, self._path = name, path
        self._format = CONTAINERS[path.suffix.lower()]
        self._shown: av.VideoFrame | None = None
        self._ahead: av.VideoFrame | None = None
        self._frames: Iterator[av.VideoFrame] = iter(())
        try:
            self._open()
            self._scan()
            self._open()
        except PageError:
            raise
        except (av.FFmpegError, OSError, ValueError, LookupError) as error:
            raise self._bad(reason(error)) from error

    def _open(self) -> None:
        self._container = av.open(str(self._path), "r", format=self._format)
        streams = [
            stream
            for stream in self._container.streams.video
            if not stream.disposition & av.stream.Disposition.attached_pic
        ]
        if not streams:
            raise self._bad("it holds no moving picture")
        self._stream = stream = streams[0]
        if stream.codec_context is None:
            raise self._bad("its kind of compression is not known here")
        width, height = stream.codec_context.width, stream.codec_context.height
        if width * height > MOST_PIXELS:
            raise self._bad(
                f"it has {width} by {height} pixels; at most {MOST_PIXELS // 1_000_000} megapixels are read"
            )
        self._decoder: av.VideoCodecContext = stream.codec_context
        if stream.metadata.get("alpha_mode") == "1" and stream.codec_context.name in _ALPHA_DECODERS:
            # FFmpeg's own decoders pass over the second picture, in which WebM keeps alpha.
            decoder = av.CodecContext.create(_ALPHA_DECODERS[stream.codec_context.name], "r")
            assert isinstance(decoder, av.VideoCodecContext)
            self._decoder = decoder
        self._decoder.thread_type = "AUTO"
        self._frames = self._decode()
        self._shown = self._ahead = None

    def _scan(self) -> None:
        """Read through the packets, without decoding them, for when each frame is shown."""
        stream = self._stream
        assert stream.time_base is not None
        self.unit = _exact(stream.time_base)
        packets: list[tuple[int | None, int, bool]] = []
        reached = Fraction(0)
        for packet in self._container.demux():
            if packet.size == 0:
                continue
            moment = packet.pts if packet.pts is not None else packet.dts
            if moment is not None and packet.time_base is not None:
                end = moment + (packet.duration or 0)
                reached = max(reached, end * _exact(packet.time_base))
            if packet.stream is stream or packet.stream.index == stream.index:
                if packet.is_corrupt:
                    raise self._bad(f"it is cut off or damaged after {len(packets)} frames")
                if not packet.is_discard:
                    packets.append((packet.pts, packet.duration or 0, packet.is_keyframe))
        if not packets:
            raise self._bad("it has no frames")
        self._counted = any(pts is None for pts, *_ in packets)
        self._check_whole(reached)
        if self._counted:
            # Some old containers do not say when a frame is shown; then they follow each other evenly.
            rate = stream.average_rate or stream.guessed_rate
            self.unit, self._begin = 1 / _exact(rate) if rate else Fraction(1, 25), 0
            self._moments, self._keys = list(range(len(packets))), [0]
            last = 1
        else:
            shown = sorted({(pts, duration) for pts, duration, _ in packets if pts is not None})
            self._moments = sorted({pts for pts, _ in shown})
            self._keys = sorted({pts for pts, _, key in packets if key and pts is not None})
            self._begin = self._moments[0]
            last = shown[-1][1] or self._usual_step()
        self.times = [pts - self._begin for pts in self._moments]
        self.length = (self.times[-1] + last) * self.unit

    def _check_whole(self, reached: Fraction) -> None:
        """Refuse a file that says itself that it is much longer than what is there."""
        said = self._container.duration
        if said is None:
            return
        whole = Fraction(said, av.time_base)
        # Others only estimate it.
        missing = Fraction(1, 8) if self._format in {"mp4", "matroska"} else Fraction(1, 4) + whole / 10
        if whole - reached > missing:
            raise self._bad(f"it is cut off: {float(reached):.1f} s of {float(whole):.1f} s are there")

    def _usual_step(self) -> int:
        if self._stream.average_rate:
            return max(1, round(1 / _exact(self._stream.average_rate) / self.unit))
        if len(self._moments) < 2:
            return max(1, round(Fraction(1, 25) / self.unit))
        return int(np.median(np.diff(self._moments)))

    def _decode(self) -> Iterator[av.VideoFrame]:
        number = 0
        for packet in self._container.demux(self._stream):
            for frame in self._decoder.decode(packet if packet.size else None):
                if self._counted:
                    frame.pts, number = number, number + 1
                if frame.pts is not None:
                    yield frame

    _counted = False

    def _decoded(self, index: int, wide: int, high: int) -> tuple[Light, Light]:
        wanted = self._moments[index]
        try:
            frame = self._reach(wanted)
            if frame.is_corrupt:
                raise self._bad(f"it is damaged at {float(self.begins(index)):.2f} s")
            aspect = self._stream.codec_context.sample_aspect_ratio
            return frame_light(frame, _exact(aspect) if aspect else None, wide, high)
        except PageError:
            raise
        except (av.FFmpegError, OSError, ValueError, MemoryError) as error:
            moment = float(self.begins(index))
            said = (isinstance(error, av.FFmpegError) and error.strerror) or error
            raise self._bad(f"it is damaged near {moment:.2f} s ({quoted(said)})") from error

    def _reach(self, wanted: int) -> av.VideoFrame:
        """Return the newest frame that is not later than `wanted`, in the stream's unit."""
        key = max(bisect.bisect_right(self._keys, wanted) - 1, 0)
        shown = None if self._shown is None else self._shown.pts
        if shown is None or wanted < shown or self._is_far(shown, key):
            self._seek(key)
        while True:
            frame = self._forward(wanted)
            if frame is not None:
                return frame
            if key <= 0:
                raise self._bad("its frames cannot be decoded")
            # Nothing up to the wanted moment came out: begin a key frame earlier.
            key -= 1
            self._seek(key)

    def _is_far(self, shown: int, key: int) -> bool:
        """Tell whether a key frame is so far ahead that jumping to it is faster than decoding on."""
        if key >= len(self._keys):
            return False
        there, here = (bisect.bisect_left(self._moments, moment) for moment in (self._keys[key], shown))
        return there - here > _WORTH_A_JUMP

    def _seek(self, key: int) -> None:
        if self._counted or key <= 0 or not self._keys:
            # From the beginning is the same in every container.
            self._open()
            return
        self._container.seek(self._keys[key], stream=self._stream, backward=True)
        self._decoder.flush_buffers()
        self._frames = self._decode()
        self._shown = self._ahead = None

    def _forward(self, wanted: int) -> av.VideoFrame | None:
        while self._shown is None or _moment(self._shown) < wanted:
            frame = self._ahead if self._ahead is not None else next(self._frames, None)
            self._ahead = None
            if frame is None:
                break
            if _moment(frame) > wanted:
                self._ahead = frame
                if self._shown is None and wanted == self._begin:
                    self._shown, self._ahead = frame, None
                break
            self._shown = frame
        return self._shown


def _moment(frame: av.VideoFrame) -> int:
    assert frame.pts is not None
    return frame.pts


def _exact(ratio: _Ratio) -> Fraction:
    return Fraction(ratio.numerator, ratio.denominator)


_clips: OrderedDict[tuple[str, int, int], Clip] = OrderedDict()
_clips_lock = threading.Lock()


def open_clip(path: Path, name: str) -> Clip:
    """Open a moving picture; the last few stay open, by path, size and time of writing.

    Parameters
    ----------
    path : Path
    name : str
        What messages call it.

    Raises
    ------
    PageError
        If it is not there, not a moving picture, damaged, cut off, or has no frames.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise PageError(f"{quoted(name)} is not a video that is read; allowed: {listing(SUFFIXES)}")
    try:
        found = path.stat()
    except OSError as error:
        raise PageError(f"{quoted(name)} cannot be read: {error.strerror or error}") from error
    if not found.st_size:
        raise PageError(f"{quoted(name)} cannot be used as a video: it is empty")
    key = str(path), found.st_size, found.st_mtime_ns
    with _clips_lock:
        clip = _clips.get(key)
        if clip is None:
            clip = Animation(path, name) if suffix in PICTURE_SUFFIXES else _Video(path, name)
            for old in [other for other in _clips if other[0] == key[0]]:
                del _clips[old]
            _clips[key] = clip
            while len(_clips) > _OPEN_CLIPS:
                _clips.popitem(last=False)
        _clips.move_to_end(key)
        return clip
