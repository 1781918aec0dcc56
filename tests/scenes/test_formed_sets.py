from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.formed_sets import formed_sets
from cardstunt.scenes.load import load_show
from PIL import Image

WriteShow = Callable[..., Path]

RINGS = "formation: { rings: 5 }, travel: 6 s"


def refused(
    write_show: WriteShow, formation: str, files: dict[str, str | Image.Image] | None = None
) -> Problem:
    path = write_show((RINGS, f"formation: {{ {formation} }}, travel: 6 s"))
    for name, content in (files or {}).items():
        file = path.parent / "assets" / name
        content.save(file) if isinstance(content, Image.Image) else file.write_text(content)
    with pytest.raises(ShowError) as caught:
        formed_sets(load_show(path), "ribbons")
    (problem,) = caught.value.problems
    assert problem.line == 28
    return problem


def test_sets_without_a_formation_stay_in_the_last_one(write_show: WriteShow) -> None:
    dove = (
        "{ at: bar 13, formation: { image: assets/dove.png, width: 60 m }, place: [4 m, -3 m], travel: 8 s }"
    )
    path = write_show((dove, "{ at: bar 13, move: bow }"), (RINGS, f"{RINGS}, place: [5 m, 1 m]"))
    block, rings, bow = formed_sets(load_show(path), "ribbons")
    assert [each.stays for each in (block, rings, bow)] == [False, False, True]
    assert bow.formation is rings.formation
    assert bow.middle == (5.0, 1.0)
    assert bow.places is rings.places
    assert (bow.drill_set.move.clip, bow.height) == ("bow", None)


@pytest.mark.parametrize(
    ("formation", "kind", "fits"),
    [
        ("block: { columns: 200, spacing: 1.2 m }", "block", 142),
        ("grid: { rows: 2 }", "grid", 284),
        ("stack: { kind: wall, base: 2, columns: 60, spacing: 4 m }", "stack", 114),
        ("stack: { kind: tower, base: 2, columns: 1, spacing: 10 m }", "stack", 26),
    ],
)
def test_how_many_fit_is_told(write_show: WriteShow, formation: str, kind: str, fits: int) -> None:
    problem = refused(write_show, formation)
    assert problem.path == f"troupes.ribbons.drill[1].formation.{kind}"
    assert "of 400 people would stand outside the field" in problem.message
    assert problem.message.endswith(f"There is room for {fits}.")
    # And that many do.
    path = write_show((RINGS, f"formation: {{ {formation} }}, travel: 6 s"), ("count: 400", f"count: {fits}"))
    assert len(formed_sets(load_show(path), "ribbons")[1].places) == fits


def test_a_place_off_the_field_has_room_for_nobody(write_show: WriteShow) -> None:
    path = write_show((RINGS, "formation: { rings: 5 }, place: [300 m, 0 m], travel: 6 s"))
    with pytest.raises(ShowError, match="400 of 400 people would stand outside") as caught:
        formed_sets(load_show(path), "ribbons")
    assert "There is room" not in str(caught.value)


@pytest.mark.parametrize("bad", ["nan", "NaN", "inf", ""])
def test_a_table_with_no_number_is_an_error_with_its_line(write_show: WriteShow, bad: str) -> None:
    rows = [f"{k % 20 * 2},{k // 20 * 2}" for k in range(400)]
    rows[6] = f"3,{bad}"
    problem = refused(write_show, "csv: assets/places.csv", {"places.csv": "x,y\n" + "\n".join(rows)})
    assert problem.path == "troupes.ribbons.drill[1].formation.csv"
    assert f"'assets/places.csv', line 8: y is '{bad}', not a number of metres" in problem.message


def test_a_mask_with_no_inside_is_an_error(write_show: WriteShow) -> None:
    nothing = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    problem = refused(write_show, "image: assets/nothing.png", {"nothing.png": nothing})
    assert problem.path == "troupes.ribbons.drill[1].formation.image"
    assert "the picture is empty: nothing in it to stand on" in problem.message


def test_more_people_than_places_says_how_many_fit(write_show: WriteShow) -> None:
    problem = refused(write_show, "image: assets/dove.png, width: 12 m")
    assert problem.path == "troupes.ribbons.drill[1].formation.image"
    told = re.search(r"holds (\d+) people 0\.8 m apart, not 400", problem.message)
    assert told is not None
    fits = int(told[1])
    path = write_show(
        (RINGS, "formation: { image: assets/dove.png, width: 12 m }, travel: 6 s"),
        ("count: 400", f"count: {fits}"),
    )
    assert np.isfinite(formed_sets(load_show(path), "ribbons")[1].places).all()
