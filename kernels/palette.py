"""Colours of the cards: a palette for all pages of a book, and each page in that palette.

Differences between colours are measured in OKLab (B. Ottosson, "A perceptual color space for image
processing", 2020). All sums are written out, so that no linear-algebra library can change a bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .array_module import array_module, to_numpy
from .blue_noise import blue_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Floats = NDArray[np.float64]

Dither = Literal["none", "blue_noise", "floyd_steinberg"]
DITHERS: tuple[Dither, ...] = ("none", "blue_noise", "floyd_steinberg")
MAX_COLOURS = 256

_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_LMS = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
_FLAT_SHARE = 0.03
_NEIGHBOURS = 6
_CONTRAST_COST = 0.03
_ROUNDS = 24
_BLOCK = 1 << 14


class PaletteError(ValueError):
    """A palette, picture or dither that cannot be used; the message says why."""


def _times(matrix: tuple[tuple[float, ...], ...], colour: Any) -> Any:
    xp = array_module(colour)
    x, y, z = colour[..., 0], colour[..., 1], colour[..., 2]
    return xp.stack([row[0] * x + row[1] * y + row[2] * z for row in matrix], axis=-1)


def srgb8_to_linear(colour: Bytes) -> Floats:
    """Decode sRGB bytes (IEC 61966-2-1) of any shape to linear light, 0 to 1, float64."""
    xp = array_module(colour)
    value = np.arange(256) / 255.0
    table = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    result: Floats = xp.asarray(table)[colour]
    return result


def linear_to_srgb8(colour: Floats) -> Bytes:
    """Encode linear light of any shape as sRGB bytes; what is outside 0 to 1 is cut off."""
    xp = array_module(colour)
    value = xp.clip(colour, 0.0, 1.0)
    encoded = xp.where(
        value <= 0.0031308, value * 12.92, 1.055 * xp.maximum(value, 0.0031308) ** (1.0 / 2.4) - 0.055
    )
    result: Bytes = xp.rint(encoded * 255.0).astype(np.uint8)
    return result


def linear_to_oklab(colour: Floats) -> Floats:
    """Turn linear sRGB, shape (..., 3), into OKLab: lightness 0 to 1, green to red, blue to yellow."""
    xp = array_module(colour)
    result: Floats = _times(_TO_LAB, xp.cbrt(_times(_TO_LMS, colour)))
    return result


def oklab_to_linear(colour: Floats) -> Floats:
    """Turn OKLab, shape (..., 3), into linear sRGB, which may lie outside 0 to 1."""
    result: Floats = _times(_FROM_LMS, _times(_FROM_LAB, colour) ** 3)
    return result


def srgb8_to_oklab(colour: Bytes) -> Floats:
    """Turn sRGB bytes, shape (..., 3), into OKLab."""
    return linear_to_oklab(srgb8_to_linear(colour))


def _words(colours: Bytes) -> NDArray[np.int64]:
    parts = colours.astype(np.int64)
    words: NDArray[np.int64] = (parts[..., 0] << 16) | (parts[..., 1] << 8) | parts[..., 2]
    return words


def _unpacked(words: NDArray[np.int64]) -> Bytes:
    unpacked: Bytes = np.stack([words >> 16, (words >> 8) & 255, words & 255], axis=-1).astype(np.uint8)
    return unpacked


def _squared_distance(colours: Floats, centres: Floats) -> Floats:
    """Return (M, K) squared distances between (M, 3) and (K, 3)."""
    total = np.zeros((colours.shape[0], centres.shape[0]))
    for channel in range(3):
        total += (colours[:, None, channel] - centres[None, :, channel]) ** 2
    return total


def _nearest(colours: Floats, centres: Floats) -> NDArray[np.int64]:
    nearest = np.empty(colours.shape[0], dtype=np.int64)
    for begin in range(0, colours.shape[0], _BLOCK):
        block = slice(begin, begin + _BLOCK)
        nearest[block] = _squared_distance(colours[block], centres).argmin(axis=1)
    return nearest


def _flat_colours(pages: Bytes, most: int) -> NDArray[np.int64]:
    """Colours that cover a good part of some page to the byte, the most covering first."""
    covered: dict[int, float] = {}
    for page in pages:
        words, counts = np.unique(_words(page), return_counts=True)
        for word, count in zip(words.tolist(), counts.tolist(), strict=True):
            if count >= _FLAT_SHARE * page.shape[0] * page.shape[1]:
                covered[word] = covered.get(word, 0.0) + count
    ranked = sorted(covered, key=lambda word: (-covered[word], word))
    return np.array(ranked[:most], dtype=np.int64)


def _binned(words: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Gather similar colours (the upper 6 bits of each byte) into weighted means, in OKLab."""
    bins, member = np.unique(words & 0xFCFCFC, return_inverse=True)
    member = member.reshape(-1)
    weight = np.bincount(member, weights=counts, minlength=bins.size)
    lab = srgb8_to_oklab(_unpacked(words))
    mean = [np.bincount(member, weights=lab[:, k] * counts, minlength=bins.size) / weight for k in range(3)]
    return np.asarray(np.stack(mean, axis=-1), dtype=np.float64), np.asarray(weight, dtype=np.float64)


