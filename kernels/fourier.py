"""Convolution with discs of confusion by Fourier transform, on NumPy and CuPy arrays alike."""

from __future__ import annotations

import functools
import importlib
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

# Discs smaller than this are band-limited, larger ones have antialiased rims and only positive taps.
BAND_LIMITED_BELOW = 3.0
_RIM = 2.0
_OVERSAMPLING = 16


def disc_reach(radius: float) -> int:
    """Return how many pixels from its centre the kernel of `disc` has taps.

    Parameters
    ----------
    radius
        Radius of the disc in pixels.

    Returns
    -------
    int
        The kernel is 2 reach + 1 pixels wide.
    """
    return math.floor(radius + _RIM)


@functools.lru_cache(maxsize=128)
def disc(radius: float) -> NDArray[np.float32]:
    """Return the kernel that blurs a picture by a disc, as a lens out of focus does.

    Pixels of a rendered picture are already averages, so averaging the disc over pixels again would blur
    twice; for small discs that shows. These are sampled from the disc's own spectrum, 2 J1(q) / q with
    q = 2 pi radius times the frequency (the Airy transform of a uniform disc; Goodman, "Introduction to
    Fourier Optics", 2.1.6), cut at the Nyquist frequency and windowed to a rim of two pixels.

    Parameters
    ----------
    radius
        Radius in pixels, zero or greater.

    Returns
    -------
    ndarray
        (n, n) float32 with n odd, symmetric, its sum 1.
    """
    reach = disc_reach(radius)
    offsets = np.arange(-reach, reach + 1)
    distance = np.hypot(offsets[:, None], offsets[None, :])
    if radius < BAND_LIMITED_BELOW:
        from scipy.special import j1  # noqa: PLC0415  SciPy takes long to load and not all kernels need it

        period = 64
        frequency = np.fft.fftfreq(period)
        q = 2 * np.pi * radius * np.hypot(frequency[:, None], frequency[None, :])
        spectrum = np.where(q > 1e-6, 2 * j1(q) / np.maximum(q, 1e-6), 1.0)
        kernel = np.fft.ifft2(spectrum).real[offsets[:, None], offsets[None, :]]
        beyond = np.clip((distance - radius) / (reach + 1 - radius), 0, 1)
        kernel = kernel * (0.5 + 0.5 * np.cos(np.pi * beyond))
    else:
        size = 2 * reach + 1
        place = (np.arange(size * _OVERSAMPLING) + 0.5) / _OVERSAMPLING - 0.5 * size
        inside = place[:, None] ** 2 + place[None, :] ** 2 <= radius * radius
        kernel = inside.reshape(size, _OVERSAMPLING, size, _OVERSAMPLING).mean((1, 3))
    normal: NDArray[np.float32] = (kernel / kernel.sum()).astype(np.float32)
    return normal


def fft_module(xp: ModuleType) -> ModuleType:
    """Return the library of single-precision Fourier transforms for an array library.

    Parameters
    ----------
    xp
        ``numpy`` or ``cupy``.

    Returns
    -------
    ModuleType
        ``scipy.fft`` or ``cupyx.scipy.fft``; ``numpy.fft`` would compute in double precision before
        NumPy 2 and takes twice the time.
    """
    return importlib.import_module("scipy.fft" if xp is np else "cupyx.scipy.fft")


def fast_length(length: int) -> int:
    """Return the smallest even length of at least `length` whose only prime factors are 2, 3 and 5.

    Parameters
    ----------
    length
        Pixels, 1 or more.

    Returns
    -------
    int
        A length whose transform is fast.
    """
    candidate = length + length % 2
    while True:
        rest = candidate
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return candidate
        candidate += 2


@functools.lru_cache(maxsize=64)
def _disc_spectrum(radius: float, shape: tuple[int, int], xp: ModuleType) -> Any:
    """Return the real spectrum of the disc on a periodic picture, (height, width // 2 + 1) float32."""
    kernel = disc(radius)
    size = kernel.shape[0]
    picture = np.zeros(shape, np.float32)
    picture[:size, :size] = kernel
    centred = np.roll(picture, (-(size // 2), -(size // 2)), (0, 1))
    spectrum = fft_module(np).rfft2(centred).real  # a symmetric kernel has a real spectrum
    return xp.asarray(np.ascontiguousarray(spectrum, np.float32))


def blur_by_disc(stack: Any, radius: float, xp: ModuleType) -> Any:
    """Convolve pictures with a disc, as if they repeated beyond their edges.

    Parameters
    ----------
    stack
        (C, H, W) float32: C pictures. H and W should be `fast_length`; the outermost `disc_reach` pixels
        of the result hold what was wrapped around.
    radius
        Radius in pixels; the kernel must fit into the picture.
    xp
        The library that holds the stack.

    Returns
    -------
    ndarray
        (C, H, W) float32.
    """
    shape = (int(stack.shape[1]), int(stack.shape[2]))
    transform = fft_module(xp)
    spectrum = transform.rfft2(stack, axes=(1, 2))
    spectrum *= _disc_spectrum(radius, shape, xp)
    return transform.irfft2(spectrum, s=shape, axes=(1, 2))
