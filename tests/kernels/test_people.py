from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.people import Crowd, People, absent, dropped, reaction, wrong_page
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

CUES, WHO = np.arange(6), np.arange(20_000)
MS = TICKS_PER_SECOND // 1000
SEATS_IN_A_ROW = 25
ROWS = WHO // SEATS_IN_A_ROW
shares = st.floats(0.0, 1.0)


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
    flaws = dict.fromkeys(("late", "wrong_page", "absent", "skill", "row", "dropped"), 0.5)
    perfect = People(120 * MS, 40 * MS, **flaws, perfect=True)
    assert (reaction(perfect, 7, CUES, WHO, ROWS) == 0).all()
    assert not wrong_page(perfect, 7, CUES, WHO).any()
    assert not absent(perfect, 7, 100).any()
    assert not dropped(perfect, 7, 100, 0, 60 * TICKS_PER_SECOND).any()


def test_another_seed_is_another_crowd():
    people = People(120 * MS, 40 * MS)
    assert (reaction(people, 1, CUES, WHO) != reaction(people, 2, CUES, WHO)).mean() > 0.99


@pytest.mark.parametrize("name", ["late", "wrong_page", "absent", "skill", "row", "dropped"])
@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_shares_outside_0_to_1_are_refused(name, share):
    with pytest.raises(ValueError, match=name):
        People(**{name: share})


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match="spread"):
        People(spread_ticks=-1)


def neighbours(delays):
    """Pair the first with the second in each row, and the last with the first of the next one."""
    standard = (delays - delays.mean()) / delays.std()
    by_row = standard.reshape(len(delays), -1, SEATS_IN_A_ROW)
    inside = (by_row[:, :, 0] * by_row[:, :, 1]).mean()
    across = (by_row[:, :-1, -1] * by_row[:, 1:, 0]).mean()
    return inside, across


@settings(max_examples=12, deadline=None)
@given(shares, shares, st.integers(0, 2**32))
def test_skill_and_rows_leave_the_people_as_a_whole_as_asked(skill, row, seed):
    """With row = 1 there are but 800 levels, whose mean has a deviation of at most 1 / sqrt(800) = 0.035."""
    cues = np.arange(40)
    steady = People(120 * MS, 40 * MS, skill=skill, row=row)
    delays = reaction(steady, seed, cues, WHO, ROWS)
    assert delays.mean() / MS == pytest.approx(120, abs=4 * 0.035 * 40)
    assert delays.std() / MS == pytest.approx(40, rel=4 * 0.07)
    sloppy = People(120 * MS, 40 * MS, skill=skill, row=row, late=0.1, wrong_page=0.1)
    late = reaction(sloppy, seed, cues, WHO, ROWS) - delays
    assert ((late == 0) | ((late >= 500 * MS) & (late <= 1500 * MS))).all()
    assert (late > 0).mean() == pytest.approx(0.1, abs=4 * 0.0035)
    assert wrong_page(sloppy, seed, cues, WHO, ROWS).mean() == pytest.approx(0.1, abs=4 * 0.0035)


@pytest.mark.parametrize("skill", [0.0, 0.2, 0.7])
def test_the_mean_and_the_deviation_hold_closely_where_people_are_many(skill):
    delays = reaction(People(120 * MS, 40 * MS, skill=skill), 7, np.arange(60), WHO)
    assert delays.mean() / MS == pytest.approx(120, rel=0.01)
    assert delays.std() / MS == pytest.approx(40, rel=0.02)


@pytest.mark.parametrize("skill", [0.0, 0.2])
@pytest.mark.parametrize("row", [0.0, 0.2, 0.7, 1.0])
def test_a_row_has_its_share_in_common_and_nothing_with_the_next(skill, row):
    """Of 800 rows at 100 cues; levels differ by row alone, so their noise is that of 800 numbers."""
    delays = reaction(People(120 * MS, 40 * MS, skill=skill, row=row), 7, np.arange(100), WHO, ROWS)
    inside, across = neighbours(delays)
    assert inside == pytest.approx(row, abs=0.05)
    assert across == pytest.approx(0.0, abs=0.03)


def test_a_late_leader_makes_a_late_row():
    def late(row):
        people = People(120 * MS, 40 * MS, late=0.05, row=row)
        return (reaction(people, 7, np.arange(100), WHO, ROWS) > 450 * MS).astype(float)

    inside, across = neighbours(late(0.5))
    assert inside == pytest.approx(0.5, abs=0.05)
    assert across == pytest.approx(0.0, abs=0.02)
    whole = late(1.0).reshape(100, -1, SEATS_IN_A_ROW)
    assert (whole.min(axis=2) == whole.max(axis=2)).all()
    assert neighbours(late(0.0))[0] == pytest.approx(0.0, abs=0.02)


