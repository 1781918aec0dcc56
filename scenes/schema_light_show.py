"""Light shows: follow spots, beams, strobes, lasers, confetti, fireworks and drones, as cues of the show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from .errors import YamlPath, kind_of, listing, nearest_name, quoted
from .field_places import FLAT_POINT, point
from .model import Model, Shorthand, only_one, refuse_strangers, written
from .plain_values import Colour, Number, RelativePath, Text, Truth, Whole
from .quantities import Angle, Duration, Length, Moment, Share, problem, within
from .schema_formation import FormationFile
from .schema_travel import Face

LightKind = Literal["spots", "beams", "strobe", "lasers", "confetti", "fireworks", "drones"]
LIGHT_KINDS: tuple[LightKind, ...] = get_args(LightKind)
Burst = Literal["peony", "chrysanthemum", "willow", "ring", "palm"]
LightSource = Literal["roof", "field", "plaza"]
"""The roof's inner edge; the edge of the field; the ground outside the stadium."""
TARGETS = ("field", "card_section")
MOST_SPOTS = 12
"""Each spot is a lamp of the scene, and each lamp costs every picture of the film."""
DRONES_APART = 1.5
"""Metres: drones fly no nearer to each other."""

_FARTHEST = 5_000
"""Metres from the centre of the field."""
_INTEGER = (("type", "integer"),)
_NUMBER = (("type", "number"),)


def _parse_target(value: object, info: ValidationInfo) -> str | tuple[float, float, float]:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, list | tuple):
        return point(value, info, farthest=_FARTHEST)
    found = quoted(value) if isinstance(value, str | int | float) else kind_of(value)
    raise problem(
        f"{found} is nothing that light can fall on",
        allowed="field, card_section, the name of a troupe, [x m, y m]",
    )


def _parse_over(value: object, info: ValidationInfo) -> str | tuple[float, float, float]:
    if isinstance(value, str) and value in TARGETS:
        return value
    if isinstance(value, list | tuple):
        return point(value, info, farthest=_FARTHEST)
    found = quoted(value) if isinstance(value, str | int | float) else kind_of(value)
    raise problem(
        f"{found} is no place to fly over",
        allowed="field, card_section, [x m, y m]",
        nearest=nearest_name(value, TARGETS),
    )


def _parse_source(*allowed: LightSource) -> Callable[[object, ValidationInfo], Any]:
    def parse(value: object, info: ValidationInfo) -> Any:
        if isinstance(value, str) and value in allowed:
            return value
        if isinstance(value, list | tuple) and value:
            several = isinstance(value[0], list | tuple)
            places = value if several else (value,)
            for place in places:
                if not isinstance(place, list | tuple):
                    found = quoted(place) if isinstance(place, str | int | float) else kind_of(place)
                    raise problem(f"a place [x m, y m, z m] is expected, not {found}")
            return tuple(point(place, info, farthest=_FARTHEST) for place in places)
        found = quoted(value) if isinstance(value, str | int | float) else kind_of(value)
        raise problem(
            f"{found} is nowhere that this can come from",
            allowed=f"{listing(allowed)}, or places [[x m, y m, z m], …]",
            nearest=nearest_name(value, allowed),
        )

    return parse


def _source_schema(*allowed: LightSource) -> WithJsonSchema:
    places = {"type": "array", "items": FLAT_POINT, "minItems": 1}
    return WithJsonSchema({"anyOf": [{"enum": list(allowed)}, FLAT_POINT, places]})


