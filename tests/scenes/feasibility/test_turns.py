from __future__ import annotations

import pytest
from cardstunt.scenes.feasibility import limits
from cardstunt.scenes.feasibility.turns import find_fast_turns, find_full_books


def found(compiled, cues, **options):
    return find_fast_turns(*compiled(cues=f"- {{ at: 0 s, page: red }}\n{cues}", **options))


def test_what_people_can_do_gives_no_finding(compiled):
    assert (
        found(compiled, "- { at: 2 s, page: blue }\n- { at: 3 s, page: white, flip: { turn: 0.3 s } }") == []
    )


@pytest.mark.parametrize(("turn", "severity"), [("0.2 s", "medium"), ("0.1 s", "high")])
def test_a_turn_faster_than_the_hand_is_found(compiled, turn, severity):
    (finding,) = found(compiled, f"- {{ at: 2 s, page: blue, flip: {{ turn: {turn} }} }}")
    assert (finding.cue, finding.at, finding.measured) == (1, 2, turn)
    assert (finding.limit, finding.severity) == (limits.TURN, severity)
    assert finding.seats.all()


def test_single_cards_take_longer_to_change(compiled):
    cue = "- { at: 2 s, page: blue, flip: { turn: 0.4 s } }"
    assert found(compiled, cue) == []
    (finding,) = found(compiled, cue, more="  mode: cards\n")
    assert finding.limit is limits.SWAP


def test_gestures_are_for_those_who_make_them(compiled):
    (finding,) = found(compiled, "- { at: 2 s, gesture: { kind: shake, rate: 7 }, where: { rows: 1-10 } }")
    assert finding.who == "600 seats, in rows 1-10"


@pytest.mark.parametrize(
    ("gesture", "limit"),
    [
        ("gesture: { kind: shake, rate: 7 }", limits.SHAKE),
        ("gesture: raise, flip: { turn: 0.1 s }", limits.TURN),
    ],
)
def test_gestures_have_their_limits(compiled, gesture, limit):
    (finding,) = found(compiled, f"- {{ at: 2 s, {gesture} }}")
    assert (finding.limit, finding.cue, finding.at) == (limit, 1, 2)


@pytest.mark.parametrize("gesture", ["gesture: { kind: shake, rate: 4 }", "gesture: raise"])
def test_gestures_within_them_give_no_finding(compiled, gesture):
    assert found(compiled, f"- {{ at: 2 s, {gesture} }}") == []


def test_screens_have_no_hands(compiled):
    assert (
        found(
            compiled,
            "- { at: 2 s, page: blue, flip: { turn: 0.1 s } }",
            more="  mode: tablets\n",
            palette=None,
        )
        == []
    )


@pytest.mark.parametrize(("pages", "count"), [(150, 0), (151, 1)])
def test_books_nearly_full_are_told(compiled, pages, count):
    names = [f'p{n}: {{ fill: "#{n:02x}8040" }}' for n in range(pages)]
    _, plan = compiled(
        columns=6,
        rows=4,
        palette="{ colours: 200, dither: none }",
        pages="\n".join(names),
        cues="\n".join(f"- {{ at: {2 * n} s, page: p{n} }}" for n in range(pages)),
        shots=SHORT,
    )
    findings = find_full_books(plan)
    assert len(findings) == count
    for finding in findings:
        assert (finding.measured, finding.cue, finding.who) == ("151 pages", 150, "all 24 seats")


SHORT = (
    "- { name: all, show: 0 s..1 s, camera: { push: { from: [-60 m, 0 m, 40 m], to: [-60 m, 0 m, 40 m] } } }"
)
