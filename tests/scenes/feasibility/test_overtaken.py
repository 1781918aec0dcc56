from __future__ import annotations

from cardstunt.scenes.feasibility import limits
from cardstunt.scenes.feasibility.overtaken import find_overtaken_cues

WAVE = "flip: { order: sweep, from: left, over: 4 s }"


def found(compiled, cues, **options):
    return find_overtaken_cues(*compiled(cues=f"- {{ at: 0 s, page: red }}\n{cues}", **options))


def test_a_wave_that_comes_to_all_gives_no_finding(compiled):
    cues = f"- {{ at: 2 s, page: blue, {WAVE} }}\n"
    assert found(compiled, cues) == []
    assert found(compiled, f"{cues}- {{ at: 5 s, page: white, {WAVE} }}") == []
    # Waves that pass through each other come to all.
    back = WAVE.replace("left", "right")
    assert found(compiled, f"{cues}- {{ at: 3 s, page: white, hold: 500 ms, {back} }}") == []


def test_a_wave_that_another_cue_overtakes_is_found_with_the_seats_that_never_show_it(compiled):
    cues = f"- {{ at: 2 s, page: blue, {WAVE} }}\n- {{ at: 2.1 s, page: white, where: {{ rows: 1 }} }}\n"
    (finding,) = found(compiled, f"{cues}- {{ at: 5 s, page: white }}")
    assert (finding.cue, finding.limit, finding.severity) == (1, limits.SPREAD, "low")
    assert "the cue at 5 s comes to 27 % of its seats" in finding.what
    missed = finding.seats.reshape(30, 60)
    assert missed[:, 45:].all()
    assert not missed[1:, :45].any()
    (finding,) = found(compiled, f"{cues}- {{ at: 3 s, page: white }}")
    assert finding.severity == "medium"


def test_screens_are_overtaken_too(compiled):
    cues = f"- {{ at: 2 s, page: blue, {WAVE} }}\n- {{ at: 4 s, page: white }}"
    assert len(found(compiled, cues, more="  mode: tablets\n", palette=None)) == 1
