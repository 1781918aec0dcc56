"""The show's march: drums, claps, brass and a hall, synthesised note by note."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.ndimage import minimum_filter1d

from ....kernels.counter_random import Purpose, uniform

Signal: TypeAlias = NDArray[np.float64]

RATE = 48_000
BEAT = 60 / 96
LENGTH = 12.0
LOUDNESS = -16.0
PEAK = 10 ** (-2.2 / 20)

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


def _noise(samples: int, key: int) -> Signal:
    return 2 * uniform(96, Purpose.GRAIN, key, np.arange(samples)) - 1


def _band(noise: Signal, low: float, high: float) -> Signal:
    filtered: Signal = signal.sosfilt(signal.butter(2, [low, high], "bandpass", fs=RATE, output="sos"), noise)
    return filtered


def _seconds(length: float) -> Signal:
    return np.arange(int(length * RATE)) / RATE


def _brass(note: float, length: float, *, brightness: float, voices: int = 3) -> Signal:
    """Sound one brass note: harmonics that open with the attack, a few players slightly apart."""
    time = _seconds(length + 0.12)
    frequency = 440 * 2 ** ((note - 69) / 12)
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


def _bass_drum() -> Signal:
    time = _seconds(0.6)
    tone = np.sin(2 * np.pi * (46 * time + 64 * 0.045 * (1 - np.exp(-time / 0.045))))
    skin = _band(_noise(len(time), 1), 60, 900) * np.exp(-time / 0.02)
    drum: Signal = tone * np.exp(-time / 0.2) + 0.8 * skin
    return drum


def _snare(key: int) -> Signal:
    time = _seconds(0.28)
    wires = _band(_noise(len(time), key), 1400, 9000) * np.exp(-time / 0.065)
    drum: Signal = wires + 0.35 * np.sin(2 * np.pi * 196 * time) * np.exp(-time / 0.05)
    return drum


def _crash(key: int) -> Signal:
    time = _seconds(2.6)
    decay = np.exp(-time / 0.7) + 0.6 * np.exp(-time / 0.08)
    crash: Signal = _band(_noise(len(time), key), 3200, 15_000) * decay
    return crash


def _clap(key: int) -> Signal:
    time = _seconds(0.12)
    clap: Signal = _band(_noise(len(time), key), 800, 3600) * np.exp(-time / 0.018)
    return clap


class _Mix:
    """A stereo recording that sounds are laid into."""

    def __init__(self) -> None:
        self.sound = np.zeros((2, int(LENGTH * RATE)))

    def add(self, sound: Signal, at: float, level: float, side: float = 0.0) -> None:
        """Lay in a sound at a time in seconds; `side` is -1 for left to 1 for right."""
        first = round(at * RATE)
        skipped = max(0, -first)
        sound = sound[skipped : skipped + self.sound.shape[1] - max(first, 0)]
        angle = (side + 1) * np.pi / 4
        span = slice(max(first, 0), max(first, 0) + len(sound))
        self.sound[0, span] += level * np.cos(angle) * sound
        self.sound[1, span] += level * np.sin(angle) * sound


def _percussion(mix: _Mix) -> None:
    drum = 0.75 * _bass_drum()
    for beat in range(12):
        mix.add(drum, beat * BEAT, 1.0 if beat % 2 == 0 else 0.55)
    mix.add(drum, 12 * BEAT, 1.3)
    pattern = [(0, 1.0), (0.5, 0.55), (0.75, 0.55), (1, 0.9), (1.5, 0.6), (2, 1.0), (2.25, 0.5), (2.5, 0.6),
               (2.75, 0.5), (3, 0.9), (3.5, 0.7), (3.75, 0.7)]  # fmt: skip
    for bar in range(3):
        for k, (at, level) in enumerate(pattern):
            mix.add(_snare(100 + 20 * bar + k), (4 * bar + at) * BEAT, 0.5 * level, -0.25)
    # a roll that grows into the last chord
    for k in range(16):
        mix.add(_snare(200 + k), (11 + k / 16) * BEAT, 0.12 + 0.5 * k / 16, -0.25)
    mix.add(_snare(220), 12 * BEAT, 0.7, -0.25)
    for k, beat in enumerate(_CRASHES):
        mix.add(_crash(300 + k), beat * BEAT, 0.42 if beat in {0, 12} else 0.3, 0.35)
    claps = [_clap(400 + k) for k in range(12)]
    for beat in range(1, 12, 2):
        for k in range(60):
            late, side, level = (float(uniform(96, Purpose.LATE_BY, beat * 3 + j, k)) for j in range(3))
            mix.add(claps[k % 12], beat * BEAT + 0.045 * (late - 0.3), 0.05 + 0.08 * level, 1.8 * side - 0.9)


def _tune(mix: _Mix) -> None:
    for beat, length, note in _MELODY:
        held = (length * 0.92 if length < 4 else 3.6) * BEAT
        mix.add(_brass(note, held, brightness=0.75), beat * BEAT, 0.30, 0.12)
        mix.add(_brass(note - 12, held, brightness=0.6), beat * BEAT, 0.17, -0.2)
    for beat, length, notes in _HARMONY:
        held = (length if length < 4 else 3.6) * BEAT
        for k, note in enumerate(notes):
            side = (k - (len(notes) - 1) / 2) * 0.45
            mix.add(_brass(note, held * 0.97, brightness=0.3), beat * BEAT, 0.13, side)
            if length < 4:
                for off in np.arange(0.5, length, 1):
                    mix.add(_brass(note, 0.3 * BEAT, brightness=0.55), (beat + off) * BEAT, 0.12, side)
    for beat, note in enumerate(_BASS):
        mix.add(_brass(note, 0.72 * BEAT, brightness=0.22, voices=2), beat * BEAT, 0.42)
    mix.add(_brass(38, 3.4 * BEAT, brightness=0.25, voices=2), 12 * BEAT, 0.5)


def _crowd() -> Signal:
    """Hum through the march and cheer at its end."""
    samples = int(LENGTH * RATE)
    time = np.arange(samples) / RATE
    hum = [_band(_noise(samples, 500 + side), 350, 1800) for side in (0, 1)]
    hiss = [_band(_noise(samples, 510 + side), 1800, 4200) for side in (0, 1)]
    cheer = np.interp(time, [0, 7.2, 7.9, 9.0, 12.0], [0.05, 0.05, 0.34, 0.3, 0.0])
    flutter = 1 + 0.25 * np.sin(2 * np.pi * 3.1 * time + 2 * np.sin(2 * np.pi * 0.7 * time))
    crowd: Signal = (np.stack(hum) + 0.4 * np.stack(hiss)) * cheer * flutter
    return crowd


def _hall(sound: Signal) -> Signal:
    """Add the hall: two seconds of dying echoes, darker the later they come."""
    time = _seconds(2.0)
    sides = []
    for side in (0, 1):
        bright = _band(_noise(len(time), 600 + side), 180, 6500) * np.exp(-time / 0.22)
        dark = _band(_noise(len(time), 610 + side), 120, 2200) * np.exp(-time / 0.5)
        echo = (bright + dark) * np.clip(time / 0.03, 0, 1)
        echo /= np.sqrt(np.sum(echo**2))
        sides.append(signal.fftconvolve(sound[side], echo)[: sound.shape[1]])
    wet: Signal = sound + 0.3 * np.stack(sides)
    return wet


def loudness(sound: Signal) -> float:
    """Measure integrated loudness in LUFS after ITU-R BS.1770-4, for stereo at 48 kHz.

    Parameters
    ----------
    sound : ndarray of float64, shape (2, samples)
        Full scale is 1.

    Returns
    -------
    float
        Minus infinity for silence.
    """
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585]
    rumble = [1.0, -2.0, 1.0], [1, -1.99004745483398, 0.99007225036621]
    weighted = signal.lfilter(*rumble, signal.lfilter(*shelf, sound))
    block, hop = int(0.4 * RATE), int(0.1 * RATE)
    starts = range(0, weighted.shape[1] - block + 1, hop)
    power = np.array([float(np.mean(weighted[:, k : k + block] ** 2, axis=1).sum()) for k in starts])
    level = -0.691 + 10 * np.log10(np.maximum(power, 1e-20))
    loud = power[level > -70]
    if not loud.size:
        return float("-inf")
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(power[level > max(gate, -70)].mean()))


def _limited(sound: Signal, gain: float) -> Signal:
    """Raise the level and keep every peak under `PEAK`, turning down smoothly a little ahead of it."""
    raised = sound * gain
    window = int(0.004 * RATE)
    need = np.minimum(1, PEAK / np.maximum(np.abs(raised).max(axis=0), 1e-9))
    held = minimum_filter1d(need, 2 * window + 1, mode="nearest")
    smoothed = np.convolve(np.pad(held, window, mode="edge"), np.hanning(2 * window + 1), "valid")
    limited: Signal = raised * np.minimum(smoothed / np.hanning(2 * window + 1).sum(), 1)
    return limited


def compose() -> Signal:
    """Play the march.

    Returns
    -------
    ndarray of float64, shape (2, 576000)
        Left and right at 48 kHz, 12 s, -16 LUFS, peaks below -2 dBFS, silent at the end.
    """
    mix = _Mix()
    _percussion(mix)
    _tune(mix)
    sound = _hall(mix.sound + 1.2 * _crowd())
    sound = signal.sosfilt(signal.butter(2, 32, "highpass", fs=RATE, output="sos"), sound)
    time = np.arange(sound.shape[1]) / RATE
    sound = sound * np.clip((LENGTH - time) / 2.5, 0, 1) ** 1.5
    gain = 10 ** ((LOUDNESS - loudness(sound)) / 20)
    for _ in range(4):  # the limiter takes some loudness away
        limited = _limited(sound, gain)
        gain *= 10 ** ((LOUDNESS - loudness(limited)) / 20)
    return limited


def write(path: Path) -> None:
    """Write the march as Opus in Ogg."""
    sound = compose().astype(np.float32)
    with av.open(str(path), "w", format="ogg", container_options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="stereo")
        stream.bit_rate = 128_000
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        for first in range(0, sound.shape[1], 960):
            packed = np.ascontiguousarray(sound[:, first : first + 960].T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
            frame.sample_rate, frame.pts = RATE, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
