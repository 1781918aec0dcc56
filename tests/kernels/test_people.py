from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.people import People, absent, reaction, reaction_table, wrong_page
from cardstunt.kernels.ticks import TICKS_PER_SECOND

CUES, WHO = np.arange(6), np.arange(20_000)
MS = TICKS_PER_SECOND // 1000


def test_reactions_have_the_asked_mean_and_deviation_and_a_tail_to_the_right():
    delays = reaction(People(120 * MS, 40 * MS), 7, CUES, WHO)
    assert delays.dtype == np.int64
    assert delays.shape == (6, 20_000)
    milliseconds = delays / MS
    assert milliseconds.mean() == pytest.approx(120, abs=1)
    assert milliseconds.std() == pytest.approx(40, abs=1)
    skewness = (((milliseconds - 120) / 40) ** 3).mean()
    assert 0.8 < skewness < 1.2


def test_people_without_spread_all_take_the_mean():
    assert (reaction(People(5, 0), 7, CUES, WHO) == 5).all()


def test_the_table_of_quantiles_rises_and_is_not_writable():
    table = reaction_table(120 * MS, 40 * MS)
    assert (np.diff(table) >= 0).all()
    assert not table.flags.writeable


def test_late_people_lose_half_a_second_to_one_and_a_half():
    on_time = reaction(People(120 * MS, 40 * MS), 7, CUES, WHO)
    late = reaction(People(120 * MS, 40 * MS, late=0.1), 7, CUES, WHO)
    lost = (late - on_time) / TICKS_PER_SECOND
    assert ((lost == 0) | ((lost >= 0.5) & (lost <= 1.5))).all()
    assert (lost > 0).mean() == pytest.approx(0.1, abs=0.005)
    assert lost[lost > 0].mean() == pytest.approx(1.0, abs=0.02)


def test_the_same_person_does_not_fail_at_every_cue():
    missed = wrong_page(People(wrong_page=0.1), 7, CUES, WHO)
    assert missed.shape == (6, 20_000)
    assert missed.mean() == pytest.approx(0.1, abs=0.005)
    assert missed.all(axis=0).mean() < 0.001


def test_absent_people_are_a_share_of_the_seats():
    away = absent(People(absent=0.05), 7, 20_000)
    assert away.dtype == bool
    assert away.mean() == pytest.approx(0.05, abs=0.005)
    np.testing.assert_array_equal(away[100:200], absent(People(absent=0.05), 7, np.arange(100, 200)))


def test_shares_of_none_and_all_are_exact():
    assert not wrong_page(People(wrong_page=0.0), 7, CUES, WHO).any()
    assert wrong_page(People(wrong_page=1.0), 7, CUES, WHO).all()
    assert absent(People(absent=1.0), 7, 50).all()


def test_perfect_people_do_everything_right():
    perfect = People(120 * MS, 40 * MS, late=0.5, wrong_page=0.5, absent=0.5, perfect=True)
    assert (reaction(perfect, 7, CUES, WHO) == 0).all()
    assert not wrong_page(perfect, 7, CUES, WHO).any()
    assert not absent(perfect, 7, 100).any()


def test_another_seed_is_another_crowd():
    people = People(120 * MS, 40 * MS)
    assert (reaction(people, 1, CUES, WHO) != reaction(people, 2, CUES, WHO)).mean() > 0.99


@pytest.mark.parametrize("name", ["late", "wrong_page", "absent"])
@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_shares_outside_0_to_1_are_refused(name, share):
    with pytest.raises(ValueError, match=name):
        People(**{name: share})


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match="spread"):
        People(spread_ticks=-1)
