import math

import numpy as np
import pytest
from cardstunt.kernels.lens import (
    LensError,
    aperture_diameter,
    circle_of_confusion,
    equivalent_f_number,
    focal_length,
    hinge_height,
    image_distance,
)
from hypothesis import given, settings
from hypothesis import strategies as st

LENS = {"focal": 0.035, "scale": 200.0}
OPENING = {"aperture": 0.025, "sensor_width": 0.036}


def radii(depth, tilt=0.0, focus=185.0, **changes):
    settings = LENS | OPENING | changes
    distance = image_distance(settings["focal"], settings["scale"], tilt, focus)
    return circle_of_confusion(depth, image_distance=distance, tilt=tilt, **settings)


def traced_radius(x, y, depth, tilt, focus, width):
    """Radius in pixels that rays through the lens's rim make at (x, y) on the sensor, by geometry alone."""
    focal, scale, aperture = LENS["focal"], LENS["scale"], OPENING["aperture"]
    distance = image_distance(focal, scale, tilt, focus)
    normal = np.array([0, math.sin(tilt), math.cos(tilt)])
    chief = np.array([x / distance, y / distance, 1.0])
    # the thin lens equation along the lens's own axis
    object_distance = 1 / (1 / focal - 1 / (distance * (normal @ chief)))
    sharp = chief * object_distance / (normal @ chief)
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    across = np.array([1.0, 0, 0])
    along = np.cross(normal, across)
    rim = 0.5 * aperture * (np.cos(angle)[:, None] * across + np.sin(angle)[:, None] * along)
    rim, sharp = rim * scale, sharp * scale
    hit = rim + (sharp - rim) * ((depth - rim[:, 2]) / (sharp[2] - rim[:, 2]))[:, None]
    seen = hit[:, :2] / hit[:, 2:] * distance - np.array([x, y])
    return np.linalg.norm(seen, axis=1).max() * width / OPENING["sensor_width"]


@pytest.mark.parametrize("tilt", [0.0, -0.07, 0.1])
@pytest.mark.parametrize("depth", [70.0, 140.0, 300.0, 2000.0])
def test_the_radius_is_that_of_rays_traced_through_the_lens(tilt, depth):
    width, height = 480, 270
    got = radii(np.full((height, width), depth, np.float32), tilt)
    pixel = OPENING["sensor_width"] / width
    for row in (5, 134, 260):
        y = (height / 2 - row - 0.5) * pixel
        assert abs(got[row, 240]) == pytest.approx(traced_radius(0.0, y, depth, tilt, 185.0, width), rel=0.03)


@settings(deadline=None)
@given(st.floats(10, 1e4), st.floats(-0.3, 0.3))
def test_the_focus_is_sharp_in_the_middle(focus, tilt):
    nearest = LENS["focal"] * LENS["scale"] / math.cos(tilt)
    focus += nearest
    assert abs(radii(np.full((1, 9), focus), tilt, focus)).max() < 0.05


def test_near_is_positive_far_is_negative_and_the_sky_has_a_radius():
    near, far, sky = radii(np.array([[60.0, 900.0, np.inf]]), sensor_width=0.01)[0]
    assert near > 0 > far > sky
    assert np.isfinite(sky)


def test_without_tilt_all_rows_are_alike_with_tilt_they_are_not():
    depth = np.full((40, 60), 300.0, np.float32)
    assert np.ptp(radii(depth)) == 0
    tilted = radii(depth, -0.07)
    assert np.ptp(tilted, axis=1).max() == 0
    assert (np.diff(tilted[:, 0]) < 0).all() or (np.diff(tilted[:, 0]) > 0).all()


def test_opposite_tilts_mirror_each_other():
    depth = np.full((40, 60), 300.0, np.float32)
    assert radii(depth, 0.05) == pytest.approx(radii(depth, -0.05)[::-1], abs=1e-4)


def test_the_plane_of_focus_passes_through_its_hinge():
    tilt, focus = -0.07, 185.0
    distance = image_distance(LENS["focal"], LENS["scale"], tilt, focus)
    # Straight line, in depth z and height h, from the focus on the axis to the hinge at the lens.
    depth = 100.0
    height = hinge_height(**LENS, tilt=tilt) * (1 - depth / focus)
    rows, pixel = 2001, OPENING["sensor_width"] / 2001
    row = round(rows / 2 - 0.5 - height / depth * distance / pixel)
    got = radii(np.full((rows, rows), depth, np.float32), tilt, focus)
    assert abs(got[row, 0]) < 0.1 < abs(got[row - 400, 0])


