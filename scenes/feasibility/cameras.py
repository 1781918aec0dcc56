"""Cues whose seats no camera of the film sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from ...kernels.ticks import ticks
from ..stadium import bowl_of
from ..timeline import Sample, film_timeline
from .bowl_in_the_way import hidden
from .finding import SectionFinding, Severity, clock, per_cent, shown_after
from .limits import OBLIQUE, OVER, PIXEL, SEEN, Limit
from .seats_in_words import seats_in_words
from .viewpoint import Cards, cards_of, facing, in_frame, over_the_row_in_front, viewpoint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..section_plan import SectionPlan

    Mask = NDArray[np.bool_]

Reason = Literal[
    "out of frame",
    "hidden behind the stadium",
    "hidden behind the row in front",
    "turned away",
    "smaller than a pixel",
]
REASONS: tuple[Reason, ...] = (
    "out of frame",
    "hidden behind the stadium",
    "hidden behind the row in front",
    "turned away",
    "smaller than a pixel",
)
_LIMITS: dict[Reason, Limit] = {
    "hidden behind the row in front": OVER,
    "turned away": OBLIQUE,
    "smaller than a pixel": PIXEL,
}
_ADVICE: dict[Reason, str] = {
    "out of frame": "widen the lens or move the camera back, if all of the picture is to be seen",
    "hidden behind the stadium": "lower the camera below the roof's edge, or bring it over the field",
    "hidden behind the row in front": "raise the camera, so that it looks over the row in front",
    "turned away": "bring the camera round to where the people look",
    "smaller than a pixel": "come nearer, take a longer lens, or make the film larger",
}
_MOMENTS = 5
#: Stations on the way of a camera that are told apart.
_STATIONS = 100
_NAMED = 4
_RAYS_ACROSS, _RAYS_UP = 24, 12


class _Eyes:
    """What the film's cameras see of the cards, worked out once for each station on a shot's way."""

    def __init__(self, loaded: LoadedShow, plan: SectionPlan, cards: Cards) -> None:
        self._show, self._plan, self._cards = loaded.show, plan, cards
        self._bowl = bowl_of(loaded.show.stadium)
        seats = plan.seats
        self._lattice = np.ix_(_spread(seats.rows, _RAYS_UP), _spread(seats.columns, _RAYS_ACROSS))
        self._nearest = np.ix_(_nearest(seats.rows, _RAYS_UP), _nearest(seats.columns, _RAYS_ACROSS))
        self._seen: dict[tuple[int, int], NDArray[np.int8]] = {}

    def of(self, sample: Sample) -> NDArray[np.int8]:
        """Return for each card -1 where it is seen, else which of `REASONS` it is not for: (N,)."""
        key = sample.shot, round(sample.progress * _STATIONS)
        if key not in self._seen:
            self._seen[key] = self._look(*key)
        return self._seen[key]

    def _look(self, shot: int, station: int) -> NDArray[np.int8]:
        view = viewpoint(self._show, self._show.film.shots[shot], station / _STATIONS, self._cards.middle)
        seen = np.full(self._plan.seats.taken.size, -1, dtype=np.int8)
        away, small = facing(view, self._cards)
        seen[small] = REASONS.index("smaller than a pixel")
        seen[away] = REASONS.index("turned away")
        low = over_the_row_in_front(view, self._cards) < OVER.value
        seen[low & ~away] = REASONS.index("hidden behind the row in front")
        seen[self._hidden(view.place)] = REASONS.index("hidden behind the stadium")
        seen[~in_frame(view, self._cards)] = REASONS.index("out of frame")
        return seen

    def _hidden(self, eye: NDArray[np.float64]) -> Mask:
        """Lines of sight to a lattice of seats, and the seats about them taken to be alike."""
        seats = self._plan.seats
        grid = self._cards.places.reshape(seats.rows, seats.columns, 3)[self._lattice]
        some = hidden(self._bowl, eye, grid.reshape(-1, 3)).reshape(grid.shape[:2])
        result: Mask = some[self._nearest].ravel()
        return result


def _spread(count: int, most: int) -> NDArray[np.int64]:
    """At most so many places out of `count`, the first and the last among them."""
    places: NDArray[np.int64] = np.unique(
        np.rint(np.linspace(0, count - 1, min(count, most))).astype(np.int64)
    )
    return places


def _nearest(count: int, most: int) -> NDArray[np.int64]:
    """Which of `_spread` is nearest to each place."""
    places = _spread(count, most)
    nearest: NDArray[np.int64] = np.abs(np.arange(count)[:, None] - places).argmin(axis=1)
    return nearest


@dataclass(eq=False)
class _Cue:
    """What the film shows of one cue: whom it is for, who is seen, and of the others why not in which shot.

    `why` is which of `REASONS` and `shot` which of the shots, the first one; -1 where there is none.
    """

    cue: int
    turn: int
    wanted: Mask
    seen: Mask
    why: NDArray[np.int8]
    shot: NDArray[np.int16]
    place: int = 0
    shots: set[int] = field(default_factory=set)


def find_unseen_seats(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find cues of which no shot shows the seats, or a part of them, at any time while the picture stands.

    The cameras are looked through at pictures that the film truly has. A seat counts as unseen when its card
    is outside the picture, hidden behind the terraces or the roof, more than half of it behind the books of
    the row in front, more than 75 degrees turned away, or smaller than a pixel, in all of them.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan

    Returns
    -------
    list of SectionFinding
        One a shot and reason, and one for all cues that are in no shot.
    """
    cues = _look_at_cues(loaded, plan)
    unfilmed = [cue for cue in cues if not cue.seen.any()]
    findings = [_unfilmed(loaded, plan, unfilmed)] if unfilmed else []
    groups: dict[tuple[int, Reason], list[tuple[_Cue, Mask]]] = {}
    for cue in cues:
        if not cue.seen.any():
            continue
        for shot in sorted(cue.shots):
            for number, reason in enumerate(REASONS):
                missed = cue.wanted & ~cue.seen & (cue.why == number) & (cue.shot == shot)
                if missed.sum() > SEEN.value * cue.wanted.sum():
                    groups.setdefault((shot, reason), []).append((cue, missed))
    findings += [_partly(loaded, plan, shot, reason, missed) for (shot, reason), missed in groups.items()]
    return findings


