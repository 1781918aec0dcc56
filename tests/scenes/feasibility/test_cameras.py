from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.feasibility import limits
from cardstunt.scenes.feasibility.cameras import find_unseen_seats
from cardstunt.scenes.feasibility.viewpoint import cards_of, in_frame, viewpoint

WAY = "camera: {{ push: {{ from: {place}, to: {place}, look_at: {target} }} }}"


def shot(place, *, show="0 s..60 s", lens="35 mm", target="card_section", name="all"):
    camera = WAY.format(place="[{} m, {} m, {} m]".format(*place), target=target)
    return f"- {{ name: {name}, show: {show}, speed: 4x, lens: {lens}, {camera} }}"


def found(compiled, shots, cues="- { at: 0 s, page: red }\n- { at: 20 s, page: blue }", **options):
    return find_unseen_seats(*compiled(shots=shots, cues=cues, **options))


def test_a_camera_that_sees_all_gives_no_finding(compiled):
    assert found(compiled, shot((-60, 0, 40))) == []


def test_what_lies_outside_of_the_picture_is_found(compiled):
    (finding,) = found(compiled, shot((-60, 0, 40), lens="300 mm"))
    assert finding.kind == "cameras"
    assert "are out of frame all the time that 'red' stands" in finding.what
    assert "in shot 'all', 0 s to 1 min" in finding.what
    assert "of the cue at 20 s" in finding.what
    seen = np.argwhere(~finding.seats.reshape(30, 60))
    # A film 36 mm wide behind 300 mm shows 0.12 of the distance, which is some 140 m; seats are 0.55 m wide.
    assert np.ptp(seen[:, 1]) + 1 == pytest.approx(0.12 * 140 / 0.55, abs=3)
    assert abs(seen[:, 1].mean() - 29.5) < 0.6
    assert (finding.limit, finding.severity) == (limits.SEEN, "low")
    (closer,) = found(compiled, shot((-60, 0, 40), lens="600 mm"))
    assert closer.severity == "medium"


def test_it_is_the_share_that_counts(compiled):
    """A few seats at the corners are no matter."""
    loaded, plan = compiled(shots=shot((-60, 0, 40), lens="150 mm"))
    cards = cards_of(plan.seats)
    lens = next(lens for lens in range(30, 400) if not in_frame(_view(loaded, cards, lens), cards).all())
    assert in_frame(_view(loaded, cards, lens), cards).mean() > 0.95
    assert found(compiled, shot((-60, 0, 40), lens=f"{lens} mm")) == []


def _view(loaded, cards, lens):
    of = loaded.show.film.shots[0].model_copy(update={"lens": lens / 1000})
    return viewpoint(loaded.show, of, 0.0, cards.middle)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ((69, 60, 12), "turned away"),
        ((170, 0, 20), "hidden behind the stadium"),
        ((-60, 0, 1.7), None),
        ((-60, 90, 40), None),
    ],
)
def test_seats_that_look_elsewhere_or_are_behind_the_stand_are_found(compiled, place, reason):
    both = shot((-60, 0, 40), show="0 s..2 s", name="good") + "\n" + shot(place, show="2 s..60 s")
    findings = [finding for finding in found(compiled, both) if finding.cue == 1]
    assert len(findings) == (reason is not None)
    for finding in findings:
        assert f"are {reason}" in finding.what


def test_a_camera_too_low_to_look_over_the_row_in_front_is_found(compiled):
    """A stand as flat as a school's hall, from the field and from above."""
    # Rows 0.9 m deep on steps of 0.1 m, the first 28 m from the middle of the field.
    arc = "  seats: { arc: { radius: 28 m, from: 40 deg, to: -40 deg, depth: 0.9 m, rise: 0.1 m } }\n"
    (finding,) = found(compiled, shot((-40, 0, 1.7)), more=arc)
    assert "are hidden behind the row in front all the time that 'red' stands" in finding.what
    assert (finding.limit, finding.severity) == (limits.OVER, "medium")
    assert "raise the camera" in finding.advice
    unseen = finding.seats.reshape(30, 60)
    assert not unseen[0].any()
    assert unseen[1:].all()
    assert found(compiled, shot((-40, 0, 30)), more=arc) == []


def test_cards_smaller_than_a_pixel_are_found(compiled):
    findings = found(compiled, shot((-60, 0, 40)), more="", people="{ perfect: true }")
    assert findings == []
    far = shot((-3500, 0, 900), lens="12 mm")
    (finding,) = found(compiled, far)
    assert "in shot 'all' they are smaller than a pixel" in finding.what


def test_what_one_shot_misses_another_may_show(compiled):
    close = shot((-60, 0, 40), lens="300 mm", show="0 s..30 s", name="close")
    wide = shot((-60, 0, 40), show="30 s..60 s", name="wide")
    cue = "- { at: 0 s, page: red }\n- { at: 20 s, page: blue }"
    (finding,) = found(compiled, f"{close}\n{wide}", cue)
    assert (finding.cue, "'red'" in finding.what) == (0, True)


def test_cues_that_no_shot_shows_are_one_note(compiled):
    cues = "\n".join(
        f"- {{ at: {at} s, page: {page} }}" for at, page in ((0, "red"), (20, "blue"), (30, "white"))
    )
    (finding,) = found(compiled, shot((-60, 0, 40), show="0 s..10 s"), cues)
    assert (finding.cue, finding.severity) == (1, "low")
    assert (
        finding.what
        == "no shot of the film shows the 2 cues from 20 s to 30 s; the film ends at 10 s of the show"
    )


def test_a_cue_that_falls_between_two_pictures_of_the_film_is_not_shown(compiled):
    # At 100 times the speed there is a picture each 100 / 24 s, and each is held for two frames.
    cues = "- { at: 0 s, page: red }\n- { at: 9 s, page: blue }\n- { at: 10 s, page: white }"
    fast = shot((-60, 0, 40)).replace("4x", "100x")
    (finding,) = found(compiled, fast, cues)
    assert "the cue at 9 s" in finding.what


def test_a_seat_counts_as_seen_only_while_it_shows_the_picture(compiled):
    """The camera opens up when half of the section has already turned on."""
    close = shot((-60, 0, 40), lens="300 mm", show="0 s..25 s", name="close")
    wide = shot((-60, 0, 40), show="25 s..60 s", name="wide")
    cues = (
        "- { at: 0 s, page: red }\n- { at: 20 s, page: blue, flip: { order: sweep, from: left, over: 10 s } }"
    )
    (finding,) = found(compiled, f"{close}\n{wide}", cues)
    unseen = finding.seats.reshape(30, 60)
    assert finding.cue == 0
    assert unseen[:, :10].all()
    assert not unseen[:, 40:].any()
