from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.books import LAYERS, BookError, Books, card_states
from cardstunt.kernels.gestures import Gestures
from cardstunt.kernels.oklab import linear_to_srgb8, srgb8_to_linear
from hypothesis import given, settings
from hypothesis import strategies as st

RED, GREEN, BLUE = (200, 0, 10), (0, 180, 20), (30, 40, 250)


def make(start, turn, page, **changes):
    """Books of one row, unless `changes` says otherwise; what `changes` names is taken as it is."""
    start = np.array(start, dtype=np.int64)
    holders = start.shape[1]
    values = {
        "rows": 1,
        "columns": holders,
        "start": start,
        "turn": np.array(turn, dtype=np.int64),
        "page": np.array(page, dtype=np.int16),
        "colour": np.repeat(np.arange(3, dtype=np.uint8)[:, None], holders, axis=1),
        "palette": np.array([RED, GREEN, BLUE], dtype=np.uint8),
        "present": np.ones(holders, dtype=bool),
        "dropped": np.zeros((2, holders), dtype=np.int64),
        "gestures": Gestures.none(holders),
    }
    return Books(**(values | changes))


def states(books, *at):
    """Above and below, of the first holder, at each moment."""
    result = card_states(books, np.array(at, dtype=np.int64))
    return [(tuple(frame[0, 0].tolist()), tuple(frame[books.rows, 0].tolist())) for frame in result]


def layers(books, at, exposure=None):
    """Above, below and pose, each of shape (frames, holders, 4)."""
    at = np.array(at, dtype=np.int64)
    result = card_states(books, at, None if exposure is None else np.array(exposure, dtype=np.int64))
    return result.reshape(at.size, LAYERS, -1, 4).swapaxes(0, 1)


def at_rest(colour):
    return (*colour, 0), (*colour, 255)


def one_turn(**changes):
    books = make([[0], [100]], [0, 40], [[0], [1]])
    return dataclasses.replace(books, **changes)


def a_gesture(kind, start, hold):
    return Gestures(
        kind=np.array([kind], np.int8),
        start=np.array([[start]], np.int64),
        taking=np.ones((1, 1), bool),
        move=np.array([20], np.int64),
        hold=np.array([hold], np.int64),
        amount=np.array([255], np.int16),
        period=np.array([40], np.int64),
    )


def test_before_and_after_a_turn_the_page_is_at_rest():
    assert states(one_turn(), -(2**62), 0, 99) == [at_rest(RED)] * 3
    assert states(one_turn(), 140, 2**62) == [at_rest(GREEN)] * 2


def test_a_turning_page_shows_the_old_one_above_and_the_new_one_below():
    assert states(one_turn(), 120) == [((*RED, 128), (*GREEN, 255))]


def test_a_turn_never_looks_at_rest_and_never_goes_back():
    progress = [above[3] for above, _ in states(one_turn(), *range(100, 140))]
    assert progress[0] == 1
    assert progress[-1] > 250
    assert (np.diff(progress) >= 0).all()


def test_progress_is_the_smoothstep():
    books = make([[0], [0]], [0, 100_000], [[0], [1]])
    moments = np.arange(0, 100_000, 997)
    x = moments / 100_000
    progress = card_states(books, moments)[:, 0, 0, 3].astype(float)
    np.testing.assert_allclose(progress, np.maximum(255 * (3 * x**2 - 2 * x**3), 1), atol=0.51)


def test_a_turn_of_no_time_changes_at_once():
    books = make([[0], [100]], [0, 0], [[0], [1]])
    assert states(books, 99, 100) == [at_rest(RED), at_rest(GREEN)]


def test_a_turn_back_is_a_turn_forward_played_backwards():
    back = dataclasses.replace(one_turn(), page=np.array([[1], [0]], np.int16))
    for now in range(100, 140):
        ((above, below),) = states(back, now)
        ((forward, _),) = states(one_turn(), now)
        assert above == (*RED, 256 - forward[3])
        assert below == (*GREEN, 255)
    assert states(back, 99, 140) == [at_rest(GREEN), at_rest(RED)]


def test_the_same_colour_on_another_page_still_turns():
    books = one_turn(colour=np.zeros((3, 1), dtype=np.uint8))
    assert states(books, 120) == [((*RED, 128), (*RED, 255))]


def test_the_same_page_does_not_turn():
    books = make([[0], [100]], [0, 40], [[1], [1]])
    assert states(books, 120) == [at_rest(GREEN)]


