from __future__ import annotations

import pytest
from cardstunt.scenes.gymnast_numbers import gymnast_number


@pytest.mark.parametrize(
    ("person", "people", "expected"),
    [(0, 9, "1"), (8, 10, "09"), (411, 4000, "0412"), (79_999, 80_000, "80000")],
)
def test_all_of_a_troupe_have_as_many_figures(person, people, expected):
    assert gymnast_number(person, people) == expected
