"""The limits that a show is held against, and what each of them rests on.

Little has been measured of people who turn pages in a stadium, more of people who run. Where a figure is a
published measurement or a standard it says so; where it is our own judgement from such figures it says that
too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Basis = Literal["measured", "standard", "rule of thumb"]

#: An open book as the film's card-holders have it: width over both pages, metres.
BOOK_WIDTH = 0.53
#: How exactly the hand must meet the edge of the next leaf, metres.
_LEAF_EDGE = 0.05

_FITTS = (
    "P. M. Fitts, Journal of Experimental Psychology 47, 1954, for a bare hand that goes to and fro: "
    "12.8 ms + 94.7 ms a bit (regression by I. S. MacKenzie, Human-Computer Interaction 7, 1992)"
)


def hand_movement(distance: float, target: float) -> float:
    """Return how long a practised hand takes to a target, seconds, by Fitts' law.

    ``0.0128 + 0.0947 * log2(2 * distance / target)``: P. M. Fitts, "The information capacity of the human
    motor system in controlling the amplitude of movement", Journal of Experimental Psychology 47, 1954, with
    the regression of its data in I. S. MacKenzie, "Fitts' law as a research and design tool in human-computer
    interaction", Human-Computer Interaction 7, 1992.

    Parameters
    ----------
    distance, target : float
        How far the hand goes, and how wide the place is that it must hit; metres.
    """
    return 0.0128 + 0.0947 * math.log2(2 * distance / target)


#: A leaf carried to anywhere on the other page, and the way back to the edge of the next leaf, seconds.
CARRY = hand_movement(BOOK_WIDTH, BOOK_WIDTH / 2)
RETURN = hand_movement(BOOK_WIDTH, _LEAF_EDGE)


@dataclass(frozen=True)
class Limit:
    """A number that a show is held against.

    Attributes
    ----------
    name : str
        What it limits.
    value : float
    text : str
        The number with its unit, as a reader sees it.
    basis : {"measured", "standard", "rule of thumb"}
        Whether the number itself is a published measurement, stands in a standard, or is our own judgement.
    source : str
        Where it is from, or what it is judged by.
    """

    name: str
    value: float
    text: str
    basis: Basis
    source: str


STROKE = Limit(
    "Narrowest stroke",
    2.0,
    "2 cards",
    "rule of thumb",
    "In a stroke one card wide every empty seat or wrong page is a gap, and its edges cannot be smoothed.",
)
LETTER = Limit(
    "Lowest line of capitals",
    7.0,
    "7 rows",
    "standard",
    "NUREG-0700 rev. 2 (U.S. NRC, 2002): capitals and digits need a matrix of at least 5 by 7 dots.",
)
SMALL_LETTER = Limit(
    "Lowest line with small letters",
    9.0,
    "9 rows",
    "standard",
    "NUREG-0700 rev. 2 (U.S. NRC, 2002): 5 by 7 dots for capitals, and at least one more row below, better "
    "two, for the descenders of small letters.",
)
WIDE_LETTER = Limit(
    "Lowest line of East Asian letters",
    16.0,
    "16 rows",
    "standard",
    "JIS X 9051-1984: East Asian characters on displays are drawn in 16 by 16 dots. Simple ones, and Korean, "
    "may still be read at 12.",
)
TURN = Limit(
    "Shortest turn of a page",
    0.3,
    "0.3 s",
    "rule of thumb",
    f"A bare hand needs {CARRY:.2f} s for the way across a book {BOOK_WIDTH:g} m wide ({_FITTS}); paper "
    "bends and drags, so half as much again.",
)
SWAP = Limit(
    "Shortest change of a card",
    0.6,
    "0.6 s",
    "rule of thumb",
    f"A card is put down and another one taken up: two movements of the hand, which bare takes at least "
    f"{2 * CARRY:.2f} s for them ({_FITTS}), and paper half as much again.",
)
AGAIN = Limit(
    "Shortest time from one turn to the next",
    0.7,
    "0.7 s",
    "rule of thumb",
    f"The leaf goes over in {CARRY:.2f} s and the hand comes back to the edge of the next in {RETURN:.2f} s "
    f"at the very fastest ({_FITTS}); nothing is reckoned for taking hold of a single leaf. Besides, people "
    "cannot keep time with flashes that are less than 0.4 s apart (B. H. Repp, Advances in Cognitive "
    "Psychology 2, 2006).",
)
SUSTAINED = Limit(
    "Pace that can be kept",
    1.0,
    "1 s, 8 turns in a row",
    "rule of thumb",
    "Ours alone: teachers of speed reading see most people take one to two seconds a page, and nobody has "
    "measured card-holders.",
)
SHAKE = Limit(
    "Fastest shaking",
    5.0,
    "5 times a second",
    "rule of thumb",
    "Ours alone: speeds have been measured for tapping fingers and hands, not for a book half a metre wide.",
)
BOOK = Limit(
    "Fullest book without a warning",
    150.0,
    "150 pages",
    "rule of thumb",
    "A book holds 170 pages; the last twenty are for what is still to be changed.",
)
COLOUR = Limit(
    "Greatest difference in colour",
    0.06,
    "0.06 in OKLab",
    "rule of thumb",
    "A difference of 0.02 in OKLab is just noticeable (CSS Color 4, W3C); three times as much, all over a "
    "picture, is another picture.",
)
EDGES = Limit(
    "Most edges lost",
    0.15,
    "15 % of the edges",
    "rule of thumb",
    "An edge that was six times the just noticeable difference of 0.02 in OKLab (CSS Color 4, W3C) and is "
    "less than twice after matching counts as lost.",
)
MERGED = Limit(
    "Colours that become one",
    0.02,
    "none",
    "rule of thumb",
    "Two colours that cover 1 % each and were 0.08 or more apart in OKLab are closer than the just "
    "noticeable 0.02 (CSS Color 4, W3C).",
)
SPREAD = Limit(
    "When a picture stands",
    0.05,
    "95 % of the seats",
    "rule of thumb",
    "A picture stands when 95 in 100 seats have it; the stragglers are the show's own 'people'.",
)
LAG = Limit(
    "When somebody is behind",
    0.1,
    "0.1 s",
    "rule of thumb",
    "As much as people differ in when they react; somebody later than that is behind by more than chance.",
)
SEEN = Limit(
    "When a picture is seen",
    0.05,
    "95 % of the seats",
    "rule of thumb",
    "Whatever the film shows of a picture is seen while it stands in a shot.",
)
OBLIQUE = Limit(
    "Most oblique view",
    math.radians(75),
    "75°",
    "rule of thumb",
    "From there a card looks a quarter as wide as it is (cos 75° = 0.26), and its neighbours hide it.",
)
OVER = Limit(
    "Least of a card over the row in front",
    0.5,
    "half of the card",
    "rule of thumb",
    "Of less than half, the colours of the row in front outweigh it.",
)
PIXEL = Limit(
    "Smallest card",
    1.0,
    "1 pixel",
    "rule of thumb",
    "A card smaller than a pixel of the film shows no colour of its own.",
)

ROOM = Limit(
    "Least room for a gymnast",
    0.4,
    "0.4 m, or the show's own 'room'",
    "rule of thumb",
    "From the middle of one person to the middle of the next. People are 0.46 m across the shoulders and "
    "0.25 m from front to back (S. Pheasant and C. M. Haslegrave, Bodyspace, 3rd ed., 2006), and turn a "
    "shoulder to each other.",
)
BODY = Limit(
    "Nearest that two bodies come",
    0.25,
    "0.25 m",
    "measured",
    "The depth of a man's chest (S. Pheasant and C. M. Haslegrave, Bodyspace, 3rd ed., 2006): two whose "
    "middles are nearer are in one another however they turn.",
)
MARCH = Limit(
    "Fastest marching",
    2.29,
    "2.3 m/s",
    "standard",
    "TC 3-21.5, Drill and Ceremonies (U.S. Army, 2021): double time is 180 steps of 30 inches a minute, "
    "quick time 120, which is 1.5 m/s.",
)
RUN = Limit(
    "Fastest run in formation",
    6.0,
    "6 m/s",
    "rule of thumb",
    "Runners choose 2.7 m/s (women) and 3.3 m/s (men) for themselves (J. C. Selinger et al., Current Biology "
    "32, 2022). Twice as fast, for a few seconds, among others and in costume, is as much as we would ask.",
)
SPRINT = Limit(
    "Fastest human",
    12.35,
    "12.35 m/s",
    "measured",
    "Usain Bolt at his fastest in the 100 m of 9.58 s, Berlin 2009 (R. Graubner and E. Nixdorf, New Studies "
    "in Athletics 26, 2011).",
)
STACK = Limit(
    "Highest figure of acrobats",
    3.0,
    "3 people high",
    "rule of thumb",
    "Cheerleaders at their highest level build two and a half people high (USASF, Cheer Rules 2020-2021); a "
    "third on shoulders is for acrobats.",
)
HIGHEST_TOWER = Limit(
    "Highest figure ever built",
    10.0,
    "10 people high",
    "measured",
    "The castellers of Catalonia have built human towers of ten storeys since 1998 (Minyons de Terrassa), "
    "with children on top and hundreds of people about the foot.",
)

LIMITS = (
    TURN,
    SWAP,
    AGAIN,
    SUSTAINED,
    SHAKE,
    SPREAD,
    LAG,
    LETTER,
    SMALL_LETTER,
    WIDE_LETTER,
    STROKE,
    COLOUR,
    EDGES,
    MERGED,
    BOOK,
    SEEN,
    OBLIQUE,
    OVER,
    PIXEL,
    ROOM,
    BODY,
    MARCH,
    RUN,
    SPRINT,
    STACK,
    HIGHEST_TOWER,
)
"""All limits, in the order of a report."""
