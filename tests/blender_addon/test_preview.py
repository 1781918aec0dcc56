from __future__ import annotations

import subprocess
import sys
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
from cardstunt.blender_addon import preview
from cardstunt.blender_addon.preview import write_preview
from cardstunt.blender_addon.preview_board import Board
from cardstunt.blender_addon.preview_cards import SectionView
from cardstunt.blender_addon.preview_drawing import colours_of
from cardstunt.blender_addon.preview_performance import perform, set_at
from cardstunt.blender_addon.preview_sheet import settled
from cardstunt.kernels.books import card_states
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.load import load_show
from PIL import Image

SHOW = """\
cardstunt: 1
title: Two pages and a walk
music: { file: beep.wav, bpm: 120 }
card_section:
  columns: 20
  rows: 10
  people: { perfect: true }
  palette: { colours: 4, dither: none }
  pages:
    red: { fill: "#c00000" }
    blue: { fill: "#0000c0" }
    green: { fill: "#00c000" }
  cues:
    - { at: 0 s, page: red }
    - { at: 1 s, page: blue, where: { columns: 1-10 }, flip: { order: sweep, over: 0.4 s, turn: 0.2 s } }
    - { at: 1 s, page: green, where: { columns: 11-20 }, flip: { order: together, turn: 0.6 s } }
troupes:
  dancers:
    count: 30
    costume: { colour: "#ffff00" }
    drill:
      - { at: 0 s, formation: { block: { columns: 6 } }, place: [40 m, 60 m] }
      - { at: 0.5 s, formation: { rings: 2 }, place: [-40 m, -60 m], travel: 1 s, move: wave }
film:
  shots:
    - { name: only, show: 0 s..1 s, camera: { look_down: { height: 120 m } } }
"""
RED, BLUE, GREEN, YELLOW = (192, 0, 0), (0, 0, 192), (0, 192, 0), (255, 255, 0)
NO_TROUPES = (SHOW[SHOW.index("troupes:") : SHOW.index("film:")], "")
NO_MUSIC = ("music: { file: beep.wav, bpm: 120 }\n", "")
BEEP = 1.5


def silent_progress(stage, done, of):
    pass


