"""The show's music: a year on a river in 120 bars, from the night before it to a new sun.

The tune is one period of eight bars. It comes in whole where the title stands, in a new colour in each
season, a third lower in autumn's minor, and a tone higher when the sun comes up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from scipy import signal

from ....kernels.counter_random import Purpose, uniform
from ..instruments import (
    RATE,
    Signal,
    band,
    bass_drum,
    bell,
    brass,
    drop,
    flute,
    harp,
    kettledrum,
    noise,
    shaker,
    snare,
    strings,
    swell,
)
from ..mixing import Mix, hall, mastered, write_opus

BEAT = 60 / 96
BARS = 120
LENGTH = BARS * 4 * BEAT + 4.0
LOUDNESS = -18.0
#: Where the parts begin, in bars from 1: the show's markers.
PARTS = {"welcome": 13, "spring": 23, "summer": 46, "autumn": 71, "winter": 88, "sunrise": 110}

Phrase = tuple[tuple[float, float, int], ...]
Chord = tuple[int, ...]

# (beat from the phrase's start, length in beats, MIDI note), in D major
_QUESTION: Phrase = (
    (0, 1.5, 69), (1.5, 0.5, 71), (2, 2, 74), (4, 1, 76), (5, 0.5, 74), (5.5, 0.5, 71), (6, 2, 69),
    (8, 1.5, 66), (9.5, 0.5, 69), (10, 1, 71), (11, 1, 74), (12, 3, 76), (15, 1, 76),
)  # fmt: skip
_ANSWER: Phrase = (
    (0, 1.5, 78), (1.5, 0.5, 76), (2, 2, 74), (4, 1, 76), (5, 0.5, 74), (5.5, 0.5, 71), (6, 2, 69),
    (8, 1, 71), (9, 0.5, 74), (9.5, 0.5, 71), (10, 1, 69), (11, 1, 64), (12, 4, 62),
)  # fmt: skip
# in B minor
_LEAVES: Phrase = (
    (0, 2, 66), (2, 1, 71), (3, 1, 73), (4, 3, 74), (7, 1, 73), (8, 1.5, 71), (9.5, 0.5, 69), (10, 2, 67),
    (12, 4, 66), (16, 2, 71), (18, 1, 74), (19, 1, 76), (20, 3, 78), (23, 1, 76), (24, 1.5, 74),
    (25.5, 0.5, 73), (26, 1, 71), (27, 1, 70), (28, 4, 71),
)  # fmt: skip

_D, _G, _A = (50, 57, 62, 66), (43, 55, 62, 67), (45, 57, 61, 64)
_B, _E, _F = (47, 54, 59, 62), (40, 55, 59, 64), (42, 54, 58, 61)
_SCALE = (62, 64, 66, 67, 69, 71, 73, 74, 76, 78)
_MAJOR: tuple[Chord, ...] = (_D, _G, _B, _A, _D, _G, _E, _D)
_MINOR: tuple[Chord, ...] = (_B, _G, _E, _F, _B, _D, _E, _B)

# An instrument sounds each note once, however often it plays it.
_harp, _bell, _drop = cache(harp), cache(bell), cache(drop)
_flute, _strings, _kettledrum = cache(flute), cache(strings), cache(kettledrum)
_horn = cache(partial(brass, brightness=0.16, voices=2))
_trumpet = cache(partial(brass, brightness=0.42))


class Score:
    """A recording whose time is bars and beats."""

    def __init__(self) -> None:
        self.mix = Mix(LENGTH)

    def play(self, sound: Signal, bar: float, beat: float, level: float, side: float = 0.0) -> None:
        """Sound something on a beat, counted from 0, of a bar, counted from 1."""
        self.mix.add(sound, ((bar - 1) * 4 + beat) * BEAT, level, side)

    def flutes(self, phrase: Phrase, bar: float, level: float = 0.30, up: int = 0) -> None:
        """Play a phrase on the flute."""
        for beat, length, note in phrase:
            self.play(_flute(note + up, 0.94 * length * BEAT), bar, beat, level, 0.15)

    def horns(self, phrase: Phrase, bar: float, level: float = 0.34, up: int = -12) -> None:
        """Play a phrase on horns, an octave down."""
        for beat, length, note in phrase:
            self.play(_horn(note + up, 0.95 * length * BEAT), bar, beat, level, -0.3)

    def bells(self, phrase: Phrase, bar: float, level: float = 0.2, up: int = 12) -> None:
        """Play a phrase on the celesta, an octave up."""
        for beat, _, note in phrase:
            self.play(_bell(note + up), bar, beat, level, 0.3)

    def pad(self, chords: Iterable[Chord], bar: float, level: float = 0.11, up: int = 0) -> None:
        """Hold a chord of the strings for each bar."""
        for number, chord in enumerate(chords):
            for k, note in enumerate(chord):
                weight = 1.25 if k == 0 else 1.0
                side = (-0.1, -0.5, 0.5, 0.2)[k]
                self.play(_strings(note + up, 4 * BEAT), bar + number, -0.35, weight * level, side)

    def water(
        self, chords: Iterable[Chord], bar: float, steps: Sequence[int], level: float = 0.17, up: int = 0
    ) -> None:
        """Break a chord for each bar on the harp: `steps` count up its notes, and those an octave higher."""
        for number, chord in enumerate(chords):
            notes = [*chord[1:], *(note + 12 for note in chord[1:]), chord[1] + 24]
            self.play(_harp(chord[0] + up), bar + number, 0, 1.5 * level, -0.2)
            for k, step in enumerate(steps):
                accent = 1.2 if k % 4 == 0 else 0.9
                side = -0.35 + 0.1 * step
                self.play(_harp(notes[step] + up), bar + number, 4 * k / len(steps), accent * level, side)

    def bass(self, chords: Iterable[Chord], bar: float, level: float = 0.2, up: int = 0) -> None:
        """Pluck the root on one and three of each bar."""
        for number, chord in enumerate(chords):
            for beat in (0, 2):
                self.play(_harp(chord[0] - 12 * (chord[0] > 47) + up, 1.6), bar + number, beat, level)

    def shakers(self, first: int, last: int, level: float = 0.05) -> None:
        """Keep time in eighths from a bar until before another."""
        for k in range(8 * (last - first)):
            strong = 1.0 if k % 2 else 0.5
            self.play(shaker(900 + k % 16), first, k / 2, strong * level, 0.4)

    def drums(self, first: int, last: int, level: float = 0.22) -> None:
        """Beat one and three softly from a bar until before another."""
        drum = bass_drum()
        for k in range(2 * (last - first)):
            self.play(drum, first, 2 * k, level * (1.0 if k % 2 == 0 else 0.7))

    def arrive(self, bar: float, root: int, level: float = 1.0, length: float = 2.5) -> None:
        """Swell up to the beginning of a bar and strike there."""
        self.mix.add(swell(940 + int(bar), length), (bar - 1) * 4 * BEAT - length, 0.16 * level, 0.1)
        self.play(_kettledrum(root), bar, 0, 0.4 * level)
        self.play(_bell(root + 36), bar, 0, 0.16 * level, 0.3)


_WAVES = (0, 1, 2, 3, 4, 3, 2, 1)
_RIPPLES = (0, 2, 1, 3, 2, 4, 3, 5, 4, 5, 3, 4, 2, 3, 1, 2)
_DRIFT = (0, 2, 3, 5)


def night(score: Score) -> None:
    """Let the river be heard, then ask the question, and count down."""
    score.pad(_MAJOR[:4], 1, 0.10)
    score.water(_MAJOR[:3], 1, _DRIFT, 0.16)
    score.flutes(_QUESTION[:-1], 1, 0.28)
    score.bells(_QUESTION[:3], 2, 0.10)
    climb = (62, 64, 66, 67, 69, 71, 73, 74, 76, 78)
    for number, note in enumerate(climb):
        bar, beat, level = 4 + number // 2, 2 * (number % 2), 0.16 + 0.012 * number
        for k, interval in enumerate((0, 12)):
            score.play(_bell(note + interval), bar, beat, level / (1 + k), 0.2)
        score.play(_harp(note - 12), bar, beat, 1.6 * level, -0.3)
        score.play(_kettledrum(38 if number % 2 == 0 else 45), bar, beat, 0.12 + 0.03 * number)
    score.pad((_A, _A, _G, _G, _A), 4, 0.10)
    for k in range(16):  # a roll up to the title
        score.play(_kettledrum(45), 8, k / 4, 0.05 + 0.012 * k)
    score.arrive(9, 38, 1.3)
    score.pad((_D, _G, _E, _D), 9, 0.14)
    score.horns(_ANSWER, 9, 0.36)
    score.flutes(_ANSWER, 9, 0.24, up=12)
    score.water((_D, _G, _E, _D), 9, _WAVES, 0.17)
    score.drums(9, 13)


def welcome(score: Score) -> None:
    """Greet eight times, each time in another voice, and laugh."""
    chords = (_D, _G, _A, _B, _G, _D, _E, _A)
    score.arrive(13, 38, 0.6, 1.2)
    score.bass(chords, 13)
    score.water(chords, 13, _WAVES, 0.13)
    score.shakers(13, 22)
    score.pad(chords, 13, 0.07)
    voices = (score.flutes, partial(score.horns, level=0.4), partial(score.bells, level=0.12))
    for number, degree in enumerate((7, 5, 4, 2, 5, 7, 3, 4)):
        call = ((0, 0.5, 0), (0.5, 0.5, 1), (1, 1, 2), (2, 0.5, 2), (2.5, 0.5, 1), (3, 1, 0))
        phrase = tuple((beat, length, _SCALE[degree + step]) for beat, length, step in call)
        voices[number % 3](phrase, 13 + number)
    score.pad((_A, _D), 21, 0.09)
    for k in range(16):  # people shake their books
        score.play(_bell(86 + (0, 4, 7, 12)[k % 4]), 21, k / 4, 0.07, 0.5 - k / 16)
    score.play(_harp(38, 3.0), 22, 0, 0.3)


def spring(score: Score) -> None:
    """Thaw, blossom, a swallow, rain, and the river goes."""
    score.arrive(23, 38, 0.8)
    score.pad((*_MAJOR, _D, _G), 23, 0.10)
    score.water((*_MAJOR, _D, _G), 23, _WAVES, 0.17)
    score.flutes(_QUESTION, 23)
    score.flutes(_ANSWER, 27)
    score.bells(_QUESTION[:5], 31, 0.14)
    for bar in (25, 28, 30, 32):  # a page turns
        score.play(_bell(86), bar, 0, 0.12, 0.4)
    falling = (_B, _G, _D)
    score.pad((*falling, _A), 33, 0.08)
    scale = (74, 76, 78, 81, 83, 86, 88, 90)
    for k in range(56):  # rain, more and more of it, until bar 36.5
        chance, side, late = (float(uniform(170, Purpose.GRAIN, part, k)) for part in range(3))
        note = scale[int(8 * chance)]
        score.play(_drop(note), 33, k / 4 + 0.08 * late * (k % 4 != 0), 0.10 + 0.002 * k, 1.6 * side - 0.8)
        if k % 4 == 0:
            score.play(_harp(note - 12, 1.2), 33, k / 4, 0.2, 0.0)
    score.arrive(36.5, 45, 0.6, 1.5)
    flow = (_D, _G, _B, _A, _D, _G, _E, _A, _A)
    score.pad(flow, 37, 0.11)
    score.water(flow, 37, _RIPPLES, 0.14)
    score.bass(flow, 37)
    score.horns(_QUESTION, 37, 0.26)
    score.flutes(_ANSWER[:-1], 41, 0.3)
    score.shakers(39, 45, 0.04)


def summer(score: Score) -> None:
    """Carp, boats, ripples, a sunflower, haze: a fourth up, and on its feet."""
    up, chords = 5, _MAJOR
    score.arrive(46, 43, 1.0)
    score.drums(46, 56, 0.16)
    score.shakers(46, 62)
    for first in (46, 54):
        score.bass(chords, first, up=up)
        score.water(chords, first, _RIPPLES, 0.12, up)
        score.pad(chords, first, 0.09, up)
    score.flutes(_QUESTION, 46, up=up)
    score.flutes(_ANSWER, 50, up=up)
    score.horns(_QUESTION, 54, 0.28, up - 12)
    score.bells(_ANSWER, 58, 0.13, up)
    for bar in (48, 50, 56):
        score.play(_bell(91), bar, 0, 0.12, -0.3)
    for k in range(18):  # ripples from bar 58 on
        score.play(_drop(79 + (0, 4, 7, 9)[k % 4]), 58, k, 0.14, 0.7 * (-1) ** k)
    score.pad((_A,), 62, 0.12, up)
    score.water((_A,), 62, _DRIFT, 0.17, up)
    score.arrive(62.5, 43, 0.7, 1.5)
    haze = (_D, _B, _G, _D, _B, _G, _A, _A)
    score.pad(haze, 63, 0.12, up)
    score.water(haze, 63, _DRIFT, 0.17, up)
    score.flutes(tuple((beat, length, note) for beat, length, note in _ANSWER[:7]), 66, 0.24, up)
    score.bells(_QUESTION[:3], 69, 0.1, up)


def autumn(score: Score) -> None:
    """Leaves, geese, a banner, and the moon: in the minor, on horns."""
    score.arrive(71, 47, 0.8)
    score.pad(_MINOR, 71, 0.11)
    score.water(_MINOR, 71, _WAVES, 0.15)
    score.horns(_LEAVES, 71, 0.36)
    score.bass(_MINOR, 73, 0.16)
    for bar in (73, 75, 77.5):
        score.play(_bell(83), bar, 0, 0.11, 0.4)
    march = (_B, _G, _E, _F, _B, _D)
    score.pad(march, 79.5, 0.09)
    score.bass(march, 79.5, 0.2)
    score.flutes(_LEAVES[:13], 79.5, 0.26, 12)
    score.drums(80, 85, 0.18)
    for k in range(24):  # a banner in the wind
        for at, level in ((0, 0.09), (0.5, 0.05), (0.75, 0.05)):
            score.play(snare(960 + k % 8), 79.5, k + at, level, -0.25)
    score.arrive(85.5, 47, 0.5, 1.5)
    score.pad((_E, _F, _F), 85.5, 0.10)
    score.bells(((0, 2, 71), (2, 2, 74), (4, 2, 73), (6, 2, 70)), 85.5, 0.16)


def winter(score: Score) -> None:
    """Snow, stars, a heron; then letters run by, and light grows."""
    score.arrive(88, 47, 0.5)
    still = (_B, _G, _D, _A)
    score.pad((*still, *still[:2]), 88, 0.09, 12)
    score.bells(_QUESTION, 88, 0.2)
    score.bells(_QUESTION[:5], 92, 0.14, 24)
    stars = (_G, _D, _G, _B, _E, _A)
    score.pad(stars, 93, 0.09)
    score.water(stars, 93, _DRIFT, 0.13, 12)
    twinkles = (86, 88, 90, 93, 95, 98)
    for k in range(26):
        chance, side = (float(uniform(170, Purpose.GRAIN, 10 + part, k)) for part in range(2))
        score.play(_bell(twinkles[int(6 * chance)]), 92, k, 0.07, 1.6 * side - 0.8)
    score.play(_bell(83), 98.5, 0, 0.14, 0.3)
    score.pad((_B, _A), 98.5, 0.1)
    score.flutes(_LEAVES[:5], 98.5, 0.26)
    build = (_D, _G, _B, _A, _D, _G, _E, _A, _A)
    for number, chord in enumerate(build):  # bars 101 to 109
        grown = number / 8
        score.pad((chord,), 101 + number, 0.07 + 0.06 * grown)
        score.water((chord,), 101 + number, _RIPPLES, 0.09 + 0.07 * grown)
        score.bass((chord,), 101 + number, 0.12 + 0.1 * grown)
    score.shakers(103, 110, 0.04)
    score.drums(105, 109, 0.16)
    score.flutes(_QUESTION, 101, 0.22)
    score.horns(_ANSWER[:-1], 105, 0.3)
    for k in range(32):
        score.play(_kettledrum(45), 108, k / 4, 0.03 + 0.009 * k)


def sunrise(score: Score) -> None:
    """Bring the tune back whole, a tone higher, and rest on it."""
    up, chords = 2, (*_MAJOR, _D)
    for bar, level in ((110, 1.5), (112, 0.6), (114, 1.0), (116, 0.8), (118, 1.4)):
        score.arrive(bar, 40, level, 1.2)
    score.pad(chords, 110, 0.15, up)
    score.water(chords[:8], 110, _RIPPLES, 0.13, up)
    score.bass(chords[:8], 110, 0.2, up)
    score.drums(110, 118, 0.26)
    for phrase, bar in ((_QUESTION, 110), (_ANSWER, 114)):
        score.horns(phrase, bar, 0.34, up - 12)
        score.flutes(phrase, bar, 0.24, up + 12)
        for beat, length, note in phrase:
            score.play(_trumpet(note + up, 0.9 * length * BEAT), bar, beat, 0.16, 0.2)
    for k, note in enumerate((40, 52, 59, 64, 68, 71, 76, 80, 83, 88)):  # the last page
        score.play(_harp(note, 6.0), 118, k / 8, 0.26, -0.4 + 0.09 * k)
    for note in (40, 52, 59, 64, 68):
        score.play(_strings(note, 2.2 * 4 * BEAT), 118, 0, 0.13, 0.0)


def _river(samples: int) -> Signal:
    """Return the river, (2, samples): two bands of noise whose strength comes and goes."""
    time = np.arange(samples) / RATE
    bar = time / (4 * BEAT) + 1
    level = np.interp(
        bar, [1, 4, 9, 23, 33, 36, 46, 70, 88, 92, 110, 118, 121],
        [1.0, 0.6, 0.3, 0.6, 0.9, 0.8, 0.45, 0.4, 0.12, 0.1, 0.3, 0.5, 0.9],
    )  # fmt: skip
    sides = []
    for side in (0, 1):
        low = band(noise(samples, 800 + side), 180, 700)
        high = band(noise(samples, 810 + side), 900, 3200)
        flow = 1 + 0.3 * np.sin(2 * np.pi * 0.11 * time + 2 * side)
        gurgle = np.clip(np.sin(2 * np.pi * 0.37 * time + 3 * np.sin(2 * np.pi * 0.053 * time) + side), 0, 1)
        sides.append(level * (0.5 * low * flow + 0.35 * high * gurgle))
    river: Signal = np.stack(sides)
    return river


def compose() -> Signal:
    """Play the year.

    Returns
    -------
    ndarray of float64, shape (2, samples)
        Left and right at 48 kHz, `LENGTH` seconds, `LOUDNESS` LUFS, silent at the end.
    """
    score = Score()
    for part in (night, welcome, spring, summer, autumn, winter, sunrise):
        part(score)
    sound = hall(score.mix.sound) + 0.09 * _river(score.mix.sound.shape[1])
    sound = signal.sosfilt(signal.butter(2, 32, "highpass", fs=RATE, output="sos"), sound)
    time = np.arange(sound.shape[1]) / RATE
    sound = sound * np.clip(time / 0.4, 0, 1) * np.clip((LENGTH - time) / 5.0, 0, 1) ** 1.5
    return mastered(sound, LOUDNESS)


def write(path: Path) -> None:
    """Write the year as Opus in Ogg."""
    write_opus(compose(), path, 28_500)
