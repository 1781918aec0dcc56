"""How many steps a walk has and how long they are, so that a foot on the ground stays where it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .clips import CLIP_NAMES, CLIPS, STRIPS

MARCH, RUN = CLIP_NAMES.index("march"), CLIP_NAMES.index("run")

RUNNING = 2.2
"""Metres a second, in the mean over a walk: who goes faster runs. Adults of either sex change from walking to
running at about 2 m/s (Thorstensson and Roberthson 1987: 1.9 to 2.1)."""

_MARCHING_CADENCE = (1.0, 2.5)  # steps a second, in the mean
_RUNNING_CADENCE = 2.8
_FREEDOM = 0.1  # how much less a metre off the step wanted counts than a metre of sliding


class Steps(NamedTuple):
    """The steps of walks.

    Attributes
    ----------
    pairs
        Shape (N,), float64: whole pairs of steps; 0 without a distance.
    loop, ends
        Shape (N,), int16, indices into `STRIPS`: under way, and for the first and the last step.
    """

    pairs: NDArray[np.float64]
    loop: NDArray[np.int16]
    ends: NDArray[np.int16]


def step_pairs(
    distance: NDArray[np.float64],
    pace: NDArray[np.float64],
    scale: NDArray[np.float64],
    step_length: float,
) -> Steps:
    """Choose steps for walks.

    A strip of poses has feet that move back under the body by its stride, times the body's scale, a step. A
    walk is a whole number of step pairs, so its steps are of `distance / (2 pairs)`; what that differs from
    the strip's, a foot slides. Chosen are pairs and stride with the least of this; of those nearly as good,
    with steps near the length wanted. On ways too short for any stride people step on the spot.

    Parameters
    ----------
    distance
        Shape (N,), metres along the way; 0 for who does not step.
    pace
        Shape (N,), metres a second in the mean: above `RUNNING` people run, if there is room for two steps.
    scale
        Shape (N,): of the body.
    step_length
        Metres, of a body of scale 1: the step wanted, at any pace at which people can take it.

    """
    shortest_run = (CLIPS[MARCH].strides[-1] + CLIPS[RUN].strides[0]) / 2.0
    runs = (pace > RUNNING) & (distance >= 2.0 * shortest_run * scale)
    slow, quick = _MARCHING_CADENCE
    marched = np.minimum(np.maximum(step_length * scale, pace / quick), np.maximum(pace / slow, 0.2))
    longest = CLIPS[RUN].strides[-1] * scale
    wanted = np.where(runs, np.minimum(pace / _RUNNING_CADENCE, longest), marched)
    pairs = np.zeros(len(distance))
    least = np.full(len(distance), np.inf)
    loop, ends = np.full(len(distance), MARCH, dtype=np.int16), np.full(len(distance), MARCH, dtype=np.int16)
    for number, strip in enumerate(STRIPS):
        if strip.ends or strip.clip not in {MARCH, RUN} or (strip.clip == RUN and not strip.stride):
            continue
        stride = strip.stride * scale
        fits = runs if strip.clip == RUN else ~runs
        some = distance / (2.0 * stride) if strip.stride else np.ones(len(distance))
        for whole in (np.floor(some), np.ceil(some)):
            count = np.maximum(whole, 1.0)
            step = distance / (2.0 * count)
            cost = (step - stride) ** 2 + (_FREEDOM * (step - wanted)) ** 2
            better = fits & (cost < least)
            least[better], pairs[better], loop[better] = cost[better], count[better], number
            ends[better] = number + 1 if strip.stride else number
    pairs[distance <= 0.0] = 0.0
    return Steps(pairs, loop, ends)
