"""What cuda/motion.cu reads of a drill: its route as a few tables, on the device."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module, to_numpy
from .curves import KNOTS, Bent, Railed

if TYPE_CHECKING:
    from .drill import Drill


@dataclass(frozen=True, eq=False)
class MotionTables:
    """Tables of one drill on its device, in the order of the kernel's arguments; S sets, N people.

    Attributes
    ----------
    set_ticks
        Shape (S, 4), int64: period, release, slots of climbing down and up.
    set_kinds
        Shape (S, 3), int32: clip, whether it is held, ease.
    bends
        Shape (S, 2, 2), float64.
    places
        Shape (3, S, N), float64: x, y, height.
    ticks
        Shape (5, S, N), int64: depart, duration, turn, start, moves.
    numbers
        Shape (8, S, N), float64: before, first, after, standing, base, sunk, pairs, risen.
    strips
        Shape (2, S, N), int16: loop, ends.
    ways
        Shape (4, S, N), float64: x and y of origin and goal.
    which
        Shape (2, S, N), int32: the column in `bent`, or -2 less that in `railed`, or -1; and that in the
        tables of climbs, or -1.
    bent
        Shape (1 + 3 KNOTS, B), float64: bow, arc, slope, tangent.
    railed
        Shape (7, R), float64: begin, end, x and y off at both ends, about.
    rails
        Shape (3, P), float64: along, x, y.
    turns
        Shape (2, T), float64: along, heading.
    climbs
        Shape (12, C), float64: x and y of both tops, of both feet, heights, cycles.
    climb_ticks
        Shape (2, C), int64: when people begin to climb down, and up.
    climb_kinds
        Shape (C,), int32: 1 for who climbs down, and 2 for who climbs up.
    scale, variation
        Shape (N,), float32.
    """

    set_ticks: Any
    set_kinds: Any
    bends: Any
    places: Any
    ticks: Any
    numbers: Any
    strips: Any
    ways: Any
    which: Any
    bent: Any
    railed: Any
    rails: Any
    turns: Any
    climbs: Any
    climb_ticks: Any
    climb_kinds: Any
    scale: Any
    variation: Any

    @property
    def sizes(self) -> tuple[int, ...]:
        """Columns of `bent`, `railed`, `rails`, `turns` and `climbs`."""
        tables = (self.bent, self.railed, self.rails, self.turns, self.climbs)
        return tuple(int(table.shape[1]) for table in tables)


def motion_tables(drill: Drill) -> MotionTables:
    """Put a drill's route into tables, on the device of its places."""
    route, sets, people = drill.route, drill.sets, drill.people
    places = to_numpy(drill.places).astype(np.float64)
    height = np.zeros((sets, people)) if drill.height is None else to_numpy(drill.height)
    which = np.full((2, sets, people), -1, dtype=np.int32)
    bent: list[NDArray[Any]] = [np.zeros((1 + 3 * KNOTS, 0))]
    railed: list[NDArray[Any]] = [np.zeros((7, 0))]
    climbs: list[NDArray[Any]] = [np.zeros((12, 0))]
    climb_ticks: list[NDArray[Any]] = [np.zeros((2, 0), dtype=np.int64)]
    climb_kinds: list[NDArray[Any]] = [np.zeros(0, dtype=np.int32)]
    slots = np.zeros((sets, 2), dtype=np.int64)
    columns = [0, 0, 0]
    for index in range(1, sets):
        for curve in route.curves[index]:
            kind = int(isinstance(curve, Railed))
            column = columns[kind] + np.arange(len(curve.people))
            columns[kind] += len(curve.people)
            which[0, index, curve.people] = -2 - column if kind else column
            if isinstance(curve, Bent):
                bent.append(np.concatenate([curve.bow[None], curve.arc, curve.slope, curve.tangent]))
            else:
                off = curve.off.transpose(0, 2, 1).reshape(4, -1)
                railed.append(np.concatenate([np.stack([curve.begin, curve.end]), off, curve.about[None]]))
        climb = route.climbs[index]
        if climb is not None:
            which[1, index, climb.people] = columns[2] + np.arange(len(climb.people))
            columns[2] += len(climb.people)
            slots[index] = climb.slot
            ends = [side.transpose(0, 2, 1).reshape(4, -1) for side in (climb.top, climb.foot)]
            climbs.append(np.concatenate([*ends, climb.height, climb.cycles]))
            climb_ticks.append(climb.begin)
            climb_kinds.append((climb.climbs[0] + 2 * climb.climbs[1]).astype(np.int32))
    rails, turns = np.zeros((3, 1)), np.zeros((2, 1))
    if drill.rails is not None:
        rails = np.stack([drill.rails.along, *drill.rails.points.T])
        turns = np.stack(drill.rails.turns)
    bends = np.zeros((sets, 2, 2)) if drill.bend is None else to_numpy(drill.bend).astype(np.float64)
    ways = [np.stack(ends) for ends in (route.origin, route.goal)]
    numbers = ("before", "first", "after", "standing", "base", "sunk", "pairs", "risen")
    ticks = ("depart", "duration", "turn", "start", "moves")
    kinds = (to_numpy(drill.clip), route.held, route.ease)
    tables: dict[str, NDArray[Any]] = {
        "set_ticks": np.column_stack([route.period, route.release, slots]),
        "set_kinds": np.column_stack(kinds).astype(np.int32),
        "bends": bends,
        "places": np.concatenate([np.moveaxis(places, 2, 0), height[None]]).astype(np.float64),
        "ticks": np.stack([getattr(route, name) for name in ticks]),
        "numbers": np.stack([getattr(route, name) for name in numbers]),
        "strips": np.stack([route.loop, route.ends]),
        "ways": np.concatenate([np.moveaxis(end, 2, 0) for end in ways]),
        "which": which,
        "bent": np.concatenate(bent, axis=1),
        "railed": np.concatenate(railed, axis=1),
        "rails": rails,
        "turns": turns,
        "climbs": np.concatenate(climbs, axis=1),
        "climb_ticks": np.concatenate(climb_ticks, axis=1),
        "climb_kinds": np.concatenate(climb_kinds),
        "scale": route.scale,
        "variation": route.variation,
    }
    xp = array_module(drill.places)
    return MotionTables(
        **{field.name: xp.asarray(np.ascontiguousarray(tables[field.name])) for field in fields(MotionTables)}
    )
