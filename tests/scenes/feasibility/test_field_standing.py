from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.feasibility import field_standing
from cardstunt.scenes.feasibility.field_standing import find_standing
from cardstunt.scenes.feasibility.limits import BODY, ROOM
from scipy.spatial import cKDTree

SET = "formation: { block: { columns: 8, spacing: 1 m } }"
BLOCK = f"""40
at: 0 s, {SET}, place: [0 m, 0 m]"""
AWAY = BLOCK.replace("[0 m, 0 m]", "[0 m, 40 m]")
MOVES = f"{AWAY}\nat: 4 s, {SET}, place: [0.2 m, 0 m], travel: 10 s"


def test_formations_with_room_are_no_finding(field):
    assert find_standing(field(one=BLOCK, two=AWAY)) == []


def test_troupes_that_overlap_are_told_with_the_time_from_which_they_do(field):
    (found,) = find_standing(field(top="music: { file: beep.wav, bpm: 60 }", one=BLOCK, two=MOVES))
    assert (found.kind, found.severity, found.limit) == ("standing", "high", BODY)
    assert found.path == ("troupes", "two", "drill", 1)
    assert found.at == 14
    assert found.bar == "bar 4 beat 3"
    assert "one in their set of 0 s and two in their set of 4 s stand in one another" in found.what
    assert "40 pairs are nearer than 0.4 m" in found.what
    assert "are 0.20 m apart" in found.what
    assert len(found.people["one"]) == len(found.people["two"]) == 40


def test_who_has_left_before_the_others_come_is_not_in_their_way(field):
    leaves = (
        BLOCK
        + "\nat: 2 s, formation: { block: { columns: 8, spacing: 1 m } }, place: [0 m, -40 m], travel: 6 s"
    )
    assert find_standing(field(one=leaves, two=MOVES)) == []


def test_a_formation_may_be_too_close_in_itself(field):
    close = BLOCK.replace("spacing: 1 m", "spacing: 0.35 m")
    (found,) = find_standing(field(one=close))
    assert (found.severity, found.limit) == ("medium", ROOM)
    assert "67 pairs of one stand nearer than 0.4 m" in found.what  # 5 rows of 7, and 4 of 8 between rows
    assert found.people["one"].tolist() == list(range(40))


def test_the_worst_time_is_told_with_how_many_others_there_are(field):
    close = BLOCK.replace("spacing: 1 m", "spacing: 0.35 m")
    worse = SET.replace("spacing: 1 m", "spacing: 0.31 m").replace("columns: 8", "columns: 5")
    (found,) = find_standing(field(one=f"{close}\nat: 4 s, move: jump\nat: 9 s, {worse}"))
    assert found.path == ("troupes", "one", "drill", 2)
    assert found.what.endswith("are 0.31 m apart; so at 2 other times")


def test_acrobats_above_one_another_stand_as_they_should(field):
    tower = """12
    at: 0 s, formation: { stack: { kind: tower, base: 3, columns: 2, spacing: 4 m } }"""
    assert find_standing(field(one=tower)) == []


def test_all_pairs_and_the_nearest_are_those_of_a_tree(field):
    scattered = """300
    at: 0 s, formation: { image: dots.png, width: 20 m, spacing: 0.3 m }, place: [1 m, 1 m]"""
    lines = scattered.replace("image: dots.png, width: 20 m", "rings: { rings: 6, spacing: 0.5 m }").replace(
        ", spacing: 0.3 m }", " }"
    )
    shown = field(top="field: { room: 0.7 m }", one=BLOCK, two=lines)
    places = [drill.places[0] for drill in shown.drills.values()]
    apart = cKDTree(places[0]).sparse_distance_matrix(cKDTree(places[1]), 0.7 - 1e-4, output_type="ndarray")
    found = [finding for finding in find_standing(shown) if len(finding.people) == 2]
    assert f"{len(apart)} pairs are nearer" in found[0].what
    assert found[0].measured == f"{apart['v'].min():.2f} m"
    assert found[0].people["two"].tolist() == np.unique(apart["j"]).tolist()


def test_the_worst_are_told_one_by_one_and_the_rest_counted(field, monkeypatch):
    monkeypatch.setattr(field_standing, "MOST_GROUPS", 1)
    found = find_standing(field(one=BLOCK, two=BLOCK, three=BLOCK))
    assert [finding.measured for finding in found] == ["0.00 m", "2 more pairs of troupes"]


@pytest.mark.parametrize("height", [0.2, 1.4])
def test_only_who_stands_above_has_room_there(field, height):
    import dataclasses  # noqa: PLC0415

    shown = field(one=BLOCK, two=BLOCK)
    raised = dataclasses.replace(shown.drills["two"], height=np.full((1, 40), height))
    shown = dataclasses.replace(shown, drills={**shown.drills, "two": raised})
    assert len(find_standing(shown)) == (1 if height < 0.7 else 0)
