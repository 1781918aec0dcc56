from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.oklab import (
    linear_to_oklab,
    linear_to_srgb8,
    nearest,
    oklab_to_linear,
    squared_distance,
    srgb8_to_linear,
    srgb8_to_oklab,
)


def test_every_srgb_byte_survives_linear_light_and_oklab():
    cube = np.stack(np.meshgrid(*[np.arange(0, 256, 5)] * 3), axis=-1).astype(np.uint8)
    np.testing.assert_array_equal(linear_to_srgb8(srgb8_to_linear(cube)), cube)
    np.testing.assert_array_equal(linear_to_srgb8(oklab_to_linear(srgb8_to_oklab(cube))), cube)


def test_oklab_of_known_colours():
    """From Ottosson's page: XYZ of D65 white is (1, 0, 0); red, green and blue are widely published."""
    np.testing.assert_allclose(linear_to_oklab(np.ones(3)), [1, 0, 0], atol=1e-4)
    known = [[0.62796, 0.22486, 0.12585], [0.86644, -0.23389, 0.17950], [0.45201, -0.03246, -0.31153]]
    np.testing.assert_allclose(linear_to_oklab(np.eye(3)), known, atol=2e-4)


def test_mid_grey_in_linear_light():
    assert srgb8_to_linear(np.array([188], dtype=np.uint8))[0] == pytest.approx(0.5029, abs=1e-4)
    assert linear_to_srgb8(np.array([-1.0, 0.0, 0.5, 1.0, 9.0])).tolist() == [0, 0, 188, 255, 255]


def test_distances_and_the_nearest_of_many_colours(monkeypatch):
    random = np.random.Generator(np.random.Philox(3))
    colours, others = random.random((50, 3)), random.random((7, 3))
    expected = np.square(colours[:, None] - others).sum(axis=-1)
    np.testing.assert_allclose(squared_distance(colours, others), expected, rtol=1e-12)
    np.testing.assert_array_equal(nearest(colours, others), expected.argmin(axis=1))
    monkeypatch.setattr("cardstunt.kernels.oklab._BLOCK", 8)
    np.testing.assert_array_equal(nearest(colours, others), expected.argmin(axis=1))
