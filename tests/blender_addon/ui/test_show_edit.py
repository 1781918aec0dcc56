"""One value in the text of a show file is changed, added or taken out, and nothing else."""

from __future__ import annotations

import json

import pytest
import yaml
from cardstunt.blender_addon.ui.show_edit import (
    NotWrittenError,
    scalar,
    with_formation,
    with_key,
    without_key,
)
from hypothesis import given
from hypothesis import strategies as st

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


CUES = """\
card_section:
  cues:
    # the opening
    - { at: 0 s, page: night }   # dark
    - { at: 4 s, page: day, flip: { order: sweep, from: left, over: 2 s } }
    - { at: 6 s, page: day, flip: rows, }
    - at: 8 s
      page: dusk  # and then
      flip:
        order: sweep
        # from the other side
        from: right
    - at: 9 s
      gesture: raise
      flip:
        order: rows
"""


def cue(number, *keys):
    return ("card_section", "cues", number, *keys)


@pytest.mark.parametrize(
    ("number", "keys", "value", "old", "new"),
    [
        (0, ("at",), "1 s", "at: 0 s", "at: 1 s"),
        (0, ("flip",), "iris", "page: night }", "page: night, flip: iris }"),
        (1, ("flip", "over"), "1 s", "over: 2 s", "over: 1 s"),
        (1, ("flip", "turn"), "1 s", "over: 2 s }", "over: 2 s, turn: 1 s }"),
        (2, ("hold",), "1 s", "flip: rows, }", "flip: rows, hold: 1 s, }"),
        (3, ("page",), "night", "page: dusk  #", "page: night  #"),
        (3, ("flip", "over"), "1 s", "from: right\n", "from: right\n        over: 1 s\n"),
        (3, ("hold",), "1 s", "from: right\n", "from: right\n      hold: 1 s\n"),
        (4, ("flip", "over"), "1 s", "order: rows\n", "order: rows\n        over: 1 s\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_key_is_changed_or_added_and_all_else_stays(number, keys, value, old, new, newline):
    text = CUES.replace("\n", newline)
    old, new = old.replace("\n", newline), new.replace("\n", newline)
    assert text.count(old) == 1
    assert with_key(text, cue(number, *keys), value) == text.replace(old, new)


@pytest.mark.parametrize(
    ("number", "keys", "old", "new"),
    [
        (1, ("flip", "from"), ", from: left", ""),
        (1, ("flip", "order"), "order: sweep, from", "from"),
        (1, ("flip",), ", flip: { order: sweep, from: left, over: 2 s }", ""),
        (3, ("flip", "from"), "\n        # from the other side\n        from: right", ""),
        (3, ("page",), "\n      page: dusk  # and then", ""),
        (3, ("at",), "at: 8 s\n      ", ""),
        (0, ("hold",), "", ""),
    ],
)
def test_a_key_is_taken_out_and_all_else_stays(number, keys, old, new):
    assert without_key(CUES, cue(number, *keys)) == CUES.replace(old, new)


@given(
    st.integers(0, 4),
    st.sampled_from(["at", "page", "hold", "flip"]),
    st.text(min_size=1).filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)),
    st.booleans(),
)
def test_what_is_written_is_what_is_read_and_nothing_else_changes(number, key, value, flow):
    text = json.dumps(yaml.safe_load(CUES)) if flow else CUES
    wanted = yaml.safe_load(text)
    wanted["card_section"]["cues"][number][key] = value
    changed = with_key(text, cue(number, key), scalar(value))
    assert yaml.safe_load(changed) == wanted
    del wanted["card_section"]["cues"][number][key]
    assert yaml.safe_load(without_key(changed, cue(number, key))) == wanted


@pytest.mark.parametrize(
    "value", ["2 s", "bar 3 beat 2.5", "marker spring + 2 bars", "night", "환영", "frame 240", "50 %"]
)
def test_what_needs_no_quotes_gets_none(value):
    assert scalar(value) == value


@pytest.mark.parametrize(
    "value", ["on", "null", "6", "1.5", "a: b", "a #b", "", "-", "{", "*a", 'a "b"', "a "]
)
def test_what_needs_quotes_gets_them(value):
    assert scalar(value).startswith('"')
    assert yaml.safe_load(scalar(value)) == value


def test_what_ends_with_an_alias_is_added_to_behind_it():
    text = "a: &rest { over: 1 s }\nb: { at: 1 s, flip: *rest }\nc:\n  at: 1 s\n  flip: *rest\nd: 1\n"
    assert with_key(text, ("b", "page"), "x") == text.replace("*rest }", "*rest, page: x }")
    assert with_key(text, ("c", "page"), "x") == text.replace("*rest\nd", "*rest\n  page: x\nd")


def test_what_is_repeated_elsewhere_is_not_changed():
    text = "a: &rest { over: 1 s }\nb: { flip: *rest }\n"
    for path in (("a", "over"), ("a", "turn"), ("b", "flip", "over")):
        with pytest.raises(NotWrittenError):
            with_key(text, path, "2 s")
