"""Each page in the colours of the cards: the nearest colour, or mixes that look alike from far away."""

from __future__ import annotations

import itertools
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

_NEIGHBOURS, _NEAR_FOR_THREE = 6, 10
_FAR_OFF, _MUCH_BETTER = 0.025, 0.8
_FEW = 1 << 8
_CONTRAST_COST = 0.08
_MIXING_COST = 0.03
_OWED_TO, _OWED = 3, 1.25
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
        ``none``: the nearest colour. ``blue_noise``: mixes of two colours, or three where no two come near,
        by a blue-noise threshold (after J. Yliluoma, "Arbitrary-palette positional dithering algorithm",
        2011); similar colours are mixed in the same way. ``floyd_steinberg``: the error goes on to the
        neighbours (R. W. Floyd and L. Steinberg, 1976), in linear light, as far as cards can make it good.

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
    mixed, share = _mixes(from_codes(present), cards)
    # all cards and where one begins to follow the other, in 1/65535, in one number, so that a cell is looked
    # up once
    steps = np.rint(np.cumsum(share[:, :0:-1], axis=1) * 65535.0).astype(np.uint64)
    parts = zip((0, 8, 16, 24, 40), (*mixed.T.astype(np.uint64), steps[:, 1], steps[:, 0]), strict=True)
    mix = np.zeros(CODES, dtype=np.uint64)
    for place, part in parts:
        mix[present] |= part << np.uint64(place)
    threshold = np.rint(_tiled(pages.shape[1:3]) * 65535.0).astype(np.uint16)
    index = np.empty(codes.shape, dtype=np.uint8)
    for page, page_codes in enumerate(codes):
        chosen = mix[page_codes]
        cards_here = chosen.astype(np.uint32)
        lighter = threshold < (chosen >> np.uint64(24)).astype(np.uint16)
        lightest = threshold < (chosen >> np.uint64(40)).astype(np.uint16)
        index[page] = cards_here >> (8 * (lighter.astype(np.uint32) + lightest))
    cells, card = exact_cells(pages, codes.reshape(-1), cards)
    index.reshape(-1)[cells] = card
    return index


