"""What a well-formed troupe can still have wrong: sets and changes out of order, counts of no music."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from ..kernels.clips import CLIP_NAMES, CLIPS

if TYPE_CHECKING:
    from .check import Report
    from .errors import YamlPath
    from .schema import Show
    from .schema_costume import Costume
    from .schema_troupe import Troupe


def check_troupes(show: Show, report: Report) -> None:
    """Report what is wrong or odd about the troupes of a show, as far as the show file alone tells."""
    for name, troupe in show.troupes.items():
        base: YamlPath = ("troupes", name)
        _check_first(troupe, base, report)
        _check_order(troupe, base, report)
        _check_moves(show, troupe, base, report)
        _check_changes(troupe.costume, (*base, "costume", "changes"), report)


def _check_first(troupe: Troupe, base: YamlPath, report: Report) -> None:
    first = troupe.drill[0]
    for name in ("travel", "assign"):
        if name in first.model_fields_set:
            report.add(
                (*base, "drill", 0, name),
                f"the first formation is where the troupe stands from the beginning; its {name} is not used",
                severity="warning",
            )


def _check_order(troupe: Troupe, base: YamlPath, report: Report) -> None:
    for index, (former, current) in enumerate(itertools.pairwise(troupe.drill), start=1):
        path = (*base, "drill", index, "at")
        over = former.travel.over
        if current.at < former.at:
            report.add(
                path,
                f"formations are out of order: this one is at {_seconds(current.at)}, "
                f"the one before it at {_seconds(former.at)}",
            )
        elif current.at == former.at:
            report.add(path, f"two formations of one troupe at the same time, {_seconds(current.at)}")
        elif index > 1 and over is not None and former.at + over > current.at:
            report.add(
                path,
                f"the troupe is on its way until {_seconds(former.at + over)} and cannot leave at "
                f"{_seconds(current.at)}",
            )


def _check_moves(show: Show, troupe: Troupe, base: YamlPath, report: Report) -> None:
    for index, drill_set in enumerate(troupe.drill):
        move, path = drill_set.move, (*base, "drill", index, "move")
        if move.counts is not None and show.music is None:
            report.add(
                (*path, "counts"),
                "these are beats of the music, but the show has none; "
                "add music: { file: …, bpm: … }, or leave 'counts' out",
            )
        clip = CLIPS[CLIP_NAMES.index(move.clip)]
        if move.times is not None and clip.kind == "held":
            report.add(
                (*path, "times"),
                f"who does {move.clip!r} stays so until the next set; its 'times' is not used",
                severity="warning",
            )


def _check_changes(costume: Costume, base: YamlPath, report: Report) -> None:
    for index, (former, current) in enumerate(itertools.pairwise(costume.changes), start=1):
        path = (*base, index, "at")
        over = former.at + former.over + former.turn
        if current.at < former.at:
            report.add(
                path,
                f"changes are out of order: this one is at {_seconds(current.at)}, "
                f"the one before it at {_seconds(former.at)}",
            )
        elif current.at < over:
            report.add(
                path,
                f"the change before it is not over until {_seconds(over)}; begin this one then or later",
            )


def _seconds(time: Fraction) -> str:
    return f"{float(time):g} s"
