from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import load_show

WriteShow = Callable[..., Path]

COSTUME = 'costume: { colour: "#d81b60", prop: ribbon }'
MUSIC = "music: { file: assets/theme.wav, bpm: 120, offset: 0.35 s }\n"
FIRST = "- { at: 0 s, formation: { block: { columns: 20 } }, move: march }"


def errors(write_show: WriteShow, *others: tuple[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(ShowError) as caught:
        load_show(write_show(*others))
    return caught.value.problems


@pytest.mark.parametrize(
    ("said", "key", "words"),
    [
        ("travel: 3 s, move: march }", "travel", "its travel is not used"),
        ("assign: rank, move: march }", "assign", "its assign is not used"),
        ("move: { clip: kneel, times: 2 } }", "move.times", "its 'times' is not used"),
    ],
)
def test_what_is_not_used_is_warned_of(write_show: WriteShow, said: str, key: str, words: str) -> None:
    (warning,) = load_show(write_show((FIRST, FIRST.replace("move: march }", said)))).warnings
    assert (warning.severity, warning.path) == ("warning", f"troupes.ribbons.drill[0].{key}")
    assert words in warning.message


def test_counts_of_a_move_need_music(write_show: WriteShow) -> None:
    plain = [
        ("bar 3, page", "3 s, page"),
        ("over: 2 beats", "over: 1 s"),
        ("bar 9, page", "9 s, page"),
        ("bar 9 beat 3", "10 s"),
        ("bar 5", "12 s"),
        ("bar 13", "30 s"),
        ("show: bar 3..bar 9", "show: 3 s..9 s"),
    ]
    counted = ("move: march", "move: { clip: march, counts: 2 }")
    (problem,) = errors(write_show, (MUSIC, ""), counted, *plain)
    assert problem.path == "troupes.ribbons.drill[0].move.counts"
    assert "the show has none; add music" in problem.message
    assert load_show(write_show(counted)).warnings == ()
    problems = errors(write_show, (MUSIC, ""), ("travel: 6 s", "travel: 12 counts"), *plain)
    assert [problem.path for problem in problems] == ["troupes.ribbons.drill[1].travel"]
    assert "'12 counts' counts bars or beats, but the show has no music" in problems[0].message


def changes(*times: str) -> tuple[str, str]:
    each = ", ".join(
        f'{{ at: {time}, colour: "#ffffff", turn: 1 s, over: 2 s, order: left }}' for time in times
    )
    return COSTUME, f'costume: {{ colour: "#d81b60", changes: [{each}] }}'


def test_changes_come_one_after_another(write_show: WriteShow) -> None:
    assert load_show(write_show(changes("0 s", "3 s", "6 s"))).warnings == ()
    (problem,) = errors(write_show, changes("5 s", "2 s"))
    assert problem.path == "troupes.ribbons.costume.changes[1].at"
    assert "out of order: this one is at 2 s, the one before it at 5 s" in problem.message
    (problem,) = errors(write_show, changes("2 s", "4.5 s", "9 s"))
    assert (problem.path, problem.line) == ("troupes.ribbons.costume.changes[1].at", 25)
    assert "the change before it is not over until 5 s" in problem.message


def test_a_change_before_the_show_is_an_error(write_show: WriteShow) -> None:
    (problem,) = errors(write_show, changes("-1 s"))
    assert problem.path == "troupes.ribbons.costume.changes[0].at"
    assert "is negative" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "path", "nearest"),
    [
        ("clip: jump", "clip: jmup", "drill[1].move.clip", "jump"),
        ("move: march", "move: kneal", "drill[0].move", "kneel"),
        ("prop: ribbon", "prop: ribon", "costume.prop", "ribbon"),
        ("prop: ribbon", "style: tunik", "costume.style", "tunic"),
        ("prop: ribbon", "bodies: [man, gril]", "costume.bodies[1]", "girl"),
        ("travel: 6 s", "travel: { over: 6 s, ease: smoth }", "drill[1].travel.ease", "smooth"),
        ("travel: 6 s", "travel: 6 s, assign: symetric", "drill[1].assign", "symmetric"),
        ("travel: 6 s", "travel: 6 s, face: center", "drill[1].face", "centre"),
        ("rings: 5", "stack: { kind: piramid }", "drill[1].formation.stack.kind", "pyramid"),
        ("rings: 5", "stak: tower", "drill[1].formation.stak", "stack"),
    ],
)
def test_a_misspelt_name_gets_the_nearest(
    write_show: WriteShow, old: str, new: str, path: str, nearest: str
) -> None:
    problem = next(each for each in errors(write_show, (old, new)) if each.nearest)
    assert problem.path == f"troupes.ribbons.{path}"
    assert problem.nearest == nearest
    assert f"did you mean '{nearest}'" in problem.message


def test_nobody_is_no_troupe(write_show: WriteShow) -> None:
    (problem,) = errors(write_show, ("count: 400", "count: 0"))
    assert (problem.path, problem.message) == ("troupes.ribbons.count", "'0' must be at least 1")
