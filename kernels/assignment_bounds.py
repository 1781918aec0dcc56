"""Prices of places: what each person would rather have, and how much better an assignment could be at all.

A price on each place turns the shared problem into one for each person: take the place whose squared distance
and price together are least. Whatever the prices, the sum of these least values less the sum of all prices is
no more than any assignment costs (linear programming duality; for squared distances Mérigot, "A multiscale
approach to optimal transport", CGF 2011). So good prices prove how good an assignment is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .nearest import NEVER, first_places, least_values, whole_squares

_FEW = 64


def lower_bound(people: NDArray[np.int64], places: NDArray[np.int64], price: NDArray[np.int64]) -> int:
    """Return what no assignment of people to places costs less than, by prices of the places.

    Parameters
    ----------
    people, places
        Shape (N, 2) each, whole numbers below 10⁷ in size.
    price
        Shape (N,): any whole numbers; the better they fit, the tighter the bound.

    Returns
    -------
    int
        In units of squared distance; may be negative for poor prices.
    """
    return int(least_values(people, places, price).sum()) - int(price.sum())


class Choices:
    """For each person the places that come first at some prices, and what all others cost at least.

    While prices only rise, `bound` remains true of places that are not listed.

    Attributes
    ----------
    place : NDArray[np.int64]
        Shape (N, K): places listed, the best first.
    cost : NDArray[np.int64]
        Shape (N, K): their squared distances; `NEVER` where a list is shorter.
    bound : NDArray[np.int64]
        Shape (N,): squared distance and price of any other place, at least.
    """

    def __init__(
        self, people: NDArray[np.int64], places: NDArray[np.int64], price: NDArray[np.int64], most: int
    ) -> None:
        self.people, self.places = people, places
        self.lengthen(most, price)

    def lengthen(self, most: int, price: NDArray[np.int64]) -> None:
        """List `most` places for everyone, at the prices of now."""
        people, places = self.people, self.places
        self.most = min(most, len(places))
        self.place = np.empty((len(people), self.most), dtype=np.int64)
        self.cost = np.empty((len(people), self.most), dtype=np.int64)
        self.bound = np.empty(len(people), dtype=np.int64)
        self.renew(np.arange(len(people)), price)

    def renew(self, who: NDArray[np.int64], price: NDArray[np.int64]) -> None:
        """List the places that come first for these people at the prices of now."""
        if len(who) > _FEW:
            place, cost, bound = first_places(self.people[who], self.places, price, self.most)
            self.place[who], self.cost[who], self.bound[who] = place, cost, bound
            return
        for person in who:
            cost = whole_squares(self.people[person], self.places)
            value = cost + price
            least = NEVER
            found: NDArray[np.int64] = np.arange(len(value))
            if self.most < len(value):
                found = np.argpartition(value, self.most - 1)[: self.most]
                least = int(value[found].max())
                found = found[value[found] < least]
                if not len(found):
                    found = np.flatnonzero(value == least)[: self.most]
            found = found[np.lexsort((found, value[found]))]
            self.place[person], self.cost[person], self.bound[person] = found[0], NEVER, least
            self.place[person, : len(found)], self.cost[person, : len(found)] = found, cost[found]

    def values(self, price: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the least value of each person at prices no lower than when listed, or a bound to it."""
        least: NDArray[np.int64] = np.minimum((self.cost + price[self.place]).min(axis=1), self.bound)
        return least
