"""The mixing desk for the shows' music: notes are laid into a recording, which gets a hall and a loudness."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from scipy import signal
from scipy.ndimage import minimum_filter1d

from .instruments import RATE, Signal, band, noise, seconds

PEAK = 10 ** (-2.2 / 20)
"""Full scale is 1."""


class Mix:
    """A stereo recording of so many seconds that sounds are laid into."""

    def __init__(self, length: float) -> None:
        self.sound = np.zeros((2, int(length * RATE)))

    def add(self, sound: Signal, at: float, level: float, side: float = 0.0) -> None:
        """Lay in a sound at a time in seconds; `side` is -1 for left to 1 for right."""
        first = round(at * RATE)
        skipped = max(0, -first)
        sound = sound[skipped : skipped + self.sound.shape[1] - max(first, 0)]
        angle = (side + 1) * np.pi / 4
        span = slice(max(first, 0), max(first, 0) + len(sound))
        self.sound[0, span] += level * np.cos(angle) * sound
        self.sound[1, span] += level * np.sin(angle) * sound


def hall(sound: Signal) -> Signal:
    """Add the hall: two seconds of dying echoes, darker the later they come."""
    time = seconds(2.0)
    sides = []
    for side in (0, 1):
        bright = band(noise(len(time), 600 + side), 180, 6500) * np.exp(-time / 0.22)
        dark = band(noise(len(time), 610 + side), 120, 2200) * np.exp(-time / 0.5)
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


def mastered(sound: Signal, level: float) -> Signal:
    """Return a recording, (2, samples), at a loudness in LUFS, with every peak under `PEAK`."""
    gain = 10 ** ((level - loudness(sound)) / 20)
    for _ in range(4):  # the limiter takes some loudness away
        limited = _limited(sound, gain)
        gain *= 10 ** ((level - loudness(limited)) / 20)
    return limited


def write_opus(sound: Signal, path: Path, bits: int) -> None:
    """Write a recording, (2, samples), as Opus in Ogg, of so many bits a second."""
    packed_sound = sound.astype(np.float32)
    with av.open(str(path), "w", format="ogg", container_options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="stereo")
        stream.bit_rate = bits
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        for first in range(0, packed_sound.shape[1], 960):
            packed = np.ascontiguousarray(packed_sound[:, first : first + 960].T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
            frame.sample_rate, frame.pts = RATE, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
