from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.places import minimum_distance
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.troupes import compile_drill

WriteShow = Callable[..., Path]

BLOCK = "formation: { block: { columns: 20 } }"
RINGS = "formation: { rings: 5 }, travel: 6 s"
LAST = ("at: bar 13", "at: bar 90")


def assigned(write_show: WriteShow, first: str, second: str, *others: tuple[str, str]) -> Drill:
    path = write_show((BLOCK, f"formation: {{ {first} }}"), (RINGS, f"formation: {{ {second}"), *others)
    return compile_drill(load_show(path), "ribbons")


def refused(write_show: WriteShow, first: str, second: str) -> Problem:
    with pytest.raises(ShowError) as caught:
        assigned(write_show, first, second)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (28, "troupes.ribbons.drill[1].assign")
    return problem


@pytest.mark.parametrize("how", ["nearest", "rank", "symmetric", "follow"])
def test_everyone_has_a_place_of_their_own(write_show: WriteShow, how: str) -> None:
    drill = assigned(write_show, "block: 20", f"grid: 40 }}, travel: 20 s, assign: {how}", LAST)
    places = drill.places[1]
    assert minimum_distance(places) > 1.0
    assert (drill.rails is not None) == (how == "follow")


def test_by_rank_rows_stay_rows(write_show: WriteShow) -> None:
    drill = assigned(write_show, "block: 20", "grid: 20 }, place: [10 m, 5 m], travel: 6 s, assign: rank")
    assert np.allclose(drill.places[1] - drill.places[0], [10.0, 5.0])
    # Twice as wide a grid has half as many ranks: of each two former rows one becomes.
    drill = assigned(write_show, "block: 20", "grid: 40 }, travel: 6 s, assign: rank")
    former = np.rint((drill.places[0, :, 0] - drill.places[0, :, 0].min()) / 1.2)
    rank = np.rint((drill.places[1, :, 0] - drill.places[1, :, 0].min()) / 1.2)
    assert np.array_equal(rank, former // 2)


def test_mirrored_people_walk_mirrored_ways(write_show: WriteShow) -> None:
    second = "grid: 8 }, place: [5 m, 20 m], travel: 6 s, assign: symmetric"
    drill = assigned(write_show, "block: 20", second)
    mirror = {tuple(np.round(place, 6)): person for person, place in enumerate(drill.places[0])}
    for person, (x, y) in enumerate(drill.places[0]):
        other = mirror[tuple(np.round((x, -y), 6))]
        way, image = drill.places[1][person] - [5.0, 20.0], drill.places[1][other] - [5.0, 20.0]
        assert image == pytest.approx(way * [1.0, -1.0], abs=1e-6)


def test_what_is_not_symmetric_is_an_error_with_its_place(write_show: WriteShow) -> None:
    problem = refused(
        write_show,
        "block: 20",
        "polygon: [[-20 m, -30 m], [30 m, -30 m], [0 m, 40 m]] }, travel: 6 s, assign: symmetric",
    )
    assert "the same on the left and on the right of their place" in problem.message
    assert problem.message.endswith("write 'nearest'")


def test_nobody_follows_a_leader_onto_shoulders(write_show: WriteShow) -> None:
    problem = refused(write_show, "block: 20", "stack: tower }, travel: 9 s, assign: follow")
    assert "nobody follows a leader onto others' shoulders" in problem.message


FILE = "grid: { rows: 1, spacing: 0.4 m }"
SPIRAL = "spiral: { turns: 3, radius: 25 m, spacing: 0.5 m } }, place: [30 m, 0 m]"


def test_a_file_follows_its_leader(write_show: WriteShow) -> None:
    drill = assigned(write_show, FILE, f"{SPIRAL}, travel: 60 s, assign: follow", LAST)
    rails = drill.rails
    assert rails is not None
    # In the order of the file, the leader ahead; all on one line from place to place.
    order = np.argsort(rails.begin[1])
    assert np.allclose(np.diff(rails.begin[1][order]), 0.4)
    assert (np.diff(rails.end[1][order]) > 0.5).all()
    for along, places in ((rails.begin, drill.places[0]), (rails.end, drill.places[1])):
        assert np.hypot(*(np.stack(rails.places(along[1]), axis=1) - places).T).max() < 1e-9
    assert np.ptp(drill.places[0][order][:, 1]) == pytest.approx(399 * 0.4)
    # Nobody walks through the rest of the file.
    for second in range(5, 60, 5):
        tick = int(drill.leave[1]) + second * TICKS_PER_SECOND
        now = gymnast_states(drill, np.array([tick]))[0, 0, :, :2].astype(np.float64)
        assert minimum_distance(now) > 0.25, second
    # Nobody turns back on the spot.
    pieces = np.diff(rails.points, axis=0)
    pieces /= np.hypot(*pieces.T)[:, None]
    assert (pieces[1:] * pieces[:-1]).sum(axis=1).min() > 0.5
    # Nobody overtakes, and each passes where the leader has passed.
    tick = int(drill.leave[1]) + 25 * TICKS_PER_SECOND
    now = gymnast_states(drill, np.array([tick]))[0, 0, :, :2].astype(np.float64)[order]
    gaps = np.hypot(*np.diff(now, axis=0).T)
    assert (gaps > 0.3).all()
    assert (gaps < 0.7).all()
    assert drill.stagger == 0.0


def test_a_file_stays_a_file_from_set_to_set(write_show: WriteShow) -> None:
    rings = "formation: { rings: { rings: 1, radius: 50 m, spacing: 0.7 m } }"
    again = f"{{ at: bar 90, {rings}, travel: 60 s, assign: follow }}"
    last = (
        "{ at: bar 13, formation: { image: assets/dove.png, width: 60 m }, place: [4 m, -3 m], travel: 8 s }"
    )
    path = write_show(
        (BLOCK, f"formation: {{ {FILE} }}"),
        (RINGS, f"formation: {{ {SPIRAL}, travel: 60 s, assign: follow"),
        (last, f"{{ at: bar 70, move: bow }}\n      - {again}"),
    )
    drill = compile_drill(load_show(path), "ribbons")
    assert drill.rails is not None
    assert np.isnan(drill.rails.begin[2]).all()
    first, second = (np.argsort(drill.rails.begin[number]) for number in (1, 3))
    assert np.array_equal(first, second)
    assert drill.rails.begin[3].min() > drill.rails.end[1].max()


def test_the_leader_goes_where_via_leads(write_show: WriteShow) -> None:
    travel = "travel: { over: 90 s, via: [[-40 m, -60 m], [40 m, -70 m]] }, assign: follow"
    drill = assigned(write_show, FILE, f"{SPIRAL}, {travel}", LAST)
    assert drill.rails is not None
    assert drill.bend is None
    between = drill.rails.points[400:-400]
    assert len(between) > 20
    start, end = drill.rails.points[399], drill.rails.points[-400]
    middle = (start + end) / 8 + 3 / 8 * np.array([0.0, -130.0])
    assert np.hypot(*(between - middle).T).min() < 0.5


def test_a_file_sets_off_in_canon_from_its_leader_on(write_show: WriteShow) -> None:
    travel = "travel: { over: 90 s, canon: 20 ms }, assign: follow"
    drill = assigned(write_show, FILE, f"{SPIRAL}, {travel}", LAST)
    assert drill.rails is not None
    leader_first = np.argsort(-drill.rails.begin[1])
    assert np.array_equal(drill.late[1][leader_first], np.arange(400) * (TICKS_PER_SECOND // 50))
