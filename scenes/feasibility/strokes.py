"""Strokes and letters that are too fine for the section's resolution."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...kernels.oklab import srgb8_to_oklab
from ..pages import Canvas, draw_page
from .finding import SectionFinding, Severity, per_cent, shown_after
from .limits import LETTER, SMALL_LETTER, STROKE, WIDE_LETTER, Limit
from .seats_in_words import seats_in_words
from .shown_pictures import ShownPicture, a_few, shown_pictures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..schema_page import Page
    from ..section_plan import SectionPlan

#: Contrast against both sides from which a line is one: seven times the just noticeable difference of 0.02.
CONTRAST = 0.15
_SHORTEST = 8
_LOST = 0.25
_SHARE = 0.0025
#: How much finer than the section letters are drawn to be measured.
_FINER = 4
_AXES = ((0, 1), (1, 0), (1, 1), (1, -1))


@dataclass(frozen=True, eq=False)
class _Thin:
    shown: ShownPicture
    cells: NDArray[np.bool_]
    strokes: int
    longest: int


def find_thin_strokes(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find pages that have strokes one card wide.

    A stroke is thin where a card differs in colour from its neighbours on both sides and belongs to no block
    of two by two alike; eight such cards in a row make a stroke. A page is told when more than one card
    in 400 is in one: where a stroke tapers off, its end is always thin.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan
        Screens at the seats (``tablets``) have finer pictures than this, and give no finding.

    Returns
    -------
    list of SectionFinding
        One a page, of the worst of its pictures; of more than a hundred, a hundred are looked at.
    """
    if plan.mode == "tablets":
        return []
    findings = []
    for pictures in shown_pictures(loaded, plan):
        worst = max((_thin(plan, shown) for shown in a_few(pictures)), key=lambda thin: int(thin.cells.sum()))
        count = int(worst.cells.sum())
        if count > max(2 * _SHORTEST, _SHARE * int(worst.shown.seats.sum())):
            findings.append(_stroke_finding(plan, worst, count))
    return findings