def test_a_miniature_looks_like_the_true_place_through_the_equivalent_opening():
    depth = np.array([[80.0, 185.0, 4000.0]])
    aperture = aperture_diameter(0.035, 1.4)
    small = radii(depth, aperture=aperture)
    # the place as it is, with a lens 200 times as large: the same angles, the same blur
    wide = aperture_diameter(0.035, equivalent_f_number(1.4, 200.0))
    assert wide == pytest.approx(200 * aperture)
    giant = radii(depth, focal=0.035 * 200, scale=1.0, aperture=wide, sensor_width=0.036 * 200)
    assert giant == pytest.approx(small, rel=1e-5)


@settings(deadline=None)
@given(st.floats(0.004, 2), st.floats(1, 10_000), st.floats(-0.5, 0.5), st.floats(1, 10_000))
def test_focusing_by_the_focal_length_undoes_the_image_distance(distance, scale, tilt, focus):
    focal = focal_length(distance, scale, tilt, focus)
    assert 0 < focal < distance
    assert image_distance(focal, scale, tilt, focus) == pytest.approx(distance, rel=1e-6)


def test_focused_by_its_focal_length_the_middle_is_sharp():
    focal = focal_length(0.05, 200.0, -0.07, 140.0)
    radius = circle_of_confusion(
        np.full((9, 9), 140.0, np.float32),
        focal=focal,
        image_distance=0.05,
        aperture=aperture_diameter(focal, 1.4),
        scale=200.0,
        tilt=-0.07,
        sensor_width=0.036,
    )
    assert abs(radius[4]).max() < 0.01


def test_focused_on_the_sky_the_focal_length_is_the_image_distance():
    assert focal_length(0.05, 200.0, 0.0, math.inf) == pytest.approx(0.05)
    assert focal_length(0.05, 1.0, 0.3, math.inf) == pytest.approx(0.05 * math.cos(0.3))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"image_distance": 0.0}, "image distance"),
        ({"scale": -1.0}, "scale"),
        ({"focus_distance": 0.0}, "focus distance"),
        ({"focus_distance": math.nan}, "focus distance"),
        ({"tilt": 2.0}, "tilt is 114.592 deg"),
        ({"tilt": math.nan}, "tilt"),
    ],
)
def test_a_focal_length_of_nothing_is_refused(changed, said):
    with pytest.raises(LensError, match=said):
        focal_length(
            **{"image_distance": 0.05, "scale": 200.0, "tilt": 0.0, "focus_distance": 90.0} | changed
        )


def test_hinge_without_tilt_is_infinitely_far():
    assert hinge_height(0.035, 200, 0.0) == math.inf
    assert hinge_height(0.035, 200, -0.1) < 0 < hinge_height(0.035, 200, 0.1)


@pytest.mark.parametrize("bad", [np.nan, 0.0, -3.0])
def test_bad_depths_are_refused(bad):
    depth = np.full((4, 5), 100.0, np.float32)
    depth[1, 2] = bad
    with pytest.raises(LensError, match="depth"):
        radii(depth)


def test_a_focus_too_near_says_how_near_it_can_be():
    with pytest.raises(LensError, match=r"only beyond 7 m"):
        image_distance(0.035, 200, 0.0, 5.0)


@pytest.mark.parametrize("focus", [math.nan, -1.0])
def test_a_focus_that_is_none_is_refused(focus):
    with pytest.raises(LensError):
        image_distance(0.035, 200, 0.0, focus)


def test_other_bad_lenses_are_refused():
    with pytest.raises(LensError, match="f number"):
        aperture_diameter(0.035, 0)
    with pytest.raises(LensError, match="scale"):
        equivalent_f_number(1.4, -1)
    with pytest.raises(LensError, match="tilt"):
        image_distance(0.035, 200, 2.0, 185.0)
    with pytest.raises(LensError, match="aperture"):
        radii(np.ones((2, 2)), aperture=math.nan)
    with pytest.raises(LensError, match="one channel"):
        radii(np.ones((2, 2, 3)))
