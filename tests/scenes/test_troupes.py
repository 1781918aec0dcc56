from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.clips import CLIP_NAMES, CLIPS
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.places import minimum_distance, outside_field
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes import assignments, formed_sets
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.kept import kept
from cardstunt.scenes.load import load_show
from cardstunt.scenes.troupes import compile_drill

BAR_13 = "{ at: bar 13, formation: { image: assets/dove.png, width: 60 m }, place: [4 m, -3 m], travel: 8 s }"
RINGS = "formation: { rings: 5 }, travel: 6 s"


def compiled(path):
    return compile_drill(load_show(path), "ribbons")


def test_a_drill_has_the_shows_people_times_and_moves(write_show):
    drill = compiled(write_show())
    assert drill.places.shape == (3, 400, 2)
    # At 120 bpm a bar takes 2 s; the music begins 0.35 s late.
    assert (drill.leave / TICKS_PER_SECOND).tolist() == [0.0, 8.35, 24.35]
    assert (drill.arrive / TICKS_PER_SECOND).tolist() == [0.0, 14.35, 32.35]
    assert [CLIP_NAMES[clip] for clip in drill.clip] == ["march", "jump", "stand"]
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
    [
        "grid: 25",
        "grid: { size: [60 m, 30 m], spacing: 1.5 m, fill: spread }",
        "arcs: { arcs: 4, from: -90 deg, to: 45 deg }",
        "spiral: { turns: 3 }",
        "lines: 4",
        "curve: { points: [[-40 m, -60 m], [60 m, -20 m], [-60 m, 20 m], [40 m, 60 m]], strands: 4 }",
        "wedge: {}",
        "star: 6",
        "polygon: [[-30 m, -30 m], [30 m, -30 m], [0 m, 40 m]], placing: centroidal",
        "text: HELLO, width: 100 m, placing: blue_noise",
    ],
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


@pytest.mark.parametrize(
    ("face", "east_north"), [("audience", (-1, 0)), ("card_section", (1, 0)), ("90 deg", (0, -1))]
)
def test_people_look_where_they_are_told(write_show, face, east_north):
    drill = compiled(write_show((RINGS, f"{RINGS}, face: {face}")))
    assert drill.heading.shape == (3,)
    heading = gymnast_states(drill, drill.arrive)[1, 0, :, 3]
    assert np.allclose(np.cos(heading), east_north[0], atol=1e-5)
    assert np.allclose(np.sin(heading), east_north[1], atol=1e-5)


@pytest.mark.parametrize(("face", "outwards"), [("centre", -1.0), ("out", 1.0)])
def test_people_look_at_the_middle_of_their_formation_or_away_from_it(write_show, face, outwards):
    rings = f"formation: {{ rings: 5 }}, place: [8 m, 3 m], travel: 6 s, face: {face}"
    drill = compiled(write_show((RINGS, rings)))
    assert drill.heading.shape == (3, 400)
    away = drill.places[1] - [8.0, 3.0]
    away /= np.hypot(*away.T)[:, None]
    looks = np.stack([np.cos(drill.heading[1]), np.sin(drill.heading[1])], axis=1)
    assert np.allclose(looks, outwards * away, atol=1e-9)
    assert np.allclose(drill.heading[[0, 2]], np.pi)


def test_who_stands_in_the_very_middle_looks_at_the_audience(write_show):
    grid = "formation: { grid: { columns: 21, rows: 21, fill: centre } }, travel: 6 s, face: out"
    drill = compiled(write_show((RINGS, grid)))
    middle = np.hypot(*drill.places[1].T) < 1e-6
    assert middle.sum() == 1
    assert drill.heading[1][middle] == np.pi


def test_a_set_without_a_formation_is_done_where_people_stand(write_show):
    path = write_show((BAR_13, "{ at: bar 13, move: bow }\n      - { at: bar 15, face: card_section }"))
    drill = compiled(path)
    assert drill.places.shape == (4, 400, 2)
    assert np.array_equal(drill.places[1], drill.places[2])
    assert np.array_equal(drill.places[1], drill.places[3])
    # Nobody turns, so the move begins at once; then all turn.
    assert drill.arrive[2] == drill.leave[2] + 1
    assert drill.arrive[3] == drill.leave[3] + 8 * TICKS_PER_SECOND // 10


