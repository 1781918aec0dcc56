"""A decoded frame as light: upright, in square pixels, in the right colours, and no larger than needed.

Values are decoded as sRGB, as players show ordinary video. Of high dynamic range, ITU-R BT.2100's two curves
are read, with its reference white of 203 cd/m² (ITU-R BT.2408) as white; what is brighter keeps its hue, as
bright as cards can be. The matrices between primaries follow from ITU-R BT.2020, BT.709 and SMPTE RP 431-2
with D65.
"""

from __future__ import annotations

import functools
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Interpolation
from numpy.typing import NDArray

from ...kernels.oklab import srgb8_to_linear
from .canvas import Light

if TYPE_CHECKING:
    from PIL import Image

# Numbers of ITU-T H.273.
_UNSPECIFIED = 2
_MATRICES = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9, 10: 9}
_BT709, _BT601 = 1, 5
_HIGH_DEFINITION = 720
_GAMMA_22, _GAMMA_28, _LINEAR, _PQ, _HLG = 4, 5, 8, 16, 18
_PRIMARIES = {
    9: ((1.660491, -0.587641, -0.072850), (-0.124550, 1.132900, -0.008349), (-0.018151, -0.100579, 1.118730)),
    12: ((1.224940, -0.224940, 0.0), (-0.042057, 1.042057, 0.0), (-0.019638, -0.078636, 1.098274)),
}
_FINER = 2
_REFERENCE_WHITE = 203.0
_HLG_PEAK, _HLG_GAMMA = 1000.0, 1.2


def frame_light(
    frame: av.VideoFrame, pixel_aspect: Fraction | None, wide: int, high: int
) -> tuple[Light, Light]:
    """Return a video frame as it is to be seen.

    Parameters
    ----------
    frame : av.VideoFrame
    pixel_aspect : Fraction or None
        Width of a pixel over its height; None or 0 is square.
    wide, high : int
        Pixels that are enough: the frame is scaled down to between these and twice as many.

    Returns
    -------
    light : ndarray of float32, shape (h, w, 3)
        Linear sRGB, 0 to 1, multiplied by alpha; the first row is the top.
    alpha : ndarray of float32, shape (h, w)
    """
    turn = _orientation(frame)
    if turn[0]:
        wide, high = high, wide
    aspect = pixel_aspect if pixel_aspect else Fraction(1)
    width, height = float(frame.width), float(frame.height)
    if aspect > 1:
        width *= float(aspect)
    else:
        height /= float(aspect)
    opaque = not _has_alpha(frame)
    # Values as they are stored do not add up as light does: only what is far too fine is scaled as it is.
    scale = min(max(_FINER * wide / width, _FINER * high / height), 1.0) if opaque else 1.0
    size = max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))
    pixels = _pixels(frame, size, opaque)
    if opaque:
        light = _turned(_decoded_means(pixels, frame.color_trc, frame.color_primaries, wide, high), turn)
        return light, np.ones(light.shape[:2], np.float32)
    light = _decoded(pixels[..., :3], frame.color_trc, frame.color_primaries)
    alpha = pixels[..., 3].astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    light, alpha = _reduced(light * alpha[..., None], alpha, wide, high)
    return _turned(light, turn), _turned(alpha, turn)


def pillow_light(image: Image.Image, wide: int, high: int) -> tuple[Light, Light]:
    """Return the frame that an animated picture stands at; parameters and returns as of `frame_light`."""
    pixels = np.asarray(image.convert("RGBA"))
    alpha = pixels[..., 3].astype(np.float32) / np.float32(255)
    return _reduced(_table(0)[pixels[..., :3]] * alpha[..., None], alpha, wide, high)


def _has_alpha(frame: av.VideoFrame) -> bool:
    return any(part.is_alpha for part in frame.format.components) or frame.format.has_palette


def _pixels(frame: av.VideoFrame, size: tuple[int, int], opaque: bool) -> NDArray[np.unsignedinteger[Any]]:
    """Return sRGB or whatever the frame's curve is, as R, G, B (and A) of 8 bits, or 16 where it has more."""
    deep = max(part.bits for part in frame.format.components) > 8
    kind = ("rgb48le" if deep else "rgb24") if opaque else ("rgba64le" if deep else "rgba")
    matrix = _MATRICES.get(frame.colorspace)
    if matrix is None:
        matrix = _BT709 if frame.height >= _HIGH_DEFINITION else _BT601
    smaller = size[0] < frame.width or size[1] < frame.height
    how = Interpolation.AREA if smaller else Interpolation.BILINEAR
    is_rgb = frame.format.is_rgb or frame.format.has_palette
    unsaid_full = is_rgb or frame.format.name.startswith(("yuvj", "gray", "ya", "mono"))
    said = ColorRange(frame.color_range) if frame.color_range in (1, 2) else None
    came_in = said or (ColorRange.JPEG if unsaid_full else ColorRange.MPEG)
    converted = frame.reformat(
        *size,
        format=kind,
        src_colorspace=None if is_rgb else matrix,
        src_color_range=came_in,
        dst_color_range=ColorRange.JPEG,
        interpolation=how | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
    )
    return np.asarray(converted.to_ndarray())


