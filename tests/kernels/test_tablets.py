from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels import tablets as tablets_module
from cardstunt.kernels.array_module import is_cupy, to_numpy
from cardstunt.kernels.exposure import light_tables
from cardstunt.kernels.smoothstep import smoothstep
from cardstunt.kernels.tablets import EXPOSED_AT, TabletError, Tablets, tablet_states
from hypothesis import given, settings
from hypothesis import strategies as st

RED, GREEN, BLUE = (200, 0, 10), (0, 180, 20), (30, 40, 250)


def make(start, turn, showing, **changes):
    """Tablets of one row and one pixel, unless `changes` says otherwise."""
    start, showing = np.array(start, dtype=np.int64), np.array(showing, dtype=np.int16)
    count = int(showing.max()) + 1
    values = {
        "rows": 1,
        "columns": start.shape[1],
        "pixels": 1,
        "start": start,
        "turn": np.array(turn, dtype=np.int64),
        "showing": showing,
        "picture": np.arange(count, dtype=np.int16),
        "called": np.zeros(count, dtype=np.int64),
        "working": np.ones(start.shape[1], dtype=bool),
    }
    return Tablets(**(values | changes))


def one_switch(**changes):
    return dataclasses.replace(make([[0], [100]], [0, 40], [[0], [1]]), **changes)


def flat(*colours):
    """Pictures of one colour each for a section of one seat."""
    return lambda picture, since: np.array(colours[picture], np.uint8).reshape(1, 1, 3)


COLOURS = flat(RED, GREEN, BLUE)


def states(tablets, *at, picture_at=COLOURS, exposure=None):
    exposure = None if exposure is None else np.array(exposure)
    return tablet_states(tablets, np.array(at, dtype=np.int64), picture_at, exposure)


def test_before_and_after_a_switch_the_pictures_are_shown_to_the_byte():
    result = states(one_switch(), -(2**60), 0, 99, 100, 140, 2**60).reshape(-1, 4)
    assert result.tolist() == [[*RED, 255]] * 4 + [[*GREEN, 255]] * 2


