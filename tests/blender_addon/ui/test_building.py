"""What the panel decides by itself: when a bake is enough, and what lines fit."""

from __future__ import annotations

import pytest

pytest.importorskip("bpy")

from cardstunt.blender_addon.ui.building import layout
from cardstunt.blender_addon.ui.properties import show_items
from cardstunt.blender_addon.ui.reports import wrapped
from cardstunt.scenes.load import library_shows

pytestmark = pytest.mark.blender


@pytest.mark.parametrize(
    "change",
    [
        ("title: Tiny", "title: Small"),
        ('red: { fill: "#c01020" }', 'red: { fill: "#ffffff" }'),
        ("at: 1.1 s, page: dusk", "at: 1.2 s, page: dusk"),
        ("absent: 5 %", "absent: 50 %"),
        ("rings: 2", "rings: 1"),
        ("saturation: 1.2", "saturation: 1.0"),
        ("scale: 200", "scale: 100"),
        ("tilt_shift: { focus: field }", "tilt_shift: { focus: card_section }"),
        ("bpm: 120", "bpm: 90"),
    ],
    ids=lambda change: change[1],
)
def test_a_bake_follows_what_performers_do(changed_show, change):
    assert layout(changed_show(change)) == layout(changed_show())


@pytest.mark.parametrize(
    "change",
    [
        ("count: 20", "count: 25"),
        ("  ribbons:", "  stripes:"),
        ("columns: 20", "columns: 22"),
        ("spectators: 0 %", "spectators: 10 %"),
        ("light: golden_hour", "light: noon"),
        ("hold: 2", "hold: 1"),
        ("show: 1 s..2 s", "show: 1 s..2.5 s"),
        ("height: 50 m", "height: 60 m"),
        ("prop: flag", "prop: ribbon"),
        ("seed: 3", "seed: 4"),
    ],
    ids=lambda change: change[1],
)
def test_a_bake_does_not_follow_what_the_scene_is_made_of(changed_show, change):
    assert layout(changed_show(change)) != layout(changed_show())


def test_the_panel_offers_the_library_and_a_file():
    assert [name for name, _, _ in show_items()] == [*library_shows(), "FILE"]


def test_long_problems_are_wrapped():
    text = "no page named 'skye'; did you mean 'sky'? Allowed: red, sky, dusk"
    lines = wrapped(text, 300)
    assert len(lines) > 1
    assert " ".join(lines) == text
