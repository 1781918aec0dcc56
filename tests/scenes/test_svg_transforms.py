from __future__ import annotations

import math

import pytest
from cardstunt.scenes.svg_transforms import IDENTITY, TransformError, moved, times, transform
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("", (2, 1)),
        ("none", (2, 1)),
        ("translate(3)", (5, 1)),
        ("translate(3, -4)", (5, -3)),
        ("scale(2)", (4, 2)),
        ("scale(2 3)", (4, 3)),
        ("rotate(90)", (-1, 2)),
        ("rotate(90 2 0)", (1, 0)),
        ("skewX(45)", (3, 1)),
        ("skewY(45)", (2, 3)),
        ("matrix(1 2 3 4 5 6)", (10, 14)),
        ("translate(1,0) scale(2)", (5, 2)),
        ("scale(2),translate(1 0)", (6, 2)),
    ],
)
def test_transforms_move_a_point(written, place):
    assert moved(transform(written), (2.0, 1.0)) == pytest.approx(place)


@pytest.mark.parametrize("written", ["turn(3)", "rotate(1 2)", "scale()", "matrix(1 2 3)", "askew"])
def test_what_is_no_transform_is_refused(written):
    with pytest.raises(TransformError, match="is not a transform"):
        transform(written)


@given(st.floats(-360, 360), st.floats(-9, 9), st.floats(-9, 9))
def test_one_after_another_is_their_product(angle, x, y):
    both = transform(f"rotate({angle}) translate({x} {y})")
    assert both == pytest.approx(times(transform(f"rotate({angle})"), transform(f"translate({x} {y})")))
    assert times(both, IDENTITY) == both
    turned = math.radians(angle)
    there = (x * math.cos(turned) - y * math.sin(turned), x * math.sin(turned) + y * math.cos(turned))
    assert moved(both, (0.0, 0.0)) == pytest.approx(there, abs=1e-9)
