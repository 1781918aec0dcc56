from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from cardstunt.scenes.library import book_of_170
from cardstunt.scenes.library.book_of_170 import theme
from cardstunt.scenes.library.instruments import RATE
from cardstunt.scenes.library.mixing import loudness
from cardstunt.scenes.load import load_show
from scipy import signal

FILE = Path(book_of_170.__file__).parent / "assets" / "theme.ogg"
BAR = round(4 * theme.BEAT * RATE)


@pytest.fixture(scope="module")
def music():
    with av.open(str(FILE)) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.layout.name) == (RATE, "stereo")
        return np.concatenate([frame.to_ndarray() for frame in container.decode(stream)], axis=1)


def bars(music, first, last):
    """Return what is heard from a bar until before another, counted from 1."""
    return music[:, (first - 1) * BAR : (last - 1) * BAR]


def onsets(sound):
    """Return how much louder each hundredth of a second gets, over all frequencies, and its moment."""
    step = RATE // 100
    _, times, bins = signal.stft(sound.mean(0), RATE, nperseg=2048, noverlap=2048 - step)
    return times[1:], np.maximum(np.diff(np.log1p(100 * np.abs(bins)), axis=1), 0).sum(0)


def notes(sound):
    """Return the strength of each semitone from MIDI note 36 to 95, ten times a second."""
    f, _, bins = signal.stft(sound.mean(0), RATE, nperseg=9600, noverlap=4800)
    note = 69 + 12 * np.log2(np.maximum(f, 1) / 440)
    return np.array([np.abs(bins[np.abs(note - n) < 0.6]).sum(0) for n in range(36, 96)]) ** 0.5


def test_its_parts_begin_where_the_shows_do():
    show = load_show("book_of_170").show
    assert show.music.bpm == 96
    assert {name: 1 + at / (4 * theme.BEAT) for name, at in show.markers.items()} == theme.PARTS


def test_it_lasts_as_long_as_the_show_and_is_small(music):
    show = load_show("book_of_170").show
    end = max(float(shot.end) for shot in show.film.shots)
    assert end <= music.shape[1] / RATE <= end + 10
    assert FILE.stat().st_size <= 1_500_000


def test_it_is_soft_never_silent_and_never_clips(music):
    assert loudness(music) == pytest.approx(theme.LOUDNESS, abs=0.5)
    assert np.abs(music).max() < 0.9
    heard = np.array([loudness(bars(music, bar, bar + 1)) for bar in range(1, 119)])
    assert heard.min() > -26
    assert heard.max() < -12
    assert loudness(music[:, -RATE // 2 :]) < -45


def test_the_new_sun_is_its_loudest_and_winter_softer_than_spring(music):
    parts = {**theme.PARTS, "end": 119}
    level = {
        name: loudness(bars(music, first, last))
        for (name, first), last in zip(parts.items(), list(parts.values())[1:], strict=False)
    }
    assert max(level, key=level.__getitem__) == "sunrise"
    assert level["winter"] < level["spring"]


def test_it_is_stereo(music):
    assert 0.3 < np.corrcoef(music[0], music[1])[0, 1] < 0.9


@pytest.mark.parametrize(("first", "last"), [(4, 13), (13, 21), (23, 33), (46, 62), (71, 79), (101, 110)])
def test_it_is_on_the_beat(music, first, last):
    moments, rise = onsets(bars(music, first, last))
    phase = (moments / theme.BEAT) % 1
    by_phase = [rise[(phase >= k / 16) & (phase < (k + 1) / 16)].mean() for k in range(16)]
    assert int(np.argmax(by_phase)) in {0, 15}


@pytest.mark.parametrize(("part", "first", "last"), [(theme.spring, 23, 33), (theme.autumn, 71, 79)])
def test_the_file_is_what_the_code_plays(music, part, first, last):
    score = theme.Score()
    part(score)
    played, heard = (notes(bars(sound, first, last)) for sound in (score.mix.sound, music))
    assert np.corrcoef(played.ravel(), heard.ravel())[0, 1] > 0.85
    elsewhere = notes(bars(music, first + 12, last + 12))
    assert np.corrcoef(played.ravel(), elsewhere.ravel())[0, 1] < 0.8


def test_the_same_notes_are_the_same_samples():
    once, again = theme.Score(), theme.Score()
    for score in (once, again):
        theme.night(score)
    assert (once.mix.sound == again.mix.sound).all()
