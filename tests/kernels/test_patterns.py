from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.array_module import is_cupy, to_numpy
from cardstunt.kernels.oklab import linear_to_srgb8, srgb8_to_linear, srgb8_to_oklab
from cardstunt.kernels.patterns import COLOURS, PATTERNS, PatternError, pattern
from hypothesis import given, settings
from hypothesis import strategies as st

BLACK, WHITE, RED, BLUE = (0, 0, 0), (255, 255, 255), (200, 16, 32), (20, 60, 200)
DIRECTED = ("waves", "checker", "stripes")


def letters(high=40, wide=160):
    """The ink of an L and of two bars."""
    ink = np.zeros((high, wide), np.float32)
    ink[:, :8] = ink[-8:, :30] = 1
    ink[:, 60:70] = ink[: high // 2, 120:] = 1
    return ink


def draw(kind, columns=50, rows=20, at=0.0, **options):
    if kind == "scroll":
        options.setdefault("ink", letters())
    return pattern(kind, columns, rows, at, **options)


def means(picture, times):
    """Mean light of blocks of cells."""
    rows, columns = picture.shape[0] // times, picture.shape[1] // times
    light = srgb8_to_linear(picture).reshape(rows, times, columns, times, 3)
    return linear_to_srgb8(light.mean(axis=(1, 3)))


def away(one, other):
    return np.abs(one.astype(int) - other.astype(int))


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_pattern_is_a_picture_of_the_raster(kind):
    result = draw(kind, 37, 11, 1.3)
    assert result.shape == (11, 37, 3)
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result, draw(kind, 37, 11, 1.3))


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_pattern_moves_unless_its_speed_is_0(kind):
    assert away(draw(kind, at=0.0), draw(kind, at=0.37)).max() > 30
    np.testing.assert_array_equal(draw(kind, at=0.0, speed=0.0), draw(kind, at=5.0, speed=0.0))


@pytest.mark.parametrize("kind", [kind for kind in PATTERNS if kind != "starfield"])
def test_a_negative_speed_runs_backwards(kind):
    """Stars as well, but they leave their trails on the other side then."""
    assert away(draw(kind, at=1.25, speed=-8.0), draw(kind, at=-1.25, speed=8.0)).max() <= 1


def period(kind, size, speed, colours):
    """Seconds after which a pattern on 50 by 20 cells comes again, from the table in the docstring."""
    times = {"waves": 4, "ripple": 1, "checker": colours, "stripes": colours, "plasma": 6, "flag": 2}
    if kind == "starfield":
        return math.hypot(24.5, 9.5) / speed
    return times[kind] * size / speed


@pytest.mark.parametrize("kind", [kind for kind in PATTERNS if kind != "scroll"])
def test_a_pattern_comes_again(kind):
    again = period(kind, 13.0, 7.0, len(COLOURS[kind]))
    options = {"size": 13.0, "speed": 7.0}
    assert away(draw(kind, at=0.8, **options), draw(kind, at=0.8 + again, **options)).max() <= 1
    assert away(draw(kind, at=0.8, **options), draw(kind, at=0.8 + 0.31 * again, **options)).max() > 30


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_cell_takes_the_mean_light_of_its_area(kind):
    """So the same pattern, drawn finer and then averaged, is nearly the same."""
    times = 4
    options = {"size": 11.0, "speed": 9.0, "colours": [RED, WHITE, BLUE], "cell_aspect": 0.9}
    if kind in DIRECTED:
        options["angle"] = 0.4
    coarse = draw(kind, 60, 20, 0.7, **options)
    fine = draw(kind, 60 * times, 20 * times, 0.7, **(options | {"size": 44.0, "speed": 36.0}))
    off = away(coarse, means(fine, times)).max(axis=-1)
    # Stars no smaller than a cell, and rotated edges, are told apart only nearly.
    assert np.percentile(off, 90) <= (40 if kind == "starfield" else 16)
    assert off.mean() <= 8


