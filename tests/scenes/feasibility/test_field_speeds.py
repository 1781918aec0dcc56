from __future__ import annotations

import pytest
from cardstunt.kernels.pace import speeds
from cardstunt.scenes.feasibility.field_speeds import find_fast_ways
from cardstunt.scenes.feasibility.limits import MARCH, RUN, SPRINT


def walk(seconds, metres=40):
    return f"""20
    at: 0 s, formation: {{ block: {{ columns: 5 }} }}
    at: 2 s, formation: {{ block: {{ columns: 5 }} }}, place: [{metres} m, 0 m], travel: {seconds} s"""


def test_who_marches_is_no_finding(field):
    assert find_fast_ways(field(one=walk(60))) == []


@pytest.mark.parametrize(
    ("seconds", "severity", "limit"), [(3, "high", SPRINT), (12, "medium", RUN), (25, "low", MARCH)]
)
def test_ways_are_held_against_people(field, seconds, severity, limit):
    shown = field(one=walk(seconds))
    (found,) = find_fast_ways(shown)
    peak = speeds(shown.drills["one"])[1]
    assert (found.kind, found.severity, found.limit) == ("speeds", severity, limit)
    assert found.measured == f"{peak.max():.1f} m/s"
    assert f"{peak.max():.1f} m/s" in found.sentence
    assert found.people["one"].tolist() == (peak > limit.value).nonzero()[0].tolist()
    assert 2 < found.at < 2 + seconds
    assert found.path[:4] == ("troupes", "one", "drill", 1)


def test_the_time_it_advises_is_enough_to_run(field):
    (found,) = find_fast_ways(field(one=walk(3)))
    assert found.path == ("troupes", "one", "drill", 1, "travel")
    longer = float(found.advice.split("give the travel ")[1].split(" s ")[0])
    (then,) = find_fast_ways(field(one=walk(longer)))
    assert then.severity == "low"


def test_troupes_that_run_are_one_finding_each(field):
    there_and_back = walk(25) + "\nat: 40 s, formation: { block: { columns: 5 } }, travel: 25 s"
    found = find_fast_ways(field(one=there_and_back, two=walk(60)))
    assert len(found) == 1
    assert "on the way to 2 sets" in found[0].what
