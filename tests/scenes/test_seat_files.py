from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.bowl_presets import MAY_DAY
from cardstunt.kernels.bowl_seats import card_section_seats
from cardstunt.scenes import seat_files
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.seat_files import read_seats
from cardstunt.scenes.seats import SeatsError, seat_map
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SHOW = """\
cardstunt: 1
title: Seats
card_section:
  seats: { file: NAME }
  pages:
    blue: { fill: "#0a3d91" }
  cues:
    - { at: 0 s, page: blue }
film:
  shots:
    - { name: all, show: 0 s..9 s, camera: { look_down: { height: 90 m } } }
"""
HEADER = "seat,section,row,number,x,y,z"


def lines_of(columns=6, rows=4, pitch=0.6, sections=3):
    """A straight stand in the east, as a table: columns run south, rows run back and up."""
    lines = []
    for row in range(rows):
        for column in range(columns):
            section = "ABC"[column * sections // columns]
            x, y, z = 80 + 0.8 * row, ((columns - 1) / 2 - column) * pitch, 3 + 0.4 * row
            name = f"{section}-{row + 1}-{column + 1}"
            lines.append(f"{name},{section},{row + 1},{column + 1},{x},{y},{z}")
    return lines


@pytest.fixture
def read(tmp_path):
    def from_text(text, name="seats.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_seats(path, MAY_DAY)

    return from_text


def refusal(read, text, name="seats.csv"):
    with pytest.raises(SeatsError) as caught:
        read(text, name)
    assert caught.value.at == ("seats", "file")
    return str(caught.value)


def test_a_table_gives_every_seat_its_cell(read):
    seats = read("\n".join([HEADER, *lines_of()]))
    assert (seats.rows, seats.columns) == (4, 6)
    assert seats.taken.all()
    assert seats.name[:6].tolist() == ["A-1-1", "A-1-2", "B-1-3", "B-1-4", "C-1-5", "C-1-6"]
    assert seats.name[-1] == "C-4-6"
    np.testing.assert_allclose(seats.places[0], [80, 1.5, 3])
    np.testing.assert_allclose(np.cos(seats.facing), -1)
    assert seats.section[7] == "A"
    assert seats.row[7] == "2"
    assert seats.number[7] == "2"


def test_the_order_of_lines_and_columns_does_not_matter(read):
    plain = read("\n".join([HEADER, *lines_of()]))
    turned = [
        ";".join([fields[5], "note", *reversed(fields[:5]), fields[6]])
        for fields in (line.split(",") for line in reversed(lines_of()))
    ]
    other = read("\ufeffY; Comment ;x;number;row;section;SEAT;z\n\n" + "\r\n".join(turned) + "\n")
    for name in ("taken", "places", "facing", "section", "row", "number", "name"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(other, name))
    tabs = read("\n".join([HEADER, *lines_of()]).replace(",", "\t"))
    np.testing.assert_array_equal(tabs.name, plain.name)


def test_a_name_may_say_the_ticket_or_the_ticket_the_name(read):
    plain = read("\n".join([HEADER, *lines_of()]))
    cut = [",".join(line.split(",")[:1] + line.split(",")[4:]) for line in lines_of()]
    names = read("\n".join(["seat,x,y,z", *cut]))
    tickets = read("\n".join(["section,row,number,x,y,z", *[line.split(",", 1)[1] for line in lines_of()]]))
    for other in (names, tickets):
        for name in ("section", "row", "number", "name"):
            np.testing.assert_array_equal(getattr(plain, name), getattr(other, name))


def test_missing_seats_leave_their_cells_empty(read):
    lines = lines_of()
    gone = {"B-1-3", "A-3-1", "C-4-6"}
    seats = read("\n".join([HEADER, *[line for line in lines if line.split(",")[0] not in gone]]))
    assert (seats.rows, seats.columns) == (4, 6)
    assert np.flatnonzero(~seats.taken).tolist() == [2, 12, 23]
    assert seats.name[3] == "B-1-4"


def test_the_stadiums_own_stand_comes_back_from_a_table(read):
    places, facing = card_section_seats(MAY_DAY, 40, 12)
    lines = [
        f"S-{index // 40 + 1}-{index % 40 + 1},S,{index // 40 + 1},{index % 40 + 1},{x},{y},{z}"
        for index, (x, y, z) in enumerate(places.tolist())
    ]
    seats = read("\n".join([HEADER, *lines]))
    assert (seats.rows, seats.columns) == (12, 40)
    np.testing.assert_array_equal(seats.places, places)
    assert np.abs(seats.facing - facing).max() < math.radians(2)


def test_an_arc_comes_back_from_a_table(read):
    """Radial columns, as `arc` makes them: rows further back are wider."""
    lines = []
    for row in range(5):
        for column in range(61):
            angle, radius = math.radians(40 - column * 80 / 60), 60 + 0.9 * row
            x, y = radius * math.cos(angle), radius * math.sin(angle)
            lines.append(f"A-{row + 1}-{column + 1},A,{row + 1},{column + 1},{x},{y},{2 + 0.4 * row}")
    seats = read("\n".join([HEADER, *lines]))
    assert (seats.rows, seats.columns) == (5, 61)
    assert seats.taken.all()
    np.testing.assert_array_equal(seats.number.reshape(5, 61)[3], [str(n) for n in range(1, 62)])
    inward = -seats.places[:, :2] / np.hypot(*seats.places[:, :2].T)[:, None]
    looks = np.stack([np.cos(seats.facing), np.sin(seats.facing)], -1)
    assert (np.einsum("ij,ij->i", inward, looks) > math.cos(math.radians(1.0))).all()


def test_rows_of_seats_of_one_width_on_an_arc_keep_apart(read):
    """As in real stands: further back there are more seats to a row, so cells stay empty in front."""
    lines = []
    for row in range(10):
        radius = 40 + 0.9 * row
        count = int(radius * math.radians(60) / 0.5)
        for seat in range(count):
            angle = ((count - 1) / 2 - seat) * 0.5 / radius
            x, y = radius * math.cos(angle), radius * math.sin(angle)
            lines.append(f"A-{row + 1}-{seat + 1},A,{row + 1},{seat + 1},{x},{y},{2 + 0.4 * row}")
    seats = read("\n".join([HEADER, *lines]))
    assert seats.rows == 10
    assert seats.taken.sum() == len(lines)
    across = np.where(seats.taken, np.arctan2(seats.places[:, 1], seats.places[:, 0]), np.nan)
    for row in across.reshape(10, -1):
        assert (np.diff(row[np.isfinite(row)]) < 0).all()


def test_rows_half_a_seat_apart_stay_whole(read):
    lines = []
    for row in range(7):
        for column in range(30):
            y = (14.5 - column) * 0.6 + (0.3 if row % 2 else 0.0) + 0.01 * math.sin(7 * column + row)
            lines.append(f"A-{row + 1}-{column + 1},A,{row + 1},{column + 1},{80 + row},{y},{3 + 0.4 * row}")
    seats = read("\n".join([HEADER, *lines]))
    assert seats.taken.sum() == 210
    for row in seats.taken.reshape(7, -1):
        filled = np.flatnonzero(row)
        assert (np.diff(filled) == 1).all()


def test_level_rows_of_different_sections_are_one_row(read):
    """Sections may count their rows differently, and stand a little askew."""
    lines = []
    for section, first, slope in (("N", 1, 0.002), ("M", 11, 0.0), ("S", 1, -0.002)):
        for row in range(4):
            for seat in range(5):
                y = {"N": 6.0, "M": 0.0, "S": -6.0}[section] + (2 - seat) * 0.6
                x = 80 + 0.8 * row + slope * y
                lines.append(
                    f"{section}-{first + row}-{seat},{section},{first + row},{seat},{x},{y},{3 + 0.4 * row}"
                )
    seats = read("\n".join([HEADER, *lines]))
    assert seats.rows == 4
    row = seats.row.reshape(4, -1)
    assert {tuple(sorted(set(labels) - {""})) for labels in row.tolist()} == {
        ("1", "11"),
        ("12", "2"),
        ("13", "3"),
        ("14", "4"),
    }


def test_a_flat_stand_has_its_rows_behind_one_another(read):
    """Also where a section has fewer rows than others."""
    flat = [line.rsplit(",", 1)[0] + ",0" for line in lines_of() if not line.startswith("B-1-")]
    seats = read("\n".join([HEADER, *flat]))
    assert (seats.rows, seats.columns) == (4, 6)
    assert seats.name[:8].tolist() == ["A-1-1", "A-1-2", "", "", "C-1-5", "C-1-6", "A-2-1", "A-2-2"]
    assert seats.name[8] == "B-2-3"


def test_rows_of_a_flat_stand_that_stand_in_the_gaps_of_others_are_rows_of_their_own(read):
    lines = [
        f"{section}-{row}-{seat},{section},{row},{seat},{80 + 1.6 * row + shift},{y - 0.6 * seat},0"
        for section, y, shift in (("A", 4.0, 0.0), ("B", 0.0, 0.8))
        for row in range(1, 4)
        for seat in range(5)
    ]
    seats = read("\n".join([HEADER, *lines]))
    assert seats.rows == 6
    assert [set(labels) - {""} for labels in seats.section.reshape(6, -1).tolist()] == [{"A"}, {"B"}] * 3


def test_rows_that_rise_by_little_stay_two_rows(read):
    heights = {"1": 3.0, "2": 3.1, "3": 3.5, "4": 3.9}
    lines = [f"{line.rsplit(',', 1)[0]},{heights[line.split(',')[2]]}" for line in lines_of()]
    seats = read("\n".join([HEADER, *lines]))
    assert (seats.rows, seats.columns) == (4, 6)
    assert seats.row.reshape(4, 6)[:, 0].tolist() == ["1", "2", "3", "4"]


@pytest.mark.parametrize("turn", [0.0, 1.0, 2.5, math.pi, -2.0])
def test_a_stand_may_be_on_any_side_of_the_field(read, turn):
    cosine, sine = math.cos(turn), math.sin(turn)
    lines = []
    for line in lines_of():
        name, section, row, number, x, y, z = line.split(",")
        x, y = float(x), float(y)
        lines.append(f"{name},{section},{row},{number},{cosine * x - sine * y},{sine * x + cosine * y},{z}")
    seats = read("\n".join([HEADER, *lines]))
    assert seats.name.tolist() == [line.split(",")[0] for line in lines_of()]
    np.testing.assert_allclose(np.cos(seats.facing - turn - math.pi), 1, atol=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [], "there are no seats in it"),
        (lambda lines: [*lines, lines[2]], "line 26: the seat 'B-1-3' stands twice, first in line 4"),
        (lambda lines: [*lines, "Q-1-1,Q,1,1,nan,0,3"], "line 26: x is 'nan', not a number of metres"),
        (lambda lines: [*lines, "Q-1-1,Q,1,1,80,inf,3"], "line 26: y is 'inf', not a number"),
        (lambda lines: [*lines, "Q-1-1,Q,1,1,80,1e999,3"], "line 26: y is '1e999', not a number"),
        (lambda lines: [*lines, "Q-1-1,Q,1,1,8000,0,3"], "line 26: the seat 'Q-1-1' is at 8000, 0, 3 m, far"),
        (lambda lines: [*lines, "Q-1-1,Q,1,1,80,0"], "line 26: 6 fields, but the header has 7"),
        (
            lambda lines: [*lines, "Q-1-1,Q,1,,80,0,3,5"],
            "line 26: 8 fields, but the header has 7; write numbers",
        ),
        (lambda lines: [*lines, "Q,Q,1,,80,0,3"], "line 26: the number is missing, and the seat 'Q'"),
        (lambda lines: [*lines, ",Q,,1,80,0,3"], "line 26: the row is missing"),
        (
            lambda lines: [*lines, "Q-1-1,Q,1,1,80,1.5,3.01"],
            "line 26: the seat 'Q-1-1' is at the place of 'A-1-1'",
        ),
        (
            lambda lines: [*lines, "Q-1-1,Q,1,1,80,900,3"],
            "at most 1,000 by 400 can be. The seat 'Q-1-1' in line 26",
        ),
        (lambda lines: lines[:6], "at least 2 rows and 2 columns, not 1 and 6"),
        (lambda lines: [*lines, '"Q-1-1,Q,1,1,80,0,3'], "line 26: "),
    ],
)
def test_each_mistake_in_a_table_has_its_line(read, change, words):
    message = refusal(read, "\n".join([HEADER, *change(lines_of())]))
    assert words in message
    assert "'seats.csv'" in message


