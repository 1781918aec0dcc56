"""The instruments of the shows' music: each note is synthesised, nothing is a recording.

Sounds are float64 arrays of shape (samples,) at `RATE`, about 1 at their loudest; notes are MIDI numbers,
lengths are in seconds. Noise is counter-based: the same note is the same samples.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from ...kernels.counter_random import Purpose, uniform

Signal: TypeAlias = NDArray[np.float64]

RATE = 48_000

#: Overtones of a struck metal bar and of a kettledrum, in the fundamental: ratio, level, seconds to 1 / e
#: (T. D. Rossing, *Science of Percussion Instruments*, 2000, has the ratios).
_BAR = ((1.0, 1.0, 1.5), (2.0, 0.16, 1.0), (2.76, 0.3, 0.5), (5.4, 0.12, 0.16), (8.93, 0.04, 0.07))
_KETTLE = ((1.0, 1.0, 0.9), (1.5, 0.6, 0.7), (1.99, 0.35, 0.45), (2.44, 0.2, 0.3))


def noise(samples: int, key: int) -> Signal:
    """Return white noise from -1 to 1; each key is another."""
    white: Signal = 2 * uniform(96, Purpose.GRAIN, key, np.arange(samples)) - 1
    return white


def band(sound: Signal, low: float, high: float) -> Signal:
    """Return what of a sound lies between two frequencies, hertz."""
    filtered: Signal = signal.sosfilt(signal.butter(2, [low, high], "bandpass", fs=RATE, output="sos"), sound)
    return filtered


def seconds(length: float) -> Signal:
    """Return the moments of the samples of a sound of so many seconds."""
    return np.arange(int(length * RATE)) / RATE


def hertz(note: float) -> float:
    """Return the frequency of a note in equal temperament, A4 = 440 Hz."""
    frequency: float = 440 * 2 ** ((note - 69) / 12)
    return frequency


def brass(note: float, length: float, *, brightness: float, voices: int = 3) -> Signal:
    """Sound one brass note: harmonics that open with the attack, a few players slightly apart."""
    time = seconds(length + 0.12)
    frequency = hertz(note)
    swell = np.minimum(1, time / 0.045) * np.exp(-0.35 * time)
    release = np.clip((length + 0.12 - time) / 0.12, 0, 1) ** 2
    opened = brightness * (0.45 + 0.55 * np.minimum(1, time / 0.07)) * np.exp(-0.5 * time)
    vibrato = 0.0035 * np.sin(2 * np.pi * 5.2 * time) * np.clip((time - 0.35) / 0.3, 0, 1)
    tone = np.zeros_like(time)
    for voice in range(voices):
        detuned = frequency * (1 + 0.0022 * (voice - (voices - 1) / 2))
        phase = 2 * np.pi * np.cumsum(detuned * (1 + vibrato)) / RATE + 1.7 * voice
        for harmonic in range(1, 15):
            if frequency * harmonic < 14_000:
                tone += np.exp(-harmonic / (1.2 + 7 * opened)) * np.sin(harmonic * phase) / voices
    sounded: Signal = tone * swell * release
    return sounded


def flute(note: float, length: float) -> Signal:
    """Sound a note of a wooden flute: few harmonics, some breath, a vibrato that comes late."""
    time = seconds(length + 0.15)
    frequency = hertz(note)
    vibrato = 0.004 * np.sin(2 * np.pi * 4.9 * time) * np.clip((time - 0.3) / 0.5, 0, 1)
    phase = 2 * np.pi * np.cumsum(frequency * (1 + vibrato)) / RATE
    tone = sum(level * np.sin(k * phase) for k, level in enumerate((1.0, 0.32, 0.14, 0.05, 0.02), 1))
    breath = band(noise(len(time), 700 + int(note)), frequency, min(4 * frequency, 12_000))
    blown = np.minimum(1, time / 0.06) * np.clip((length + 0.15 - time) / 0.15, 0, 1) ** 2
    sounded: Signal = 0.7 * (tone + 0.05 * breath) * blown
    return sounded


def strings(note: float, length: float, attack: float = 0.5) -> Signal:
    """Sound a note of a string section: six players a little apart, bowed softly on and off."""
    time = seconds(length + 0.9)
    frequency = hertz(note)
    tone = np.zeros_like(time)
    for player in range(6):
        detuned = frequency * (1 + 0.0014 * (player - 2.5))
        drift = 0.0018 * np.sin(2 * np.pi * (4.3 + 0.31 * player) * time + 2.1 * player)
        phase = 2 * np.pi * np.cumsum(detuned * (1 + drift)) / RATE + 1.3 * player
        for harmonic in range(1, 9):
            if frequency * harmonic < 9_000:
                tone += np.exp(-harmonic / 3.2) * np.sin(harmonic * phase + 0.7 * harmonic * player) / 4
    bowed = np.clip(time / attack, 0, 1) * np.clip((length + 0.9 - time) / 0.9, 0, 1)
    sounded: Signal = tone * bowed * bowed * (3 - 2 * bowed)
    return sounded


def harp(note: float, length: float = 2.2) -> Signal:
    """Sound a plucked string, stiff enough to ring a little sharp, duller as it dies."""
    time = seconds(length)
    frequency = hertz(note)
    tone = np.zeros_like(time)
    for harmonic in range(1, 15):
        pitch = frequency * harmonic * np.sqrt(1 + 1.2e-4 * harmonic**2)
        if pitch < 13_000:
            level = abs(np.sin(0.23 * np.pi * harmonic)) / harmonic**1.25
            lasts = 1.5 * (220 / frequency) ** 0.4 / (1 + 0.3 * (harmonic - 1))
            tone += level * np.exp(-time / lasts) * np.sin(2 * np.pi * pitch * time)
    end = np.clip((length - time) / 0.2, 0, 1)
    sounded: Signal = tone * np.minimum(1, time / 0.002) * end
    return sounded


def _struck(note: float, length: float, parts: tuple[tuple[float, float, float], ...]) -> Signal:
    time = seconds(length)
    tone = np.zeros_like(time)
    for ratio, level, lasts in parts:
        pitch = hertz(note) * ratio
        if pitch < 14_000:
            tone += level * np.exp(-time / lasts) * np.sin(2 * np.pi * pitch * time)
    sounded: Signal = tone * np.minimum(1, time / 0.0015) * np.clip((length - time) / 0.2, 0, 1)
    return sounded


def bell(note: float, length: float = 3.2) -> Signal:
    """Sound a struck bar, as of a celesta or a small bell."""
    return _struck(note, length, _BAR)


def kettledrum(note: float, length: float = 2.4) -> Signal:
    """Sound a stroke on a kettledrum."""
    tone = _struck(note, length, _KETTLE)
    skin = band(noise(len(tone), 2), 80, 500) * np.exp(-seconds(length) / 0.03)
    drum: Signal = 0.6 * tone + 0.5 * skin
    return drum


def drop(note: float) -> Signal:
    """Sound a drop that falls into water: a short tone that rises."""
    time = seconds(0.16)
    phase = 2 * np.pi * hertz(note) * (time + 1.3 * time**2)
    fallen: Signal = np.sin(phase) * np.exp(-time / 0.035) * np.minimum(1, time / 0.002)
    return fallen


def bass_drum() -> Signal:
    """Sound a stroke on a bass drum."""
    time = seconds(0.6)
    tone = np.sin(2 * np.pi * (46 * time + 64 * 0.045 * (1 - np.exp(-time / 0.045))))
    skin = band(noise(len(time), 1), 60, 900) * np.exp(-time / 0.02)
    drum: Signal = tone * np.exp(-time / 0.2) + 0.8 * skin
    return drum


def snare(key: int) -> Signal:
    """Sound a stroke on a snare drum."""
    time = seconds(0.28)
    wires = band(noise(len(time), key), 1400, 9000) * np.exp(-time / 0.065)
    drum: Signal = wires + 0.35 * np.sin(2 * np.pi * 196 * time) * np.exp(-time / 0.05)
    return drum


def crash(key: int) -> Signal:
    """Sound a pair of cymbals."""
    time = seconds(2.6)
    decay = np.exp(-time / 0.7) + 0.6 * np.exp(-time / 0.08)
    cymbals: Signal = band(noise(len(time), key), 3200, 15_000) * decay
    return cymbals


def swell(key: int, length: float) -> Signal:
    """Sound a cymbal that is rolled with soft sticks up to its end, and rings for as long again."""
    time = seconds(2 * length)
    grown = np.where(time < length, (time / length) ** 3, np.exp(-(time - length) / (0.35 * length)))
    cymbal: Signal = (
        band(noise(len(time), key), 2500, 11_000) * grown * np.clip((2 * length - time) / 0.2, 0, 1)
    )
    return cymbal


def shaker(key: int) -> Signal:
    """Sound a shaker."""
    time = seconds(0.12)
    shaken: Signal = (
        band(noise(len(time), key), 4500, 12_000) * np.minimum(1, time / 0.012) * np.exp(-time / 0.03)
    )
    return shaken


def clap(key: int) -> Signal:
    """Sound a clap."""
    time = seconds(0.12)
    clapped: Signal = band(noise(len(time), key), 800, 3600) * np.exp(-time / 0.018)
    return clapped
