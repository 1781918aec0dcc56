"""What each holder's book must hold: the fewest pages that show all colours in turn, a leaf at a time.

A book is a line of pages, and what its holder shows is a walk on that line: a step forward or back for each
change of colour. The shortest line on which a given word can be walked is unique but for its direction
(I. Pratt-Hartmann, "Walking on Words", CPM 2024), so it is reached by folding the word in whatever order,
until nothing folds any more. There are two folds. A crimp: where ``u``, ``u`` reversed and ``u`` follow each
other, sharing their ends, one ``u`` is enough. An end: where the word begins or ends with a palindrome, half
of it is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .array_module import to_numpy

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Whole = NDArray[np.int64]

_CELLS_AT_ONCE = 1 << 22
_MOST_TURNS = np.iinfo(np.int16).max


class BookPagesError(ValueError):
    """Colours from which no books can be made; the message says why."""


@dataclass(frozen=True, eq=False)
class BookPages:
    """The books of N holders over T turns.

    Attributes
    ----------
    page : ndarray of int16, shape (T, N)
        Page that each holder has open after each turn, by the numbers of the holder's own book, from 0.
    book : ndarray of uint8, shape (B, N)
        Colour of each page of each book; pages after a book's last repeat it.
    count : ndarray of int16, shape (N,)
        How many pages each book truly has.
    """

    page: NDArray[np.int16]
    book: Bytes
    count: NDArray[np.int16]


def _checked(colour: Bytes) -> Bytes:
    host: Bytes = to_numpy(colour)
    if host.ndim != 2 or host.shape[0] < 1 or host.dtype != np.uint8:
        raise BookPagesError(
            f"colour must be uint8 of shape (T, N), T >= 1, not {host.dtype} of {host.shape}"
        )
    if host.shape[0] > _MOST_TURNS:
        raise BookPagesError(f"a show has at most {_MOST_TURNS} turns of pages, not {host.shape[0]}")
    return host


def fewest_pages(colour: Bytes) -> BookPages:
    """Make the thinnest books with which everyone shows the right colours, turning single leaves.

    At each turn at which the colour changes, the holder turns one leaf, forward or back; otherwise none. No
    book of fewer pages can do it.

    Parameters
    ----------
    colour : ndarray of uint8, shape (T, N)
        What each holder is to show after each turn.

    Returns
    -------
    BookPages
        ``book[page[t, i], i] == colour[t, i]``. A book opens where its holder begins, and lies so that over
        the show at least as many leaves are turned forward as back. Always made on the host.

    Raises
    ------
    BookPagesError
        For an array of another shape or type, or of more than 32767 turns.
    """
    host = _checked(colour)
    turns, holders = host.shape
    # people who show the same have the same book, and many do
    rows = np.ascontiguousarray(host.T).view(np.dtype((np.void, turns)))[:, 0]
    _, first, member = np.unique(rows, return_index=True, return_inverse=True)
    step = max(1, _CELLS_AT_ONCE // turns)
    parts = [_folded(host[:, first[k : k + step]]) for k in range(0, first.size, step)]
    most = max((part.book.shape[0] for part in parts), default=1)
    if not parts:
        return BookPages(np.zeros((turns, 0), np.int16), np.zeros((1, 0), np.uint8), np.zeros(0, np.int16))
    book = np.concatenate(
        [np.pad(part.book, ((0, most - part.book.shape[0]), (0, 0)), mode="edge") for part in parts], axis=1
    )
    page = np.concatenate([part.page for part in parts], axis=1)
    count = np.concatenate([part.count for part in parts])
    member = member.reshape(holders)
    return BookPages(page[:, member], book[:, member], count[member])


class _Words:
    """Words that grow at their ends, one for each holder, and are rid of crimps as soon as they appear.

    A word without crimps that gets another letter can have crimps at its end alone, and without such a crimp
    it is a beginning of what it was before. So a word is a stack. A palindrome is known by its centre, and
    `reach` says for each place of the word how far the longest palindrome around it goes to the right. Those
    that go to the end are the only ones that the next letter can lengthen; they are `centres`, of the holders
    `owners`. (Of such palindromes, each is more than twice as long as the next, or there would be a crimp.)
    """

    def __init__(self, first: Bytes, turns: int) -> None:
        self.holders = holders = first.size
        # flat, as place * holders + holder
        self.letter = np.zeros(turns * holders, dtype=np.uint8)
        self.reach = np.repeat(np.arange(turns, dtype=np.int16), holders)
        self.letter[:holders] = first
        self.end: Whole = np.zeros(holders, dtype=np.int64)
        self.last, self.last_but_one = first.astype(np.int16), np.full(holders, -1, dtype=np.int16)
        self.owners: Whole = np.zeros(0, dtype=np.int64)
        self.centres: Whole = np.zeros(0, dtype=np.int64)
        # which turn's letter stands where, and for letters folded away the earlier turn whose letter shows it
        self.turn_at = np.zeros(turns * holders, dtype=np.int16)
        self.shown_by = np.full((turns, holders), -1, dtype=np.int16)
        self.place = np.zeros((turns, holders), dtype=np.int16)
        self.has_crimped = np.zeros(holders, dtype=bool)

    def append(self, turn: int, letter: Bytes) -> None:
        """Add a letter to each word that does not end in it already."""
        changed = letter != self.last
        self.end += changed
        self.place[turn] = self.end
        who = np.flatnonzero(changed)
        if who.size < self.holders:
            same = np.flatnonzero(~changed)
            self.shown_by[turn, same] = self.turn_at[self.end[same] * self.holders + same]
        place = self.end[who] * self.holders + who
        self.letter[place] = letter[who]
        self.turn_at[place] = turn
        turned = np.flatnonzero(changed & (letter == self.last_but_one))
        self.last_but_one = np.where(changed, self.last, self.last_but_one)
        self.last = letter.astype(np.int16)

        grows = changed[self.owners]
        owners, centres = self.owners[grows], self.centres[grows]
        mirrored = 2 * centres - self.end[owners]
        holds = mirrored >= 0
        holds &= self.letter[mirrored * self.holders + owners] == letter[owners]
        owners = np.concatenate([owners[holds], turned])
        centres = np.concatenate([centres[holds], self.end[turned] - 1])
        if grows.all():
            self.owners, self.centres = owners, centres
        else:
            self.owners = np.concatenate([self.owners[~grows], owners])
            self.centres = np.concatenate([self.centres[~grows], centres])
        if not owners.size:
            return
        end = self.end[owners]
        self.reach[centres * self.holders + owners] = end
        # a palindrome around `centre` that goes to the end, and one around its left end that goes to `centre`
        crimped = self.reach[(2 * centres - end) * self.holders + owners] >= centres
        if crimped.any():
            owners, which = np.unique(owners[crimped], return_index=True)
            self._flatten(owners, end[crimped][which] - centres[crimped][which])

    def _flatten(self, owners: Whole, length: Whole) -> None:
        """Take a crimp's second and third part, `length` letters each, off the ends of words."""
        holders, end = self.holders, self.end[owners] - 2 * length
        who, step = _ragged(owners, 2 * length)
        kept, half = np.repeat(end, 2 * length), np.repeat(length, 2 * length)
        place = kept + 1 + step
        image = np.where(step < half, 2 * kept - place, place - 2 * half)
        at = place * holders + who
        self.shown_by[self.turn_at[at], who] = self.turn_at[image * holders + who]
        self.reach[at] = place
        self.end[owners] = end
        self.has_crimped[owners] = True
        self.last_but_one[owners] = np.where(
            end > 0, self.letter[np.maximum(end - 1, 0) * holders + owners], np.int16(-1)
        )

        gone = np.zeros(holders, dtype=bool)
        gone[owners] = True
        stays = ~gone[self.owners]
        begin = end // 2 + 1  # a longer palindrome would be longer than the word after the next letter
        who, step = _ragged(owners, end - begin)
        centre = np.repeat(begin, end - begin) + step
        to_the_end = self.reach[centre * holders + who] >= self.end[who]
        who, centre = who[to_the_end], centre[to_the_end]
        self.reach[centre * holders + who] = self.end[who]
        self.reach[end * holders + owners] = end
        self.owners = np.concatenate([self.owners[stays], who])
        self.centres = np.concatenate([self.centres[stays], centre])

    def places(self) -> NDArray[np.int16]:
        """Return where in its word each turn's letter is to be found, (T, N)."""
        crimped = np.flatnonzero(self.has_crimped)
        place, shown_by = self.place[:, crimped], self.shown_by[:, crimped]
        every = np.arange(crimped.size)
        for turn in range(1, place.shape[0] if crimped.size else 0):
            # those before are settled already
            place[turn] = np.where(shown_by[turn] >= 0, place[shown_by[turn], every], place[turn])
        self.place[:, crimped] = place
        return self.place