@pytest.mark.parametrize(
    "written",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace(",", ";").replace(".", ","),
        lambda text: "sep=;\r\n" + text.replace(",", ";").replace("\n", "\r\n"),
        lambda text: text.replace(",", "\t").replace(".", ","),
        lambda text: text.replace(",", "|"),
        lambda text: "\n".join(
            ",".join(f'"{field}"' for field in line.split(",")) for line in text.split("\n")
        ),
        lambda text: text.replace(HEADER, "Seat,Section,Row,Number,X (m),Y [m],Z(m)"),
        lambda text: "\n\n" + text + "\n\n",
    ],
    ids=["mark", "utf-16", "semicolons", "said", "tabs", "bars", "quoted", "units", "blank"],
)
def test_tables_as_spreadsheets_write_them(read, written):
    text = "\n".join([HEADER, *lines_of(columns=7)]).replace("A-", "Süd-").replace(",A,", ",Süd,")
    plain, seats = read(text), read(written(text))
    assert seats.name.tolist() == plain.name.tolist()
    assert "Süd-1-1" in seats.name
    np.testing.assert_array_equal(seats.places, plain.places)


def test_a_line_keeps_its_number_behind_the_one_that_says_what_parts_fields(read):
    assert "line 3: x is 'east', not a number" in refusal(read, "sep=;\nseat;x;y;z\nA-1-1;east;0;1")


