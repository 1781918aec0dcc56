"""Large troupes matched by auction: people bid for places, and prices rise until each has a place.

Bids and their steps are those of Bertsekas ("The auction algorithm", Annals of Operations Research 14,
1988), all bids of a round at once. Prices that nearly fit come from a coarser picture of the same problem, in
which cells of four neighbours are one (Mérigot, "A multiscale approach to optimal transport", CGF 2011). The
few who would haggle longest are placed along chains of moves instead (`assignment_chains`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .assignment_bounds import Choices
from .assignment_chains import place_the_rest
from .nearest import least_values, whole_squares

Whole = NDArray[np.int64]

_CELL = 4  # neighbours that are one in the coarser picture
_COARSEST = 300
_LISTED = 16
_STEPS = (1, 8)  # bids are raised by the ground of a person over these, first, and last on coarser pictures
_FINEST = 65536
_FALL = 8
_PART = 40  # the least raise is such a part of the mean squared way
_MOST_ROUNDS = 1000
_MOST_LISTS = 4  # times all people: crowds on one spot would ask for new ones for ever
_MOST_RENEWALS = 30
_HAGGLERS = 100  # a part of all people: as few as these are placed by chains of moves
_NOBODY = -1


@dataclass
class Matched:
    """An assignment with the prices that prove how good it is.

    Attributes
    ----------
    place : NDArray[np.int64]
        Shape (N,): the place of each person.
    price : NDArray[np.int64]
        Shape (N,): of each place, for `assignment_bounds.lower_bound`.
    """

    place: Whole
    price: Whole


def match_by_auction(people: Whole, places: Whole) -> Matched:
    """Match people to places with a sum of squared distances close to the least.

    Parameters
    ----------
    people, places
        Shape (N, 2) each, whole numbers below 10⁷ in size, best about a common middle; at least one.

    Returns
    -------
    Matched
        The same on every machine.
    """
    pictures = [(people, places)]
    while len(pictures[-1][0]) > _COARSEST:
        cells = -(-len(pictures[-1][0]) // _CELL)
        finer = pictures[-1]
        pictures.append((_middles(finer[0], cells), _middles(finer[1], cells)))
    price: Whole | None = None
    coarser: Whole = people
    worth: Whole = people[:, 0]
    while True:
        some, there = pictures.pop()
        if price is None:
            auction = _Auction(some, there, np.zeros(len(there), dtype=np.int64))
            sides = np.ptp(some, axis=0) + np.ptp(there, axis=0)
            raises = [max(1, int((sides**2).sum()) // 8)]
        else:
            # The lowest prices at which nobody of the coarser picture would rather come here.
            auction = _Auction(some, there, -least_values(there, coarser, -worth))
            raises = [_ground(some, there) // _STEPS[0]]
        finest = not pictures
        while True:
            auction.bid(int(raises[-1]))
            least = auction.least_raise() if finest else max(1, _ground(some, there) // _STEPS[1])
            if raises[-1] <= least:
                break
            raises.append(max(least, raises[-1] // _FALL))
        price = auction.price
        place_the_rest(auction.place, auction.owner, price, auction.choices, int(raises[-1]))
        if finest:
            return Matched(auction.place, price)
        coarser, worth = some, least_values(some, there, price)


class _Auction:
    """The bids for one set of places; `place` and `owner` are -1 for who has none."""

    def __init__(self, people: Whole, places: Whole, price: Whole) -> None:
        self.people, self.places, self.price = people, places, price
        self.choices = Choices(people, places, price, _LISTED)
        self.place = np.full(len(people), _NOBODY, dtype=np.int64)
        self.owner = np.full(len(people), _NOBODY, dtype=np.int64)
        self.begun = False

    def least_raise(self) -> int:
        """Return the raise at which the assignment is close enough to the least cost."""
        mean = (int(self.choices.values(self.price).sum()) - int(self.price.sum())) // len(self.people)
        ground = _ground(self.people, self.places)
        return max(1, ground // _FINEST, min(ground // _STEPS[1], mean // _PART))

    def bid(self, least: int) -> None:
        """Let people bid, raising by `least` at the least, until all but a few have a place."""
        if self.begun:
            self._part_with_the_dear(least)
        self.begun = True
        bidding = np.flatnonzero(self.place == _NOBODY)
        waiting = bidding[:0]
        lists = renewals = 0
        for _ in range(_MOST_ROUNDS):
            if len(bidding) + len(waiting) <= len(self.people) // _HAGGLERS or (
                lists > _MOST_LISTS * len(self.people) or renewals > _MOST_RENEWALS
            ):
                break
            if len(bidding) <= len(waiting) // 4:
                self.choices.renew(waiting, self.price)
                lists, renewals = lists + len(waiting), renewals + 1
                bidding, waiting = np.concatenate([bidding, waiting]), waiting[:0]
            listed = self.choices.place[bidding]
            value = self.choices.cost[bidding] + self.price[listed]
            row = np.arange(len(bidding))
            best = value.argmin(axis=1)
            first, wanted = value[row, best], listed[row, best]
            value[row, best] = np.iinfo(np.int64).max
            second = np.minimum(value.min(axis=1), self.choices.bound[bidding])
            # Who might find better outside the list waits for a new one.
            sure = first <= second
            if not sure.all():
                waiting = np.concatenate([waiting, bidding[~sure]])
                bidding, wanted, first, second = bidding[sure], wanted[sure], first[sure], second[sure]
            bidding = self._sell(bidding, wanted, self.price[wanted] + second - first + least)

    def _sell(self, bidding: Whole, wanted: Whole, offer: Whole) -> Whole:
        """Give each place to the highest offer; return who has no place now."""
        order = np.argsort(offer, kind="stable")
        sold, last = np.unique(wanted[order][::-1], return_index=True)
        last = order[len(order) - 1 - last]
        left = self.owner[sold]
        left = left[left != _NOBODY]
        self.place[left] = _NOBODY
        self.owner[sold] = bidding[last]
        self.price[sold] = offer[last]
        self.place[bidding[last]] = sold
        lost = np.ones(len(bidding), dtype=np.bool_)
        lost[last] = False
        return np.concatenate([bidding[lost], left])

    def _part_with_the_dear(self, least: int) -> None:
        """Take places back that cost more than `least` above what their owners could have."""
        self.choices.renew(np.arange(len(self.people)), self.price)
        settled = np.flatnonzero(self.place != _NOBODY)
        place = self.place[settled]
        value = whole_squares(self.people[settled], self.places[place]) + self.price[place]
        dear = value > self.choices.values(self.price)[settled] + least
        self.owner[place[dear]] = _NOBODY
        self.place[settled[dear]] = _NOBODY


def _ground(people: Whole, places: Whole) -> int:
    """Return the square of what a person has to each side, by the larger of the two crowds."""
    count = len(people)
    sides = np.array([np.ptp(people, axis=0), np.ptp(places, axis=0)])
    return max(4, int((sides.prod(axis=1) // count).max()), int((sides.max() // count) ** 2))


def _middles(points: Whole, cells: int) -> Whole:
    """Halve points across their longer side again and again; return the middle of each cell, (cells, 2)."""
    middles = np.empty((cells, 2), dtype=np.int64)
    waiting = [(np.arange(len(points)), 0, cells)]
    while waiting:
        who, first, end = waiting.pop()
        if end - first == 1:
            middles[first] = points[who].sum(axis=0) // len(who)
            continue
        half = (end - first) // 2
        axis = int(np.argmax(np.ptp(points[who], axis=0)))
        who = who[np.argsort(points[who, axis], kind="stable")]
        cut = len(who) * half // (end - first)
        waiting += [(who[:cut], first, first + half), (who[cut:], first + half, end)]
    return middles
