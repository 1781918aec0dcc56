from __future__ import annotations

import struct
from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from cardstunt.kernels.oklab import linear_to_srgb8, srgb8_to_linear
from cardstunt.scenes.pages.clip_light import frame_light, pillow_light
from PIL import Image

COLOURS = [(200, 30, 60), (20, 160, 40), (30, 60, 220), (240, 240, 240), (16, 16, 16), (128, 128, 128)]


def frame_of(pixels, kind="rgb24"):
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format=kind)


def solid(colour, wide=64, high=32):
    return np.full((high, wide, 3), colour, np.uint8)


def shown(frame, wide=1000, high=1000, aspect=None):
    """The middle colour as sRGB bytes."""
    light, _ = frame_light(frame, aspect, wide, high)
    return linear_to_srgb8(light[light.shape[0] // 2, light.shape[1] // 2].astype(np.float64)).astype(int)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(
    "matrix", [Colorspace.ITU709, Colorspace.ITU601, Colorspace.SMPTE240M, Colorspace.BT2020]
)
@pytest.mark.parametrize("colour_range", [ColorRange.MPEG, ColorRange.JPEG])
def test_every_matrix_and_range_gives_the_colour_back(colour, matrix, colour_range):
    frame = frame_of(solid(colour)).reformat(
        format="yuv444p", dst_colorspace=matrix, dst_color_range=colour_range
    )
    assert frame.color_range == colour_range
    np.testing.assert_allclose(shown(frame), colour, atol=3)


@pytest.mark.parametrize(("high", "matrix"), [(480, Colorspace.ITU601), (720, Colorspace.ITU709)])
def test_a_matrix_that_is_not_said_goes_by_the_height(high, matrix):
    frame = frame_of(solid((200, 30, 60), 64, high)).reformat(
        format="yuv444p", dst_colorspace=matrix, dst_color_range=ColorRange.MPEG
    )
    frame.colorspace = 2
    np.testing.assert_allclose(shown(frame), (200, 30, 60), atol=3)


@pytest.mark.parametrize(
    "kind", ["gray", "rgb24", "bgr24", "gbrp", "yuvj420p", "yuv420p10le", "gbrp16le", "yuv422p"]
)
@pytest.mark.parametrize("grey", [0, 40, 128, 255])
def test_grey_stays_grey_in_every_format(kind, grey):
    frame = frame_of(solid((grey,) * 3)).reformat(format=kind)
    assert frame.format.name == kind
    np.testing.assert_allclose(shown(frame), grey, atol=2)


def test_deep_frames_keep_their_depth():
    ramp = np.broadcast_to(np.linspace(0, 65535, 512).astype(np.uint16)[:, None], (4, 512, 3))
    light, _ = frame_light(frame_of(ramp, "rgb48le"), None, 1000, 1000)
    assert len(np.unique(light[0, :, 0])) == 512


@pytest.mark.parametrize(
    ("curve", "value", "light"),
    [
        (8, 0.5, 0.5),
        (4, 0.5, 0.5**2.2),
        (16, 0.5806889, 1.0),
        (16, 1.0, 1.0),
        (18, 0.75, 1.0),
        (18, 0.5, 0.25),
        (1, 0.5, 0.2140),
    ],
)
def test_other_curves_than_srgbs(curve, value, light):
    """Reference white of 203 cd/m² is 58 % in PQ and 75 % in HLG (BT.2408)."""
    frame = frame_of(np.full((8, 8, 3), round(value * 65535), np.uint16), "rgb48le")
    frame.color_trc = curve
    found = frame_light(frame, None, 99, 99)[0][4, 4, 0]
    assert found == pytest.approx(light, abs=0.02)


@pytest.mark.parametrize("curve", [16, 18])
def test_what_is_brighter_than_white_keeps_its_hue(curve):
    colour = np.broadcast_to(np.array([62000, 52000, 20000], np.uint16), (8, 8, 3))
    frame = frame_of(np.ascontiguousarray(colour), "rgb48le")
    frame.color_trc = curve
    light = frame_light(frame, None, 99, 99)[0][4, 4]
    assert light[0] == pytest.approx(1)
    assert light[2] < light[1] < 0.75


@pytest.mark.parametrize("primaries", [9, 12, 1])
def test_wide_gamuts_keep_grey_and_grow_stronger(primaries):
    frame = frame_of(solid((128, 128, 128)))
    frame.color_primaries = primaries
    np.testing.assert_allclose(shown(frame), 128, atol=1)
    frame = frame_of(solid((200, 60, 60)))
    frame.color_primaries = primaries
    red = shown(frame)
    assert (red[0] > 215 and red[1] < 50) == (primaries != 1)


@pytest.mark.parametrize("size", [(64, 32), (48, 24), (33, 17), (32, 16)])
def test_fine_lines_keep_their_light_when_scaled_down(size):
    pixels = np.zeros((32, 64, 3), np.uint8)
    pixels[:, ::4] = 255
    light, alpha = frame_light(frame_of(pixels), None, *size)
    assert light.shape[0] >= size[1]
    assert light.shape[1] >= size[0]
    assert light.mean() == pytest.approx(0.25, abs=0.01)
    assert (alpha == 1).all()


def test_transparent_frames_come_multiplied_by_alpha():
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = (255, 0, 128), 51
    light, alpha = frame_light(frame_of(pixels, "rgba"), None, 99, 99)
    np.testing.assert_allclose(alpha, 0.2)
    np.testing.assert_allclose(
        light[0, 0], 0.2 * srgb8_to_linear(np.array([255, 0, 128], np.uint8)), atol=1e-6
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda p: frame_light(frame_of(p, "rgba"), None, 8, 4),
        lambda p: pillow_light(Image.fromarray(p), 8, 4),
    ],
)
def test_colour_under_transparency_does_not_bleed_when_scaled_down(make):
    pixels = np.zeros((16, 32, 4), np.uint8)
    pixels[..., 1] = 255
    pixels[:, ::2] = (255, 0, 0, 255)
    light, alpha = make(pixels)
    assert light.shape == (4, 8, 3)
    np.testing.assert_allclose(alpha, 0.5)
    np.testing.assert_allclose(light, np.broadcast_to([0.5, 0, 0], light.shape), atol=1e-6)