def test_a_seat_far_from_all_others_is_taken_for_a_mistake(read):
    lines = lines_of(columns=40)
    message = refusal(read, "\n".join([HEADER, *lines, "Q-1-1,Q,1,1,80,-80,3"]))
    assert "line 162: the seat 'Q-1-1' is far from the others" in message
    # A second block is no mistake, however far it is.
    other = [line.replace("A-", "Q-").replace(",A,", ",Q,").split(",") for line in lines if line[0] == "A"]
    block = [",".join([*fields[:5], str(float(fields[5]) - 90), fields[6]]) for fields in other]
    assert read("\n".join([HEADER, *lines, *block])).taken.sum() == 160 + len(block)


def test_headers_and_files_that_are_no_tables(read, tmp_path, monkeypatch):
    assert "line 1: the header lacks x, z; it names seat" in refusal(read, "seat,y\nA-1-1,2")
    assert "(it has 'sectoin')" in refusal(read, "sectoin,row,number,x,y,z\n")
    assert "has 'x' twice" in refusal(read, "seat,x,y,z,X\n")
    assert "the table is empty" in refusal(read, "\n \n")
    assert "line 2: this is not UTF-8 text (byte 0xe9)" in refusal(read, b"seat,x,y,z\n\xe9,1,2,3")
    assert "write numbers with a point: 80.5" in refusal(read, 'seat,x,y,z\nA-1-1,"80,5",0,1')
    assert "a .csv or an .svg is" in refusal(read, "x", "seats.xlsx")
    monkeypatch.setattr(seat_files, "MOST_SEATS", 5)
    assert "line 7: more than 5 seats" in refusal(read, "\n".join([HEADER, *lines_of()]))
    monkeypatch.setattr(seat_files, "LARGEST_FILE", 100)
    assert "too large" in refusal(read, "\n".join([HEADER, *lines_of()]))
    with pytest.raises(SeatsError, match="cannot be read"):
        read_seats(tmp_path / "gone.csv", MAY_DAY)


