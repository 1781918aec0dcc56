from __future__ import annotations

import pytest
from cardstunt.scenes import yaml_source
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.yaml_source import LARGEST_FILE, read_yaml


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ShowError) as caught:
        read_yaml(text, "show.yaml")
    return caught.value.problems


def test_every_key_and_value_has_its_place() -> None:
    source = read_yaml("a: 1\nb:\n  - x\n  - { c: d }\n", "show.yaml")
    assert source.data == {"a": 1, "b": ["x", {"c": "d"}]}
    assert source.locate(("a",)) == (1, 4)
    assert source.locate(("b",), key=True) == (2, 1)
    assert source.locate(("b", 0)) == (3, 5)
    assert source.locate(("b", 1, "c"), key=True) == (4, 7)
    assert source.locate(("b", 1, "c")) == (4, 10)


def test_what_is_not_there_is_placed_at_what_is_around_it() -> None:
    source = read_yaml("a:\n  b: 1\n", "show.yaml")
    assert source.locate(("a", "missing", 3)) == (2, 3)
    assert source.locate(("nowhere",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("0x10", "0x10"),
        (".inf", ".inf"),
        ("true", True),
        ("012", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("'1.5'", "1.5"),
        ("~", None),
        ("", None),
        ('""', ""),
        ("1920x1080", "1920x1080"),
        ("20-60", "20-60"),
        ("-150 m", "-150 m"),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    found = read_yaml(f"key: {text}", "show.yaml").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_text() -> None:
    assert read_yaml("{ on: 1, 2: 2, true: 3 }", "show.yaml").data == {"on": 1, "2": 2, "true": 3}


def test_an_alias_repeats_a_value() -> None:
    source = read_yaml("a: &wave { order: sweep }\nb: *wave\n", "show.yaml")
    assert source.data == {"a": {"order": "sweep"}, "b": {"order": "sweep"}}


def test_all_duplicate_keys_are_told() -> None:
    first, second = refused("a: 1\nb: { c: 1, c: 2 }\na: 3\n")
    assert (first.line, first.column, first.path) == (2, 12, "b.c")
    assert (second.line, second.column) == (3, 1)
    assert "first is in line 1" in second.message


def billion_laughs() -> str:
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines)


def deep_aliases() -> str:
    return "\n".join(["a0: &a0 [1]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 40))])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\n---\nb: 2\n", "one document"),
        (billion_laughs(), "aliases make more than"),
        (deep_aliases(), "nested deeper"),
        ("[" * 100_000, "nested deeper"),
        ("a: " * 3, "mapping values are not allowed"),
        ("- " * 5000 + "x", "nested deeper"),
        ("[" + "0," * 400_000 + "]", "more than 50,000"),
        ("x" * (LARGEST_FILE + 1), "at most 1,000,000 characters"),
        ("a: &x [*x]", "inside what it repeats"),
        ("a: *nothing", "undefined alias"),
        ("", "empty"),
        (" \n\n", "empty"),
        ("# nothing but a comment\n", "holds no show"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: !!binary aGk=", "tag"),
        ("a: !!set {x}", "tag"),
        ("a: !!int many", "does not fit"),
        ("a: !mine x", "tag"),
        ("? [a, b]\n: 1", "plain name"),
        ("a: 'open", "not valid YAML"),
        ("a: { b: 1", "not valid YAML"),
        ("a:\n\t- b", "not valid YAML"),
        ("a: %b", "in quotes"),
        ("a: \x07", "cannot stand in YAML"),
        ('a: "\\ud800"', "not text"),
        ('a: "\\UFFFFFFFF"', "not valid YAML"),
        ("a: " + "9" * 5000, "too many digits"),
        ("%YAML 9" + "9" * 5000 + ".1\n---\na: 1", "not valid YAML"),
        ("a: 1e999999", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_show_is_refused_with_its_place(text: str, words: str | None) -> None:
    if words is None:
        assert read_yaml(text, "show.yaml").data == {"a": "1e999999"}
        return
    (problem, *_) = refused(text)
    assert words in problem.message
    assert problem.file == "show.yaml"
    assert problem.line >= 1
    assert problem.column >= 1


def test_the_place_of_a_mistake_in_the_syntax() -> None:
    (problem,) = refused("a: 1\nb: [1, 2\nc: 3\n")
    assert problem.line == 3
    (problem,) = refused("a: 1\nbc\x01: 2\n")
    assert (problem.line, problem.column) == (2, 3)


@pytest.mark.parametrize(
    "change", [("", ""), ("bar 3", "bär 💃"), ("0 s, page", "0 s,\n      page"), ("rows: 8", "rows: &a 8")]
)
def test_both_parsers_find_the_same_in_the_same_places(
    show_text: str, change: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = show_text.replace(*change)
    fast = read_yaml(text, "show.yaml")
    monkeypatch.setattr(yaml_source, "_FastLoader", None)
    assert read_yaml(text, "show.yaml") == fast


@pytest.mark.parametrize("text", ["a: [1, 2", "a: @b", 'a: "\\ud800"', "a: b: c", "\x07", "[" * 90, "a: *b"])
def test_what_is_wrong_is_told_alike_without_the_fast_parser(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = refused(text)
    monkeypatch.setattr(yaml_source, "_FastLoader", None)
    assert refused(text) == told