def test_a_cue_elsewhere_does_not_disturb_a_turn():
    """The second cue repeats the page of the first: it is not for this holder, and comes amid the turn."""
    books = make([[0], [100], [110], [200]], [0, 40, 40, 40], [[0], [1], [1], [2]])
    assert states(books, 120, 150, 220) == [
        ((*RED, 128), (*GREEN, 255)),
        at_rest(GREEN),
        ((*GREEN, 128), (*BLUE, 255)),
    ]


def test_a_slow_region_is_still_turning_when_a_later_cue_is_done():
    books = make([[0, 0], [100, 100], [120, 100]], [0, 1000, 10], [[0, 0], [0, 1], [2, 1]])
    result = card_states(books, np.array([600]))
    assert tuple(result[0, 1, 0]) == (*BLUE, 255)
    assert tuple(result[0, 0, 1]) == (*RED, 128)


def test_an_empty_seat_is_all_zero_even_in_a_turn():
    books = one_turn(present=np.zeros(1, dtype=bool))
    everything = dataclasses.replace(books, gestures=a_gesture(0, 0, 500), dropped=np.array([[5], [150]]))
    assert not card_states(everything, np.array([0, 120, 200, 120]), np.array([0, 0, 0, 300])).any()


def test_black_cards_turn_like_any():
    books = one_turn(palette=np.zeros((3, 3), dtype=np.uint8))
    assert states(books, 120) == [((0, 0, 0, 128), (0, 0, 0, 255))]


def test_holders_lie_in_rows_from_the_front_and_columns_from_the_left():
    colour = np.arange(6, dtype=np.uint8)[None]
    palette = np.arange(18, dtype=np.uint8).reshape(6, 3)
    books = make(np.zeros((1, 6)), [0], np.zeros((1, 6)), rows=2, columns=3, colour=colour, palette=palette)
    result = card_states(books, np.array([5]))
    assert result.shape == (1, 6, 3, 4)
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result[0, 2:4, :, :3], palette.reshape(2, 3, 3))
    assert (result[0, :2, :, 3] == 0).all()


def test_no_moments_give_no_frames():
    assert card_states(one_turn(), np.zeros(0, dtype=np.int64)).shape == (0, 3, 1, 4)


def test_a_dropped_book_is_down_for_its_time():
    books = one_turn(dropped=np.array([[110], [150]]))
    held = layers(books, [109, 110, 149, 150])[2, :, 0]
    assert held.tolist() == [[128, 0, 128, 255], [128, 0, 128, 0], [128, 0, 128, 0], [128, 0, 128, 255]]
    assert states(books, 120) == states(one_turn(), 120)


@pytest.mark.parametrize("never", [[[0], [0]], [[100], [100]], [[150], [110]]])
def test_who_drops_nothing_holds_the_book(never):
    books = one_turn(dropped=np.array(never))
    assert (layers(books, [100, 120, 150], [0, 9, 90])[2, ..., 3] == 255).all()


def test_a_gesture_is_a_pose_and_leaves_the_pages_alone():
    books = one_turn(gestures=a_gesture(0, 100, 10))
    assert states(books, 120) == states(one_turn(), 120)
    poses = layers(books, [99, 110, 125, 150])[2, :, 0]
    assert poses.tolist() == [[128, 0, 128, 255], [192, 0, 128, 255], [255, 0, 128, 255], [128, 0, 128, 255]]


def as_light(colour):
    return srgb8_to_linear(np.array(colour, np.uint8))


def test_over_an_exposure_a_turn_is_the_mean_in_linear_light():
    """Half of the exposure is before the turn, a quarter within it and a quarter after."""
    above, below, _ = layers(one_turn(), [20], [160])
    expected = linear_to_srgb8((as_light(RED) * (80 + 20) + as_light(GREEN) * (20 + 40)) / 160)
    assert below[0, 0].tolist() == [*expected, 255]
    assert above[0, 0].tolist() == [*expected, 0]


def test_an_exposure_within_a_turn_is_the_exact_integral():
    turn = 705_600_000
    books = make([[0], [0]], [0, turn], [[0], [1]])
    begin, end = 0.2, 0.45
    share = ((end**3 - end**4 / 2) - (begin**3 - begin**4 / 2)) / (end - begin)
    expected = linear_to_srgb8(as_light(RED) * (1 - share) + as_light(GREEN) * share)
    _, below, _ = layers(books, [begin * turn], [(end - begin) * turn])
    np.testing.assert_allclose(below[0, 0, :3], expected, atol=1)


def test_a_long_exposure_mixes_all_pages_by_their_time():
    books = make([[0], [100], [300]], [0, 0, 0], [[0], [1], [2]])
    _, below, _ = layers(books, [0, 0, 250], [1000, 300, 100])
    for seen, weights in zip(below[:, 0], ([0.1, 0.2, 0.7], [1 / 3, 2 / 3, 0], [0, 0.5, 0.5]), strict=True):
        light = sum(
            weight * as_light(colour) for weight, colour in zip(weights, (RED, GREEN, BLUE), strict=True)
        )
        np.testing.assert_allclose(seen[:3], linear_to_srgb8(light), atol=1)


