"""What a person is told to show is what the film's data textures show, for everyone at every cue."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_cards
from cardstunt.blender_addon.card_textures import read_cards
from cardstunt.blender_addon.sheets.cue_sheet import done_at, thumbnail
from cardstunt.blender_addon.sheets.make import SEAT_COLOURS, SEAT_CUES, make_sheets
from cardstunt.blender_addon.sheets.programme import GESTURE, STAY, programme
from cardstunt.blender_addon.sheets.section_pdf import booklet_layout, parts
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.colour_names import hex_code
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.load import load_show
from PIL import Image

HEAD = """\
cardstunt: 1
title: Told and shown
seed: {seed}
music: {{ file: tone.wav, bpm: 96, offset: 0.3 s }}
card_section:
  mode: {mode}
  columns: 12
  rows: 5
  seats: {{ aisles: "5", row_seats: [9, 12, 12, 11, 10] }}
  palette: {{ colours: 9 }}
  people: {{ perfect: {perfect} }}
  pages:
    red: {{ fill: "#c01020" }}
    dusk: {{ gradient: {{ from: "#2060c0", to: "#f0e0a0", angle: 40 deg }} }}
    noon: {{ gradient: {{ from: "#ffffff", to: "#106040", angle: 140 deg }} }}
    flecks: {{ pattern: {{ kind: checker, colours: ["#101010", "#f0c000", "#20a0f0"], size: 2 }} }}
    sea: {{ pattern: waves, run: {{ every: 3 s, for: 9 s }} }}
  cues:
    - {{ at: 0 s, page: red }}
"""
TAIL = """\
film:
  size: 96x54
  fps: 24
  shots:
    - name: wide
      show: 0 s..1 s
      speed: 4x
      camera: { orbit: { height: 50 m, radius: 90 m, from: 170 deg, to: 190 deg, look_at: card_section } }
"""
_FLIPS = (
    "flip: together",
    "flip: { order: sweep, from: bottom, over: 1 s }",
    "flip: { order: ripple, over: 0.8 s, reverse: true }",
    "flip: { order: dissolve, over: 1 s, ease: in_out }",
    "flip: { order: canon, groups: 3, over: 0.9 s }",
    "flip: { order: spiral, over: 0.7 s, turn: 0.2 s }",
)
_WHERES = (
    "",
    ", where: { rows: 2-4 }",
    ", where: { columns: 1-6, outside: true }",
    ", where: { rows: 1, columns: 3-9 }",
)
_TIMES = ("", "", ", hold: 2 s", ", repeat: { times: 2, every: 2.5 s }")


@pytest.fixture
def show(tmp_path, show_file):
    """A function that writes a show of cues made from dice, and loads it."""

    def write(seed, mode="books", *, perfect=True):
        dice = np.random.default_rng(seed)
        text = HEAD.format(seed=seed, mode=mode, perfect=str(perfect).lower())
        for number in range(1, 12):
            page = ("red", "dusk", "noon", "flecks", "sea")[dice.integers(5)]
            flip, where, times = (
                options[dice.integers(len(options))] for options in (_FLIPS, _WHERES, _TIMES)
            )
            if page == "sea":
                times = ""
            what = f"page: {page}{times}" if dice.random() < 0.8 else "gesture: { kind: raise, hold: 1 s }"
            text += f"    - {{ at: {12 * number} s, {what}, {flip}{where} }}\n"
        folder = tmp_path / f"{mode}_{seed}_{perfect}"
        folder.mkdir()
        (folder / "tone.wav").write_bytes((show_file.parent / "tone.wav").read_bytes())
        (folder / "show.yaml").write_text(text + TAIL, encoding="utf-8")
        return load_show(folder / "show.yaml")

    return write


def baked_colours(loaded, told, folder):
    """Bake the film's cards at the moments when each line of the programme is done: (L, S, 3) bytes."""
    duties = told.duties(told.order)
    moments = [done_at(told, duties, number) for number in range(len(told.lines))]
    latest = np.maximum.accumulate(moments)
    # The test is of the sheets, not of cues that run into one another.
    assert all(before <= ticks(line.at) for before, line in zip(latest, told.lines[1:], strict=False))
    at = np.array(moments, np.int64)
    textures = bake_cards(compile_show(loaded).books, at, folder, lambda stage, done, of: None)
    rows = told.plan.seats.rows
    colours = []
    for sample in range(1, len(at) + 1):
        with Image.open(textures.file(sample)) as picture:
            pixels = read_cards(np.asarray(picture)[::-1], rows)
        below = pixels[rows : 2 * rows].reshape(-1, 4)[told.order]
        assert (below[:, 3] == 255).all()
        colours.append(below[:, :3])
    return np.stack(colours)