def choose_palette(pages: Bytes, colours: int) -> Bytes:
    """Choose the card colours for all pages of a book.

    Colours that fill at least 3 % of some page, such as fills and lettering, are kept to the byte (up to
    three quarters of the palette while other colours need room). The rest is k-means in OKLab, started from
    the colours that are worst served so far; nothing is random.

    Parameters
    ----------
    pages : ndarray of uint8, shape (P, R, C, 3)
        sRGB pictures.
    colours
        How many colours at most, 1 to 256.

    Returns
    -------
    ndarray of uint8, shape (K, 3), K <= colours
        sRGB, no colour twice, from dark to light. All colours of the pages where they are few enough. On the
        pages' own device; computed on the host.

    Raises
    ------
    PaletteError
        If there are no pages, or ``colours`` is out of range.
    """
    if pages.ndim != 4 or pages.shape[-1] != 3 or pages.size == 0 or pages.dtype != np.uint8:
        raise PaletteError(f"pages must be uint8 of shape (P, R, C, 3), not {pages.dtype} of {pages.shape}")
    if not 1 <= colours <= MAX_COLOURS:
        raise PaletteError(f"a palette has 1 to {MAX_COLOURS} colours, not {colours}")
    xp, pages = array_module(pages), to_numpy(pages)
    words, counts = np.unique(_words(pages), return_counts=True)
    if words.size <= colours:
        chosen = words
    else:
        flat = _flat_colours(pages, max(1, colours * 3 // 4))
        others = ~np.isin(words, flat)
        lab, weight = _binned(words[others], counts[others])
        chosen = np.union1d(flat, _grown(lab, weight, srgb8_to_oklab(_unpacked(flat)), colours - flat.size))
    palette = _unpacked(chosen)
    lightness = np.round(srgb8_to_oklab(palette)[:, 0], 9)
    result: Bytes = xp.asarray(palette[np.lexsort((chosen, lightness))])
    return result


def _grown(lab: Floats, weight: Floats, fixed: Floats, wanted: int) -> NDArray[np.int64]:
    """K-means with some centres held fixed; returns the free ones as colour words."""
    centres = fixed
    if not fixed.size:
        centres = lab[[int(weight.argmax())]]
    held = fixed.shape[0]
    cost = np.full(lab.shape[0], np.inf)
    for centre in centres:
        cost = np.minimum(cost, _squared_distance(lab, centre[None])[:, 0])
    while centres.shape[0] < held + wanted:
        worst = int((cost * weight).argmax())
        if cost[worst] == 0.0:
            break
        centres = np.concatenate([centres, lab[[worst]]])
        cost = np.minimum(cost, _squared_distance(lab, lab[[worst]])[:, 0])
    free = centres.shape[0] - held
    for _ in range(_ROUNDS if free else 0):
        member = _nearest(lab, centres)
        total = np.bincount(member, weights=weight, minlength=centres.shape[0])
        moved = centres.copy()
        for k in range(3):
            sums = np.bincount(member, weights=weight * lab[:, k], minlength=centres.shape[0])
            moved[held:, k] = np.where(total > 0, sums / np.maximum(total, 1.0), centres[:, k])[held:]
        if np.array_equal(moved, centres):
            break
        centres = moved
    return _words(linear_to_srgb8(oklab_to_linear(centres[held:])))


def match(picture: Bytes, palette: Bytes, dither: Dither = "blue_noise") -> Bytes:
    """Paint a picture with the colours of a palette.

    Cells whose colour is in the palette to the byte keep it under every dither.

    Parameters
    ----------
    picture : ndarray of uint8, shape (R, C, 3)
        sRGB; one pixel a card.
    palette : ndarray of uint8, shape (K, 3), K <= 256
        sRGB.
    dither
        ``none``: the nearest colour. ``blue_noise``: mixes of two colours, by a blue-noise threshold (after
        J. Yliluoma, "Arbitrary-palette positional dithering algorithm", 2011). ``floyd_steinberg``: the
        error goes on to the neighbours (R. W. Floyd and L. Steinberg, 1976), in linear light.

    Returns
    -------
    ndarray of uint8, shape (R, C)
        Palette indices, on the picture's own device; computed on the host.

    Raises
    ------
    PaletteError
        For an unknown dither, or arrays of other shapes.
    """
    if picture.ndim != 3 or picture.shape[-1] != 3 or picture.dtype != np.uint8:
        raise PaletteError(
            f"a picture must be uint8 of shape (R, C, 3), not {picture.dtype} of {picture.shape}"
        )
    if palette.ndim != 2 or palette.shape[-1] != 3 or not 1 <= palette.shape[0] <= MAX_COLOURS:
        raise PaletteError(
            f"a palette must be of shape (K, 3) with K from 1 to {MAX_COLOURS}, not {palette.shape}"
        )
    if dither not in DITHERS:
        raise PaletteError(f"unknown dither {dither!r}; there are {', '.join(DITHERS)}")
    xp, host, cards = array_module(picture), to_numpy(picture), to_numpy(palette)
    words, member = np.unique(_words(host), return_inverse=True)
    member = member.reshape(host.shape[:2])
    unique = _unpacked(words)
    nearest = _nearest(srgb8_to_oklab(unique), srgb8_to_oklab(cards))
    exact = (cards[nearest] == unique).all(axis=1)
    if dither == "none" or bool(exact.all()):
        index = nearest[member]
    elif dither == "blue_noise":
        first, second, share = nearest.copy(), nearest.copy(), np.zeros(words.size)
        first[~exact], second[~exact], share[~exact] = _mixes(unique[~exact], cards)
        index = np.where(_tiled(host.shape) < share[member], second[member], first[member])
    else:
        index = _diffused(srgb8_to_linear(host), cards, nearest[member], exact[member])
    result: Bytes = xp.asarray(index.astype(np.uint8))
    return result


def _tiled(shape: tuple[int, ...]) -> Floats:
    noise = blue_noise()
    rows, columns = -(-shape[0] // noise.shape[0]), -(-shape[1] // noise.shape[1])
    return np.tile(noise, (rows, columns))[: shape[0], : shape[1]]


def _mixes(unique: Bytes, cards: Bytes) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return for each colour the two cards whose mix looks most like it, and the second one's share."""
    light, lab = srgb8_to_linear(unique), srgb8_to_oklab(unique)
    card_light, card_lab = srgb8_to_linear(cards), srgb8_to_oklab(cards)
    near = np.argsort(_squared_distance(lab, card_lab), axis=1, kind="stable")[:, :_NEIGHBOURS]
    first, second, share = near[:, 0].copy(), near[:, 0].copy(), np.zeros(lab.shape[0])
    best = ((lab - card_lab[first]) ** 2).sum(axis=1)
    for i in range(near.shape[1]):
        for j in range(i + 1, near.shape[1]):
            a, b = near[:, i], near[:, j]
            step = card_light[b] - card_light[a]
            along = ((light - card_light[a]) * step).sum(axis=1) / np.maximum(
                (step * step).sum(axis=1), 1e-12
            )
            part = np.clip(along, 0.0, 1.0)
            mixed = linear_to_oklab(card_light[a] + part[:, None] * step)
            cost = ((lab - mixed) ** 2).sum(axis=1)
            # two cards far apart make a coarse texture, so a mix of near ones may be a little further off
            cost += _CONTRAST_COST * part * (1.0 - part) * ((card_lab[a] - card_lab[b]) ** 2).sum(axis=1)
            better = cost < best
            best = np.where(better, cost, best)
            first, second = np.where(better, a, first), np.where(better, b, second)
            share = np.where(better, part, share)
    # one order for both ways of naming a pair, or the threshold's texture would break where nearness swaps
    swapped = first > second
    first, second = np.where(swapped, second, first), np.where(swapped, first, second)
    return first, second, np.where(swapped, 1.0 - share, share)


def _diffused(
    light: Floats, cards: Bytes, nearest: NDArray[np.int64], exact: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Floyd and Steinberg's diffusion, along the slanted lines whose cells do not depend on each other."""
    rows, columns = exact.shape
    card_light, card_lab = srgb8_to_linear(cards), srgb8_to_oklab(cards)
    value = np.zeros((rows + 1, columns + 2, 3))
    value[:rows, 1:-1] = light
    index = np.empty((rows, columns), dtype=np.int64)
    for line in range(columns + 2 * (rows - 1)):
        row = np.arange(max(0, (line - columns + 2) // 2), min(rows - 1, line // 2) + 1)
        column = line - 2 * row
        # narrow bounds, or errors would pile up where no card comes near; narrower ones would lose light
        wanted = np.clip(value[row, column + 1], -0.25, 1.25)
        found = _squared_distance(linear_to_oklab(np.clip(wanted, 0.0, 1.0)), card_lab).argmin(axis=1)
        keep = exact[row, column]
        found = np.where(keep, nearest[row, column], found)
        index[row, column] = found
        error = np.where(keep[:, None], 0.0, wanted - card_light[found])
        for down, right, weight in ((0, 1, 7 / 16), (1, -1, 3 / 16), (1, 0, 5 / 16), (1, 1, 1 / 16)):
            value[row + down, column + 1 + right] += error * weight
    return index
