"""The film of a show: shots, cameras, tilt-shift and look."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, model_validator

from .errors import quoted
from .model import Model, only_one, written
from .plain_values import Number, Text, Whole
from .quantities import Angle, Focus, Length, Place, Span, Speed, Stops, problem, within

CameraKind = Literal["orbit", "push", "look_down"]
CAMERA_KINDS: tuple[CameraKind, ...] = ("orbit", "push", "look_down")
LEAST_KEY_ERROR = 0.0005
"""Metres: less would soon be lost in the rounding of single precision."""


def _parse_size(value: object) -> tuple[int, int]:
    if isinstance(value, tuple) and len(value) == 2 and all(type(side) is int for side in value):
        width, height = value
    else:
        match = (
            re.fullmatch(r"\s*([0-9]{1,6})\s*[x×]\s*([0-9]{1,6})\s*", value)
            if isinstance(value, str)
            else None
        )
        if match is None:
            raise problem(f"{quoted(value)} is not a size in pixels; write it like '1920x1080'")
        width, height = int(match[1]), int(match[2])
    if not (16 <= width <= 16384 and 16 <= height <= 16384):
        raise problem(f"{width}x{height} is out of range: a side is 16 to 16384 pixels")
    if width % 2 or height % 2:
        raise problem(
            f"{width}x{height} has an odd side, which H.264 cannot hold; "
            f"write '{width + width % 2}x{height + height % 2}'"
        )
    return width, height


def _as_ratio(value: object) -> str:
    """Return the ratio that a decimal number stands for; 23.976 is short for 24000/1001."""
    try:
        rate = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return "30000/1001"
    for whole in (24, 30, 60, 120):
        if abs(Fraction(whole * 1000, 1001) - rate) < Fraction(1, 100):
            return f"{whole}000/1001"
    return f"{rate.numerator}/{rate.denominator}"


def parse_fps(value: object) -> Fraction:
    """Return frames a second from a whole number or a ratio such as ``"30000/1001"``."""
    rate: Fraction | None = None
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        rate = Fraction(value)
    elif isinstance(value, str):
        match = re.fullmatch(r"\s*([0-9]{1,7})\s*/\s*([0-9]{1,7})\s*", value)
        if match and int(match[2]):
            rate = Fraction(int(match[1]), int(match[2]))
    if rate is None:
        raise problem(
            f"{quoted(value)} is not a frame rate; write a whole number or a ratio, '{_as_ratio(value)}'"
        )
    if not 1 <= rate <= 240:
        raise problem("a frame rate is from 1 to 240")
    return rate


def _key_error(metres: float) -> float:
    if 0 < metres < LEAST_KEY_ERROR:
        raise problem(
            f"must be 0 mm or at least {LEAST_KEY_ERROR * 1000:g} mm: textures hold no finer places",
            of_value=True,
        )
    return metres


PixelSize = Annotated[
    tuple[int, int],
    PlainValidator(_parse_size),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+ ?[x×] ?[0-9]+$", "examples": ["1920x1080"]}),
]
FrameRate = Annotated[
    Fraction,
    PlainValidator(parse_fps),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 240},
                {"type": "string", "pattern": "^[0-9]+ ?/ ?[0-9]+$"},
            ],
            "examples": [24, "30000/1001"],
        }
    ),
]


class Orbit(Model):
    """Circle about `look_at`: `height` above the field, `radius` from the centre, metres and radians.

    An angle of 0 is east, where the card section stands; angles grow towards north.
    """

    height: Annotated[Length, within("0.1 m", "5 km")]
    radius: Annotated[Length, within("1 m", "5 km")] = written("210 m")
    from_: Angle = Field(alias="from")
    to: Angle
    look_at: Place = "field"


class Push(Model):
    """Move in a straight line `from_` one place `to` another, looking at a third."""

    from_: tuple[Length, Length, Length] = Field(alias="from")
    to: tuple[Length, Length, Length]
    look_at: Place = "card_section"


class LookDown(Model):
    """Look straight down from `height` metres, moving over the field, turning by `turn` radians."""

    height: Annotated[Length, within("1 m", "5 km")]
    from_: tuple[Length, Length] = Field(default=("0 m", "0 m"), validate_default=True, alias="from")
    to: tuple[Length, Length] = written(("0 m", "0 m"))
    turn: Angle = written("0 deg")


CameraMove = Orbit | Push | LookDown


class Camera(Model):
    """One camera move (see `kind` and `move`)."""

    orbit: Orbit | None = None
    push: Push | None = None
    look_down: LookDown | None = None

    @property
    def kind(self) -> CameraKind:
        """Which of the fields this camera is."""
        return next(kind for kind in CAMERA_KINDS if getattr(self, kind) is not None)

    @property
    def move(self) -> CameraMove:
        """The move itself."""
        move: CameraMove = getattr(self, self.kind)
        return move

    @model_validator(mode="after")
    def _one_kind(self) -> Camera:
        only_one(self, CAMERA_KINDS, "a camera")
        return self


class TiltShift(Model):
    """A tilted lens before a miniature: `tilt` in radians, the world `scale` times a model's size."""

    tilt: Annotated[Angle, within("-30 deg", "30 deg")] = written("-4 deg")
    scale: Annotated[Number, Field(ge=1, le=10000)] = 200.0
    f_number: Annotated[Number, Field(ge=0.1, le=128)] = 1.4
    focus: Focus = "card_section"


