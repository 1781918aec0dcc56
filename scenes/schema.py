"""The show as the models see it: everything in SI units, moments as exact seconds of show time.

`Show` is what a show file becomes. In YAML the quantities are text with units (see `quantities`); here
times are `fractions.Fraction` seconds, lengths metres, angles radians, shares 0 to 1.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from .errors import quoted
from .model import Model, Name, Shorthand, only_one, refuse_strangers, written
from .plain_values import Colour, Decimal, RelativePath, Text, Truth, Whole
from .quantities import Angle, Duration, Moment, Seconds, Share, Tempo, parse_angle, problem, within
from .schema_film import Film
from .schema_troupe import Troupe

FORMAT_VERSION = 1
PAGES_IN_A_BOOK = 170

PageKind = Literal["fill", "image", "text", "gradient"]
PAGE_KINDS: tuple[PageKind, ...] = ("fill", "image", "text", "gradient")
Order = Literal["together", "sweep", "ripple", "iris", "spiral", "diagonal", "rows", "columns", "dissolve"]

# The angle is the direction in which the sweep travels, as the kernels take it.
_SIDES = {"left": 0.0, "bottom": math.pi / 2, "right": math.pi, "top": 3 * math.pi / 2}


def _parse_from(value: object, info: ValidationInfo) -> float:
    if isinstance(value, str) and re.match(r"\s*[^\W\d]", value):
        if value not in _SIDES:
            raise problem(f"{quoted(value)} is not a side", allowed="left, right, bottom, top, or degrees")
        return _SIDES[value]
    return parse_angle(value, info)


def _parse_range(value: object) -> tuple[int, int]:
    if isinstance(value, int) and not isinstance(value, bool):
        first = last = value
    elif isinstance(value, tuple) and len(value) == 2 and all(type(end) is int for end in value):
        first, last = value
    else:
        match = (
            re.fullmatch(r"\s*([0-9]{1,6})\s*(?:-\s*([0-9]{1,6})\s*)?", value)
            if isinstance(value, str)
            else None
        )
        if match is None:
            raise problem(f"{quoted(value)} is not a range; write the first and the last, like '20-60'")
        first, last = int(match[1]), int(match[2] or match[1])
    if first < 1:
        raise problem("rows and columns count from 1")
    if last < first:
        raise problem(f"the range ends before it begins; write '{last}-{first}'")
    return first, last


SweepFrom = Annotated[
    float,
    PlainValidator(_parse_from),
    WithJsonSchema(
        {"anyOf": [{"enum": list(_SIDES)}, {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)? ?deg$"}]}
    ),
]
Range = Annotated[
    tuple[int, int],
    PlainValidator(_parse_range),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^[0-9]+( ?- ?[0-9]+)?$"},
                {"type": "integer", "minimum": 1},
            ],
            "description": "First and last, counted from 1 at the front and at the viewer's left",
        }
    ),
]


class Music(Model):
    """The sound of the show; show time 0 is the start of its file."""

    file: RelativePath
    bpm: Annotated[Decimal, within("1", "1000")]
    beats_per_bar: Annotated[Whole, Field(ge=1, le=64)] = 4
    offset: Seconds = written("0 s")

    @property
    def tempo(self) -> Tempo:
        """How bars and beats lie in show time."""
        return Tempo(self.bpm, self.beats_per_bar, self.offset)


class Stadium(Model):
    """The place, its light and how full it is."""

    preset: Literal["may_day"] = "may_day"
    light: Literal["noon", "golden_hour", "dusk", "overcast"] = "noon"
    spectators: Share = written("70 %")


class Palette(Model):
    """How many colours the books have, and how pictures are brought to them."""

    colours: Annotated[Whole, Field(ge=2, le=255)] = 24
    dither: Literal["none", "blue_noise", "floyd_steinberg"] = "blue_noise"


class PeopleModel(Model):
    """How people differ: reaction in seconds, shares of people 0 to 1."""

    reaction: Annotated[Seconds, within("0 s", "10 s")] = written("120 ms")
    spread: Annotated[Seconds, within("0 s", "10 s")] = written("40 ms")
    late: Share = written("0.4 %")
    wrong_page: Share = written("0.1 %")
    absent: Share = written("0.5 %")
    perfect: Truth = False


class Gradient(Model):
    """Two colours and the direction from the first to the second; 0 deg is left to right."""

    from_: Colour = Field(alias="from")
    to: Colour
    angle: Angle = written("0 deg")


class Page(Model):
    """One picture over the whole section: a fill, an image, a text or a gradient (see `kind`)."""

    fill: Colour | None = None
    image: RelativePath | None = None
    fit: Literal["cover", "contain", "stretch"] = "cover"
    text: Text | None = None
    colour: Colour = written("#ffffff")
    on: Colour = written("#000000")
    gradient: Gradient | None = None

    @property
    def kind(self) -> PageKind:
        """Which of `fill`, `image`, `text` and `gradient` this page is."""
        return next(kind for kind in PAGE_KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> Page:
        kind = only_one(self, PAGE_KINDS, "a page")
        refuse_strangers(self, kind, {"fit": ("image",), "colour": ("text",), "on": ("text", "image")})
        return self


class Flip(Model):
    """How a change of page goes through the section.

    `from_` is the direction of travel in radians (0 = from the left, pi/2 = from the bottom); `centre`
    is a share of the width from the left and of the height from the bottom; `over` and `turn` are
    seconds: from the first person's start to the last one's, and how long one person takes.
    """

    order: Order = "together"
    from_: SweepFrom = Field(default="left", validate_default=True, alias="from")
    centre: tuple[Share, Share] = written(("50 %", "50 %"))
    over: Duration = written("0 s")
    turn: Duration = written("0.4 s")
    reverse: Truth = False

    @model_validator(mode="after")
    def _options_fit(self) -> Flip:
        refuse_strangers(self, self.order, {"from_": ("sweep",), "centre": ("ripple", "iris", "spiral")})
        if not self.turn > 0:
            raise problem("turning a page takes more than 0 s", at=("turn",))
        return self


class Where(Model):
    """A part of the section: rows and columns, first and last, counted from 1; None means all."""

    rows: Range | None = None
    columns: Range | None = None

    def slices(self, rows: int, columns: int) -> tuple[slice, slice]:
        """Return the part as slices of a (rows, columns) array of the section."""
        first_row, last_row = self.rows or (1, rows)
        first_column, last_column = self.columns or (1, columns)
        return slice(first_row - 1, last_row), slice(first_column - 1, last_column)


class Cue(Model):
    """At a time, turn to a page."""

    at: Moment
    page: Text
    flip: Annotated[Flip, Shorthand("order", str, (("type", "string"),))] = Field(default_factory=Flip)
    where: Where | None = None


class CardSection(Model):
    """The stand that makes the picture; row 1 is the front, column 1 the viewer's left."""

    stand: Literal["east"] = "east"
    columns: Annotated[Whole, Field(ge=2, le=1000)]
    rows: Annotated[Whole, Field(ge=2, le=400)]
    palette: Palette = Field(default_factory=Palette)
    people: PeopleModel = Field(default_factory=PeopleModel)
    pages: Annotated[dict[Name, Page], Field(min_length=1)]
    cues: Annotated[tuple[Cue, ...], Field(min_length=1)]


class Show(Model):
    """Everything the audience sees, and the film of it."""

    cardstunt: Literal[1]
    title: Text
    seed: Annotated[Whole, Field(ge=0, lt=2**63)] = 0
    music: Music | None = None
    stadium: Stadium = Field(default_factory=Stadium)
    card_section: CardSection
    troupes: dict[Name, Troupe] = Field(default_factory=dict)
    film: Film


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a show file, as YAML writes it, for editors."""
    schema = Show.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