def test_a_show_takes_its_size_from_the_file(tmp_path):
    (tmp_path / "seats.csv").write_text("\n".join([HEADER, *lines_of(7, 5)]))
    path = tmp_path / "show.yaml"
    path.write_text(SHOW.replace("NAME", "seats.csv"))
    loaded = load_show(path)
    assert (loaded.show.card_section.columns, loaded.show.card_section.rows) == (7, 5)
    assert seat_map(loaded).name[0] == "A-1-1"
    # Written anew, it is read anew.
    (tmp_path / "seats.csv").write_text("\n".join([HEADER, *lines_of(9, 3)]))
    assert load_show(path).show.card_section.columns == 9


@pytest.mark.parametrize("name", ["gone.csv", "../seats.csv", "seats.csv"])
def test_a_seat_map_that_cannot_be_used_is_told_at_its_name(tmp_path, name):
    (tmp_path / "seats.csv").write_text("seat,x,y,z\n")
    path = tmp_path / "show.yaml"
    path.write_text(SHOW.replace("NAME", name))
    with pytest.raises(ShowError) as caught:
        load_show(path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.column) == ("card_section.seats.file", 4, 18)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{shapes}</svg>'


def drawing(shapes, attributes=""):
    return SVG.format(attributes=attributes, shapes=shapes)


