"""Acrobats who stand on more people than can bear them."""

from __future__ import annotations

import numpy as np

from ...kernels.array_module import to_numpy
from ...kernels.stacked_figures import SHOULDER_HEIGHT
from .field import Field, counted_as
from .finding import FieldFinding
from .limits import HIGHEST_TOWER, STACK


def find_high_stacks(field: Field) -> list[FieldFinding]:
    """Find figures of acrobats that are higher than cheerleaders may build, or than anybody ever built.

    Parameters
    ----------
    field : Field

    Returns
    -------
    list of FieldFinding
        One for each set with such figures.
    """
    findings = []
    for name, drill in field.drills.items():
        if drill.height is None:
            continue
        levels = np.rint(to_numpy(drill.height) / SHOULDER_HEIGHT).astype(np.int64) + 1
        for number, level in enumerate(levels):
            highest = int(level.max())
            limit = HIGHEST_TOWER if highest > HIGHEST_TOWER.value else STACK
            if highest <= limit.value:
                continue
            people = np.flatnonzero(level > limit.value)
            top = int(np.argmax(level))
            told = "nobody ever built one so high" if limit is HIGHEST_TOWER else "a feat of specialists"
            findings.append(
                field.finding(
                    "stacks",
                    "high" if limit is HIGHEST_TOWER else "medium",
                    int(to_numpy(drill.arrive)[number]),
                    about=("troupes", name, "drill", number, "formation"),
                    weight=float(highest),
                    what=f"figures of {name} are {highest} people high, {told} ({limit.text}); "
                    f"{counted_as(len(people), 'person stands', 'people stand')} above that",
                    measured=f"{highest} people high",
                    limit=limit,
                    advice=f"write a 'base' of {STACK.value:g} or less, or train with nets and helmets",
                    people={name: people},
                    middle=to_numpy(drill.places)[number, top],
                )
            )
    return findings