class Look(Model):
    """The finish: frames each picture is held for, and the grade (1 and 0 change nothing).

    `view` is how the light becomes colours: by AgX, or as the palette says. `glow` spreads what is brighter
    than white, and `haze` is the air's, times that of the light.
    """

    hold: Annotated[Whole, Field(ge=1, le=24)] = 2
    saturation: Annotated[Number, Field(ge=0, le=4)] = 1.0
    contrast: Annotated[Number, Field(ge=0, le=4)] = 1.0
    vignette: Annotated[Number, Field(ge=0, le=1)] = 0.0
    grain: Annotated[Number, Field(ge=0, le=1)] = 0.0
    exposure: Stops = written("0 stops")
    view: Literal["agx", "standard"] = "agx"
    glow: Annotated[Number, Field(ge=0, le=1)] = 0.1
    haze: Annotated[Number, Field(ge=0, le=10)] = 1.0


class Shot(Model):
    """A camera move over a stretch of show time, `speed` times as fast; `lens` in metres."""

    name: Text
    show: Span
    speed: Speed = written("1x")
    lens: Annotated[Length, within("4 mm", "2 m")] = written("35 mm")
    camera: Camera
    tilt_shift: TiltShift | None = None

    @property
    def start(self) -> Fraction:
        """Show time of the first frame, in seconds."""
        return self.show[0]

    @property
    def end(self) -> Fraction:
        """Show time at which the shot ends, in seconds; no frame shows it."""
        return self.show[1]

    @model_validator(mode="after")
    def _lasts(self) -> Shot:
        if self.end <= self.start:
            raise problem(
                "the shot ends before it has begun; the second time must be the later one", at=("show",)
            )
        return self


class Film(Model):
    """The film: its size in pixels, frames a second, and the shots in order.

    `shutter` in radians is how much of each picture's time the card section is exposed for, of a full
    turn; at 0 it is seen at an instant. `key_error` in metres is how far gymnasts may be from where they
    are in pictures that are mixed from others rather than baked; at 0 all are baked.
    """

    size: PixelSize = written("1920x1080")
    fps: FrameRate = written(24)
    shutter: Annotated[Angle, within("0 deg", "360 deg")] = written("0 deg")
    key_error: Annotated[Length, within("0 mm", "250 mm"), AfterValidator(_key_error)] = written("0 mm")
    shots: Annotated[tuple[Shot, ...], Field(min_length=1)]
    tilt_shift: TiltShift = Field(default_factory=TiltShift)
    look: Look = Field(default_factory=Look)

    def tilt_shift_of(self, shot: Shot) -> TiltShift:
        """Return the film's tilt-shift with what `shot` itself sets in its place."""
        if shot.tilt_shift is None:
            return self.tilt_shift
        changes = {name: getattr(shot.tilt_shift, name) for name in shot.tilt_shift.model_fields_set}
        return self.tilt_shift.model_copy(update=changes)
