from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.curve_placing import along, bezier
from cardstunt.kernels.places import FormationError, minimum_distance
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

ROUNDING = 2e-6
CORNER = st.tuples(st.floats(-60.0, 60.0), st.floats(-60.0, 60.0))
LOOP = np.array([[-50.0, -50.0], [150.0, 50.0], [-150.0, 50.0], [50.0, -50.0]])  # it crosses itself


def circle(radius: float, steps: int = 2000) -> np.ndarray:
    angle = np.linspace(0.0, 2.0 * np.pi, steps + 1)
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius
    points[-1] = points[0]
    return points


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 500),
    points=st.lists(CORNER, min_size=2, max_size=4),
    strands=st.none() | st.integers(1, 5),
    spacing=st.floats(0.4, 2.0),
)
def test_count_is_exact_and_spacing_kept_or_what_fits_is_said(count, points, strands, spacing):
    curve = bezier(np.array(points))
    if np.hypot(*np.diff(curve, axis=0).T).sum() < 1e-3:
        with pytest.raises(FormationError, match="no length"):
            along(count, [curve], strands, spacing=spacing)
        return
    try:
        places = along(count, [curve], strands, spacing=spacing)
    except FormationError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert refusal.asked == count
        assert 0 < refusal.fits < count
        assert str(refusal.fits) in str(refusal)
        count = refusal.fits
        places = along(count, [curve], strands, spacing=spacing)
    assert places.shape == (count, 2)
    assert places.dtype == np.float64
    assert minimum_distance(places) >= spacing - ROUNDING
    assert along(count, [curve], strands, spacing=spacing).tobytes() == places.tobytes()
    if strands == 1:
        assert KDTree(curve).query(places)[0].max() < 1.0


def test_a_curve_is_what_the_formula_says():
    controls = np.array([[0.0, 0.0], [1.0, 3.0], [4.0, -2.0], [6.0, 1.0], [7.0, 2.0], [9.0, 9.0], [3.0, 3.0]])
    drawn = bezier(controls)
    assert drawn[0].tolist() == [0.0, 0.0]
    assert drawn[-1].tolist() == [3.0, 3.0]
    assert drawn[256].tolist() == [6.0, 1.0]  # the two pieces share a point
    # De Casteljau, at a quarter of the first piece.
    points = controls[:4]
    while len(points) > 1:
        points = points[:-1] * 0.75 + points[1:] * 0.25
    assert np.allclose(drawn[64], points[0])
    assert np.allclose(bezier(controls[:2])[128], [0.5, 1.5])
    assert np.allclose(bezier(controls[:3])[128], [1.5, 1.0])


@pytest.mark.parametrize("shape", [(1, 2), (5, 2), (6, 2), (4, 3), (4,)])
def test_points_that_make_no_curve_are_refused(shape):
    with pytest.raises(ValueError, match="curve"):
        bezier(np.zeros(shape))


def test_people_are_evenly_spaced_by_arc_length():
    curve = bezier(np.array([[-50.0, -60.0], [80.0, -20.0], [-80.0, 20.0], [50.0, 60.0]]))
    places = along(61, [curve], strands=1, spacing=1.0)
    fine = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    at = fine[KDTree(curve).query(places)[1]]
    assert np.allclose(places[[0, -1]], curve[[0, -1]])
    assert np.ptp(np.diff(at)) < 2.5 * np.diff(fine).max()


def test_on_a_closed_curve_nobody_stands_twice_where_it_begins():
    places = along(100, [circle(20.0)], strands=1, spacing=1.0)
    angle = np.sort(np.arctan2(*places.T))
    assert np.ptp(np.diff(angle, append=angle[0] + 2.0 * np.pi)) < 1e-3


def test_strands_run_beside_the_curve_on_both_sides():
    places = along(330, [circle(20.0)], strands=3, gap=2.0, spacing=1.0)
    radius = np.hypot(*places.T)
    assert sorted(set(radius.round(2))) == [18.0, 20.0, 22.0]
    assert [int((np.abs(radius - r) < 0.1).sum()) for r in (18, 20, 22)] == [99, 110, 121]


def test_a_strand_inside_too_narrow_a_bend_has_a_gap():
    hairpin = np.array([[0.0, 0.0], [40.0, 0.0], [40.0, 1.0], [0.0, 1.0]])
    places = along(60, [hairpin], strands=3, gap=4.0, spacing=1.0)
    assert len(places) == 60
    assert minimum_distance(places) >= 1.0 - ROUNDING
    # The strand that would run between the two legs is not there.
    assert not ((places[:, 0] < 30) & (np.abs(places[:, 1] - 0.5) < 0.4)).any()


def test_as_many_strands_as_everyone_needs():
    line = np.array([[-30.0, 0.0], [30.0, 0.0]])
    places = along(244, [line], spacing=1.0)
    assert sorted(set(places[:, 1].round(6))) == [-1.5, -0.5, 0.5, 1.5]


def test_where_a_curve_crosses_itself_people_keep_their_distance():
    length = np.hypot(*np.diff(bezier(LOOP), axis=0).T).sum()
    count = int(length) - 6
    places = along(count, [bezier(LOOP)], strands=1, spacing=1.0)
    assert len(places) == count
    assert minimum_distance(places) >= 1.0 - ROUNDING


def test_people_are_shared_out_by_the_length_of_curves():
    long, short = np.array([[0.0, 0.0], [60.0, 0.0]]), np.array([[0.0, 20.0], [30.0, 20.0]])
    places = along(60, [long, short], strands=1, spacing=1.0)
    assert [int((places[:, 1] == y).sum()) for y in (0.0, 20.0)] == [40, 20]


def test_too_many_for_a_curve_says_how_many_fit_and_what_helps():
    line = np.array([[0.0, 0.0], [10.0, 0.0]])
    with pytest.raises(
        FormationError, match=r"10\.0 m of curve hold 11 people 1 m apart.*more strands"
    ) as caught:
        along(12, [line], strands=1, spacing=1.0)
    assert (caught.value.asked, caught.value.fits) == (12, 11)


@pytest.mark.parametrize("options", [{"strands": 0}, {"gap": 0.2}, {"gap": float("nan")}, {"spacing": 0.0}])
def test_numbers_that_make_no_strands_are_refused(options):
    with pytest.raises(FormationError):
        along(5, [circle(20.0)], **options)


def test_nobody_and_nowhere_are_refused():
    with pytest.raises(FormationError, match="at least one person"):
        along(0, [circle(20.0)])
    for curves in ([], [np.ones((3, 2))]):
        with pytest.raises(FormationError, match="no length") as caught:
            along(5, curves)
        assert caught.value.fits == 0
