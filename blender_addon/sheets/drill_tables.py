"""The field's tables for spreadsheets and scripts: CSV in UTF-8, one row a person, or a set of a troupe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...kernels.ticks import TICKS_PER_SECOND
from .counting import count, halves
from .drill_plan import DrillPlan, Troupe
from .field_marks import across_texts, depth_texts, marks
from .tables import write_csv

_ROWS_AT_ONCE = 4096


def write_sets(path: Path, plan: DrillPlan) -> None:
    """Write all calls: when, to whom, what for, how long the walk is.

    Raises
    ------
    OSError
        When the file cannot be written; it is whole or absent.
    """
    head = ("set", "troupe", "people", "at s", "count", "walk s", "longest way m", "formation", "then")
    rows: list[tuple[object, ...]] = []
    for troupe in plan.troupes:
        drill = troupe.drill
        for number in range(drill.sets):
            moment = int(drill.leave[number])
            way = drill.places[number] - drill.places[max(0, number - 1)]
            rows.append(
                (
                    plan.call_of(troupe, number) + 1,
                    troupe.name,
                    troupe.people,
                    f"{moment / TICKS_PER_SECOND:.3f}",
                    count(plan.tempo, int(halves(plan.tempo, np.array([moment]))[0])),
                    f"{(int(drill.arrive[number]) - moment) / TICKS_PER_SECOND:.3f}",
                    f"{float(np.hypot(*way.T).max()):.2f}",
                    troupe.formations[number],
                    troupe.moves[number],
                )
            )
    write_csv(path, head, sorted(rows, key=lambda row: int(str(row[0]))))


def write_coordinates(path: Path, plan: DrillPlan, troupe: Troupe) -> None:
    """Write where each of a troupe's people stands in each set.

    Metres: x is east, y north, z up, from the field's middle. Steps are off the nearest line, as on the
    charts, to a quarter.

    Raises
    ------
    OSError
        When the file cannot be written; it is whole or absent.
    """
    raised = troupe.drill.height is not None and bool(troupe.drill.height.any())
    columns = ("x", "y", "z", "across", "depth") if raised else ("x", "y", "across", "depth")
    numbers = range(troupe.drill.sets)
    heads = [f"set {plan.call_of(troupe, number) + 1} {name}" for number in numbers for name in columns]
    write_csv(path, ("name", *heads), _coordinate_rows(troupe, raised))


def _coordinate_rows(troupe: Troupe, raised: bool) -> Iterator[tuple[str, ...]]:
    for first in range(0, troupe.people, _ROWS_AT_ONCE):
        part = slice(first, min(first + _ROWS_AT_ONCE, troupe.people))
        columns = [[f"{troupe.name} {number}" for number in troupe.numbers[part]]]
        for number in range(troupe.drill.sets):
            places = troupe.drill.places[number, part]
            found = marks(places, troupe.step)
            columns += [[f"{metres:.3f}" for metres in axis] for axis in places.T.tolist()]
            if raised:
                columns.append([f"{metres:.3f}" for metres in troupe.heights(number)[part].tolist()])
            columns += [across_texts(found, plain=True), depth_texts(found, plain=True)]
        yield from zip(*columns, strict=True)
