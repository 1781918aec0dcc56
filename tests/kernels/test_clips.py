from __future__ import annotations

import numpy as np
from cardstunt.kernels.clips import CLIP_NAMES, CLIPS, STRIPS


def test_there_are_enough_clips_with_names_of_their_own():
    assert len(CLIPS) >= 16
    assert len(set(CLIP_NAMES)) == len(CLIPS)
    assert all(clip.seconds > 0 for clip in CLIPS)


def test_a_clip_s_number_is_that_of_its_strip_on_the_spot():
    for number, clip in enumerate(CLIPS):
        assert (STRIPS[number].clip, STRIPS[number].stride, STRIPS[number].ends) == (number, 0.0, False)
        assert STRIPS[number].name == clip.name


def test_after_each_strip_of_a_walk_comes_that_of_its_ends():
    walked = STRIPS[len(CLIPS) :]
    assert len(walked) == 2 * sum(len(clip.strides) for clip in CLIPS)
    for loop, ends in zip(walked[::2], walked[1::2], strict=True):
        assert (loop.clip, loop.stride) == (ends.clip, ends.stride)
        assert (loop.ends, ends.ends) == (False, True)
    assert len({strip.name for strip in STRIPS}) == len(STRIPS)


def test_strides_rise_and_running_goes_on_where_marching_ends():
    strides = np.concatenate([clip.strides for clip in CLIPS if clip.kind == "walked"])
    assert (np.diff(strides) > 0).all()
    assert {clip.name for clip in CLIPS if clip.strides} == {"march", "run"}
