from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.kernels.bowl import Roof
from cardstunt.kernels.bowl_presets import COLLEGE_STAND, FOOTBALL, MAY_DAY, OLYMPIC
from cardstunt.kernels.bowl_roof import (
    CABLE_RISE,
    CABLE_SAG,
    EVEN_PETAL,
    PETAL_ARCH,
    PETAL_FALL,
    RIDGE,
    RING_FALL,
    SCALLOP_IN,
    SCALLOP_OUT,
    cable_arch,
    even_arch,
    lowest_roof,
    petal_arch,
    roof_arch,
    roof_line,
)
from hypothesis import given
from hypothesis import strategies as st

AROUND = np.arange(4096) / 4096


def test_the_roof_has_its_petals_all_around():
    arch = petal_arch(MAY_DAY, AROUND)
    assert arch.min() == pytest.approx(0, abs=1e-6)
    assert arch.max() == pytest.approx(1)
    crowns = (arch > np.roll(arch, 1)) & (arch >= np.roll(arch, -1))
    assert crowns.sum() == MAY_DAY.roof.bays
    assert arch.mean() == pytest.approx(0.718, abs=1e-3)
    assert even_arch(MAY_DAY) == EVEN_PETAL
    assert arch.mean() == pytest.approx(EVEN_PETAL, abs=0.02)
    np.testing.assert_array_equal(roof_arch(MAY_DAY, AROUND), arch)


def test_petals_reach_as_far_and_as_high_as_their_measures_say():
    roof = MAY_DAY.roof
    depth, height = roof_line(MAY_DAY, [0.0, RIDGE, 1.0], 1.0)
    assert depth[[0, 2]] == pytest.approx([MAY_DAY.rim - roof.inward, MAY_DAY.rim + roof.outward])
    assert height[1] == pytest.approx(roof.height)
    # Between two petals the inner edge lies further out and lower, the outer edge further in.
    grooves, low = roof_line(MAY_DAY, [0.0, RIDGE, 1.0], 0.0)
    assert (grooves - depth)[[0, 2]] == pytest.approx([SCALLOP_IN * roof.inward, -SCALLOP_OUT * roof.outward])
    assert (height - low)[:2] == pytest.approx(PETAL_ARCH * roof.height)
    assert low[2] == pytest.approx(roof.height * (1 - PETAL_ARCH - PETAL_FALL))
    assert height[2] - low[2] == pytest.approx(roof.height * PETAL_ARCH * (1 - RIDGE))


@given(st.floats(0, 1))
def test_petals_climb_to_their_ridge_and_fall(arch):
    depth, height = roof_line(MAY_DAY, np.linspace(0, 1, 201), arch)
    assert (np.diff(depth) > 0).all()
    assert height.argmax() == 110
    assert (np.diff(height)[:110] > 0).all()
    assert (np.diff(height)[110:] < 0).all()


def test_a_ring_falls_outward_alike_everywhere():
    assert (roof_arch(OLYMPIC, AROUND) == 1).all()
    assert even_arch(OLYMPIC) == 1
    depth, height = roof_line(OLYMPIC, [0.0, 1.0], 0.3)
    roof = OLYMPIC.roof
    assert depth == pytest.approx([OLYMPIC.rim - roof.inward, OLYMPIC.rim + roof.outward])
    assert height == pytest.approx([roof.height, roof.height * (1 - RING_FALL)])


def test_a_membrane_rises_outward_and_sags_between_its_cables():
    roof = FOOTBALL.roof
    arch = roof_arch(FOOTBALL, AROUND)
    np.testing.assert_array_equal(arch, cable_arch(FOOTBALL, AROUND))
    assert arch[0] == 1
    assert (((arch >= np.roll(arch, 1)) & (arch > np.roll(arch, -1))).sum()) == roof.bays
    assert arch.mean() == pytest.approx(even_arch(FOOTBALL), abs=1e-3)
    _, cable = roof_line(FOOTBALL, [0.0, 0.5, 1.0], 1.0)
    _, between = roof_line(FOOTBALL, [0.0, 0.5, 1.0], 0.0)
    assert cable == pytest.approx(roof.height * np.array([1, 1 + CABLE_RISE / 2, 1 + CABLE_RISE]))
    assert cable - between == pytest.approx([0, CABLE_SAG * roof.height, 0])


@pytest.mark.parametrize("bowl", [MAY_DAY, OLYMPIC, FOOTBALL], ids=["petals", "ring", "cable_net"])
def test_lines_of_the_roof_are_worked_out_together_or_one_by_one(bowl):
    inward = np.linspace(0, 1, 7)[:, None]
    depth, height = roof_line(bowl, inward, roof_arch(bowl, AROUND))
    assert depth.shape == height.shape == (7, 4096)
    for row in (0, 3, 6):
        one = roof_line(bowl, float(inward[row, 0]), roof_arch(bowl, AROUND))
        assert np.array(one) == pytest.approx(np.stack([depth[row], height[row]]))


def test_the_lowest_of_the_roof_is_in_its_grooves():
    depths = np.linspace(MAY_DAY.rim - 40, MAY_DAY.rim + 20, 50)
    lowest = lowest_roof(MAY_DAY, depths)
    for arch in (0.0, 0.4, 1.0):
        at, height = roof_line(MAY_DAY, np.linspace(0, 1, 400), arch)
        inside = (depths > at[0]) & (depths < at[-1])
        assert (lowest[inside] <= np.interp(depths, at, height)[inside] + 0.05).all()
    assert np.isinf(lowest_roof(MAY_DAY, [MAY_DAY.rim - 61.0, MAY_DAY.rim + 41.0])).all()
    assert np.isinf(lowest_roof(COLLEGE_STAND, [5.0])).all()
    higher = replace(OLYMPIC, roof=replace(OLYMPIC.roof, height=50.0))
    assert lowest_roof(higher, 40.0) > lowest_roof(OLYMPIC, 40.0)
    assert Roof().kind == "none"