def _tiled(shape: tuple[int, ...]) -> Floats:
    noise = blue_noise()
    rows, columns = -(-shape[0] // noise.shape[0]), -(-shape[1] // noise.shape[1])
    return np.tile(noise, (rows, columns))[: shape[0], : shape[1]]


def _mixes(colours: Bytes, cards: Bytes) -> tuple[NDArray[np.int64], Floats]:
    """Return for each colour the cards whose mix looks most like it, and their shares; two or three.

    Returns
    -------
    cards : ndarray of int64, shape (M, 3)
        From dark to light: one order for all ways of naming a mix, or the threshold's texture would break
        where nearness swaps.
    share : ndarray of float64, shape (M, 3)
    """
    blocks = [
        _mixes_of_some(colours[begin : begin + _BLOCK], cards) for begin in range(0, len(colours), _BLOCK)
    ]
    if not blocks:
        return np.zeros((0, 3), dtype=np.int64), np.zeros((0, 3))
    mixed, share = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    place = np.empty(cards.shape[0], dtype=np.int64)
    place[np.argsort(srgb8_to_oklab(cards)[:, 0], kind="stable")] = np.arange(cards.shape[0])
    # those of no share go last of all, so that they do not stand between the others
    order = np.argsort(np.where(share > 0, place[mixed], -1), axis=1, kind="stable")
    return np.take_along_axis(mixed, order, axis=1), np.take_along_axis(share, order, axis=1)


def _mixes_of_some(colours: Bytes, cards: Bytes) -> tuple[NDArray[np.int64], Floats]:
    light, lab = srgb8_to_linear(colours), srgb8_to_oklab(colours)
    card_light, card_lab = srgb8_to_linear(cards), srgb8_to_oklab(cards)
    near = np.argsort(squared_distance(lab, card_lab), axis=1, kind="stable")[:, :_NEAR_FOR_THREE]
    mixed = np.repeat(near[:, :1], 3, axis=1)
    share = np.zeros(mixed.shape)
    share[:, 0] = 1.0
    alone = ((lab - card_lab[mixed[:, 0]]) ** 2).sum(axis=1)
    best, missed = np.full(lab.shape[0], np.inf), alone.copy()
    for i, j in itertools.combinations(range(min(_NEIGHBOURS, near.shape[1])), 2):
        a, b = near[:, i], near[:, j]
        step = card_light[b] - card_light[a]
        along = _dot(light - card_light[a], step) / np.maximum(_dot(step, step), 1e-12)
        part = np.clip(along, 0.0, 1.0)
        off = lab - linear_to_oklab(card_light[a] + part[:, None] * step)
        error = _dot(off, off)
        # two cards far apart make a coarse texture: a mix of near ones, or one card alone, may be a little
        # further off, but what only two far ones can mix must not be lost
        apart = card_lab[a] - card_lab[b]
        contrast = part * (1.0 - part) * _dot(apart, apart)
        cost = error + _CONTRAST_COST * contrast
        better = (cost < best) & (error + _MIXING_COST * contrast < alone)
        best, missed = np.where(better, cost, best), np.where(better, error, missed)
        mixed[better, :2] = near[better][:, [i, j]]
        share[better, 0], share[better, 1] = 1.0 - part[better], part[better]
    poor = np.flatnonzero(missed > _FAR_OFF**2) if near.shape[1] > 2 else ()
    for begin in range(0, len(poor), _FEW):
        some = poor[begin : begin + _FEW]
        three, part, found = _of_three(light[some], lab[some], near[some], card_light, card_lab, missed[some])
        mixed[some[found]], share[some[found]] = three[found], part[found]
    return mixed, share


def _of_three(
    light: Floats,
    lab: Floats,
    near: NDArray[np.int64],
    card_light: Floats,
    card_lab: Floats,
    missed: Floats,
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Return mixes of three of the cards near each colour, and for which colours they are much better."""
    threes = np.array(list(itertools.combinations(range(near.shape[1]), 3)))
    cards = near[:, threes]
    first, second, third = (card_light[cards[..., k]] for k in range(3))
    u, v, t = second - first, third - first, light[:, None] - first
    uu, uv, vv, tu, tv = (_dot(x, y) for x, y in ((u, u), (u, v), (v, v), (t, u), (t, v)))
    whole = np.maximum(uu * vv - uv * uv, 1e-12)
    along_u, along_v = (vv * tu - uv * tv) / whole, (uu * tv - uv * tu) / whole
    share = np.stack([1.0 - along_u - along_v, along_u, along_v], axis=-1)
    shown = first + along_u[..., None] * u + along_v[..., None] * v
    off = linear_to_oklab(np.clip(shown, 0.0, 1.0)) - lab[:, None]
    seen = card_lab[cards]
    spread = seen - (share[..., None] * seen).sum(axis=2, keepdims=True)
    cost = _dot(off, off) + _MIXING_COST * (share * _dot(spread, spread)).sum(axis=-1)
    cost = np.where((share > 0.0).all(axis=-1), cost, np.inf)
    best = cost.argmin(axis=1)
    each = np.arange(best.size)
    return cards[each, best], share[each, best], cost[each, best] < _MUCH_BETTER * missed


def _dot(one: Floats, other: Floats) -> Floats:
    x, y, z = (np.multiply(one[..., axis], other[..., axis]) for axis in range(3))
    product: Floats = x + y + z
    return product


def _diffused(pages: Bytes, cards: Bytes) -> Bytes:
    """Floyd and Steinberg's diffusion, along the slanted lines whose cells do not depend on each other.

    The shares that go to the neighbours are shifted a little at each seat, so that no worms or rows of dots
    form (R. Ulichney, "Dithering with blue noise", Proc. IEEE 76, 1988).
    """
    count, rows, columns = pages.shape[:3]
    card_light, card_lab = srgb8_to_linear(cards), srgb8_to_oklab(cards)
    codes = to_codes(pages)
    kept = np.full((count, rows, columns), -1, dtype=np.int64)
    cells, card = exact_cells(pages, codes.reshape(-1), cards)
    kept.reshape(-1)[cells] = card
    reach = _reach(codes, cards)
    # one more each way, for what falls over the edges
    carried = np.zeros((rows + 1, columns + 2, count, 3))
    shift = 2.0 * _tiled((rows, columns)) - 1.0
    other = np.roll(shift, (31, 17), axis=(0, 1))
    shares = (
        (0, 1, (7 + shift) / 16),
        (1, 1, (1 - shift) / 16),
        (1, -1, (3 + 3 * other) / 16),
        (1, 0, (5 - 3 * other) / 16),
    )
    index = np.empty((count, rows, columns), dtype=np.uint8)
    for line in range(columns + 2 * (rows - 1)):
        row = np.arange(max(0, (line - columns + 2) // 2), min(rows - 1, line // 2) + 1)
        column = line - 2 * row
        owed = carried[row, column + 1]
        most = reach[:, row, column].T
        length = np.sqrt((owed**2).sum(axis=-1))
        owed *= (most / np.maximum(length, np.maximum(most, 1e-12)))[..., None]
        wanted = srgb8_to_linear(pages[:, row, column]).swapaxes(0, 1) + owed
        lab = linear_to_oklab(np.clip(wanted, 0.0, 1.0)).reshape(-1, 3)
        held = kept[:, row, column].T
        found = np.where(held >= 0, held, nearest(lab, card_lab).reshape(held.shape))
        index[:, row, column] = found.T
        error = np.where((held >= 0)[..., None], 0.0, wanted - card_light[found])
        for down, right, share in shares:
            carried[row + down, column + 1 + right] += error * share[row, column][:, None, None]
    return index


def _reach(codes: Words, cards: Bytes) -> Floats:
    """Return how much light may be owed to each cell: a little more than leads to the third nearest card.

    Where no mix of cards comes near a colour, what is owed would else pile up and smear over what follows.
    """
    present = np.flatnonzero(np.bincount(codes.reshape(-1), minlength=CODES)).astype(np.uint32)
    light, card_light = srgb8_to_linear(from_codes(present)), srgb8_to_linear(cards)
    nth = min(_OWED_TO, cards.shape[0]) - 1
    reach = np.zeros(CODES)
    for begin in range(0, present.size, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        distance = squared_distance(light[block], card_light)
        reach[present[block]] = _OWED * np.sqrt(np.partition(distance, nth, axis=1)[:, nth])
    found: Floats = reach[codes]
    return found