def test_moves_are_counted_in_beats_and_times(write_show):
    move = "{ clip: jump, canon: 1 count, counts: 3, times: 2 }"
    drill = compiled(write_show(("{ clip: jump, canon: 0.1 s }", move)))
    # At 120 bpm a beat takes half a second; other moves take as long as is usual.
    assert drill.period.tolist() == [TICKS_PER_SECOND, 3 * TICKS_PER_SECOND // 2, 5 * TICKS_PER_SECOND]
    assert [CLIPS[clip].seconds for clip in drill.clip[[0, 2]]] == [1.0, 5.0]
    assert drill.times.tolist() == [0, 2, 0]
    assert np.unique(drill.canon[1] % (TICKS_PER_SECOND // 2)).tolist() == [0]
    assert compiled(write_show()).period is None
    assert compiled(write_show()).times is None


def test_acrobats_stand_on_each_other(write_show):
    stack = "formation: { stack: { kind: pyramid, base: 2, columns: 10, spacing: 4 m } }"
    drill = compiled(write_show((RINGS, f"{stack}, travel: 12 s"), (BAR_13, "{ at: bar 13, move: wave }")))
    assert drill.height.shape == (3, 400)
    assert (drill.height[0] == 0).all()
    # A pyramid of two by two people bears one.
    assert np.unique(drill.height[1], return_counts=True)[1].tolist() == [320, 80]
    assert np.array_equal(drill.height[1], drill.height[2])
    upper = drill.height[1] > 0
    for place in drill.places[1][upper][::7]:
        bearers = np.hypot(*(drill.places[1][~upper] - place).T)
        assert np.sort(bearers)[:4] == pytest.approx(0.55 / np.sqrt(2), abs=1e-9)
    assert compiled(write_show()).height is None


def test_a_canon_goes_through_acrobats_figure_by_figure(write_show):
    stack = "formation: { stack: { kind: wall, base: 4, columns: 8 } }, travel: 12 s"
    drill = compiled(write_show((RINGS, stack)))
    turn = drill.canon[1] // (TICKS_PER_SECOND // 10)
    assert np.unique(turn, return_counts=True)[1].tolist() == [50] * 8
    assert np.ptp(drill.places[1][turn == 3][:, 1]) == pytest.approx(3 * 0.55)


def test_a_troupe_has_its_own_step(write_show):
    assert compiled(write_show()).step_length == 0.75
    assert compiled(write_show(("count: 400", "count: 400\n    step: 8 to 5"))).step_length == pytest.approx(
        0.5715
    )


def test_only_what_an_edit_touches_is_worked_out_again(write_show, monkeypatch):
    done = []
    for module, name in ((assignments, "assign"), (formed_sets, "place_formation")):
        work = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, n=name, w=work: done.append(n) or w(*given))
    kept.clear()
    drill = compiled(write_show())
    assert sorted(done) == ["assign"] * 2 + ["place_formation"] * 3
    done.clear()
    again = compiled(write_show(("travel: 6 s", "travel: 6.5 s")))
    assert done == []
    assert again.places.tobytes() == drill.places.tobytes()
    other = compiled(write_show(("width: 60 m", "width: 61 m")))
    assert sorted(done) == ["assign", "place_formation"]
    assert other.places[:2].tobytes() == drill.places[:2].tobytes()


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


def test_a_canon_runs_outwards_in_arcs(write_show):
    path = write_show((RINGS, "formation: { arcs: { arcs: 5, radius: 40 m } }, travel: 6 s"))
    drill = compiled(path)
    order = np.argsort(np.hypot(*drill.places[1].T))
    assert (np.diff(drill.canon[1][order]) >= 0).all()
    assert drill.canon[1].max() > 0


@pytest.mark.parametrize(
    ("formation", "path", "words"),
    [
        ("grid: { columns: 5, rows: 4 }", "grid", "20 places, not 400"),
        ("arcs: { arcs: 2, radius: 9 m }", "arcs", "people 1.2 m apart, not 400"),
        ("curve: { points: [[0 m, 0 m], [9 m, 0 m]], strands: 2 }", "curve", "hold 16 people 1.2 m apart"),
        ("polygon: [[0 m, 0 m], [9 m, 0 m], [9 m, 9 m]]", "polygon", "0.8 m apart, not 400: make it"),
        ("polygon: [[0 m, 0 m], [9 m, 0 m], [4 m, 0 m]]", "polygon", "has no inside"),
        ("text: JOY, width: 9 m", "text", "not 400: make it"),
        ('text: "\\U00012000"', "text", "no font at hand has"),
    ],
)
def test_what_does_not_hold_the_troupe_is_an_error_with_its_place(write_show, formation, path, words):
    show = write_show((RINGS, f"formation: {{ {formation} }}, travel: 6 s"))
    (problem,) = failing(show).problems
    line = next(n for n, text in enumerate(show.read_text("utf-8").splitlines(), 1) if formation in text)
    assert (problem.line, problem.path) == (line, f"troupes.ribbons.drill[1].formation.{path}")
    assert words in problem.message


@pytest.mark.parametrize(
    ("formation", "key", "words"),
    [
        ("csv: assets/gone.csv", "csv", "no file 'assets/gone.csv'"),
        ("csv: assets/theme.wav", "csv", "is not a list of places that is read"),
        ("curve: assets/gone.svg", "curve.file", "no file 'assets/gone.svg'"),
        ("curve: assets/dove.png", "curve.file", "dove.png"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_at_once(write_show, formation, key, words):
    with pytest.raises(ShowError) as caught:
        load_show(write_show((RINGS, f"formation: {{ {formation} }}, travel: 6 s")))
    (problem,) = caught.value.problems
    assert problem.path == f"troupes.ribbons.drill[1].formation.{key}"
    assert words in problem.message


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
