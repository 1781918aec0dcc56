import numpy as np
import pytest
from cardstunt.kernels.grade import LUMINANCE, MID_GREY, GradeError, grade
from hypothesis import given, settings
from hypothesis import strategies as st


def picture(height=24, width=32, seed=1):
    return np.random.default_rng(seed).gamma(1.0, 0.3, (height, width, 3)).astype(np.float32)


def luminance(image):
    return image @ np.array(LUMINANCE)


def test_the_defaults_change_nothing():
    image = picture()
    graded = grade(image)
    assert graded.dtype == np.float32
    assert np.array_equal(graded, image)


@settings(deadline=None)
@given(st.floats(0, 4), st.floats(0, 4))
def test_mid_grey_stays(contrast, saturation):
    graded = grade(np.full((2, 3, 3), MID_GREY, np.float32), contrast=contrast, saturation=saturation)
    assert graded == pytest.approx(MID_GREY, rel=1e-5)


def test_contrast_spreads_stops_about_mid_grey():
    stops = np.array([-3.0, -1.0, 0.0, 2.0])
    image = np.repeat(MID_GREY * 2**stops, 3).reshape(1, 4, 3).astype(np.float32)
    graded = grade(image, contrast=1.5)
    assert np.log2(graded[0, :, 0] / MID_GREY) == pytest.approx(1.5 * stops, abs=1e-4)


def test_saturation_keeps_luminance_and_none_is_grey():
    image = np.float32(0.4) + np.float32(0.1) * picture()
    assert luminance(grade(image, saturation=1.3)) == pytest.approx(luminance(image), rel=1e-4)
    grey = grade(image, saturation=0)
    assert np.ptp(grey, axis=-1).max() < 1e-6
    assert grey[..., 0] == pytest.approx(luminance(image), rel=1e-5)


def test_strong_saturation_never_goes_below_zero():
    assert grade(picture(), saturation=4).min() >= 0


def test_vignette_darkens_the_corners_by_its_share_and_is_symmetric():
    graded = grade(np.ones((31, 41, 3), np.float32), vignette=0.4)[..., 0]
    assert graded[15, 20] == 1
    assert graded[[0, 0, -1, -1], [0, -1, 0, -1]] == pytest.approx(0.6)
    assert np.array_equal(graded, graded[::-1, ::-1])
    assert (np.diff(graded[15, 20:]) < 0).all()


def test_a_picture_of_one_pixel_has_a_vignette_that_does_nothing():
    assert grade(np.ones((1, 1, 3), np.float32), vignette=1).tolist() == [[[1, 1, 1]]]


def test_grain_has_the_stated_strength_and_keeps_the_mean():
    graded = grade(np.ones((256, 256, 3), np.float32), grain=0.5, seed=3, frame=9)
    assert np.log2(graded).std() == pytest.approx(0.25, rel=0.02)
    assert graded.mean() == pytest.approx(1, abs=0.005)
    assert np.ptp(graded, axis=-1).max() == 0


def test_grain_is_keyed_by_seed_and_frame_and_has_no_pattern():
    image = np.ones((64, 64, 3), np.float32)
    first = grade(image, grain=1, seed=1, frame=2)
    assert first.tobytes() == grade(image, grain=1, seed=1, frame=2).tobytes()
    others = (grade(image, grain=1, seed=1, frame=3), grade(image, grain=1, seed=2, frame=2))
    for other in (*others, np.roll(first, 1, 0), np.roll(first, 1, 1)):
        assert abs(np.corrcoef(first[..., 0].ravel(), other[..., 0].ravel())[0, 1]) < 0.06


def test_black_stays_black():
    graded = grade(np.zeros((4, 4, 3), np.float32), contrast=1.4, saturation=2, vignette=1, grain=1)
    assert not graded.any()


def test_the_input_is_left_alone():
    image = picture()
    before = image.copy()
    grade(image, saturation=2, contrast=2, vignette=0.5, grain=0.5)
    assert np.array_equal(image, before)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"saturation": -1}, "saturation"),
        ({"contrast": float("nan")}, "contrast"),
        ({"grain": -0.1}, "grain"),
        ({"vignette": 1.5}, "vignette"),
    ],
)
def test_settings_out_of_range_are_named(settings, named):
    with pytest.raises(GradeError, match=named):
        grade(picture(), **settings)


def test_a_picture_that_is_none_is_refused():
    with pytest.raises(GradeError, match="shape"):
        grade(np.ones((4, 4), np.float32))
    broken = picture()
    broken[2, 3] = np.nan
    with pytest.raises(GradeError, match="NaN"):
        grade(broken)
