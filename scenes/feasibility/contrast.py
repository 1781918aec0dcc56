"""Pictures that lose contrast when their colours are brought to those of the books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.oklab import linear_to_oklab, linear_to_srgb8, srgb8_to_linear, srgb8_to_oklab
from .finding import SectionFinding, Severity, per_cent, shown_after
from .limits import COLOUR, EDGES, MERGED
from .seats_in_words import seats_in_words
from .shown_pictures import ShownPicture, a_few, shown_pictures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..section_plan import SectionPlan

    Floats = NDArray[np.float64]

#: What a distant eye or a film of 1080 lines blurs together, in cards (the deviation of a Gaussian).
_BLUR = 1.5
#: Edges are differences over this many cards.
_STEP = 3
_EDGE, _NO_EDGE = 0.12, 0.04
_LARGE, _APART, _ONE = 0.01, 0.08, 0.02
_MOST_COLOURS = 32


@dataclass(frozen=True, eq=False)
class _Loss:
    shown: ShownPicture
    error: float
    lost: float
    wrong: NDArray[np.bool_]
    merged: list[tuple[int, int, int]]

    @property
    def badness(self) -> float:
        return max(self.error / COLOUR.value, self.lost / EDGES.value)


def find_lost_contrast(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find pages that look another way in the books' colours than they were drawn.

    Both pictures are blurred in linear light by one and a half cards, as a viewer sees them from afar, and
    compared in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020): how far they are
    apart on the whole, how many of the edges are gone, and which colours have become one.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan
        Screens at the seats show every colour, and give no finding.

    Returns
    -------
    list of SectionFinding
        One a page, of the worst of its pictures; of more than a hundred, a hundred are looked at.
    """
    if plan.mode == "tablets":
        return []
    findings = []
    for pictures in shown_pictures(loaded, plan):
        worst = max((_loss(plan, shown) for shown in a_few(pictures)), key=lambda x: x.badness)
        if worst.badness > 1 or worst.merged:
            findings.append(_finding(plan, worst))
    return findings


def _loss(plan: SectionPlan, shown: ShownPicture) -> _Loss:
    rows, columns = plan.seats.rows, plan.seats.columns
    drawn = plan.pictures[shown.picture]
    matched = plan.books.palette[plan.matched[shown.picture]].reshape(rows, columns, 3)
    seats = shown.seats.reshape(rows, columns)
    if np.array_equal(drawn[seats], matched[seats]):
        return _Loss(shown, 0.0, 0.0, np.zeros((rows, columns), dtype=bool), [])
    before, after = _from_afar(drawn), _from_afar(matched)
    error = _length(before - after)
    edges = _edges(before)
    edge = (edges >= _EDGE) & seats
    gone = edge & (_edges(after) < _NO_EDGE)
    # A handful of cards is no edge.
    lost = float(gone.sum() / edge.sum()) if gone.sum() >= max(10, 0.001 * seats.sum()) else 0.0
    merged = _merged(drawn[seats], srgb8_to_linear(matched[seats]))
    wrong = seats & ((error > COLOUR.value) | gone)
    return _Loss(shown, float(error[seats].mean()), lost, wrong, merged)


def _from_afar(picture: NDArray[np.uint8]) -> Floats:
    from scipy import ndimage  # noqa: PLC0415

    light = srgb8_to_linear(picture)
    blurred: Floats = ndimage.gaussian_filter(light, (_BLUR, _BLUR, 0), mode="nearest")
    return linear_to_oklab(blurred)


def _edges(lab: Floats) -> Floats:
    """How much colours differ across three cards, the way they differ most: (R, C)."""
    strength = np.zeros(lab.shape[:2])
    for axis in (0, 1):
        near = np.moveaxis(lab, axis, 0)
        if len(near) <= _STEP:
            continue
        difference = _length(near[_STEP:] - near[:-_STEP])
        along = np.zeros(near.shape[:2])
        middle = _STEP // 2
        along[middle : middle + len(difference)] = difference
        strength = np.maximum(strength, np.moveaxis(along, 0, axis))
    return strength


