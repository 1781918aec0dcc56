from __future__ import annotations

import numpy as np
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.feasibility import KINDS, LIMITS, SEVERITIES, clock, examine_feasibility
from cardstunt.scenes.feasibility.finding import SECTION_KINDS, per_cent, worst_first

HASTY = "- { at: 0 s, page: red }\n" + "\n".join(
    # The turns come closer and closer.
    f"- {{ at: {(1, 1.6, 2.1, 2.5, 2.8, 3, 3.1, 3.15)[n]} s, page: {('blue', 'white')[n % 2]} }}"
    for n in range(8)
)


def test_a_show_that_can_be_done_gives_no_finding(compiled):
    loaded, plan = compiled(cues="- { at: 0 s, page: red }\n- { at: 4 s, page: blue }")
    feasibility = examine_feasibility(loaded, plan)
    assert feasibility.findings == ()
    assert feasibility.problems(loaded) == []


def test_books_are_counted(compiled):
    loaded, plan = compiled(
        cues="- { at: 0 s, page: red }\n- { at: 4 s, page: blue, where: { columns: 1-20 } }"
    )
    books = examine_feasibility(loaded, plan).books
    assert (books.fewest, books.most, books.mean) == (1, 2, 4 / 3)
    assert books.counts.tolist() == [0, 1200, 600]
    loaded, plan = compiled(more="  mode: tablets\n", palette=None)
    assert examine_feasibility(loaded, plan).books is None


def test_findings_are_whole_and_the_worst_come_first(compiled):
    loaded, plan = compiled(cues=HASTY, shots=SHORT)
    findings = examine_feasibility(loaded, plan).findings
    assert {"turns", "spread", "cameras"} <= {finding.kind for finding in findings}
    assert list(findings) == sorted(findings, key=worst_first)
    assert findings[0].severity == "high"
    for finding in findings:
        assert finding.kind in KINDS
        assert finding.severity in SEVERITIES
        assert finding.limit in LIMITS
        assert 0 <= finding.cue < len(loaded.show.card_section.cues)
        assert finding.seats.shape == (1800,)
        assert finding.seats.dtype == np.bool_
        assert finding.seats.any()
        assert finding.picture.shape == (30, 60, 3)
        assert finding.picture.dtype == np.uint8
        assert finding.what
        assert finding.who
        assert finding.advice
        assert finding.measured
        assert finding.sentence.startswith(f"at {clock(finding.at)}")


SHORT = (
    "- { name: all, show: 0 s..1 s, camera: { push: { from: [-60 m, 0 m, 40 m], to: [-60 m, 0 m, 40 m] } } }"
)


def test_the_terminal_gets_few_lines_of_a_kind_with_their_places(compiled):
    loaded, plan = compiled(cues=HASTY, shots=SHORT)
    feasibility = examine_feasibility(loaded, plan)
    problems = feasibility.problems(loaded, most=2)
    turns = [finding for finding in feasibility.findings if finding.kind == "turns"]
    assert len(turns) == 7
    told = [problem for problem in problems if "people are to turn again" in problem.message]
    assert len(told) == 2
    for problem, finding in zip(told, turns[:2], strict=True):
        place = loaded.locate(("card_section", "cues", finding.cue))
        assert (problem.line, problem.column) == place
        assert str(problem).startswith(
            f"{loaded.source.file}:{place[0]}:{place[1]}: warning: card_section.cues[{finding.cue}]: at "
        )
    assert any(
        "turns faster than people can: 5 more; see them with --report" in problem.message
        for problem in problems
    )
    assert {problem.severity for problem in problems} == {"warning"}
    assert len(feasibility.problems(loaded, most=100)) == len(feasibility.findings)


def test_progress_is_told_from_none_to_all(compiled):
    loaded, plan = compiled()
    told = []
    examine_feasibility(loaded, plan, lambda done, of: told.append((done, of)))
    assert told == [(done, told[0][1]) for done in range(told[0][1] + 1)]


WALK = """2
at: 0 s, formation: { block: 2 }, place: [-30 m, 0 m]
at: 2 s, formation: { block: 2 }, place: [30 m, 0 m], travel: 3 s"""


def test_the_field_is_examined_with_the_section(field):
    shown = field(one=WALK, two=WALK)
    plan = compile_section(shown.loaded)
    told = []
    feasibility = examine_feasibility(
        shown.loaded, plan, lambda done, of: told.append((done, of)), field=shown
    )
    done = [part for part, _ in told]
    assert {of for _, of in told} == {done[-1]}
    assert done == sorted(done)
    assert done[0] == 0
    checks = done[-1] - 100  # of which the last, the search, tells its own progress
    assert len([part for part in done if checks <= part < done[-1]]) > 1
    kinds = {finding.kind for finding in feasibility.findings}
    assert {"speeds", "standing", "cameras"} <= kinds
    assert list(feasibility.findings) == sorted(feasibility.findings, key=worst_first)
    lines = [str(problem) for problem in feasibility.problems(shown.loaded)]
    line, column = shown.loaded.locate(("troupes", "one", "drill", 1, "travel"))
    start = f"{shown.loaded.source.file}:{line}:{column}: warning: troupes.one.drill[1].travel: at 3.5 s: "
    assert any(line.startswith(start) for line in lines)
    few = [str(problem) for problem in feasibility.problems(shown.loaded, most=1)]
    assert any("warning: troupes: ways faster than people can: 1 more; see them with" in line for line in few)
    alone = examine_feasibility(shown.loaded, plan).findings
    assert {finding.kind for finding in alone} <= SECTION_KINDS


def test_times_and_shares_read_well():
    told = {0: "0 s", 0.5: "0.5 s", 12.346: "12.35 s", 60: "1 min", 65.25: "1 min 5.25 s", 600: "10 min"}
    assert {seconds: clock(seconds) for seconds in told} == told
    assert per_cent(0.146) == "15 %"
