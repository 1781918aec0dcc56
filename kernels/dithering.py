"""Each page in the colours of the cards: the nearest colour, or mixes that look alike from far away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from .array_module import array_module, to_numpy
from .blue_noise import blue_noise
from .colour_codes import CODES, from_codes, from_words, to_codes, to_words
from .oklab import linear_to_oklab, nearest, squared_distance, srgb8_to_linear, srgb8_to_oklab

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Words = NDArray[np.uint32]
    Floats = NDArray[np.float64]

Dither = Literal["none", "blue_noise", "floyd_steinberg"]
DITHERS: tuple[Dither, ...] = ("none", "blue_noise", "floyd_steinberg")
MAX_COLOURS = 256

_NEIGHBOURS = 6
_CONTRAST_COST = 0.08
_MIXING_COST = 0.03
_BLOCK = 1 << 12
_DIFFUSED_AT_ONCE = 1 << 19
_FEW_CELLS = 1 << 18


class PaletteError(ValueError):
    """A palette, picture or dither that cannot be used; the message says why."""


def match(picture: Bytes, palette: Bytes, dither: Dither = "blue_noise") -> Bytes:
    """Paint a picture with the colours of a palette; see `match_pages`.

    Parameters
    ----------
    picture : ndarray of uint8, shape (R, C, 3)
        sRGB; one pixel a card.
    palette : ndarray of uint8, shape (K, 3), K <= 256
        sRGB.
    dither
        One of `DITHERS`.

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
    result: Bytes = match_pages(picture[None], palette, dither)[0]
    return result