def _length(vectors: Floats) -> Floats:
    """Lengths (R, C) of vectors (R, C, 3); far faster than a sum over three."""
    lengths: Floats = np.sqrt(np.einsum("rck,rck->rc", vectors, vectors))
    return lengths


def _merged(drawn: NDArray[np.uint8], matched_light: Floats) -> list[tuple[int, int, int]]:
    """Return (first, second, became) sRGB words of colours that cover 1 % each and have become one.

    Parameters
    ----------
    drawn : ndarray of uint8, shape (M, 3)
        The cells as they were drawn.
    matched_light : ndarray of float64, shape (M, 3)
        The same in the books' colours, in linear light.
    """
    words = (drawn.astype(np.int64) & 0xF8) @ np.array([1 << 16, 1 << 8, 1])
    _, member, counts = np.unique(words, return_inverse=True, return_counts=True)
    member = member.reshape(-1)
    large = np.flatnonzero(counts >= _LARGE * words.size)
    large = large[np.argsort(-counts[large], kind="stable")][:_MOST_COLOURS]
    if large.size < 2:
        return []

    def means(values: Floats) -> Floats:
        sums = [np.bincount(member, weights=values[:, k])[large] for k in range(3)]
        return np.asarray(np.stack(sums, -1) / counts[large, None], dtype=np.float64)

    true = linear_to_srgb8(means(srgb8_to_linear(drawn)))
    became = means(matched_light)
    lab, lab_after = srgb8_to_oklab(true), linear_to_oklab(became)
    bytes_after = linear_to_srgb8(became)
    pairs = []
    for i in range(large.size):
        for j in range(i + 1, large.size):
            apart = float(np.sqrt(((lab[i] - lab[j]) ** 2).sum()))
            after = float(np.sqrt(((lab_after[i] - lab_after[j]) ** 2).sum()))
            if apart >= _APART and after < _ONE:
                pairs.append((apart, _word(true[i]), _word(true[j]), _word(bytes_after[i])))
    pairs.sort(reverse=True)
    return [(first, second, one) for _, first, second, one in pairs]


def _word(colour: NDArray[np.uint8]) -> int:
    red, green, blue = (int(part) for part in colour)
    return red << 16 | green << 8 | blue


def _finding(plan: SectionPlan, loss: _Loss) -> SectionFinding:
    parts, limit, measured = [], COLOUR, f"{loss.error:.3f} in OKLab"
    if loss.lost > EDGES.value:
        parts.append(f"{per_cent(loss.lost)} of the edges are lost in the paper's colours")
        limit, measured = EDGES, f"{per_cent(loss.lost)} of the edges"
    if loss.error > COLOUR.value:
        parts.append(f"the colours are {loss.error:.2f} off on the whole (0.02 is just noticeable)")
        if loss.error / COLOUR.value >= loss.lost / EDGES.value:
            limit, measured = COLOUR, f"{loss.error:.3f} in OKLab"
    if loss.merged:
        first, second, became = loss.merged[0]
        more = len(loss.merged) - 1
        also = f", and {more} pair{'s' if more > 1 else ''} more" if more else ""
        parts.append(f"#{first:06x} and #{second:06x} both become #{became:06x}{also}")
        if loss.badness <= 1:
            limit, measured = (
                MERGED,
                f"{len(loss.merged)} pair{'s' if len(loss.merged) > 1 else ''} of colours",
            )
    turn = plan.turns[loss.shown.turn]
    seats = loss.wrong.ravel() if loss.wrong.any() else loss.shown.seats
    severity: Severity = "high" if loss.badness > 2.5 else "medium" if loss.badness > 1 else "low"
    return SectionFinding(
        kind="contrast",
        severity=severity,
        weight=loss.badness,
        cue=turn.cue,
        at=turn.at,
        page=loss.shown.label,
        what="; ".join(parts),
        measured=measured,
        limit=limit,
        advice="give the palette more colours or this page's own, dither, or draw it with stronger contrasts",
        seats=seats,
        who=seats_in_words(seats, plan.seats),
        picture=shown_after(plan, loss.shown.turn),
    )
