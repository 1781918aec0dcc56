from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.contact_sheet import CAPTION, GAP, PAPER, WIDTH, write_contact_sheet
from PIL import Image

COLOURS = ["#d01030", "#10d030", "#3010d0", "#d0d010", "#10d0d0", "#d010d0", "#808080"]


@pytest.fixture
def pictures(tmp_path):
    """Pictures of half the film's size, as a draft has them."""
    made = []
    for number, colour in enumerate(COLOURS):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (48, 28), colour).save(path)
        made.append((f"shot {number // 3}", Fraction(number, 3), path))
    return made


def test_the_sheet_has_its_pictures_in_rows(tiny, pictures, tmp_path):
    write_contact_sheet(tmp_path / "new" / "sheet.png", tiny.show, pictures[:6])
    with Image.open(tmp_path / "new" / "sheet.png") as sheet:
        pixels = np.asarray(sheet)
    height = WIDTH * 54 // 96
    assert pixels.shape == (44 + 2 * (height + CAPTION + GAP) + GAP, 3 * (WIDTH + GAP) + GAP, 3)
    for number, colour in enumerate(COLOURS[:6]):
        row, column = divmod(number, 3)
        y, x = 44 + row * (height + CAPTION + GAP), GAP + column * (WIDTH + GAP)
        part = pixels[y : y + height, x : x + WIDTH]
        assert (part == tuple(bytes.fromhex(colour[1:]))).all()
        # Its name and moment stand below it.
        assert np.ptp(pixels[y + height + 2 : y + height + CAPTION, x : x + WIDTH]) > 100
    assert tuple(pixels[0, 0]) == PAPER
    assert np.ptp(pixels[:40]) > 100
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["sheet.png"]


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (3, 1), (4, 2), (7, 3)])
def test_it_has_as_many_rows_as_it_needs(tiny, pictures, tmp_path, count, rows):
    write_contact_sheet(tmp_path / "sheet.png", tiny.show, pictures[:count])
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.height == 44 + rows * (WIDTH * 54 // 96 + CAPTION + GAP) + GAP


def test_a_missing_picture_leaves_the_sheet_before(tiny, pictures, tmp_path):
    (tmp_path / "sheet.png").write_bytes(b"before")
    pictures[1][2].unlink()
    with pytest.raises(FileNotFoundError):
        write_contact_sheet(tmp_path / "sheet.png", tiny.show, pictures)
    assert (tmp_path / "sheet.png").read_bytes() == b"before"


@pytest.mark.blender
def test_the_films_sheet_has_three_pictures_a_shot(filmed):
    with Image.open(filmed.output.with_name("tiny_sheet.png")) as sheet:
        assert sheet.size == (3 * (WIDTH + GAP) + GAP, 44 + 2 * (270 + CAPTION + GAP) + GAP)
        pixels = np.asarray(sheet).astype(int)
    tiles = [
        pixels[44 + row * (270 + CAPTION + GAP) :][:270, GAP + column * (WIDTH + GAP) :][:, :WIDTH]
        for row in range(2)
        for column in range(3)
    ]
    for one, other in itertools.pairwise(tiles):
        assert np.abs(one - other).mean() > 2