def test_halfway_the_light_of_both_is_mixed():
    decode, encode = light_tables()
    half = [encode[(decode[a] + decode[b] + 1) // 2] for a, b in zip(RED, GREEN, strict=True)]
    assert states(one_switch(), 120)[0, 0, 0].tolist() == [*half, 255]


def test_a_fade_goes_one_way_and_gently():
    green = states(one_switch(), *range(100, 141))[:, 0, 0, 1].astype(int)
    assert (np.diff(green) >= 0).all()
    assert green[0] == 0
    assert green[-1] == 180
    light = light_tables()[0][green] / light_tables()[0][180]
    x = np.arange(41) / 40
    np.testing.assert_allclose(light, 3 * x**2 - 2 * x**3, atol=0.01)


def test_a_switch_of_no_time_is_at_once():
    assert states(one_switch(turn=np.array([0, 0])), 99, 100)[:, 0, 0, 0].tolist() == [200, 0]


def test_each_seat_switches_in_its_own_time():
    tablets = make([[0, 0], [100, 200]], [0, 40], [[0, 0], [1, 1]])
    both = [np.full((1, 2, 3), value, np.uint8) for value in (0, 255)]
    result = states(tablets, 150, picture_at=lambda picture, since: both[picture])
    assert result[0, 0, :, 0].tolist() == [255, 0]


def test_a_dead_screen_is_black_and_transparent_even_in_a_switch():
    result = states(one_switch(working=np.zeros(1, bool)), 0, 120, 200)
    assert not result.any()


def test_a_seats_pixels_are_its_own_part_of_the_picture():
    tablets = make(
        np.zeros((1, 6)), [0], np.zeros((1, 6)), rows=2, columns=3, pixels=4, working=np.arange(6) != 4
    )
    picture = np.arange(8 * 12 * 3, dtype=np.uint8).reshape(8, 12, 3)
    result = states(tablets, 7, picture_at=lambda *_: picture)
    assert result.shape == (1, 8, 12, 4)
    alpha = np.full((8, 12), 255)
    alpha[4:, 4:8] = 0
    np.testing.assert_array_equal(result[0, ..., 3], alpha)
    np.testing.assert_array_equal(result[0, ..., :3], picture * (alpha[..., None] > 0))


def test_moving_pictures_are_asked_for_by_their_own_time():
    asked = []

    def picture_at(picture, since):
        asked.append((picture, since))
        return np.full((1, 1, 3), since % 256, np.uint8)

    tablets = one_switch(picture=np.array([5, 7], np.int16), called=np.array([-10, 90]))
    assert states(tablets, 50, 110, 300, picture_at=picture_at)[[0, 2], 0, 0, 0].tolist() == [60, 210]
    assert set(asked) == {(5, 60), (5, 120), (7, 20), (7, 210)}


def test_a_moving_picture_called_again_begins_again():
    tablets = make([[0, 0], [100, 100]], [0, 0], [[0, 0], [1, 0]])
    tablets = dataclasses.replace(tablets, picture=np.zeros(2, np.int16), called=np.array([0, 100]))
    result = states(tablets, 150, picture_at=lambda picture, since: np.full((1, 2, 3), since, np.uint8))
    assert result[0, 0, :, 0].tolist() == [50, 150]


def test_only_pictures_that_somebody_sees_are_asked_for():
    asked = set()

    def picture_at(picture, since):
        asked.add(picture)
        return np.zeros((1, 2, 3), np.uint8)

    dead = make([[0, 0]] * 3, [0] * 3, [[0, 1], [2, 1], [3, 1]], working=np.array([False, True]))
    states(dead, -5, 10, picture_at=picture_at)
    assert asked == {1}


def test_an_exposure_is_the_mean_light_of_its_instants():
    decode, encode = light_tables()
    at, exposure = 90, 48
    instants = [at + exposure * (2 * k + 1) // (2 * EXPOSED_AT) for k in range(EXPOSED_AT)]
    single = decode[states(one_switch(), *instants)[:, 0, 0, :3]]
    mean = encode[(np.array([decode_mixed(one_switch(), now) for now in instants]).sum(0) + 4) // 8]
    result = states(one_switch(), at, exposure=[exposure])[0, 0, 0]
    assert result.tolist() == [*mean, 255]
    assert np.abs(result[:3].astype(int) - encode[single.mean(0).astype(int)]).max() <= 2


def decode_mixed(tablets, now):
    """Light of one red seat that switches to green, as whole numbers."""
    decode, _ = light_tables()
    share = int(smoothstep(np.clip(now - tablets.start[1], 0, tablets.turn[1]), tablets.turn[1])[0])
    return [
        (int(decode[a]) * (65536 - share) + int(decode[b]) * share + 32768) >> 16
        for a, b in zip(RED, GREEN, strict=True)
    ]


def test_moving_pictures_go_on_during_an_exposure():
    decode, encode = light_tables()

    def blinking(picture, since):
        return np.full((1, 1, 3), 255 * (since % 8 < 4), np.uint8)

    tablets = make([[0]], [0], [[0]])
    result = states(tablets, 0, 0, picture_at=blinking, exposure=[0, 8 * EXPOSED_AT * 2])
    assert result[:, 0, 0, 0].tolist() == [255, 255]
    result = states(tablets, 0, picture_at=blinking, exposure=[16])
    assert result[0, 0, 0, 0] == encode[(decode[255] * 4 + 4) // 8]


def test_at_rest_an_exposure_changes_nothing():
    expected = states(one_switch(), 0, 500)
    np.testing.assert_array_equal(states(one_switch(), 0, 500, exposure=[90, 77]), expected)


def test_no_moments_give_no_frames():
    assert states(one_switch()).shape == (0, 1, 1, 4)


def movie(rows, columns, pixels):
    """Pictures that change at each multiple of 16 ticks, the same array in between."""
    made = {}

    def picture_at(picture, since):
        key = picture, since // 16 if picture % 2 else 0
        if key not in made:
            random = np.random.Generator(np.random.Philox([key[0], key[1] & 0xFFFF]))
            made[key] = random.integers(0, 256, (rows * pixels, columns * pixels, 3)).astype(np.uint8)
        return made[key]

    return picture_at


def pixel_by_pixel(tablets, picture_at, now, exposure):
    """The definition, one pixel at a time."""
    decode, encode = light_tables()
    n, columns = tablets.pixels, tablets.columns
    out = np.zeros((tablets.rows * n, columns * n, 4), np.uint8)
    count = EXPOSED_AT if exposure else 1
    for y, x in np.ndindex(out.shape[:2]):
        seat = y // n * columns + x // n
        if not tablets.working[seat]:
            continue
        total = np.zeros(3, np.int64)
        for part in range(count):
            at = int(now + exposure * (2 * part + 1) // (2 * count))
            newest = 0
            for turn in range(1, len(tablets.start)):
                changes = tablets.showing[turn, seat] != tablets.showing[turn - 1, seat]
                if changes and tablets.start[turn, seat] <= at:
                    newest = turn

            def light(turn, at=at, seat=seat, y=y, x=x):
                showing = tablets.showing[turn, seat]
                since = at - int(tablets.called[showing])
                return decode[picture_at(int(tablets.picture[showing]), since)[y, x]].astype(np.int64)

            elapsed = at - int(tablets.start[newest, seat])
            if newest and elapsed < tablets.turn[newest]:
                share = int(smoothstep(np.int64(elapsed), tablets.turn[newest]))
                total += (light(newest - 1) * (65536 - share) + light(newest) * share + 32768) >> 16
            else:
                total += light(newest)
        out[y, x] = *encode[(total + count // 2) // count], 255
    return out


def a_section(seed, turns, rows, columns, pixels):
    random = np.random.Generator(np.random.Philox(seed))
    seats, showings = rows * columns, 5
    turn = random.integers(0, 50, turns)
    return Tablets(
        rows,
        columns,
        pixels,
        start=np.cumsum(random.integers(0, 80, (turns, seats)) + turn.max(), axis=0),
        turn=turn,
        showing=random.integers(0, showings, (turns, seats)).astype(np.int16),
        picture=random.integers(0, 4, showings).astype(np.int16),
        called=random.integers(-50, 300, showings),
        working=random.random(seats) < 0.8,
    )


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 3), st.integers(1, 4), st.integers(1, 2))
def test_many_at_once_are_what_each_pixel_is_alone(seed, turns, rows, columns, pixels):
    tablets = a_section(seed, turns, rows, columns, pixels)
    random = np.random.Generator(np.random.Philox(seed + 1))
    at = random.integers(-10, int(tablets.start.max()) + 80, 6)
    exposure = random.integers(0, 60, 6) * random.integers(0, 2, 6)
    picture_at = movie(rows, columns, pixels)
    result = tablet_states(tablets, at, picture_at, exposure)
    for frame, now, opened in zip(result, at, exposure, strict=True):
        np.testing.assert_array_equal(frame, pixel_by_pixel(tablets, picture_at, now, opened))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"turn": np.zeros(3, np.int64)}, r"turn must be int64 of shape \(2,\)"),
        ({"start": np.zeros((2, 1), np.float64)}, "start must be int64"),
        ({"columns": 7}, "for 1 rows and 7 columns"),
        ({"showing": np.full((2, 1), 2, np.int16)}, "outside the 2 showings"),
        ({"showing": np.full((2, 1), -1, np.int16)}, "outside the 2 showings"),
        ({"called": np.zeros(1, np.int64)}, r"called must be int64 of shape \(2,\)"),
        ({"turn": np.array([0, -1])}, "a switch takes"),
        ({"turn": np.array([0, 2**50])}, "a switch takes"),
        ({"pixels": 0}, "at least one seat, one pixel"),
        ({"working": np.ones(2, bool)}, "working must be bool"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(TabletError, match=message):
        one_switch(**changes)


def test_switches_that_overlap_are_refused():
    with pytest.raises(TabletError, match=r"turn 2 .* before its last switch has ended"):
        states(make([[0], [100], [120]], [0, 40, 40], [[0], [1], [2]]), 0)


def test_a_picture_of_the_wrong_size_is_refused():
    with pytest.raises(TabletError, match=r"picture 0 must be uint8 of shape \(1, 1, 3\)"):
        states(one_switch(), 0, picture_at=lambda *_: np.zeros((2, 2, 3), np.uint8))


@pytest.mark.parametrize("exposure", [[-1], [1, 2]])
def test_exposures_that_do_not_fit_are_refused(exposure):
    with pytest.raises(TabletError, match="one for each moment"):
        states(one_switch(), 0, exposure=exposure)


@pytest.mark.parametrize("piece", [1, 64 << 20])
def test_tablets_cu_gives_the_bytes_of_numpy(stand_in, cuda_on_the_host, monkeypatch, piece):
    launches = cuda_on_the_host(tablets_module)
    monkeypatch.setattr(tablets_module, "_PIECE_BYTES", piece)
    tablets, picture_at = a_section(3, 7, 5, 7, 3), movie(5, 7, 3)
    at = np.arange(-20, int(tablets.start.max()) + 90, 9)[::-1]
    exposure = np.array([0, 30, 0, 5, 200])[np.arange(at.size) % 5]
    expected = tablet_states(tablets, at, picture_at, exposure)
    result = tablet_states(tablets.on(stand_in), stand_in.asarray(at), picture_at, exposure)
    assert is_cupy(result)
    np.testing.assert_array_equal(to_numpy(result), expected)
    assert len(launches) == (at.size if piece == 1 else 2)
    np.testing.assert_array_equal(tablet_states(tablets.on(np), at, picture_at, exposure), expected)


@pytest.mark.gpu
def test_gpu_gives_the_same_bytes(cupy):
    tablets, picture_at = a_section(3, 7, 20, 30, 3), movie(20, 30, 3)
    at = np.arange(-20, int(tablets.start.max()) + 90, 9)
    exposure = np.array([0, 30, 0, 5, 200])[np.arange(at.size) % 5]
    result = tablet_states(tablets.on(cupy), at, picture_at, exposure)
    assert is_cupy(result)
    np.testing.assert_array_equal(to_numpy(result), tablet_states(tablets, at, picture_at, exposure))
