from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.scenes.load import load_show
from cardstunt.scenes.regions import RegionError, mask_light, region
from cardstunt.scenes.schema_cue import Where
from cardstunt.scenes.seats import seat_map
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

ROWS, COLUMNS = 6, 60
SHOW = f"""\
cardstunt: 1
title: Regions
card_section:
  columns: {COLUMNS}
  rows: {ROWS}
  seats: {{ aisles: 10 }}
  blocks:
    crown: {{ rows: 5-6 }}
    body: {{ rows: 5-6, outside: true }}
    nobody: {{ seats: [A-1-1], rows: 2 }}
  pages:
    blue: {{ fill: "#0a3d91" }}
  cues:
    - {{ at: 0 s, page: blue }}
film:
  shots:
    - {{ name: all, show: 0 s..9 s, camera: {{ look_down: {{ height: 90 m }} }} }}
"""


@pytest.fixture
def show(tmp_path):
    path = tmp_path / "show.yaml"
    # The block that nobody sits in is only used from here.
    path.write_text("\n".join(line for line in SHOW.splitlines() if "nobody" not in line))
    loaded = load_show(path)
    section = loaded.show.card_section
    blocks = {**section.blocks, "nobody": Where(seats=("A-1-1",), rows=2)}
    return loaded, section.model_copy(update={"blocks": blocks})


@pytest.fixture
def chosen(show):
    loaded, section = show
    seats = seat_map(loaded)

    def choose(ink=None, **where):
        found = region(Where(**where) if where else None, section, seats, loaded, ink)
        assert not (found & ~seats.taken).any()
        return found.reshape(ROWS, COLUMNS)

    return choose


@pytest.fixture
def taken(show):
    return seat_map(show[0]).taken.reshape(ROWS, COLUMNS)


def raster(rows=slice(None), columns=slice(None)):
    inside = np.zeros((ROWS, COLUMNS), dtype=bool)
    inside[rows, columns] = True
    return inside


def test_everyone(chosen, taken):
    np.testing.assert_array_equal(chosen(), taken)
    assert not taken[:, 9].any()


def test_rows_and_columns_are_met_together(chosen, taken):
    both = chosen(rows="2-3, 5", columns=["1-4", 9])
    expected = (raster(rows=slice(1, 3)) | raster(rows=4)) & (raster(columns=slice(0, 4)) | raster(columns=8))
    np.testing.assert_array_equal(both, expected)
    np.testing.assert_array_equal(chosen(rows="2-3", outside=True), ~raster(rows=slice(1, 3)) & taken)


def test_a_polygon_takes_in_the_seats_whose_middle_is_inside(chosen, taken):
    square = ((0.25, 0.5), (0.75, 0.5), (0.75, 1.0), (0.25, 1.0))
    expected = raster(rows=slice(3, None), columns=slice(15, 45)) & taken
    np.testing.assert_array_equal(chosen(polygon=square), expected)
    np.testing.assert_array_equal(chosen(polygon=square[::-1]), expected)
    # Where a star crosses itself it is hollow.
    frame = (*square, square[0], (0.5, 0.6), (0.6, 0.9), (0.5, 0.9), (0.5, 0.6))
    assert not chosen(polygon=frame)[4, 31]


def test_a_triangle_covers_its_area(chosen):
    inside = chosen(polygon=((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)))
    assert inside[0].sum() > inside[-1].sum()
    assert inside.sum() == pytest.approx(ROWS * COLUMNS / 2, rel=0.05)
    assert inside[0, 0]
    assert not inside[-1, -1]


