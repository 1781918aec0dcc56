from __future__ import annotations

import io
import math

import numpy as np
import pytest
from cardstunt.kernels.oklab import linear_to_srgb8, srgb8_to_linear, srgb8_to_oklab
from cardstunt.scenes.pages import Canvas, PageError
from cardstunt.scenes.pages.canvas import lay_source, placed
from cardstunt.scenes.pages.still import draw_gradient, source_of
from cardstunt.scenes.schema_page import Gradient
from PIL import Image, ImageCms, features

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (200, 16, 32)


def picture(image, on=BLACK, columns=2, rows=2):
    """Stretch an image over a section; the top row first."""
    canvas = Canvas(columns, rows, 1.0)
    return lay_source(source_of(image), placed(*image.size, canvas, fit="stretch"), canvas, on).picture[::-1]


def test_transparent_parts_show_the_ground_mixed_in_linear_light():
    image = Image.new("RGBA", (4, 2), (255, 255, 255, 51))
    image.paste((0, 255, 0, 255), (0, 0, 1, 2))
    result = picture(image, RED, 4, 2)
    assert (result[:, 0] == (0, 255, 0)).all()
    ground = srgb8_to_linear(np.array(RED, dtype=np.uint8))
    assert (result[:, 1:] == linear_to_srgb8(ground + 0.2 * (1 - ground))).all()


def test_colour_under_full_transparency_does_not_bleed():
    image = Image.new("RGBA", (2, 1), (255, 0, 255, 0))
    image.putpixel((0, 0), (0, 0, 0, 255))
    assert (picture(image, BLACK, 1, 1) == 0).all()


def test_row_0_is_the_bottom_and_column_0_the_left_of_an_image(drawn, tmp_path):
    image = Image.new("RGB", (8, 4), BLACK)
    image.putpixel((0, 3), RED)
    image.save(tmp_path / "corner.png")
    result = drawn({"image": "corner.png", "fit": "stretch"}).picture
    assert tuple(result[0, 0]) == RED
    assert (result.reshape(-1, 3)[1:] == 0).all()


def test_a_camera_orientation_is_honoured(drawn, tmp_path):
    image = Image.new("RGB", (2, 2), BLACK)
    image.putpixel((0, 0), WHITE)
    exif = Image.Exif()
    exif[274] = 3  # turned by 180 degrees
    image.save(tmp_path / "turned.png", exif=exif)
    result = drawn({"image": "turned.png", "fit": "stretch"}, columns=2, rows=2).picture[::-1]
    assert result[1, 1, 0] == 255
    assert result.sum() == 3 * 255


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I;16"]
)
def test_every_mode_of_pillow_gives_a_white_picture_from_a_white_image(mode):
    if mode == "I;16":
        image = Image.fromarray(np.full((3, 3), 65535, dtype=np.uint16))
    elif mode == "LAB":
        image = Image.new("LAB", (3, 3), (255, 128, 128))
    elif mode in {"P", "PA"}:
        image = Image.new("RGBA", (3, 3), WHITE).convert("P").convert(mode)
    else:
        image = Image.new("RGB", (3, 3), WHITE).convert(mode)
    assert (picture(image) >= 254).all()


def test_16_bit_greys_keep_their_level():
    image = Image.fromarray(np.full((2, 2), 128 * 257, dtype=np.uint16))
    assert (picture(image) == 128).all()


def test_floating_point_images_are_refused(drawn, tmp_path):
    Image.new("F", (4, 4), 0.5).save(tmp_path / "float.tif")
    with pytest.raises(PageError, match=r"'float\.tif'.*floating-point"):
        drawn({"image": "float.tif"})


