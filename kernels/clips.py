"""The moves that people can do: their names, how long a cycle takes, and the strips of poses that show them.

A strip is a row of poses over one cycle of a move. Most moves have one; a walk has one for each length of
step, and for each of these another whose first half begins the walk from a stand and whose second half ends
it in one. All strips but those of a walk under way begin and end in the same neutral stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["repeated", "held", "walked"]


@dataclass(frozen=True)
class Clip:
    """One move.

    Attributes
    ----------
    name
        What a show file calls it.
    seconds
        How long a cycle takes on the spot, where nothing else is said.
    kind
        ``repeated``: cycle after cycle. ``held``: to the middle of the one cycle, held there, and back.
        ``walked``: repeated on the spot (``march``) or driven by the distance walked; a cycle is two steps.
    strides
        Lengths of a step, metres, for which there are poses; empty for what is only done on the spot.
    """

    name: str
    seconds: float
    kind: Kind = "repeated"
    strides: tuple[float, ...] = ()


CLIPS: tuple[Clip, ...] = (
    Clip("stand", 5.0),
    Clip("march", 1.0, "walked", (0.2, 0.35, 0.5, 0.65, 0.8, 0.95)),
    Clip("run", 0.7, "walked", (1.1, 1.35, 1.6, 1.9)),
    Clip("jump", 4.0 / 3.0),
    Clip("star_jump", 4.0 / 3.0),
    Clip("bow", 4.0),
    Clip("wave", 2.0),
    Clip("torso_wave", 2.4),
    Clip("spin", 1.6),
    Clip("cartwheel", 2.0),
    Clip("somersault", 1.6),
    Clip("lift", 3.0),
    Clip("kneel", 2.0, "held"),
    Clip("sit", 2.4, "held"),
    Clip("handstand", 3.0, "held"),
    Clip("climb", 2.0),
    Clip("hold", 2.0, "held"),
)
"""All moves; a clip's index here is its number in a `Drill`. ``climb`` is done while a person gains or loses
height in a figure of acrobats, ``hold`` on top of it and below."""

CLIP_NAMES = tuple(clip.name for clip in CLIPS)


@dataclass(frozen=True)
class Strip:
    """One row of poses.

    Attributes
    ----------
    clip
        Index into `CLIPS`.
    stride
        Metres of a step; 0 on the spot.
    ends
        Whether the first half begins a walk from a stand, and the second half ends it in one.
    """

    clip: int
    stride: float = 0.0
    ends: bool = False

    @property
    def name(self) -> str:
        """A short name, unlike all others': ``march 0.65 ends``."""
        stride = f" {self.stride:g}" if self.stride else ""
        return f"{CLIPS[self.clip].name}{stride}{' ends' if self.ends else ''}"


STRIPS: tuple[Strip, ...] = tuple(
    [Strip(number) for number in range(len(CLIPS))]
    + [
        Strip(number, stride, ends)
        for number, clip in enumerate(CLIPS)
        for stride in clip.strides
        for ends in (False, True)
    ]
)
"""All strips: first one of each clip on the spot, in the order of `CLIPS`; then those of walks."""
