from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from cardstunt.scenes.section_books import performed_pages, shown_colours
from cardstunt.scenes.section_timing import FORGETS, RIGHT, TOO_FAR


def calls(*included):
    """Calls of two people, as far as these functions look at them."""
    return [SimpleNamespace(included=np.array(who, dtype=bool)) for who in included]


def test_a_call_reaches_those_it_is_for():
    matched = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.uint8)
    wanted, colour = shown_colours(
        calls((1, 1), (1, 0), (0, 1), (1, 1)), np.array([0, 1, 2, 0], dtype=np.int16), matched
    )
    assert wanted.tolist() == [[0, 0], [1, 0], [1, 2], [0, 0]]
    assert colour.tolist() == [[1, 2], [3, 2], [3, 6], [1, 2]]


@pytest.mark.parametrize(
    ("right", "made", "included", "expected"),
    [
        # Who forgets stays on the page, and the next call puts them right.
        ((0, 1, 2, 3), (RIGHT, FORGETS, RIGHT, RIGHT), (1, 1, 1, 1), (0, 0, 2, 3)),
        ((0, 1, 2, 3), (RIGHT, FORGETS, FORGETS, RIGHT), (1, 1, 1, 1), (0, 0, 0, 3)),
        # A leaf too far, in whichever direction the leaf is turned.
        ((0, 1, 2, 3), (RIGHT, TOO_FAR, RIGHT, RIGHT), (1, 1, 1, 1), (0, 2, 2, 3)),
        ((3, 2, 1, 0), (RIGHT, TOO_FAR, RIGHT, RIGHT), (1, 1, 1, 1), (3, 1, 1, 0)),
        # At the end of the book there is none, so they stay.
        ((0, 1, 2, 3), (RIGHT, RIGHT, RIGHT, TOO_FAR), (1, 1, 1, 1), (0, 1, 2, 2)),
        ((3, 2, 1, 0), (RIGHT, RIGHT, RIGHT, TOO_FAR), (1, 1, 1, 1), (3, 2, 1, 1)),
        # A mistake stays while calls are for others.
        ((0, 1, 1, 2), (RIGHT, FORGETS, RIGHT, RIGHT), (1, 1, 0, 1), (0, 0, 0, 2)),
        ((0, 1, 1, 2), (RIGHT, FORGETS, TOO_FAR, RIGHT), (1, 1, 0, 1), (0, 0, 0, 2)),
        # Who keeps the page turns nothing, so makes no mistake, and is put right all the same.
        ((0, 0, 0, 1), (RIGHT, FORGETS, TOO_FAR, RIGHT), (1, 1, 1, 1), (0, 0, 0, 1)),
        ((0, 1, 1, 1), (RIGHT, FORGETS, FORGETS, RIGHT), (1, 1, 1, 1), (0, 0, 1, 1)),
    ],
)
def test_mistakes_last_until_the_next_call(right, made, included, expected):
    page = np.array([right, right], dtype=np.int16).T
    mistakes = np.array([made, [RIGHT] * len(made)], dtype=np.int8).T
    heard = calls(*[(who, 1) for who in included])
    performed = performed_pages(page, np.array([4, 4], dtype=np.int16), heard, mistakes)
    assert performed.dtype == np.int16
    assert performed[:, 0].tolist() == list(expected)
    assert performed[:, 1].tolist() == list(right)
