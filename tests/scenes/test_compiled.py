from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.compiled import check_section, compile_show
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.troupes import compile_drill

WriteShow = Callable[..., Path]


def test_a_show_is_its_section_and_its_drills(write_show: WriteShow) -> None:
    loaded = load_show(write_show())
    steps: list[tuple[int, int]] = []
    compiled = compile_show(loaded, lambda done, of: steps.append((done, of)))
    assert steps == [(0, 2), (1, 2), (2, 2)]
    assert compiled.books is compiled.section.books
    section = compile_section(loaded)
    np.testing.assert_array_equal(compiled.books.start, section.books.start)
    np.testing.assert_array_equal(compiled.books.page, section.books.page)
    assert list(compiled.drills) == ["ribbons"]
    np.testing.assert_array_equal(compiled.drills["ribbons"].places, compile_drill(loaded, "ribbons").places)


def test_a_section_that_does_not_fit_is_told_before_anything_is_worked_out(write_show: WriteShow) -> None:
    loaded = load_show(write_show())
    check_section(loaded)
    section = loaded.show.card_section.model_copy(update={"columns": 900})
    wide = type(loaded)(
        loaded.show.model_copy(update={"card_section": section}),
        loaded.path,
        loaded.folder,
        (),
        loaded.source,
    )
    for work in (check_section, compile_show, compile_section):
        with pytest.raises(ShowError) as caught:
            work(wide)
        (problem,) = caught.value.problems
        assert problem.path == "card_section"
        assert "does not fit the east stand" in problem.message
        assert problem.line == 7


def test_a_picture_that_is_gone_ends_all_the_work(write_show: WriteShow) -> None:
    loaded = load_show(write_show())
    (loaded.folder / "assets" / "sunrise.png").unlink()
    with pytest.raises(ShowError, match=r"sunrise\.png"):
        compile_show(loaded)
