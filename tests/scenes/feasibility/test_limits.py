from __future__ import annotations

import pytest
from cardstunt.scenes.feasibility import LIMITS, limits


def test_a_hand_takes_what_was_measured():
    # P. M. Fitts, 1954: 2 inches wide and 2, 4, 8, 16 inches away took 180, 203, 279, 388 ms; the regression
    # over all sixteen of his tasks is off by a few hundredths of a second.
    for distance, seconds in ((2, 0.180), (4, 0.203), (8, 0.279), (16, 0.388)):
        assert limits.hand_movement(distance * 0.0254, 2 * 0.0254) == pytest.approx(seconds, abs=0.08)


def test_no_limit_asks_for_less_than_the_bare_hand_takes():
    assert limits.TURN.value > limits.CARRY
    assert limits.SWAP.value > 2 * limits.CARRY
    assert limits.AGAIN.value > limits.CARRY + limits.RETURN


PUBLISHED = (
    "NUREG-0700",
    "JIS X 9051",
    "TC 3-21.5",
    "Bodyspace",
    "New Studies in Athletics",
    "Minyons de Terrassa",
)


def test_every_limit_says_what_it_rests_on():
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
    for limit in LIMITS:
        assert limit.text
        assert limit.source.endswith((".", "."))
        if limit.basis != "rule of thumb":
            assert any(source in limit.source for source in PUBLISHED)
    known = {value for value in vars(limits).values() if isinstance(value, limits.Limit)}
    assert known == set(LIMITS)
