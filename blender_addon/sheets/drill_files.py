"""Which files the field's people and their leaders get."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .dot_sheets import MOST_PEOPLE, write_dot_sheets
from .drill_charts import parts_each_way, sectors, write_charts, write_sectors
from .drill_plan import DrillPlan, Troupe
from .drill_tables import write_coordinates, write_sets
from .file_names import file_stems
from .job import Job, content_key

Array = np.ndarray[Any, Any]

DRILL = "drill"
CHARTS, SETS = f"{DRILL}/charts.pdf", f"{DRILL}/sets.csv"
SECTORS, DOT_SHEETS, COORDINATES = (f"{DRILL}/{name}" for name in ("sectors", "dot_sheets", "coordinates"))


def drill_jobs(plan: DrillPlan) -> Iterator[Job]:
    """Yield the charts, tables and dot sheets of a plan; none for a show without troupes."""
    if not plan.troupes:
        return
    calls, parts = range(len(plan.calls)), parts_each_way(plan)
    everything = [_call_key(plan, call) for call in calls]
    key = content_key((CHARTS, parts, everything))
    yield Job(CHARTS, DRILL, len(calls), key, lambda path, step: write_charts(path, plan, parts, step))
    yield Job(SETS, DRILL, 1, content_key((SETS, everything)), lambda path, step: write_sets(path, plan))
    stems = file_stems("troupe", [troupe.name for troupe in plan.troupes])
    for stem, troupe in zip(stems, plan.troupes, strict=True):
        yield _table(plan, troupe, f"{COORDINATES}/{stem}.csv")
    for call in calls if parts > 1 else ():
        yield _sectors(plan, call, parts, everything[call])
    for stem, troupe in zip(stems, plan.troupes, strict=True):
        yield from _dot_sheets(plan, troupe, stem)


def _table(plan: DrillPlan, troupe: Troupe, name: str) -> Job:
    def write(path: Path, step: Callable[[int], None]) -> None:
        write_coordinates(path, plan, troupe)

    return Job(name, DRILL, 1, content_key((name, *_troupe_words(plan, troupe)), _places(troupe)), write)


def _sectors(plan: DrillPlan, call: int, parts: int, call_key: str) -> Job:
    def write(path: Path, step: Callable[[int], None]) -> None:
        write_sectors(path, plan, call, parts, step)

    pages = len(sectors(plan, call, parts))
    key = content_key((SECTORS, parts, call_key))
    return Job(f"{SECTORS}/set_{call + 1:03d}.pdf", "sectors", pages, key, write)


def _dot_sheets(plan: DrillPlan, troupe: Troupe, stem: str) -> Iterator[Job]:
    firsts = range(0, troupe.people, MOST_PEOPLE)
    for part, first in enumerate(firsts, 1):
        people = range(first, min(first + MOST_PEOPLE, troupe.people))
        suffix = f"_part_{part:02d}" if len(firsts) > 1 else ""
        yield _dot_sheet(plan, troupe, people, f"{DOT_SHEETS}/{stem}{suffix}.pdf")


def _dot_sheet(plan: DrillPlan, troupe: Troupe, people: range, name: str) -> Job:
    def write(path: Path, step: Callable[[int], None]) -> None:
        write_dot_sheets(path, plan, troupe, people, step)

    own = [array[:, people.start : people.stop] for array in _places(troupe)]
    key = content_key((name, people, *_troupe_words(plan, troupe)), own)
    return Job(name, "dot sheets", len(people), key, write)


def _troupe_words(plan: DrillPlan, troupe: Troupe) -> tuple[object, ...]:
    drill = troupe.drill
    called = [plan.call_of(troupe, number) for number in range(drill.sets)]
    times = drill.leave.tolist(), drill.arrive.tolist()
    names = troupe.name, troupe.people, troupe.step, troupe.formations, troupe.moves
    return plan.title, plan.tempo, names, called, times


def _places(troupe: Troupe) -> list[Array]:
    drill = troupe.drill
    return [array for array in (drill.places, drill.height, drill.late) if array is not None]


def _call_key(plan: DrillPlan, call: int) -> str:
    """Return a hash of what the chart of a call is drawn from."""
    words: list[object] = [plan.title, plan.tempo, call, plan.calls[call : call + 2], len(plan.calls)]
    arrays: list[Array] = []
    standing, called = plan.standing(call), plan.called(call)
    for troupe, number, now in zip(plan.troupes, standing, called, strict=True):
        drill, last = troupe.drill, number + 1 == troupe.drill.sets
        words += [troupe.name, troupe.code, troupe.colour, troupe.step, now, plan.call_of(troupe, number)]
        words += [troupe.formations[number], troupe.moves[number]]
        words.append(None if last else (troupe.formations[number + 1], plan.call_of(troupe, number + 1)))
        words.append(int(drill.arrive[number] - drill.leave[number]))
        arrays += [drill.places[number], troupe.heights(number)]
        if now and number:
            ways = troupe.ways(number)
            arrays += [ways.start, ways.bent, ways.points, ways.following, *ways.trails]
    return content_key(words, arrays)
