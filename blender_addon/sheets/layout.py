"""Where things go on a person's sheets: as large as a show's cues and pages allow, the same for everyone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .lettering import A4, BOLD, width

EDGE = 30.0
"""Points between the paper's edge and what is printed, at the sides."""
HEADER = 44.0
"""Points from a side's top down to the baseline of the seat."""
_ABOVE, _FOOT, HEADING = 60.0, 40.0, 17.0
_GAP = 12.0
_LEADING, _WIDEST_LEADING = 1.24, 1.8
#: Size of the cues' type, and columns of cues; what is easiest to read first.
_CUE_STYLES = (
    (18.0, 1),
    (14.0, 1),
    (14.0, 2),
    (12.0, 1),
    (12.0, 2),
    (11.0, 2),
    (10.0, 1),
    (10.5, 2),
    (10.0, 2),
    (9.0, 2),
    (9.0, 1),
)
#: Type that can be read at arm's length in a dim stand, as long as a person's cues fill two sheets at most.
_LEGIBLE, _MOST_LEGIBLE_SIDES = 10.0, 4
#: Height of a page's row, and columns of pages.
_PAGE_STYLES = (
    (28.0, 3),
    (28.0, 4),
    (22.0, 3),
    (22.0, 4),
    (19.0, 4),
    (16.0, 4),
    (14.0, 5),
    (14.0, 4),
    (14.0, 3),
    (12.0, 3),
)
_DIGIT, _SPACE = 0.636, 0.318
NAME_SIZE = 0.9
"""Size of a colour's name beside a cue, as a share of the cue's own type."""


@dataclass(frozen=True)
class CueStyle:
    """How the cues are set.

    Attributes
    ----------
    size, leading : float
        Points.
    columns : int
    rows : int
        Lines in a column of a page.
    time, count, action, swatch, name : float
        Points from a column's left end, where its line number stands.
    """

    size: float
    leading: float
    columns: int
    rows: int
    time: float
    count: float
    action: float
    swatch: float
    name: float

    @property
    def column_width(self) -> float:
        """Points from one column's left end to the next one's."""
        return (A4[0] - 2 * EDGE + _GAP) / self.columns

    @property
    def swatch_box(self) -> tuple[float, float]:
        """Width and height of a swatch in points."""
        return 1.5 * self.size, 0.92 * self.size


@dataclass(frozen=True)
class PageStyle:
    """How a book's pages are listed.

    Attributes
    ----------
    size, height : float
        Points: the type, and from one row to the next.
    columns, rows : int
    swatch, name : float
        Points from a column's left end, where the page's number stands.
    """

    size: float
    height: float
    columns: int
    rows: int
    swatch: float
    name: float

    @property
    def column_width(self) -> float:
        """Points from one column's left end to the next one's."""
        return (A4[0] - 2 * EDGE + _GAP) / self.columns

    @property
    def swatch_box(self) -> tuple[float, float]:
        """Width and height of a swatch in points."""
        return self.name - self.swatch - 5.0, self.height - 4.0


@dataclass(frozen=True)
class Spread:
    """One side of a person's sheets: which cues and which pages stand on it, and from which height down.

    Attributes
    ----------
    first_line, lines : int
        The first cue and how many.
    first_page, pages : int
    cues_top, pages_top : float
        Height of the headings in points above the sheet's foot.
    """

    first_line: int
    lines: int
    first_page: int
    pages: int
    cues_top: float
    pages_top: float


@dataclass(frozen=True)
class Layout:
    """A person's sheets.

    Attributes
    ----------
    height : float
        Points: that of A4, or half of it where two people share a sheet.
    cues : CueStyle
    pages : PageStyle
    spreads : tuple of Spread
        Where there are several, an even number: printed on both sides of the paper, everyone begins on a
        sheet of their own.
    """

    height: float
    cues: CueStyle
    pages: PageStyle
    spreads: tuple[Spread, ...]

    @property
    def halves(self) -> bool:
        """Whether two people share a sheet."""
        return self.height < A4[1]


def lay_out(
    lines: int, pages: int, *, counted: bool, colours: tuple[str, ...], actions: tuple[str, ...], page: str
) -> Layout:
    """Choose the largest type with which a person's cues and pages need the least paper.

    Parameters
    ----------
    lines, pages : int
        How many cues there are, and pages in the thickest book; at least 1.
    counted : bool
        Whether bars and beats are told.
    colours : tuple of str
        Names of all colours.
    actions : tuple of str
        The widest that may stand for a cue's order and for a gesture.
    page : str
        The widest name of a page.
    """
    cue_styles = list(_cue_styles(A4[1], counted, colours, actions))
    page_styles = list(_page_styles(A4[1], colours, page))
    fewest = min(_sides(pages, style) for style in page_styles)
    for height, sides, smallest in _papers():
        if height < A4[1]:
            chosen = list(_cue_styles(height, counted, colours, actions))
            listing = list(_page_styles(height, colours, page))
        else:
            chosen, listing = cue_styles, page_styles
        for cues in chosen:
            if cues.size < smallest:
                continue
            for listed in listing:
                found = _spreads(height, cues, listed, lines, pages)
                if len(found) <= sides and (len(found) == 1 or _sides(pages, listed) == fewest):
                    return _stretched(Layout(height, cues, listed, found))
    raise AssertionError("some number of sides is always enough")


