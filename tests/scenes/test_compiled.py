from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cardstunt.kernels.collisions import collisions
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.compiled import check_section, compile_show, compile_troupes
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.troupes import compile_drill

WriteShow = Callable[..., Path]


def test_a_show_is_its_section_and_its_drills(write_show: WriteShow) -> None:
    loaded = load_show(write_show())
    steps: list[tuple[int, int]] = []
    compiled = compile_show(loaded, lambda done, of: steps.append((done, of)))
    assert steps == [(0, 2), (1, 2), (2, 2)]
    assert compiled.books is compiled.section.books
    section = compile_section(loaded)
    np.testing.assert_array_equal(compiled.books.start, section.books.start)
    np.testing.assert_array_equal(compiled.books.page, section.books.page)
    assert list(compiled.drills) == ["ribbons"]
    np.testing.assert_array_equal(compiled.drills["ribbons"].places, compile_drill(loaded, "ribbons").places)


CROSSING = """\
field: { resolve: true, room: 0.5 m }
troupes:
  eastward:
    count: 9
    costume: { colour: "#ff0000" }
    drill:
      - { at: 0 s, formation: { lines: 1 }, place: [-6 m, 0 m] }
      - { at: 2 s, formation: { lines: 1 }, place: [6 m, 0 m], travel: 6 s }
  westward:
    count: 9
    costume: { colour: "#0000ff", changes: [{ at: 5 s, picture: { image: assets/sunrise.png, width: 8 m } }] }
    drill:
      - { at: 0 s, formation: { lines: 1 }, place: [6 m, 0 m] }
      - { at: 2 s, formation: { lines: 1 }, place: [-6 m, 0 m], travel: 6 s }
film:
"""


def crossing(write_show: WriteShow) -> Path:
    path = write_show()
    before, _, after = path.read_text("utf-8").partition("troupes:\n")
    path.write_text(before + CROSSING + after.partition("film:\n")[2], "utf-8")
    return path


def test_each_troupe_has_its_costumes(write_show: WriteShow) -> None:
    compiled = compile_show(load_show(write_show()))
    assert list(compiled.costumes) == ["ribbons"]
    assert compiled.costumes["ribbons"].colour.shape == (1, 400, 3)
    assert compiled.mended is None


def test_ways_that_collide_are_mended_where_the_show_asks_for_it(write_show: WriteShow) -> None:
    loaded = load_show(crossing(write_show))
    asked = compile_troupes(loaded)
    assert asked.mended is not None
    assert len(asked.mended.before) > 5
    assert len(asked.mended.remaining) == 0
    assert asked.mended.remaining.threshold == 0.5
    assert [*asked.drills.values()] == [*asked.mended.drills]
    assert len(collisions(list(asked.drills.values()), threshold=0.5)) == 0
    # What was mended once stays so, to the bit.
    assert compile_troupes(loaded).mended is asked.mended
    # Colours go by where people are when they make room.
    places = gymnast_states(asked.drills["westward"], np.array([ticks(5)]))[0, 0, :, :2]
    covered = (np.abs(places[:, 1]) < 3.9) & (np.abs(places[:, 0]) < 1.2)
    blue = (asked.costumes["westward"].colour[1] == (0, 0, 255)).all(axis=1)
    beside = (np.abs(places[:, 1]) > 4.1) | (np.abs(places[:, 0]) > 1.4)
    assert covered.any()
    assert not blue[covered].any()
    assert blue[beside].all()


def test_ways_are_left_alone_unless_the_show_asks(write_show: WriteShow) -> None:
    path = crossing(write_show)
    path.write_text(path.read_text("utf-8").replace("resolve: true", "resolve: false"), "utf-8")
    compiled = compile_troupes(load_show(path))
    assert compiled.mended is None
    assert all(drill.detours is None for drill in compiled.drills.values())
    assert len(collisions(list(compiled.drills.values()))) > 5


def test_a_section_that_does_not_fit_is_told_before_anything_is_worked_out(write_show: WriteShow) -> None:
    loaded = load_show(write_show())
    check_section(loaded)
    section = loaded.show.card_section.model_copy(update={"columns": 900})
    wide = type(loaded)(
        loaded.show.model_copy(update={"card_section": section}),
        loaded.path,
        loaded.folder,
        (),
        loaded.source,
    )
    for work in (check_section, compile_show, compile_section):
        with pytest.raises(ShowError) as caught:
            work(wide)
        (problem,) = caught.value.problems
        assert problem.path == "card_section.columns"
        assert "does not fit the east stand" in problem.message
        assert problem.line == 8


def test_a_picture_that_is_gone_ends_all_the_work(write_show: WriteShow) -> None:
    loaded = load_show(write_show())
    (loaded.folder / "assets" / "sunrise.png").unlink()
    with pytest.raises(ShowError, match=r"sunrise\.png"):
        compile_show(loaded)