Places = tuple[tuple[float, float, float], ...]
LampSource = Annotated[
    Literal["roof", "field"] | Places,
    PlainValidator(_parse_source("roof", "field")),
    _source_schema("roof", "field"),
]
ShellSource = Annotated[
    Literal["roof", "plaza"] | Places,
    PlainValidator(_parse_source("roof", "plaza")),
    _source_schema("roof", "plaza"),
]
Target = Annotated[
    str | tuple[float, float, float],
    PlainValidator(_parse_target),
    WithJsonSchema({"anyOf": [{"type": "string", "examples": list(TARGETS)}, FLAT_POINT]}),
]
Over = Annotated[
    Literal["field", "card_section"] | tuple[float, float, float],
    PlainValidator(_parse_over),
    WithJsonSchema({"anyOf": [{"enum": list(TARGETS)}, FLAT_POINT]}),
]
Colours = Annotated[tuple[Colour, ...], Field(min_length=1, max_length=32)]
Turn = Annotated[Duration, within("0.2 s", "600 s")]
BeamWidth = Annotated[Angle, within("0.5 deg", "40 deg")]


class Spots(Model):
    """Follow spots from the roof on something, each a lamp that lights what it falls on.

    They meet in its middle, or stand in a ring of `radius` metres about it, which turns once in `every`
    seconds. `width` is the angle of a lamp's cone, `haze` how much of the cone is seen in the air.
    """

    count: Annotated[Whole, Field(ge=1, le=MOST_SPOTS)] = 8
    on: Target = "field"
    radius: Annotated[Length, within("0 m", "200 m")] = written("0 m")
    every: Turn | None = None
    colour: Colour = written("#fff4d6")
    brightness: Share = written("80 %")
    width: BeamWidth = written("4 deg")
    haze: Share = written("30 %")
    from_: LampSource = Field(default="roof", alias="from")

    @model_validator(mode="after")
    def _turns_in_a_ring(self) -> Spots:
        if self.every is not None and self.radius == 0:
            raise problem("goes with a ring of spots; say its 'radius' too", at=("every",), of_value=True)
        return self


class Beams(Model):
    """Beams that sweep to and fro through the haze, by `sweep` radians in all, once in `every` seconds.

    They `aim` at the field, or those from the field at the sky, unless it is said.
    """

    count: Annotated[Whole, Field(ge=1, le=256)] = 32
    colours: Colours = written(("#ffffff", "#7fb4ff"))
    sweep: Annotated[Angle, within("0 deg", "170 deg")] = written("50 deg")
    every: Turn = written("4 s")
    width: BeamWidth = written("2 deg")
    haze: Share = written("40 %")
    volumetric: Truth = False
    from_: LampSource = Field(default="roof", alias="from")
    aim: Literal["field", "sky"] | None = None


class Strobe(Model):
    """Flashes along the roof, `rate` a second of each lamp: each in its own time, or all `together`."""

    rate: Annotated[Number, Field(ge=0.5, le=30)] = 8.0
    count: Annotated[Whole, Field(ge=1, le=1000)] = 96
    colour: Colour = written("#ffffff")
    brightness: Share = written("80 %")
    together: Truth = False
    from_: LampSource = Field(default="roof", alias="from")


class Lasers(Model):
    """Fans of thin beams from a few places, `count` in all, that open and close once in `every` seconds."""

    count: Annotated[Whole, Field(ge=1, le=256)] = 48
    colours: Colours = written(("#19ff5a", "#2a6bff"))
    fan: Annotated[Angle, within("1 deg", "170 deg")] = written("60 deg")
    every: Turn = written("4 s")
    haze: Share = written("60 %")
    from_: LampSource = Field(default="field", alias="from")


class Confetti(Model):
    """Paper blown into the air while the cue lasts; what has fallen lies for `stay` seconds more."""

    count: Annotated[Whole, Field(ge=1, le=50_000)] = 20_000
    colours: Colours = written(("#d81b60", "#ffd54f", "#1e88e5", "#ffffff", "#43a047"))
    size: Annotated[Length, within("1 cm", "50 cm")] = written("8 cm")
    height: Annotated[Length, within("2 m", "60 m")] = written("22 m")
    stay: Annotated[Duration, within("0 s", "3600 s")] = written("60 s")
    from_: LampSource = Field(default="field", alias="from")