def _papers() -> Iterator[tuple[float, int, float]]:
    """Yield paper from the least to the most: its height, how many sides, and the smallest type on it."""
    yield A4[1] / 2, 1, _LEGIBLE
    yield A4[1], 1, _LEGIBLE
    for sides in range(2, _MOST_LEGIBLE_SIDES + 1, 2):
        yield A4[1], sides, _LEGIBLE
    for sides in itertools.count(2, 2):
        yield A4[1], sides, 0.0


def _stretched(layout: Layout) -> Layout:
    """Spread lines over a side where the cues have one to themselves."""
    if any(spread.lines and spread.pages for spread in layout.spreads):
        return layout
    style = layout.cues
    rows = max(-(-spread.lines // style.columns) for spread in layout.spreads)
    leading = min((_room(layout.height) - HEADING) / rows, _WIDEST_LEADING * style.size)
    return replace(layout, cues=replace(style, leading=round(leading, 2)))


def _room(height: float) -> float:
    return height - _ABOVE - _FOOT


def _cue_styles(
    height: float, counted: bool, colours: tuple[str, ...], actions: tuple[str, ...]
) -> Iterator[CueStyle]:
    """Yield the ways to set cues whose words fit their columns; the last one in any case."""
    name_width = max(width(name, 1) for name in (*colours, "hold 2.55 s"))
    action_width = max(width(text, 1, BOLD) for text in actions)
    for size, columns in _CUE_STYLES:
        time = 4 * _DIGIT * size
        count = time + (5 * _DIGIT + 4 * _SPACE) * size
        action = count + (6 * _DIGIT + 2 * _SPACE) * size * counted
        swatch = action + (action_width + 2 * _SPACE) * size
        name = swatch + 1.5 * size + 0.4 * size
        leading = round(_LEADING * size, 2)
        rows = int((_room(height) - HEADING) / leading)
        style = CueStyle(size, leading, columns, rows, time, count, action, swatch, name)
        fits = name + name_width * NAME_SIZE * size + _GAP <= style.column_width
        if fits or (size, columns) == _CUE_STYLES[-1]:
            yield style


def _page_styles(height: float, colours: tuple[str, ...], page: str) -> Iterator[PageStyle]:
    name_width = max(width(name, 1) for name in colours)
    for row, columns in _PAGE_STYLES:
        size = min(12.0, 0.6 * row)
        column = (A4[0] - 2 * EDGE + _GAP) / columns
        swatch = width(page, size, BOLD) + 5.0
        # What is left beside the longest name, but not more than a stripe.
        wide = min(60.0, column - _GAP - swatch - 5.0 - name_width * size)
        if wide >= 14.0 or columns == 3:
            yield PageStyle(
                size,
                row,
                columns,
                int((_room(height) - HEADING) / row),
                swatch,
                swatch + max(wide, 14.0) + 5.0,
            )


def _sides(pages: int, listed: PageStyle) -> int:
    """Return how many sides a book's pages need by themselves."""
    return -(-pages // (listed.rows * listed.columns))


def _spreads(height: float, cues: CueStyle, listed: PageStyle, lines: int, pages: int) -> tuple[Spread, ...]:
    """Lay cues and pages on as many sides as they need, evenly; both on one if they fit together."""
    top = height - _ABOVE
    cue_rows, page_rows = -(-lines // cues.columns), -(-pages // listed.columns)
    together = 2 * HEADING + cue_rows * cues.leading + _GAP + page_rows * listed.height
    if together <= _room(height):
        pages_top = top - HEADING - cue_rows * cues.leading - _GAP
        return (Spread(0, lines, 0, pages, top, pages_top),)
    cue_sides, page_sides = -(-lines // (cues.rows * cues.columns)), _sides(pages, listed)
    if (cue_sides + page_sides) % 2:
        # The side that would be left empty gives room to the longer list.
        cue_sides, page_sides = (
            (cue_sides + 1, page_sides) if lines > cue_sides else (cue_sides, page_sides + 1)
        )
    spreads = [Spread(first, count, pages, 0, top, 0.0) for first, count in _shares(lines, cue_sides)]
    spreads += [Spread(lines, 0, first, count, 0.0, top) for first, count in _shares(pages, page_sides)]
    return tuple(spreads)


def _shares(whole: int, parts: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the number of each part of a list that is parted evenly."""
    for part in range(parts):
        first, end = part * whole // parts, (part + 1) * whole // parts
        yield first, end - first