def _ragged(owners: Whole, lengths: Whole) -> tuple[Whole, Whole]:
    """Return each owner as often as its length says, and beside it the numbers from 0."""
    begins = np.cumsum(lengths) - lengths
    steps = np.arange(int(lengths.sum())) - np.repeat(begins, lengths)
    return np.repeat(owners, lengths), steps


def _fold_ends(words: _Words, page: NDArray[np.int16]) -> tuple[Whole, Whole]:
    """Fold the palindromes at the ends of words; returns the first and the last place that are left."""
    begin, end = np.zeros(words.end.size, dtype=np.int64), words.end.copy()
    reach = words.reach.reshape(-1, words.holders)[: int(end.max()) + 1]
    centre, owner = np.nonzero(reach > np.arange(reach.shape[0], dtype=np.int16)[:, None])
    reach = reach[centre, owner].astype(np.int64)
    while True:
        inside = (begin[owner] < centre) & (centre < end[owner])
        centre, owner, reach = centre[inside], owner[inside], reach[inside]
        at_begin = reach >= 2 * centre - begin[owner]
        at_end = reach >= end[owner]
        for folds, edge in ((at_begin, begin), (at_end & ~at_begin, end)):
            chosen, which = np.unique(owner[folds], return_index=True)
            if chosen.size:
                pivot = centre[folds][which]
                edge[chosen] = pivot
                outside = page[:, chosen] < pivot if edge is begin else page[:, chosen] > pivot
                page[:, chosen] = np.where(outside, 2 * pivot - page[:, chosen], page[:, chosen])
                break
        else:
            return begin, end


