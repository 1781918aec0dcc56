from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.oklab import linear_to_srgb8, srgb8_to_linear
from cardstunt.scenes.pages import CELL_ASPECT, Canvas, lay
from cardstunt.scenes.pages.canvas import Source, lay_source, placed
from cardstunt.scenes.schema_page import Crop
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (200, 16, 32)
SMALL = st.integers(1, 9)


def laid(pixels, columns, rows, *, cell_aspect=1.0, view=None, **options):
    """Lay opaque sRGB pixels; returns sRGB with the top row first, as a viewer and a file have it."""
    light = srgb8_to_linear(np.asarray(pixels, dtype=np.uint8)).astype(np.float32)
    canvas = Canvas(columns, rows, cell_aspect, view)
    return lay(light, np.ones(light.shape[:2], np.float32), canvas, **options).picture[::-1]


def flat_view(columns, rows):
    across, up = (np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows
    return np.stack(np.meshgrid(across, up), axis=-1)


def numbered(high, wide):
    """Return pixels that are all different."""
    count = np.arange(high * wide).reshape(high, wide)
    return np.stack([count % 251, count // 251, np.full_like(count, 7)], axis=-1).astype(np.uint8)


@given(hnp.arrays(np.uint8, st.tuples(SMALL, SMALL, st.just(3))))
def test_a_picture_of_the_sections_size_is_taken_pixel_for_pixel(pixels):
    rows, columns = pixels.shape[:2]
    for fit in ("cover", "contain", "stretch"):
        np.testing.assert_array_equal(laid(pixels, columns, rows, fit=fit), pixels)


@given(
    st.tuples(*[st.integers(0, 255)] * 3),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.sampled_from(["cover", "stretch", "tile"]),
    st.floats(0.01, 1.0),
)
def test_a_flat_picture_stays_exactly_its_colour(colour, size, section, fit, tile):
    pixels = np.broadcast_to(np.array(colour, np.uint8), (*size, 3))
    assert (laid(pixels, *section, cell_aspect=CELL_ASPECT, fit=fit, size=tile) == colour).all()


@given(
    hnp.arrays(np.uint8, st.tuples(st.integers(4, 30), st.integers(4, 30))),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_a_cell_is_the_mean_light_of_the_area_that_it_covers(grey, columns, rows):
    light = np.repeat(srgb8_to_linear(grey)[..., None], 3, axis=-1)
    # Each pixel split into as many parts as there are cells makes the cells' edges whole.
    fine = np.repeat(np.repeat(light, rows, axis=0), columns, axis=1)
    high, wide = grey.shape
    means = fine.reshape(rows, high, columns, wide, 3).mean(axis=(1, 3))
    canvas = Canvas(columns, rows)
    result = lay(light.astype(np.float32), np.ones(grey.shape, np.float32), canvas, fit="stretch")
    difference = np.abs(result.picture[::-1].astype(int) - linear_to_srgb8(means))
    assert difference.max() <= 1


def test_the_same_picture_gives_the_same_bytes_whole_or_in_bands():
    rng = np.random.default_rng(7)
    pixels = rng.random((97, 133, 4), dtype=np.float32)
    pixels[..., :3] *= pixels[..., 3:]
    canvas, placement = Canvas(40, 20), placed(133, 97, Canvas(40, 20))

    def bands(first, last):
        for start in range(first, last, 5):
            yield start, pixels[start : min(start + 5, last)]

    whole = [lay(pixels[..., :3], pixels[..., 3], canvas) for _ in range(2)]
    assert whole[0].picture.tobytes() == whole[1].picture.tobytes()
    assert whole[0].ink.tobytes() == whole[1].ink.tobytes()
    banded = lay_source(Source(133, 97, bands), placement, canvas, BLACK)
    assert np.abs(banded.picture.astype(int) - whole[0].picture).max() <= 1


def test_cover_cuts_the_sides_of_a_wide_picture():
    pixels = numbered(2, 8)
    np.testing.assert_array_equal(laid(pixels, 4, 2, fit="cover"), pixels[:, 2:6])


def test_cover_cuts_top_and_bottom_of_a_tall_picture():
    pixels = numbered(6, 2)
    np.testing.assert_array_equal(laid(pixels, 2, 2, fit="cover"), pixels[2:4])


@pytest.mark.parametrize(
    ("anchor", "rows", "columns"),
    [
        ("centre", slice(2, 4), slice(2, 6)),
        ("left", slice(2, 4), slice(0, 4)),
        ("right", slice(2, 4), slice(4, 8)),
        ("top", slice(0, 2), slice(2, 6)),
        ("bottom", slice(4, 6), slice(2, 6)),
        ("top left", slice(0, 2), slice(0, 4)),
        ("top right", slice(0, 2), slice(4, 8)),
        ("bottom left", slice(4, 6), slice(0, 4)),
        ("bottom right", slice(4, 6), slice(4, 8)),
    ],
)
def test_the_anchor_says_what_is_kept(anchor, rows, columns):
    wide, tall = numbered(2, 8), numbered(6, 4)
    expected = wide[:, columns] if columns.stop - columns.start == 4 else None
    np.testing.assert_array_equal(laid(wide, 4, 2, anchor=anchor), expected)
    np.testing.assert_array_equal(laid(tall, 4, 2, anchor=anchor), tall[rows])


@pytest.mark.parametrize(
    ("anchor", "first"), [("left", 0), ("top left", 0), ("centre", 2), ("bottom right", 4)]
)
def test_contain_leans_on_the_anchor_and_leaves_borders_in_the_ground_colour(anchor, first):
    result = laid(np.full((2, 2, 3), 255), 6, 2, fit="contain", anchor=anchor, on=RED)
    shown = np.zeros(6, bool)
    shown[first : first + 2] = True
    assert (result[:, shown] == 255).all()
    assert (result[:, ~shown] == RED).all()


def test_contain_shows_a_cell_at_the_border_in_part():
    result = laid(np.full((2, 2, 3), 255), 5, 2, fit="contain")
    half = linear_to_srgb8(np.array(0.5))
    assert result[0, :, 0].tolist() == [0, half, 255, half, 0]


def test_stretch_shows_all_of_the_picture():
    pixels = np.zeros((2, 8, 3), dtype=np.uint8)
    pixels[:, :4] = 255
    result = laid(pixels, 2, 2, fit="stretch", on=RED)
    assert (result[:, 0] == 255).all()
    assert (result[:, 1] == 0).all()


def test_a_crop_is_cut_away_before_the_rest_is_fitted():
    pixels = numbered(8, 8)
    crop = Crop(left=0.25, right=0.25, top=0.5, bottom=0.25)
    for fit in ("cover", "stretch", "contain"):
        np.testing.assert_array_equal(laid(pixels, 4, 2, fit=fit, crop=crop, on=RED), pixels[4:6, 2:6])


def test_nothing_of_what_is_cropped_bleeds_in():
    pixels = np.full((20, 20, 3), 255, np.uint8)
    pixels[7:13, 7:13] = 0
    crop = Crop(left=0.35, right=0.35, top=0.35, bottom=0.35)
    for fit in ("cover", "contain", "stretch", "tile"):
        for view in (None, flat_view(31, 17)):
            shown = laid(pixels, 31, 17, fit=fit, crop=crop, view=view)
            assert (shown == 0).all(), fit


@pytest.mark.parametrize(
    ("anchor", "shift"), [("top left", (0, 0)), ("bottom left", (0, 2)), ("top right", (2, 0))]
)
def test_tiles_repeat_from_the_anchor(anchor, shift):
    pixels = numbered(3, 4)
    result = laid(pixels, 10, 5, fit="tile", size=0.4, anchor=anchor)
    rows, columns = (np.arange(5) - shift[1]) % 3, (np.arange(10) - shift[0]) % 4
    np.testing.assert_array_equal(result, pixels[rows][:, columns])


def test_a_tile_is_a_quarter_of_the_width_where_nothing_is_said():
    pixels = numbered(4, 4)
    np.testing.assert_array_equal(laid(pixels, 16, 4, fit="tile", anchor="left"), np.tile(pixels, (1, 4, 1)))


def test_tiles_smaller_than_a_cell_become_their_mean():
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0] = pixels[1, 1] = 255
    assert (laid(pixels, 3, 3, fit="tile", size=1 / 12) == 188).all()


def test_means_are_taken_in_linear_light():
    pixels = np.zeros((2, 2, 3), dtype=np.uint8)
    pixels[0, 0] = pixels[1, 1] = 255
    assert (laid(pixels, 1, 1, fit="stretch") == 188).all()


def test_ink_is_what_is_opaque():
    alpha = np.zeros((2, 4), np.float32)
    alpha[0, 0], alpha[1, 1] = 1, 0.25
    drawn = lay(np.zeros((2, 4, 3), np.float32), alpha, Canvas(4, 2, 1.0), on=WHITE)
    np.testing.assert_array_equal(drawn.ink[::-1], alpha)
    assert drawn.ink.dtype == np.float32
    assert tuple(drawn.picture[1, 0]) == BLACK


def test_a_disc_looks_round_on_cells_that_are_not_square():
    image = Image.new("RGB", (1000, 361), BLACK)
    ImageDraw.Draw(image).ellipse((350, 30, 650, 330), fill=WHITE)
    result = laid(np.asarray(image), 250, 80, cell_aspect=CELL_ASPECT)[..., 0] > 127
    wide, high = result.any(axis=0).sum() * CELL_ASPECT, result.any(axis=1).sum()
    assert wide == pytest.approx(high, abs=1.5)


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch", "tile"])
def test_a_flat_view_is_what_the_flat_section_shows(fit):
    image = Image.new("RGB", (400, 300), RED)
    ImageDraw.Draw(image).ellipse((60, 40, 330, 290), fill=WHITE)
    pixels = np.asarray(image)
    flat = laid(pixels, 40, 24, fit=fit, on=(0, 90, 0))
    seen = laid(pixels, 40, 24, fit=fit, on=(0, 90, 0), view=flat_view(40, 24))
    # Samples are not the exact area, so cells on the disc's edge differ.
    difference = srgb8_to_linear(flat) - srgb8_to_linear(seen)
    assert np.abs(difference).max() < 0.09
    assert np.abs(difference).mean() < 0.002


def test_a_view_puts_the_picture_where_the_cells_are_seen():
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[:50, :, 0], pixels[:, :50, 1] = 255, 255
    view = flat_view(10, 10) * [0.5, 0.5] + [0.0, 0.5]
    shown = laid(pixels, 10, 10, fit="stretch", view=view)
    assert (shown[:-1, :-1, :2] == 255).all(), "the section is seen in the picture's top left quarter"
    turned = laid(pixels, 10, 10, fit="stretch", view=1 - flat_view(10, 10))
    np.testing.assert_array_equal(turned[1:4, 1:4, :2], np.zeros((3, 3, 2)))


def test_cells_that_see_nothing_show_the_ground():
    view = flat_view(6, 4)
    view[1, 2] = np.nan
    light, alpha = np.ones((20, 30, 3), np.float32), np.ones((20, 30), np.float32)
    drawn = lay(light, alpha, Canvas(6, 4, 1.0, view), fit="stretch", on=RED)
    unseen = np.isnan(view).any(axis=-1)
    assert (drawn.picture[unseen] == RED).all()
    assert (drawn.ink[unseen] == 0).all()
    assert (drawn.picture[~unseen] == 255).all()
    assert (drawn.ink[~unseen] == 1).all()


def test_a_section_that_sees_nothing_at_all():
    view = np.full((4, 6, 2), np.nan)
    light, alpha = np.ones((20, 30, 3), np.float32), np.ones((20, 30), np.float32)
    drawn = lay(light, alpha, Canvas(6, 4, 1.0, view), on=RED)
    assert (drawn.picture == RED).all()


def test_a_view_takes_means_where_the_picture_is_much_finer_than_the_cells():
    fine = np.zeros((900, 900, 3), np.uint8)
    fine[::2, ::2] = fine[1::2, 1::2] = 255
    tilted = flat_view(9, 9) @ np.array([[0.8, 0.2], [-0.2, 0.8]]) + [0.2, 0.0]
    shown = laid(fine, 9, 9, fit="stretch", view=tilted)
    assert np.abs(srgb8_to_linear(shown) - 0.5).max() < 0.06
