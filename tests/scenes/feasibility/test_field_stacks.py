from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.stacked_figures import SHOULDER_HEIGHT
from cardstunt.scenes.feasibility.field_stacks import find_high_stacks
from cardstunt.scenes.feasibility.limits import HIGHEST_TOWER, STACK

FLAT = """12
at: 0 s, formation: { block: { columns: 4 } }
at: 4 s, formation: { block: { columns: 3 } }, travel: 8 s"""


def test_who_stands_on_the_ground_is_no_finding(field):
    assert find_high_stacks(field(one=FLAT)) == []


def test_a_figure_as_high_as_people_build_is_none_either(field):
    stack = FLAT.replace("block: { columns: 3 }", "stack: { kind: tower, base: 3, spacing: 3 m }")
    assert find_high_stacks(field(one=stack)) == []


@pytest.mark.parametrize(("levels", "severity", "limit"), [(4, "medium", STACK), (11, "high", HIGHEST_TOWER)])
def test_higher_ones_are_told_with_their_number(field, levels, severity, limit):
    shown = field(one=FLAT)
    height = np.zeros((2, 12))
    height[1, :levels] = SHOULDER_HEIGHT * np.arange(levels)
    raised = dataclasses.replace(shown.drills["one"], height=height)
    (found,) = find_high_stacks(dataclasses.replace(shown, drills={"one": raised}))
    assert (found.kind, found.severity, found.limit) == ("stacks", severity, limit)
    assert f"{levels} people high" in found.sentence
    assert found.path == ("troupes", "one", "drill", 1, "formation")
    assert found.at == 12
    assert found.people["one"].tolist() == list(range(int(limit.value), levels))
