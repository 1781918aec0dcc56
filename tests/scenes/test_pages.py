from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.palette import linear_to_srgb8, srgb8_to_linear, srgb8_to_oklab
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages import CELL_ASPECT, PageError, gradient, picture, rasterise, text
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageCms, ImageDraw
from scipy import ndimage

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (200, 16, 32)
SHOW = """\
cardstunt: 1
title: Test
card_section:
  columns: {columns}
  rows: {rows}
  pages:
    page: {page}
  cues:
    - {{ at: 0 s, page: page }}
film:
  shots:
    - {{ name: all, show: 0 s..1 s, camera: {{ orbit: {{ height: 90 m, from: 0 deg, to: 1 deg }} }} }}
"""


def seen(front_row_first):
    """Turn a section upright, as a viewer and an image file have it."""
    return front_row_first[::-1]


@pytest.fixture
def drawn(tmp_path):
    def draw(page, columns=8, rows=4, **options):
        path = tmp_path / "show.yaml"
        path.write_text(SHOW.format(page=page, columns=columns, rows=rows))
        loaded = load_show(path)
        return rasterise(loaded.show.card_section.pages["page"], columns, rows, loaded, **options)

    return draw


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_an_image_of_the_sections_size_is_taken_pixel_for_pixel(pixels):
    rows, columns = pixels.shape[:2]
    for fit in ("cover", "contain", "stretch"):
        result = picture(Image.fromarray(pixels), BLACK, columns, rows, fit=fit, cell_aspect=1.0)
        assert result.shape == (rows, columns, 3)
        assert result.dtype == np.uint8
        np.testing.assert_array_equal(seen(result), pixels)


@given(
    st.tuples(*[st.integers(0, 255)] * 3),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.sampled_from(["cover", "stretch"]),
)
def test_a_flat_image_stays_exactly_its_colour(colour, size, section, fit):
    result = picture(Image.new("RGB", size, colour), BLACK, *section, fit=fit)
    assert (result == colour).all()


def test_cover_cuts_the_sides_of_a_wide_image():
    pixels = np.arange(2 * 8 * 3, dtype=np.uint8).reshape(2, 8, 3) * 5
    result = picture(Image.fromarray(pixels), BLACK, 4, 2, fit="cover", cell_aspect=1.0)
    np.testing.assert_array_equal(seen(result), pixels[:, 2:6])


def test_cover_cuts_top_and_bottom_of_a_tall_image():
    pixels = np.arange(6 * 2 * 3, dtype=np.uint8).reshape(6, 2, 3) * 7
    result = picture(Image.fromarray(pixels), BLACK, 2, 2, fit="cover", cell_aspect=1.0)
    np.testing.assert_array_equal(seen(result), pixels[2:4])


def test_contain_leaves_borders_in_the_ground_colour():
    pixels = np.full((2, 2, 3), 255, dtype=np.uint8)
    result = picture(Image.fromarray(pixels), RED, 6, 2, fit="contain", cell_aspect=1.0)
    assert (result[:, :2] == RED).all()
    assert (result[:, 2:4] == 255).all()
    assert (result[:, 4:] == RED).all()


def test_contain_shows_a_seat_at_the_border_in_part():
    result = picture(Image.new("RGB", (2, 2), WHITE), BLACK, 5, 2, fit="contain", cell_aspect=1.0)
    half = linear_to_srgb8(np.array(0.5))
    assert result[0, :, 0].tolist() == [0, half, 255, half, 0]


def test_stretch_shows_all_of_the_image():
    pixels = np.zeros((2, 8, 3), dtype=np.uint8)
    pixels[:, :4] = 255
    result = picture(Image.fromarray(pixels), RED, 2, 2, fit="stretch", cell_aspect=1.0)
    assert (result[:, 0] == 255).all()
    assert (result[:, 1] == 0).all()


def test_means_are_taken_in_linear_light():
    pixels = np.zeros((2, 2, 3), dtype=np.uint8)
    pixels[0, 0] = pixels[1, 1] = 255
    assert (picture(Image.fromarray(pixels), RED, 1, 1, fit="stretch") == 188).all()


def test_transparent_parts_show_the_ground_mixed_in_linear_light():
    image = Image.new("RGBA", (4, 2), (255, 255, 255, 51))
    image.paste((0, 255, 0, 255), (0, 0, 1, 2))
    result = picture(image, RED, 4, 2, fit="stretch", cell_aspect=1.0)
    assert (result[:, 0] == (0, 255, 0)).all()
    ground = srgb8_to_linear(np.array(RED, dtype=np.uint8))
    assert (result[:, 1:] == linear_to_srgb8(ground + 0.2 * (1 - ground))).all()


def test_colour_under_full_transparency_does_not_bleed():
    image = Image.new("RGBA", (2, 1), (255, 0, 255, 0))
    image.putpixel((0, 0), (0, 0, 0, 255))
    result = picture(image, BLACK, 1, 1, fit="stretch")
    assert (result == 0).all()


def test_row_0_is_the_bottom_and_column_0_the_left_of_an_image(drawn, tmp_path):
    image = Image.new("RGB", (8, 4), BLACK)
    image.putpixel((0, 3), RED)
    image.save(tmp_path / "corner.png")
    result = drawn("{ image: corner.png, fit: stretch }")
    assert tuple(result[0, 0]) == RED
    assert (result.reshape(-1, 3)[1:] == 0).all()


