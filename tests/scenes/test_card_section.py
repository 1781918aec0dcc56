from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.kernels.books import MAX_PAGES, card_states
from cardstunt.kernels.palette import match
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.card_section import compile_books
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages import rasterise
from PIL import Image

ROWS, COLUMNS = 8, 20
PEOPLE = "{ perfect: true }"
PAGES = {
    "night": '{ fill: "#0b1030" }',
    "picture": "{ image: noise.png, fit: stretch }",
    "words": '{ text: "HI", on: "#bd1030" }',
    "dusk": '{ gradient: { from: "#ff7f17", to: "#5b1b90", angle: 90 deg } }',
}
CUES = (
    "{ at: 0 s, page: night }",
    "{ at: 4 s, page: picture, flip: { order: sweep, over: 2 s, turn: 0.5 s } }",
    "{ at: 10 s, page: words, flip: { order: ripple, over: 1 s } }",
    "{ at: 20 s, page: dusk, where: { rows: 2-4, columns: 5-14 },"
    " flip: { order: sweep, from: bottom, over: 2 s } }",
    "{ at: 30 s, page: night, flip: { order: dissolve, over: 2 s, reverse: true } }",
)


def show_text(people=PEOPLE, pages=PAGES, cues=CUES, seed=7, dither="blue_noise", colours=24):
    return "\n".join(
        [
            "cardstunt: 1",
            "title: Test",
            f"seed: {seed}",
            "card_section:",
            f"  columns: {COLUMNS}",
            f"  rows: {ROWS}",
            f"  palette: {{ colours: {colours}, dither: {dither} }}",
            f"  people: {people}",
            "  pages:",
            *[f"    {name}: {page}" for name, page in pages.items()],
            "  cues:",
            *[f"    - {cue}" for cue in cues],
            "film:",
            "  shots:",
            "    - { name: all, show: 0 s..9 s, camera: { look_down: { height: 90 m } } }",
        ]
    )


@pytest.fixture
def loaded(tmp_path):
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")

    def load(**options):
        path = tmp_path / "show.yaml"
        path.write_text(show_text(**options))
        return load_show(path)

    return load


def shown_at(books, seconds):
    """The pictures at rest at a moment: (rows, columns, 3) and who is there (rows, columns)."""
    state = card_states(books, np.array([ticks(seconds)]))[0]
    assert not state[:ROWS, :, 3].any()
    return state[ROWS:, :, :3], state[ROWS:, :, 3] == 255


def card_picture(books, show, name):
    page = rasterise(show.show.card_section.pages[name], COLUMNS, ROWS, show)
    return books.palette[match(page, books.palette, show.show.card_section.palette.dither)]


@pytest.mark.parametrize("dither", ["none", "blue_noise", "floyd_steinberg"])
def test_after_each_cue_the_section_shows_the_page(loaded, dither):
    show = loaded(dither=dither)
    books = compile_books(show)
    for moment, name in ((0, "night"), (9, "picture"), (19, "words"), (39, "night")):
        colours, present = shown_at(books, moment)
        assert present.all()
        np.testing.assert_array_equal(colours, card_picture(books, show, name))


def test_a_region_leaves_the_others_on_their_page(loaded):
    show = loaded()
    books = compile_books(show)
    colours, _ = shown_at(books, 29)
    region = np.zeros((ROWS, COLUMNS), dtype=bool)
    region[1:4, 4:14] = True
    np.testing.assert_array_equal(colours[region], card_picture(books, show, "dusk")[region])
    np.testing.assert_array_equal(colours[~region], card_picture(books, show, "words")[~region])


def test_an_order_runs_over_the_region_of_its_cue(loaded):
    books = compile_books(loaded())
    start = books.start[3].reshape(ROWS, COLUMNS)[1:4, 4:14]
    np.testing.assert_array_equal(start, np.repeat([[ticks(20)], [ticks(21)], [ticks(22)]], 10, axis=1))


def test_the_books_have_the_shapes_of_the_section(loaded):
    books = compile_books(loaded(colours=9))
    people = ROWS * COLUMNS
    assert books.start.shape == books.page.shape == (len(CUES), people)
    assert books.colour.shape == (4, people)
    assert books.palette.shape == (9, 3)
    assert books.turn.tolist() == [ticks(cue.flip.turn) for cue in loaded().show.card_section.cues]
    assert books.present.all()


def test_a_perfect_sweep_runs_from_left_to_right_in_its_time(loaded):
    start = compile_books(loaded()).start[1].reshape(ROWS, COLUMNS)
    assert (start == start[:1]).all()
    assert (np.diff(start[0]) > 0).all()
    assert (start[0, 0], start[0, -1]) == (ticks(4), ticks(6))


