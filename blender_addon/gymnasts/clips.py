"""The pose of every move at any phase."""

from __future__ import annotations

from collections.abc import Callable

from ...kernels.clips import CLIPS, Strip
from . import clips_acrobatics, clips_leaps, clips_on_the_spot, clips_walks
from .rig import Pose

_MOVES: dict[str, Callable[[float, float], Pose]] = {
    move.__name__: move
    for move in (
        clips_on_the_spot.stand,
        clips_walks.march,
        clips_walks.run,
        clips_leaps.jump,
        clips_leaps.star_jump,
        clips_on_the_spot.bow,
        clips_on_the_spot.wave,
        clips_on_the_spot.torso_wave,
        clips_acrobatics.spin,
        clips_acrobatics.cartwheel,
        clips_leaps.somersault,
        clips_on_the_spot.lift,
        clips_on_the_spot.kneel,
        clips_on_the_spot.sit,
        clips_acrobatics.handstand,
        clips_on_the_spot.climb,
        clips_on_the_spot.hold,
    )
}


def clip_pose(strip: Strip, phase: float, body: float = 1.0) -> Pose:
    """Return the pose of a strip at a phase.

    Parameters
    ----------
    strip
        One of `kernels.clips.STRIPS`, or one like them with steps of another length.
    phase
        0 to 1. Poses are those of a body that is moved along by ``2 * strip.stride * phase`` metres towards
        +X, and for ``climb`` lifted by `kernels.route.CLIMB_CYCLE` times the phase; the feet that stand then
        stay in place.
    body
        Scale at which the figure will be drawn: steps keep the length of the strip, and leaps their time in
        the air, for a body of that size.

    Returns
    -------
    Pose
        In the measure of the rig, to be drawn `body` times as large.
    """
    name = CLIPS[strip.clip].name
    if strip.stride > 0.0:
        return clips_walks.walk(name, strip.stride / body, strip.ends, phase)
    return _MOVES[name](phase, body)
