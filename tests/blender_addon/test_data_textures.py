"""A set of data textures is trusted when it is whole, and gone on with when its making was broken off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.blender_addon.data_textures import CHUNK, Recipe, TextureSet, content_key, write_png
from cardstunt.kernels.ticks import ticks
from PIL import Image

SAMPLES = 40


def quiet(stage, done, of):
    pass


class Made:
    """A set of pictures that each show their number, and what was computed of it."""

    def __init__(self, folder, key="one", samples=SAMPLES, keys=None):
        self.computed = []
        self.recipe = Recipe(
            TextureSet(folder / "set", "set", ".png", 6, 3, 2, 1, keys),
            samples,
            lambda: key,
            self._pictures,
            write_png,
        )

    def _pictures(self, some):
        self.computed += some.tolist()
        return np.broadcast_to(some[:, None, None, None].astype(np.uint8), (len(some), 2, 3, 4))

    def files(self):
        return sorted(path.name for path in self.recipe.textures.folder.iterdir())


def whole(made):
    numbers = range(1, made.recipe.samples + 1)
    assert made.files() == sorted([*(f"set_{number:04d}.png" for number in numbers), "set.json"])
    for number in numbers:
        with Image.open(made.recipe.textures.file(number)) as picture:
            assert (np.asarray(picture) == number - 1).all()
    return True


def broken_off(made, after):
    def stop(stage, done, of):
        assert (stage, of) == ("set", made.recipe.samples)
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made.recipe.bake(stop)


def test_a_set_is_baked_once(tmp_path):
    made = Made(tmp_path)
    seen = []
    assert made.recipe.bake(lambda *progress: seen.append(progress)).baked
    assert whole(made)
    assert seen == [("set", done, SAMPLES) for done in range(1, SAMPLES + 1)]
    assert made.computed == list(range(SAMPLES))
    again = Made(tmp_path)
    assert not again.recipe.bake(quiet).baked
    assert again.computed == []


@pytest.mark.parametrize("other", [{"key": "two"}, {"samples": 3}, {"keys": tuple(range(SAMPLES))}])
def test_another_set_takes_its_place(tmp_path, other):
    Made(tmp_path).recipe.bake(quiet)
    made = Made(tmp_path, **other)
    assert made.recipe.bake(quiet).baked
    assert whole(made)
    assert made.computed == list(range(made.recipe.samples))


def test_what_was_broken_off_is_gone_on_with(tmp_path):
    made = Made(tmp_path)
    broken_off(made, after=CHUNK + 3)
    assert "set.json" not in made.files()
    (made.recipe.textures.folder / ".set_0039.1234.part.png").write_text("half")
    again, seen = Made(tmp_path), []
    assert again.recipe.bake(lambda *progress: seen.append(progress)).baked
    assert whole(again)
    # What was computed but not yet written is computed again, and no more than that.
    assert set(range(SAMPLES)) - set(again.computed) >= set(range(CHUNK))
    assert seen[0][1] == SAMPLES - len(again.computed) + 1
    assert seen[-1] == ("set", SAMPLES, SAMPLES)


@pytest.mark.parametrize("other", [{"key": "two"}, {"samples": 30}, {"keys": (0, 5, 9)}])
def test_another_set_does_not_go_on_with_it(tmp_path, other):
    broken_off(Made(tmp_path), after=9)
    made = Made(tmp_path, **other)
    assert made.recipe.bake(quiet).baked
    assert made.computed == list(range(made.recipe.samples))
    assert whole(made)


@pytest.mark.parametrize("begun", [False, True])
def test_what_is_distrusted_is_made_anew(tmp_path, begun):
    """Who changes single files of a set says so first."""
    made = Made(tmp_path)
    if begun:
        broken_off(made, after=9)
    else:
        made.recipe.bake(quiet)
    made.recipe.distrust()
    write_png(made.recipe.textures.file(2), np.full((2, 3, 4), 99, np.uint8))
    again = Made(tmp_path)
    assert not again.recipe.stands("one")
    assert again.recipe.bake(quiet).baked
    assert whole(again)


def test_a_set_whose_file_is_gone_does_not_stand(tmp_path):
    made = Made(tmp_path)
    made.recipe.bake(quiet)
    assert made.recipe.stands("one")
    assert not made.recipe.stands("two")
    made.recipe.textures.file(7).unlink()
    assert not made.recipe.stands("one")


def test_pieces_are_bounded_in_memory(tmp_path):
    """However large the section: 1000 by 400 screens of 16 by 16 pixels are 400 MB a moment."""
    recipe = Made(tmp_path).recipe
    assert recipe.at_a_time == CHUNK
    for width, height, most in ((16_000, 6_400, 1), (1000, 400, 16), (4000, 1600, 2)):
        textures = TextureSet(tmp_path, "x", ".png", 1, width, height, 1)
        assert replace(recipe, textures=textures).at_a_time == most


def test_addresses_hit_the_middles_of_pixels():
    for count in (1, 2, 3):
        textures = TextureSet(None, "x", ".exr", 7, 3, 3, count)
        u, v, zero = textures.addresses().T
        assert list(np.round(u * 3 - 0.5, 9)) == [0, 1, 2, 0, 1, 2, 0]
        assert list(np.round(v * 3 - 0.5, 9)) == [0, 0, 0, 1, 1, 1, 2]
        assert not zero.any()


def test_numbers_of_files():
    textures = TextureSet(None, "x", ".exr", 1, 1, 1, 3)
    assert textures.numbers(4).tolist() == [1.0, 2.0, 3.0, 4.0]
    assert replace(textures, keys=(0, 2, 3)).numbers(4).tolist() == [1.0, 1.5, 2.0, 3.0]


def test_a_key_says_all_that_it_is_of():
    one, two = np.arange(4), np.arange(4.0)
    many = np.arange(100_000)
    other = many.copy()
    other[50_000] = 0  # where a repr would not show it
    keys = [
        content_key(one),
        content_key(two),
        content_key(one.reshape(2, 2)),
        content_key(one, ticks(1)),
        content_key(one, one),
        content_key([4, "x"]),
        content_key((4, "x")),
        content_key([[4, "x"]]),
        content_key({4: "x"}),
        content_key((many, "x")),
        content_key((other, "x")),
        content_key({"x": [many]}),
        content_key({"x": [other]}),
    ]
    assert len(set(keys)) == len(keys)
    assert content_key(one.copy()) == keys[0]