def _thin(plan: SectionPlan, shown: ShownPicture) -> _Thin:
    from scipy import ndimage  # noqa: PLC0415

    lab = srgb8_to_oklab(plan.pictures[shown.picture])
    cells = thin_cells(lab) & shown.seats.reshape(lab.shape[:2])
    labels, _ = ndimage.label(cells, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    reach = np.zeros(sizes.size, dtype=np.int64)
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        reach[number] = max(side.stop - side.start for side in box)
    kept = (sizes >= _SHORTEST) & (reach >= _SHORTEST)
    cells = kept[labels]
    return _Thin(shown, cells, int(kept.sum()), int(reach[kept].max(initial=0)))


def _lost(plan: SectionPlan, thin: _Thin) -> float:
    """Return how much of the strokes does not stand out any more in the books' colours, as a share."""
    after = srgb8_to_oklab(plan.books.palette)[plan.matched[thin.shown.picture]]
    gone = thin.cells & ~_ridges(after.reshape(*thin.cells.shape, 3), CONTRAST / 2)
    return float(gone.sum()) / max(1, int(thin.cells.sum()))


def _stroke_finding(plan: SectionPlan, thin: _Thin, count: int) -> SectionFinding:
    shown = thin.shown
    turn = plan.turns[shown.turn]
    strokes = "a stroke" if thin.strokes == 1 else f"{thin.strokes:,} strokes"
    what = f"{count:,} cards are in {strokes} one card wide, the longest {thin.longest} cards long"
    severity: Severity = "low"
    lost = _lost(plan, thin)
    if lost >= _LOST:
        what += f"; {per_cent(lost)} of that is lost in the paper's colours"
        severity = "medium"
    seats = thin.cells.ravel()
    return SectionFinding(
        kind="strokes",
        severity=severity,
        weight=count / plan.seats.taken.sum(),
        cue=turn.cue,
        at=turn.at,
        page=shown.label,
        what=what,
        measured="1 card",
        limit=STROKE,
        advice="draw them two cards wide, or enlarge what matters",
        seats=seats,
        who=seats_in_words(seats, plan.seats),
        picture=shown_after(plan, shown.turn),
    )


def thin_cells(lab: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which cells of a picture belong to a stroke less than two cells wide.

    Parameters
    ----------
    lab : ndarray of float64, shape (R, C, 3)
        The picture in OKLab.

    Returns
    -------
    ndarray of bool, shape (R, C)
    """
    return _ridges(lab, CONTRAST) & ~_in_blocks(lab, CONTRAST / 2)


def _ridges(lab: NDArray[np.float64], contrast: float) -> NDArray[np.bool_]:
    """Cells that differ from both neighbours along some line, and to the same side."""
    rows, columns, _ = lab.shape
    planes = np.moveaxis(lab, -1, 0)
    padded = np.pad(planes, ((0, 0), (1, 1), (1, 1)), mode="edge")
    ridge = np.zeros((rows, columns), dtype=bool)
    for down, right in _AXES:
        ahead = planes - padded[:, 1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        behind = planes - padded[:, 1 - down : 1 - down + rows, 1 - right : 1 - right + columns]
        far_ahead, far_behind, along = _dot(ahead, ahead), _dot(behind, behind), _dot(ahead, behind)
        # On the slope of a smoothed edge the two point away from each other.
        alike = (along > 0) & (4 * along * along > far_ahead * far_behind)
        ridge |= (np.minimum(far_ahead, far_behind) >= contrast * contrast) & alike
    return ridge


def _in_blocks(lab: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Cells that share some block of two by two with three of their own colour."""
    rows, columns, _ = lab.shape
    planes = np.moveaxis(lab, -1, 0)
    padded = np.pad(planes, ((0, 0), (1, 1), (1, 1)), constant_values=np.inf)
    near: dict[tuple[int, int], Any] = {}
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            step = padded[:, 1 + down : 1 + down + rows, 1 + right : 1 + right + columns] - planes
            near[down, right] = _dot(step, step) < tolerance * tolerance
    block = np.zeros((rows, columns), dtype=bool)
    for down in (-1, 1):
        for right in (-1, 1):
            block |= near[down, 0] & near[0, right] & near[down, right]
    return block


def _dot(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply vectors in planes (3, R, C): written out, which is far faster than a sum over three."""
    product: NDArray[np.float64] = one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
    return product


def find_small_letters(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find pages of text whose lines have fewer rows than their letters need.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan
        As in `find_thin_strokes`.

    Returns
    -------
    list of SectionFinding
    """
    if plan.mode == "tablets":
        return []
    findings = []
    for shown, *_ in shown_pictures(loaded, plan):
        page = loaded.show.card_section.pages[shown.page]
        words, height = _lettering(page, loaded, plan)
        limit = letters_need(words)
        if height is None or height > limit.value - 0.5:
            continue
        turn = plan.turns[shown.turn]
        findings.append(
            SectionFinding(
                kind="letters",
                severity="high" if height < 0.75 * limit.value else "medium",
                weight=1 - height / limit.value,
                cue=turn.cue,
                at=turn.at,
                page=shown.label,
                what=f"the letters are {height:.1f} rows high, where {limit.value:g} are needed",
                measured=f"{height:.1f} rows",
                limit=limit,
                advice="write less on the page, or spread it over several",
                seats=shown.seats,
                who=seats_in_words(shown.seats, plan.seats),
                picture=shown_after(plan, shown.turn),
            )
        )
    return findings


def _lettering(page: Page, loaded: LoadedShow, plan: SectionPlan) -> tuple[str, float | None]:
    """Return what a page says, and how many rows its smallest line has; None where it says nothing."""
    pattern = page.pattern
    if pattern is not None and pattern.text is not None and "size" in pattern.model_fields_set:
        return pattern.text, pattern.size
    if page.text is None:
        return "", None
    seats = plan.seats
    canvas = Canvas(_FINER * seats.columns, _FINER * seats.rows, seats.cell_aspect)
    flat = page.model_copy(update={"seen_from": None})
    heights = line_heights(draw_page(flat, canvas, loaded).ink)
    return page.text, min(heights) / _FINER if heights else None


def letters_need(words: str) -> Limit:
    """Return how many rows a line of some text needs, by the letters that are in it."""
    if any(unicodedata.east_asian_width(letter) in "WF" for letter in words):
        return WIDE_LETTER
    return SMALL_LETTER if words != words.upper() else LETTER


def line_heights(ink: NDArray[np.floating[Any]]) -> list[int]:
    """Return how many rows each line of text has, from the front up; dots and accents go with their line.

    Parameters
    ----------
    ink : ndarray of float, shape (rows, columns)
        How much of each cell the letters cover, 0 to 1.

    Returns
    -------
    list of int
    """
    inked = np.concatenate([[False], ink.max(axis=1) > 0.5, [False]])
    starts, ends = np.flatnonzero(~inked[:-1] & inked[1:]), np.flatnonzero(inked[:-1] & ~inked[1:])
    if not starts.size:
        return []
    tallest = int((ends - starts).max())
    lines: list[list[int]] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if lines and start - lines[-1][1] <= tallest / 4:
            former = lines[-1][1] - lines[-1][0]
            if min(former, end - start) < tallest / 2:
                lines[-1][1] = end
                continue
        lines.append([start, end])
    heights = [end - start for start, end in lines]
    return [height for height in heights if height >= tallest / 2]
