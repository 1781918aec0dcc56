"""The formations of one troupe in time, with who stands where settled: what all kernels of motion read."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_module import to_numpy
from .clips import CLIPS
from .detours import Detours
from .easing import EASES
from .motion_tables import MotionTables, motion_tables
from .rails import FITS, Rails
from .route import Route, route
from .ticks import TICKS_PER_SECOND
from .timetable import Timetable, timetable


class MotionError(ValueError):
    """A drill that cannot be walked."""


@dataclass(frozen=True, eq=False)
class Drill:
    """The formations of one troupe in time.

    Attributes
    ----------
    places
        Shape (S, N, 2), float64, metres: person i stands at `places[s, i]` in set s. NumPy or CuPy; the
        states are computed where these are.
    leave, arrive
        Shape (S,), int64 ticks: people are under way to set s between these. Set 0 is where they stand from
        the beginning, and its two times, equal, are when its move starts.
    clip
        Shape (S,), index into `CLIPS`: the move while standing in set s. On the way people march or run.
    canon
        Shape (S, N), int64 ticks: how long after `arrive[s]` each person starts the move.
    heading
        Shape (S,) or (S, N), radians from +X towards +Y: where people look while they stand.
    seed
        Which crowd: other seeds give other timings and heights.
    step_length
        Metres: the step that people take where their pace allows it. A walk has a whole number of step
        pairs, and steps of a length for which there are poses.
    stagger
        Share of a walk's time over which people set off, 0 to 0.5.
    timing
        Seconds over which people start a move.
    period
        Shape (S,), int64 ticks of one cycle of the set's move. None: the clip's own.
    times
        Shape (S,), int64: how many cycles at most; 0, and None, for as many as there is time for. Moves that
        are held have one, held until people leave.
    height
        Shape (S, N), float64 metres of the feet above the ground: of acrobats who stand on others.
    late
        Shape (S, N), int64 ticks by which each person sets off later to set s: travel in canon. The time
        from `leave[s]` to `arrive[s]` includes the largest.
    ease
        Shape (S,), index into `EASES`: how people walk to set s. None: all smoothly.
    bend
        Shape (S, 2, 2), float64 metres: two offsets b and c; at the share s of their way to the set people
        are 3 s (1 - s)² b + 3 s² (1 - s) c off the straight one. None: all straight.
    rails
        Lines that people follow instead of a straight way.
    detours
        What `mending.resolve` changed on people's ways.

    Raises
    ------
    MotionError
        If shapes do not fit, times are not in order, or a number is out of range.
    """

    places: NDArray[np.float64]
    leave: NDArray[np.int64]
    arrive: NDArray[np.int64]
    clip: NDArray[np.integer[Any]]
    canon: NDArray[np.int64]
    heading: NDArray[np.float64]
    seed: int = 0
    step_length: float = 0.75
    stagger: float = 0.12
    timing: float = 0.12
    period: NDArray[np.int64] | None = None
    times: NDArray[np.int64] | None = None
    height: NDArray[np.float64] | None = None
    late: NDArray[np.int64] | None = None
    ease: NDArray[np.integer[Any]] | None = None
    bend: NDArray[np.float64] | None = None
    rails: Rails | None = None
    detours: Detours | None = None

    def __post_init__(self) -> None:
        if self.places.ndim != 3 or self.places.shape[2] != 2 or 0 in self.places.shape:
            raise MotionError(
                f"places must be (sets, people, 2) with at least one of each: {self.places.shape}"
            )
        self._check_shapes()
        self._check_times()
        self._check_numbers()
        if self.rails is not None:
            self._check_rails(self.rails)

    @property
    def sets(self) -> int:
        """How many sets there are."""
        return int(self.places.shape[0])

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.places.shape[1])

    @functools.cached_property
    def periods(self) -> NDArray[np.int64]:
        """Shape (S,), int64 ticks of one cycle of each set's move; on the host."""
        if self.period is not None:
            return to_numpy(self.period).astype(np.int64)
        own = np.array([round(clip.seconds * TICKS_PER_SECOND) for clip in CLIPS], dtype=np.int64)
        periods: NDArray[np.int64] = own[to_numpy(self.clip)]
        return periods

    @functools.cached_property
    def timetable(self) -> Timetable:
        """When people walk and climb, without detours, worked out once; on the host."""
        return timetable(self)

    @functools.cached_property
    def route(self) -> Route:
        """What does not change with time, worked out once; on the host."""
        return route(self)

    @functools.cached_property
    def tables(self) -> MotionTables:
        """The route as the CUDA twin reads it, on the device of `places`."""
        return motion_tables(self)

    def _check_shapes(self) -> None:
        sets, people = self.sets, self.people
        both = (sets, people)
        allowed = {
            "leave": ((sets,),),
            "arrive": ((sets,),),
            "clip": ((sets,),),
            "canon": (both,),
            "heading": ((sets,), both),
            "period": ((sets,),),
            "times": ((sets,),),
            "height": (both,),
            "late": (both,),
            "ease": ((sets,),),
            "bend": ((sets, 2, 2),),
        }
        for name, shapes in allowed.items():
            value = getattr(self, name)
            if value is not None and value.shape not in shapes:
                wanted = " or ".join(str(shape) for shape in shapes)
                raise MotionError(f"{name} must have the shape {wanted}, not {value.shape}")
        for name, shape in (
            ("rails", None if self.rails is None else self.rails.begin.shape),
            ("detours", None if self.detours is None else self.detours.delay.shape),
        ):
            if shape not in {None, both}:
                raise MotionError(f"{name} must be for {both} (sets, people), not {shape}")

    def _check_times(self) -> None:
        leave, arrive = to_numpy(self.leave), to_numpy(self.arrive)
        if leave[0] != arrive[0]:
            raise MotionError("set 0 has no way to it: its leave and arrive must be equal")
        if (arrive[1:] <= leave[1:]).any() or (leave[1:] < arrive[:-1]).any():
            raise MotionError(
                "people must reach each set after they leave for it, and that after they reached the last"
            )
        if self.late is not None:
            late = to_numpy(self.late)
            if (late < 0).any():
                raise MotionError("nobody sets off before the set is left: `late` is not negative")
            if (late[1:].max(axis=1, initial=0) >= (arrive - leave)[1:]).any():
                raise MotionError(
                    "the last to set off has no time to walk: `late` must be less than the travel"
                )

    def _check_numbers(self) -> None:
        clip = to_numpy(self.clip)
        if (clip < 0).any() or (clip >= len(CLIPS)).any():
            raise MotionError(f"clips are 0 to {len(CLIPS) - 1}")
        if (to_numpy(self.canon) < 0).any():
            raise MotionError("canon delays are not negative")
        if self.period is not None and (to_numpy(self.period) <= 0).any():
            raise MotionError("a cycle of a move takes at least one tick")
        if self.times is not None and (to_numpy(self.times) < 0).any():
            raise MotionError("a move is done 0 times (as often as there is time for) or more")
        if self.ease is not None:
            ease = to_numpy(self.ease)
            if (ease < 0).any() or (ease >= len(EASES)).any():
                raise MotionError(f"eases are 0 to {len(EASES) - 1}")
        if self.height is not None:
            height = to_numpy(self.height)
            if not np.isfinite(height).all() or (height < 0).any():
                raise MotionError("heights must be finite numbers of metres, not negative")
        if self.bend is not None and not np.isfinite(to_numpy(self.bend)).all():
            raise MotionError("bends must be finite numbers of metres")
        if not (self.step_length > 0 and 0 <= self.stagger <= 0.5 and self.timing >= 0):
            raise MotionError("step length must be positive, stagger 0 to 0.5 and timing not negative")

    def _check_rails(self, rails: Rails) -> None:
        number, person = np.nonzero(rails.walked)
        places = to_numpy(self.places)
        for metres, there, what in (
            (rails.begin, places[number - 1, person], "begin"),
            (rails.end, places[number, person], "end"),
        ):
            x, y = rails.places(metres[number, person])
            apart = np.hypot(there[:, 0] - x, there[:, 1] - y)
            if len(apart) and float(apart.max()) > FITS:
                worst = int(apart.argmax())
                raise MotionError(
                    f"rails must {what} at people's places: person {person[worst]}'s to set {number[worst]} "
                    f"is {apart[worst]:.3g} m off"
                )
