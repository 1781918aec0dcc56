"""One formation in the text of a show file is changed, and nothing else."""

from __future__ import annotations

import pytest
from cardstunt.blender_addon.ui.show_edit import NotWrittenError, with_formation

NEW = "{ csv: formations/heart.csv }"

FLOW = """\
# A show of two troupes.
troupes:
  ribbons:   # with ribbons
    count: 20
    drill:
      - { at: 0 s, formation: { block: { columns: 5 } }, move: march }   # opening
      - { at: 4 s, formation: {rings: 2}, travel: 1 s }
  "flags, too":
    drill:
      - at: 0 s
        formation:
          rings: 5      # as many as fit
          spacing: 1 m
        # and then
        move: wave
      - { at: 9 s, move: bow }
"""


@pytest.mark.parametrize(
    ("troupe", "number", "old"),
    [
        ("ribbons", 0, "{ block: { columns: 5 } }"),
        ("ribbons", 1, "{rings: 2}"),
        ("flags, too", 0, "rings: 5      # as many as fit\n          spacing: 1 m"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_formation_alone_is_changed(troupe, number, old, newline):
    text, old = FLOW.replace("\n", newline), old.replace("\n", newline)
    assert text.count(old) == 1
    assert with_formation(text, troupe, number, NEW) == text.replace(old, NEW)


def test_a_change_can_be_changed():
    once = with_formation(FLOW, "ribbons", 1, NEW)
    assert with_formation(once, "ribbons", 1, "{ wedge: {} }") == once.replace(NEW, "{ wedge: {} }")


@pytest.mark.parametrize(
    ("text", "troupe", "number"),
    [
        (FLOW, "flags, too", 1),
        (FLOW, "ribbons", 2),
        (FLOW, "doves", 0),
        ("troupes: { a: { drill: [ { formation: &ring { rings: 2 } }, { formation: *ring } ] } }", "a", 1),
        ("troupes: { a: { drill: [ { formation: &ring { rings: 2 } }, { formation: *ring } ] } }", "a", 0),
        ("troupes: { a: { drill: [ &set { formation: { rings: 2 } }, *set ] } }", "a", 1),
        ("x: &drill [ { formation: { rings: 2 } } ]\ntroupes: { a: { drill: *drill } }", "a", 0),
        ("troupes: {}", "a", 0),
        ("", "a", 0),
    ],
    ids=[
        "stays",
        "no such set",
        "no such troupe",
        "copied",
        "copied from",
        "copied set",
        "copied drill",
        "no troupes",
        "empty",
    ],
)
def test_what_is_not_written_there_is_not_changed(text, troupe, number):
    with pytest.raises(NotWrittenError):
        with_formation(text, troupe, number, NEW)


def test_a_set_that_is_copied_from_may_be_changed_itself():
    text = (
        "troupes: { a: { drill: [ &set { formation: { rings: 2 } }, { formation: { rings: 3 } }, *set ] } }"
    )
    assert with_formation(text, "a", 1, NEW) == text.replace("{ rings: 3 }", NEW)
