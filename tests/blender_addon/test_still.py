"""A still shows one moment of a show through one of its cameras, finished as the film is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon import cli
from cardstunt.blender_addon.still import Still, StillError, make_still, still_show
from cardstunt.scenes.timeline import film_timeline
from click.testing import CliRunner
from PIL import Image

pytestmark = pytest.mark.blender


def test_a_still_is_of_its_shot_and_moment(tiny):
    shot = tiny.show.film.shots[0]
    shown, timeline = still_show(tiny, Still(shot.name, Fraction(1, 4), "dusk", (64, 36)))
    assert [one.name for one in shown.show.film.shots] == [shot.name]
    assert (shown.show.film.size, shown.show.stadium.light) == ((64, 36), "dusk")
    (sample,) = timeline.samples
    assert sample.show_time == Fraction(1, 4)
    assert sample.progress == (Fraction(1, 4) - shot.start) / (shot.end - shot.start)
    assert len(timeline.frames) == 1
    # What the show itself says is left alone.
    assert tiny.show.stadium.light == "golden_hour"


def test_what_is_left_out_is_the_first_shots_middle(tiny):
    shown, timeline = still_show(tiny, Still())
    shot = tiny.show.film.shots[0]
    assert shown.show.film.shots == (shot,)
    assert timeline.samples[0].show_time == (shot.start + shot.end) / 2
    assert shown.show.film.size == tiny.show.film.size


def test_a_shot_that_is_not_there_is_named_with_the_nearest(tiny):
    first = tiny.show.film.shots[0].name
    with pytest.raises(StillError, match=f"did you mean '{first}'"):
        still_show(tiny, Still(first[:-1]))
    with pytest.raises(StillError, match=r"99 s is not in the shot .*, which shows 0 s to"):
        still_show(tiny, Still(at=Fraction(99)))


def test_it_is_the_films_own_picture(tiny, filmed, tmp_path):
    """Of the same moment, but for the noise of other samples, whose seed goes by the frame."""
    sample = film_timeline(tiny.show).samples[1]
    shot = tiny.show.film.shots[sample.shot]
    output = tmp_path / "still.png"
    make_still(tiny, Still(shot.name, sample.show_time), output, "draft")
    with Image.open(output) as still, Image.open(filmed.folder / "finished" / "0002.png") as frame:
        pair = [np.asarray(picture, float) for picture in (still, frame)]
    assert pair[0].shape == pair[1].shape
    means = [picture[:28, :48].reshape(7, 4, 12, 4, 3).mean((1, 3)) for picture in pair]
    assert np.abs(means[0] - means[1]).mean() < 6
    assert means[0].std() > 10


def test_the_command_says_what_it_wants(show_file, tmp_path):
    def run(*arguments):
        return CliRunner().invoke(
            cli.main, ["still", str(show_file), "-o", str(tmp_path / "a.png"), *arguments]
        )

    for arguments, said in (
        (("--at", "3"), "'3' has no unit; write '3 s'"),
        (("--at", "50 s"), "50 s is not in the shot"),
        (("--size", "101x100"), "has an odd side"),
        (("--light", "noonish"), "noonish"),
        (("--shot", "nowhere"), "no shot is called 'nowhere'"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, result.output
        assert said in result.output.replace("\n", " ")
    assert not list(tmp_path.glob("a.png"))