def test_a_disc_looks_round_on_seats_that_are_not_square():
    image = Image.new("RGB", (1000, 361), BLACK)
    ImageDraw.Draw(image).ellipse((350, 30, 650, 330), fill=WHITE)
    result = picture(image, BLACK, 250, 80)[..., 0] > 127
    wide, high = result.any(axis=0).sum() * CELL_ASPECT, result.any(axis=1).sum()
    assert wide == pytest.approx(high, abs=1.5)


def test_a_camera_orientation_is_honoured(tmp_path):
    image = Image.new("RGB", (2, 2), BLACK)
    image.putpixel((0, 0), WHITE)
    exif = Image.Exif()
    exif[274] = 3  # turned by 180 degrees
    image.save(tmp_path / "turned.png", exif=exif)
    with Image.open(tmp_path / "turned.png") as turned:
        result = seen(picture(turned, BLACK, 2, 2, fit="stretch"))
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
    assert (picture(image, BLACK, 3, 3, fit="stretch") >= 254).all()


def test_16_bit_greys_keep_their_level():
    image = Image.fromarray(np.full((2, 2), 128 * 257, dtype=np.uint16))
    assert (picture(image, BLACK, 2, 2) == 128).all()


@pytest.mark.parametrize(
    "profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"broken"]
)
def test_an_srgb_or_broken_profile_changes_nothing(profile):
    image = Image.new("RGB", (2, 2), RED)
    image.info["icc_profile"] = profile
    assert (np.abs(picture(image, BLACK, 2, 2).astype(int) - RED) <= 1).all()


@pytest.mark.parametrize("page", ["{ image: note.png }", "{ image: half.png }"])
def test_an_image_that_spoils_after_loading_is_a_page_error(tmp_path, page):
    name = page[len("{ image: ") : -2]
    Image.effect_noise((64, 64), 50).save(tmp_path / name)
    path = tmp_path / "show.yaml"
    path.write_text(SHOW.format(page=page, columns=4, rows=4))
    loaded = load_show(path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(b"not a picture" if name == "note.png" else content[: len(content) // 2])
    with pytest.raises(PageError, match=name):
        rasterise(loaded.show.card_section.pages["page"], 4, 4, loaded)


def test_a_fill_is_one_colour(drawn):
    result = drawn('{ fill: "#0a3d91" }')
    assert result.shape == (4, 8, 3)
    assert (result == (0x0A, 0x3D, 0x91)).all()


def test_a_gradient_runs_from_left_to_right_and_ends_exactly(drawn):
    result = drawn('{ gradient: { from: "#c81020", to: "#ffffff" } }', columns=40)
    assert (result[:, 0] == RED).all()
    assert (result[:, -1] == WHITE).all()
    assert (result == result[:1]).all()
    lightness = srgb8_to_oklab(result)[0, :, 0]
    steps = np.diff(lightness)
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
    result = gradient(BLACK, WHITE, angle * math.pi, 9, 7)
    assert (result[first] == 0).all()
    assert (result[last] == 255).all()


def opened(ink, cells):
    return ndimage.binary_opening(ink, np.ones((cells, cells)))


@pytest.mark.parametrize("words", ["WELCOME", "OPENING NIGHT", "2026", "Grüße!"])
def test_text_is_large_heavy_and_within_the_section(words):
    result = text(words, WHITE, BLACK, 250, 80)
    ink = result[..., 0] > 127
    assert 0.15 < ink.mean() < 0.6
    assert opened(ink, 3).sum() > 0.85 * ink.sum()
    wide, high = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    assert not ink[:3].any()
    assert not ink[-3:].any()
    assert not ink[:, :3].any()
    assert not ink[:, -3:].any()
    assert abs(wide[0] - (249 - wide[-1])) <= 2
    assert abs(high[0] - (79 - high[-1])) <= 2
    assert wide[-1] - wide[0] > 225 or high[-1] - high[0] > 66


def test_letters_are_thickened():
    ink = text("I", WHITE, BLACK, 90, 90, cell_aspect=1.0)[..., 0] > 127
    assert ink.any(axis=0).sum() > 0.18 * ink.any(axis=1).sum()


def test_text_has_its_colours_and_soft_edges():
    result = text("HI", WHITE, RED, 100, 40).reshape(-1, 3)
    assert (result == WHITE).all(axis=1).mean() > 0.1
    assert (result == RED).all(axis=1).mean() > 0.2
    edge = ~((result == WHITE).all(axis=1) | (result == RED).all(axis=1))
    assert 0 < edge.mean() < 0.2


def test_text_is_upright_and_not_mirrored():
    ink = text("L", WHITE, BLACK, 60, 60)[..., 0] > 127
    right = ink[:, np.flatnonzero(ink.any(axis=0))[-8:]]
    assert right[:30].any()
    assert not right[30:].any()


def test_text_breaks_into_the_lines_that_make_it_largest():
    wide = text("OPENING NIGHT", WHITE, BLACK, 600, 40)[..., 0] > 127
    high = text("OPENING NIGHT", WHITE, BLACK, 150, 80)[..., 0] > 127

    def lines(ink):
        return ndimage.label(ink.any(axis=1))[1]

    assert lines(wide) == 1
    assert lines(high) == 2


def test_a_line_break_in_the_text_is_kept():
    ink = text("A\nB", WHITE, BLACK, 600, 60)[..., 0] > 127
    assert ndimage.label(ink.any(axis=1))[1] == 2


def test_a_long_text_is_still_drawn(drawn):
    words = " ".join(["many"] * 40)
    assert drawn(f'{{ text: "{words}" }}', columns=250, rows=80).max() > 127
