"""A film's cameras, looked through at moments that stand for all of each shot."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.film_views import nearest
from cardstunt.scenes.camera_paths import camera_path, middle_of
from cardstunt.scenes.film_views import STATIONS, film_views, half_tangent, stations
from cardstunt.scenes.load import load_show
from cardstunt.scenes.schema_film import Shot
from cardstunt.scenes.seats import seat_map

SHOW = """\
cardstunt: 1
title: Views
card_section:
  columns: 20
  rows: 10
  pages: { red: { fill: "#c01020" } }
  cues: [{ at: 0 s, page: red }]
film:
  size: 640x360
  shots:
    - name: all
      show: 0 s..4 s
      lens: 36 mm
      camera: { orbit: { height: 90 m, from: 200 deg, to: 250 deg } }
    - name: card
      show: 4 s..6 s
      lens: 72 mm
      camera: { push: { from: [-60 m, 0 m, 20 m], to: [0 m, 0 m, 20 m] } }
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    path = tmp_path_factory.mktemp("views") / "show.yaml"
    path.write_text(SHOW, encoding="utf-8")
    return load_show(path)


def shot(length):
    move = {"from_": (0.0, 0.0, 20.0), "to": (length, 0.0, 20.0), "look_at": "field"}
    return Shot.model_validate({"name": "a", "show": (0, 1), "lens": 0.05, "camera": {"push": move}})


def test_the_picture_is_as_wide_as_the_film_behind_its_lens():
    assert half_tangent((1920, 1080), 0.036) == pytest.approx((0.5, 0.5 * 1080 / 1920))
    # The film lies along the longer side.
    assert half_tangent((1080, 1920), 0.036) == pytest.approx((0.5 * 1080 / 1920, 0.5))
    assert half_tangent((1000, 1000), 0.018) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("length", [0.5, 300.0])
def test_on_a_long_way_more_moments_are_looked_through(length):
    many = stations(shot(length))
    assert many >= STATIONS
    assert length / many <= 6.0


def test_all_shots_are_looked_through_with_their_lenses(loaded):
    of = film_views(loaded)
    shots = loaded.show.film.shots
    counts = [stations(each) for each in shots]
    assert len(of) == sum(counts)
    np.testing.assert_allclose(of.half_tangent[0], (0.5, 0.28125))
    np.testing.assert_allclose(of.half_tangent[-1], (0.25, 0.140625))
    middle = middle_of(seat_map(loaded))
    path = camera_path(shots[1], np.linspace(0, 1, counts[1]), middle)
    for name in ("places", "forward", "right", "up"):
        np.testing.assert_array_equal(getattr(of, name)[counts[0] :], getattr(path, name))


def test_the_nearest_camera_to_the_card_section_is_where_the_push_ends(loaded):
    middle = middle_of(seat_map(loaded))
    found = nearest(film_views(loaded), [middle, [-500.0, 0.0, 3.0], [0.0, 0.0, 1000.0]])
    assert found[0] == pytest.approx(np.linalg.norm(middle - (0.0, 0.0, 20.0)))
    assert np.isinf(found[1:]).all()
