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
        ({"kind": "scroll", "ink": letters(), "paint": letters()[..., None]}, "as large as its ink"),
        ({"paint": np.ones((2, 2, 4), np.float32)}, "as large as its ink"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes, message):
    options = {"kind": "stripes", "columns": 4, "rows": 4} | changes
    with pytest.raises(PatternError, match=message):
        pattern(options.pop("kind"), options.pop("columns"), options.pop("rows"), 0.0, **options)


def everywhere(kind, xp):
    colours = xp.asarray(np.array([RED, WHITE, BLUE], np.uint8))
    options = {}
    if kind == "scroll":
        options = {"ink": xp.asarray(letters()), "paint": xp.asarray(letters()[:, ::-1, None] * (1, 0, 0, 1))}
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
