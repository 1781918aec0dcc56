"""The gallery's pictures are what the library shows give: two are rendered small and compared."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from cardstunt.scenes.load import load_show
from PIL import Image, ImageFilter

pytestmark = pytest.mark.blender

GALLERY = Path(__file__).parent.parent / "docs" / "gallery"
SIZE = (320, 180)
DIFFERENCE = 0.10
"""Mean difference of the channels, of the whole range, after a blur that hides noise."""
BLUR = 5


@pytest.fixture(scope="module")
def gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gallery", GALLERY / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module  # dataclasses ask for it
    spec.loader.exec_module(module)
    return module


def seen(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        small = picture.convert("RGB").resize(SIZE, Image.Resampling.BOX)
        return np.asarray(small.filter(ImageFilter.GaussianBlur(BLUR)), float) / 255


def test_every_picture_is_there_and_small(gallery):
    assert len({picture.name for picture in gallery.PICTURES}) == len(gallery.PICTURES) == 9
    for picture in gallery.PICTURES:
        file = GALLERY / f"{picture.name}.jpg"
        assert file.stat().st_size <= gallery.LARGEST
        with Image.open(file) as found:
            assert found.size[0] >= 1280
            assert 16 * found.size[1] == 9 * found.size[0]
    kept = {file.stem for file in GALLERY.glob("*.jpg")}
    assert kept == {picture.name for picture in gallery.PICTURES}


def test_every_picture_is_of_a_shot_of_a_library_show(gallery):
    for picture in gallery.PICTURES:
        shots = {shot.name: shot for shot in load_show(picture.show).show.film.shots}
        assert shots[picture.shot].start <= picture.at < shots[picture.shot].end


@pytest.mark.parametrize("name", ["bowl_golden_hour", "card_section"])
def test_a_picture_is_what_its_show_gives(gallery, tmp_path, name):
    picture = next(picture for picture in gallery.PICTURES if picture.name == name)
    made = tmp_path / "made.png"
    # Draft is of half the size.
    gallery.make(picture, made, "draft", (2 * SIZE[0], 2 * SIZE[1]))
    committed, rendered = seen(GALLERY / f"{name}.jpg"), seen(made)
    assert np.abs(committed - rendered).mean() < DIFFERENCE
    together = np.corrcoef(committed.ravel(), rendered.ravel())[0, 1]
    assert together > 0.9
    # Of another picture that would not be so.
    other = seen(GALLERY / "skyline.jpg")
    assert np.corrcoef(other.ravel(), rendered.ravel())[0, 1] < together - 0.2


def test_a_picture_is_as_good_as_its_size_allows(gallery, tmp_path):
    noise = np.random.default_rng(1).integers(0, 256, (900, 1600, 3), dtype=np.uint8)
    gallery.write_small(Image.fromarray(noise), tmp_path / "noise.jpg")
    assert 0.8 * gallery.LARGEST < (tmp_path / "noise.jpg").stat().st_size <= gallery.LARGEST
    gallery.write_small(Image.new("RGB", (1600, 900), (10, 90, 60)), tmp_path / "flat.jpg")
    assert (tmp_path / "flat.jpg").stat().st_size < 50_000
