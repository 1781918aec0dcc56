from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cardstunt.scenes.check_files import FileProblem
from cardstunt.scenes.formation_files import read_places
from hypothesis import given
from hypothesis import strategies as st


def read(folder: Path, text: str | bytes, count: int, spacing: float = 0.5) -> np.ndarray:
    path = folder / "places.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_places(path, "assets/places.csv", count, spacing)


@given(points=st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=1, unique=True))
def test_what_is_written_is_read(tmp_path_factory, points):
    rows = "".join(f"{x / 1},{y}\n" for x, y in points)
    assert read(tmp_path_factory.getbasetemp(), "x,y\n" + rows, len(points)).tolist() == [
        list(p) for p in points
    ]


def test_headers_may_be_in_any_order_and_tables_come_from_anywhere(tmp_path):
    expected = [[1.5, -2.0], [3.0, 4.0]]
    for text in (
        "name,Y,X\nAnna,-2,1.5\n\nBela,4,3\n",
        "\ufeffx;y\r\n1.5;-2\r\n3;4\r\n",
        'x\ty\n"1.5"\t-2.0\n3e0\t+4.',
    ):
        assert read(tmp_path, text, 2).tolist() == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty; it begins with a header: x,y"),
        ("x,y\n", "0 places for 3 people, 3 too few"),
        ("x,y\n1,1\n2,2\n", "2 places for 3 people, 1 too few: write count: 2"),
        ("x,y\n1,1\n2,2\n3,3\n\n4,4\n5,5\n", "line 6: 5 places for 3 people, 2 too many"),
        ("x,y\n1,1\nnan,2\n3,3\n", "line 3: x is 'nan', not a number of metres"),
        ("x,y\n1,1\n2,inf\n3,3\n", "line 3: y is 'inf'"),
        ("x,y\n1,1\n2,1e999\n3,3\n", "line 3: y is '1e999'"),
        ("x,y\n1,1\n2,\n3,3\n", "line 3: y is ''"),
        (
            "x;y\n1;1\n2,5;1\n3;3\n",
            "line 3: x is '2,5', not a number of metres; write numbers with a point: 2.5",
        ),
        ("x,y\n1,1\n2,5,1\n3,3\n", "line 3: 3 fields, but the header has 2; write numbers with a point"),
        ("x,y\n1,1\n2000,1\n3,3\n", "line 3: x is '2000', far outside the field"),
        ("x,y\n1,1\n2,2\n1.0,1\n", "line 4: the place 1, 1 m stands twice, first in line 2"),
        ("x,y\n1,1\n1,1\n1.0,1\n", "line 3: the place 1, 1 m stands twice, first in line 2; 2 places"),
        ("x,y\n1,1\n9,9\n1.2,1\n", "line 4: this place is 0.2 m from the one in line 2, and 2 people"),
        ("left,y\n1,1\n", "line 1: the header lacks x"),
        ("xx,y\n1,1\n", "line 1: the header lacks x (it has 'xx')"),
        ("x,y,x\n1,1,1\n", "line 1: the header has 'x' twice"),
        (b"x,y\n1,1\n\xff,2\n", "line 3: this is not UTF-8 text"),
        ('x,y\n"1,1\n', "line 2:"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, words):
    with pytest.raises(FileProblem) as caught:
        read(tmp_path, text, 3)
    assert caught.value.message.startswith("'assets/places.csv'")
    assert words in caught.value.message


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(FileProblem, match="cannot be read"):
        read_places(tmp_path, "assets", 3, 0.5)


def test_a_table_of_too_many_bytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("cardstunt.scenes.formation_files.LARGEST_FILE", 10)
    with pytest.raises(FileProblem, match="too large"):
        read(tmp_path, "x,y\n1,1\n2,2\n", 2)