def test_stripes_have_their_width_and_their_colours_exactly():
    result = draw("stripes", 24, 3, colours=[RED, WHITE, BLUE], size=4.0)
    expected = np.repeat(np.array([RED, WHITE, BLUE] * 2, np.uint8), 4, axis=0)
    np.testing.assert_array_equal(result, np.broadcast_to(expected, (3, 24, 3)))


@pytest.mark.parametrize(("angle", "axis", "step"), [(0.0, 1, 1), (math.pi / 2, 0, 1), (math.pi, 1, -1)])
def test_stripes_move_along_their_angle_by_their_speed(angle, axis, step):
    options = {"colours": [RED, WHITE, BLUE], "size": 4.0, "speed": 6.0, "angle": angle}
    before, after = (draw("stripes", 24, 24, at, **options) for at in (0.0, 0.5))
    np.testing.assert_array_equal(after, np.roll(before, 3 * step, axis=axis))


def test_an_edge_within_a_cell_mixes_light_by_area():
    result = draw("stripes", 3, 1, colours=[BLACK, WHITE], size=1.5)
    half = linear_to_srgb8(np.array(0.5))
    assert result[0, :, 0].tolist() == [0, half, 255]


def test_upwards_too_it_is_widths_of_a_seat_that_count():
    """Here a row is as high as two seats are wide."""
    options = {"colours": [BLACK, WHITE], "size": 3.0, "angle": math.pi / 2, "cell_aspect": 0.5}
    half = linear_to_srgb8(np.array(0.5))
    assert draw("stripes", 5, 6, **options)[:, 2, 0].tolist() == [0, half, 255, 0, half, 255]


def test_stripes_too_thin_to_see_are_their_mean():
    result = draw("stripes", 9, 9, colours=[BLACK, WHITE], size=1 / 128)
    assert away(result, linear_to_srgb8(np.array(0.5))).max() <= 1
    result = draw("checker", 9, 9, colours=[BLACK, WHITE], size=0.1)
    assert away(result, linear_to_srgb8(np.array(0.5))).max() <= 1


def test_squares_alternate_both_ways():
    result = draw("checker", 8, 6, colours=[BLACK, WHITE], size=2.0)[..., 0]
    rows, columns = np.indices((6, 8)) // 2
    np.testing.assert_array_equal(result, (rows + columns) % 2 * 255)


def test_squares_of_one_cell_and_three_colours():
    result = draw("checker", 7, 5, colours=[RED, WHITE, BLUE], size=1.0)
    rows, columns = np.indices((5, 7))
    np.testing.assert_array_equal(result, np.array([RED, WHITE, BLUE], np.uint8)[(rows + columns) % 3])


def test_rings_are_round_about_their_centre_and_grow():
    options = {"size": 10.0, "speed": 5.0, "colours": [BLACK, WHITE], "cell_aspect": 0.5}
    result = draw("ripple", 81, 41, centre=(0.5, 0.5), **options)[..., 0].astype(int)
    assert away(result, result[::-1]).max() <= 1
    assert away(result, result[:, ::-1]).max() <= 1
    # 20 cells to the right are as far as 10 rows up where cells are half as wide as high.
    assert abs(result[20, 40 + 20] - result[20 + 10, 40]) <= 3
    later = draw("ripple", 81, 41, 0.2, centre=(0.5, 0.5), **options)[..., 0].astype(int)
    assert away(later[20, 46:], result[20, 45:-1]).max() <= 3


def test_rings_stand_about_the_centre_given():
    result = draw("ripple", 40, 30, centre=(0.25, 0.8), size=8.0)
    np.testing.assert_array_equal(result[:, :10], result[:, 10:20][:, ::-1])
    assert away(result[20:24], result[24:28][::-1]).max() <= 1


def test_stars_are_few_and_have_the_colours_after_the_first():
    result = draw("starfield", 120, 60, colours=[(5, 5, 20), (0, 255, 0)], size=12.0)
    ground = (result == (5, 5, 20)).all(axis=-1)
    assert 0.5 < ground.mean() < 0.97
    assert (result[..., 1] > 150).mean() > 0.003
    assert result[~ground][:, 0].max() <= 5