@pytest.mark.parametrize(
    "profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"broken"]
)
@pytest.mark.parametrize("mode", ["RGB", "P"])
def test_an_srgb_or_broken_profile_changes_nothing(profile, mode):
    image = Image.new("RGB", (2, 2), RED)
    image = image.quantize(2) if mode == "P" else image
    image.info["icc_profile"] = profile
    assert (np.abs(picture(image).astype(int) - RED) <= 1).all()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_profile_is_honoured(mode):
    image = Image.new("RGB", (2, 2), RED)
    image = image.quantize(2) if mode == "P" else image.convert(mode)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # In a profile whose red is blue, and the other way round.
    swapped = profile.replace(b"rXYZ", b"?").replace(b"bXYZ", b"rXYZ").replace(b"?", b"bXYZ")
    image.info["icc_profile"] = swapped
    assert np.abs(picture(image).astype(int) - RED[::-1]).max() <= 3


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.png", {}),
        ("a.jpg", {"quality": 100, "subsampling": 0}),
        ("a.jp2", {}),
        ("a.webp", {"lossless": True}),
        ("a.avif", {"quality": 100}),
        ("a.tif", {"compression": "tiff_lzw"}),
        ("a.bmp", {}),
        ("a.gif", {}),
        ("a.tga", {}),
        ("a.ppm", {}),
        ("a.pcx", {}),
        ("a.ico", {"sizes": [(16, 16)]}),
        ("a.icns", {}),
        ("a.sgi", {}),
        ("a.dds", {}),
        ("a.qoi", {}),
    ],
)
def test_formats(drawn, tmp_path, name, options):
    kind = {"a.webp": "webp", "a.avif": "avif", "a.jp2": "jpg_2000"}.get(name)
    if kind and not features.check(kind):
        pytest.skip(f"this Pillow is built without {kind}")
    image = Image.new("RGB", (16, 16), RED)
    image.paste((20, 40, 250), (0, 0, 8, 16))
    image.save(tmp_path / name, **options)
    result = drawn({"image": name, "fit": "stretch"}, columns=2, rows=1).picture[0].astype(int)
    assert np.abs(result - [(20, 40, 250), RED]).max() <= (16 if name == "a.avif" else 6)


def test_the_first_frame_of_a_moving_picture(drawn, tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, WHITE, BLACK)]
    for name in ("a.gif", "a.png", "a.webp"):
        options = {"lossless": True} if name == "a.webp" else {}
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **options)
        result = drawn({"image": name}).picture.astype(int)
        assert np.abs(result - RED).max() <= 1, name


def test_a_transparent_colour_of_a_palette(drawn, tmp_path):
    image = Image.new("P", (8, 4), 1)
    image.putpalette([0, 0, 0, 255, 255, 255])
    image.paste(0, (0, 0, 4, 4))
    image.save(tmp_path / "a.gif", transparency=0)
    result = drawn({"image": "a.gif", "fit": "stretch", "on": "#c81020"})
    assert (result.picture[:, :4] == RED).all()
    assert (result.picture[:, 4:] == 255).all()
    assert result.ink[:, :4].max() == 0
    assert result.ink[:, 4:].min() == 1


@pytest.mark.parametrize("content", [b"not a picture", None])
def test_an_image_that_spoils_after_loading_is_a_page_error(drawn, tmp_path, content):
    stream = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(stream, "PNG")
    whole = stream.getvalue()
    (tmp_path / "a.png").write_bytes(content or whole[: len(whole) // 2])
    with pytest.raises(PageError, match=r"'a\.png' is (not a|a damaged) picture"):
        drawn({"image": "a.png"})


def test_an_image_that_is_gone_is_a_page_error(drawn):
    with pytest.raises(PageError, match=r"gone\.png"):
        drawn({"image": "gone.png"})


def test_a_large_image_gives_the_same_as_a_small_one(drawn, tmp_path):
    small = Image.effect_noise((40, 30), 80).convert("RGB")
    small.save(tmp_path / "small.png")
    small.resize((1600, 1200), Image.Resampling.NEAREST).save(tmp_path / "large.png")
    one, other = (
        drawn({"image": name, "fit": "stretch"}, columns=20, rows=15).picture
        for name in ("small.png", "large.png")
    )
    assert np.abs(one.astype(int) - other).max() <= 1


def gradient(start, end, angle, columns, rows):
    described = Gradient.model_validate({"from": start, "to": end, "angle": angle})
    return draw_gradient(described, Canvas(columns, rows)).picture


def test_a_gradient_runs_from_left_to_right_and_ends_exactly(drawn):
    page = drawn({"gradient": {"from": "#c81020", "to": "#ffffff"}}, columns=40)
    result = page.picture
    assert (result[:, 0] == RED).all()
    assert (result[:, -1] == WHITE).all()
    assert (result == result[:1]).all()
    assert (page.ink == 1).all()
    steps = np.diff(srgb8_to_oklab(result)[0, :, 0])
    assert (steps > 0).all()
    assert steps.max() < 1.5 * steps.min()


@pytest.mark.parametrize(
    ("angle", "first", "last"),
    [
        (0.5, (0, slice(None)), (-1, slice(None))),
        (1.0, (slice(None), -1), (slice(None), 0)),
        (1.5, (-1, 0), (0, 0)),
    ],
)
def test_a_gradient_turns_counter_clockwise_with_its_angle(angle, first, last):
    result = gradient("#000000", "#ffffff", angle * math.pi, 9, 7)
    assert (result[first] == 0).all()
    assert (result[last] == 255).all()
