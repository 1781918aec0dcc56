from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.motion import CLIPS, gymnast_states
from cardstunt.kernels.places import minimum_distance, outside_field
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.troupes import compile_drill, image_mask, text_mask
from PIL import Image, ImageDraw

BAR_13 = "{ at: bar 13, formation: { image: assets/dove.png, width: 60 m }, place: [4 m, -3 m], travel: 8 s }"
RINGS = "formation: { rings: 5 }, travel: 6 s"


def compiled(path, **options):
    return compile_drill(load_show(path), "ribbons", **options)


def test_a_drill_has_the_shows_people_times_and_moves(write_show):
    drill = compiled(write_show())
    assert drill.places.shape == (3, 400, 2)
    # At 120 bpm a bar takes 2 s; the music begins 0.35 s late.
    assert (drill.leave / TICKS_PER_SECOND).tolist() == [0.0, 8.35, 24.35]
    assert (drill.arrive / TICKS_PER_SECOND).tolist() == [0.0, 14.35, 32.35]
    assert [CLIPS[clip] for clip in drill.clip] == ["march", "jump", "stand"]
    assert np.allclose(drill.heading, np.pi)
    for places in drill.places:
        assert minimum_distance(places) >= 0.8 - 1e-5
        assert outside_field(places) == 0


def test_place_moves_a_formation_and_the_picture_has_its_width(write_show):
    dove = compiled(write_show()).places[2] - [4.0, -3.0]
    assert np.abs(dove[:, 1]).max() == pytest.approx(30.0, abs=1.2)
    assert np.abs(dove[:, 0]).max() == pytest.approx(20.0, abs=1.2)
    assert np.abs(dove.mean(axis=0)).max() < 0.5


