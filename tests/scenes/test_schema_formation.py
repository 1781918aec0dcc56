from __future__ import annotations

from typing import Any, get_args

import pytest
from cardstunt.kernels import figure_placing, grid_placing, stacked_figures
from cardstunt.scenes import schema_formation
from cardstunt.scenes.schema_formation import Formation
from pydantic import ValidationError

LINE = [["0 m", "0 m"], ["5 m", "0 m"]]


def test_the_names_are_those_of_the_kernels() -> None:
    assert get_args(schema_formation.Placing) == figure_placing.PLACINGS
    assert get_args(schema_formation.Fill) == grid_placing.FILLS
    assert get_args(schema_formation.StackKind) == stacked_figures.STACKS


@pytest.mark.parametrize(
    ("formation", "kind"),
    [
        ({"grid": 20}, "grid"),
        ({"grid": {"rows": 4, "fill": "edge"}}, "grid"),
        ({"arcs": 3}, "arcs"),
        ({"arcs": {"arcs": 3, "from": "-180 deg", "to": "180 deg"}}, "arcs"),
        ({"curve": "assets/path.svg"}, "curve"),
        ({"curve": {"points": LINE}}, "curve"),
        ({"polygon": [*LINE, ["0 m", "9 m"]], "placing": "blue_noise", "spacing": "1 m"}, "polygon"),
        ({"csv": "assets/places.csv", "spacing": "0.5 m"}, "csv"),
        ({"text": "JOY", "font": "assets/joy.ttf"}, "text"),
        ({"stack": "tower"}, "stack"),
        ({"stack": {"kind": "wall", "base": 4, "columns": 6, "spacing": "2 m"}}, "stack"),
    ],
)
def test_formations(formation: dict[str, Any], kind: str) -> None:
    assert Formation.model_validate(formation).kind == kind


def test_files_are_named_with_their_use() -> None:
    def files(**formation: Any) -> Any:
        return Formation.model_validate(formation).files

    assert files(block=3) == ()
    assert files(image="a.png") == ((("image",), "image", "a.png"),)
    assert files(csv="a.csv") == ((("csv",), "places", "a.csv"),)
    assert files(text="JOY", font="a.ttf") == ((("font",), "font", "a.ttf"),)
    assert files(curve="a.svg") == ((("curve", "file"), "curve", "a.svg"),)


@pytest.mark.parametrize(
    ("formation", "words"),
    [
        ({"arcs": {"arcs": 3, "from": "20 deg", "to": "10 deg"}}, "must be more than 'from'"),
        ({"arcs": {"arcs": 3, "from": "0 deg", "to": "361 deg"}}, "360 deg"),
        ({"arcs": {"arcs": 3, "radius": "8 m", "gap": "4 m"}}, "more than 8 m, so that 3 arcs"),
        ({"curve": {}}, "a curve needs one of"),
        ({"curve": {"points": LINE, "file": "a.svg"}}, "one of points, file"),
        ({"curve": {"points": LINE, "width": "9 m"}}, "only with file"),
        ({"curve": {"points": [*LINE, *LINE, LINE[0]]}}, "4, 7, 10"),
        ({"curve": {"points": LINE, "gap": "0.5 m"}}, "at least the spacing, 1.2 m"),
        ({"polygon": LINE}, "at least 3"),
        ({"stack": "heap"}, "'wall', 'pyramid' or 'tower'"),
        ({"stack": {"kind": "wall", "base": 11}}, "less than or equal to 10"),
        ({"stack": {"kind": "wall", "spacing": "0.5 m"}}, "from 0.6 m to 50 m"),
        ({"rings": 3, "placing": "even"}, "only with polygon, image, text"),
        ({"rings": 3, "spacing": "1 m"}, "only with polygon, image, text, csv"),
        ({"image": "a.png", "font": "a.ttf"}, "only with text"),
        ({"text": "JOY", "placing": "random"}, "even"),
        ({"grid": 5, "block": 5}, "found block and grid"),
    ],
)
def test_what_is_no_formation_is_refused(formation: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Formation.model_validate(formation)
