"""Cues in the panel: the list, going to one, editing one, and undo; in a scene of a small show."""

from __future__ import annotations

import shutil
from fractions import Fraction
from typing import get_args

import pytest

pytest.importorskip("bpy")

import bpy
from cardstunt.blender_addon import ui
from cardstunt.blender_addon.ui import cue_edit, cue_list, live_bake, show_file, shows
from cardstunt.blender_addon.ui.reports import PanelError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.schema_cue import Order
from cardstunt.scenes.timeline import FilmTimeline, Sample

pytestmark = pytest.mark.blender


@pytest.fixture
def scene():
    """The scene of an empty file, with the panel registered."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    ui.register()
    yield bpy.context.scene
    ui.unregister()
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


@pytest.fixture
def show(show_file, tmp_path, scene):
    """A show file that may be changed, loaded in the scene."""
    path = shutil.copytree(show_file.parent, tmp_path / "show") / show_file.name
    scene.cardstunt.show, scene.cardstunt.file = "FILE", str(path)
    bpy.ops.cardstunt.load_show()
    return path


def rows():
    return bpy.context.scene.cardstunt_cues.rows


def problems():
    return [row.told for row in rows() if row.wrong]


def test_the_orders_are_those_of_a_show():
    assert tuple(cue_list.ORDERS) == get_args(Order)


def test_the_list_says_what_the_cues_are(scene, show):
    loaded = load_show(show)
    assert [row.page for row in rows()] == [cue.page or "" for cue in loaded.show.card_section.cues]
    assert [row.order for row in rows()] == [cue.flip.order for cue in loaded.show.card_section.cues]
    lines = show.read_text(encoding="utf-8").splitlines()
    assert all(row.at in lines[row.line - 1] and row.page in lines[row.line - 1] for row in rows())
    assert scene.cardstunt_cues.pages.splitlines() == list(loaded.show.card_section.pages)


def test_a_warning_stands_at_its_cue(scene, show):
    assert cue_list.note(scene, [("card_section.cues[1].page", "odd"), ("card_section.pages.a", "no")]) == 1
    assert [row.notes for row in rows()] == ["", "odd", ""]


@pytest.mark.parametrize(("at", "text"), [(Fraction(0), "0:00.0"), (Fraction(135, 2), "1:07.5")])
def test_moments_are_written_as_a_clock_has_them(at, text):
    assert cue_list.clock(at) == text


def test_a_cue_has_the_first_frame_that_comes_after_it_in_its_shot():
    times = [(0, 2, 1), (0, 3, 3), (0, 4, 5), (1, 10, 7), (1, 11, 9)]
    samples = tuple(
        Sample(index, shot, Fraction(0), Fraction(time), frame)
        for index, (shot, time, frame) in enumerate(times, 1)
    )
    moments = [Fraction(number, 2) for number in (0, 4, 5, 6, 9, 20, 22, 30)]
    found = cue_list.first_frames(FilmTimeline((), samples, Fraction(24)), moments)
    assert found == [0, 1, 3, 3, 0, 7, 9, 0]


@pytest.mark.parametrize(
    ("field", "value", "old", "new"),
    [
        ("at", "0.3 s", "at: 0.1 s", "at: 0.3 s"),
        ("page", "dusk", "page: sky", "page: dusk"),
        ("over", "0.2 s", None, "over: 0.2 s"),
        ("order", "iris", None, "iris"),
    ],
)
def test_an_edit_is_written_and_nothing_else_changes(show, field, value, old, new):
    before = show.read_text(encoding="utf-8")
    (number,) = (row.number for row in rows() if row.at == "0.1 s")
    setattr(rows()[number], field, value)
    after = show.read_text(encoding="utf-8")
    changed = [
        (one, other)
        for one, other in zip(before.splitlines(), after.splitlines(), strict=True)
        if one != other
    ]
    assert len(changed) == 1
    assert new in changed[0][1]
    assert old is None or changed[0][1] == changed[0][0].replace(old, new)
    assert problems() == []
    assert str(getattr(rows()[number], field)) == value
    cue = load_show(show).show.card_section.cues[number]
    assert (cue.flip.order == value) if field == "order" else True


def test_options_of_another_order_are_taken_out():
    flip = "{ order: sweep, from: right, over: 0.2 s }"
    text = f"card_section: {{ cues: [ {{ at: 0 s, page: a, flip: {flip} }} ] }}\n"
    wanted = "{ order: ripple, over: 0.2 s }"
    assert cue_edit.changed(text, 0, "order", "ripple") == text.replace(flip, wanted)


@pytest.mark.parametrize(
    ("text", "field", "value", "changed"),
    [
        ("", "over", "1 s", ", flip: { over: 1 s }"),
        ("", "order", "iris", ", flip: iris"),
        (", flip: rows", "over", "1 s", ", flip: { order: rows, over: 1 s }"),
        (", flip: rows", "order", "iris", ", flip: iris"),
        (", flip: {}", "over", "1 s", ", flip: { over: 1 s }"),
    ],
)
def test_a_flip_that_says_little_is_written_out(text, field, value, changed):
    show = "card_section: {{ cues: [ {{ at: 0 s, page: a{} }} ] }}\n"
    assert cue_edit.changed(show.format(text), 0, field, value) == show.format(changed)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("at", "soon", "soon"), ("page", "skye", "sky"), ("over", "2", "2"), ("order", "map", "map")],
)
def test_what_cannot_be_is_told_and_nothing_is_written(show, field, value, said):
    before = show.read_bytes()
    setattr(rows()[1], field, value)
    assert show.read_bytes() == before
    assert said in problems()[0]
    # What was typed stays, to be mended.
    assert (getattr(rows()[1], field), rows()[1].wrong) == (value, field)
    assert sorted(path.name for path in show.parent.iterdir() if path.name.startswith(".")) == []
    rows()[1].at = "0.2 s"
    assert (problems(), rows()[1].wrong) == ([], "")


def test_a_show_that_was_edited_elsewhere_is_not_overwritten(show):
    elsewhere = show.read_text(encoding="utf-8") + "# mine\n"
    show.write_text(elsewhere, encoding="utf-8")
    rows()[1].page = "dusk"
    assert "Load Show" in problems()[0]
    assert show.read_text(encoding="utf-8") == elsewhere


def test_a_show_that_is_gone_or_cannot_be_written_is_told(show, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", str(show))

    with monkeypatch.context() as patch:
        patch.setattr("cardstunt.blender_addon.files.Path.replace", refuse)
        rows()[1].page = "dusk"
    assert "Permission denied" in problems()[0]
    show.unlink()
    rows()[1].page = "red"
    assert str(show) in problems()[0]


def test_shows_of_the_library_are_copied_to_be_edited(scene, tmp_path):
    scene.cardstunt.show = "opening_night"
    bpy.ops.cardstunt.load_show()
    assert not scene.cardstunt_cues.own
    with pytest.raises(PanelError, match="library"):
        cue_edit.edit(bpy.context, scene, 0, "at", "1 s")
    bpy.ops.cardstunt.copy_show(directory=str(tmp_path))
    assert (scene.cardstunt.show, scene.cardstunt_cues.own) == ("FILE", True)
    assert cue_list.source(scene) == tmp_path / "opening_night" / "show.yaml"
    assert not list((tmp_path / "opening_night").rglob("*.py"))
    assert not bpy.ops.cardstunt.copy_show.poll()
    scene.cardstunt.show = "opening_night"
    with pytest.raises(PanelError, match="already"):
        shows.copy_show(bpy.context, str(tmp_path))


@pytest.fixture
def built(show):
    """The show, with its scene built."""
    bpy.ops.cardstunt.build()
    return show


def test_a_built_scene_goes_to_the_cue_and_follows_its_edit_and_undo(built):
    scene, before = bpy.context.scene, built.read_bytes()
    (row,) = (row for row in rows() if row.at == "0.1 s")
    number = row.number
    scene.cardstunt_cues.active = number
    assert scene.frame_current == row.frame > 1
    scene.frame_set(1)
    bpy.ops.cardstunt.go_to_cue()
    assert scene.frame_current == row.frame
    textures = live_bake.of(scene).textures

    def files():
        return {path.name: path.read_bytes() for path in textures.folder.glob("*.png")}

    first = files()
    bpy.ops.ed.undo_push(message="Built")
    row.page = "dusk"
    second, after = files(), built.read_bytes()
    assert problems() == []
    assert (first != second, before != after) == (True, True)
    bpy.ops.ed.undo_push(message="Edited")
    bpy.ops.ed.undo()
    assert (built.read_bytes(), rows()[number].page) == (before, "sky")
    assert files() == first
    bpy.ops.ed.redo()
    assert (built.read_bytes(), rows()[number].page) == (after, "dusk")
    assert files() == second
    # What somebody else has written since stays.
    built.write_bytes(after + b"# mine\n")
    bpy.ops.ed.undo()
    assert built.read_bytes() == after + b"# mine\n"


def test_a_show_that_loads_but_cannot_be_baked_is_put_back(built, monkeypatch):
    from cardstunt.scenes import card_section  # noqa: PLC0415
    from cardstunt.scenes.errors import Problem, ShowError  # noqa: PLC0415

    def overflows(loaded):
        raise ShowError([Problem("show.yaml", 1, 1, "", "", "", None, "171 pages")])

    before = built.read_bytes()
    monkeypatch.setattr(card_section, "compile_section", overflows)
    rows()[1].page = "dusk"
    assert problems() == ["171 pages"]
    assert built.read_bytes() == before
    assert (rows()[1].page, rows()[1].wrong) == ("dusk", "page")


def test_an_edit_that_the_scene_cannot_follow_is_written_all_the_same(built):
    built.write_text(built.read_text(encoding="utf-8").replace("count: 20", "count: 25"), encoding="utf-8")
    bpy.ops.cardstunt.load_show()
    rows()[1].page = "dusk"
    assert (problems(), rows()[1].page) == ([], "dusk")
    assert load_show(built).show.card_section.cues[1].page == "dusk"
    assert "build it again" in bpy.context.window_manager.cardstunt.problems[0].text


def test_cues_are_checked(show):
    assert bpy.ops.cardstunt.check_cues() == {"FINISHED"}
    assert problems() == []


def test_texts_are_put_back_only_where_they_stood(tmp_path, show):
    before = show.read_bytes()
    show_file.rewrite(show, lambda text: text.replace("0.1 s", "0.2 s"))
    assert not show_file.put_back(show, show_file.digest(b"of another"))
    assert show_file.put_back(show, show_file.digest(before))
    assert show.read_bytes() == before
    assert not show_file.put_back(show, show_file.digest(before))


def test_a_file_keeps_its_mode_and_its_mark(show):
    show.write_bytes(b"\xef\xbb\xbf" + show.read_bytes())
    show.chmod(0o640)
    show_file.rewrite(show, lambda text: text.replace("0.1 s", "0.2 s"))
    assert show.read_bytes().startswith(b"\xef\xbb\xbfcardstunt")
    assert show.stat().st_mode & 0o777 == 0o640
