from __future__ import annotations

import dataclasses

from cardstunt.kernels.mending import resolve
from cardstunt.scenes.feasibility.field_collisions import find_collisions
from cardstunt.scenes.feasibility.field_mended import find_mended

from .test_field_collisions import CLEAR, EAST, WEST

RESOLVE = "field: { resolve: true }"


def test_nothing_was_changed_where_nobody_asked_for_it(field):
    assert find_mended(field(east=EAST, west=WEST)) == []


def test_nothing_was_changed_where_nobody_collides(field):
    assert find_mended(field(top=RESOLVE, east=EAST, west=CLEAR)) == []


def test_what_was_changed_is_told_with_its_numbers(field):
    shown = field(top=RESOLVE, east=EAST, west=WEST)
    whole, *parts = find_mended(shown)
    mended = shown.mended
    assert whole.kind == "mended"
    assert whole.severity == "low"
    assert whole.path == ("field", "resolve")
    assert f"changed {len(mended.changes)} way" in whole.what
    assert f"of {len(mended.before)} pairs that came nearer than 0.4 m {len(mended.remaining)} " in whole.what
    bows = [abs(change.bow) for change in mended.changes if change.bow]
    if bows:
        assert f"{len(bows)} walk a bow of up to {max(bows):.2f} m" in whole.what
    named = {finding.path[1] for finding in parts} or set(whole.people)
    assert named == {shown.names[change.troupe] for change in mended.changes}
    for finding in (whole, *parts):
        for name, people in finding.people.items():
            of = {change.person for change in mended.changes if shown.names[change.troupe] == name}
            assert set(people.tolist()) == of


def test_that_the_work_was_too_much_is_told(field):
    shown = field(top=RESOLVE, east=EAST, west=WEST)
    (whole, *_) = find_mended(shown)
    assert "stopped" not in whole.what
    given = list(field(east=EAST, west=WEST).drills.values())
    mended = resolve(given, rounds=1, most_looked=1)
    assert mended.ended
    ended = dataclasses.replace(shown, mended=mended, drills=dict(zip(shown.names, given, strict=True)))
    (whole, *_) = find_mended(ended)
    assert "it stopped before it had tried everything" in whole.what
    left = dataclasses.replace(ended, mended=dataclasses.replace(mended, remaining=mended.before))
    assert all("stopped before it had tried everything" in found.advice for found in find_collisions(left))
