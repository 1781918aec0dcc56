"""The show's march: drums, claps, brass and a hall, synthesised note by note."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import signal

from ....kernels.counter_random import Purpose, uniform
from ..instruments import RATE, Signal, band, bass_drum, brass, clap, crash, noise, snare
from ..mixing import Mix, hall, mastered, write_opus

BEAT = 60 / 96
LENGTH = 12.0
LOUDNESS = -16.0

# (beat from the start, length in beats, MIDI note); D major, the last chord falls on bar 4
_MELODY = [
    (0, 1, 74), (1, 0.5, 74), (1.5, 0.5, 76), (2, 1, 78), (3, 1, 81),
    (4, 1.5, 83), (5.5, 0.5, 81), (6, 1, 79), (7, 0.5, 78), (7.5, 0.5, 76),
    (8, 1, 78), (9, 1, 81), (10, 0.5, 79), (10.5, 0.5, 78), (11, 0.5, 76), (11.5, 0.5, 73),
    (12, 4, 86),
]  # fmt: skip
_HARMONY = [
    (0, 2, (62, 66, 69)), (2, 2, (62, 66, 69)), (4, 2, (62, 67, 71)), (6, 1, (62, 67, 71)),
    (7, 1, (61, 64, 69)), (8, 1, (62, 66, 71)), (9, 1, (61, 64, 69)), (10, 1, (62, 67, 71)),
    (11, 1, (61, 67, 69)), (12, 4, (62, 66, 69, 74)),
]  # fmt: skip
_BASS = [38, 45, 42, 45, 43, 38, 43, 45, 47, 45, 43, 45]
_CRASHES = (0, 4, 9, 12)


def _percussion(mix: Mix) -> None:
    drum = 0.75 * bass_drum()
    for beat in range(12):
        mix.add(drum, beat * BEAT, 1.0 if beat % 2 == 0 else 0.55)
    mix.add(drum, 12 * BEAT, 1.3)
    pattern = [(0, 1.0), (0.5, 0.55), (0.75, 0.55), (1, 0.9), (1.5, 0.6), (2, 1.0), (2.25, 0.5), (2.5, 0.6),
               (2.75, 0.5), (3, 0.9), (3.5, 0.7), (3.75, 0.7)]  # fmt: skip
    for bar in range(3):
        for k, (at, level) in enumerate(pattern):
            mix.add(snare(100 + 20 * bar + k), (4 * bar + at) * BEAT, 0.5 * level, -0.25)
    # a roll that grows into the last chord
    for k in range(16):
        mix.add(snare(200 + k), (11 + k / 16) * BEAT, 0.12 + 0.5 * k / 16, -0.25)
    mix.add(snare(220), 12 * BEAT, 0.7, -0.25)
    for k, beat in enumerate(_CRASHES):
        mix.add(crash(300 + k), beat * BEAT, 0.42 if beat in {0, 12} else 0.3, 0.35)
    claps = [clap(400 + k) for k in range(12)]
    for beat in range(1, 12, 2):
        for k in range(60):
            late, side, level = (float(uniform(96, Purpose.LATE_BY, beat * 3 + j, k)) for j in range(3))
            mix.add(claps[k % 12], beat * BEAT + 0.045 * (late - 0.3), 0.05 + 0.08 * level, 1.8 * side - 0.9)


def _tune(mix: Mix) -> None:
    for beat, length, note in _MELODY:
        held = (length * 0.92 if length < 4 else 3.6) * BEAT
        mix.add(brass(note, held, brightness=0.75), beat * BEAT, 0.30, 0.12)
        mix.add(brass(note - 12, held, brightness=0.6), beat * BEAT, 0.17, -0.2)
    for beat, length, notes in _HARMONY:
        held = (length if length < 4 else 3.6) * BEAT
        for k, note in enumerate(notes):
            side = (k - (len(notes) - 1) / 2) * 0.45
            mix.add(brass(note, held * 0.97, brightness=0.3), beat * BEAT, 0.13, side)
            if length < 4:
                for off in np.arange(0.5, length, 1):
                    mix.add(brass(note, 0.3 * BEAT, brightness=0.55), (beat + off) * BEAT, 0.12, side)
    for beat, note in enumerate(_BASS):
        mix.add(brass(note, 0.72 * BEAT, brightness=0.22, voices=2), beat * BEAT, 0.42)
    mix.add(brass(38, 3.4 * BEAT, brightness=0.25, voices=2), 12 * BEAT, 0.5)


def _crowd() -> Signal:
    """Hum through the march and cheer at its end."""
    samples = int(LENGTH * RATE)
    time = np.arange(samples) / RATE
    hum = [band(noise(samples, 500 + side), 350, 1800) for side in (0, 1)]
    hiss = [band(noise(samples, 510 + side), 1800, 4200) for side in (0, 1)]
    cheer = np.interp(time, [0, 7.2, 7.9, 9.0, 12.0], [0.05, 0.05, 0.34, 0.3, 0.0])
    flutter = 1 + 0.25 * np.sin(2 * np.pi * 3.1 * time + 2 * np.sin(2 * np.pi * 0.7 * time))
    crowd: Signal = (np.stack(hum) + 0.4 * np.stack(hiss)) * cheer * flutter
    return crowd


def compose() -> Signal:
    """Play the march.

    Returns
    -------
    ndarray of float64, shape (2, 576000)
        Left and right at 48 kHz, 12 s, -16 LUFS, peaks below -2 dBFS, silent at the end.
    """
    mix = Mix(LENGTH)
    _percussion(mix)
    _tune(mix)
    sound = hall(mix.sound + 1.2 * _crowd())
    sound = signal.sosfilt(signal.butter(2, 32, "highpass", fs=RATE, output="sos"), sound)
    time = np.arange(sound.shape[1]) / RATE
    sound = sound * np.clip((LENGTH - time) / 2.5, 0, 1) ** 1.5
    return mastered(sound, LOUDNESS)


def write(path: Path) -> None:
    """Write the march as Opus in Ogg."""
    write_opus(compose(), path, 128_000)
