"""What light cues may say; any change of one is taken or explained, with a place."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from cardstunt.kernels.fireworks import BURSTS
from cardstunt.scenes import schema_light_show
from cardstunt.scenes.explain import explain
from cardstunt.scenes.model import Model
from cardstunt.scenes.quantities import Reading, Tempo
from cardstunt.scenes.schema_light_show import LIGHT_KINDS, LightCue
from cardstunt.scenes.yaml_source import read_yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

READING = Reading(tempo=Tempo(Fraction(120)))
LIGHTS = """\
lights:
  - { at: 2 s, for: 20 s, spots: { count: 8, on: ribbons, radius: 30 m, every: 12 s, colour: "#fff4d6", brightness: 80 %, width: 5 deg, haze: 20 %, from: roof } }
  - { at: bar 9, for: 16 s, beams: { count: 32, colours: ["#ffffff", "#4060ff"], sweep: 50 deg, every: 4 s, width: 2 deg, haze: 30 %, volumetric: false, from: field, aim: sky } }
  - { at: bar 12, for: 4 s, strobe: { rate: 8, count: 60, colour: "#ffffff", brightness: 90 %, together: true, from: [[0 m, 90 m, 40 m]] } }
  - { at: bar 13, for: 2 bars, lasers: { count: 24, colours: ["#00ff40"], fan: 60 deg, every: 2 beats, haze: 50 %, from: [[0 m, 60 m, 1 m], [0 m, -60 m]] } }
  - { at: bar 14, for: 3 s, confetti: { count: 2000, colours: ["#d81b60", "#ffffff"], size: 6 cm, height: 20 m, stay: 30 s, from: roof } }
  - { at: bar 15, for: 30 s, fireworks: { shells: 40, kinds: [peony, willow], colours: ["#ff3b30"], height: 180 m, size: 90 m, from: plaza } }
  - { at: bar 20, for: 40 s, drones: { count: 80, text: GO, font: assets/font.ttf, colour: "#30a0ff", height: 140 m, width: 200 m, arrive: 8 s, over: [10 m, 20 m], face: card_section } }
  - { at: bar 30, for: 40 s, drones: { count: 80, image: assets/photo.png } }
