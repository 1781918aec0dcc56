from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.feasibility import limits
from cardstunt.scenes.feasibility.spread import find_close_cues

WAVE = "flip: { order: sweep, from: left, over: 4 s }"


def found(compiled, cues, **options):
    return find_close_cues(*compiled(cues=f"- {{ at: 0 s, page: red }}\n{cues}", **options))


def test_a_cue_after_the_last_has_ended_gives_no_finding(compiled):
    # The wave takes 4 s, and the last turn 0.4 s.
    assert found(compiled, f"- {{ at: 2 s, page: blue, {WAVE} }}\n- {{ at: 6.4 s, page: white }}") == []


def test_a_cue_within_the_spread_of_the_last_is_found(compiled):
    (finding,) = found(compiled, f"- {{ at: 2 s, page: blue, {WAVE} }}\n- {{ at: 5 s, page: white, {WAVE} }}")
    assert (finding.cue, finding.at, finding.limit) == (2, 5, limits.SPREAD)
    # The wave is 59 columns of 60 wide, so 95 % of the seats have ended it at 2 + 4 * 56/59 + 0.4 s.
    assert "this cue begins 1.2 s before 95 % of its seats have shown 'blue'" in finding.what
    columns = np.flatnonzero(finding.seats.reshape(30, 60).all(axis=0))
    assert columns[0] == int(np.ceil((5 - 2 - 0.4) / 4 * 59 + 1e-9))
    assert columns[-1] == 59
    assert finding.severity == "low"


def test_stragglers_do_not_keep_a_picture_from_standing(compiled):
    people = "{ reaction: 0 s, spread: 0 s, late: 2 %, absent: 0 %, wrong_page: 0 %, dropped: 0 % }"
    cues = "- { at: 2 s, page: blue }\n- { at: 2.5 s, page: white }"
    assert found(compiled, cues, people=people.replace("2 %", "0 %", 1)) == []
    assert [
        finding for finding in found(compiled, cues, people=people) if finding.limit is limits.SPREAD
    ] == []


def test_people_who_are_still_turning_fall_behind(compiled):
    (finding,) = found(
        compiled, "- { at: 2 s, page: blue, flip: { turn: 1 s } }\n- { at: 2.2 s, page: white }"
    )
    assert (finding.cue, finding.limit, finding.severity) == (2, limits.LAG, "high")
    assert finding.measured == "0.8 s"
    assert "half of them by 0.8 s or more, the last by 0.8 s" in finding.what
    assert finding.seats.all()


def test_lag_adds_up_from_cue_to_cue(compiled):
    """Each turn of 0.4 s is called 0.2 s after the last one."""
    cues = "\n".join(f"- {{ at: {2 + n / 5:.1f} s, page: {('blue', 'white')[n % 2]} }}" for n in range(5))
    late = [finding.measured for finding in found(compiled, cues) if finding.limit is limits.LAG]
    assert late == ["0.2 s", "0.4 s", "0.6 s", "0.8 s"]


def test_turns_of_one_cue_are_not_held_against_each_other(compiled):
    loaded, plan = compiled(
        pages=(
            'red: { fill: "#c01020" }\n'
            "sea: { pattern: { kind: stripes, speed: 5 }, run: { every: 1 s, for: 6 s } }"
        ),
        cues=f"- {{ at: 0 s, page: red }}\n- {{ at: 2 s, page: sea, {WAVE} }}",
    )
    assert [finding for finding in find_close_cues(loaded, plan) if finding.limit is limits.SPREAD] == []


def test_cues_for_other_seats_do_not_matter(compiled):
    cues = (
        f"- {{ at: 2 s, page: blue, {WAVE}, where: {{ columns: 1-30 }} }}\n"
        f"- {{ at: 2.1 s, page: white, {WAVE}, where: {{ columns: 31-60 }} }}"
    )
    assert found(compiled, cues) == []


@pytest.mark.parametrize("at", ["2.5 s"])
def test_screens_follow_at_once(compiled, at):
    cues = f"- {{ at: 2 s, page: blue, {WAVE} }}\n- {{ at: {at}, page: white }}"
    assert found(compiled, cues, more="  mode: tablets\n", palette=None) == []


def test_who_is_late_without_being_kept_has_not_fallen_behind(compiled):
    people = "{ reaction: 0 s, spread: 0 s, late: 20 %, absent: 0 %, wrong_page: 0 %, dropped: 0 % }"
    assert found(compiled, "- { at: 2 s, page: blue }\n- { at: 6 s, page: white }", people=people) == []
