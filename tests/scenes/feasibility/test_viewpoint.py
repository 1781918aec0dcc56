from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.feasibility.viewpoint import cards_of, facing, viewpoint

SHOT = """\
- name: all
  show: 0 s..60 s
  lens: 50 mm
  camera: { push: { from: [-60 m, 0 m, 40 m], to: [-60 m, 0 m, 40 m], look_at: card_section } }
"""


def test_a_picture_is_where_the_lens_puts_it(compiled):
    loaded, plan = compiled(shots=SHOT)
    cards = cards_of(plan.seats)
    view = viewpoint(loaded.show, loaded.show.film.shots[0], 0.5, cards.middle)
    np.testing.assert_allclose(view.place, [-60, 0, 40])
    # Looking east, north is on the left.
    np.testing.assert_allclose(view.right, [0, -1, 0], atol=1e-12)
    np.testing.assert_allclose(np.cross(view.right, view.forward), view.up, atol=1e-12)
    assert view.focal == pytest.approx(640 * 50 / 36)
    towards = cards.middle - view.place
    np.testing.assert_allclose(view.forward, towards / np.linalg.norm(towards), atol=1e-12)


def test_facing_is_seen_from_the_front_only(compiled):
    loaded, plan = compiled()
    cards = cards_of(plan.seats)
    view = viewpoint(loaded.show, loaded.show.film.shots[0], 0.0, cards.middle)
    away, small = facing(view, cards)
    assert not away.any()
    assert not small.any()
    np.testing.assert_allclose(np.linalg.norm(cards.normals, axis=1), 1)
