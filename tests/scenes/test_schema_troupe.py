from __future__ import annotations

from fractions import Fraction
from typing import Any, get_args

import pytest
from cardstunt.kernels.clips import CLIP_NAMES
from cardstunt.scenes import schema_troupe
from cardstunt.scenes.quantities import Reading, Tempo
from cardstunt.scenes.schema_troupe import DrillSet, Move, PlayingField, Troupe
from pydantic import ValidationError

READING = Reading(tempo=Tempo(Fraction(120)))
COSTUME = {"colour": "#d81b60"}
FIRST = {"at": "0 s", "formation": {"block": 20}}


def read(model: Any, data: Any) -> Any:
    return model.model_validate(data, context=READING, by_alias=True, by_name=False)


def test_the_names_are_those_of_the_kernels() -> None:
    assert get_args(schema_troupe.Clip) == CLIP_NAMES


def test_a_set_says_as_little_as_it_may() -> None:
    found = read(DrillSet, FIRST)
    assert (found.face, found.assign, found.place) == ("audience", "nearest", (0.0, 0.0))
    assert (found.travel.over, found.travel.ease, found.travel.via, found.travel.speed) == (
        None,
        "smooth",
        None,
        None,
    )
    assert found.move == Move(clip="stand", canon=Fraction(0), counts=None, times=None)
    assert read(Troupe, {"count": 3, "costume": COSTUME, "drill": [FIRST]}).step == 0.75
    assert read(PlayingField, {}) == PlayingField(resolve=False, room=0.4)


def test_a_move_is_counted_in_beats_and_times() -> None:
    move = read(Move, {"clip": "jump", "canon": "1 count", "counts": 4, "times": 3})
    assert (move.canon, move.counts, move.times) == (Fraction(1, 2), 4, 3)


@pytest.mark.parametrize(
    ("text", "metres"), [("8 to 5", 0.5715), ("6 to 5", 0.762), ("0.8 m", 0.8), ("70 cm", 0.7)]
)
def test_steps_are_lengths_or_so_many_to_so_many_yards(text: str, metres: float) -> None:
    troupe = read(Troupe, {"count": 3, "step": text, "costume": COSTUME, "drill": [FIRST]})
    assert troupe.step == pytest.approx(metres, abs=1e-12)


def test_a_set_without_a_formation_is_of_the_last_one() -> None:
    second = {"at": "4 s", "formation": {"rings": 3}, "place": ["5 m", "2 m"]}
    troupe = read(
        Troupe,
        {
            "count": 3,
            "costume": COSTUME,
            "drill": [FIRST, second, {"at": "8 s", "face": "centre"}, {"at": "9 s"}],
        },
    )
    assert [troupe.formation_of(index).kind for index in range(4)] == ["block", "rings", "rings", "rings"]
    assert [troupe.formed_by(index).at for index in range(4)] == [0, 4, 4, 4]
    assert troupe.formed_by(3).place == (5.0, 2.0)


def test_files_are_named_with_where_they_stand() -> None:
    troupe = read(
        Troupe,
        {
            "count": 3,
            "costume": COSTUME | {"picture": "a.png", "changes": [{"at": "1 s", "picture": "b.png"}]},
            "drill": [{"at": "0 s", "formation": {"csv": "c.csv"}}, {"at": "5 s"}],
        },
    )
    assert troupe.files == (
        (("costume", "picture", "image"), "image", "a.png"),
        (("costume", "changes", 0, "picture", "image"), "image", "b.png"),
        (("drill", 0, "formation", "csv"), "places", "c.csv"),
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"count": 0}, "greater than or equal to 1"),
        ({"count": 80_001}, "less than or equal to 80000"),
        ({"step": "0 to 5"}, "nobody gets anywhere in 0 steps"),
        ({"step": "8 to 50"}, "from 0.2 m to 1.2 m"),
        ({"step": "8"}, "write '8 m'"),
        ({"drill": []}, "at least 1 item"),
        ({"drill": [{"at": "0 s"}]}, "the first set needs one"),
        ({"drill": [FIRST, {"at": "1 s", "place": ["0 m", "1 m"]}]}, "'place' goes with a formation"),
        ({"drill": [FIRST, {"at": "1 s", "assign": "rank"}]}, "'assign' goes with a formation"),
        (
            {"drill": [FIRST, {"at": "1 s", "travel": {"via": [["0 m", "1 m"]]}}]},
            "nobody walks along a curve without a formation",
        ),
        ({"drill": [FIRST | {"move": {"clip": "jump", "counts": 0}}]}, "from 0.25 to 256"),
        ({"drill": [FIRST | {"move": {"clip": "jump", "counts": float("nan")}}]}, "a number is expected"),
        ({"drill": [FIRST | {"move": {"clip": "jump", "times": 0}}]}, "greater than or equal to 1"),
    ],
)
def test_what_is_no_troupe_is_refused(change: dict[str, Any], words: str) -> None:
    good = {"count": 40, "costume": COSTUME, "drill": [FIRST]}
    read(Troupe, good)
    with pytest.raises(ValidationError, match=words):
        read(Troupe, good | change)
