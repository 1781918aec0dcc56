"""Light cues worked out: where lamps hang, what flies from where, and what is wrong with a cue of a show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cardstunt.kernels.beams import Beams, FollowSpots
from cardstunt.kernels.bowl_plan import behind_edge
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.confetti import Confetti
from cardstunt.kernels.fireworks import BURSTS, Fireworks
from cardstunt.kernels.light_shows import Effect, light_states
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.strobes import Strobes
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.light_shows import compile_light_shows, lamp_places
from cardstunt.scenes.load import LoadedShow, load_show
from cardstunt.scenes.seats import seat_map
from cardstunt.scenes.troupes import compile_drill

BOWL = PRESETS["may_day"]
Compiling = Callable[..., Any]


@pytest.fixture
def lit(write_show: Callable[..., Path]) -> Callable[[str], LoadedShow]:
    """Return a function that loads the show with light cues."""

    def load(*cues: str) -> LoadedShow:
        lights = "".join(f"  - {{ at: 2 s, for: 10 s, {cue} }}\n" for cue in cues)
        return load_show(write_show(("film:\n", f"lights:\n{lights}film:\n")))

    return load


@pytest.fixture
def compiled(lit: Compiling) -> Compiling:
    """Return a function that works a light cue out."""

    def work_out(cue: str, **changes: Any) -> Effect:
        loaded = lit(cue)
        show = loaded.show.model_copy(update=changes)
        loaded = replace(loaded, show=show)
        drills = {"ribbons": compile_drill(loaded, "ribbons")}
        (effect,) = compile_light_shows(loaded, BOWL, drills, seat_map(loaded))
        return effect

    return work_out


def told(load: Callable[[], Any]) -> Problem:
    with pytest.raises(ShowError) as caught:
        load()
    (problem,) = caught.value.problems
    return problem


def ticks_of(seconds: float) -> int:
    return round(seconds * TICKS_PER_SECOND)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("source", ["roof", "field", "plaza"])
def test_lamps_are_where_their_name_says(name: str, source: str) -> None:
    bowl = PRESETS[name]
    places = lamp_places(bowl, source, 24)
    _, depth = behind_edge(bowl.plan, places[:, 0], places[:, 1])
    if source == "field":
        assert (depth < 0).all()
        assert places[:, 2].max() < 1.0
    elif source == "plaza":
        assert (depth > bowl.rim).all()
        assert not places[:, 2].any()
    else:
        assert (depth <= bowl.rim + 1e-6).all()
        assert places[:, 2].min() > 8.0


def test_places_of_ones_own_are_taken_in_turn() -> None:
    places = lamp_places(BOWL, ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)), 3)
    assert places.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [1.0, 2.0, 3.0]]


def test_spots_follow_a_troupe_s_middle(compiled: Compiling, lit: Compiling) -> None:
    effect = compiled("spots: { on: ribbons, count: 4 }")
    assert isinstance(effect, FollowSpots)
    at = np.array([ticks_of(2.0), ticks_of(7.0)], np.int64)
    drill = compile_drill(lit("spots: 1"), "ribbons")
    middle = gymnast_states(drill, at)[:, 0, :, :3].mean(1)
    moments = [int(np.abs(effect.moments - moment).argmin()) for moment in at]
    assert effect.middle[moments] == pytest.approx(middle, abs=0.5)


def test_spots_on_the_card_section_fall_on_it(compiled: Compiling) -> None:
    effect = compiled("spots: { on: card_section }")
    assert effect.middle[0, 0] > 60.0
    assert effect.middle[0, 2] > 2.0
    assert compiled("spots: { on: [3 m, 4 m] }").middle.tolist() == [[3.0, 4.0, 0.0]]


@pytest.mark.parametrize(("source", "aim", "up"), [("roof", "", -1), ("roof", "sky", 1), ("field", "", 1)])
def test_beams_aim_at_the_field_or_the_sky(compiled: Compiling, source: str, aim: str, up: int) -> None:
    effect = compiled(f"beams: {{ from: {source}{', aim: ' + aim if aim else ''} }}")
    assert isinstance(effect, Beams)
    assert (np.sign(effect.forward[:, 2]) == up).all()
    assert np.linalg.norm(effect.forward, axis=1) == pytest.approx(np.ones(32))
    assert (effect.forward * effect.side).sum(1) == pytest.approx(np.zeros(32), abs=1e-9)


def test_beams_cross_all_over_the_field_rather_than_in_its_middle(compiled: Compiling) -> None:
    effect = compiled("beams: { count: 16 }")
    ground = effect.place - effect.forward * (effect.place[:, 2:] / effect.forward[:, 2:])
    assert np.abs(ground[:, 2]).max() < 1e-9
    # In turn to the left and the right of the way across the middle.
    left = effect.place[:, 0] * ground[:, 1] - effect.place[:, 1] * ground[:, 0]
    assert np.sign(left).tolist() == [1.0, -1.0] * 8
    assert np.hypot(*ground[:, :2].T).min() > 15.0


def test_lasers_stand_in_fans(compiled: Compiling) -> None:
    effect = compiled("lasers: { count: 50, fan: 60 deg }")
    assert len(np.unique(effect.place, axis=0)) == 4
    widest = np.abs(effect.middle) + np.abs(effect.swing)
    assert widest.max() == pytest.approx(np.radians(30.0))
    one = effect.place[:, 0] == effect.place[0, 0]
    assert np.ptp(effect.middle[one]) > np.radians(30.0)


def test_strobes_have_their_rate(compiled: Compiling) -> None:
    effect = compiled("strobe: { rate: 7.5, together: true, brightness: 50 % }")
    assert isinstance(effect, Strobes)
    assert (effect.rate * 2, effect.together, effect.count) == (15, True, 96)
    assert effect.colour == pytest.approx(np.full((96, 3), 0.5))


def test_confetti_flies_from_cannons_or_falls_from_the_roof(compiled: Compiling) -> None:
    blown, fallen = compiled("confetti: 800"), compiled("confetti: { count: 800, from: roof }")
    assert isinstance(blown, Confetti)
    assert (blown.apex > 0).all()
    assert not fallen.apex.any()
    assert fallen.place[:, 2].min() > 30.0 > blown.place[:, 2].max()
    assert ticks_of(2.0) <= blown.blown.min() < blown.blown.max() <= ticks_of(12.0)
    assert blown.gone > ticks_of(72.0)


def test_the_first_shell_bursts_as_the_cue_begins(compiled: Compiling) -> None:
    effect = compiled("fireworks: { shells: 30, kinds: [willow, ring], colours: ['#ff0000'], height: 150 m }")
    assert isinstance(effect, Fireworks)
    assert effect.burst[0] == ticks_of(2.0)
    assert (np.diff(effect.burst) >= 0).all()
    assert effect.burst[-1] <= ticks_of(12.0)
    assert {BURSTS[kind] for kind in effect.kind} == {"willow", "ring"}
    assert effect.colour.tolist() == [[1.0, 0.0, 0.0]] * 30
    assert 110.0 < effect.centre[:, 2].min() <= effect.centre[:, 2].max() < 180.0
    # Shells that follow each other are not beside each other.
    turn = np.unwrap(np.arctan2(effect.start[:, 1], effect.start[:, 0]))
    assert np.abs(np.diff(turn)).min() > 0.5


def test_fireworks_on_the_roof_start_there(compiled: Compiling) -> None:
    assert compiled("fireworks: { shells: 8, from: roof }").start[:, 2].min() > 20.0
    assert not compiled("fireworks: { shells: 8 }").start[:, 2].any()


def test_all_of_a_show_s_lights_shine_in_their_time(lit: Compiling) -> None:
    loaded = lit(
        "spots: 3",
        "beams: 8",
        "strobe: 8",
        "lasers: 12",
        "confetti: 100",
        "fireworks: 6",
        "drones: { text: HI, count: 60 }",
    )
    drills = {"ribbons": compile_drill(loaded, "ribbons")}
    effects = compile_light_shows(loaded, BOWL, drills, seat_map(loaded))
    at = np.linspace(ticks_of(4.0), ticks_of(11.0), 20).astype(np.int64)
    for effect in effects:
        assert light_states(effect, at).any()
    again = compile_light_shows(loaded, BOWL, drills, seat_map(loaded))
    for one, other in zip(effects, again, strict=True):
        assert np.array_equal(light_states(one, at), light_states(other, at))


@pytest.mark.parametrize(
    ("cue", "path", "words"),
    [
        ("spots: { on: ribons }", "lights[0].spots.on", "did you mean 'ribbons'?"),
        ("spots: { on: nobody }", "lights[0].spots.on", "allowed: field, card_section, ribbons"),
        ("drones: { image: assets/dove.pgn }", "lights[0].drones.image", "did you mean 'assets/dove.png'?"),
        ("drones: { text: A, font: x.ttf }", "lights[0].drones.font", "no file 'x.ttf'"),
    ],
)
def test_what_is_wrong_is_found_as_the_show_is_loaded(
    lit: Compiling, cue: str, path: str, words: str
) -> None:
    problem = told(lambda: lit(cue))
    assert problem.path == path
    assert words in problem.message
    assert problem.line > 1
