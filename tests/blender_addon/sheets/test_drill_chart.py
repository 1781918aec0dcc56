"""The chart of the field: dots where people stand, names under them, the ways that they came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.blender_addon.sheets import drill_chart
from cardstunt.blender_addon.sheets.drill_chart import ChartDrawer, call_chart, paper_ink
from cardstunt.blender_addon.sheets.field_windows import BODY, PAGE, WHOLE, Window, seen
from cardstunt.blender_addon.sheets.lettering import pdf_file
from cardstunt.kernels.rails import Rails

CORNER = Window("A1", -85.0, -42.5, -60.0, -30.0)


@pytest.fixture
def drawn(tmp_path, read_pdf):
    """A function that draws a call of a plan and returns what is on the page, and what was said of it."""

    def draw(plan, call, window=WHOLE):
        with pdf_file(tmp_path / "chart.pdf", "chart", PAGE) as canvas:
            said = ChartDrawer(canvas, plan).draw(call_chart(plan, call), window)
            canvas.showPage()
        (page,) = read_pdf(tmp_path / "chart.pdf")
        return page, said

    return draw


def on_field(page, window=WHOLE):
    """Metres to the right and away of each dot of a page, by colour."""
    found = {}
    for x, y, colour in page.dots:
        off = np.array([x, y]) - window.on_page(np.zeros(2))
        found.setdefault(colour, []).append(off / window.scale)
    return {colour: np.array(places) for colour, places in found.items()}


def nearest(places, others):
    return np.hypot(*(places[:, None] - others).transpose(2, 0, 1)).min(axis=1)


@pytest.mark.parametrize("call", [0, 2, 4])
def test_everyone_has_a_dot_where_they_stand(drill, drawn, call):
    plan = drill((60, 45))
    page, _ = drawn(plan, call)
    dots = on_field(page)
    for troupe, places in zip(plan.troupes, plan.places(call), strict=True):
        colour = tuple(round(255 * float(f"{part:.3g}")) for part in paper_ink(troupe.colour))
        assert len(dots[colour]) == troupe.people
        # As seen from the main stand in the west: right is south, up is east.
        expected = np.stack([-places[:, 1], places[:, 0]], -1)
        assert nearest(expected, dots[colour]).max() < 0.1 / WHOLE.scale
        assert nearest(dots[colour], expected).max() < 0.1 / WHOLE.scale


def test_all_is_on_the_page(drill, drawn):
    page, _ = drawn(drill(), 1)
    points = [(x, y) for x, y, _ in page.texts] + [(x, y) for x, y, _ in page.dots]
    assert all(0 < x < PAGE[0] and 0 < y < PAGE[1] for x, y in points)
    corners = WHOLE.on_page(np.array([[WHOLE.left, WHOLE.front], [WHOLE.right, WHOLE.back]]))
    assert (corners >= BODY[:2]).all()
    assert (corners <= np.add(BODY[:2], BODY[2:])).all()


def test_ways_lead_from_the_set_before(drill, drawn):
    plan = drill((9, 5))
    page, (thinned, _) = drawn(plan, 1)
    assert thinned == 1
    ends = {(start, goal) for start, goal in (line for line in page.lines if len(line) == 2)}
    ways = plan.troupes[0].ways(1)
    for start, goal in zip(ways.start, ways.goal, strict=True):
        line = tuple(tuple(np.round(WHOLE.on_page(seen(place)), 1).tolist()) for place in (start, goal))
        assert line in ends


def test_ways_are_thinned_where_there_are_too_many(drill, drawn, monkeypatch):
    plan = drill((40, 5))
    whole = len(drawn(plan, 1)[0].lines)
    monkeypatch.setattr(drill_chart, "MOST_WAYS", 10)
    page, (thinned, _) = drawn(plan, 1)
    assert thinned == 4
    assert len(page.lines) == whole - 30
    # A sector shows all of its own.
    assert drawn(plan, 1, CORNER)[1][0] in {0, 1}


def test_bent_ways_are_bent(drill, drawn):
    bend = np.zeros((3, 2, 2))
    bend[1] = [[0.0, 9.0], [0.0, 9.0]]
    page, _ = drawn(drill((6, 5), bend=bend), 1)
    assert sum(len(line) > 10 for line in page.lines) >= 5


def test_nobody_goes_anywhere_at_the_first_call(drill, drawn):
    assert drawn(drill(), 0)[1][0] == 0


def test_names_stand_under_their_dots(drill, drawn):
    plan = drill((30, 20))
    page, (_, names) = drawn(plan, 2)
    chart = call_chart(plan, 2)
    points = WHOLE.on_page(chart.places)
    found = [(x, y, text) for x, y, text in page.texts if text in set(chart.labels)]
    assert len(found) == names
    assert names >= 0.9 * plan.people
    for x, y, text in found:
        dot = points[chart.labels.index(text)]
        assert abs(x - dot[0]) < 16
        assert 0 < dot[1] - y < 12


def test_a_crowd_has_no_names_on_the_whole_field(drill, drawn):
    grid = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0)), -1).reshape(1, 1600, 2)
    page, (_, names) = drawn(drill((1600,), sets=1, places=grid), 0)
    assert names == 0
    assert len(page.dots) == 1600


def test_who_stands_on_others_is_hollow(drill, drawn):
    height = np.zeros((3, 12))
    height[1, 4] = 1.4
    plan = drill(height=height)
    hollow = [(x, y) for x, y, colour in drawn(plan, 1)[0].dots if colour == (255, 255, 255)]
    expected = WHOLE.on_page(seen(plan.troupes[0].drill.places[1, 4]))
    assert hollow == [pytest.approx(expected, abs=0.051)]


def test_the_names_of_those_below_come_first(drill, drawn):
    places = drill(sets=1).troupes[0].drill.places.copy()
    places[0, 0] = places[0, 1]
    height = np.zeros((1, 12))
    height[0, 0] = 1.4
    page, _ = drawn(drill(sets=1, places=places, height=height), 0)
    assert "A02" in page.words
    assert "A01" not in page.words


def test_a_trail_is_drawn_once(drill, drawn):
    line, along = np.array([[-50.0, 0], [0, 20], [50, 0]]), np.array([0.0, 53.85164807, 107.70329614])
    places = drill((2, 2)).troupes[0].drill.places.copy()
    begin = np.full((3, 2), np.nan)
    end = begin.copy()
    begin[1], end[1] = 0.0, [along[2], along[1]]
    places[0], places[1] = line[0], line[[2, 1]]
    rails = Rails(points=line, along=along, begin=begin, end=end)
    page, _ = drawn(drill((2, 2), places=places, rails=rails), 1)
    expected = tuple(tuple(point) for point in np.round(WHOLE.on_page(seen(line)), 1).tolist())
    assert page.lines.count(expected) == 1


def test_pale_costumes_are_seen_on_paper():
    assert paper_ink((10, 20, 30)) == pytest.approx((10 / 255, 20 / 255, 30 / 255))
    red, green, blue = paper_ink((255, 250, 240))
    assert max(red, green, blue) < 0.6
    assert red >= green >= blue


def test_steps_are_those_of_the_largest_troupe(drill):
    plan = drill((5, 30))
    small, large = plan.troupes
    plan = replace(plan, troupes=(small, replace(large, drill=replace(large.drill, step_length=0.5))))
    assert ChartDrawer.__dict__["fine_step"].fget(type("Of", (), {"plan": plan})()) == 0.5