def match_pages(pages: Bytes, palette: Bytes, dither: Dither = "blue_noise") -> Bytes:
    """Paint pages with the colours of a palette.

    Cells whose colour is in the palette to the byte keep it under every dither. Each page comes out as it
    does alone.

    Parameters
    ----------
    pages : ndarray of uint8, shape (P, R, C, 3)
        sRGB; one pixel a card.
    palette : ndarray of uint8, shape (K, 3), K <= 256
        sRGB.
    dither
        ``none``: the nearest colour. ``blue_noise``: mixes of two colours, by a blue-noise threshold (after
        J. Yliluoma, "Arbitrary-palette positional dithering algorithm", 2011); similar colours are mixed in
        the same way. ``floyd_steinberg``: the error goes on to the neighbours (R. W. Floyd and L.
        Steinberg, 1976), in linear light.

    Returns
    -------
    ndarray of uint8, shape (P, R, C)
        Palette indices, on the pages' own device; computed on the host.

    Raises
    ------
    PaletteError
        For an unknown dither, or arrays of other shapes.
    """
    if pages.ndim != 4 or pages.shape[-1] != 3 or pages.dtype != np.uint8:
        raise PaletteError(f"pages must be uint8 of shape (P, R, C, 3), not {pages.dtype} of {pages.shape}")
    if palette.ndim != 2 or palette.shape[-1] != 3 or not 1 <= palette.shape[0] <= MAX_COLOURS:
        raise PaletteError(
            f"a palette must be of shape (K, 3) with K from 1 to {MAX_COLOURS}, not {palette.shape}"
        )
    if dither not in DITHERS:
        raise PaletteError(f"unknown dither {dither!r}; there are {', '.join(DITHERS)}")
    xp, host, cards = array_module(pages), to_numpy(pages), to_numpy(palette)
    if dither == "blue_noise":
        index = _mixed(host, cards)
    elif dither == "floyd_steinberg":
        step = max(1, _DIFFUSED_AT_ONCE // max(host[0].size, 1)) if host.size else 1
        parts = [_diffused(host[k : k + step], cards) for k in range(0, host.shape[0], step)]
        index = np.concatenate(parts) if parts else np.zeros(host.shape[:-1], dtype=np.uint8)
    else:
        index = _nearest_cards(to_words(host), cards)
    result: Bytes = xp.asarray(index)
    return result


def _nearest_cards(words: Words, cards: Bytes) -> Bytes:
    """Return the nearest card to each word, of any shape; each word is looked up once."""
    card_lab = srgb8_to_oklab(cards)
    if words.size <= _FEW_CELLS:
        unique, member = np.unique(words, return_inverse=True)
        found: Bytes = nearest(srgb8_to_oklab(from_words(unique)), card_lab).astype(np.uint8)
        return np.asarray(found[member.reshape(words.shape)], dtype=np.uint8)
    table: Bytes = np.zeros(1 << 24, dtype=np.uint8)
    table[words] = 1
    unique = np.flatnonzero(table).astype(np.uint32)
    table[unique] = nearest(srgb8_to_oklab(from_words(unique)), card_lab)
    return np.asarray(table[words], dtype=np.uint8)


def exact_cells(pages: Bytes, codes: Words, cards: Bytes) -> tuple[NDArray[np.int64], Bytes]:
    """Return which cells have a card's colour to the byte, and the card.

    Parameters
    ----------
    pages : ndarray of uint8, shape (..., 3)
    codes : ndarray of uint32, shape (cells,)
        Of the same cells, from `to_codes`.
    cards : ndarray of uint8, shape (K, 3)

    Returns
    -------
    cells : ndarray of int64, shape (M,)
        Flat indices.
    card : ndarray of uint8, shape (M,)
        The first card of that colour.
    """
    may_be = np.zeros(CODES, dtype=bool)
    may_be[to_codes(cards)] = True
    cells = np.flatnonzero(may_be[codes])
    words = to_words(pages.reshape(-1, 3)[cells])
    known, first = np.unique(to_words(cards), return_index=True)
    place = np.minimum(np.searchsorted(known, words), known.size - 1)
    exact = known[place] == words
    return cells[exact], first[place[exact]].astype(np.uint8)


def _mixed(pages: Bytes, cards: Bytes) -> Bytes:
    """Dither by a threshold that is fixed to the seats."""
    codes = to_codes(pages)
    used = np.zeros(CODES, dtype=bool)
    used[codes] = True
    present = np.flatnonzero(used).astype(np.uint32)
    first, second, share = _mixes(from_codes(present), cards)
    # both cards and the share of the second, in 1/65536, in one number, so that a cell is looked up once
    mix = np.zeros(CODES, dtype=np.uint32)
    mix[present] = (np.rint(share * 65535.0).astype(np.int64) << 16) | (second << 8) | first
    threshold = np.rint(_tiled(pages.shape[1:3]) * 65535.0).astype(np.uint32)
    index = np.empty(codes.shape, dtype=np.uint8)
    for page, page_codes in enumerate(codes):
        chosen = mix[page_codes]
        index[page] = np.where(threshold < chosen >> 16, chosen >> 8, chosen).astype(np.uint8)
    cells, card = exact_cells(pages, codes.reshape(-1), cards)
    index.reshape(-1)[cells] = card
    return index


def _tiled(shape: tuple[int, ...]) -> Floats:
    noise = blue_noise()
    rows, columns = -(-shape[0] // noise.shape[0]), -(-shape[1] // noise.shape[1])
    return np.tile(noise, (rows, columns))[: shape[0], : shape[1]]


def _mixes(colours: Bytes, cards: Bytes) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return for each colour the two cards whose mix looks most like it, and the second one's share."""
    if colours.shape[0] > _BLOCK:
        blocks = [_mixes(colours[k : k + _BLOCK], cards) for k in range(0, colours.shape[0], _BLOCK)]
        first, second, share = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        return first, second, share
    light, lab = srgb8_to_linear(colours), srgb8_to_oklab(colours)
    card_light, card_lab = srgb8_to_linear(cards), srgb8_to_oklab(cards)
    near = np.argsort(squared_distance(lab, card_lab), axis=1, kind="stable")[:, :_NEIGHBOURS]
    first, second, share = near[:, 0].copy(), near[:, 0].copy(), np.zeros(lab.shape[0])
    alone = ((lab - card_lab[first]) ** 2).sum(axis=1)
    best = np.full(lab.shape[0], np.inf)
    for i in range(near.shape[1]):
        for j in range(i + 1, near.shape[1]):
            a, b = near[:, i], near[:, j]
            step = card_light[b] - card_light[a]
            along = ((light - card_light[a]) * step).sum(axis=1) / np.maximum(
                (step * step).sum(axis=1), 1e-12
            )
            part = np.clip(along, 0.0, 1.0)
            mixed = linear_to_oklab(card_light[a] + part[:, None] * step)
            error = ((lab - mixed) ** 2).sum(axis=1)
            # two cards far apart make a coarse texture: a mix of near ones, or one card alone, may be a
            # little further off, but what only two far ones can mix must not be lost
            contrast = part * (1.0 - part) * ((card_lab[a] - card_lab[b]) ** 2).sum(axis=1)
            cost = error + _CONTRAST_COST * contrast
            better = (cost < best) & (error + _MIXING_COST * contrast < alone)
            best = np.where(better, cost, best)
            first, second = np.where(better, a, first), np.where(better, b, second)
            share = np.where(better, part, share)
    # one order for both ways of naming a pair, or the threshold's texture would break where nearness swaps
    swapped = first > second
    first, second = np.where(swapped, second, first), np.where(swapped, first, second)
    return first, second, np.where(swapped, 1.0 - share, share)


def _diffused(pages: Bytes, cards: Bytes) -> Bytes:
    """Floyd and Steinberg's diffusion, along the slanted lines whose cells do not depend on each other."""
    count, rows, columns = pages.shape[:3]
    card_light, card_lab = srgb8_to_linear(cards), srgb8_to_oklab(cards)
    kept = np.full(count * rows * columns, -1, dtype=np.int64)
    cells, card = exact_cells(pages, to_codes(pages).reshape(-1), cards)
    kept[cells] = card
    kept = kept.reshape(count, rows, columns)
    value = np.zeros((rows + 1, columns + 2, count, 3))
    value[:rows, 1:-1] = srgb8_to_linear(pages).transpose(1, 2, 0, 3)
    index = np.empty((count, rows, columns), dtype=np.uint8)
    for line in range(columns + 2 * (rows - 1)):
        row = np.arange(max(0, (line - columns + 2) // 2), min(rows - 1, line // 2) + 1)
        column = line - 2 * row
        # narrow bounds, or errors would pile up where no card comes near; narrower ones would lose light
        wanted = np.clip(value[row, column + 1], -0.25, 1.25)
        lab = linear_to_oklab(np.clip(wanted, 0.0, 1.0)).reshape(-1, 3)
        held = kept[:, row, column].T
        found = np.where(held >= 0, held, nearest(lab, card_lab).reshape(held.shape))
        index[:, row, column] = found.T
        error = np.where((held >= 0)[..., None], 0.0, wanted - card_light[found])
        for down, right, weight in ((0, 1, 7 / 16), (1, -1, 3 / 16), (1, 0, 5 / 16), (1, 1, 1 / 16)):
            value[row + down, column + 1 + right] += error * weight
    return index
