from __future__ import annotations

from fractions import Fraction

from cardstunt.scenes.schema import Show
from cardstunt.scenes.timeline import film_timeline
from hypothesis import given
from hypothesis import strategies as st

Stretch = tuple[Fraction, Fraction, Fraction]

times = st.fractions(0, 60, max_denominator=30)
stretches = st.lists(
    st.tuples(
        times, st.fractions("1/30", 20, max_denominator=30), st.fractions("1/4", 32, max_denominator=8)
    ),
    min_size=1,
    max_size=5,
)
rates = st.sampled_from([Fraction(24), Fraction(25), Fraction(60), Fraction(30000, 1001)])


def a_show(stretches: list[Stretch], fps: Fraction, hold: int) -> Show:
    camera = {"look_down": {"height": 100.0}}
    return Show.model_validate(
        {
            "cardstunt": 1,
            "title": "t",
            "card_section": {
                "columns": 2,
                "rows": 2,
                "pages": {"a": {"fill": "#000000"}},
                "cues": [{"at": 0, "page": "a"}],
            },
            "film": {
                "fps": fps,
                "look": {"hold": hold},
                "shots": [
                    {"name": f"s{n}", "show": (start, start + length), "speed": speed, "camera": camera}
                    for n, (start, length, speed) in enumerate(stretches)
                ],
            },
        }
    )


def test_a_film_worked_by_hand() -> None:
    show = a_show(
        [(Fraction(0), Fraction(2), Fraction(8)), (Fraction(5), Fraction(1, 8), Fraction(1))], Fraction(24), 2
    )
    film = film_timeline(show)
    # 2 s at 8x is a quarter of a second of film: 6 frames; an eighth of a second at 1x is 3.
    assert [frame.index for frame in film.frames] == list(range(1, 10))
    assert [frame.shot for frame in film.frames] == [0] * 6 + [1] * 3
    assert [frame.sample for frame in film.frames] == [1, 1, 2, 2, 3, 3, 4, 4, 5]
    third = Fraction(1, 3)
    assert [sample.show_time for sample in film.samples] == [0, 2 * third, 4 * third, 5, 5 + Fraction(1, 12)]
    assert [sample.progress for sample in film.samples] == [0, third, 2 * third, 0, 2 * third]
    assert [sample.first_frame for sample in film.samples] == [1, 3, 5, 7, 9]
    assert film.duration == Fraction(9, 24)


@given(stretches, rates, st.integers(1, 5))
def test_every_film(stretches: list[Stretch], fps: Fraction, hold: int) -> None:
    show = a_show(stretches, fps, hold)
    film = film_timeline(show)
    assert [frame.index for frame in film.frames] == list(range(1, len(film.frames) + 1))
    assert [sample.index for sample in film.samples] == list(range(1, len(film.samples) + 1))
    assert {frame.sample for frame in film.frames} == {sample.index for sample in film.samples}
    for number, shot in enumerate(show.film.shots):
        frames = [frame for frame in film.frames if frame.shot == number]
        assert len(frames) == max(1, round((shot.end - shot.start) / shot.speed * fps))
        for position, frame in enumerate(frames):
            sample = film.samples[frame.sample - 1]
            assert (frame.shot, frame.show_time, frame.progress) == (
                sample.shot,
                sample.show_time,
                sample.progress,
            )
            first = position - position % hold
            assert frame.show_time == shot.start + first * shot.speed / fps
            assert sample.first_frame == frames[first].index
            assert shot.start <= frame.show_time < shot.end
            assert frame.progress == (frame.show_time - shot.start) / (shot.end - shot.start)


@given(stretches, rates, st.integers(2, 5))
def test_hold_only_repeats_pictures(stretches: list[Stretch], fps: Fraction, hold: int) -> None:
    free = film_timeline(a_show(stretches, fps, 1))
    held = film_timeline(a_show(stretches, fps, hold))
    assert len(free.frames) == len(held.frames)
    assert len(free.samples) == len(free.frames)
    for sample in held.samples:
        assert free.frames[sample.first_frame - 1].show_time == sample.show_time