def test_nobody_follows_without_rows():
    people = People(120 * MS, 40 * MS, skill=0.2, row=1.0, late=0.1)
    alone = reaction(people, 7, np.arange(40), WHO)
    assert neighbours(alone)[0] == pytest.approx(0.0, abs=0.02)


def test_levels_lean_to_the_right_around_1():
    level = Crowd(People(skill=0.2), 7, WHO).level / 65536
    assert level.mean() == pytest.approx(1.0, abs=0.02)
    assert level.std() == pytest.approx(0.2**0.5, rel=0.05)
    assert level.min() > 0.5
    assert ((level - 1) ** 3).mean() > level.std() ** 3
    assert (Crowd(People(), 7, WHO).level == 65536).all()


def test_the_unskilled_are_slower_less_steady_later_and_more_often_wrong():
    people = People(120 * MS, 40 * MS, late=0.02, wrong_page=0.02, skill=0.3)
    level, cues = Crowd(people, 7, WHO).level, np.arange(60)
    worst, best = level > np.quantile(level, 0.9), level < np.quantile(level, 0.5)
    delays, wrong = reaction(people, 7, cues, WHO), wrong_page(people, 7, cues, WHO)
    in_time = np.where(delays < 600 * MS, delays, np.nan)
    assert np.nanmean(in_time[:, worst]) > 1.3 * np.nanmean(in_time[:, best])
    spread = np.nanstd(in_time, axis=0)
    assert spread[worst].mean() > 1.5 * spread[best].mean()
    assert (delays[:, worst] > 600 * MS).mean() > 1.5 * (delays[:, best] > 600 * MS).mean()
    assert wrong[:, worst].mean() > 1.5 * wrong[:, best].mean()


def test_with_skill_alone_everyone_is_always_the_same():
    delays = reaction(People(120 * MS, 40 * MS, skill=1.0), 7, CUES, WHO)
    assert (delays == delays[0]).all()


@pytest.mark.parametrize("rows", [None, ROWS])
def test_a_single_cue_or_person_does_not_depend_on_the_others(rows):
    people = People(120 * MS, 40 * MS, late=0.1, wrong_page=0.1, skill=0.2, row=0.3)
    cues = np.array([3, 900_000, 5])
    for draw in (reaction, wrong_page):
        every = draw(people, 7, cues, WHO, rows)
        np.testing.assert_array_equal(draw(people, 7, cues[1:2], WHO, rows)[0], every[1])
        few = draw(people, 7, cues, WHO[500:600], None if rows is None else rows[500:600])
        np.testing.assert_array_equal(few, every[:, 500:600])
    crowd = Crowd(people, 7, WHO, rows)
    np.testing.assert_array_equal(crowd.reaction(5), reaction(people, 7, cues, WHO, rows)[2])
    np.testing.assert_array_equal(crowd.wrong_page(5), wrong_page(people, 7, cues, WHO, rows)[2])


@pytest.mark.parametrize(
    ("rows", "message"),
    [(np.zeros(3, int), "for each performer"), (np.zeros(20_000), "whole number"), (ROWS - 5, "row -5")],
)
def test_rows_that_are_none_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        reaction(People(), 7, CUES, WHO, rows)


def test_some_drop_their_book_once_for_3_to_8_seconds():
    show = 240 * TICKS_PER_SECOND
    start, until = dropped(People(dropped=0.2), 7, WHO, 100, 100 + show)
    drops = until > start
    assert drops.mean() == pytest.approx(0.2, abs=0.015)
    assert (start[~drops] == 0).all()
    assert (until[~drops] == 0).all()
    gone = (until - start)[drops] / TICKS_PER_SECOND
    assert gone.min() >= 3
    assert gone.max() <= 8
    assert gone.mean() == pytest.approx(5.5, abs=0.15)
    assert start[drops].min() >= 100
    assert until[drops].max() <= 100 + show
    middle = (start[drops] - 100 + (until[drops] - 100)) / 2 / show
    assert middle.mean() == pytest.approx(0.5, abs=0.03)
    assert np.histogram(middle, 4, (0, 1))[0].min() > 0.2 * drops.sum()
    np.testing.assert_array_equal(dropped(People(dropped=0.2), 7, 50, 100, 100 + show)[0], start[:50])


def test_in_a_short_show_a_book_is_dropped_at_its_beginning():
    start, until = dropped(People(dropped=1.0), 7, 100, -50, -50 + TICKS_PER_SECOND)
    assert (start == -50).all()
    assert (until >= start + 3 * TICKS_PER_SECOND).all()


def test_a_show_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        dropped(People(dropped=1.0), 7, 100, 5, 4)
