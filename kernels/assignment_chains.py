"""The last people without a place: chains of moves, each person taking the place of the next."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .assignment_bounds import Choices
from .nearest import NEVER, whole_squares

_NOBODY = -1
_MOST_ROUNDS = 60
_LONGEST_LIST = 128
_GROUP = 400  # people matched at once where no chain is found


def place_the_rest(
    place: NDArray[np.int64], owner: NDArray[np.int64], price: NDArray[np.int64], choices: Choices, slack: int
) -> None:
    """Place who has none, each time along the chains of moves that add least; changes the first three.

    All shortest chains are looked for at once, from whoever has no place to places that nobody has. Prices
    then rise by as much as makes the moves of those chains fair (the dual step of the Hungarian method), and
    as many chains of fair moves as share nobody are used: a largest flow. To let moves be unfair by a little
    makes many chains out of few (Gabow and Tarjan, "Faster scaling algorithms for network problems", SIAM J.
    Computing 18, 1989).

    Parameters
    ----------
    place, owner
        Shape (N,): the place of each person and the person of each place, -1 for none.
    price
        Shape (N,): of each place; nobody should gain much by moving to another place at these prices.
    choices
        Places listed at these prices or lower ones; may be given longer lists.
    slack
        In units of squared distance: how much a move may add beyond what is fair.
    """
    for _ in range(_MOST_ROUNDS):
        if not (place == _NOBODY).any():
            return
        settled = np.flatnonzero(place != _NOBODY)
        at = place[settled]
        worth = choices.values(price)
        stale = np.flatnonzero(worth > choices.bound + slack)
        choices.renew(stale, price)
        worth = choices.values(price)
        worth[settled] = whole_squares(choices.people[settled], choices.places[at]) + price[at]
        if not _shortest_chains(place, owner, price, choices, worth, slack):
            if choices.most in (_LONGEST_LIST, len(place)):
                break
            choices.lengthen(min(2 * choices.most, _LONGEST_LIST), price)
    _place_directly(place, owner, choices, np.flatnonzero(place == _NOBODY))


def _shortest_chains(
    place: NDArray[np.int64],
    owner: NDArray[np.int64],
    price: NDArray[np.int64],
    choices: Choices,
    worth: NDArray[np.int64],
    slack: int,
) -> bool:
    """Move people along chains from whoever has no place; return whether there was one."""
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    # A node is a place with who stands there; those without a place have nodes of their own after them.
    count = len(place)
    lost = np.flatnonzero(place == _NOBODY)
    node = place.copy()
    node[lost] = count + np.arange(len(lost))
    person, column = np.nonzero(choices.cost < NEVER)
    goal = choices.place[person, column]
    extra = np.maximum(choices.cost[person, column] + price[goal] - worth[person], 0)
    nodes = count + len(lost)
    # 1 more, since a weight of 0 would be no move.
    graph: Any = csr_array((extra.astype(np.float64) + 1.0, (node[person], goal)), shape=(nodes, nodes))
    length, _, source = dijkstra(graph, indices=node[lost], return_predecessors=True, min_only=True)
    ends = np.flatnonzero((owner == _NOBODY) & np.isfinite(length[:count]))
    if not len(ends):
        return False
    ends = ends[np.lexsort((ends, length[ends]))]
    farthest = int(length[ends[np.unique(source[ends], return_index=True)[1]]].max())
    length = np.minimum(length, farthest).astype(np.int64)
    price += farthest - length[:count]
    fair = (extra + 1 + length[node[person]] - length[goal] <= slack) & (length[node[person]] < farthest)
    _flow(place, owner, person[fair], goal[fair])
    return True


def _flow(
    place: NDArray[np.int64], owner: NDArray[np.int64], person: NDArray[np.int64], goal: NDArray[np.int64]
) -> None:
    """Move as many people without a place as these moves allow, `person[i]` to `goal[i]`, by chains."""
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import maximum_flow  # noqa: PLC0415

    other = place[person] != goal
    person, goal = person[other], goal[other]
    count = len(place)
    begin, end = 2 * count, 2 * count + 1
    settled, lost = np.flatnonzero(place != _NOBODY), np.flatnonzero(place == _NOBODY)
    free = np.flatnonzero(owner == _NOBODY)
    tail = np.concatenate([count + person, place[settled], np.full(len(lost), begin), free])
    head = np.concatenate([goal, count + settled, count + lost, np.full(len(free), end)])
    network: Any = csr_array((np.ones(len(tail), dtype=np.int32), (tail, head)), shape=(end + 1, end + 1))
    flow: Any = maximum_flow(network, begin, end).flow.tocoo()
    move = (flow.data > 0) & (flow.row >= count) & (flow.row < begin) & (flow.col < count)
    mover, there = flow.row[move] - count, flow.col[move]
    place[mover], owner[there] = there, mover


def _place_directly(
    place: NDArray[np.int64], owner: NDArray[np.int64], choices: Choices, lost: NDArray[np.int64]
) -> None:
    """Match those without a place to free places, as happens where many stand on one spot or in one line."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    waiting = [(lost, np.flatnonzero(owner == _NOBODY))]
    while waiting:
        who, where = waiting.pop()
        people, places = choices.people[who], choices.places[where]
        if len(who) <= _GROUP:
            cost = whole_squares(people[:, None], places).astype(np.float64)
            found = where[linear_sum_assignment(cost)[1]]
            place[who], owner[found] = found, who
            continue
        axis = int(np.argmax(np.ptp(people, axis=0) + np.ptp(places, axis=0)))
        who = who[np.argsort(people[:, axis], kind="stable")]
        where = where[np.argsort(places[:, axis], kind="stable")]
        half = len(who) // 2
        waiting += [(who[:half], where[:half]), (who[half:], where[half:])]
