"""Colours of the cards: a palette for all pages of a book, chosen freely or from a stock of paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .array_module import array_module, to_numpy
from .colour_codes import CODES, from_words, to_codes, to_words
from .dithering import MAX_COLOURS, PaletteError, exact_cells
from .oklab import (
    linear_to_oklab,
    linear_to_srgb8,
    nearest,
    oklab_to_linear,
    squared_distance,
    srgb8_to_linear,
    srgb8_to_oklab,
)

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Words = NDArray[np.uint32]
    Floats = NDArray[np.float64]

_ALIKE = 0.01
_FLAT_SHARE = 0.03
_MANY = 1 << 14
_COARSE = np.uint32(0b111110_111110_111110)
_ALONE_WITHIN = 0.06
_ALONE_SHARE = 0.5
_ROUNDS = 24
_ROUNDS_AFTER = 4
_SETTLED = 1e-4
_NEAR = 0.05
_EXCHANGES = 30
_WORTH = 0.999
_OUTWARD = 0.65
_PURE = 0.5
_TOO_LIKE = 0.02


def choose_palette(pages: Bytes, colours: int) -> Bytes:
    """Choose the card colours for all pages of a book.

    Colours that fill at least 3 % of some page, such as fills and lettering, are kept to the byte (up to
    three quarters of the palette while other colours need room). The rest starts from the colours that are
    worst served so far, and settles on the medians of what each serves, in OKLab: a mean would be dulled by
    the blends around a small bright figure. From there each moves a little outwards, since dithering mixes
    what lies between colours, but never what lies beyond them. Nothing is random.

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
    xp, host = _checked(pages, colours)
    words = to_words(host)
    few = _few_words(words, colours)
    if few is not None:
        chosen = few
    else:
        flat = _flat_words(words, max(1, colours * 3 // 4))
        found = _gather(host, from_words(flat))
        centres, held = _grown(found, srgb8_to_oklab(from_words(flat)), colours - flat.size)
        centres = _spread(found, _exchanged(found, _settled(found, centres, held, _ROUNDS), held), held)
        chosen = np.union1d(flat, _pure(found, centres[flat.size :], words))
    palette = from_words(chosen)
    lightness = np.round(srgb8_to_oklab(palette)[:, 0], 9)
    result: Bytes = xp.asarray(palette[np.lexsort((chosen, lightness))])
    return result


def choose_from_stock(pages: Bytes, stock: Bytes, colours: int) -> Bytes:
    """Choose those colours of a stock of paper that serve the pages best.

    Parameters
    ----------
    pages : ndarray of uint8, shape (P, R, C, 3)
        sRGB pictures.
    stock : ndarray of uint8, shape (S, 3)
        sRGB of the papers that can be had, no colour twice.
    colours
        How many of them at most, 1 to 256.

    Returns
    -------
    ndarray of uint8, shape (K, 3), K <= colours
        Rows of ``stock``, in its order; all of them where it has no more. On the pages' own device; computed
        on the host.

    Raises
    ------
    PaletteError
        If there are no pages or papers, or ``colours`` is out of range.
    """
    xp, host = _checked(pages, colours)
    papers = to_numpy(stock)
    if papers.ndim != 2 or papers.shape[-1] != 3 or papers.shape[0] < 1 or papers.dtype != np.uint8:
        raise PaletteError(f"a stock must be uint8 of shape (S, 3), not {papers.dtype} of {papers.shape}")
    if papers.shape[0] > colours:
        found = _gather(host, papers[:0])
        distance = squared_distance(found.lab, srgb8_to_oklab(papers)) * found.weight[:, None]
        papers = papers[np.sort(_best_columns(distance, colours))]
    result: Bytes = xp.asarray(papers)
    return result


def _checked(pages: Bytes, colours: int) -> tuple[ModuleType, Bytes]:
    if pages.ndim != 4 or pages.shape[-1] != 3 or pages.size == 0 or pages.dtype != np.uint8:
        raise PaletteError(f"pages must be uint8 of shape (P, R, C, 3), not {pages.dtype} of {pages.shape}")
    if not 1 <= colours <= MAX_COLOURS:
        raise PaletteError(f"a palette has 1 to {MAX_COLOURS} colours, not {colours}")
    return array_module(pages), to_numpy(pages)


def _few_words(words: Words, most: int) -> Words | None:
    """Return all colours, if they are no more than `most`."""
    found: Words = np.zeros(0, dtype=np.uint32)
    for page in words:
        found = np.union1d(found, page)
        if found.size > most:
            return None
    return found


def _flat_words(words: Words, most: int) -> Words:
    """Colours that cover a good part of some page to the byte, the most covering first.

    Of colours that nobody could tell apart on paper only the one that covers most is kept.
    """
    covered: dict[int, int] = {}
    for page in words:
        found, counts = np.unique(page, return_counts=True)
        flat = counts >= _FLAT_SHARE * page.size
        for word, count in zip(found[flat].tolist(), counts[flat].tolist(), strict=True):
            covered[word] = covered.get(word, 0) + count
    ranked = np.array(sorted(covered, key=lambda word: (-covered[word], word)), dtype=np.uint32)
    lab = srgb8_to_oklab(from_words(ranked))
    kept: list[int] = []
    for index in range(ranked.size):
        if not kept or float(((lab[kept] - lab[index]) ** 2).sum(axis=1).min()) >= _ALIKE**2:
            kept.append(index)
    return ranked[kept[:most]]


@dataclass(frozen=True, eq=False)
class _Gathered:
    """Similar colours of all pages taken together.

    Attributes
    ----------
    lab : ndarray of float64, shape (M, 3)
        The mean of each in linear light, in OKLab.
    weight : ndarray of float64, shape (M,)
        How many cells each has.
    code : ndarray of uint32, shape (M,)
        What its colours have in common; rising.
    codes : ndarray of uint32, shape (cells,)
        The same of every cell.
    """

    lab: Floats
    weight: Floats
    code: Words
    codes: Words


def _gather(pages: Bytes, left_out: Bytes) -> _Gathered:
    """Gather similar colours, all but those left out."""
    codes, colours = to_codes(pages).reshape(-1), pages.reshape(-1, 3)
    kept = np.ones(codes.size, dtype=bool)
    kept[exact_cells(pages, codes, left_out)[0]] = False
    if np.count_nonzero(np.bincount(codes[kept], minlength=CODES)) > _MANY:
        codes &= _COARSE
    counted, colours = codes[kept], colours[kept]
    count = np.bincount(counted, minlength=CODES)
    code = np.flatnonzero(count)
    weight = count[code].astype(np.float64)
    decoded = srgb8_to_linear(np.arange(256, dtype=np.uint8))
    light = [np.bincount(counted, weights=decoded[colours[:, k]], minlength=CODES)[code] for k in range(3)]
    lab = linear_to_oklab(np.stack(light, axis=-1) / weight[:, None])
    return _Gathered(lab, weight, code.astype(np.uint32), codes)


def _grown(found: _Gathered, fixed: Floats, wanted: int) -> tuple[Floats, int]:
    """Add to fixed centres, one after another, the colours that are worst served.

    Returns the centres and how many of them are to stay where they are: the fixed ones, and after them those
    that stand alone, with little of a similar colour around them.
    """
    lab, weight = found.lab, found.weight
    cost = np.full(lab.shape[0], np.inf)
    for centre in fixed:
        cost = np.minimum(cost, squared_distance(lab, centre[None])[:, 0])
    if not fixed.size:
        cost[:] = 1.0
    alone: list[int] = []
    others: list[int] = []
    for turn in range(wanted):
        worst = int((cost * weight).argmax())
        if cost[worst] == 0.0:
            break
        distance = squared_distance(lab, lab[[worst]])[:, 0]
        stands_alone = weight[worst] >= _ALONE_SHARE * weight[distance < _ALONE_WITHIN**2].sum()
        (alone if stands_alone else others).append(worst)
        cost = distance if turn == 0 and not fixed.size else np.minimum(cost, distance)
    return np.concatenate([fixed, lab[alone], lab[others]]), fixed.shape[0] + len(alone)


def _settled(found: _Gathered, centres: Floats, held: int, rounds: int) -> Floats:
    """Move all but the first `held` centres to the geometric medians of what is nearest to them.

    A step towards the median is a mean weighted by the inverse of the distance (E. Weiszfeld, 1937).
    """
    lab = found.lab
    for _ in range(rounds if centres.shape[0] > held else 0):
        member = nearest(lab, centres)
        pull = found.weight / (np.sqrt(((lab - centres[member]) ** 2).sum(axis=1)) + _NEAR)
        total = np.bincount(member, weights=pull, minlength=centres.shape[0])
        moved = centres.copy()
        for k in range(3):
            sums = np.bincount(member, weights=pull * lab[:, k], minlength=centres.shape[0])
            moved[held:, k] = np.where(total > 0, sums / np.maximum(total, 1e-12), centres[:, k])[held:]
        settled = bool(np.abs(moved - centres).max() < _SETTLED)
        centres = moved
        if settled:
            break
    return centres


def _exchanged(found: _Gathered, centres: Floats, held: int) -> Floats:
    """Move the centres that are missed least to where the error is largest, while that helps."""
    if centres.shape[0] < held + 2:
        return centres
    for _ in range(_EXCHANGES):
        distance = squared_distance(found.lab, centres)
        member = distance.argmin(axis=1)
        error = found.weight * distance[np.arange(member.size), member]
        distance[np.arange(member.size), member] = np.inf
        missed = np.bincount(member, found.weight * distance.min(axis=1) - error, centres.shape[0])
        missed[:held] = np.inf
        mine = np.flatnonzero(member == int(np.bincount(member, error, centres.shape[0]).argmax()))
        tried = centres.copy()
        tried[int(missed.argmin())] = found.lab[mine[int(error[mine].argmax())]]
        tried = _settled(found, tried, held, _ROUNDS_AFTER)
        served = nearest(found.lab, tried)
        after = found.weight * ((found.lab - tried[served]) ** 2).sum(axis=1)
        if not float(after.sum()) < _WORTH * float(error.sum()):
            break
        centres = tried
    return centres


def _spread(found: _Gathered, centres: Floats, held: int) -> Floats:
    """Move all but the first `held` centres away from the middle of all colours, within what they serve."""
    lab, weight = found.lab, found.weight
    middle = (lab * weight[:, None]).sum(axis=0) / weight.sum()
    member = nearest(lab, centres)
    result = centres.copy()
    for k in range(held, centres.shape[0]):
        mine = np.flatnonzero(member == k)
        away = centres[k] - middle
        length = float(np.sqrt((away**2).sum()))
        if mine.size < 2 or length == 0.0:
            continue
        away /= length
        further = ((lab[mine] - centres[k]) * away).sum(axis=1)
        order = np.argsort(further, kind="stable")
        share = np.cumsum(weight[mine][order])
        place = int(np.searchsorted(share, _OUTWARD * share[-1]))
        result[k] += max(float(further[order[place]]), 0.0) * away
    return result


def _pure(found: _Gathered, centres: Floats, words: Words) -> Words:
    """Return centres as colours; one that all but hits a colour of the pages becomes that colour."""
    result = to_words(linear_to_srgb8(oklab_to_linear(centres)))
    if not centres.size:
        return result
    beside = nearest(centres, found.lab)
    hits = np.sqrt(((found.lab[beside] - centres) ** 2).sum(axis=1)) < _TOO_LIKE
    wanted = np.zeros(CODES, dtype=bool)
    wanted[found.code[beside[hits]]] = True
    cells = np.flatnonzero(wanted[found.codes])
    code = found.codes[cells]
    colour = words.reshape(-1)[cells]
    for k in np.flatnonzero(hits):
        exact, counts = np.unique(colour[code == found.code[beside[k]]], return_counts=True)
        most = int(counts.argmax())
        if counts[most] >= _PURE * counts.sum():
            result[k] = exact[most]
    return result


def _best_columns(cost: Floats, wanted: int) -> NDArray[np.int64]:
    """Return the columns of which the least in each row adds up to little: grown, then exchanged."""
    chosen = [int(cost.sum(axis=0).argmin())]
    while len(chosen) < wanted:
        served = cost[:, chosen].min(axis=1)
        totals = np.minimum(cost, served[:, None]).sum(axis=0)
        totals[chosen] = np.inf
        chosen.append(int(totals.argmin()))
    for _ in range(wanted):
        before = float(cost[:, chosen].min(axis=1).sum())
        best, exchange = before, (0, 0)
        for place in range(wanted):
            others = chosen[:place] + chosen[place + 1 :]
            served = cost[:, others].min(axis=1) if others else np.full(cost.shape[0], np.inf)
            totals = np.minimum(cost, served[:, None]).sum(axis=0)
            totals[chosen] = np.inf
            column = int(totals.argmin())
            if totals[column] < best:
                best, exchange = float(totals[column]), (place, column)
        if best >= before * (1.0 - 1e-9):
            break
        chosen[exchange[0]] = exchange[1]
    return np.array(chosen, dtype=np.int64)