def _look_at_cues(loaded: LoadedShow, plan: SectionPlan) -> list[_Cue]:
    samples = film_timeline(loaded.show).samples
    times = np.array([ticks(sample.show_time) for sample in samples], dtype=np.int64)
    order = np.argsort(times, kind="stable")
    times = times[order]
    shots = np.array([samples[int(index)].shot for index in order])
    cuts = np.flatnonzero(np.diff(shots)) + 1
    eyes = _Eyes(loaded, plan, cards_of(plan.seats))
    far = np.int64(1 << 60)
    until = np.full(plan.seats.taken.size, far)
    cues: dict[int, _Cue] = {}
    for number in range(len(plan.turns) - 1, -1, -1):
        called = plan.included[number] & plan.seats.taken
        if not called.any():
            continue
        since = plan.due[number] if number else np.full_like(until, -far)
        cue = cues.setdefault(
            plan.turns[number].cue,
            _Cue(
                plan.turns[number].cue,
                number,
                wanted=np.zeros_like(called),
                seen=np.zeros_like(called),
                why=np.full(called.shape, -1, dtype=np.int8),
                shot=np.full(called.shape, -1, dtype=np.int16),
            ),
        )
        cue.turn = number
        cue.wanted |= called
        for index in _moments(times, cuts, since[called], until[called]):
            sample = samples[int(order[index])]
            now = times[index]
            standing = called & (since <= now) & (now < until)
            seen = eyes.of(sample)
            cue.shots.add(sample.shot)
            cue.seen |= standing & (seen < 0)
            first = standing & (seen >= 0) & (cue.why < 0)
            cue.why = np.where(first, seen, cue.why)
            cue.shot = np.where(first, np.int16(sample.shot), cue.shot)
        until = np.where(called, since, until)
    in_time = sorted(cues.values(), key=lambda cue: cue.turn)
    for place, cue in enumerate(in_time):
        cue.place = place
    return in_time


def _moments(
    times: NDArray[np.int64], cuts: NDArray[np.intp], since: NDArray[np.int64], until: NDArray[np.int64]
) -> Iterator[int]:
    """Pick a few of the film's moments while a picture stands, and those at the cuts from shot to shot."""
    first, last = int(np.searchsorted(times, since.min())), int(np.searchsorted(times, until.max()))
    if first >= last:
        return
    low, high = int(np.searchsorted(times, since.max())), int(np.searchsorted(times, until.min()))
    # As it comes, where it stands whole, and as it goes: some seats may only be in view then.
    stretches = ((first, low), (low, high), (high, last)) if low < high else ((first, last),)
    inside = cuts[(cuts > first) & (cuts < last)]
    chosen = {*inside.tolist(), *(inside - 1).tolist()}
    for begin, end in stretches:
        if begin < end:
            chosen |= set(np.rint(np.linspace(begin, end - 1, _MOMENTS)).astype(int).tolist())
    yield from sorted(chosen)