class Fireworks(Model):
    """Shells that burst while the cue lasts, the first as it begins; each rises for a while before.

    `height` is how high above the field they burst, `size` how wide the largest open.
    """

    shells: Annotated[Whole, Field(ge=1, le=200)] = 40
    kinds: Annotated[tuple[Burst, ...], Field(min_length=1, max_length=16)] = (
        "peony",
        "chrysanthemum",
        "willow",
        "ring",
        "palm",
    )
    colours: Colours = written(("#ff3b30", "#ffd60a", "#34c759", "#64a8ff", "#ff5fd2", "#ffffff"))
    height: Annotated[Length, within("40 m", "600 m")] = written("180 m")
    size: Annotated[Length, within("10 m", "300 m")] = written("120 m")
    from_: ShellSource = Field(default="plaza", alias="from")


class Drones(Model):
    """Drones that rise from the plaza and stand in the air, upright, as a picture or words.

    `width` is the picture's, `height` that of its middle above the field. They need `arrive` seconds to their
    places. Without a `colour`, a picture has its own colours. `face` is the side from which it reads.
    """

    count: Annotated[Whole, Field(ge=1, le=5_000)] = 500
    image: RelativePath | None = None
    text: Text | None = None
    font: RelativePath | None = None
    colour: Colour | None = None
    height: Annotated[Length, within("10 m", "500 m")] = written("140 m")
    width: Annotated[Length, within("5 m", "300 m")] = written("200 m")
    arrive: Annotated[Duration, within("1 s", "600 s")] = written("8 s")
    over: Over = "field"
    face: Face = "audience"

    @model_validator(mode="after")
    def _one_figure(self) -> Drones:
        kind = only_one(self, ("image", "text"), "drones")
        refuse_strangers(self, kind, {"font": ("text",)})
        if self.face not in ("audience", "card_section") and isinstance(self.face, str):
            raise problem(
                f"{self.face!r} is no side that a picture reads from",
                allowed="audience, card_section, or degrees such as 90 deg",
                at=("face",),
            )
        return self


LightEffect = Spots | Beams | Strobe | Lasers | Confetti | Fireworks | Drones


class LightCue(Model):
    """From `at` on, `for` so long: one kind of light (see `kind` and `effect`)."""

    at: Moment
    for_: Annotated[Duration, within("100 ms", "3600 s")] = Field(alias="for")
    spots: Annotated[Spots, Shorthand("count", int, _INTEGER)] | None = None
    beams: Annotated[Beams, Shorthand("count", int, _INTEGER)] | None = None
    strobe: Annotated[Strobe, Shorthand("rate", (int, float), _NUMBER)] | None = None
    lasers: Annotated[Lasers, Shorthand("count", int, _INTEGER)] | None = None
    confetti: Annotated[Confetti, Shorthand("count", int, _INTEGER)] | None = None
    fireworks: Annotated[Fireworks, Shorthand("shells", int, _INTEGER)] | None = None
    drones: Drones | None = None

    @property
    def kind(self) -> LightKind:
        """Which of the fields this cue is."""
        return next(kind for kind in LIGHT_KINDS if getattr(self, kind) is not None)

    @property
    def effect(self) -> LightEffect:
        """The light itself."""
        effect: LightEffect = getattr(self, self.kind)
        return effect

    @property
    def files(self) -> tuple[tuple[YamlPath, FormationFile, str], ...]:
        """The files that are named in it: each one's keys, what it is used for, and its name."""
        if self.drones is None:
            return ()
        named: tuple[tuple[YamlPath, FormationFile, str | None], ...] = (
            (("drones", "image"), "image", self.drones.image),
            (("drones", "font"), "font", self.drones.font),
        )
        return tuple((keys, use, name) for keys, use, name in named if name is not None)

    @model_validator(mode="after")
    def _one_kind(self) -> LightCue:
        only_one(self, LIGHT_KINDS, "a light cue")
        if self.drones is not None and self.drones.arrive >= self.for_:
            raise problem(
                "is not shorter than the cue, so they would go before they are there",
                at=("drones", "arrive"),
                of_value=True,
            )
        return self
