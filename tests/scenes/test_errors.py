from __future__ import annotations

import pytest
from cardstunt.scenes.errors import Problem, ShowError, dotted, listing, nearest_name, quoted


def test_a_problem_reads_like_a_compiler_message() -> None:
    message = "no page named 'sunrize'; did you mean 'sunrise'?"
    problem = Problem("show.yaml", 12, 9, "card_section.cues[2].page", "sunrize", "", "sunrise", message)
    assert str(problem) == f"show.yaml:12:9: card_section.cues[2].page: {message}"


def test_without_a_place_only_the_file_is_named() -> None:
    assert str(Problem("show.yaml", 0, 0, "", "", "", None, "no such file")) == "show.yaml: no such file"


def test_a_warning_says_so() -> None:
    assert "3:1: warning: film: odd" in str(Problem("s", 3, 1, "film", "", "", None, "odd", "warning"))


def test_problems_come_in_the_order_of_the_file() -> None:
    problems = [
        Problem("s", line, column, "", "", "", None, "m") for line, column in [(3, 1), (1, 9), (1, 2)]
    ]
    places = [(problem.line, problem.column) for problem in ShowError(problems).problems]
    assert places == [(1, 2), (1, 9), (3, 1)]
    assert str(ShowError(problems)).count("\n") == 2


def test_dotted() -> None:
    assert dotted(("card_section", "cues", 2, "page")) == "card_section.cues[2].page"
    assert dotted(()) == ""


@pytest.mark.parametrize(
    ("found", "nearest"), [("sunrize", "sunrise"), ("Sunrise", "sunrise"), ("zebra", None), (4, None)]
)
def test_nearest_name(found: object, nearest: str | None) -> None:
    assert nearest_name(found, ["blue", "sunrise", "welcome"]) == nearest


def test_quoted_is_short_and_printable() -> None:
    assert quoted("a\x1b[31m\ud800").isprintable()
    assert quoted("a\x1b[31m\ud800").encode()
    assert len(quoted("x" * 1000)) < 70


def test_long_listings_are_cut() -> None:
    assert listing(["a", "b"]) == "a, b"
    assert listing(map(str, range(50))).endswith("(50 in all)")
