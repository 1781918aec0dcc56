from __future__ import annotations

import numpy as np
from cardstunt.scenes.feasibility.shown_pictures import a_few, shown_pictures

PAGES = """\
red: { fill: "#c01020" }
blue: { fill: "#1040c0" }
sea: { pattern: { kind: checker, size: 1, speed: 2 }, run: { every: 1 s, for: 30 s } }
"""


def test_each_page_is_told_once_with_its_pictures_and_their_first_turns(compiled):
    loaded, plan = compiled(
        pages=PAGES,
        cues="- { at: 0 s, page: red }\n- { at: 2 s, page: blue, where: { columns: 1-20 } }\n"
        "- { at: 4 s, page: sea }\n- { at: 40 s, page: blue, where: { columns: 31-60 } }",
    )
    pages = list(shown_pictures(loaded, plan))
    assert [pictures[0].page for pictures in pages] == ["red", "blue", "sea"]
    assert [len(pictures) for pictures in pages] == [1, 1, 30]
    blue = pages[1][0]
    assert (blue.label, blue.turn) == ("blue", 1)
    shown = blue.seats.reshape(30, 60)
    np.testing.assert_array_equal(shown[0], [column < 20 or column >= 30 for column in range(60)])
    assert [picture.label for picture in pages[2][:2]] == ["sea 1/30", "sea 2/30"]


def test_what_comes_back_after_a_hold_is_its_own_page(compiled):
    loaded, plan = compiled(
        pages=PAGES, cues="- { at: 0 s, page: red }\n- { at: 2 s, page: blue, hold: 1 s }"
    )
    pages = {pictures[0].page: pictures for pictures in shown_pictures(loaded, plan)}
    assert [picture.turn for picture in pages["red"]] == [0]
    assert [picture.turn for picture in pages["blue"]] == [1]


def test_a_few_of_many_are_from_the_first_to_the_last():
    many = list(range(1000))
    assert a_few(many[:100]) == many[:100]
    some = a_few(many)
    assert (len(some), some[0], some[-1]) == (100, 0, 999)