def _unfilmed(loaded: LoadedShow, plan: SectionPlan, cues: list[_Cue]) -> SectionFinding:
    what = f"no shot of the film shows {_named(plan, cues)}"
    looked_past = [cue for cue in cues if cue.shots]
    if looked_past:
        shots = sorted({shot for cue in looked_past for shot in cue.shots})
        names = ", ".join(repr(loaded.show.film.shots[shot].name) for shot in shots)
        which = "" if len(looked_past) == len(cues) else f" at {_named(plan, looked_past)}"
        what += f"; in shot {names} they are {_why(looked_past)}{which}"
    first = cues[0]
    wanted = np.any([cue.wanted for cue in cues], axis=0)
    turn = plan.turns[first.turn]
    shots_end = max(shot.end for shot in loaded.show.film.shots)
    after = f"; the film ends at {clock(shots_end)} of the show" if turn.at >= shots_end else ""
    return SectionFinding(
        kind="cameras",
        severity="low",
        weight=float(len(cues)),
        cue=first.cue,
        at=turn.at,
        page="",
        what=what + after,
        measured="no seat",
        limit=SEEN,
        advice="add a shot over that time, or leave it to the audience in the stadium",
        seats=wanted,
        who=seats_in_words(wanted, plan.seats),
        picture=shown_after(plan, first.turn),
    )


def _why(cues: list[_Cue]) -> Reason:
    """Return why most of the cards are not seen."""
    counts = np.zeros(len(REASONS), dtype=np.int64)
    for cue in cues:
        counts += np.bincount(cue.why[cue.why >= 0], minlength=len(REASONS))
    return REASONS[int(counts.argmax())]


def _partly(
    loaded: LoadedShow,
    plan: SectionPlan,
    shot_number: int,
    reason: Reason,
    missed: list[tuple[_Cue, Mask]],
) -> SectionFinding:
    shot = loaded.show.film.shots[shot_number]
    shares = [float(mask.sum() / cue.wanted.sum()) for cue, mask in missed]
    worst, mask = missed[int(np.argmax(shares))]
    share, turn = max(shares), plan.turns[worst.turn]
    what = (
        f"in shot {shot.name!r}, {clock(shot.start)} to {clock(shot.end)}, {per_cent(share)} of the seats "
        f"are {reason} all the time that {turn.label!r} stands"
    )
    if len(missed) > 1:
        others = [cue for cue, _ in missed if cue is not worst]
        what += f", and {per_cent(min(shares))} or more of {_named(plan, others)}"
    severity: Severity = "low" if reason == "out of frame" and share < 0.75 else "medium"
    limit = _LIMITS.get(reason, SEEN)
    return SectionFinding(
        kind="cameras",
        severity=severity,
        weight=share,
        cue=worst.cue,
        at=turn.at,
        page=turn.label,
        what=what,
        measured=f"{per_cent(1 - share)} of the seats"
        if limit is SEEN
        else f"{per_cent(share)} of the seats are beyond it",
        limit=limit,
        advice=_ADVICE[reason],
        seats=mask,
        who=seats_in_words(mask, plan.seats),
        picture=shown_after(plan, worst.turn),
    )


def _named(plan: SectionPlan, cues: list[_Cue]) -> str:
    """Name cues by their times: ``the 3 cues from 20 s to 31 s, the cue at 40 s``."""
    runs: list[list[_Cue]] = []
    for cue in cues:
        if runs and cue.place == runs[-1][-1].place + 1:
            runs[-1].append(cue)
        else:
            runs.append([cue])
    names = []
    for run in runs:
        first, last = (clock(plan.turns[cue.turn].at) for cue in (run[0], run[-1]))
        if len(run) == 1:
            names.append(f"the cue at {first}")
        elif first == last:
            names.append(f"the {len(run)} cues at {first}")
        else:
            names.append(f"the {len(run)} cues from {first} to {last}")
    more = len(names) - _NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_NAMED])}, and {more} times more"
