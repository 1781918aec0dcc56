from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.rails import RailError, Rails

CORNERS = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0], [-2.0, 4.0]])
ALONG = np.array([0.0, 3.0, 7.0, 12.0])
NOBODY = np.full((2, 1), np.nan)


def test_places_along_the_pieces():
    rails = Rails(CORNERS, ALONG, NOBODY, NOBODY)
    x, y = rails.places(np.array([0.0, 1.5, 3.0, 5.0, 12.0]))
    assert x.tolist() == [0.0, 1.5, 3.0, 3.0, -2.0]
    assert y.tolist() == [0.0, 0.0, 0.0, 2.0, 4.0]


def test_headings_run_on_and_turn_round_the_corners():
    rails = Rails(CORNERS, ALONG, NOBODY, NOBODY)
    at = np.array([0.0, 2.5, 3.0, 3.5, 6.5, 7.0, 7.25, 7.5, 12.0])
    assert np.degrees(rails.looks(at)) == pytest.approx([0, 0, 45, 90, 90, 135, 157.5, 180, 180])
    circle = np.linspace(0, 6 * np.pi, 200)
    points = np.stack([np.cos(circle), np.sin(circle)], axis=1)
    looks = Rails(points, circle, NOBODY, NOBODY).looks(np.linspace(1, 18, 1000))
    assert looks == pytest.approx(np.linspace(1, 18, 1000) + np.pi / 2, abs=0.05)


def test_who_walks_and_who_does_not():
    begin = np.array([[1.0, np.nan], [2.0, np.nan]])
    assert Rails(CORNERS, ALONG, begin, begin).walked.tolist() == [[False, False], [True, False]]


@pytest.mark.parametrize(
    ("points", "along", "begin", "end", "message"),
    [
        (CORNERS[:1], ALONG[:1], NOBODY, NOBODY, "two corners"),
        (CORNERS, ALONG[:3], NOBODY, NOBODY, "two corners"),
        (CORNERS, ALONG[::-1], NOBODY, NOBODY, "rise"),
        (CORNERS, ALONG * np.nan, NOBODY, NOBODY, "finite"),
        (CORNERS, ALONG, NOBODY, NOBODY[:1], "both"),
        (CORNERS, ALONG, np.array([[0.0], [np.nan]]), np.full((2, 1), 1.0), None),
        (CORNERS, ALONG, np.ones((2, 1)), np.full((2, 1), 12.5), "on the rails"),
        (CORNERS, ALONG, np.ones((2, 1)), NOBODY, "on the rails"),
    ],
)
def test_rails_nobody_can_walk_along(points, along, begin, end, message):
    if message is None:
        assert not Rails(points, along, begin, end).walked.any()
    else:
        with pytest.raises(RailError, match=message):
            Rails(points, along, begin, end)