def _folded(colour: Bytes) -> BookPages:
    turns, holders = colour.shape
    words = _Words(colour[0], turns)
    for turn in range(1, turns):
        words.append(turn, colour[turn])
    page = words.places()
    begin, end = _fold_ends(words, page)
    first, last = page[0].astype(np.int64), page[-1].astype(np.int64)
    # as many leaves forward as back leave the choice to where the book is open at first
    backwards = (last < first) | ((last == first) & (first - begin > end - first))
    count = (end - begin + 1).astype(np.int16)
    origin = np.where(backwards, end, begin).astype(np.int16)
    number = np.abs(page - origin)
    book = np.empty((int(count.max()), holders), dtype=np.uint8)
    every, step = np.arange(holders), np.where(backwards, -1, 1)
    for ahead in range(book.shape[0]):
        place = origin + step * np.minimum(ahead, count - 1)
        book[ahead] = words.letter[place * holders + every]
    return BookPages(number, book, count)


def card_stack(colour: Bytes) -> BookPages:
    """Give each holder one card of each colour that is called for, in the order of first use.

    Parameters
    ----------
    colour : ndarray of uint8, shape (T, N)
        What each holder is to show after each turn.

    Returns
    -------
    BookPages
        Cards are single, so any may follow any: ``page[t, i]`` is the card, and ``count`` how many colours a
        holder needs. Always made on the host.

    Raises
    ------
    BookPagesError
        As `fewest_pages`.
    """
    host = _checked(colour)
    turns, holders = host.shape
    every = np.arange(holders)
    card = np.full((int(host.max(initial=0)) + 1, holders), -1, dtype=np.int16)
    count = np.zeros(holders, dtype=np.int16)
    page = np.empty((turns, holders), dtype=np.int16)
    for turn, shown in enumerate(host):
        new = np.flatnonzero(card[shown, every] < 0)
        card[shown[new], new] = count[new]
        count[new] += 1
        page[turn] = card[shown, every]
    book = np.zeros((int(count.max(initial=1)), holders), dtype=np.uint8)
    for shown in range(card.shape[0]):
        has = np.flatnonzero(card[shown] >= 0)
        book[card[shown, has], has] = shown
    last = book[count.astype(np.int64) - 1, every]
    beyond = np.arange(book.shape[0])[:, None] >= count
    return BookPages(page, np.where(beyond, last, book), count)


def first_overflow(
    colour: Bytes, limit: int, compile_pages: Callable[[Bytes], BookPages] = fewest_pages
) -> tuple[Whole, Whole]:
    """Find out who runs out of pages, and at which turn.

    Parameters
    ----------
    colour : ndarray of uint8, shape (T, N)
        What each holder is to show after each turn.
    limit
        How many pages a book holds.
    compile_pages
        How books are made: `fewest_pages` or `card_stack`.

    Returns
    -------
    turn : ndarray of int64, shape (M,)
        The first turn whose colour no longer finds room in the book, in rising order.
    holder : ndarray of int64, shape (M,)
        Whose book it is.

    Raises
    ------
    BookPagesError
        As `fewest_pages`; or for a limit below 1.
    """
    if limit < 1:
        raise BookPagesError(f"a book holds at least 1 page, not {limit}")
    host = _checked(colour)
    holder = np.flatnonzero(compile_pages(host).count > limit)
    shown = host[:, holder]
    # what suffices for longer suffices for less; and as long as colours change less often, all is well
    changes = np.cumsum(shown[1:] != shown[:-1], axis=0)
    low = np.minimum((changes < limit).sum(axis=0), host.shape[0] - 2)
    high, step = np.full(holder.size, host.shape[0] - 1), np.ones(holder.size, dtype=np.int64)
    while True:
        open_ = np.flatnonzero(high - low > 1)
        if not open_.size:
            break
        probe = np.minimum(low[open_] + step[open_], (low[open_] + high[open_]) // 2)
        until = np.minimum(np.arange(int(probe.max()) + 1)[:, None], probe)
        over = compile_pages(np.take_along_axis(shown[:, open_], until, axis=0)).count > limit
        high[open_[over]] = probe[over]
        low[open_[~over]] = probe[~over]
        step[open_[~over]] *= 2
    order = np.lexsort((holder, high))
    return high[order], holder[order]