def test_a_ripple_starts_at_its_centre_and_can_run_backwards(loaded):
    def starts(options):
        flip = f"{{ order: ripple, centre: [100 %, 0 %], over: 2 s{options} }}"
        books = compile_books(loaded(cues=[*CUES[:1], f"{{ at: 4 s, page: words, flip: {flip} }}"]))
        return books.start[1].reshape(ROWS, COLUMNS)

    forwards, backwards = starts(""), starts(", reverse: true")
    assert (forwards[0, -1], forwards[-1, 0]) == (ticks(4), ticks(6))
    assert (backwards[0, -1], backwards[-1, 0]) == (ticks(6), ticks(4))


def test_people_react_each_in_their_own_time(loaded):
    start = compile_books(loaded(people="{ reaction: 200 ms, spread: 50 ms, late: 0 % }")).start[2]
    perfect = compile_books(loaded()).start[2]
    delay = (start - perfect) / ticks(1)
    assert delay.mean() == pytest.approx(0.2, abs=0.02)
    assert delay.std() == pytest.approx(0.05, abs=0.015)


def test_absent_people_leave_their_seats_empty(loaded):
    books = compile_books(loaded(people="{ absent: 30 %, wrong_page: 0 %, late: 0 % }"))
    assert 0.15 < 1 - books.present.mean() < 0.45
    _, present = shown_at(books, 9)
    np.testing.assert_array_equal(present.reshape(-1), books.present)


def test_a_wrong_page_is_the_former_or_the_next_one_until_the_next_cue(loaded):
    show = loaded(people="{ wrong_page: 30 %, late: 0 %, absent: 0 % }")
    page = compile_books(show).page
    # night, picture, words, (dusk), night in the order of first use
    assert (page[0] == 0).all()
    assert set(page[1]) == {0, 1, 2}
    assert set(page[2]) <= {0, 1, 2, 3}
    assert 0.2 < (page[1] != 1).mean() < 0.4
    everyone_right = (page[1] == 1) & (page[2] == 2)
    assert everyone_right.any()
    assert ((page[1] != 1) & (page[2] == 2)).any()
    region = np.zeros((ROWS, COLUMNS), dtype=bool)
    region[1:4, 4:14] = True
    outside = ~region.reshape(-1)
    np.testing.assert_array_equal(page[3][outside], page[2][outside])


def test_people_who_do_not_err_end_on_the_page(loaded):
    show = loaded(people="{ wrong_page: 10 %, late: 5 %, absent: 10 % }")
    books = compile_books(show)
    for index, moment, name in ((1, 9, "picture"), (2, 19, "words"), (4, 39, "night")):
        colours, present = shown_at(books, moment)
        right = (books.page[index] == ["night", "picture", "words", "dusk"].index(name)).reshape(
            ROWS, COLUMNS
        )
        assert 0.7 < right.mean() < 1
        wanted = card_picture(books, show, name)
        np.testing.assert_array_equal(colours[present & right], wanted[present & right])


def test_the_same_show_gives_the_same_books_and_another_seed_others(loaded):
    people = "{ wrong_page: 10 %, late: 5 %, absent: 10 % }"
    one, two, other = (compile_books(loaded(people=people, seed=seed)) for seed in (7, 7, 8))
    for name in ("start", "turn", "page", "colour", "palette", "present"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert (one.start != other.start).any()
    assert (one.present != other.present).any()


def test_a_page_that_no_cue_names_is_not_in_the_book(loaded):
    books = compile_books(loaded(cues=CUES[:1]))
    assert books.colour.shape[0] == 1
    assert books.palette.tolist() == [[0x0B, 0x10, 0x30]]


def test_more_pages_than_a_book_holds_are_shared_out_to_the_people_who_need_them(loaded):
    half = MAX_PAGES // 2 + 20
    pages = {f"p{k}": f'{{ fill: "#{k:02x}{255 - k:02x}80" }}' for k in range(2 * half)}
    sides = ("1-10", "11-20")
    cues = ["{ at: 0 s, page: p0 }"] + [
        f"{{ at: {k} s, page: p{k}, where: {{ columns: {sides[k % 2]} }} }}" for k in range(1, 2 * half)
    ]
    show = loaded(pages=pages, cues=cues, colours=255)
    books = compile_books(show)
    assert len(pages) > MAX_PAGES
    assert books.colour.shape[0] == half + 1
    for k in (1, 2, 77, 2 * half - 1):
        colours, _ = shown_at(books, Fraction(8 * k + 7, 8))
        left, right = (k, k - 1) if k % 2 == 0 else (k - 1, k)
        assert (colours[:, :10] == (left, 255 - left, 128)).all()
        assert (colours[:, 10:] == (right, 255 - right, 128)).all()


def test_an_image_that_is_gone_after_loading_is_told_with_its_place(loaded, tmp_path):
    show = loaded()
    (tmp_path / "noise.png").unlink()
    with pytest.raises(ShowError) as caught:
        compile_books(show)
    (problem,) = caught.value.problems
    assert problem.path == "card_section.pages.picture.image"
    assert problem.line == 11
    assert "noise.png" in problem.message
