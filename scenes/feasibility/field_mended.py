"""What ``field.resolve`` changed so that fewer people collide."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.array_module import to_numpy
from ...kernels.ticks import seconds, ticks
from .field import Field, counted_as, listed, metres
from .finding import FieldFinding, clock
from .limits import ROOM

if TYPE_CHECKING:
    from ...kernels.mending import Change


def find_mended(field: Field) -> list[FieldFinding]:
    """Tell whose ways were changed, by how much, and what that did.

    Parameters
    ----------
    field : Field

    Returns
    -------
    list of FieldFinding
        None where nothing was changed; else one for the whole show, and one for each set.
    """
    mended = field.mended
    if mended is None or not mended.changes:
        return []
    by_set: dict[tuple[int, int], list[Change]] = defaultdict(list)
    for change in mended.changes:
        by_set[change.troupe, change.number].append(change)
    findings = [
        _finding(field, field.names[troupe], number, changes) for (troupe, number), changes in by_set.items()
    ]
    first = max(findings, key=lambda finding: finding.weight)
    before, after = len(mended.before), len(mended.remaining)
    ended = "; it stopped before it had tried everything: so many are too much for it" if mended.ended else ""
    # The search ends with so many pairs; then there are more than it counted.
    least = "at least " if mended.before.unseen else ""
    gymnasts = {(change.troupe, change.person) for change in mended.changes}
    whole = field.finding(
        "mended",
        "low",
        ticks(first.at),
        about=("field", "resolve"),
        weight=np.inf,
        what=f"'resolve' changed {counted_as(len(mended.changes), 'way', 'ways')}, and of {least}"
        f"{counted_as(before, 'pair', 'pairs')} that came nearer than {field.room:g} m {after:,} "
        f"{'is' if after == 1 else 'are'} left; {_how(mended.changes)}{ended}",
        measured=f"{before:,} before, {after:,} after",
        limit=ROOM,
        advice="look whether the lines are still straight enough",
        people=first.people,
        number=first.number,
        who=counted_as(len(gymnasts), "gymnast", "gymnasts"),
    )
    return [whole, *findings] if len(findings) > 1 else [whole]


def _how(changes: tuple[Change, ...] | list[Change]) -> str:
    """Return how many set off later and how many walk a bow, and by how much at most."""
    delays = [change.delay for change in changes if change.delay]
    bows = [abs(change.bow) for change in changes if change.bow]
    parts = []
    if delays:
        parts.append(f"{len(delays):,} set off up to {clock(seconds(max(delays)))} later")
    if bows:
        parts.append(f"{len(bows):,} walk a bow of up to {metres(max(bows))}")
    return listed(parts)


def _finding(field: Field, name: str, number: int, changes: list[Change]) -> FieldFinding:
    drill = field.drills[name]
    tick = (int(to_numpy(drill.leave)[number]) + int(to_numpy(drill.arrive)[number])) // 2
    people = np.unique([change.person for change in changes]).astype(np.int64)
    return field.finding(
        "mended",
        "low",
        tick,
        about=("troupes", name, "drill", number),
        weight=float(len(changes)),
        what=f"'resolve' changed {counted_as(len(changes), 'way', 'ways')} of {name} to "
        f"{field.called(name, number)}: {_how(changes)}",
        measured=counted_as(len(changes), "way", "ways"),
        limit=ROOM,
        advice="look whether the lines are still straight enough",
        people={name: people},
        number={name: number},
    )