def test_an_exposure_at_rest_changes_no_byte():
    """Every byte there is goes to light and back."""
    palette = np.repeat(np.arange(255, dtype=np.uint8)[:, None], 3, axis=1)
    books = make(
        np.array([[0], [500], [500]]).repeat(255, 1),
        [0, 10, 0],
        np.zeros((3, 255)),
        colour=np.arange(255, dtype=np.uint8)[None],
        palette=palette,
    )
    instant, exposed = layers(books, [0, 505]), layers(books, [0, 505], [1, 400])
    np.testing.assert_array_equal(instant, exposed)
    # and so when everyone turns, but to a page of the same colour
    books = dataclasses.replace(
        books,
        page=np.array([[0], [1], [1]], np.int16).repeat(255, 1),
        colour=books.colour.repeat(2, 0),
    )
    np.testing.assert_array_equal(layers(books, [400], [300])[1], instant[1, :1])


def test_a_dropped_book_counts_by_its_time():
    books = one_turn(dropped=np.array([[100], [200]]))
    held = layers(books, [0, 50, 120, 150, 150, 300], [100, 100, 20, 200, 50, 7])[2, :, 0, 3]
    assert held.tolist() == [255, 128, 0, 191, 0, 255]


def test_the_pose_of_an_exposure_is_the_mean_of_poses():
    books = one_turn(gestures=a_gesture(0, 100, 10))
    (mean,) = layers(books, [90], [45])[2, :, 0, 0]
    instants = layers(books, np.arange(90, 135))[2, :, 0, 0]
    assert mean == pytest.approx(instants.mean(), abs=2)


def holder_by_holder(books, now):
    """The definition, one holder at a time."""
    above, below, pose = np.zeros((3, books.rows * books.columns, 4), dtype=np.uint8)
    for holder in np.flatnonzero(books.present):
        pages = books.page[:, holder]
        card = [books.palette[books.colour[page, holder]] for page in pages]
        newest = 0
        for turn in range(1, len(card)):
            if pages[turn] != pages[turn - 1] and books.start[turn, holder] <= now:
                newest = turn
        below[holder] = above[holder] = (*card[newest], 255)
        above[holder, 3] = 0
        pose[holder] = 128, 0, 128, 255
        if books.dropped[0, holder] <= now < books.dropped[1, holder]:
            pose[holder, 3] = 0
        elapsed = int(now - books.start[newest, holder])
        if newest and elapsed < books.turn[newest]:
            part = (elapsed << 16) // int(books.turn[newest])
            eased = (part * part * (3 * 65536 - 2 * part)) >> 32
            progress = max((eased * 255 + 32768) >> 16, 1)
            if pages[newest] > pages[newest - 1]:
                above[holder] = (*card[newest - 1], progress)
            else:
                above[holder] = (*card[newest], 256 - progress)
                below[holder] = (*card[newest - 1], 255)
    return np.concatenate([above, below, pose]).reshape(3 * books.rows, books.columns, 4)


def seen_by_holder(books, holder, now):
    """Linear light at an instant: what is above and below, by how far the page is turned."""
    above, below, _ = layers(books, [now])[:, 0, holder]
    turned = above[3] / 255
    if above[3] == 0:
        return as_light(below[:3])
    return (1 - turned) * as_light(above[:3]) + turned * as_light(below[:3])


def random_books(seed, turns, rows, columns, shortest=0):
    random = np.random.Generator(np.random.Philox(seed))
    holders = rows * columns
    turn = random.integers(shortest, 50 + shortest, turns)
    gap = random.integers(0, 80, (turns, holders))
    begin = random.integers(0, 80 * turns, holders)
    return make(
        np.cumsum(gap + turn.max(), axis=0),
        turn,
        random.integers(0, 3, (turns, holders)),
        rows=rows,
        columns=columns,
        colour=random.integers(0, 3, (3, holders)).astype(np.uint8),
        present=random.random(holders) < 0.8,
        dropped=np.stack([begin, begin + random.integers(-100, 100, holders)]),
    )


sizes = st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 4), st.integers(1, 5)


@settings(max_examples=60)
@given(*sizes)
def test_many_at_once_are_what_each_is_alone(seed, turns, rows, columns):
    books = random_books(seed, turns, rows, columns)
    moments = np.arange(-10, int(books.start.max()) + 80, 17)
    result = card_states(books, moments)
    for frame, now in zip(result, moments, strict=True):
        np.testing.assert_array_equal(frame, holder_by_holder(books, now))


