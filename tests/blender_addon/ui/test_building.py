"""What the panel decides by itself: when a bake is enough, and what lines fit."""

from __future__ import annotations

import pytest

pytest.importorskip("bpy")

from cardstunt.blender_addon.ui.building import layout
from cardstunt.blender_addon.ui.properties import show_items
from cardstunt.blender_addon.ui.reports import wrapped
from cardstunt.scenes.load import library_shows

pytestmark = pytest.mark.blender

SCREENS = ("  palette: { colours: 24, dither: none }\n", "  mode: tablets\n  tablet: { pixels: 2 }\n")


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
        ("seed: 3", "seed: 3\nmarkers: { drop: 1 s }"),
        ("  cues:", "  blocks: { wing: { columns: 1-5 } }\n  cues:"),
        ("  size: 96x54", "  size: 96x54\n  shutter: 90 deg"),
        ("#1b60d8", "#10f030"),
        ("prop: flag }", "prop: flag, changes: [{ at: 1 s, colour: '#ffffff' }] }"),
        ("    count: 20\n", "    count: 20\n    step: 8 to 5\n"),
        ("troupes:", "field: { resolve: true }\ntroupes:"),
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
        ("prop: flag", "prop: flag, style: dress"),
        ("prop: flag", "prop: flag, bodies: [woman]"),
        ("prop: flag", "prop: flag, accent: '#ffffff'"),
        ("  size: 96x54", "  size: 96x54\n  key_error: 5 mm"),
        ("seed: 3", "seed: 4"),
        ("  cues:", '  cover: "#204060"\n  cues:'),
        ("  cues:", "  seats: { aisles: 3 }\n  cues:"),
        ("{ colours: 24, dither: none }", "{ colours: 24, dither: none }\n  mode: cards"),
        SCREENS,
    ],
    ids=lambda change: change[1],
)
def test_a_bake_does_not_follow_what_the_scene_is_made_of(changed_show, change):
    assert layout(changed_show(change)) != layout(changed_show())


@pytest.mark.parametrize(
    ("change", "follows"),
    [
        (("absent: 5 %", "absent: 50 %"), False),
        (("absent: 5 %", "absent: 5 %, perfect: true"), False),
        (("pixels: 2", "pixels: 3"), False),
        (("pixels: 2", "pixels: 2, brightness: 500"), False),
        (("reaction: 100 ms", "reaction: 200 ms"), True),
    ],
    ids=str,
)
def test_screens_stand_where_nobody_sits(changed_show, change, follows):
    assert (layout(changed_show(SCREENS, change)) == layout(changed_show(SCREENS))) is follows


def test_a_bake_does_not_follow_seats_that_their_file_moves(changed_show):
    seats = [
        f"{row}-{number},S,{row},{number},{100 + row},{number},{3 + row}"
        for row in (1, 2)
        for number in (1, 2)
    ]

    def found(*lines):
        folder = changed_show().folder
        (folder / "seats.csv").write_text("\n".join(["seat,section,row,number,x,y,z", *lines]) + "\n")
        return layout(changed_show(("  columns: 20\n  rows: 10\n", "  seats: { file: seats.csv }\n")))

    former = found(*seats)
    assert found(*seats) == former
    assert found(*seats[:3], seats[3].replace("102", "103")) != former


def test_the_panel_offers_the_library_and_a_file():
    assert [name for name, _, _ in show_items()] == [*library_shows(), "FILE"]


def test_long_problems_are_wrapped():
    text = "no page named 'skye'; did you mean 'sky'? Allowed: red, sky, dusk"
    lines = wrapped(text, 300)
    assert len(lines) > 1
    assert " ".join(lines) == text
