from __future__ import annotations

from cardstunt.scenes.feasibility import limits
from cardstunt.scenes.feasibility.pace import find_close_turns


def found(compiled, cues, **options):
    return find_close_turns(*compiled(cues=f"- {{ at: 0 s, page: red }}\n{cues}", **options))


def test_what_people_can_do_gives_no_finding(compiled):
    assert (
        found(compiled, "- { at: 2 s, page: blue }\n- { at: 3 s, page: white, flip: { turn: 0.3 s } }") == []
    )


def test_turns_too_close_are_found_for_the_seats_that_turn_twice(compiled):
    (finding,) = found(
        compiled,
        "- { at: 2 s, page: blue, where: { columns: 1-40 } }\n"
        "- { at: 2.5 s, page: white, where: { columns: 31-60 } }",
    )
    assert (finding.cue, finding.measured, finding.limit) == (2, "0.5 s", limits.AGAIN)
    assert finding.seats.reshape(30, 60)[:, 30:40].all()
    assert finding.seats.sum() == 300
    assert finding.severity == "medium"


def test_it_is_the_call_that_counts_not_when_people_get_round_to_it(compiled):
    (finding,) = found(compiled, "- { at: 2 s, page: blue }\n- { at: 2.05 s, page: white }")
    assert finding.measured == "0.05 s"
    assert finding.severity == "high"


def test_the_way_of_a_wave_counts(compiled):
    """Both waves reach each person 1 s apart, though the cues are only 1 s apart and take 4 s."""
    wave = "flip: { order: sweep, over: 4 s }"
    cues = f"- {{ at: 2 s, page: blue, {wave} }}\n- {{ at: 3 s, page: white, %s }}"
    assert found(compiled, cues % wave) == []
    (finding,) = found(compiled, cues % wave.replace("over", "from: right, over"))
    # Whom the second reaches before the first, skip that; near to where they meet there is no time for both.
    assert finding.measured == "0.12 s"
    assert 0 < finding.seats.sum() < 900


def test_a_few_hasty_people_are_only_worth_knowing(compiled):
    (finding,) = found(
        compiled, "- { at: 2 s, page: blue, where: { rows: 1, columns: 1-5 } }\n- { at: 2.1 s, page: white }"
    )
    assert (finding.seats.sum(), finding.severity) == (5, "low")


def test_a_repeated_back_and_forth_is_followed(compiled):
    """The wave that goes back meets those at its end at once."""
    cue = (
        "- {{ at: 2 s, page: {page}, flip: {{ order: sweep, over: 2 s }}, hold: 1 s, "
        "repeat: {{ times: 2, every: 2 s, back_and_forth: {back} }} }}"
    )
    assert found(compiled, cue.format(page="blue", back="false")) == []
    (finding,) = found(compiled, cue.format(page="blue", back="true"))
    assert 0 < finding.seats.sum() < 1800


def in_a_row(count, apart):
    return "\n".join(
        f"- {{ at: {2 + apart * n:g} s, page: {'blue' if n % 2 else 'white'} }}" for n in range(count)
    )


def test_many_turns_in_a_row_tire(compiled):
    assert found(compiled, in_a_row(8, 0.9)) == []
    (finding,) = found(compiled, in_a_row(10, 0.9))
    assert (finding.limit, finding.severity, finding.measured) == (limits.SUSTAINED, "low", "0.9 s")
    # The first of ten follows nothing; after eight more in a row there are two cues to tell.
    assert finding.cue == 9
    assert "; so at the cue of 10.1 s" in finding.what


def test_cues_that_are_equally_close_are_one_finding(compiled):
    (finding,) = found(compiled, in_a_row(6, 0.5))
    assert (finding.cue, finding.limit) == (2, limits.AGAIN)
    assert "; so at 4 other cues, 3 s to 4.5 s" in finding.what


def test_a_run_that_is_too_fast_is_advised_on_its_run(compiled):
    (finding,) = found(
        compiled,
        "- { at: 2 s, page: sea }",
        pages=(
            'red: { fill: "#c01020" }\n'
            "sea: { pattern: { kind: checker, size: 1, speed: 2 }, run: { every: 0.5 s, for: 3 s } }"
        ),
    )
    assert finding.page.startswith("sea ")
    assert finding.advice == "give its run an 'every' of 0.7 s or more"


def test_screens_have_no_hands(compiled):
    assert (
        found(
            compiled,
            "- { at: 2 s, page: blue, flip: { turn: 0.1 s } }",
            more="  mode: tablets\n",
            palette=None,
        )
        == []
    )


def test_a_rest_ends_a_row_of_turns(compiled):
    first = in_a_row(6, 0.9)
    again = "\n".join(
        f"- {{ at: {20 + 0.9 * n:g} s, page: {'blue' if n % 2 else 'white'} }}" for n in range(6)
    )
    assert found(compiled, f"{first}\n{again}") == []
