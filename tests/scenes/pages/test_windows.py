from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.pages.windows import windows


def dense(edges, first, last, size, beyond):
    """The weights as a matrix, (cells, pixels)."""
    found = windows(np.array(edges, float), first, last, size, beyond)
    matrix = np.zeros((len(found), size))
    for cell, pieces in zip(matrix, found, strict=True):
        for start, weights in pieces:
            cell[start : start + len(weights)] += weights
    return matrix


def test_a_cell_takes_the_mean_of_the_pixels_within():
    np.testing.assert_allclose(dense([0, 2, 4], 0, 4, 4, "edge"), [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
    np.testing.assert_allclose(dense([0.5, 2.5], 0, 4, 4, "edge"), [[0.25, 0.5, 0.25, 0]])


def test_a_cell_narrower_than_a_pixel_takes_one_pixel_about_its_middle():
    np.testing.assert_allclose(dense([0.9, 1.1], 0, 3, 3, "edge"), [[0.5, 0.5, 0]])


def test_beyond_the_ends_lies_the_edge_the_ground_or_the_picture_again():
    np.testing.assert_allclose(dense([-2, 0], 0, 3, 3, "edge"), [[1, 0, 0]])
    np.testing.assert_allclose(dense([-1, 1], 0, 3, 3, "ground"), [[0.5, 0, 0]])
    assert not dense([-2, 0], 0, 3, 3, "ground").any()
    np.testing.assert_allclose(dense([-2, 0], 0, 3, 3, "repeat"), [[0, 0.5, 0.5]])


@pytest.mark.parametrize("beyond", ["edge", "repeat"])
def test_all_of_a_cell_is_of_the_picture(beyond):
    matrix = dense(np.linspace(-7, 23, 40), 1.3, 8.9, 10, beyond)
    np.testing.assert_allclose(matrix.sum(axis=1), 1, rtol=1e-5)
    assert not matrix[:, 9:].any()