def circles(columns=6, rows=4):
    """Front row at the bottom, 60 units from seat to seat, 80 from row to row."""
    return [
        f'<circle id="A-{row + 1}-{column + 1}" cx="{100 + 60 * column}" cy="{900 - 80 * row}" r="20"/>'
        for row in range(rows)
        for column in range(columns)
    ]


def test_a_drawing_is_put_in_the_east_stand_as_the_audience_sees_it(read):
    seats = read(drawing("".join(circles(columns=41, rows=12))), "seats.svg")
    assert (seats.rows, seats.columns) == (12, 41)
    assert seats.name[0] == "A-1-1"
    assert seats.name[-1] == "A-12-41"
    x, y, z = seats.places.reshape(12, 41, 3).transpose(2, 0, 1)
    # As seen from the field, left is north; the middle of the drawing is the middle of the stand.
    np.testing.assert_allclose(y[0, [0, 20, 40]], [12, 0, -12], atol=1e-9)
    np.testing.assert_allclose(np.diff(x[:, 20]), 0.8, atol=1e-9)
    own, _ = card_section_seats(MAY_DAY, 41, 12)
    np.testing.assert_allclose(z[:, 20], own.reshape(12, 41, 3)[:, 20, 2], atol=1e-9)
    np.testing.assert_allclose(x[:, 20], own.reshape(12, 41, 3)[:, 20, 0], atol=1e-9)


def test_a_drawing_whose_shapes_are_not_named_as_seats_is_told_what_it_lacks(read):
    shape = '<circle id="A_1_1" cx="5" cy="5" r="2"/>'
    message = refusal(read, f'<svg xmlns="http://www.w3.org/2000/svg">\n{shape}{shape}</svg>', "seats.svg")
    assert "of 2 shapes none has an id such as 'C-12-7'" in message
    assert "line 2 is called 'A_1_1'" in message
    assert refusal(read, "<svg/>", "seats.svg").endswith("there are no seats in it")


def test_an_object_may_be_called_by_its_label(read):
    shapes = [
        f'<circle id="o{n}" i:label="A-{n // 3 + 1}-{n % 3 + 1}" cx="{n % 3 * 55}" cy="{200 - n // 3 * 80}"/>'
        for n in range(6)
    ]
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape"'
    seats = read(f"<svg {namespaces}>{''.join(shapes)}</svg>", "seats.svg")
    assert seats.name.tolist() == ["A-1-1", "A-1-2", "A-1-3", "A-2-1", "A-2-2", "A-2-3"]


