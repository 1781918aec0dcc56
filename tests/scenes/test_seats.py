from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.bowl_presets import MAY_DAY, PRESETS
from cardstunt.kernels.bowl_seats import card_section_seats
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages import CELL_ASPECT
from cardstunt.scenes.seats import cell_aspect, seat_map, section_letters, stand_aspect

SHOW = """\
cardstunt: 1
title: Seats
card_section:
  columns: {columns}
  rows: {rows}
  seats: {seats}
  pages:
    blue: {{ fill: "#0a3d91" }}
  cues:
    - {{ at: 0 s, page: blue }}
film:
  shots:
    - {{ name: all, show: 0 s..9 s, camera: {{ look_down: {{ height: 90 m }} }} }}
"""


@pytest.fixture
def seated(tmp_path):
    def load(seats="{}", columns=60, rows=4):
        path = tmp_path / "show.yaml"
        path.write_text(SHOW.format(seats=seats, columns=columns, rows=rows))
        return seat_map(load_show(path))

    return load


def test_the_usual_seats_are_those_of_the_stadiums_east_stand(seated):
    seats = seated()
    places, facing = card_section_seats(MAY_DAY, 60, 4)
    np.testing.assert_array_equal(seats.places, places)
    np.testing.assert_array_equal(seats.facing, facing)
    assert seats.taken.all()
    assert (seats.rows, seats.columns) == (4, 60)


def test_a_seat_is_named_by_section_row_and_number(seated):
    seats = seated()
    for cell, section, row, number in (
        (0, "A", "1", "1"),
        (24, "A", "1", "25"),
        (25, "B", "1", "1"),
        (3 * 60 + 59, "C", "4", "10"),
    ):
        assert (seats.section[cell], seats.row[cell], seats.number[cell]) == (section, row, number)
        assert seats.name[cell] == f"{section}-{row}-{number}"
    assert np.unique(seats.name).size == 240


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (702, "AAA")]
)
def test_sections_are_lettered_on_after_z(index, letters):
    assert section_letters(index) == letters


def test_aisles_gaps_and_short_rows_are_no_seats(seated):
    seats = seated('{ aisles: "3, 30-31", gaps: [{ rows: 2, columns: 5-6 }], row_seats: [60, 60, 50, 1] }')
    taken = seats.taken.reshape(4, 60)
    assert not taken[:, [2, 29, 30]].any()
    assert not taken[1, 4:6].any()
    assert taken[0, 4:6].all()
    assert (taken[2, :5] == 0).all()
    assert (taken[2, 55:] == 0).all()
    assert taken[3].sum() == 0  # its only seat, in the middle, is in an aisle
    empty = ~seats.taken
    for labels in (seats.section, seats.row, seats.number, seats.name):
        assert (labels[empty] == "").all()
    assert (seats.places[empty] == 0).all()
    assert (seats.facing[empty] == 0).all()
    # Numbers count the real seats of a section's row.
    assert [seats.name[cell] for cell in (1, 3)] == ["A-1-2", "A-1-3"]
    assert seats.name[60 + 6] == "A-2-4"
    assert seats.name[25] == "B-1-1"
    assert seats.name[31] == "B-1-5"
    assert np.unique(seats.name[seats.taken]).size == seats.taken.sum()


def test_seats_on_an_arc(seated):
    seats = seated(
        "{ arc: { radius: 80 m, from: 30 deg, to: -30 deg, height: 3 m, depth: 0.9 m, rise: 0.5 m } }",
        columns=101,
        rows=3,
    )
    x, y, z = seats.places.T
    radius = np.hypot(x, y).reshape(3, 101)
    np.testing.assert_allclose(radius, np.repeat([[80.0], [80.9], [81.8]], 101, axis=1))
    np.testing.assert_allclose(z.reshape(3, 101)[:, 0], [3.0, 3.5, 4.0])
    angle = np.degrees(np.arctan2(y, x)).reshape(3, 101)
    # The viewer's left, who looks east from the centre, is north.
    assert (np.diff(angle, axis=1) < 0).all()
    assert angle[0, 50] == pytest.approx(0, abs=1e-9)
    assert angle[0, 0] == pytest.approx(30 - 30 / 101)
    # Everyone looks at the field's centre.
    inward = np.stack([np.cos(seats.facing), np.sin(seats.facing)], -1)
    np.testing.assert_allclose(seats.places[:, :2] + inward * radius.reshape(-1, 1), 0, atol=1e-9)
    pitch = 80.9 * math.radians(60) / 101
    assert seats.cell_aspect == pytest.approx(cell_aspect(pitch, 0.9, 0.5))


def test_a_place_of_the_stadiums_stand_has_its_own_shape(seated):
    assert seated().cell_aspect == stand_aspect(MAY_DAY)
    # That which pictures are drawn for where nothing is said.
    assert stand_aspect(MAY_DAY) == pytest.approx(CELL_ASPECT, rel=0.001)
    assert 0.6 < min(map(stand_aspect, PRESETS.values())) < max(map(stand_aspect, PRESETS.values())) < 1.1
    assert cell_aspect(0.5, 0.0, 0.0) == 10.0


@pytest.mark.parametrize(
    ("seats", "columns", "path", "words"),
    [
        (
            "{ aisles: 61 }",
            60,
            "card_section.seats.aisles",
            "61 reaches outside the section, which has columns",
        ),
        ("{ gaps: [{ rows: 3-5, columns: 1 }] }", 60, "card_section.seats.gaps[0].rows", "has rows 1-4"),
        ("{ row_seats: [1, 2, 3, 61] }", 60, "card_section.seats.row_seats[3]", "61 seats do not go into"),
        ("{ aisles: 1-60 }", 60, "card_section.seats", "leave no seat"),
        ("{ arc: { radius: 20 m, from: 0 deg, to: -60 deg } }", 61, "card_section.seats.arc", "at most 59"),
        ("{ arc: { radius: 90 m, from: 0 deg, to: -361 deg } }", 60, "card_section.seats.arc", "round more"),
        ("{}", 900, "card_section.columns", "at most 329 columns by 80 rows do"),
    ],
)
def test_seats_that_cannot_be_have_their_place_in_the_show(seated, seats, columns, path, words):
    with pytest.raises(ShowError) as caught:
        seated(seats, columns)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert words in problem.message
    assert problem.line == (4 if path == "card_section.columns" else 6)


def test_seats_are_shared_and_cannot_be_written(seated):
    one, two = seated(), seated()
    assert one is two
    with pytest.raises(ValueError, match="read-only"):
        one.places[0] = 0