def test_stars_lie_elsewhere_with_another_seed():
    assert (draw("starfield", seed=1) != draw("starfield", seed=2)).any()
    np.testing.assert_array_equal(draw("starfield", seed=3), draw("starfield", seed=3))


def test_stars_pass_outwards():
    near = draw("starfield", 101, 101, 0.0, size=10.0)
    rows, columns = np.indices((101, 101)) - 50
    ring = (np.hypot(rows, columns) > 10) & (np.hypot(rows, columns) < 45)
    later = draw("starfield", 101, 101, 0.1, size=10.0, speed=20.0)

    def swollen(by):
        """The picture at first, seen from nearer."""
        pick = [np.clip(np.rint(axis / by).astype(int) + 50, 0, 100) for axis in (rows, columns)]
        return near[pick[0], pick[1]]

    def unlike(by):
        return away(later, swollen(by))[ring].mean()

    assert unlike(1.06) < unlike(1.0) < unlike(1 / 1.06)


def test_letters_stand_upright_at_the_left_at_first():
    ink = draw("scroll", 80, 40, colours=[BLACK, WHITE], size=20.0)[::-1, :, 0] > 127
    assert not ink[:10].any()
    assert not ink[30:].any()
    first = np.flatnonzero(ink.any(axis=0))[0]
    assert ink[11:29, first].all()
    assert ink[28, first + 8]
    assert not ink[15, first + 8]


def test_letters_go_to_the_left_by_their_speed_and_come_again():
    def at(moment):
        return draw("scroll", 80, 40, moment, colours=[BLACK, WHITE], size=20.0, speed=10.0)

    np.testing.assert_array_equal(at(0.5)[:, :-5], at(0.0)[:, 5:])
    # A line of 80 columns, 20 columns apart from the next.
    np.testing.assert_array_equal(at(10.0), at(0.0))


def test_no_ink_is_lost_at_the_edges_of_cells():
    ink = letters(33, 155)
    result = draw("scroll", 400, 25, 0.123, colours=[BLACK, WHITE], size=25.0, ink=ink, speed=1.0)
    light = srgb8_to_linear(result[..., 0]).mean(axis=0)
    length = 155 / 33 * 25
    for begin in (20, 31, 77.0):
        covered = light[int(begin) : int(begin) + round(length + 25)].sum() / (length + 25)
        assert covered == pytest.approx(ink.mean() * length / (length + 25), rel=0.02)


def test_letters_may_run_from_one_colour_to_another():
    solid = np.ones((10, 40), np.float32)
    result = draw("scroll", 20, 20, 1.0, colours=[BLACK, RED, BLUE], size=20.0, ink=solid, speed=20.0)
    middle = result[:, 10]
    assert away(middle[-1], np.array(RED)).max() < 12
    assert away(middle[0], np.array(BLUE)).max() < 12
    assert (np.diff(middle[:, 0].astype(int)) >= 0).all()


def test_a_flag_has_its_first_colour_on_top():
    result = draw("flag", 60, 30, colours=[RED, WHITE, BLUE], size=30.0)
    hue = srgb8_to_oklab(result)
    assert (hue[-3:, :, 1] > 0.05).all()
    assert (hue[:3, :, 2] < -0.05).all()
    assert (np.abs(hue[14:16, :20, 1:]) < 0.03).all()


def test_a_flag_is_held_at_its_left_and_has_folds():
    options = {"colours": [BLACK, WHITE], "size": 20.0, "speed": 20.0}
    edges = np.stack(
        [(draw("flag", 100, 60, at, **options)[..., 0] < 100).sum(axis=0) for at in np.arange(0, 2, 0.1)]
    )
    swing = np.ptp(edges, axis=0)
    assert swing[:5].max() < 0.7 * swing[-20:].max()
    assert swing[-20:].max() >= 5
    shade = draw("flag", 100, 60, colours=[WHITE, WHITE], size=20.0)[30, :, 0]
    assert shade.min() < 200
    assert shade.max() == 255


