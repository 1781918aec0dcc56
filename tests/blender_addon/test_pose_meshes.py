"""Every pose is found where the table says, and is what the clips and the body say."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.body import figure
from cardstunt.blender_addon.gymnasts.clips import clip_pose
from cardstunt.blender_addon.gymnasts.props import performed
from cardstunt.blender_addon.pose_meshes import POSES, PoseList, pose_meshes
from cardstunt.kernels.clips import CLIP_NAMES, STRIPS
from hypothesis import given
from hypothesis import strategies as st

DETAILS = range(len(POSES))
JUMP, BOW = CLIP_NAMES.index("jump"), CLIP_NAMES.index("bow")


@given(st.sets(st.integers(0, len(STRIPS) - 1)))
def test_every_pose_is_where_the_table_says(strips):
    poses = PoseList.of(strips)
    listed = sorted(number for chapter in poses.chapters for number in chapter)
    assert listed == sorted({0, *strips})
    rows, chapters = poses.table()
    assert rows.shape == (len(STRIPS) * len(POSES), 3)
    for number in range(len(STRIPS)):
        for detail in DETAILS:
            first, count, total = (int(value) for value in rows[number * len(POSES) + detail])
            of_detail, chapter = divmod(int(chapters[number * len(POSES) + detail]), len(poses.chapters))
            phases = poses.phases(chapter, detail)
            assert (of_detail, total) == (detail, len(phases))
            # Whatever is not in the list is found as a stand.
            shown = number if number in listed else 0
            if shown and detail == DETAILS[-1]:
                shown = phases[first][0]  # which may stand for two strides
                assert shown in poses.chapters[chapter]
                assert 0 <= STRIPS[number].stride - STRIPS[shown].stride < 0.31
            assert phases[first : first + count] == [(shown, pose / count) for pose in range(count)]


def test_far_off_every_second_stride_has_poses():
    walks = [number for number, strip in enumerate(STRIPS) if strip.stride and not strip.ends]
    poses = PoseList.of(walks)
    counts = [[len(poses.phases(chapter, detail)) for detail in DETAILS] for chapter in (1, 2)]
    assert counts == [[6 * 24, 6 * 12, 3 * 8], [4 * 24, 4 * 12, 2 * 8]]


def test_people_who_walk_are_kept_apart_from_those_who_do_not():
    walks = [number for number, strip in enumerate(STRIPS) if strip.stride]
    poses = PoseList.of([JUMP, BOW, *walks])
    kinds = [
        {(STRIPS[number].stride > 0, STRIPS[number].ends) for number in chapter} for chapter in poses.chapters
    ]
    assert all(len(kind) == 1 for kind in kinds)
    # A stand, a jump, a bow; marching and running, under way and at their ends.
    assert len(poses.chapters) == 3 + 4


def test_coarser_details_have_fewer_poses_and_some_of_the_same():
    poses = PoseList.of([JUMP, BOW])
    for chapter in range(len(poses.chapters)):
        near, middle, far = (set(poses.phases(chapter, detail)) for detail in DETAILS)
        assert len(near) > len(middle) > len(far)
        assert middle | far <= near


@pytest.mark.parametrize("detail", DETAILS)
def test_meshes_are_the_figure_as_it_performs_the_clip(detail):
    phases = [(JUMP, 0.25), (JUMP, 0.5), (BOW, 0.5)]
    meshes = pose_meshes("dress", "ribbon", "girl", detail, phases)
    whole = figure("girl", "dress", "ribbon", detail)
    assert meshes.faces == whole.faces
    assert meshes.parts == whole.parts
    assert meshes.vertices.shape == (3, len(whole.vertices), 3)
    assert Part.PROP in meshes.parts
    for vertices, (number, phase) in zip(meshes.vertices, phases, strict=True):
        wanted = performed(whole, clip_pose(STRIPS[number], phase), STRIPS[number], phase)
        assert vertices == pytest.approx(wanted, abs=1e-12)
    # The nodes take the first pose's vertices by their faces.
    assert {corner for face in meshes.faces for corner in face} == set(range(meshes.vertices.shape[1]))


def test_feet_are_on_the_ground_and_people_of_one_size_in_all_details():
    """So that nothing jumps where one detail gives way to the next."""
    for number in (0, JUMP, BOW):
        lowest, highest = (
            np.array(
                [
                    [
                        of(each[:, 2])
                        for each in pose_meshes("tracksuit", "none", "man", detail, phases).vertices
                    ]
                    for detail in DETAILS
                ]
            )
            for phases in [[(number, phase) for phase in (0.0, 0.25, 0.5)]]
            for of in (np.min, np.max)
        )
        assert np.ptp(lowest, axis=0).max() < 0.03
        assert np.ptp(highest, axis=0).max() < 0.04
        assert abs(lowest[:, 0]).max() < 0.03
