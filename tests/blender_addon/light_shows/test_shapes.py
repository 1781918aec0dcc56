"""The meshes that light shows are instances of."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.light_shows.shapes import cone, paper, strip
from cardstunt.blender_addon.nodes.light_shows import ON_STRIP

pytestmark = pytest.mark.blender


@pytest.mark.parametrize("begin", [1.0, 0.2])
def test_a_strip_knows_where_on_it_a_point_is(begin: float) -> None:
    mesh = strip("strip", begin)
    places = np.array([vertex.co for vertex in mesh.vertices])
    told = np.array([item.vector for item in mesh.attributes[ON_STRIP].data])
    assert np.array_equal(places, told)
    assert np.ptp(places, axis=0).tolist() == [2.0, 1.0, 0.0]
    assert places[:2, 0] == pytest.approx([-begin, begin])
    assert mesh.polygons[0].normal.z > 0.99


def test_a_cone_is_closed_and_looks_outward() -> None:
    mesh = cone("cone")
    edges = [key for polygon in mesh.polygons for key in polygon.edge_keys]
    assert all(edges.count(key) == 2 for key in set(edges))
    middle = np.array([0.0, 0.7, 0.0])
    for polygon in mesh.polygons:
        assert np.dot(np.array(polygon.center) - middle, polygon.normal) > 0


def test_paper_is_one_long_and_half_as_wide() -> None:
    places = np.array([vertex.co for vertex in paper("paper").vertices])
    assert np.ptp(places, axis=0)[:2] == pytest.approx([1.0, 0.5])