"""  # noqa: E501  as users write it


class Lights(Model):
    """A show that is only lights."""

    lights: tuple[LightCue, ...]


def said(text: str) -> dict[str, Any]:
    data = read_yaml(text, "").data
    assert isinstance(data, dict)
    return data


def read(said_of_it: str) -> LightCue:
    (cue,) = Lights.model_validate(
        said(f"lights: [{{ at: 1 s, for: 10 s, {said_of_it} }}]"),
        context=READING,
        by_alias=True,
        by_name=False,
    ).lights
    return cue


def problems(text: str) -> list[str]:
    source = read_yaml(text, "show.yaml")
    with pytest.raises(ValidationError) as caught:
        Lights.model_validate(source.data, context=READING, by_alias=True, by_name=False)
    return [str(problem) for problem in explain(caught.value, Lights, source)]


def test_all_that_can_be_said_is_read() -> None:
    show = Lights.model_validate(said(LIGHTS), context=READING, by_alias=True, by_name=False)
    assert [cue.kind for cue in show.lights] == [*LIGHT_KINDS, "drones"]
    assert (show.lights[1].at, show.lights[3].for_) == (16, 4)
    spots, _, strobe, lasers, confetti, fireworks, drones, picture = (cue.effect for cue in show.lights)
    assert (spots.on, spots.radius, spots.every) == ("ribbons", 30.0, 12)
    assert strobe.from_ == ((0.0, 90.0, 40.0),)
    assert lasers.from_ == ((0.0, 60.0, 1.0), (0.0, -60.0, 0.0))
    assert confetti.from_ == "roof"
    assert fireworks.kinds == ("peony", "willow")
    assert (drones.over, drones.face) == ((10.0, 20.0, 0.0), "card_section")
    assert show.lights[6].files == ((("drones", "font"), "font", "assets/font.ttf"),)
    assert show.lights[7].files == ((("drones", "image"), "image", "assets/photo.png"),)
    assert picture.colour is None


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("spots: 6", "spots: { count: 6 }"),
        ("beams: 16", "beams: { count: 16 }"),
        ("strobe: 4.5", "strobe: { rate: 4.5 }"),
        ("lasers: 12", "lasers: { count: 12 }"),
        ("confetti: 500", "confetti: { count: 500 }"),
        ("fireworks: 10", "fireworks: { shells: 10 }"),
    ],
)
def test_a_number_stands_for_how_many(short: str, long: str) -> None:
    assert read(short) == read(long)


def test_the_names_of_bursts_are_those_of_the_kernels() -> None:
    assert schema_light_show.Burst.__args__ == BURSTS
    assert set(schema_light_show.Fireworks().kinds) == set(BURSTS)


def test_places_may_be_one_or_many_with_or_without_a_height() -> None:
    assert read("spots: { on: [1 m, 2 m] }").effect.on == (1.0, 2.0, 0.0)
    assert read("spots: { from: [1 m, 2 m, 30 m] }").effect.from_ == ((1.0, 2.0, 30.0),)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("spots: { count: 13 }", "must be at most 12"),
        ("spots: { count: 0 }", "must be at least 1"),
        ("spots: { every: 4 s }", "say its 'radius' too"),
        ("spots: { on: 3 }", "nothing that light can fall on; allowed: field, card_section"),
        ("spots: { on: [1, 2] }", "1 has no unit; write '1 m'"),
        ("spots: { on: [1 m, 2 m, 3 m, 4 m] }", "not 4 numbers"),
        ("spots: { on: [9 km, 2 m] }", "too far"),
        ("spots: { radius: 30 }", "30 has no unit; write '30 m'"),
        ("spots: { brightness: 0.8 }", "0.8 has no unit; write '0.8 %'"),
        ("spots: { brightnes: 80 % }", "did you mean 'brightness'?"),
        ("beams: { from: rof }", "did you mean 'roof'? Allowed: roof, field"),
        ("beams: { from: plaza }", "nowhere that this can come from"),
        ("beams: { from: [[0 m, 0 m], 3 m] }", "a place [x m, y m, z m] is expected, not '3 m'"),
        ("beams: { sweep: 50 }", "50 has no unit; write '50 deg'"),
        ("beams: { colours: [] }", "needs at least 1"),
        ("beams: { colours: '#ffffff' }", "a list"),
        ("beams: { aim: skye }", "did you mean 'sky'?"),
        ("strobe: { rate: 100 }", "must be at most 30"),
        ("lasers: { fan: 400 deg }", "from 1 deg to 170 deg"),
        ("confetti: { stay: 2 }", "2 has no unit"),
        ("fireworks: { kinds: [peonie] }", "did you mean 'peony'?"),
        ("fireworks: { shels: 3 }", "did you mean 'shells'?"),
        ("fireworks: { height: 3 m }", "from 40 m to 600 m"),
        ("drones: { count: 3 }", "drones needs one of: image, text"),
        ("drones: { text: A, image: b.png }", "found image and text"),
        ("drones: { image: b.png, font: c.ttf }", "does not go with 'image'"),
        ("drones: { text: A, arrive: 10 s }", "not shorter than the cue"),
        ("drones: { text: A, face: centre }", "no side that a picture reads from"),
        ("drones: { text: A, over: feild }", "did you mean 'field'?"),
        ("firework: 3", "did you mean 'fireworks'?"),
        ("spots: 3, beams: 3", "a light cue is one of spots, beams"),
        ("", "a light cue needs one of: spots, beams"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_right(wrong: str, words: str) -> None:
    (told,) = problems(f"lights: [{{ at: 1 s, for: 10 s, {wrong} }}]")
    assert words in told
    assert told.startswith("show.yaml:1:")
    assert "lights[0]" in told


def test_a_cue_has_a_time_and_a_length() -> None:
    told = problems("lights: [{ spots: 3 }]")
    assert len(told) == 2
    assert "'at'" in told[0] + told[1]
    assert "'for'" in told[0] + told[1]


def test_the_schema_for_editors_is_made() -> None:
    made = TypeAdapter(LightCue).json_schema(by_alias=True)
    assert {*LIGHT_KINDS, "at", "for"} == set(made["properties"])
    assert made["$defs"]["Spots"]["properties"]["on"]["anyOf"][0]["examples"] == ["field", "card_section"]


SCRAPS: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        3,
        10**30,
        0.5,
        math.inf,
        math.nan,
        "",
        " ",
        "x",
        [],
        {},
        [[]],
        "0 s",
        "-1 s",
        "9 h",
    ),
    *(
        "bar 2",
        "marker x",
        "0 %",
        "101 %",
        "-3 deg",
        "9999 deg",
        "0 m",
        "1 km",
        "#ff00ff",
        "../a.png",
        "roof",
    ),
    *("field", "plaza", "sky", "peony", "é\u2028💃", "x" * 5000, ["0 m", "0 m"], [["0 m"]], {"count": 3}),
    *(
        [["0 m", "0 m", "5 m"]],
        ["#ffffff"],
        ["peony"],
        "80 %",
        "30 m",
        "1 ms",
        1e300,
        ["x", "y"],
        [None, None],
    ),
]


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*here, key))


@settings(deadline=None, max_examples=250)
@given(data=st.data())
def test_any_change_of_any_field_is_taken_or_explained(data: st.DataObject) -> None:
    source = read_yaml(LIGHTS, "show.yaml")
    show = copy.deepcopy(source.data)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in paths(show) if len(path) > 1]))
        parent = show
        for step in path[:-1]:
            parent = parent[step]
        if data.draw(st.booleans()):
            parent[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(SCRAPS)))
        else:
            del parent[path[-1]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            Lights.model_validate(show, context=READING, by_alias=True, by_name=False)
        except ValidationError as error:
            for problem in explain(error, Lights, source):
                assert problem.message
                assert problem.line >= 1
                str(problem).encode()
