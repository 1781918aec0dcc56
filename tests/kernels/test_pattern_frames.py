from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.kernels.pattern_frames import bytes_of, cycle_mean, encoded

COLOURS = ((200, 16, 32), (255, 255, 255), (20, 60, 200), (0, 0, 0))


def test_every_byte_comes_back_as_itself():
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(encoded(srgb8_to_linear(levels)), levels)
    assert encoded(np.array([-1.0, 2.0])).tolist() == [0, 255]


def test_a_cycle_of_steps_has_each_colour_in_turn():
    phase = (np.arange(4) + 0.5) / 4
    np.testing.assert_array_equal(encoded(cycle_mean(COLOURS, None, phase, 0.01)), bytes_of(COLOURS))
    np.testing.assert_array_equal(encoded(cycle_mean(COLOURS, None, phase - 7, 0.01)), bytes_of(COLOURS))


@pytest.mark.parametrize("back", [None, 0.25])
def test_over_a_whole_cycle_the_mean_is_the_same_everywhere(back):
    light = cycle_mean(COLOURS, back, np.linspace(-2, 2, 17), 1.0)
    np.testing.assert_allclose(light, np.broadcast_to(light[0], light.shape), atol=1e-5)


def test_colours_run_into_each_other_and_back_to_the_first():
    light = cycle_mean(COLOURS, 0.25, np.array([0.0, 0.25, 0.5, 0.75, 1.0]), 1e-4)
    np.testing.assert_allclose(light, srgb8_to_linear(bytes_of((*COLOURS, COLOURS[0]))), atol=0.01)