@pytest.fixture(scope="module")
def show_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("preview_show")
    rate = 8000
    time = np.arange(4 * rate) / rate
    sound = np.where(time < BEEP, 0, 12000 * np.sin(2 * np.pi * 440 * time)).astype("<i2")
    with wave.open(str(folder / "beep.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.tobytes())
    return folder


@pytest.fixture
def load(show_folder, tmp_path):
    def load(*replacements):
        text = SHOW
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (tmp_path / "show.yaml").write_text(text, "utf-8")
        if not (tmp_path / "beep.wav").exists():
            (tmp_path / "beep.wav").hardlink_to(show_folder / "beep.wav")
        return load_show(tmp_path / "show.yaml")

    return load


@pytest.fixture
def performance(load):
    return perform(load(), silent_progress)


def nearest(pixels, colour):
    """How many pixels are within a little of a colour."""
    return int((np.abs(pixels[..., :3].astype(int) - colour).max(axis=-1) <= 12).sum())


def decoded(path):
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def run_python(code, *arguments):
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_all_that_a_preview_needs_imports_without_blender():
    done = run_python(
        "import sys, cardstunt.blender_addon.cli, cardstunt.blender_addon.preview\n"
        "import cardstunt.blender_addon.finish, cardstunt.blender_addon.encode\n"
        "found = {'bpy', 'bmesh', 'mathutils'} & set(sys.modules)\n"
        "assert not found, found"
    )
    assert done.returncode == 0, done.stderr


def test_check_and_preview_run_without_blender(load, tmp_path):
    show = load().path
    for arguments in (["check", show], ["preview", show, "-o", tmp_path / "sheet.png"]):
        done = run_python(
            "import sys\nfrom cardstunt.blender_addon.cli import main\n"
            "main(sys.argv[1:], standalone_mode=False)\nassert 'bpy' not in sys.modules",
            *arguments,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "sheet.png").is_file()


def test_the_film_is_as_long_as_the_show_and_players_know_its_colours(load, performance, tmp_path):
    write_preview(load(), tmp_path / "p.mp4", silent_progress)
    with av.open(str(tmp_path / "p.mp4")) as film:
        video = film.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.codec_context.color_primaries, video.codec_context.colorspace) == (1, 1)
        assert video.average_rate == preview.FPS
        assert 0 <= video.frames / preview.FPS - performance.end < 1 / preview.FPS


def test_the_film_shows_pages_and_gymnasts_when_they_are_due(load, tmp_path):
    write_preview(load(), tmp_path / "p.mp4", silent_progress)
    frames = decoded(tmp_path / "p.mp4")
    cards = 20 * 50 * 10 * 56
    first, last = frames[0], frames[-1]
    assert nearest(first, RED) > 0.6 * cards
    assert nearest(first, BLUE) == nearest(first, GREEN) == 0
    assert nearest(last, RED) == 0
    assert nearest(last, BLUE) > 0.3 * cards
    assert nearest(last, GREEN) > 0.3 * cards
    assert nearest(frames[int(0.9 * preview.FPS)], RED) > 0.6 * cards


def test_music_begins_with_the_show(load, tmp_path):
    write_preview(load(), tmp_path / "p.mp4", silent_progress)
    with av.open(str(tmp_path / "p.mp4")) as film:
        frames = list(film.decode(audio=0))
        rate = frames[0].sample_rate
        start = float(frames[0].pts * frames[0].time_base)
        sound = np.concatenate([frame.to_ndarray() for frame in frames], 1)[0]
    loud = np.flatnonzero(np.abs(sound) > 0.1)
    assert start + loud[0] / rate == pytest.approx(BEEP, abs=0.05)
    assert sound.size / rate > 3


def test_a_show_without_music_is_silent(load, tmp_path):
    write_preview(load(NO_MUSIC), tmp_path / "p.mp4", silent_progress)
    with av.open(str(tmp_path / "p.mp4")) as film:
        assert not film.streams.audio


def test_the_same_show_gives_the_same_bytes(load, tmp_path):
    for ending in ("mp4", "png"):
        files = [tmp_path / f"{name}.{ending}" for name in "ab"]
        for file in files:
            write_preview(load(), file, silent_progress)
        assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("ending", ["mp4", "png"])
def test_progress_comes_to_its_end(load, tmp_path, ending):
    said = {}

    def progress(stage, done, of):
        said.setdefault(stage, []).append((done, of))

    write_preview(load(), tmp_path / f"p.{ending}", progress)
    assert list(said) == ["prepare", "draw"]
    for steps in said.values():
        assert [done for done, _ in steps] == list(range(len(steps)))
        assert steps[-1][0] == steps[-1][1]


def test_a_preview_is_whole_or_absent(load, tmp_path):
    class StopHereError(Exception):
        pass

    def stop(stage, done, of):
        if stage == "draw" and done == 2:
            raise StopHereError

    loaded = load()
    for ending in ("mp4", "png"):
        folder = tmp_path / ending
        folder.mkdir()
        (folder / f"p.{ending}").write_bytes(b"the one before")
        with pytest.raises(StopHereError):
            write_preview(loaded, folder / f"p.{ending}", stop)
        assert [path.read_bytes() for path in folder.iterdir()] == [b"the one before"]


def test_another_ending_is_refused_before_any_work(load, tmp_path):
    with pytest.raises(ValueError, match=r"\.mp4 or \.png"):
        write_preview(load(), tmp_path / "p.gif", lambda *_: pytest.fail("it began"))
    assert not (tmp_path / "p.gif").exists()


def test_it_ends_two_seconds_after_the_last_thing_and_not_before_the_last_shot(load):
    def end(*replacements):
        return perform(load(*replacements), silent_progress).end

    assert end() == Fraction("3.6")  # the cue's 0.6 s from 1 s on
    assert end(("show: 0 s..1 s", "show: 0 s..9 s")) == 9
    assert end(("travel: 1 s", "travel: 4 s")) == Fraction("6.5")
    assert end(NO_TROUPES, ("turn: 0.6 s", "turn: 0.3 s"), ("over: 0.4 s", "over: 1.4 s")) == Fraction("4.6")


def test_a_settled_picture_comes_before_the_next_cue(load):
    performance = perform(load(), silent_progress)
    assert [settled(performance, index) for index in range(3)] == [0, Fraction("1.6"), Fraction("1.6")]
    soon = ("    - { at: 1 s, page: green", "    - { at: 1.3 s, page: green")
    performance = perform(load(soon), silent_progress)
    assert settled(performance, 1) == Fraction("1.3")


def test_a_run_is_seen_half_way_and_a_gesture_at_its_height(load):
    moving = (
        '    green: { fill: "#00c000" }\n',
        '    green: { fill: "#00c000" }\n    sea: { pattern: waves, run: { every: 0.5 s, for: 2.5 s } }\n',
    )
    cues = (
        "troupes:",
        "    - { at: 3 s, page: sea, flip: { turn: 0.2 s } }\n"
        "    - { at: 6 s, gesture: { kind: raise, hold: 1 s }, flip: { turn: 0.4 s } }\ntroupes:",
    )
    performance = perform(load(moving, cues), silent_progress)
    assert len(performance.turns_of(3)) == 5
    assert settled(performance, 3) == Fraction("4.2")  # the third of five pages, called at 4 s
    assert performance.turns_of(4) == []
    assert settled(performance, 4) == Fraction("6.9")
    assert performance.end == Fraction("7.8") + 2
    raised = card_states(performance.books, np.array([ticks(Fraction("6.9"))]))[0, 20:, :, 0]
    assert (raised == 255).all()


def test_the_sheet_has_a_tile_a_cue_and_a_tile_a_formation(load, tmp_path):
    write_preview(load(), tmp_path / "p.png", silent_progress)
    sheet = np.asarray(Image.open(tmp_path / "p.png"))
    assert sheet.shape[2] == 3
    cards = 500 * 282
    assert nearest(sheet, RED) == pytest.approx(0.93 * cards, rel=0.03)
    # the two halves turn together, so each of their tiles shows both
    assert [nearest(sheet, half) for half in (BLUE, GREEN)] == pytest.approx([0.93 * cards] * 2, rel=0.03)
    formations = (sheet[..., 2] < 80) & (sheet[..., :2].min(axis=-1) > 140)
    tiles = np.flatnonzero(np.diff(np.flatnonzero(formations.any(axis=0))) > 150)
    assert tiles.size == 1  # two groups of yellow dots, far apart


def test_ways_lead_from_the_last_formation(load, tmp_path):
    """Between the two places of the walk the sheet shows lines where the start's tile shows grass."""
    write_preview(load(), tmp_path / "p.png", silent_progress)
    sheet = np.asarray(Image.open(tmp_path / "p.png")).astype(int)
    field = sheet[-420:, 24 : 24 + 502], sheet[-420:, 24 + 522 : 24 + 522 + 502]
    middle = [tile[120:200, 200:300] for tile in field]
    brightest = [tile.max(axis=-1).max() for tile in middle]
    assert brightest[1] > brightest[0] + 20


def test_the_film_shows_the_ways_to_come_and_those_under_way(load):
    """Between the two places of the walk there are lines, until all are there."""
    later = ("at: 0.5 s, formation", "at: 6 s, formation")
    performance = perform(load(later), silent_progress)
    frames = list(Board(performance).pictures([Fraction(1), Fraction(5), Fraction("6.3"), Fraction(8)]))
    field = [frame[-62 - 16 - 417 : -62 - 16, 12:592].astype(int)[160:240, 230:330] for frame in frames]
    strength = [int((np.abs(part - field[0]).max(axis=-1) > 6).sum()) for part in field]
    assert strength[1] > 30
    assert strength[2] > 30
    assert strength[3] == 0


def test_a_frame_keeps_still_while_the_next_are_drawn(performance):
    frames = Board(performance).pictures([Fraction(0), Fraction(3, 2), Fraction(2)])
    first = next(frames)
    kept = first.copy()
    second = next(frames)
    assert (first == kept).all()
    assert (first != second).any()


def test_a_moment_looks_the_same_however_it_is_reached(performance):
    moments = [Fraction(k, 7) for k in range(20)]
    together = list(Board(performance).pictures(moments))
    alone = next(Board(performance).pictures([moments[13]]))
    assert (together[13] == alone).all()


def test_the_playhead_moves_along_the_whole_show(performance):
    board = Board(performance)
    first, last = board.pictures([Fraction(0), performance.end])
    gold = (255, 194, 28)
    reach = [
        np.flatnonzero((frame[-70:, :, :3] == gold).all(axis=-1).any(axis=0)).max() for frame in (first, last)
    ]
    assert reach[0] <= 24
    assert reach[1] >= 1024 - 24


def test_a_troupe_is_in_a_set_or_on_its_way(performance):
    drill = performance.drills["dancers"]
    seen = [set_at(drill, ticks(Fraction(moment))) for moment in ("0", "0.4", "0.5", "1.1", "1.5", "9")]
    assert seen == [(0, 0), (0, 0), (1, 1), (1, Fraction("0.4")), (1, 0), (1, 0)]


def test_a_show_without_troupes_has_no_field(load):
    performance = perform(load(NO_TROUPES), silent_progress)
    board = Board(performance)
    assert board.height < Board(perform(load(), silent_progress)).height - 300
    assert next(board.pictures([Fraction(0)])).shape == (board.height, 1024, 4)


def test_more_troupes_than_there_is_room_for(load):
    start, end = SHOW.index("  dancers:"), SHOW.index("film:")
    troupe = SHOW[start:end].replace("rings: 2", "star: 5")
    many = "".join(troupe.replace("dancers", f"a troupe with quite a long name, {n}") for n in range(30))
    performance = perform(load((SHOW[start:end], many)), silent_progress)
    assert next(Board(performance).pictures([Fraction(1)])).shape[1] == 1024


@pytest.mark.parametrize(("columns", "rows"), [(2, 80), (325, 2), (325, 80), (300, 80), (7, 3)])
def test_every_section_fits_and_has_an_even_size(load, columns, rows):
    size = ("columns: 20\n  rows: 10", f"columns: {columns}\n  rows: {rows}")
    halves = (
        (", where: { columns: 1-10 }", ""),
        (", where: { columns: 11-20 }", ""),
        ("at: 1 s, page: green", "at: 2 s, page: green"),
    )
    performance = perform(load(size, *halves, NO_TROUPES), silent_progress)
    board = Board(performance)
    frame = next(board.pictures([Fraction(0)]))
    assert frame.shape == (board.height, 1024, 4)
    assert board.height % 2 == 0
    assert nearest(frame, RED) > 0


def test_the_board_shows_the_states_of_its_moment(performance):
    """Half-way through the sweep the left half is blue at its left and red at its right."""
    moment = Fraction("1.3")
    states = card_states(performance.books, np.array([ticks(moment)]))[0]
    assert (states[10:20, 0, 2] == 192).all()
    frame = next(Board(performance).pictures([moment]))
    assert nearest(frame[60:500, 117:187], BLUE) > 20_000
    assert nearest(frame[60:500, 412:492], RED) > 20_000
    assert nearest(frame[60:500, 412:492], BLUE) == 0


def test_screens_play_a_moving_page_between_its_cues(load):
    screens = ("  palette: { colours: 4, dither: none }\n", "  mode: tablets\n  tablet: { pixels: 2 }\n")
    green = (
        '    green: { fill: "#00c000" }\n',
        "    green: { pattern: { kind: stripes, size: 4 }, run: { for: 9 s } }\n",
    )
    performance = perform(load(screens, green, NO_TROUPES), silent_progress)
    view = SectionView(performance, 160, 80)
    before, during, later = view.pictures(np.array([ticks(Fraction(k)) for k in (0, 3, 4)]))
    assert (colours_of(before)[..., :3] == RED).all()
    left, right = colours_of(later)[:, :80, :3], colours_of(later)[:, 80:, :3]
    assert (left == BLUE).all()
    assert len(np.unique(right.reshape(-1, 3), axis=0)) >= 2
    assert (during[:, :80] == later[:, :80]).all()
    assert (during[:, 80:] != later[:, 80:]).mean() > 0.1
