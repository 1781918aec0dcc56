from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.easing import EASES
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.pace import speeds
from cardstunt.kernels.ticks import TICKS_PER_SECOND, ticks
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.troupes import compile_drill

WriteShow = Callable[..., Path]

TRAVEL = "formation: { rings: 5 }, travel: 6 s"


def travelled(write_show: WriteShow, travel: str, *others: tuple[str, str]) -> Drill:
    """Work out the drill with another travel to the rings."""
    path = write_show((TRAVEL, f"formation: {{ rings: 5 }}, travel: {travel}"), *others)
    return compile_drill(load_show(path), "ribbons")


def refused(write_show: WriteShow, travel: str, *others: tuple[str, str]) -> Problem:
    with pytest.raises(ShowError) as caught:
        travelled(write_show, travel, *others)
    (problem,) = caught.value.problems
    assert problem.line == 28
    return problem


def places_at(drill: Drill, tick: int) -> np.ndarray:
    return gymnast_states(drill, np.array([tick]))[0, 0, :, :2].astype(np.float64)


def test_a_travel_takes_its_time_at_its_pace(write_show: WriteShow) -> None:
    drill = travelled(write_show, "{ over: 12 counts, ease: steady }")
    assert drill.arrive[1] - drill.leave[1] == 6 * TICKS_PER_SECOND
    assert [EASES[ease] for ease in drill.ease] == ["smooth", "steady", "smooth"]
    assert travelled(write_show, "6 s").ease is None


def test_a_canon_lets_people_set_off_from_the_viewers_left(write_show: WriteShow) -> None:
    drill = travelled(write_show, "{ over: 8 s, canon: 50 ms }")
    column = np.rint((drill.places[0, :, 1].max() - drill.places[0, :, 1]) / 1.2)
    assert np.array_equal(drill.late[1], column * ticks(Fraction(1, 20)))
    assert drill.arrive[1] - drill.leave[1] == 8 * TICKS_PER_SECOND
    # Nobody of the canon sets off when they like.
    assert drill.stagger == 0.0
    early = places_at(drill, int(drill.leave[1]) + ticks(Fraction(3, 2)))
    moved = np.hypot(*(early - drill.places[0]).T) / np.hypot(*(drill.places[1] - drill.places[0]).T)
    assert moved[column == 0].min() > 3.0 * moved[column == 19].max()


def test_a_canon_of_one_set_leaves_the_others_their_own_times(write_show: WriteShow) -> None:
    drill, plain = travelled(write_show, "{ over: 8 s, canon: 50 ms }"), travelled(write_show, "8 s")
    assert (plain.stagger, plain.late) == (0.12, None)
    assert np.abs(drill.route.depart[2] - plain.route.depart[2]).max() <= 1
    with_canon, without = drill.route.duration[2][0], plain.route.duration[2][0]
    assert 0 <= with_canon - without < 0.01 * without


def test_a_canon_without_a_time_makes_the_travel_longer(write_show: WriteShow) -> None:
    drill, plain = travelled(write_show, "{ canon: 50 ms }"), travelled(write_show, "{}")
    longer = (drill.arrive - drill.leave)[1] - (plain.arrive - plain.leave)[1]
    assert longer == 19 * ticks(Fraction(1, 20))


@pytest.mark.parametrize(("ease", "speed"), [("smooth", 3.0), ("steady", 3.0), ("smooth", 1.2)])
def test_nobody_is_faster_than_the_speed(write_show: WriteShow, ease: str, speed: float) -> None:
    late = ("at: bar 13", "at: bar 60")
    drill = travelled(write_show, f"{{ ease: {ease}, speed: {speed} m/s }}", late)
    fastest = speeds(drill)[1].max()
    assert 0.998 * speed < fastest <= speed * (1 + 1e-9)


def test_a_speed_holds_on_a_curve_and_in_a_canon(write_show: WriteShow) -> None:
    travel = "{ speed: 2 m/s, canon: 40 ms, via: [[30 m, 40 m], [30 m, -40 m]] }"
    drill = travelled(write_show, travel, ("at: bar 13", "at: bar 60"))
    assert 0.995 * 2.0 < speeds(drill)[1].max() <= 2.0 * (1 + 1e-9)


