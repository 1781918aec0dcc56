"""Troupes on the field: who they are and their drill."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .model import Model, Shorthand, only_one, refuse_strangers, written
from .plain_values import Colour, Number, RelativePath, Text, Whole
from .quantities import Duration, Length, Moment, problem, within

Clip = Literal["stand", "march", "wave", "jump", "bow"]
FormationKind = Literal["block", "rings", "spiral", "lines", "wedge", "star", "image", "text"]
FORMATION_KINDS: tuple[FormationKind, ...] = (
    "block",
    "rings",
    "spiral",
    "lines",
    "wedge",
    "star",
    "image",
    "text",
)
_INTEGER = (("type", "integer"),)

Spacing = Annotated[Length, within("0.3 m", "50 m")]
Size = Annotated[Length, within("1 m", "300 m")]


class Block(Model):
    """People in columns; `spacing` is metres between neighbours."""

    columns: Annotated[Whole, Field(ge=1, le=80_000)]
    spacing: Spacing = written("1.2 m")


class Rings(Model):
    """Rings about one centre; `radius` is the outermost one's, None lets `spacing` decide."""

    rings: Annotated[Whole, Field(ge=1, le=1000)]
    radius: Size | None = None
    spacing: Spacing = written("1.2 m")


class Spiral(Model):
    """One arm winding outwards `turns` times; `radius` is its outer end's."""

    turns: Annotated[Number, Field(ge=0.25, le=1000)] = 5.0
    radius: Size | None = None
    spacing: Spacing = written("1.2 m")


class Lines(Model):
    """Straight lines across the field; `gap` is metres between lines, `spacing` along one."""

    lines: Annotated[Whole, Field(ge=1, le=10_000)]
    gap: Annotated[Length, within("0.3 m", "100 m")] | None = None
    spacing: Spacing = written("1.2 m")


class Wedge(Model):
    """A filled triangle that points to the card section."""

    spacing: Spacing = written("1.2 m")


class Star(Model):
    """A filled star; `radius` is its points'."""

    points: Annotated[Whole, Field(ge=3, le=36)] = 5
    radius: Size | None = None
    spacing: Spacing = written("1.2 m")


Shape = Block | Rings | Spiral | Lines | Wedge | Star


class Formation(Model):
    """Where a troupe stands: one shape, picture or text (see `kind`); `width` is metres on the field."""

    block: Annotated[Block, Shorthand("columns", int, _INTEGER)] | None = None
    rings: Annotated[Rings, Shorthand("rings", int, _INTEGER)] | None = None
    spiral: Spiral | None = None
    lines: Annotated[Lines, Shorthand("lines", int, _INTEGER)] | None = None
    wedge: Wedge | None = None
    star: Annotated[Star, Shorthand("points", int, _INTEGER)] | None = None
    image: RelativePath | None = None
    text: Text | None = None
    width: Size = written("90 m")

    @property
    def kind(self) -> FormationKind:
        """Which of the fields this formation is."""
        return next(kind for kind in FORMATION_KINDS if getattr(self, kind) is not None)

    @property
    def shape(self) -> Shape | str:
        """The shape, the image's path or the text."""
        shape: Shape | str = getattr(self, self.kind)
        return shape

    @model_validator(mode="after")
    def _one_kind(self) -> Formation:
        kind = only_one(self, FORMATION_KINDS, "a formation")
        refuse_strangers(self, kind, {"width": ("image", "text")})
        return self


class Move(Model):
    """What people do while they stand in a formation; `canon` is seconds from one person to the next."""

    clip: Clip
    canon: Duration = written("0 s")


class DrillSet(Model):
    """From `at` on, walk for `travel` seconds to `formation`, centred on `place`, then do `move`.

    The first set of a drill is where the troupe stands from the beginning. A `travel` of None lets the
    longest way decide.
    """

    at: Moment
    formation: Formation
    place: tuple[Length, Length] = written(("0 m", "0 m"))
    travel: Duration | None = None
    move: Annotated[Move, Shorthand("clip", str, (("type", "string"),))] = written("stand")

    @model_validator(mode="after")
    def _walks(self) -> DrillSet:
        if self.travel is not None and not self.travel > 0:
            raise problem("people need more than 0 s to walk to a formation", at=("travel",))
        return self


class Costume(Model):
    """What a troupe wears and carries."""

    colour: Colour
    accent: Colour | None = None
    prop: Literal["none", "ribbon", "flag"] = "none"


class Troupe(Model):
    """A group on the field."""

    count: Annotated[Whole, Field(ge=1, le=80_000)]
    costume: Costume
    drill: Annotated[tuple[DrillSet, ...], Field(min_length=1)]
