from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction

import av
import numpy as np
import pytest
from cardstunt.kernels.books import MAX_PAGES, card_states
from cardstunt.kernels.dithering import match
from cardstunt.kernels.gestures import RAISE, SHAKE
from cardstunt.kernels.ticks import TICKS_PER_SECOND, ticks
from cardstunt.scenes import card_section, cue_turns
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.kept import kept
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages import Canvas, draw_page
from cardstunt.scenes.paper_stock import PAPER_STOCKS
from cardstunt.scenes.section_timing import cue_fraction, spread_over
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
REGION = np.zeros((ROWS, COLUMNS), dtype=bool)
REGION[1:4, 4:14] = True


def show_text(
    people=PEOPLE, pages=PAGES, cues=CUES, seed=7, palette="{ colours: 24, dither: blue_noise }", extra=()
):
    return "\n".join(
        [
            "cardstunt: 1",
            "title: Test",
            f"seed: {seed}",
            "card_section:",
            f"  columns: {COLUMNS}",
            f"  rows: {ROWS}",
            *([f"  palette: {palette}"] if palette else []),
            f"  people: {people}",
            *[f"  {line}" for line in extra],
            "  pages:",
            *[f"    {name}: {page}" for name, page in pages.items()],
            "  cues:",
            *[f"    - {cue}" for cue in cues],
            "film:",
            "  shots:",
            "    - { name: all, show: 0 s..60 s, camera: { look_down: { height: 90 m } } }",
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
    above, below, _ = card_states(books, np.array([ticks(seconds)]))[0].reshape(3, ROWS, COLUMNS, 4)
    assert not above[..., 3].any()
    return below[..., :3], below[..., 3] == 255


def card_picture(plan, show, name):
    page = draw_page(
        show.show.card_section.pages[name], Canvas(COLUMNS, ROWS, plan.seats.cell_aspect), show
    ).picture
    palette = plan.books.palette
    return palette[match(page, palette, show.show.card_section.palette.dither)]


def assert_plans_equal(one, other):
    def compare(mine, theirs, name):
        if isinstance(mine, np.ndarray):
            assert mine.dtype == theirs.dtype, name
            np.testing.assert_array_equal(mine, theirs, err_msg=name)
        elif hasattr(mine, "__dataclass_fields__") and name in {"plan", "seats", "books", "gestures"}:
            for part in fields(mine):
                compare(getattr(mine, part.name), getattr(theirs, part.name), part.name)
        elif name != "tablets":
            assert mine == theirs, name

    compare(one, other, "plan")


@pytest.mark.parametrize("dither", ["none", "blue_noise", "floyd_steinberg"])
def test_after_each_cue_the_section_shows_the_page(loaded, dither):
    show = loaded(palette=f"{{ colours: 24, dither: {dither} }}")
    plan = compile_section(show)
    for moment, name in ((0, "night"), (9, "picture"), (19, "words"), (39, "night")):
        colours, present = shown_at(plan.books, moment)
        assert present.all()
        np.testing.assert_array_equal(colours, card_picture(plan, show, name))


def test_a_region_leaves_the_others_on_their_page(loaded):
    show = loaded()
    plan = compile_section(show)
    colours, _ = shown_at(plan.books, 29)
    np.testing.assert_array_equal(colours[REGION], card_picture(plan, show, "dusk")[REGION])
    np.testing.assert_array_equal(colours[~REGION], card_picture(plan, show, "words")[~REGION])


def test_the_plan_says_the_same_in_all_its_arrays(loaded):
    plan = compile_section(loaded(people="{ wrong_page: 20 %, late: 10 %, absent: 10 %, dropped: 20 % }"))
    people = ROWS * COLUMNS
    turns, pictures = len(plan.turns), len(plan.pictures)
    assert (turns, pictures) == (len(CUES), 4)
    for name, shape, dtype in (
        ("pictures", (pictures, ROWS, COLUMNS, 3), np.uint8),
        ("matched", (pictures, people), np.uint8),
        ("included", (turns, people), np.bool_),
        ("wanted", (turns, people), np.int16),
        ("due", (turns, people), np.int64),
        ("page", (turns, people), np.int16),
        ("page_count", (people,), np.int16),
    ):
        array = getattr(plan, name)
        assert (array.shape, array.dtype) == (shape, dtype), name
    seat = np.arange(people)
    # What the book shows is what is wanted, and turning single leaves is enough.
    np.testing.assert_array_equal(plan.book[plan.page, seat], plan.matched[plan.wanted, seat])
    assert np.abs(np.diff(plan.page, axis=0)).max() == 1
    assert (plan.page < plan.page_count).all()
    assert plan.page_count.max() == len(plan.book)
    outside = ~plan.included[1:]
    assert (plan.page[1:] == plan.page[:-1])[outside].all()
    assert (plan.wanted[1:] == plan.wanted[:-1])[outside].all()
    for turn, said in enumerate(plan.turns):
        assert (plan.wanted[turn][plan.included[turn]] == said.picture).all()
    assert [turn.at for turn in plan.turns] == [0, 4, 10, 20, 30]
    assert [turn.label for turn in plan.turns] == ["night", "picture", "words", "dusk", "night"]
    np.testing.assert_array_equal(plan.included[3].reshape(ROWS, COLUMNS), REGION)
    # The performance has the same books and numbers, with mistakes.
    np.testing.assert_array_equal(plan.books.colour, plan.book)
    assert 0 < (plan.books.page != plan.page).mean() < 0.3
    assert (plan.books.page[0] == plan.page[0]).all()
    assert plan.books.turn.tolist() == [ticks(Fraction(2, 5))] + [ticks(Fraction(1, 2))] + 3 * [
        ticks(Fraction(2, 5))
    ]


def test_an_order_runs_over_the_region_of_its_cue(loaded):
    plan = compile_section(loaded())
    due = plan.due[3].reshape(ROWS, COLUMNS)[1:4, 4:14]
    np.testing.assert_array_equal(due, np.repeat([[ticks(20)], [ticks(21)], [ticks(22)]], 10, axis=1))


def test_the_same_order_runs_over_each_region_by_itself(loaded):
    flip = "flip: { order: sweep, over: 2 s }"
    cues = (
        CUES[0],
        f"{{ at: 4 s, page: words, where: {{ columns: 1-5 }}, {flip} }}",
        f"{{ at: 4 s, page: words, where: {{ columns: 6-20 }}, {flip} }}",
    )
    due = compile_section(loaded(cues=cues)).due.reshape(3, ROWS, COLUMNS)
    assert (due[1, 0, 0], due[1, 0, 4]) == (ticks(4), ticks(6))
    assert (due[2, 0, 5], due[2, 0, 19]) == (ticks(4), ticks(6))


def test_a_perfect_sweep_runs_from_left_to_right_in_its_time(loaded):
    due = compile_section(loaded()).due[1].reshape(ROWS, COLUMNS)
    assert (due == due[:1]).all()
    assert (np.diff(due[0]) > 0).all()
    assert (due[0, 0], due[0, -1]) == (ticks(4), ticks(6))


def test_perfect_people_begin_when_they_are_due(loaded):
    plan = compile_section(loaded())
    turning = np.diff(plan.page, axis=0) != 0
    np.testing.assert_array_equal(plan.books.start[1:][turning], plan.due[1:][turning])
    assert not plan.books.dropped.any()


def test_who_keeps_the_colour_is_due_when_called_and_holds_nobody_up(loaded):
    cues = (
        "{ at: 0 s, page: night }",
        "{ at: 4 s, page: night, flip: { order: sweep, over: 2 s } }",
        "{ at: 6.1 s, page: words }",
    )
    plan = compile_section(loaded(cues=cues))
    due = plan.due.reshape(3, ROWS, COLUMNS)
    assert (due[1, 0, 0], due[1, 0, -1]) == (ticks(4), ticks(6))
    assert (due[2] == ticks(Fraction(61, 10))).all()
    assert (plan.page_count <= 2).all()


def test_a_ripple_starts_at_its_centre_and_can_run_backwards(loaded):
    def due(options):
        flip = f"{{ order: ripple, centre: [100 %, 0 %], over: 2 s{options} }}"
        plan = compile_section(loaded(cues=[*CUES[:1], f"{{ at: 4 s, page: words, flip: {flip} }}"]))
        return plan.due[1].reshape(ROWS, COLUMNS)

    forwards, backwards = due(""), due(", reverse: true")
    assert (forwards[0, -1], forwards[-1, 0]) == (ticks(4), ticks(6))
    assert (backwards[0, -1], backwards[-1, 0]) == (ticks(6), ticks(4))


def test_an_order_from_a_picture_begins_where_it_is_black(loaded, tmp_path):
    ramp = np.broadcast_to(np.linspace(255, 0, COLUMNS).astype(np.uint8), (ROWS, COLUMNS))
    Image.fromarray(ramp.copy()).save(tmp_path / "ramp.png")
    flip = "{ order: map, map: ramp.png, over: 2 s }"
    due = (
        compile_section(loaded(cues=[*CUES[:1], f"{{ at: 4 s, page: words, flip: {flip} }}"]))
        .due[1]
        .reshape(ROWS, COLUMNS)
    )
    assert (due[0, -1], due[0, 0]) == (ticks(4), ticks(6))
    assert (np.diff(due[3]) < 0).all()


def test_people_react_each_in_their_own_time(loaded):
    people = "{ reaction: 200 ms, spread: 50 ms, late: 0 %, wrong_page: 0 % }"
    plan = compile_section(loaded(people=people))
    turning = np.diff(plan.page, axis=0)[1] != 0
    delay = (plan.books.start[2] - plan.due[2])[turning] / TICKS_PER_SECOND
    assert delay.mean() == pytest.approx(0.2, abs=0.02)
    assert delay.std() == pytest.approx(0.05, abs=0.015)


def test_nobody_is_as_fast_at_every_call(loaded):
    people = "{ reaction: 200 ms, spread: 50 ms, late: 0 %, wrong_page: 0 %, skill: 0 %, row: 0 % }"
    cues = (CUES[0], "{ at: 4 s, page: words, repeat: { times: 2, every: 9 s } }", "{ at: 8 s, page: night }")
    plan = compile_section(loaded(people=people, cues=cues))
    assert [turn.label for turn in plan.turns] == ["night", "words", "night", "words"]
    delays = (plan.books.start - plan.due)[1:, (np.diff(plan.page, axis=0) != 0).all(axis=0)]
    assert np.abs(np.corrcoef(delays) - np.eye(3)).max() < 0.3


def test_absent_people_leave_their_seats_empty(loaded):
    plan = compile_section(loaded(people="{ absent: 30 %, wrong_page: 0 %, late: 0 %, dropped: 0 % }"))
    assert 0.15 < 1 - plan.books.present.mean() < 0.45
    _, present = shown_at(plan.books, 9)
    np.testing.assert_array_equal(present.reshape(-1), plan.books.present)


def test_who_errs_forgets_or_turns_a_leaf_too_far_until_the_next_call(loaded):
    cues = [f"{{ at: {4 * k} s, page: {name} }}" for k, name in enumerate(["night", "a", "b", "c", "d"])]
    pages = {
        "night": PAGES["night"],
        **{name: f'{{ fill: "#{number}0{number}0{number}0" }}' for number, name in enumerate("abcd", 3)},
    }
    people = "{ wrong_page: 30 %, late: 0 %, absent: 0 %, dropped: 0 %, skill: 0 %, row: 0 % }"
    plan = compile_section(loaded(people=people, pages=pages, cues=cues))
    page = plan.books.page
    assert plan.page[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert set(page[1]) == {0, 1, 2}
    wrong = page != plan.page
    assert 0.2 < wrong[1:].mean() < 0.4
    # Who forgot keeps the page they had, right or wrong; most are put right by the next call.
    assert (wrong[1] & ~wrong[2]).sum() > (wrong[1] & wrong[2]).sum()
    forgot = wrong & np.vstack([np.zeros_like(wrong[:1]), page[1:] == page[:-1]])
    too_far = wrong & (page == plan.page + 1)
    np.testing.assert_array_equal(wrong, forgot | too_far)
    assert forgot.any()
    assert too_far.any()
    # There is no leaf behind the last one.
    assert (page[4] <= 4).all()


def test_mistakes_of_those_who_are_not_called_stay(loaded):
    people = "{ wrong_page: 30 %, late: 0 %, absent: 0 % }"
    plan = compile_section(loaded(people=people))
    outside = ~REGION.reshape(-1)
    np.testing.assert_array_equal(plan.books.page[3][outside], plan.books.page[2][outside])


def test_the_same_show_gives_the_same_plan_and_another_seed_another(loaded):
    people = "{ wrong_page: 10 %, late: 5 %, absent: 10 % }"
    one, two, other = (compile_section(loaded(people=people, seed=seed)) for seed in (7, 7, 8))
    assert_plans_equal(one, two)
    assert (one.books.start != other.books.start).any()
    assert (one.books.present != other.books.present).any()


MIXED = "{ wrong_page: 10 %, late: 5 %, absent: 10 %, dropped: 10 % }"
EDITS = (
    {"cues": (CUES[0], "{ at: 5 s, page: picture, flip: { order: iris, over: 1 s } }", *CUES[2:])},
    {"cues": (CUES[0], "{ at: 4 s, page: dusk }", *CUES[2:])},
    {"cues": (*CUES[:2], "{ at: 10 s, page: words, where: { drawn: true }, hold: 2 s }", *CUES[3:])},
    {"cues": (*CUES[:3], "{ at: 20 s, gesture: raise, where: { rows: 2-4 } }", CUES[4])},
    {"cues": (*CUES[:4], "{ at: 30 s, page: night, flip: dissolve, repeat: { times: 3, every: 2 s } }")},
    {"cues": (*CUES[:3], CUES[3].replace("5-14", "4-14"), CUES[4])},
    {"seed": 8},
    {"people": MIXED.replace("late: 5 %", "late: 50 %")},
    {"palette": "{ colours: 23, dither: blue_noise }"},
    {"palette": "{ colours: 24, dither: none }"},
    {"extra": ("mode: cards",)},
    {"extra": ("seats: { aisles: 3 }",)},
    {"pages": {**PAGES, "night": '{ fill: "#0b1031" }'}},
)


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_kept_from_before_an_edit_does_not_show(loaded, edit):
    kept.clear()
    before = compile_section(loaded(people=MIXED))
    edited = loaded(**({"people": MIXED} | edit))
    warm = compile_section(edited)
    kept.clear()
    assert len(kept) == 0
    assert_plans_equal(warm, compile_section(edited))
    assert len(kept) > 0
    with pytest.raises(AssertionError):
        assert_plans_equal(warm, before)


def test_an_edited_picture_is_drawn_anew(loaded, tmp_path):
    show = loaded()
    before = compile_section(show).pictures
    Image.new("RGB", (COLUMNS, ROWS), "#12e4a6").save(tmp_path / "noise.png")
    after = compile_section(show).pictures
    assert (before[1] != after[1]).any()
    assert (after[1] == [0x12, 0xE4, 0xA6]).all()
    np.testing.assert_array_equal(before[[0, 2, 3]], after[[0, 2, 3]])


def test_the_palette_is_that_of_all_pages_whichever_are_turned_to(loaded):
    whole = compile_section(loaded())
    some = compile_section(loaded(cues=CUES[:1]))
    np.testing.assert_array_equal(whole.books.palette, some.books.palette)
    assert len(some.pictures) == len(some.book) == 1
    assert some.books.palette[some.book[0, 0]].tolist() == [0x0B, 0x10, 0x30]


def test_palettes_that_are_given(loaded):
    palette = compile_section(loaded(palette='{ colours: ["#0b1030", "#ffffff", "#bd1030"] }')).books.palette
    assert palette.tolist() == [[0x0B, 0x10, 0x30], [255, 255, 255], [0xBD, 0x10, 0x30]]
    stock = next(iter(PAPER_STOCKS))
    palette = compile_section(loaded(palette=f"{{ paper: {stock} }}")).books.palette
    assert {tuple(colour) for colour in palette.tolist()} == set(PAPER_STOCKS[stock].values())


def test_of_a_papers_colours_as_many_as_are_asked_for(loaded):
    stock, sheets = max(PAPER_STOCKS.items(), key=lambda item: len(item[1]))
    few = len(sheets) - 1
    if few < 2:
        pytest.skip("no stock has colours to choose from")
    palette = compile_section(loaded(palette=f"{{ paper: {stock}, colours: {few} }}")).books.palette
    assert len(palette) <= few
    assert {tuple(colour) for colour in palette.tolist()} < set(sheets.values())


def test_seats_that_are_not_there_hold_no_book(loaded):
    plan = compile_section(
        loaded(extra=("seats: { aisles: 11, row_seats: [20, 20, 20, 20, 20, 20, 20, 4] }",))
    )
    empty = ~plan.seats.taken
    assert empty.sum() == 7 + 16 + 1
    assert not plan.books.present[empty].any()
    assert not plan.included[:, empty].any()
    assert (plan.page_count[empty] == 0).all()
    assert (plan.page_count[~empty] >= 1).all()
    _, present = shown_at(plan.books, 9)
    np.testing.assert_array_equal(present.reshape(-1), plan.seats.taken)


def test_held_cues_turn_back_with_the_same_leaf(loaded):
    cues = (
        "{ at: 0 s, page: night }",
        "{ at: 4 s, page: words, hold: 3 s, flip: { order: sweep, over: 1 s } }",
    )
    plan = compile_section(loaded(cues=cues))
    assert [(float(turn.at), turn.label, turn.cue) for turn in plan.turns] == [
        (0, "night", 0),
        (4, "words", 1),
        (7, "night", 1),
    ]
    np.testing.assert_array_equal(plan.page[2], plan.page[0])
    np.testing.assert_array_equal(plan.due[2] - plan.due[1], np.full(ROWS * COLUMNS, ticks(3)))


def test_a_figure_changes_while_the_rest_stays(loaded, tmp_path):
    figure = np.zeros((ROWS, COLUMNS, 4), dtype=np.uint8)
    figure[2:5, 3:9] = (255, 0, 0, 255)
    Image.fromarray(figure).save(tmp_path / "figure.png")
    pages = {**PAGES, "figure": "{ image: figure.png, fit: stretch }"}
    cues = ("{ at: 0 s, page: night }", "{ at: 4 s, page: figure, where: { drawn: true } }")
    plan = compile_section(loaded(pages=pages, cues=cues))
    np.testing.assert_array_equal(plan.included[1].reshape(ROWS, COLUMNS), figure[::-1, :, 3] > 0)
    around = compile_section(
        loaded(
            pages=pages, cues=(cues[0], "{ at: 4 s, page: figure, where: { drawn: true, outside: true } }")
        )
    )
    np.testing.assert_array_equal(around.included[1], ~plan.included[1])


def test_gestures_are_made_by_those_they_are_for(loaded):
    cues = (
        *CUES[:1],
        "{ at: 3 s, gesture: raise, where: { rows: 1-4 }, flip: { order: sweep, over: 2 s, turn: 0.3 s },"
        " repeat: { times: 2, every: 4 s, back_and_forth: true } }",
        "{ at: 20 s, gesture: { kind: shake, hold: 1 s, amount: 50 %, rate: 2 } }",
    )
    plan = compile_section(loaded(cues=cues))
    assert [(m.cue, float(m.at), m.label) for m in plan.movements] == [
        (1, 3, "raise"),
        (1, 7, "raise"),
        (2, 20, "shake"),
    ]
    gestures = plan.books.gestures
    assert gestures.kind.tolist() == [RAISE, RAISE, SHAKE]
    assert gestures.move.tolist() == [ticks(Fraction(3, 10))] * 2 + [ticks(Fraction(2, 5))]
    assert gestures.hold.tolist() == [0, 0, ticks(1)]
    assert gestures.amount.tolist() == [255, 255, 128]
    assert gestures.period[2] == ticks(Fraction(1, 2))
    taking = gestures.taking.reshape(3, ROWS, COLUMNS)
    assert taking[:2, :4].all()
    assert not taking[:2, 4:].any()
    assert taking[2].all()
    start = gestures.start.reshape(3, ROWS, COLUMNS)
    assert (start[0, 0, 0], start[0, 0, -1]) == (ticks(3), ticks(5))
    assert (start[1, 0, 0], start[1, 0, -1]) == (ticks(9), ticks(7))
    state = card_states(plan.books, np.array([ticks(Fraction(33, 10))]))[0].reshape(3, ROWS, COLUMNS, 4)
    assert state[2, 0, 0, 0] == 255
    assert state[2, 7, 0, 0] == 128


@pytest.mark.parametrize("mode", ["cards", "two_sided"])
def test_single_cards_may_be_taken_in_any_order(loaded, mode):
    fills = {f"p{k}": f'{{ fill: "#{k}0{k}0{k}0" }}' for k in range(4)}
    order = [0, 1, 2, 3, 0, 2, 1, 3]
    cues = [f"{{ at: {4 * k} s, page: p{page} }}" for k, page in enumerate(order)]
    plan = compile_section(loaded(pages=fills, cues=cues, extra=(f"mode: {mode}",)))
    assert plan.mode == mode
    assert (plan.page_count == 4).all()
    seat = np.arange(ROWS * COLUMNS)
    np.testing.assert_array_equal(plan.book[plan.page, seat], plan.matched[plan.wanted, seat])
    in_book = compile_section(loaded(pages=fills, cues=cues))
    assert (in_book.page_count > 4).all()


def test_a_video_is_turned_page_by_page(loaded, tmp_path):
    with av.open(str(tmp_path / "clip.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 40, 16, "yuv420p"
        for level in range(20):
            frame = np.full((16, 40, 3), 12 * level, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    pages = {**PAGES, "clip": "{ video: clip.mp4, run: { every: 0.5 s } }"}
    cues = ("{ at: 0 s, page: night }", "{ at: 2 s, page: clip }", "{ at: 3.2 s, page: words }")
    plan = compile_section(loaded(pages=pages, cues=cues))
    assert [(float(turn.at), turn.label) for turn in plan.turns] == [
        (0, "night"),
        (2, "clip 1/4"),
        (2.5, "clip 2/4"),
        (3, "clip 3/4"),
        (3.2, "words"),
    ]
    light = [plan.pictures[turn.picture].mean() for turn in plan.turns[1:4]]
    assert light == sorted(light)
    assert light[0] < light[2]


def test_tablets_need_no_books_and_play_moving_pages_themselves(loaded):
    pages = {
        **PAGES,
        "waves": "{ pattern: waves, run: { every: 0.1 s, for: 40 s } }",
    }
    cues = (*CUES[:2], "{ at: 8 s, page: waves }", CUES[4])
    plan = compile_section(loaded(pages=pages, cues=cues, palette="", extra=("mode: tablets",)))
    assert plan.mode == "tablets"
    assert [turn.label for turn in plan.turns] == ["night", "picture", "waves", "night"]
    assert plan.tablets is not None
    assert plan.tablets.start.shape == (4, ROWS * COLUMNS)
    assert compile_section(loaded()).tablets is None


def many_pages(count, cues):
    """A show whose pages are all of different colours."""
    pages = {f"p{k}": f'{{ fill: "#{k % 16:x}0{k // 16:x}080" }}' for k in range(count)}
    return {"pages": pages, "cues": cues, "palette": "{ colours: 255, dither: none }"}


def test_a_book_of_170_pages_is_bound_and_one_of_171_is_not(loaded):
    cues = [f"{{ at: {k} s, page: p{k} }}" for k in range(MAX_PAGES + 4)]
    # Turning back is free: a book of 170 pages can be read to its end and back.
    there_and_back = [*range(MAX_PAGES), *range(MAX_PAGES - 2, -1, -1)]
    back = [f"{{ at: {k} s, page: p{page} }}" for k, page in enumerate(there_and_back)]
    plan = compile_section(loaded(**many_pages(MAX_PAGES, back)))
    assert (plan.page_count == MAX_PAGES).all()
    with pytest.raises(ShowError) as caught:
        compile_section(loaded(**many_pages(MAX_PAGES + 4, cues)))
    (problem,) = caught.value.problems
    assert problem.path == "card_section.cues[170]"
    assert problem.line == 10 + (MAX_PAGES + 4) + 171
    assert "with the page 'p170', the book at seat A-1-1 comes to more than 170 pages" in problem.message
    assert "needs 174 for the whole show; 159 others need more than 170 too" in problem.message


def test_the_cue_that_overflows_is_told_with_the_fullest_seat(loaded):
    cues = [f"{{ at: {k} s, page: p{k} }}" for k in range(MAX_PAGES - 1)]
    cues += [
        f"{{ at: {k} s, page: p{k}, where: {{ seats: [A-3-7] }} }}"
        for k in range(MAX_PAGES - 1, MAX_PAGES + 3)
    ]
    with pytest.raises(ShowError) as caught:
        compile_section(loaded(**many_pages(MAX_PAGES + 3, cues)))
    (problem,) = caught.value.problems
    assert problem.path == "card_section.cues[170]"
    assert "the book at seat A-3-7" in problem.message
    assert "it needs 173 for the whole show" in problem.message
    assert "others" not in problem.message


def test_more_pages_than_a_book_holds_are_shared_out_to_the_people_who_need_them(loaded):
    half = MAX_PAGES // 2 + 20
    sides = ("1-10", "11-20")
    cues = ["{ at: 0 s, page: p0 }"] + [
        f"{{ at: {k} s, page: p{k}, where: {{ columns: {sides[k % 2]} }} }}" for k in range(1, 2 * half)
    ]
    plan = compile_section(loaded(**many_pages(2 * half, cues)))
    assert len(plan.pictures) > MAX_PAGES
    assert set(plan.page_count) == {half, half + 1}
    for k in (1, 2, 77, 2 * half - 1):
        colours, _ = shown_at(plan.books, Fraction(8 * k + 7, 8))
        left, right = (k, k - 1) if k % 2 == 0 else (k - 1, k)
        for side, page in ((colours[:, :10], left), (colours[:, 10:], right)):
            assert (side == (page % 16 * 16, page // 16 * 16, 128)).all()


def problem_of(show):
    with pytest.raises(ShowError) as caught:
        compile_section(show)
    (problem,) = caught.value.problems
    return problem


def test_an_image_that_is_gone_after_loading_is_told_with_its_place(loaded, tmp_path):
    show = loaded()
    (tmp_path / "noise.png").unlink()
    problem = problem_of(show)
    assert problem.path == "card_section.pages.picture.image"
    assert problem.line == 11
    assert "noise.png" in problem.message


def test_masks_and_orders_that_are_gone_after_loading_are_told_with_their_place(loaded, tmp_path):
    Image.new("L", (COLUMNS, ROWS), "white").save(tmp_path / "white.png")
    for cue, path in (
        ("{ at: 4 s, page: words, where: { mask: white.png } }", "cues[1].where.mask"),
        ("{ at: 4 s, page: words, flip: { order: map, map: white.png, over: 1 s } }", "cues[1].flip.map"),
    ):
        Image.new("L", (COLUMNS, ROWS), "white").save(tmp_path / "white.png")
        show = loaded(cues=(CUES[0], cue))
        (tmp_path / "white.png").unlink()
        assert problem_of(show).path == f"card_section.{path}"


def test_a_figure_that_nobody_sits_in_is_told_at_its_cue(loaded):
    problem = problem_of(
        loaded(cues=(CUES[0], "{ at: 4 s, page: night, where: { drawn: true, outside: true } }"))
    )
    assert (problem.path, problem.line) == ("card_section.cues[1].where", 16)
    assert "nobody sits" in problem.message


def test_cues_that_come_to_too_much_are_told_at_the_one_too_many(loaded, monkeypatch):
    repeat = "{ at: 4 s, page: words, hold: 20 ms, repeat: { times: 900, every: 40 ms } }"
    monkeypatch.setattr(cue_turns, "MOST_CALLS", 500)
    problem = problem_of(loaded(cues=(CUES[0], repeat)))
    assert problem.path == "card_section.cues[1]"
    assert "called more than 500 times" in problem.message
    monkeypatch.undo()
    monkeypatch.setattr(card_section, "MOST_STATES", 100 * ROWS * COLUMNS)
    problem = problem_of(loaded(cues=(CUES[0], repeat)))
    assert problem.path == "card_section.cues[1]"
    assert "a section of 160 places is called more than 100 times" in problem.message


def test_a_view_that_cannot_be_had_is_told_with_its_place(loaded):
    show = loaded(pages={**PAGES, "words": '{ text: "HI", seen_from: [90 m, 0 m, 5 m] }'})
    problem = problem_of(show)
    assert problem.path == "card_section.pages.words.seen_from"


def test_a_show_is_compiled_alike_however_it_was_made(loaded):
    """A show of models, without a file that says where things stand, compiles too."""
    show = loaded()
    again = replace(show, show=show.show.model_copy(deep=True))
    assert_plans_equal(compile_section(show), compile_section(again))


WAVES = (
    "{ at: 0 s, page: night }",
    "{ at: 2 s, page: picture, hold: 1.2 s, flip: { order: sweep, over: 8 s, turn: 0.2 s },"
    " repeat: { times: 3, every: 3 s, back_and_forth: true } }",
    "{ at: 4 s, page: words, hold: 1.4 s, flip: { order: ripple, over: 6 s, turn: 0.2 s } }",
    "{ at: 16 s, page: dusk, flip: { order: dissolve, over: 8 s, turn: 0.2 s } }",
    "{ at: 19 s, page: night, flip: { order: sweep, from: top, over: 2 s, turn: 0.2 s } }",
)


def test_waves_that_cross_show_at_each_seat_the_newest_that_is_there(loaded):
    """A seat shows the last called of the cues that have come to it and have not left it again."""
    show = loaded(cues=WAVES, palette="{ colours: 24, dither: none }")
    plan = compile_section(show)
    seats = np.arange(ROWS * COLUMNS)
    layers = []
    for cue, model in enumerate(show.show.card_section.cues):
        for at, reverse in cue_turns.occurrences(model):
            region = np.ones(seats.size, dtype=bool)
            fraction = cue_fraction(show, plan.seats, cue, reverse, region)
            begin = ticks(at) + spread_over(fraction, ticks(model.flip.over))
            end = begin + ticks(model.hold) if model.hold else np.full(seats.size, ticks(10**6))
            layers.append((at, model.page, begin, end))
    layers.sort(key=lambda layer: layer[0])
    pictures = {name: card_picture(plan, show, name).reshape(-1, 3) for name in PAGES}
    compared = 0
    for now in range(ticks(1), ticks(26), ticks(1) // 3):
        expected = np.zeros((seats.size, 3), np.uint8)
        quiet = np.ones(seats.size, dtype=bool)
        for _, name, begin, end in layers:
            there = (begin <= now) & (now < end)
            expected[there] = pictures[name][there]
            for edge in (begin, end):
                # Who has two calls at nearly the same time is still at the first turn.
                quiet &= (edge > now) | (now - edge > ticks(1) // 2)
        shown = card_states(plan.books, np.array([now]))[0].reshape(3, -1, 4)
        np.testing.assert_array_equal(shown[1, quiet, :3], expected[quiet])
        compared += int(quiet.sum())
    assert compared > 40 * seats.size


def test_turns_are_placed_in_order_and_begun_in_order_by_everyone(loaded):
    plan = compile_section(loaded(cues=WAVES, people="{ late: 5 %, wrong_page: 5 % }"))
    placed = [turn.at for turn in plan.turns]
    assert placed == sorted(placed)
    assert any(turn.called is not None and turn.called < turn.at for turn in plan.turns)
    turning = np.diff(plan.page, axis=0) != 0
    for seat in range(ROWS * COLUMNS):
        due = plan.due[1:][turning[:, seat], seat]
        assert (np.diff(due) > 0).all()
    # Nobody is called twice at one place, so that the sheets can tell each line by itself.
    for place in set(placed[1:]):
        rows = [number for number, turn in enumerate(plan.turns) if number and turn.at == place]
        assert plan.included[rows].sum(axis=0).max() <= 1


def test_a_ripple_is_round_as_the_audience_sees_it(loaded):
    """On this arc places are twice as high as they are wide, for who looks at it from the field."""
    arc = "seats: { arc: { radius: 40 m, from: 10 deg, to: -10 deg, depth: 2 m, rise: 1 m } }"
    ripple = "{ at: 4 s, page: words, flip: { order: ripple, over: 2 s } }"
    show = loaded(cues=[CUES[0], ripple], extra=[arc])
    plan = compile_section(show)
    aspect = plan.seats.cell_aspect
    assert aspect < 0.6
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    far = np.hypot((column + 0.5 - COLUMNS / 2) * aspect, row + 0.5 - ROWS / 2)
    due = (far - far.min()) / np.ptp(far) * ticks(2) + ticks(4)
    np.testing.assert_allclose(plan.due[1], due, atol=1)
