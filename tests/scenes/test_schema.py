from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from cardstunt.kernels import clips, flips, gestures, patterns
from cardstunt.scenes import schema_cue, schema_film, schema_formation, schema_page, schema_troupe
from cardstunt.scenes.load import LIBRARY, load_show
from cardstunt.scenes.schema import json_schema
from cardstunt.scenes.schema_cue import Where
from cardstunt.scenes.yaml_source import read_yaml
from pydantic import ValidationError


def test_the_names_are_those_of_the_kernels() -> None:
    assert get_args(schema_cue.Order) == flips.ORDERS
    assert get_args(schema_cue.GestureKind) == gestures.GESTURES
    assert get_args(schema_page.PatternKind) == patterns.PATTERNS
    assert get_args(schema_troupe.Clip) == clips.CLIP_NAMES


@pytest.mark.parametrize(
    ("formation", "kind", "shape"),
    [
        ({"block": {"columns": 80}}, "block", schema_formation.Block(columns=80)),
        ({"rings": 5}, "rings", schema_formation.Rings(rings=5)),
        ({"rings": {"rings": 5, "radius": "40 m"}}, "rings", schema_formation.Rings(rings=5, radius=40.0)),
        ({"star": {}}, "star", schema_formation.Star()),
        ({"image": "a.png", "width": "60 m"}, "image", "a.png"),
        ({"text": "JOY"}, "text", "JOY"),
    ],
)
def test_formations(formation: dict[str, Any], kind: str, shape: object) -> None:
    found = schema_formation.Formation.model_validate(formation)
    assert (found.kind, found.shape) == (kind, shape)


def test_a_bare_move_is_its_clip() -> None:
    at = {"at": "0 s", "formation": {"rings": 5}}
    assert schema_troupe.DrillSet.model_validate(at).move == schema_troupe.Move(clip="stand")
    short = schema_troupe.DrillSet.model_validate({**at, "move": "march"})
    assert short.move == schema_troupe.Move(clip="march", canon=Fraction(0))


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("1920x1081", "write '1920x1082'"),
        ("1920", "like '1920x1080'"),
        ("99999x2", "16 to 16384"),
        (1920, "like"),
    ],
)
def test_sizes_that_cannot_be_filmed(size: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        schema_film.Film.model_validate({"size": size, "shots": []})


def test_a_shot_changes_only_what_it_names_of_the_tilt_shift(show_text: str, shared_folder: Path) -> None:
    path = shared_folder / "tilt.yaml"
    path.write_text(show_text, "utf-8")
    film = load_show(path).show.film
    wide, push = (film.tilt_shift_of(shot) for shot in film.shots[:2])
    assert wide == film.tilt_shift
    assert push.tilt == math.radians(2)
    assert (push.scale, push.f_number, push.focus) == (150, 1.8, "card_section")


def test_models_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Where(drawn=True).rows = ((1, 2),)


KNOWN = {"$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description"}
KNOWN |= {"enum", "examples", "exclusiveMaximum", "items", "maxItems", "maximum", "minItems", "minLength"}
KNOWN |= {"minProperties", "minimum", "pattern", "prefixItems", "properties", "required", "title", "type"}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
RULES: dict[str, Callable[[Any, Any], bool]] = {
    "const": lambda value, only: bool(value == only),
    "enum": lambda value, all_of: value in all_of,
    "pattern": lambda value, pattern: re.search(pattern, value) is not None,
    "minLength": lambda value, least: len(value) >= least,
    "minimum": lambda value, least: bool(value >= least),
    "maximum": lambda value, most: bool(value <= most),
    "exclusiveMaximum": lambda value, limit: bool(value < limit),
    "minItems": lambda value, least: len(value) >= least,
    "maxItems": lambda value, most: len(value) <= most,
    "minProperties": lambda value, least: len(value) >= least,
    "required": lambda value, names: set(names) <= value.keys(),
}


def conforms(value: Any, part: dict[str, Any], root: dict[str, Any]) -> bool:
    """Judge `value` by the words of JSON Schema that ours uses; any other word fails the test."""
    assert not part.keys() - KNOWN
    kind = part.get("type")
    if kind is not None and type(value) not in TYPES[kind]:
        return False
    if not all(rule(value, part[word]) for word, rule in RULES.items() if word in part):
        return False
    options = part.get("anyOf", [{}])
    if "$ref" in part:
        options = [root["$defs"][part["$ref"].rpartition("/")[2]]]
    if options != [{}] and not any(conforms(value, option, root) for option in options):
        return False
    inner: list[tuple[Any, Any]] = []
    if kind == "array":
        inner = list(zip(value, part.get("prefixItems") or [part["items"]] * len(value), strict=False))
    elif kind == "object":
        others = part.get("additionalProperties", {})
        inner = [(item, part.get("properties", {}).get(name, others)) for name, item in value.items()]
    return all(rule is not False and conforms(item, rule, root) for item, rule in inner)


@pytest.fixture(scope="module")
def editor_schema() -> dict[str, Any]:
    return json_schema()


def test_the_json_schema_takes_shows(editor_schema: dict[str, Any], show_text: str) -> None:
    assert editor_schema["$schema"].endswith("2020-12/schema")
    assert conforms(read_yaml(show_text, "show.yaml").data, editor_schema, editor_schema)
    for path in LIBRARY.glob("*/show.yaml"):
        assert conforms(read_yaml(path.read_text("utf-8"), "").data, editor_schema, editor_schema), path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cardstunt: 1", "cardstunt: 2"),
        ("light: dusk", "light: moon"),
        ("at: 0 s, page", "at: 0, page"),
        ("columns: 25", "columns: 1"),
        ("speed: 8x", "speed: 8"),
        ('"#0a3d91"', "blue"),
        ("count: 400", "count: 0"),
        ("order: sweep", "orders: sweep"),
        ("hold: 2", "hold: 0"),
        ("title: A small show", "tune: 3"),
    ],
)
def test_the_json_schema_refuses_what_a_show_is_not(
    editor_schema: dict[str, Any], show_text: str, old: str, new: str
) -> None:
    assert old in show_text
    data = read_yaml(show_text.replace(old, new), "show.yaml").data
    assert not conforms(data, editor_schema, editor_schema)


def test_the_json_schema_has_readable_defaults(editor_schema: dict[str, Any]) -> None:
    definitions = editor_schema["$defs"]
    assert definitions["Flip"]["properties"]["turn"]["default"] == "0.4 s"
    assert "from" in definitions["Flip"]["properties"]
    for definition in definitions.values():
        for part in definition["properties"].values():
            if "default" in part and part["default"] is not None:
                assert conforms(part["default"], part, editor_schema)
            for example in part.get("examples", ()):
                assert conforms(example, part, editor_schema)
