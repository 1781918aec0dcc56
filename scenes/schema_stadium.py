"""The stadium of a show: one of the presets, what the show changes of it, its light and who sits in it.

What is left out is the preset's. In YAML lengths are whole ones, from side to side; angles count from the
field's centre, 0 deg is east and they grow to the north.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .model import Model, Shorthand, written
from .plain_values import Number, Truth, Whole
from .quantities import Angle, Length, Share, problem, within

Preset = Literal["may_day", "olympic", "football", "cricket", "arena", "college_stand", "tribune"]
LightName = Literal["noon", "golden_hour", "dusk", "blue_hour", "night", "overcast", "neutral"]
Detail = Literal["draft", "standard", "final"]
_STRING = (("type", "string"),)
_STANDS = ("east", "north", "west", "south")


class Plan(Model):
    """The arena's edge: `width` from east to west and `length` from north to south, metres.

    `exponent` is a superellipse's, `corner` the radius of the corners of a rectangle or polygon; `points` are
    a polygon's corners, counter-clockwise, metres from the field's centre to the east and north.
    """

    shape: Literal["ellipse", "superellipse", "rounded_rectangle", "athletics", "polygon"] | None = None
    width: Annotated[Length, within("10 m", "400 m")] | None = None
    length: Annotated[Length, within("10 m", "400 m")] | None = None
    exponent: Annotated[Number, Field(ge=2, le=12)] | None = None
    corner: Annotated[Length, within("3 m", "200 m")] | None = None
    points: Annotated[tuple[tuple[Length, Length], ...], Field(max_length=64)] | None = None


class Tier(Model):
    """A tier of seats; what is left out follows from the tier under it.

    `depth` is how far its front lies behind the arena's edge and `front_height` the height of its first row,
    metres. `c_value` is how far each row sees over the eyes of the row in front. `block` is the length of the
    front row from aisle to aisle, `aisle` their width; `vomitories` are the openings, and `vomitory_row` the
    row at their floor, from 1. Where `from_` and `to` are given, it goes from the one counter-clockwise to
    the other and not all the way around.
    """

    rows: Annotated[Whole, Field(ge=1, le=150)]
    row_pitch: Annotated[Length, within("0.6 m", "2 m")] = written("0.8 m")
    c_value: Annotated[Length, within("0 m", "0.5 m")] = written("9 cm")
    depth: Annotated[Length, within("0 m", "200 m")] | None = None
    front_height: Annotated[Length, within("0 m", "100 m")] | None = None
    from_: Annotated[Angle, within("-360 deg", "360 deg")] | None = Field(default=None, alias="from")
    to: Annotated[Angle, within("-360 deg", "360 deg")] | None = None
    block: Annotated[Length, within("3 m", "60 m")] = written("14 m")
    aisle: Annotated[Length, within("0.6 m", "5 m")] = written("1.2 m")
    vomitories: Annotated[Whole, Field(ge=0, le=300)] | None = None
    vomitory_row: Annotated[Whole, Field(ge=1, le=150)] | None = None
    balustrade: Annotated[Length, within("0 m", "3 m")] = written("1 m")
    gangway: Annotated[Length, within("0 m", "20 m")] = written("2 m")

    @model_validator(mode="after")
    def _both_ends(self) -> Tier:
        check_way(self.from_, self.to)
        return self


class Roof(Model):
    """The roof: its reach to both sides of the outer wall, and the height of its inner edge or ridge, metres.

    `bays` are its petals, or the spans between its cables; `from_` and `to` as of a tier.
    """

    kind: Literal["none", "ring", "petals", "cable_net"] | None = None
    inward: Annotated[Length, within("1 m", "200 m")] | None = None
    outward: Annotated[Length, within("0 m", "100 m")] | None = None
    height: Annotated[Length, within("3 m", "200 m")] | None = None
    bays: Annotated[Whole, Field(ge=3, le=200)] | None = None
    from_: Annotated[Angle, within("-360 deg", "360 deg")] | None = Field(default=None, alias="from")
    to: Annotated[Angle, within("-360 deg", "360 deg")] | None = None

    @model_validator(mode="after")
    def _both_ends(self) -> Roof:
        check_way(self.from_, self.to)
        return self


class Floor(Model):
    """The arena's floor: what is marked on it, and the part of it that a show may use, metres."""

    kind: Literal["athletics", "football", "cricket", "court", "parade"] | None = None
    width: Annotated[Length, within("5 m", "400 m")] | None = None
    length: Annotated[Length, within("5 m", "400 m")] | None = None
    lanes: Annotated[Whole, Field(ge=1, le=12)] | None = None


class Fittings(Model):
    """What a stadium has besides its stands: masts or batteries of lamps, boards, a tunnel, a torch."""

    floodlights: Annotated[Whole, Field(ge=0, le=400)] | None = None
    floodlight_height: Annotated[Length, within("5 m", "150 m")] | None = None
    scoreboards: Annotated[Whole, Field(ge=0, le=2)] | None = None
    tunnel: Truth | None = None
    torch: Truth | None = None


class Spectators(Model):
    """How full the stands are: shares of the seats, of all and of those stands that are given by name.

    `standing` is how many of the spectators stand, `waving` how many wave at a time.
    """

    share: Share = written("70 %")
    east: Share | None = None
    north: Share | None = None
    west: Share | None = None
    south: Share | None = None
    standing: Share = written("5 %")
    waving: Share = written("5 %")

    @property
    def by_stand(self) -> dict[str, float]:
        """The share of the seats that are taken, by the stand's name."""
        given = {name: getattr(self, name) for name in _STANDS}
        return {name: self.share if share is None else share for name, share in given.items()}


class Stadium(Model):
    """The place, its light and who sits in it.

    `seats` is how many people it is to seat: seats are as wide as that leaves. `detail` is how finely the
    place is built, if not as finely as the film's quality asks for.
    """

    preset: Preset = "may_day"
    light: LightName = "noon"
    spectators: Annotated[Spectators, Shorthand("share", (str, int, float), _STRING)] = written("70 %")
    detail: Detail | None = None
    surroundings: Literal["city", "park", "none"] = "city"
    plan: Plan = Field(default_factory=Plan)
    tiers: Annotated[tuple[Tier, ...], Field(max_length=8)] | None = None
    roof: Annotated[Roof, Shorthand("kind", str, _STRING)] = Field(default_factory=Roof)
    floor: Annotated[Floor, Shorthand("kind", str, _STRING)] = Field(default_factory=Floor)
    fittings: Fittings = Field(default_factory=Fittings)
    seats: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _stands_up(self) -> Stadium:
        from .stadium import StadiumError, bowl_of  # noqa: PLC0415  which needs this file's models

        try:
            bowl_of(self)
        except StadiumError as error:
            raise problem(str(error), allowed=error.allowed, at=error.at) from None
        return self


def check_way(begin: float | None, end: float | None) -> None:
    """Refuse one end of a way around the bowl without the other, and ends the wrong way round.

    Raises
    ------
    pydantic_core.PydanticCustomError
    """
    if (begin is None) != (end is None):
        given, missing = ("from", "to") if end is None else ("to", "from")
        raise problem(f"{given!r} goes with {missing!r}; write both, or neither", at=(given,))
    if begin is not None and end is not None and not end > begin:
        raise problem(
            "is not past 'from'; from there it goes counter-clockwise, such as -40 deg to 40 deg",
            at=("to",),
            of_value=True,
        )
