from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cardstunt.scenes.check_files import FileProblem
from cardstunt.scenes.curve_files import read_curves


def read(folder: Path, inner: str, width: float = 20.0, line: str | None = None) -> list[np.ndarray]:
    path = folder / "lines.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">\n{inner}\n</svg>', "utf-8")
    return read_curves(path, "assets/lines.svg", line, width)


def drawn(curve: np.ndarray) -> np.ndarray:
    """Right and up, as the viewer in the west sees it."""
    return np.stack([-curve[:, 1], curve[:, 0]], axis=1).round(6) + 0.0


@pytest.mark.parametrize(
    "inner",
    [
        '<path d="M0 0 L20 0 L20 10"/>',
        '<path d="m0,0 20,0 0,10"/>',
        '<path d="M 0 0 H 20 V 10"/>',
        '<path d="M0 0h20v10"/>',
        '<polyline points="0,0 20,0 20,10"/>',
        '<g transform="translate(5 5)"><g transform="scale(2)"><path d="M0 0 H10 V5"/></g></g>',
        '<path transform="rotate(90) scale(1 -1)" d="M0 0 V20 H10"/>',
        '<path transform="matrix(0 1 1 0 3 4)" d="M0 0 V20 H10"/>',
        '<defs><path d="M0 0 H500"/></defs><path d="M0 0 H20 V10"/>',
    ],
)
def test_the_same_line_written_in_many_ways(tmp_path, inner):
    (curve,) = read(tmp_path, inner)
    assert drawn(curve).tolist() == [[-10, 5], [10, 5], [10, -5]]


def test_curves_of_all_kinds_are_drawn_as_svg_says(tmp_path):
    # The same half circle as an arc, as the other of two arcs, and nearly as cubic curves.
    half = 'd="M0 10 A10 10 0 0 1 20 10"'
    (arc,) = read(tmp_path, f"<path {half}/>")
    assert np.hypot(drawn(arc)[:, 0], drawn(arc)[:, 1] + 5) == pytest.approx(10, abs=1e-6)
    (squeezed,) = read(tmp_path, '<path d="M0 10a10,10 0 0120 0"/>')
    assert np.allclose(squeezed, arc)
    (below,) = read(tmp_path, '<path d="M0 10 A10 10 0 0 0 20 10"/>')
    assert np.allclose(drawn(below)[:, 1], -drawn(arc)[:, 1])
    k = 10 * 0.5522847
    cubic = f'<path d="M0 10 C0 {10 - k} {10 - k} 0 10 0 S20 {10 - k} 20 10"/>'
    (smooth,) = read(tmp_path, cubic)
    assert np.hypot(drawn(smooth)[:, 0], drawn(smooth)[:, 1] + 5) == pytest.approx(10, abs=0.01)
    (large,) = read(tmp_path, '<path d="M10 0 A10 10 0 1 1 0 10"/>')
    assert np.hypot(*drawn(large).T) == pytest.approx(10, abs=1e-3)


def test_an_arc_too_small_for_its_ends_grows_and_one_without_a_radius_is_straight(tmp_path):
    (grown,) = read(tmp_path, '<path d="M0 10 A1 1 0 0 1 20 10"/>')
    assert np.hypot(drawn(grown)[:, 0], drawn(grown)[:, 1] + 5) == pytest.approx(10, abs=1e-6)
    (straight,) = read(tmp_path, '<path d="M0 10 A0 5 0 0 1 20 10"/>')
    assert drawn(straight).tolist() == [[-10, 0], [10, 0]]
    # A tilted ellipse, whose axes are twice as long as each other.
    (ellipse,) = read(tmp_path, '<path d="M0 0 A10 5 45 1 1 1 1"/>', width=10.0)
    right, up = drawn(ellipse).T
    along, across = (right - up), (right + up)
    assert np.ptp(along) / np.ptp(across) == pytest.approx(2.0, abs=0.05)


def test_quadratic_curves_go_on_smoothly(tmp_path):
    (curve,) = read(tmp_path, '<path d="M0 5 Q5 15 10 5 T20 5"/>')
    right, up = drawn(curve).T
    assert up[(right > -9.9) & (right < -0.1)].max() < 0
    assert up[(right > 0.1) & (right < 9.9)].min() > 0


def test_closed_lines_end_where_they_begin_and_parts_are_lines_of_their_own(tmp_path):
    curves = read(tmp_path, '<path d="M0 0 H20 V10 Z M5 5 h3"/><polygon points="0 0 4 0 4 4"/><line x2="9"/>')
    assert [len(curve) for curve in curves] == [4, 2, 4, 2]
    assert (curves[0][0] == curves[0][-1]).all()
    assert (curves[2][0] == curves[2][-1]).all()


def test_one_line_or_group_may_be_named(tmp_path):
    inner = '<path id="a" d="M0 0 H9"/><g id="b"><path id="c" d="M0 0 V9"/><path d="M5 0 V9"/></g>'
    assert [len(read(tmp_path, inner, line=name)) for name in ("a", "b", "c")] == [1, 2, 1]
    with pytest.raises(FileProblem, match="no line with the id 'd'") as caught:
        read(tmp_path, inner, line="d")
    assert caught.value.allowed == "a, b, c"


def test_the_larger_side_has_the_width(tmp_path):
    (curve,) = read(tmp_path, '<path d="M0 0 L3 6"/>', width=30.0)
    assert drawn(curve).tolist() == [[-7.5, 15], [7.5, -15]]


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<rect width='5' height='5'/>", "has no lines"),
        ("<path d='M5 5'/>", "has no lines"),
        ("<path d=''/>", "has no lines"),
        ("<path d='M0 0 L5'/>", "line 2: 'L5' has too few"),
        ("<path d='5 5 L 6 6'/>", "line 2: '5 5 L 6 6' is not a path"),
        ("<path d='M0 0 B5 5'/>", "line 2: 'B' is not a command"),
        ("<path d='M0 0 L5 x'/>", "line 2:"),
        ("<path d='M0 0 A5 5 0 2 0 5 5'/>", "is not an arc"),
        ("<path transform='rotate(1 2)' d='M0 0 H5'/>", "is not a transform"),
        ("<path d='M0 0 H1e999'/>", "is not a row of numbers"),
        ("<path d='M0 0", "damaged"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, inner, words):
    with pytest.raises(FileProblem, match=r"assets/lines\.svg") as caught:
        read(tmp_path, inner)
    assert words in caught.value.message


def test_no_file_is_an_error(tmp_path):
    with pytest.raises(FileProblem, match="cannot be read"):
        read_curves(tmp_path / "none.svg", "none.svg", None, 5.0)
