"""Type: what fits, what is cut, and that no letter is lost."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.sheets import lettering
from cardstunt.scenes.paper_stock import PAPER_STOCKS
from reportlab import rl_config


def test_what_is_too_wide_is_set_smaller_and_then_cut(tmp_path, read_pdf):
    long = "as long as the river " * 4 + "is"
    with lettering.pdf_file(tmp_path / "a.pdf", "A") as canvas:
        assert lettering.draw(canvas, (50, 700), "short", 10, room=100) == lettering.width("short", 10)
        wide = lettering.draw(canvas, (50, 650), long, 10, room=400)
        assert 300 < wide <= 400.1
        cut = lettering.draw(canvas, (50, 600), long, 10, room=80)
        assert 60 < cut <= 80.1
        canvas.showPage()
    words = read_pdf(tmp_path / "a.pdf")[0].words
    assert words[:2] == ["short", long]
    assert words[2].endswith("…")
    assert long.startswith(words[2][:-1])


@pytest.mark.parametrize("text", ["나", "مرحبا", "𝄞 loud", "🎉", "e\u0301"])
def test_other_letters_are_set_as_pictures_that_fit(tmp_path, read_pdf, text):
    assert not lettering.has_letters(text)
    with lettering.pdf_file(tmp_path / "a.pdf", "A") as canvas:
        wide = lettering.draw(canvas, (50, 700), text, 20)
        small = lettering.draw(canvas, (50, 600), text, 20, room=wide * 0.75)
        with pytest.raises(ValueError, match="one font"):
            lettering.literal(canvas, text)
        canvas.showPage()
    assert 5 < wide < 120
    assert small == pytest.approx(wide * 0.75)
    page = read_pdf(tmp_path / "a.pdf")[0]
    assert len(page.pictures) == 2
    assert page.words == []


def test_words_stand_apart_where_letters_from_right_to_left_end():
    picture = lettering._picture("مرحبا بكم l", 40.0)
    ink = (np.asarray(picture.image.convert("L")) < 128).any(axis=0)
    right = np.flatnonzero(ink)[-1]
    last = right - int(np.argmin(ink[right::-1])) + 1
    gap = int(np.argmax(ink[:last][::-1]))
    # A space is about a quarter of the type's size; the last letter begins a little after it.
    assert gap > 0.2 * 40 * lettering._PIXELS


def test_files_that_fail_are_not_there_and_change_nothing(tmp_path):
    before = rl_config.useA85

    def fail():
        with lettering.pdf_file(tmp_path / "a.pdf", "A") as canvas:
            lettering.draw(canvas, (50, 700), "half", 10)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []
    assert rl_config.useA85 == before


def test_words_that_are_kept_are_those_that_are_drawn(tmp_path, read_pdf):
    texts = ["(12)", "back\\slash", "» 3½", "Ångström"]
    with lettering.pdf_file(tmp_path / "a.pdf", "A") as canvas:
        for row, text in enumerate(texts):
            font, string = lettering.literal(canvas, text)
            canvas.addLiteral(f"BT {font} 10 Tf 50 {700 - 20 * row} Td {string} Tj ET")
        canvas.showPage()
    assert read_pdf(tmp_path / "a.pdf")[0].words == texts


def test_line_breaks_in_names_are_spaces(tmp_path, read_pdf):
    with lettering.pdf_file(tmp_path / "a.pdf", "A\nB") as canvas:
        lettering.draw(canvas, (50, 700), "two\nlines\there", 10)
        lettering.draw(canvas, (50, 600), "나\n라", 10)
        lettering.draw(canvas, (50, 500), "", 10)
        canvas.showPage()
    page = read_pdf(tmp_path / "a.pdf")[0]
    assert page.words[0] == "two lines here"
    assert len(page.pictures) == 1


def test_names_of_paper_can_be_set():
    assert all(lettering.has_letters(name) for sheets in PAPER_STOCKS.values() for name in sheets)
