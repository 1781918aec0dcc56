from __future__ import annotations

import math
from pathlib import Path
from typing import get_args

import av
import numpy as np
import pytest
from cardstunt.kernels.books import MAX_PAGES
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.library import book_of_170
from cardstunt.scenes.library.book_of_170.draw_assets import CLIP_FPS, CLIP_SECONDS, koi_scene, petal_order
from cardstunt.scenes.library.book_of_170.pictures import PICTURES
from cardstunt.scenes.load import load_show
from cardstunt.scenes.schema_cue import GestureKind, Order
from cardstunt.scenes.schema_page import PAGE_KINDS, PATTERN_KINDS
from PIL import Image

ASSETS = Path(book_of_170.__file__).parent / "assets"


@pytest.fixture(scope="module")
def loaded():
    return load_show("book_of_170")


@pytest.fixture(scope="module")
def section(loaded):
    return loaded.show.card_section


@pytest.fixture(scope="module")
def plan(loaded):
    return compile_section(loaded)


def test_it_loads_without_a_warning(loaded):
    assert loaded.warnings == ()


def test_the_fullest_book_is_full_to_its_last_page(plan):
    assert plan.page_count.max() == MAX_PAGES
    assert (plan.page_count > 0).sum() == 20_000


def test_it_uses_what_there_is(section):
    assert {page.kind for page in section.pages.values()} == set(PAGE_KINDS)
    patterns = {page.pattern.kind for page in section.pages.values() if page.pattern}
    assert patterns == set(PATTERN_KINDS)
    assert {cue.flip.order for cue in section.cues} == set(get_args(Order))
    assert {cue.gesture.kind for cue in section.cues if cue.gesture} | {"lower"} == set(get_args(GestureKind))
    said = {name for cue in section.cues if cue.where for name in cue.where.model_fields_set}
    assert said == {"block", "outside", "drawn", "mask", "polygon"}
    assert any(cue.hold for cue in section.cues)
    assert any(cue.repeat for cue in section.cues)
    assert any(page.seen_from for page in section.pages.values())


def test_nobody_turns_faster_than_people_can(plan):
    """Calls to one person are at least 0.68 s apart, but for a few at the end of a slow change."""
    turning = np.diff(plan.page, axis=0, prepend=plan.page[:1]) != 0
    soon = 0
    last = np.full(plan.page.shape[1], -(1 << 60))
    for due, turns in zip(plan.due, turning, strict=True):
        soon += int((due[turns] - last[turns] < ticks(68) // 100).sum())
        last[turns] = due[turns]
    assert soon < 0.0005 * turning.sum()


def test_each_moving_page_plays_to_its_end(section, plan):
    for index, cue in enumerate(section.cues):
        page = section.pages.get(cue.page)
        if page is not None and page.moving:
            calls = [turn for turn in plan.turns if turn.cue == index]
            assert len(calls) == page.run.length / page.run.every, cue.page


def test_each_shot_lasts_two_bars_and_the_last_begins_with_the_tune(loaded):
    film, music = loaded.show.film, loaded.show.music
    bars = [
        (shot.end - shot.start) / shot.speed * music.bpm / 60 / music.beats_per_bar for shot in film.shots
    ]
    assert bars == [2] * len(film.shots)
    # The title's bar: the music of the film is that of the show.
    assert 1 + sum(bars[:-1]) == 9


def test_one_shot_is_so_near_that_people_are_seen_to_turn_pages(loaded, section):
    (near,) = (shot for shot in loaded.show.film.shots if shot.speed == 1)
    path = near.camera.push
    assert math.dist(path.from_, path.look_at) < 20
    assert sum(near.start < cue.at < near.end for cue in section.cues) == 2
    # With an open shutter a turning page is a mixture of two colours.
    assert loaded.show.film.shutter == 0


@pytest.mark.parametrize("name", PICTURES)
def test_the_drawings_are_what_the_code_draws(name):
    assert (ASSETS / f"{name}.svg").read_text("utf-8") == PICTURES[name]().text()


def test_the_order_is_what_the_code_draws():
    with Image.open(ASSETS / "petal_order.png") as order:
        assert (np.asarray(order) == np.asarray(petal_order())).all()


def test_the_film_of_the_carp_is_whole():
    with av.open(str(ASSETS / "koi.mp4")) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == CLIP_FPS * CLIP_SECONDS
    assert koi_scene(0.2).text() != koi_scene(0.3).text()
