"""Ways on which gymnasts would have to be faster than people march, run, or ever ran."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.array_module import to_numpy
from ...kernels.pace import speeds
from ...kernels.ticks import seconds
from .field import Field, counted_as
from .finding import FieldFinding, Severity, clock
from .limits import MARCH, RUN, SPRINT, Limit

if TYPE_CHECKING:
    from numpy.typing import NDArray


def find_fast_ways(field: Field) -> list[FieldFinding]:
    """Find ways whose fastest moment is faster than people are.

    Parameters
    ----------
    field : Field

    Returns
    -------
    list of FieldFinding
        One for each set to which anybody must run harder than a crowd does, and one for each troupe that
        runs where it could march if it had more time.
    """
    findings = []
    for name, drill in field.drills.items():
        peak = speeds(drill)
        running = []
        for number in range(1, len(peak)):
            fastest = float(peak[number].max())
            if fastest > SPRINT.value:
                findings.append(_finding(field, name, number, peak[number], SPRINT, "high"))
            elif fastest > RUN.value:
                findings.append(_finding(field, name, number, peak[number], RUN, "medium"))
            elif fastest > MARCH.value:
                running.append(number)
        if running:
            findings.append(_running(field, name, running, peak))
    return findings


def _finding(
    field: Field, name: str, number: int, peak: NDArray[np.float64], limit: Limit, severity: Severity
) -> FieldFinding:
    drill = field.drills[name]
    fastest, people = int(np.argmax(peak)), np.flatnonzero(peak > limit.value)
    tick = _middle(field, name, number)
    told = "no human has ever run so fast" if limit is SPRINT else "a hard run in formation"
    here = field.places_at(name, np.array([fastest]), np.array([tick]))[0]
    drill_set = field.loaded.show.troupes[name].drill[number]
    time = seconds(int(to_numpy(drill.arrive)[number]) - int(to_numpy(drill.leave)[number]))
    longer = clock(math.ceil(2 * float(time) * float(peak[fastest]) / RUN.value) / 2)
    return field.finding(
        "speeds",
        severity,
        tick,
        about=("troupes", name, "drill", number, *(("travel",) if drill_set.travel is not None else ())),
        weight=float(peak[fastest]),
        what=f"{counted_as(len(people), 'gymnast', 'gymnasts')} of {name} would have to run at up to "
        f"{peak[fastest]:.1f} m/s to {field.called(name, number)}, {told} ({limit.text}); the fastest is "
        f"{field.numbered(name, fastest)}",
        measured=f"{peak[fastest]:.1f} m/s",
        limit=limit,
        advice=f"give the travel {longer} instead of {clock(time)}, or bring the formations nearer together",
        people={name: people},
        number={name: number},
        middle=here,
    )


def _running(field: Field, name: str, numbers: list[int], peak: NDArray[np.float64]) -> FieldFinding:
    number = max(numbers, key=lambda number: float(peak[number].max()))
    people = np.flatnonzero(peak[number] > MARCH.value)
    fastest = float(peak[number].max())
    sets = counted_as(len(numbers), "set", "sets")
    return field.finding(
        "speeds",
        "low",
        _middle(field, name, number),
        about=("troupes", name, "drill", number),
        weight=fastest,
        what=f"{name} run, not march, on the way to {sets}, at up to {fastest:.1f} m/s where marching at the "
        f"double is {MARCH.text}",
        measured=f"{fastest:.1f} m/s",
        limit=MARCH,
        advice="give the travel more time if they are to march",
        people={name: people},
        number={name: number},
        middle=None,
    )


def _middle(field: Field, name: str, number: int) -> int:
    """Return the tick in the middle of the travel to a set, when people are at their fastest."""
    drill = field.drills[name]
    return (int(to_numpy(drill.leave)[number]) + int(to_numpy(drill.arrive)[number])) // 2