def told_colours(told):
    """What the data model says each seat shows after each line: (L, S, 3) bytes."""
    return told.palette[told.duties(told.order).colour]


@pytest.mark.parametrize("mode", ["books", "cards", "two_sided"])
@pytest.mark.parametrize("seed", range(4))
def test_everyone_is_told_to_show_what_the_film_shows(show, tmp_path, mode, seed):
    loaded = show(seed, mode)
    told = programme(loaded)
    shown = baked_colours(loaded, told, tmp_path / "cards")
    assert np.array_equal(told_colours(told), shown)
    duties = told.duties(told.order)
    # Whoever is told to stay stays, whoever is told to turn turns.
    kept = (shown[1:] == shown[:-1]).all(axis=-1)
    turns = np.array([bool(line.turns) for line in told.lines[1:]])[:, None]
    assert np.array_equal(kept | ~turns, (duties.action[1:] == STAY) | ~turns)
    assert (~kept).any()
    for number in range(len(told.lines)):
        if told.lines[number].turns:
            picture = thumbnail(told, duties, number)[::-1].reshape(-1, 3)
            assert np.array_equal(picture[told.order], shown[number])


def test_a_wrong_page_would_be_found(show, tmp_path):
    loaded = show(1)
    told = programme(loaded)
    shown = baked_colours(loaded, told, tmp_path / "cards")
    page = told.plan.page.copy()
    seat = told.order[7]
    page[4, seat] = (page[4, seat] + 1) % told.plan.page_count[seat]
    wrong = replace(told, plan=replace(told.plan, page=page))
    different = (told_colours(wrong) != shown).any(axis=-1)
    assert different.any()
    assert set(np.flatnonzero(different.any(axis=0)).tolist()) == {7}


def test_nobody_is_told_to_be_late_or_to_err(show):
    perfect, human = (programme(show(3, perfect=perfect)) for perfect in (True, False))
    assert human.plan.books.present[human.order].all()
    one, other = (told.duties(told.order) for told in (perfect, human))
    for name in ("action", "due", "page", "colour", "book"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.mark.parametrize("mode", ["books", "two_sided"])
def test_tables_and_booklets_say_what_the_film_shows(show, tmp_path, read_booklets, mode):
    loaded = show(2, mode)
    told = programme(loaded)
    shown = baked_colours(loaded, told, tmp_path / "cards")
    folder = tmp_path / "sheets"
    make_sheets(loaded, folder)
    codes = {name: hex_code(colour) for name, colour in zip(told.colours, told.palette, strict=True)}
    books = {row["seat"]: row for row in _read(folder / SEAT_COLOURS)}
    turns = [number for number, line in enumerate(told.lines) if line.turns]
    rows = _read(folder / SEAT_CUES)
    names = told.plan.seats.name[told.order].tolist()
    assert [row["seat"] for row in rows] == names
    for person, row in enumerate(rows):
        cues = [value for head, value in row.items() if head.startswith("cue ")]
        assert len(cues) == len(turns)
        for number, value in zip(turns, cues, strict=True):
            page, name = _split(value, mode)
            assert books[row["seat"]][f"page {page}"] == name
            assert codes[name] == hex_code(shown[number, person])

    layout = booklet_layout(told)
    person = 0
    for part in parts(told):
        duties = told.duties(part.seats)
        for own, booklet in enumerate(read_booklets(folder / "booklets" / part.file, layout)):
            assert "-".join(booklet.seat[1::2]) == names[person]
            assert list(booklet.cues) == list(range(len(told.lines)))
            for number, (words, swatch) in booklet.cues.items():
                if duties.action[number, own] in (STAY, GESTURE):
                    assert swatch is None
                    continue
                assert swatch == tuple(shown[number, person].tolist())
                page = words[-2].split(" ", 1)[1]
                assert booklet.pages[page] == (words[-1], swatch)
                assert codes[words[-1]] == hex_code(swatch)
            assert len(booklet.pages) == duties.page_count[own]
            person += 1
    assert person == len(told.order)


def _split(value, mode):
    words = value.split(" ")
    end = 2 if mode == "two_sided" else 1
    return " ".join(words[:end]), " ".join(words[end:])


def _read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
