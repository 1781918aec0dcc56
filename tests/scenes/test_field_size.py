"""Formations stay on the floor of the stadium that the show is in."""

from __future__ import annotations

import pytest
from cardstunt.kernels.places import FieldSize, outside_field
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.field_size import field_size
from cardstunt.scenes.load import load_show
from cardstunt.scenes.schema_stadium import Stadium

SHOW = """\
cardstunt: 1
title: Field
stadium: {stadium}
card_section:
  columns: 20
  rows: 10
  pages: {{ red: {{ fill: "#c01020" }} }}
  cues: [{{ at: 0 s, page: red }}]
troupes:
  ring:
    count: 200
    costume: {{ colour: "#d81b60" }}
    drill:
      - {{ at: 0 s, formation: {{ rings: {{ rings: 1, radius: 40 m }} }} }}
      - {{ at: 20 s, formation: {{ block: 20 }}, travel: {{ over: 20 s, via: [[{via} m, 0 m]] }} }}
film:
  shots: [{{ name: wide, show: 0 s..1 s, camera: {{ look_down: {{ height: 90 m }} }} }}]
"""


def compiled(folder, stadium, via=0):
    path = folder / "show.yaml"
    path.write_text(SHOW.format(stadium=stadium, via=via), encoding="utf-8")
    return compile_show(load_show(path))


def test_a_field_is_as_large_as_its_floor_and_no_larger_than_charts():
    assert field_size(Stadium()) == FieldSize(60.0, 85.0)
    assert field_size(Stadium(preset="arena")).half_x < 30
    for preset in ("olympic", "football", "cricket", "arena", "college_stand", "tribune"):
        size = field_size(Stadium(preset=preset))
        assert 10 < size.half_x <= 60
        assert 10 < size.half_y <= 85


def test_places_outside_are_counted():
    places = [[0.0, 0.0], [21.0, 0.0], [0.0, -31.0], [-20.0, 30.0]]
    assert outside_field(places, FieldSize(20.0, 30.0)) == 2
    assert FieldSize(20.0, 30.0).beyond(places) == pytest.approx(1.0)


def test_a_formation_that_a_large_field_holds_is_refused_by_a_small_one(tmp_path):
    assert compiled(tmp_path, "may_day").drills["ring"].places.shape[1] == 200
    with pytest.raises(ShowError, match=r"of 200 people would stand outside the field, which reaches \d"):
        compiled(tmp_path, "arena")


def test_a_way_that_leaves_a_small_field_is_refused(tmp_path):
    small = "{ preset: may_day, floor: { width: 84 m, length: 84 m } }"
    compiled(tmp_path, "may_day", via=60)
    with pytest.raises(ShowError, match=r"out of the field, which reaches 42 m to the east"):
        compiled(tmp_path, small, via=60)