def test_a_flag_may_be_a_picture():
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:20, :40] = RED
    picture[20:, 40:] = BLUE
    result = srgb8_to_oklab(draw("flag", 40, 20, picture=picture, size=40.0))
    assert (result[:6, :15, 1] > 0.05).all()
    assert (result[-6:, 25:, 2] < -0.05).all()
    assert (np.abs(result[-6:, :15, 1:]) < 0.1).all()


def test_a_flat_picture_is_not_changed_but_in_its_light():
    picture = np.full((8, 8, 3), WHITE, np.uint8)
    result = draw("flag", 40, 20, picture=picture)
    assert (np.ptp(result.astype(int), axis=-1) <= 1).all()


@pytest.mark.parametrize("kind", PATTERNS)
def test_the_usual_colours_are_used(kind):
    options = {} if kind != "scroll" else {"ink": np.ones((10, 400), np.float32)}
    result = srgb8_to_oklab(draw(kind, 250, 80, 3.0, **options)).reshape(-1, 3)
    given = [tuple(bytes.fromhex(name[1:])) for name in COLOURS[kind]]
    for colour in given:
        wanted = srgb8_to_oklab(np.array(colour, np.uint8))
        # A flag's are in light and shade; a star's in the glow about its middle.
        assert np.linalg.norm(result - wanted, axis=-1).min() < 0.08


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PATTERNS),
    st.integers(1, 12),
    st.integers(1, 9),
    st.floats(-1e5, 1e5),
    st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=2, max_size=16),
    st.floats(0.01, 1000),
    st.floats(-1000, 1000),
    st.floats(-10, 10),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.floats(0.1, 10),
)
def test_any_description_gives_a_picture(
    kind, columns, rows, at, colours, size, speed, angle, centre, cell_aspect
):
    """Without a warning, which would be an error here."""
    result = draw(
        kind,
        columns,
        rows,
        at,
        colours=colours,
        size=size,
        speed=speed,
        angle=angle,
        centre=centre,
        cell_aspect=cell_aspect,
    )
    assert result.shape == (rows, columns, 3)
    if kind in {"stripes", "checker"}:
        assert (result >= np.min(colours, axis=0) - 1).all()
        assert (result <= np.max(colours, axis=0) + 1).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "wavs"}, "unknown pattern 'wavs'; the patterns are waves, ripple"),
        ({"colours": [RED]}, "2 colours or more, not 1"),
        ({"columns": 0}, "at least one row and one column"),
        ({"size": 0.0}, "size above 0"),
        ({"size": math.nan}, "size above 0"),
        ({"speed": math.inf}, "finite speed"),
        ({"kind": "scroll"}, "needs the ink"),
        ({"kind": "scroll", "ink": np.zeros((0, 5), np.float32)}, "needs the ink"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes, message):
    options = {"kind": "stripes", "columns": 4, "rows": 4} | changes
    with pytest.raises(PatternError, match=message):
        pattern(options.pop("kind"), options.pop("columns"), options.pop("rows"), 0.0, **options)


def everywhere(kind, xp):
    colours = xp.asarray(np.array([RED, WHITE, BLUE], np.uint8))
    options = {"ink": xp.asarray(letters())} if kind == "scroll" else {}
    if kind == "flag":
        options["picture"] = xp.asarray(
            np.arange(40 * 60 * 3, dtype=np.uint32).reshape(40, 60, 3).astype(np.uint8)
        )
    return pattern(kind, 60, 20, 0.7, colours=colours, size=15.0, cell_aspect=0.9, **options)


@pytest.mark.parametrize("kind", PATTERNS)
def test_pictures_stay_on_the_device(stand_in, kind):
    result = everywhere(kind, stand_in)
    assert is_cupy(result)
    np.testing.assert_array_equal(to_numpy(result), everywhere(kind, np))


@pytest.mark.gpu
@pytest.mark.parametrize("kind", PATTERNS)
def test_gpu_draws_the_same(cupy, kind):
    result = everywhere(kind, cupy)
    assert is_cupy(result)
    assert away(to_numpy(result), everywhere(kind, np)).max() <= 1