def test_the_document_type_of_all_svg_is_harmless(read):
    doctype = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert read(doctype + drawing("".join(circles())), "seats.svg").taken.sum() == 24


def test_a_drawing_from_above_is_north_up_about_its_centre(read):
    shapes = "".join(
        f'<rect data-section="E" data-row="{row + 1}" data-number="{seat + 1}"'
        f' x="{1000 + 800 + 8 * row - 2}" y="{500 + 6 * seat - 2}" width="4" height="4"/>'
        for row in range(3)
        for seat in range(5)
    )
    seats = read(drawing(shapes, 'data-centre="1000 512" data-metres-per-unit="0.1"'), "seats.svg")
    assert (seats.rows, seats.columns) == (3, 5)
    np.testing.assert_allclose(seats.places[0, :2], [80, 1.2])
    assert seats.name[0] == "E-1-1"
    assert (np.diff(seats.places.reshape(3, 5, 3)[:, 0, 2]) > 0).all()


def test_all_shapes_have_their_middle(read):
    """Each seat of one row drawn in its own way, at the same height and 60 units apart."""
    front = "".join(circles(columns=9, rows=1))
    shapes = [
        '<g transform="translate(40,20)"><circle id="B-2-1" cx="60" cy="800" r="9"/></g>',
        '<rect id="B-2-2" x="150" y="810" width="20" height="20"/>',
        '<path id="B-2-3" d="M 210 810 h 20 v 20 h -20 z"/>',
        '<path id="B-2-4" d="m270,820a10,10 0 0120,0a10,10 0 01-20,0z"/>',
        '<polygon id="B-2-5" points="330,810 350,810 350,830 330,830"/>',
        '<use id="B-2-6" href="#seat" x="400" y="820"/>',
        '<use id="B-2-7" xlink:href="#box" x="440" y="780"/>',
        '<ellipse id="B-2-8" cx="260" cy="410" rx="3" ry="4" transform="scale(2)"/>',
        '<path id="B-2-9" d="M570 820C570 810 590 810 590 820S570 830 570 820" />',
    ]
    defs = (
        '<defs><circle id="seat" r="9"/><symbol id="box">'
        '<rect x="10" y="30" width="20" height="20"/></symbol></defs>'
    )
    text = drawing(front + defs + "".join(shapes), 'xmlns:xlink="http://www.w3.org/1999/xlink"')
    seats = read(text, "seats.svg")
    assert (seats.rows, seats.columns) == (2, 9)
    places = seats.places.reshape(2, 9, 3)
    np.testing.assert_allclose(places[1, :, 1], places[0, :, 1], atol=1e-9)
    assert seats.name[9:].tolist() == [f"B-2-{n}" for n in range(1, 10)]


