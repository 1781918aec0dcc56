"""The card section: its seats and people, what they hold, and what they are to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from .errors import YamlPath, kind_of, listing, nearest_name, quoted
from .model import Model, Name, only_one, refuse_strangers, written
from .paper_stock import PAPER_STOCKS
from .plain_values import Colour, Number, RelativePath, Truth, Whole, parse_colour
from .quantities import Angle, Length, Seconds, Share, problem, within
from .schema_cue import Cue, Ranges, Where
from .schema_page import Page

Mode = Literal["books", "cards", "two_sided", "tablets"]
FileUse = Literal["image", "video", "font", "seats"]
MOST_COLOURS = 255
_USES: dict[str, FileUse] = {"image": "image", "video": "video", "font": "font"}


def _parse_colours(value: object) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        if not 2 <= value <= MOST_COLOURS:
            raise problem(f"must be from 2 to {MOST_COLOURS}", of_value=True)
        return value
    if isinstance(value, list | tuple):
        if not 1 <= len(value) <= MOST_COLOURS:
            raise problem(f"a palette has 1 to {MOST_COLOURS} colours, not {len(value)}")
        colours = []
        for index, item in enumerate(value):
            try:
                colours.append(parse_colour(item))
            except PydanticCustomError as error:
                raise problem(error.message(), at=(index,)) from None
            if colours[-1] in colours[:-1]:
                raise problem("stands in the palette twice", at=(index,), of_value=True)
        return tuple(colours)
    found = quoted(value) if isinstance(value, str | float | bool) else kind_of(value)
    raise problem(f"{found} is neither a number of colours, such as 24, nor a list of colours")


def _parse_paper(value: object) -> str:
    if isinstance(value, str) and value in PAPER_STOCKS:
        return value
    raise problem(
        f"{quoted(value) if isinstance(value, str) else kind_of(value)} is not a known paper stock",
        allowed=listing(PAPER_STOCKS),
        nearest=nearest_name(value, PAPER_STOCKS),
    )


def _without_default(schema: dict[str, Any]) -> None:
    """Leave out a default that no show may say."""
    schema.pop("default", None)


Colours = Annotated[
    int | tuple[tuple[int, int, int], ...],
    PlainValidator(_parse_colours),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 2, "maximum": MOST_COLOURS},
                {
                    "type": "array",
                    "items": {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"},
                    "minItems": 1,
                    "maxItems": MOST_COLOURS,
                },
            ]
        }
    ),
]
Paper = Annotated[str, PlainValidator(_parse_paper), WithJsonSchema({"enum": list(PAPER_STOCKS)})]


class Palette(Model):
    """The colours that books have, and how pictures are brought to them.

    `colours` is how many to choose from all pages together, or the colours themselves; with `paper`
    they are those of a paper stock, as many as `colours` says, or all.
    """

    colours: Colours = 24
    paper: Paper | None = None
    dither: Literal["none", "blue_noise", "floyd_steinberg"] = "blue_noise"

    @model_validator(mode="after")
    def _one_source(self) -> Palette:
        if self.paper is not None and not isinstance(self.colours, int):
            raise problem(
                "the colours are either listed or those of a paper stock, not both", at=("colours",)
            )
        return self


class PeopleModel(Model):
    """How people differ: reaction in seconds, shares of people 0 to 1.

    `skill` is how much people differ in how fast and sure they are, and `row` how much of that (and of
    being late) a row has in common, since it follows its leader.
    """

    reaction: Annotated[Seconds, within("0 s", "10 s")] = written("120 ms")
    spread: Annotated[Seconds, within("0 s", "10 s")] = written("40 ms")
    skill: Share = written("20 %")
    row: Share = written("20 %")
    late: Share = written("0.4 %")
    wrong_page: Share = written("0.1 %")
    absent: Share = written("0.5 %")
    dropped: Share = written("0.1 %")
    perfect: Truth = False


class Arc(Model):
    """An arc of a stand about the field's centre: metres and radians; 0 deg is east, growing to north.

    `from_` is at the viewer's left, who looks from the centre, so it is the greater angle. The front row
    lies at `radius` and `height`; each row behind is `depth` further out and `rise` higher.
    """

    radius: Annotated[Length, within("5 m", "1 km")]
    from_: Angle = Field(alias="from")
    to: Angle
    height: Annotated[Length, within("0 m", "100 m")] = written("2 m")
    depth: Annotated[Length, within("0.4 m", "5 m")] = written("0.8 m")
    rise: Annotated[Length, within("0 m", "5 m")] = written("0.4 m")

    @model_validator(mode="after")
    def _has_a_width(self) -> Arc:
        if not self.from_ > self.to:
            raise problem(
                "is not to the right of 'from'; the greater angle comes first", at=("to",), of_value=True
            )
        return self


class Gap(Model):
    """A rectangle without seats: rows and columns."""

    rows: Ranges
    columns: Ranges


class Seats(Model):
    """Where the seats are: in the stadium's stand, on an arc, or as a file lists them.

    A `file` is CSV (seat, section, row, number, x, y, z) or SVG. `aisles` are columns without seats;
    `row_seats` says, from the front, how many seats each row has, in its middle.
    """

    arc: Arc | None = None
    file: RelativePath | None = None
    aisles: Ranges | None = None
    gaps: tuple[Gap, ...] = ()
    row_seats: tuple[Annotated[Whole, Field(ge=1, le=1000)], ...] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Seats:
        if self.arc is not None and self.file is not None:
            only_one(self, ("arc", "file"), "a seat map")
        if self.file is not None:
            for name in ("aisles", "gaps", "row_seats"):
                if name in self.model_fields_set:
                    raise problem(
                        f"{name!r} does not go with 'file', which says itself where seats are", at=(name,)
                    )
        return self


class Tablet(Model):
    """A seat's screen: `pixels` across and down, and how bright white is, in candela a square metre."""

    pixels: Annotated[Whole, Field(ge=1, le=16)] = 3
    brightness: Annotated[Number, Field(ge=1, le=100_000)] = 700.0