def test_wide_pixels_make_the_picture_wider_and_narrow_ones_higher():
    frame = frame_of(solid((9, 9, 9), 720, 576))
    assert frame_light(frame, Fraction(16, 11), 9999, 9999)[0].shape == (576, 1048, 3)
    assert frame_light(frame, Fraction(8, 9), 9999, 9999)[0].shape == (648, 720, 3)
    assert frame_light(frame, Fraction(16, 11), 100, 288)[0].shape == (288, 524, 3)


def matrix_of(right, down, below_right, below_down):
    one = 1 << 16
    return struct.pack(
        "<9i", right * one, down * one, 0, below_right * one, below_down * one, 0, 0, 0, 1 << 30
    )


class Turned:
    """A frame with a display matrix, as a decoder would give it."""

    def __init__(self, frame, matrix):
        self._frame, self.side_data = frame, {"DISPLAYMATRIX": matrix}

    def __getattr__(self, name):
        return getattr(self._frame, name)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ((1, 0, 0, 1), lambda p: p),
        ((-1, 0, 0, -1), lambda p: p[::-1, ::-1]),
        ((0, -1, 1, 0), np.rot90),
        ((0, 1, -1, 0), lambda p: np.rot90(p, -1)),
        ((-1, 0, 0, 1), lambda p: p[:, ::-1]),
        ((0, 1, 1, 0), lambda p: np.swapaxes(p, 0, 1)),
    ],
)
def test_frames_are_turned_and_mirrored_as_the_file_says(matrix, expected):
    pixels = np.zeros((8, 16, 3), np.uint8)
    pixels[:4, :4], pixels[4:, 12:] = (255, 0, 0), (0, 0, 255)
    light, alpha = frame_light(Turned(frame_of(pixels), matrix_of(*matrix)), None, 99, 99)
    np.testing.assert_array_equal(linear_to_srgb8(light.astype(np.float64)), expected(pixels))
    assert alpha.shape == light.shape[:2]


def test_a_turned_frame_is_scaled_by_what_it_will_be():
    frame = Turned(frame_of(solid((9, 9, 9), 400, 200)), matrix_of(0, -1, 1, 0))
    assert frame_light(frame, None, 100, 40)[0].shape == (200, 100, 3)


def test_a_turned_video_is_turned(tmp_path):
    """As a phone writes it: the frames lie, and the file says how they stand."""
    path = tmp_path / "phone.mov"
    pixels = np.zeros((32, 64, 3), np.uint8)
    pixels[:, :32] = 255
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuv420p"
        container.mux(stream.encode(frame_of(pixels)))
        container.mux(stream.encode(None))
    content = bytearray(path.read_bytes())
    header = content.index(b"tkhd")
    # The matrix stands 40 bytes after the version, in the order a b u c d v x y w.
    content[header + 44 : header + 80] = struct.pack(
        ">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 32 << 16, 0, 1 << 30
    )
    path.write_bytes(content)
    with av.open(str(path)) as container:
        light, _ = frame_light(next(container.decode(video=0)), None, 999, 999)
    assert light.shape == (64, 32, 3)
    assert light[:30].min() > 0.9
    assert light[34:].max() < 0.1
