"""Encode: finished pictures and the music become an H.264 film, tagged so that players show its colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler
from PIL import Image

from .files import written_aside

SOUND_RATE = 48000
#: The end of the music fades over this long, seconds.
FADE = Fraction(3, 4)
_BT709 = 1  # in H.273: primaries, transfer and matrix alike
_TELEVISION_RANGE = 1
_SOUND_FRAME = 1024  # samples; AAC's own

Picture = npt.NDArray[np.uint8]


class EncodeError(RuntimeError):
    """The film could not be written, or its music not be read; the message says why."""


def read_music(path: Path, start: Fraction, seconds: Fraction) -> npt.NDArray[np.float32]:
    """Return a stretch of a sound file with its end faded: (2, N) float32 at 48 kHz, silent past its end.

    Raises
    ------
    EncodeError
        When the file holds no sound that can be read.
    """
    wanted, skip = round(seconds * SOUND_RATE), round(start * SOUND_RATE)
    pieces: list[npt.NDArray[np.float32]] = []
    length = 0
    try:
        with av.open(str(path)) as source:
            if not source.streams.audio:
                raise EncodeError(f"{path} holds no sound")
            resampler = AudioResampler("fltp", "stereo", SOUND_RATE)
            for frame in source.decode(audio=0):
                for piece in resampler.resample(frame):
                    pieces.append(np.asarray(piece.to_ndarray(), np.float32))
                    length += pieces[-1].shape[1]
                if length >= skip + wanted:
                    break
    except av.FFmpegError as error:
        raise EncodeError(f"cannot read the music {path}: {error}") from error
    sound = np.zeros((2, wanted), np.float32)
    heard = np.concatenate(pieces, 1)[:, skip : skip + wanted] if pieces else sound
    sound[:, : heard.shape[1]] = heard
    fade = min(wanted, round(FADE * SOUND_RATE))
    if fade:
        sound[:, wanted - fade :] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
    return sound


def encode_film(
    path: Path, pictures: Iterable[Path], fps: Fraction, sound: npt.NDArray[np.float32] | None, crf: int = 16
) -> None:
    """Write an MP4 from picture files: see `encode_pictures`.

    Parameters
    ----------
    pictures : iterable of Path
        A picture file for each frame of the film, sRGB; a file may come several times.
    """
    encode_pictures(path, _read_pictures(pictures), fps, sound, crf=crf)


def _read_pictures(files: Iterable[Path]) -> Iterator[Picture]:
    shown: Path | None = None
    pixels = np.empty((0, 0, 3), np.uint8)
    for file in files:
        if file != shown:
            try:
                with Image.open(file) as picture:
                    pixels = np.asarray(picture.convert("RGB"))
            except FileNotFoundError:
                raise
            except (OSError, SyntaxError) as error:
                raise EncodeError(
                    f"{file} is damaged ({error}); remove it and make the film again"
                ) from error
            shown = file
        yield pixels


def encode_pictures(
    path: Path,
    pictures: Iterable[Picture],
    fps: Fraction,
    sound: npt.NDArray[np.float32] | None,
    *,
    crf: int = 16,
    preset: str = "medium",
) -> None:
    """Write an MP4: H.264 in yuv420p tagged bt709, AAC sound if there is any, index at the front.

    Parameters
    ----------
    path : Path
        The film; whole or absent.
    pictures : iterable of uint8 arrays, (H, W, 3) or (H, W, 4)
        A picture for each frame of the film, sRGB, of one size with even sides; a fourth channel is passed
        over. An array that comes again at once is held, at little cost, so write no new picture into it.
    fps : Fraction
    sound : (2, N) float32 at 48 kHz, or None
    crf : int
        x264's constant rate factor; smaller is better and larger.
    preset : str
        x264's trade of speed for size.

    Raises
    ------
    EncodeError
        When nothing can be encoded or written.
    """
    waiting = iter(pictures)
    first = next(waiting, None)
    if first is None:
        raise EncodeError("a film needs at least one frame")
    height, width = first.shape[:2]
    if width % 2 or height % 2:
        raise EncodeError(f"a film has even sides; its pictures are {width} by {height} pixels")
    try:
        with (
            written_aside(path) as aside,
            av.open(str(aside), "w", options={"movflags": "+faststart"}) as container,
        ):
            video = _add_video(container, width, height, fps, crf, preset)
            audio = (
                container.add_stream("aac", rate=SOUND_RATE, layout="stereo") if sound is not None else None
            )
            shown, frame, heard = first, _video_frame(first), 0
            for number, picture in enumerate(chain([first], waiting)):
                if picture is not shown:
                    shown, frame = picture, _video_frame(picture)
                frame.pts, frame.time_base = number, 1 / fps
                container.mux(video.encode(frame))
                if audio is not None and sound is not None:
                    # Beside its pictures, so that players need not look for it far away in the file.
                    heard = _write_sound(container, audio, sound, heard, int((number + 1) / fps * SOUND_RATE))
            container.mux(video.encode(None))
            if audio is not None and sound is not None:
                _write_sound(container, audio, sound, heard, sound.shape[1] + _SOUND_FRAME)
                container.mux(audio.encode(None))
    except av.FFmpegError as error:
        raise EncodeError(f"cannot write {path}: {error}") from error


def _add_video(
    container: av.container.OutputContainer, width: int, height: int, fps: Fraction, crf: int, preset: str
) -> av.VideoStream:
    options = {"crf": str(crf), "preset": preset}
    if -(-width // 16) % 8:
        # With AVX-512, x264's macroblock tree reads unset memory past rows that are no multiple of 8 blocks
        # (seen in x264 0.165): the same pictures would give other bytes each time.
        options["x264-params"] = "mbtree=0"
    video = container.add_stream("libx264", rate=fps, options=options)
    video.width, video.height, video.pix_fmt = width, height, "yuv420p"
    context = video.codec_context
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _TELEVISION_RANGE
    return video


def _video_frame(pixels: Picture) -> av.VideoFrame:
    layout = "rgb24" if pixels.shape[2] == 3 else "rgba"
    frame = av.VideoFrame.from_ndarray(pixels, layout).reformat(
        format="yuv420p",
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        src_color_range="JPEG",
        dst_color_range="MPEG",
        interpolation="LANCZOS",
    )
    frame.colorspace, frame.color_range = _BT709, _TELEVISION_RANGE
    frame.color_primaries, frame.color_trc = _BT709, _BT709
    return frame


def _write_sound(
    container: av.container.OutputContainer,
    stream: av.AudioStream,
    sound: npt.NDArray[np.float32],
    start: int,
    end: int,
) -> int:
    """Write the whole frames of sound between two samples; returns where to go on."""
    while start < sound.shape[1] and start + _SOUND_FRAME <= end:
        piece = np.ascontiguousarray(sound[:, start : start + _SOUND_FRAME])
        frame = av.AudioFrame.from_ndarray(piece, "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        container.mux(stream.encode(frame))
        start += _SOUND_FRAME
    return start
