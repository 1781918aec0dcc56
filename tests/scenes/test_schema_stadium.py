from __future__ import annotations

import typing

import pytest
from cardstunt.kernels import bowl
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.spectators import STANDS
from cardstunt.scenes.quantities import Reading
from cardstunt.scenes.schema import Show, json_schema
from cardstunt.scenes.schema_stadium import Floor, Plan, Preset, Roof, Spectators, Stadium
from pydantic import ValidationError


def read(model, data):
    """As from a show file: quantities have units."""
    return model.model_validate(data, context=Reading(), by_alias=True, by_name=False)


def literals(model, name):
    (choices, *_) = typing.get_args(typing.get_type_hints(model)[name])
    return set(typing.get_args(choices))


def test_what_can_be_named_is_what_there_is():
    assert list(typing.get_args(Preset)) == list(PRESETS)
    assert literals(Plan, "shape") == set(typing.get_args(bowl.PlanShape))
    assert literals(Roof, "kind") == set(typing.get_args(bowl.RoofKind))
    assert literals(Floor, "kind") == set(typing.get_args(bowl.FloorKind))
    assert set(Spectators().by_stand) == set(STANDS)


def test_spectators_are_a_share_or_shares_by_stand():
    assert read(Stadium, {"spectators": "40 %"}).spectators == Spectators(share=0.4)
    assert Stadium().spectators.by_stand == dict.fromkeys(STANDS, 0.7)
    by_stand = {"share": "80 %", "north": "20 %", "east": "0 %", "standing": "30 %", "waving": "12 %"}
    given = read(Stadium, {"spectators": by_stand}).spectators
    assert given.by_stand == {"east": 0.0, "north": 0.2, "west": 0.8, "south": 0.8}
    assert (given.standing, given.waving) == (0.3, 0.12)


@pytest.mark.parametrize("written", [70, 0.7, "70", True, None, [], "many"])
def test_a_share_of_spectators_needs_its_unit(written):
    with pytest.raises(ValidationError):
        read(Stadium, {"spectators": written})


def test_what_is_not_said_is_left_to_others():
    stadium = Stadium()
    assert (stadium.preset, stadium.light, stadium.surroundings) == ("may_day", "noon", "city")
    assert stadium.detail is None
    assert stadium.tiers is None


def test_a_stadium_can_be_looked_up():
    one = read(Stadium, {"tiers": [{"rows": 9}], "roof": "none", "plan": {"shape": "ellipse"}})
    other = read(Stadium, {"tiers": [{"rows": 9}], "roof": "none", "plan": {"shape": "ellipse"}})
    assert {one: 1}[other] == 1


def test_editors_are_told_both_forms():
    schema = json_schema()
    assert {"type": "string"} in schema["properties"]["stadium"]["anyOf"]
    spectators = schema["$defs"]["Stadium"]["properties"]["spectators"]
    assert {"type": "string"} in spectators["anyOf"]
    assert Show.model_fields["stadium"].annotation is Stadium