def test_canon_runs_outwards_in_rings(write_show):
    drill = compiled(write_show())
    radius = np.hypot(*drill.places[1].T)
    order = np.argsort(radius)
    assert (np.diff(drill.canon[1][order]) >= 0).all()
    rank = np.rint((radius - radius.min()) / 1.2)
    assert np.array_equal(drill.canon[1], rank * TICKS_PER_SECOND // 10)
    assert (drill.canon[[0, 2]] == 0).all()


def test_canon_runs_from_the_viewers_left_in_a_block(write_show):
    path = write_show(
        ("{ block: { columns: 20 } }, move: march", "{ block: 20 }, move: { clip: wave, canon: 50 ms }")
    )
    drill = compiled(path)
    column = np.rint((drill.places[0, :, 1].max() - drill.places[0, :, 1]) / 1.2)
    assert column.max() == 19
    assert np.array_equal(drill.canon[0], column * TICKS_PER_SECOND // 20)


@pytest.mark.parametrize(
    "formation",
    ["spiral: { turns: 3 }", "lines: 4", "wedge: {}", "star: 6", "text: HELLO, width: 100 m"],
)
def test_every_kind_of_formation_is_placed(write_show, formation):
    places = compiled(write_show((RINGS, f"formation: {{ {formation} }}, travel: 6 s"))).places[1]
    assert minimum_distance(places) >= 0.8 - 1e-5
    assert outside_field(places) == 0
    assert len(np.unique(places.round(3), axis=0)) == 400


def test_a_way_without_a_time_is_walked_at_a_walking_pace(write_show):
    drill = compiled(write_show((RINGS, "formation: { rings: 5 }")))
    longest = np.hypot(*(drill.places[1] - drill.places[0]).T).max()
    assert (drill.arrive - drill.leave)[1] / TICKS_PER_SECOND == pytest.approx(longest / 2.5, abs=1e-3)


def test_a_way_without_a_time_ends_before_the_next_begins(write_show):
    path = write_show((RINGS, "formation: { rings: 5 }"), ("at: bar 13", "at: bar 5 beat 2"))
    drill = compiled(path)
    assert drill.arrive[1] == drill.leave[2]


def test_who_is_in_the_same_formation_again_stays(write_show):
    path = write_show((BAR_13, "{ at: bar 13, formation: { rings: 5 }, move: bow }"))
    drill = compiled(path)
    assert np.array_equal(drill.places[1], drill.places[2])


def test_people_look_where_they_are_told(write_show):
    drill = compiled(write_show(), facing=0.5)
    states = gymnast_states(drill, drill.arrive)
    turns = (states[:, 0, :, 3] - 0.5) / (2 * np.pi)
    assert np.abs(turns - np.rint(turns)).max() < 1e-5


def test_the_same_show_gives_the_same_drill_and_another_seed_other_people(write_show):
    one, same = compiled(write_show()), compiled(write_show())
    assert one.places.tobytes() == same.places.tobytes()
    assert one.seed == same.seed
    assert compiled(write_show(("seed: 7", "seed: 8"))).seed != one.seed


def test_another_troupe_does_not_change_this_one(write_show):
    second = (
        "troupes:\n  first:\n    count: 3\n"
        '    costume: { colour: "#ffffff" }\n    drill: [{ at: 0 s, formation: { wedge: {} } }]\n'
    )
    path = write_show(("troupes:\n", second))
    loaded = load_show(path)
    drill = compile_drill(loaded, "ribbons")
    assert drill.seed != compile_drill(loaded, "first").seed
    alone = compiled(write_show())
    assert alone.seed == drill.seed
    assert alone.places.tobytes() == drill.places.tobytes()


def failing(path) -> ShowError:
    loaded = load_show(path)
    with pytest.raises(ShowError) as caught:
        compile_drill(loaded, "ribbons")
    return caught.value


def test_too_small_a_picture_is_an_error_with_its_place(write_show):
    path = write_show(("width: 60 m", "width: 6 m"))
    (problem,) = failing(path).problems
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "dove" in text)
    assert (problem.line, problem.path) == (line, "troupes.ribbons.drill[2].formation.image")
    assert "not 400" in problem.message
    assert "m wide" in problem.message


def test_formations_outside_the_field_are_all_reported(write_show):
    path = write_show(
        ("place: [4 m, -3 m]", "place: [50 m, 0 m]"), ("rings: 5 }", "rings: { rings: 5, radius: 70 m } }")
    )
    problems = failing(path).problems
    assert [problem.path for problem in problems] == [
        "troupes.ribbons.drill[1].formation.rings",
        "troupes.ribbons.drill[2].formation.image",
    ]
    assert all("outside the field" in problem.message for problem in problems)


def test_a_picture_that_is_damaged_after_the_check_is_an_error(write_show):
    path = write_show()
    loaded = load_show(path)
    (path.parent / "assets" / "dove.png").write_bytes(b"no picture")
    with pytest.raises(ShowError, match=r"formation\.image: 'assets/dove.png' is not a picture"):
        compile_drill(loaded, "ribbons")


def test_an_unknown_troupe_is_a_key_error(write_show):
    with pytest.raises(KeyError):
        compile_drill(load_show(write_show()), "nobody")


def disc(mode: str, figure: object, ground: object) -> Image.Image:
    image = Image.new(mode, (60, 40), ground)
    ImageDraw.Draw(image).ellipse((20, 10, 40, 30), fill=figure)
    return image


@pytest.mark.parametrize(
    ("mode", "figure", "ground"),
    [
        ("L", 255, 0),
        ("L", 0, 255),
        ("1", 1, 0),
        ("RGB", (200, 30, 30), (30, 200, 30)),
        ("RGBA", (0, 0, 0, 255), (0, 0, 0, 0)),
        ("LA", (255, 255), (255, 0)),
    ],
)
def test_the_figure_is_what_is_opaque_or_unlike_the_border(mode, figure, ground):
    mask = image_mask(disc(mode, figure, ground)) >= 0.5
    assert mask.shape == (40, 60)
    assert mask[20, 30]
    assert not mask[2, 2]
    assert mask.mean() == pytest.approx(np.pi * 10.5**2 / 2400, abs=0.02)


def test_a_picture_of_one_colour_is_all_figure():
    assert (image_mask(Image.new("RGB", (5, 4), "navy")) == 1.0).all()


def test_a_huge_picture_is_brought_down():
    assert image_mask(Image.new("L", (5000, 100))).shape == (41, 2048)


def test_text_is_cut_to_its_ink_and_reads_from_left_to_right():
    mask = text_mask("LI")
    ink = mask >= 0.5
    assert ink.any(axis=0)[[0, -1]].all()
    assert ink.any(axis=1)[[0, -1]].all()
    # The foot of the L is at the lower left.
    lower, upper = ink[-ink.shape[0] // 8 :], ink[: ink.shape[0] // 8]
    assert lower[:, : ink.shape[1] // 2].sum() > 2 * upper[:, : ink.shape[1] // 2].sum()


def test_lines_of_text_are_one_above_the_other():
    assert text_mask("HI\nHI").shape[0] > 1.8 * text_mask("HI").shape[0]


def test_text_without_ink_is_empty():
    assert not (text_mask(" ") >= 0.5).any()


def test_a_figure_may_be_a_drawing(write_show):
    path = write_show(("assets/dove.png", "assets/dove.svg"))
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 30"><circle cx="15" cy="15" r="15"/></svg>'
    )
    (path.parent / "assets" / "dove.svg").write_text(drawing)
    places = compile_drill(load_show(path), "ribbons").places[2]
    assert np.hypot(*(places - [4, -3]).T).max() == pytest.approx(30, abs=1.5)