class CardSection(Model):
    """The stand that makes the picture; row 1 is the front, column 1 the viewer's left.

    With a seat map from a file, `columns` and `rows` are left out: the file says them, and
    `LoadedShow.show` has them filled in.
    """

    stand: Literal["east"] = "east"
    mode: Mode = "books"
    tablet: Tablet = Field(default_factory=Tablet)
    columns: Annotated[Whole, Field(ge=2, le=1000, json_schema_extra=_without_default)] = 0
    rows: Annotated[Whole, Field(ge=2, le=400, json_schema_extra=_without_default)] = 0
    seats: Seats = Field(default_factory=Seats)
    blocks: dict[Name, Where] = Field(default_factory=dict)
    cover: Colour = written("#f4f1e8")
    palette: Palette = Field(default_factory=Palette)
    people: PeopleModel = Field(default_factory=PeopleModel)
    pages: Annotated[dict[Name, Page], Field(min_length=1)]
    cues: Annotated[tuple[Cue, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _options_fit(self) -> CardSection:
        refuse_strangers(
            self, self.mode, {"tablet": ("tablets",), "palette": ("books", "cards", "two_sided")}
        )
        for name in ("columns", "rows"):
            if self.seats.file is not None and name in self.model_fields_set:
                raise problem(f"the seat map says how many {name} there are; leave {name!r} out", at=(name,))
            if self.seats.file is None and name not in self.model_fields_set:
                raise problem(f"the key {name!r} is missing")
        if self.seats.row_seats is not None and len(self.seats.row_seats) != self.rows:
            raise problem(
                f"has {len(self.seats.row_seats)} numbers, but there are {self.rows} rows",
                at=("seats", "row_seats"),
            )
        for name, block in self.blocks.items():
            if block.block is not None or block.drawn:
                what = "block" if block.block is not None else "drawn"
                raise problem(
                    f"{what!r} cannot be part of a block, only of a cue's 'where'", at=("blocks", name, what)
                )
        return self


def section_files(section: CardSection) -> Iterator[tuple[YamlPath, FileUse, str]]:
    """Yield every file that a card section names: where it stands in the show, what for, and its name."""
    base: YamlPath = ("card_section",)
    for name, page in section.pages.items():
        for keys in page.files:
            part: Any = page
            for key in keys:
                part = getattr(part, key)
            yield (*base, "pages", name, *keys), _USES[keys[-1]], part
    if section.seats.file is not None:
        yield (*base, "seats", "file"), "seats", section.seats.file
    for name, block in section.blocks.items():
        if block.mask is not None:
            yield (*base, "blocks", name, "mask"), "image", block.mask
    for index, cue in enumerate(section.cues):
        if cue.flip.map is not None:
            yield (*base, "cues", index, "flip", "map"), "image", cue.flip.map
        if cue.where is not None and cue.where.mask is not None:
            yield (*base, "cues", index, "where", "mask"), "image", cue.where.mask
