"""Which strips of poses a drill shows at some time: what need not be built is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .array_module import to_numpy
from .clips import CLIP_NAMES

if TYPE_CHECKING:
    from .drill import Drill

_STAND, _CLIMB = CLIP_NAMES.index("stand"), CLIP_NAMES.index("climb")


def used_strips(drill: Drill) -> tuple[int, ...]:
    """Return the strips that `gymnast_states` can give for a drill: indices into `STRIPS`, rising.

    They are a stand, the sets' moves, those of the walks that people take, and climbing where somebody does.
    """
    route = drill.route
    used = {_STAND, *to_numpy(drill.clip).tolist()}
    # The first step and the last are a pair.
    used.update(
        np.unique(route.ends[route.pairs > 0.0]).tolist(), np.unique(route.loop[route.pairs > 1.0]).tolist()
    )
    if any(climb is not None for climb in route.climbs):
        used.add(_CLIMB)
    return tuple(sorted(int(number) for number in used))