def test_the_middle_goes_along_a_cubic_curve_and_everyone_as_much(write_show: WriteShow) -> None:
    drill = travelled(
        write_show,
        "{ over: 6 s, via: [[30 m, 40 m], [30 m, -40 m]] }",
        ("at: 0 s, formation", "at: 0 s, place: [-20 m, 0 m], formation"),
    )
    origin, goal = drill.places[0].mean(axis=0), drill.places[1].mean(axis=0)
    corners = np.array([origin, [30.0, 40.0], [30.0, -40.0], goal])
    for share in (0.25, 0.5, 0.8):
        back = 1 - share
        weights = np.array([back**3, 3 * back**2 * share, 3 * back * share**2, share**3])
        straight = back * drill.places[0] + share * drill.places[1]
        bent = straight + 3 * share * back**2 * drill.bend[1, 0] + 3 * share**2 * back * drill.bend[1, 1]
        assert bent.mean(axis=0) == pytest.approx(weights @ corners, abs=1e-9)
    assert not drill.bend[[0, 2]].any()


def test_one_point_bends_as_a_quadratic_curve(write_show: WriteShow) -> None:
    drill = travelled(write_show, "{ over: 6 s, via: [[30 m, 40 m]] }")
    origin, goal = drill.places[0].mean(axis=0), drill.places[1].mean(axis=0)
    half = (origin + goal) / 2 + 3 / 8 * drill.bend[1].sum(axis=0)
    assert half == pytest.approx(0.25 * origin + 0.5 * np.array([30.0, 40.0]) + 0.25 * goal, abs=1e-9)


def test_acrobats_have_time_to_climb(write_show: WriteShow) -> None:
    stack = "formation: { stack: { kind: tower, base: 3, columns: 12 } }"
    late = ("at: bar 13", "at: bar 60")
    path = write_show((TRAVEL, stack), late)
    drill = compile_drill(load_show(path), "ribbons")
    assert speeds(drill)[1].max() == pytest.approx(2.5 * 1.875, rel=2e-3)


@pytest.mark.parametrize(
    ("travel", "key", "words"),
    [
        (
            "{ over: 6 s, canon: 0.5 s }",
            "canon",
            "in this canon of 20 the last set off 9.5 s after the first",
        ),
        ("{ over: 6 s, canon: 0.5 s }", "canon", "write at most 236 ms"),
        ("{ over: 2 s, speed: 3 m/s }", "over", "nobody who keeps below 3 m/s walks in 2 s: write 'over: "),
        ("{ speed: 0.5 m/s }", "speed", "but the troupe leaves for the next formation after 16 s"),
        ("{ over: 6 s, via: [[99 m, 0 m]] }", "via", "out of the field, which reaches 60 m"),
    ],
)
def test_what_cannot_be_walked_is_an_error_with_its_place(
    write_show: WriteShow, travel: str, key: str, words: str
) -> None:
    problem = refused(write_show, travel)
    assert problem.path == f"troupes.ribbons.drill[1].travel.{key}"
    assert words in problem.message


def test_the_time_that_an_error_asks_for_is_enough(write_show: WriteShow) -> None:
    message = refused(write_show, "{ over: 2 s, speed: 3 m/s }").message
    over = message.partition("'over: ")[2].partition("'")[0]
    drill = travelled(write_show, f"{{ over: {over}, speed: 3 m/s }}")
    assert speeds(drill)[1].max() <= 3.0 * (1 + 1e-9)


def test_the_canon_that_an_error_asks_for_is_short_enough(write_show: WriteShow) -> None:
    message = refused(write_show, "{ over: 6 s, canon: 0.5 s }").message
    canon = message.partition("at most ")[2].partition(",")[0]
    assert travelled(write_show, f"{{ over: 6 s, canon: {canon} }}").late.any()