@settings(max_examples=25, deadline=None)
@given(*sizes, st.integers(1, 900))
def test_an_exposure_is_the_mean_of_its_instants(seed, turns, rows, columns, exposure):
    """However many turns it spans; where it ends and begins."""
    books = random_books(seed, turns, rows, columns, shortest=30)
    at = int(books.start.max()) // 3
    _, below, pose = layers(books, [at], [exposure])[:, 0]
    instants = np.linspace(at, at + exposure, 200, endpoint=False).astype(np.int64)
    for holder in np.flatnonzero(books.present)[:3]:
        light = np.mean([seen_by_holder(books, holder, now) for now in instants], axis=0)
        np.testing.assert_allclose(as_light(below[holder, :3]), light, atol=0.025)
        held = layers(books, instants)[2, :, holder, 3]
        assert pose[holder, 3] == pytest.approx(held.mean(), abs=3)


@settings(max_examples=25)
@given(*sizes)
def test_any_moments_in_any_order_give_the_same_frames(seed, turns, rows, columns):
    books = random_books(seed, turns, rows, columns)
    random = np.random.Generator(np.random.Philox(seed))
    at, exposure = random.integers(0, 700, 9), random.integers(0, 3, 9) * random.integers(0, 300, 9)
    together = card_states(books, at, exposure)
    for frame, now, opened in zip(together, at, exposure, strict=True):
        np.testing.assert_array_equal(frame, card_states(books, np.array([now]), np.array([opened]))[0])


def test_overlapping_turns_of_one_person_are_refused():
    with pytest.raises(BookError, match=r"turn 2 .* before the last turn has ended"):
        card_states(make([[0], [100], [120]], [0, 40, 40], [[0], [1], [2]]), np.array([0]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"turn": np.zeros(3, np.int64)}, r"turn must be int64 of shape \(2,\)"),
        ({"start": np.zeros((2, 1), np.float64)}, "start must be int64"),
        ({"columns": 7}, "for 1 rows and 7 columns"),
        ({"page": np.full((2, 1), 3, np.int16)}, "outside the book's 3 pages"),
        ({"page": np.full((2, 1), -1, np.int16)}, "outside the book's 3 pages"),
        ({"colour": np.full((3, 1), 3, np.uint8)}, "index 3, but the palette has 3"),
        ({"colour": np.zeros((0, 1), np.uint8)}, "at least one holder, one page"),
        ({"dropped": np.zeros((1, 1), np.int64)}, r"dropped must be int64 of shape \(2, 1\)"),
        ({"gestures": Gestures.none(2)}, "gestures are of 2 holders, not of 1"),
        ({"turn": np.array([0, -1])}, "a turn takes"),
        ({"turn": np.array([0, 2**50])}, "a turn takes"),
        ({"present": np.ones(2, bool)}, "present must be bool"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(BookError, match=message):
        one_turn(**changes)


@pytest.mark.parametrize(
    ("at", "exposure", "message"),
    [
        ([2**63 - 1], None, "a moment is more than"),
        ([-(2**63)], None, "a moment is more than"),
        ([0], [-1], "an exposure takes"),
        ([0], [2**50], "an exposure takes"),
        ([0, 1], [1], "of one length"),
        ([[0]], None, "of one length"),
    ],
)
def test_moments_that_do_not_fit_are_refused(at, exposure, message):
    exposure = None if exposure is None else np.array(exposure, np.int64)
    with pytest.raises(BookError, match=message):
        card_states(one_turn(), np.array(at, np.int64), exposure)


def test_the_longest_times_do_not_overflow():
    longest = 1 << 46
    books = make([[0], [0]], [0, longest], [[0], [1]], gestures=a_gesture(0, 0, longest))
    assert states(books, longest // 2) == [((*RED, 128), (*GREEN, 255))]
    expected = linear_to_srgb8((as_light(RED) + as_light(GREEN)) / 2)
    _, below, pose = layers(books, [0], [longest])
    np.testing.assert_allclose(below[0, 0, :3], expected, atol=1)
    assert pose[0, 0, 0] == 255


def test_books_move_to_another_device_and_back():
    books = one_turn(gestures=a_gesture(3, 100, 10))
    card_states(books, np.array([115]))  # so that what is worked out once has been
    moved = books.on(np)
    np.testing.assert_array_equal(card_states(moved, np.array([115])), card_states(books, np.array([115])))


def test_a_book_may_have_more_pages_than_can_be_carried():
    """Screens have no limit; whoever makes books of paper keeps to it."""
    assert states(one_turn(colour=np.zeros((400, 1), np.uint8)), 0) == [at_rest(RED)]