def test_a_mask_is_in_where_it_is_light(chosen, taken, tmp_path, show):
    pixels = np.zeros((ROWS, COLUMNS, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    pixels[0, :20, :3] = 255  # the picture's first row is the top of the stand
    pixels[1, :20] = (255, 255, 255, 100)
    pixels[2, :20, :3] = 120
    pixels[3, :20] = (0, 255, 0, 255)
    Image.fromarray(pixels).resize((COLUMNS * 4, round(ROWS * 4 / (0.55 / 0.62))), 0).save(
        tmp_path / "mask.png"
    )
    expected = (raster(rows=[5, 2], columns=slice(0, 20))) & taken
    np.testing.assert_array_equal(chosen(mask="mask.png"), expected)
    loaded, _ = show
    assert mask_light("mask.png", seat_map(loaded), loaded).shape == (ROWS, COLUMNS, 3)
    # Written anew, it is read anew.
    Image.new("L", (60, 6), "white").save(tmp_path / "mask.png")
    np.testing.assert_array_equal(chosen(mask="mask.png"), taken)


def test_blocks_by_name(chosen, taken):
    np.testing.assert_array_equal(chosen(block="crown"), raster(rows=slice(4, None)) & taken)
    np.testing.assert_array_equal(chosen(block="body"), raster(rows=slice(0, 4)) & taken)
    np.testing.assert_array_equal(
        chosen(block="crown", columns="1-5"), raster(rows=slice(4, None), columns=slice(0, 5))
    )
    np.testing.assert_array_equal(chosen(block="crown", outside=True), chosen(block="body"))


def test_seats_by_name_and_by_ranges_of_names(chosen):
    expected = raster(rows=2, columns=[0, 1, 2, 25])
    expected[0, 59] = True
    seats = ("A-3-1..A-3-3", " B-3-1 ", "C-1-10")
    np.testing.assert_array_equal(chosen(seats=seats), expected)
    # A range leaps over the aisle, and may be written backwards.
    across = chosen(seats=("A-1-11 .. A-1-8",))
    np.testing.assert_array_equal(np.flatnonzero(across), [7, 8, 10, 11])


def test_rows_and_whole_sections_by_name(chosen, taken):
    in_a, in_b = raster(columns=slice(0, 25)) & taken, raster(columns=slice(25, 50)) & taken
    np.testing.assert_array_equal(chosen(seats=("B",)), in_b)
    np.testing.assert_array_equal(chosen(seats=("A-3",)), in_a & raster(rows=2))
    expected = (in_a & raster(rows=slice(2, 5))) | (in_b & raster(rows=0))
    np.testing.assert_array_equal(chosen(seats=("A-5..A-3", "B-1")), expected)
    np.testing.assert_array_equal(chosen(seats=("A-1", "A-2-1"), columns="1-2", rows="1-2").sum(), 3)


def test_a_range_of_seats_leaves_out_another_section_that_lies_between(show):
    loaded, section = show
    seats = seat_map(loaded)
    labels = seats.section.copy()
    labels[5] = "BOX"
    seats = replace(seats, section=labels)
    found = region(Where(seats=("A-1-4..A-1-8",)), section, seats, loaded)
    assert np.flatnonzero(found).tolist() == [3, 4, 6, 7]


def test_where_the_page_has_ink(chosen, taken):
    ink = np.zeros((ROWS, COLUMNS), dtype=np.float32)
    ink[1, 5:15] = (0.2, 0.5, 0.51, 1, 1, 1, 1, 1, 1, 1)
    drawn = chosen(ink, drawn=True)
    np.testing.assert_array_equal(drawn, raster(rows=1, columns=slice(7, 15)) & taken)
    np.testing.assert_array_equal(chosen(ink, drawn=True, outside=True), ~drawn & taken)
    np.testing.assert_array_equal(chosen(ink, drawn=True, columns="1-9"), raster(rows=1, columns=slice(7, 9)))


@pytest.mark.parametrize(
    ("where", "at", "words", "nearest"),
    [
        ({"rows": "3-7"}, ("rows",), "3-7 reaches outside the section, which has rows 1-6", None),
        ({"columns": 61}, ("columns",), "61 reaches outside the section, which has columns 1-60", None),
        ({"block": "crwn"}, ("block",), "no block named 'crwn'", "crown"),
        ({"block": "nobody"}, ("block",), "the block 'nobody' cannot be used: nobody sits", None),
        ({"seats": ("A-1-1", "A-1-25")}, ("seats", 1), "no seat named 'A-1-25', nor a row", "A-1-5"),
        ({"seats": ("a-1-2",)}, ("seats", 0), "no seat named 'a-1-2', nor a row", "A-1-2"),
        ({"seats": ("Q-1-2",)}, ("seats", 0), "no seat named 'Q-1-2', nor a row", "C-1-2"),
        ({"seats": ("A-1-1..A-2-3",)}, ("seats", 0), "begins and ends in different rows", None),
        ({"seats": ("A-1-1..B-1-3",)}, ("seats", 0), "begins and ends in different sections", None),
        ({"seats": ("A-1..B-3",)}, ("seats", 0), "begins and ends in different sections", None),
        ({"seats": ("A-1-1..A-3",)}, ("seats", 0), "begins and ends in different rows", None),
        ({"seats": ("a-3",)}, ("seats", 0), "no seat named 'a-3', nor a row", "A-3"),
        ({"seats": ("A-1-1..A-1-2..A-1-3",)}, ("seats", 0), "nor a range of seats", None),
        ({"columns": 10}, (), "nobody sits in this part", None),
        ({"polygon": ((0.0, 0.0), (0.0, 1.0), (0.0, 0.5))}, (), "nobody sits in this part", None),
    ],
)
def test_parts_that_are_not_there(chosen, where, at, words, nearest):
    with pytest.raises(RegionError) as caught:
        chosen(**where)
    assert caught.value.at == at
    assert words in str(caught.value)
    assert caught.value.nearest == nearest


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corners=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=9))
def test_any_polygon_and_its_outside_are_everyone(chosen, taken, corners):
    parts = []
    for outside in (False, True):
        try:
            parts.append(chosen(polygon=tuple(corners), outside=outside))
        except RegionError:
            parts.append(np.zeros_like(taken))
    np.testing.assert_array_equal(parts[0] ^ parts[1], taken)
