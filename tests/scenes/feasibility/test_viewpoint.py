from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.scenes.feasibility.viewpoint import (
    BOOK_LEAN,
    BOOK_SIZE,
    cards_of,
    facing,
    over_the_row_in_front,
    viewpoint,
)

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


def test_the_row_in_front_hides_what_lies_below_its_edge(compiled):
    """Against lines of sight, one by one, to points up the middle of each card."""
    loaded, plan = compiled(columns=8, rows=6, more="  seats: { gaps: [{ rows: 2, columns: 3 }] }\n")
    seats, cards = plan.seats, cards_of(plan.seats)
    shot = loaded.show.film.shots[0]
    for place in ((-60.0, 0.0, 40.0), (20.0, 5.0, 1.7), (30.0, -40.0, 6.0)):
        view = replace(viewpoint(loaded.show, shot, 0.0, cards.middle), place=np.array(place))
        share = over_the_row_in_front(view, cards)
        heights = np.linspace(-0.5, 0.5, 2001) * BOOK_SIZE[1]
        for seat in np.flatnonzero(seats.taken):
            front = seat - seats.columns
            if front < 0 or not seats.taken[front]:
                assert share[seat] == 1.0
                continue
            ahead = np.array([np.cos(seats.facing[seat]), np.sin(seats.facing[seat])])
            up = np.array([*(-np.sin(BOOK_LEAN) * ahead), np.cos(BOOK_LEAN)])
            points = cards.places[seat] + heights[:, None] * up
            top = cards.places[front] + 0.5 * BOOK_SIZE[1] * up
            # Where the line of sight passes over the upper edge of the books in front.
            part = ((top - points)[:, :2] @ ahead) / ((view.place - points)[:, :2] @ ahead)
            above = points[:, 2] + part * (view.place - points)[:, 2] > top[2]
            assert share[seat] == pytest.approx(above.mean(), abs=0.01)
    # From behind it is not the row in front that hides.
    behind = replace(view, place=cards.middle + 40 * np.array([1.0, 0.0, 0.2]))
    assert (over_the_row_in_front(behind, cards) == 1.0).all()