def _decoded(pixels: NDArray[np.unsignedinteger[Any]], curve: int, primaries: int) -> Light:
    known = curve in {_GAMMA_22, _GAMMA_28, _LINEAR, _PQ, _HLG}
    light: Light = _table(curve if known else 0, pixels.dtype.itemsize)[pixels]
    if primaries in _PRIMARIES:
        light = np.maximum(light @ np.array(_PRIMARIES[primaries], np.float32).T, 0.0)
    if curve in {_PQ, _HLG}:
        light /= np.maximum(light.max(axis=-1, keepdims=True), 1.0)
    return np.minimum(light, 1.0)


def _decoded_means(
    pixels: NDArray[np.unsignedinteger[Any]], curve: int, primaries: int, wide: int, high: int
) -> Light:
    """Decode and take means over whole blocks of pixels, a band of rows at a time."""
    height, width = pixels.shape[:2]
    times = max(1, min(width // max(wide, 1), height // max(high, 1)))
    if times == 1:
        return _decoded(pixels, curve, primaries)
    columns = np.arange(0, width, times)
    count = np.diff(np.append(columns, width)).astype(np.float32)[:, None]
    rows = []
    for begin in range(0, height, times):
        band = _decoded(pixels[begin : begin + times], curve, primaries)
        rows.append(np.add.reduceat(band.mean(axis=0), columns, axis=0) / count)
    return np.stack(rows)


@functools.lru_cache(maxsize=8)
def _table(curve: int, size: int = 1) -> Light:
    """Return the light of each value of 8 or 16 bits."""
    value = np.arange(1 << (8 * size)) / ((1 << (8 * size)) - 1)
    if curve == _LINEAR:
        light = value
    elif curve in {_GAMMA_22, _GAMMA_28}:
        light = value ** (2.2 if curve == _GAMMA_22 else 2.8)
    elif curve == _PQ:
        root = value ** (1 / 78.84375)
        light = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
        light = light ** (1 / 0.1593017578125) * 10000 / _REFERENCE_WHITE
    elif curve == _HLG:
        scene = np.where(
            value <= 0.5, value**2 / 3, (np.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12
        )
        light = scene**_HLG_GAMMA * _HLG_PEAK / _REFERENCE_WHITE
    elif size == 1:
        light = srgb8_to_linear(np.arange(256, dtype=np.uint8))
    else:
        light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def _reduced(light: Light, alpha: Light, wide: int, high: int) -> tuple[Light, Light]:
    """Take means over whole blocks of pixels, where as many as are wanted remain."""
    height, width = alpha.shape
    factor = max(1, min(width // max(wide, 1), height // max(high, 1)))
    if factor == 1:
        return light, alpha
    whole = np.concatenate([light, alpha[..., None]], axis=-1)
    rows, columns = np.arange(0, height, factor), np.arange(0, width, factor)
    sums = np.add.reduceat(np.add.reduceat(whole, rows, axis=0), columns, axis=1)
    count = np.diff(np.append(rows, height))[:, None] * np.diff(np.append(columns, width))
    means = (sums / count[..., None]).astype(np.float32)
    return np.ascontiguousarray(means[..., :3]), np.ascontiguousarray(means[..., 3])


def _orientation(frame: av.VideoFrame) -> tuple[bool, bool, bool]:
    """Return how the frame is to be turned: transposed first, then mirrored in x, then in y."""
    data: Any = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return False, False, False
    right, down, _, below_right, below_down = np.frombuffer(bytes(data), np.int32)[:5].tolist()
    if abs(right) >= abs(down):
        return False, right < 0, below_down < 0
    return True, below_right < 0, down < 0


def _turned(picture: Light, turn: tuple[bool, bool, bool]) -> Light:
    transposed, mirror_x, mirror_y = turn
    if transposed:
        picture = np.swapaxes(picture, 0, 1)
    return np.ascontiguousarray(picture[:: -1 if mirror_y else 1, :: -1 if mirror_x else 1])