@pytest.mark.parametrize(
    ("transform", "x", "y"),
    [
        ("rotate(90)", 820, -100),
        ("rotate(90 100 820)", 100, 820),
        ("matrix(1 0 0 1 5 6)", 95, 814),
        ("translate(10) scale(2,4)", 45, 205),
        ("skewX(45)", -720, 820),
        ("skewY(45)", 100, 720),
    ],
)
def test_transforms(read, transform, x, y):
    circle = f'<circle id="A-2-1" cx="{x}" cy="{y}" r="1"/>'
    there_and_back = '<g transform="translate(20 0)"><g transform="translate(-20)">'
    moved = f'<g transform="{transform}">{there_and_back}{circle}</g></g></g>'
    seats = read(drawing("".join(circles(2, 1)) + moved), "seats.svg")
    assert (seats.rows, seats.columns) == (2, 2)
    np.testing.assert_allclose(seats.places[2, 1], seats.places[0, 1], atol=1e-6)
    assert seats.name[2] == "A-2-1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (drawing('<circle r="3"/>'), "there are no seats in it"),
        (drawing("".join([*circles(), circles()[0]])), "the seat 'A-1-1' stands twice"),
        (drawing('<circle id="A-1-1" cx="nan" cy="3"/>'), "line 1: cx is 'nan', not a number"),
        (drawing("".join(circles()), 'data-metres-per-unit="0"'), "data-metres-per-unit must be from"),
        (drawing("".join(circles()), 'data-metres-per-unit="1"'), "does not fit the east stand"),
        (drawing("".join(circles()), 'data-centre="here"'), "data-centre is 'here'"),
        (drawing('<g transform="turn(3)"><circle id="A-1-1"/></g>'), "'turn(3)' is not a transform"),
        (drawing('<image href="http://example.org/a.png"/>'), "nothing outside the file is read"),
        (drawing('<image href="file:///etc/passwd"/>'), "nothing outside the file is read"),
        (drawing('<rect style="fill: url(http://example.org/a)"/>'), "nothing outside"),
        (drawing("<style>@import 'a.css';</style>"), "nothing outside"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "entities or a document type"),
        ('<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>', "entities or a document type"),
        ("<svg>&a;</svg>", "this is not SVG"),
        ("<svg><g></svg>", "line 1: this is not SVG (mismatched tag)"),
        ("", "this is not SVG (no element found)"),
        ("<html/>", "this is not SVG, but <html>"),
        ("<g>" * 300, "nested deeper"),
        ('<?xml version="1.0" encoding="klingon"?><svg/>', "this is not SVG"),
    ],
)
def test_drawings_that_are_refused(read, text, words):
    assert words in refusal(read, text, "seats.svg")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_table_with_its_text_changed_is_read_or_refused(read, data):
    text = "\n".join([HEADER, *lines_of(4, 3)])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 9)))
        scrap = data.draw(
            st.sampled_from([",", "\n", '"', "-", "nan", "1e9", "A-1-1", ";", "\0"]) | st.text(max_size=3)
        )
        text = text[:start] + scrap + text[stop:]
    try:
        seats = read(text.encode("utf-8", "surrogatepass"))
    except SeatsError as error:
        assert "'seats.csv'" in str(error)  # noqa: PT017
    else:
        assert seats.taken.any()
        assert np.isfinite(seats.places).all()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_drawing_with_its_text_changed_is_read_or_refused(read, data):
    text = drawing("".join([*circles(4, 3), '<path id="Z-9-9" d="M1 2 a1 1 0 0 1 3 4z"/>']))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 9)))
        scrap = data.draw(
            st.sampled_from(["<g>", "/>", '"', "-", "1e309", "transform=", "&", "<use "])
            | st.text(max_size=3)
        )
        text = text[:start] + scrap + text[stop:]
    try:
        seats = read(text.encode("utf-8", "surrogatepass"), "seats.svg")
    except SeatsError as error:
        assert "'seats.svg'" in str(error)  # noqa: PT017
    else:
        assert np.isfinite(seats.places).all()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32 - 1), spread=st.sampled_from([0.0, 0.02, 0.2, 1.5]), missing=st.floats(0, 0.7)
)
def test_no_two_seats_share_a_cell_and_rows_keep_their_order(read, seed, spread, missing):
    random = np.random.default_rng(seed)
    lines = []
    for line in lines_of(20, 8):
        if random.random() >= missing:
            *ticket, x, y, z = line.split(",")
            shaken = [float(value) + random.normal(0, spread) for value in (x, y)]
            lines.append(",".join([*ticket, *map(str, shaken), z]))
    try:
        seats = read("\n".join([HEADER, *lines]))
    except SeatsError as error:
        assert "at the place of" in str(error) or "at least 2 rows" in str(error)  # noqa: PT017
        return
    assert seats.taken.sum() == len(lines)
    assert sorted(seats.name[seats.taken].tolist()) == sorted(line.split(",")[0] for line in lines)
    for row in range(seats.rows):
        cells = slice(row * seats.columns, (row + 1) * seats.columns)
        taken = seats.taken[cells]
        assert len(set(seats.row[cells][taken].tolist())) == 1
