"""Formations: the shapes, figures and tables that say where a troupe stands."""

from __future__ import annotations

import math
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from .model import Model, Shorthand, only_one, refuse_strangers, written
from .plain_values import Number, RelativePath, Text, Whole
from .quantities import Angle, Length, problem, within

FormationKind = Literal[
    "block",
    "grid",
    "rings",
    "arcs",
    "spiral",
    "lines",
    "curve",
    "wedge",
    "star",
    "stack",
    "polygon",
    "image",
    "text",
    "csv",
]
FORMATION_KINDS: tuple[FormationKind, ...] = get_args(FormationKind)
Placing = Literal["even", "blue_noise", "centroidal"]
Fill = Literal["rows", "columns", "centre", "edge", "spread"]
StackKind = Literal["wall", "pyramid", "tower"]
_FILLED: tuple[FormationKind, ...] = ("polygon", "image", "text")
_INTEGER = (("type", "integer"),)
_STRING = (("type", "string"),)

Spacing = Annotated[Length, within("0.3 m", "50 m")]
Size = Annotated[Length, within("1 m", "300 m")]
Spot = tuple[Length, Length]
"""Metres east and north of the formation's place."""
FormationFile = Literal["image", "font", "places", "curve"]
WHOLE_TURN = 2.0 * math.pi + 1e-9


class Block(Model):
    """People in columns; `spacing` is metres between neighbours."""

    columns: Annotated[Whole, Field(ge=1, le=80_000)]
    spacing: Spacing = written("1.2 m")


class Grid(Model):
    """Rows and columns, by number or by `size` and `spacing`; `fill` says which places stay free.

    `size` is metres from the first person to the last, across the audience's view and away from it. What of
    columns and rows is not given follows from it, or from the number of people.
    """

    columns: Annotated[Whole, Field(ge=1, le=80_000)] | None = None
    rows: Annotated[Whole, Field(ge=1, le=80_000)] | None = None
    size: tuple[Size, Size] | None = None
    fill: Fill = "rows"
    spacing: Spacing = written("1.2 m")


class Rings(Model):
    """Rings about one centre; `radius` is the outermost one's, None lets `spacing` decide."""

    rings: Annotated[Whole, Field(ge=1, le=1000)]
    radius: Size | None = None
    spacing: Spacing = written("1.2 m")


class Arcs(Model):
    """Parts of rings about one centre, from an angle to another; `radius` is the outermost one's.

    0 deg is away from the main stand, 90 deg to the right as it is seen from there.
    """

    arcs: Annotated[Whole, Field(ge=1, le=1000)]
    radius: Size | None = None
    from_: Annotated[Angle, within("-360 deg", "360 deg")] = Field(
        default="-60 deg", validate_default=True, alias="from"
    )
    to: Annotated[Angle, within("-360 deg", "360 deg")] = written("60 deg")
    gap: Annotated[Length, within("0.3 m", "100 m")] | None = None
    spacing: Spacing = written("1.2 m")

    @model_validator(mode="after")
    def _turns(self) -> Arcs:
        if not self.from_ < self.to <= self.from_ + WHOLE_TURN:
            raise problem("must be more than 'from', by at most 360 deg", at=("to",), of_value=True)
        if self.radius is not None and self.gap is not None and self.radius <= self.gap * (self.arcs - 1):
            inner = self.gap * (self.arcs - 1)
            raise problem(
                f"must be more than {inner:g} m, so that {self.arcs} arcs {self.gap:g} m apart have room",
                at=("radius",),
                of_value=True,
            )
        return self


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


class Curve(Model):
    """Along a Bézier curve of `points`, or the lines of a drawing in SVG, which is `width` metres wide.

    Points are metres on the field, east and north of the formation's place: 2 or 3 of them, or 4, 7, 10 … for
    a chain of cubic curves. `strands` are files of people beside each other, `gap` metres apart.
    """

    points: Annotated[tuple[Spot, ...], Field(min_length=2, max_length=1000)] | None = None
    file: RelativePath | None = None
    line: Text | None = None
    width: Size = written("90 m")
    strands: Annotated[Whole, Field(ge=1, le=500)] | None = None
    gap: Annotated[Length, within("0.3 m", "100 m")] | None = None
    spacing: Spacing = written("1.2 m")

    @model_validator(mode="after")
    def _one_line(self) -> Curve:
        kind = only_one(self, ("points", "file"), "a curve")
        refuse_strangers(self, kind, {"width": ("file",), "line": ("file",)})
        if self.points is not None and len(self.points) > 3 and len(self.points) % 3 != 1:
            raise problem(
                "a curve has 2 or 3 points, or 4, 7, 10 … for a chain of cubic curves,"
                f" not {len(self.points)}",
                at=("points",),
            )
        if self.gap is not None and self.gap < self.spacing:
            raise problem(f"must be at least the spacing, {self.spacing:g} m", at=("gap",), of_value=True)
        return self


class Wedge(Model):
    """A filled triangle that points to the card section."""

    spacing: Spacing = written("1.2 m")


class Star(Model):
    """A filled star; `radius` is its points'."""

    points: Annotated[Whole, Field(ge=3, le=36)] = 5
    radius: Size | None = None
    spacing: Spacing = written("1.2 m")


class Stack(Model):
    """Acrobats who stand on each other, in as many equal figures as there are people for.

    A `wall` and a `pyramid` have `base` people in each lowest row, a `tower` is `base` people high. `columns`
    figures stand side by side, None for as square as can be, `spacing` metres apart.
    """

    kind: StackKind
    base: Annotated[Whole, Field(ge=1, le=10)] = 3
    columns: Annotated[Whole, Field(ge=1, le=80_000)] | None = None
    spacing: Annotated[Length, within("0.6 m", "50 m")] = written("3 m")


Shape = Block | Grid | Rings | Arcs | Spiral | Lines | Curve | Wedge | Star | Stack


class Formation(Model):
    """Where a troupe stands: one shape, polygon, picture, text or table of places (see `kind`).

    `width` is metres on the field. `placing` says how a polygon, picture or text is filled, and `spacing` how
    near to each other people may stand in these and in a table. The corners of a polygon and the places of a
    table are metres east and north of the formation's place.
    """

    block: Annotated[Block, Shorthand("columns", int, _INTEGER)] | None = None
    grid: Annotated[Grid, Shorthand("columns", int, _INTEGER)] | None = None
    rings: Annotated[Rings, Shorthand("rings", int, _INTEGER)] | None = None
    arcs: Annotated[Arcs, Shorthand("arcs", int, _INTEGER)] | None = None
    spiral: Spiral | None = None
    lines: Annotated[Lines, Shorthand("lines", int, _INTEGER)] | None = None
    curve: Annotated[Curve, Shorthand("file", str, _STRING)] | None = None
    wedge: Wedge | None = None
    star: Annotated[Star, Shorthand("points", int, _INTEGER)] | None = None
    stack: Annotated[Stack, Shorthand("kind", str, _STRING)] | None = None
    polygon: Annotated[tuple[Spot, ...], Field(min_length=3, max_length=2000)] | None = None
    image: RelativePath | None = None
    text: Text | None = None
    csv: RelativePath | None = None
    width: Size = written("90 m")
    font: RelativePath | None = None
    placing: Placing = "even"
    spacing: Spacing = written("0.8 m")

    @property
    def kind(self) -> FormationKind:
        """Which of the fields this formation is."""
        return next(kind for kind in FORMATION_KINDS if getattr(self, kind) is not None)

    @property
    def shape(self) -> Shape | str | tuple[tuple[float, float], ...]:
        """The shape, the polygon's corners, the image's or table's path or the text."""
        shape: Shape | str | tuple[tuple[float, float], ...] = getattr(self, self.kind)
        return shape

    @property
    def files(self) -> tuple[tuple[tuple[str, ...], FormationFile, str], ...]:
        """The files that are named in it: each one's keys, what it is used for, and its name."""
        named: list[tuple[tuple[str, ...], FormationFile, str | None]] = [
            (("image",), "image", self.image),
            (("csv",), "places", self.csv),
            (("font",), "font", self.font),
            (("curve", "file"), "curve", self.curve.file if self.curve is not None else None),
        ]
        return tuple((keys, use, name) for keys, use, name in named if name is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> Formation:
        kind = only_one(self, FORMATION_KINDS, "a formation")
        refuse_strangers(
            self,
            kind,
            {
                "width": ("image", "text"),
                "font": ("text",),
                "placing": _FILLED,
                "spacing": (*_FILLED, "csv"),
            },
        )
        return self
