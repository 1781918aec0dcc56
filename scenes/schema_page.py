"""The pages of a card section: what each picture over the stand is made from."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .model import Model, Shorthand, only_one, refuse_strangers, written
from .plain_values import Colour, Number, RelativePath, Text, Truth
from .quantities import Angle, Duration, Seconds, Share, View, problem, within

PageKind = Literal["fill", "image", "video", "text", "gradient", "pattern"]
PAGE_KINDS: tuple[PageKind, ...] = ("fill", "image", "video", "text", "gradient", "pattern")
PatternKind = Literal["waves", "ripple", "checker", "stripes", "plasma", "starfield", "scroll", "flag"]
PATTERN_KINDS: tuple[PatternKind, ...] = (
    "waves",
    "ripple",
    "checker",
    "stripes",
    "plasma",
    "starfield",
    "scroll",
    "flag",
)
Fit = Literal["cover", "contain", "stretch", "tile"]
Anchor = Literal[
    "centre",
    "left",
    "right",
    "top",
    "bottom",
    "top left",
    "top right",
    "bottom left",
    "bottom right",
]
MOVING: tuple[PageKind, ...] = ("video", "pattern")
"""Kinds of pages whose picture changes with time."""

_PLACED: tuple[PageKind, ...] = ("image", "video")
_WRITTEN: tuple[PageKind, ...] = ("text",)


class Gradient(Model):
    """Two colours and the direction from the first to the second; 0 deg is left to right."""

    from_: Colour = Field(alias="from")
    to: Colour
    angle: Angle = written("0 deg")


class Crop(Model):
    """How much of a picture is cut away at each side, as shares of its width or height."""

    left: Share = written("0 %")
    right: Share = written("0 %")
    top: Share = written("0 %")
    bottom: Share = written("0 %")

    @model_validator(mode="after")
    def _leaves_something(self) -> Crop:
        for one, other in (("left", "right"), ("top", "bottom")):
            if getattr(self, one) + getattr(self, other) >= 1:
                raise problem(f"{one!r} and {other!r} together cut the whole picture away", at=(other,))
        return self


class Run(Model):
    """How a moving picture becomes pages: one each `every` seconds, for `length` seconds from `start`.

    Without `length` a video runs to its end. With `loop` it begins again, for as long as `length` says.
    """

    every: Annotated[Duration, within("1 ms", "3600 s")] = written("0.5 s")
    start: Seconds = Field(default="0 s", validate_default=True, alias="from")
    length: Duration | None = Field(default=None, alias="for")
    loop: Truth = False

    @model_validator(mode="after")
    def _is_long_enough(self) -> Run:
        if self.length is not None and self.length < self.every:
            raise problem("is shorter than one page of it is shown", at=("for",), of_value=True)
        if self.loop and self.length is None:
            raise problem("to loop it needs 'for', which says how long")
        return self


class Pattern(Model):
    """A picture that is worked out: `size` in seats, `speed` in seats a second (see `docs/show_file.md`)."""

    kind: PatternKind
    colours: Annotated[tuple[Colour, ...], Field(min_length=2, max_length=16)] | None = None
    size: Annotated[Number, Field(ge=1, le=1000)] = 20.0
    speed: Annotated[Number, Field(ge=-1000, le=1000)] = 10.0
    angle: Angle = written("0 deg")
    centre: tuple[Share, Share] = written(("50 %", "50 %"))
    text: Text | None = None
    font: RelativePath | None = None
    image: RelativePath | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> Pattern:
        refuse_strangers(
            self,
            self.kind,
            {
                "angle": ("waves", "stripes", "checker"),
                "centre": ("ripple", "starfield"),
                "text": ("scroll",),
                "font": ("scroll",),
                "image": ("flag",),
            },
        )
        if self.kind == "scroll" and self.text is None:
            raise problem("a 'scroll' needs the 'text' that goes by")
        return self


class Page(Model):
    """One picture over the whole section, or a moving one (see `kind`)."""

    fill: Colour | None = None
    image: RelativePath | None = None
    video: RelativePath | None = None
    text: Text | None = None
    gradient: Gradient | None = None
    pattern: Annotated[Pattern, Shorthand("kind", str, (("type", "string"),))] | None = None
    fit: Fit = "cover"
    anchor: Anchor = "centre"
    crop: Crop = Field(default_factory=Crop)
    size: Share | None = None
    colour: Colour = written("#ffffff")
    on: Colour = written("#000000")
    font: RelativePath | None = None
    run: Run | None = None
    seen_from: View | None = None

    @property
    def kind(self) -> PageKind:
        """Which of `PAGE_KINDS` this page is."""
        return next(kind for kind in PAGE_KINDS if getattr(self, kind) is not None)

    @property
    def moving(self) -> bool:
        """Whether the picture changes with time: a video, or a pattern with a run."""
        return self.kind == "video" or (self.kind == "pattern" and self.run is not None)

    @property
    def files(self) -> tuple[tuple[str, ...], ...]:
        """Where in this page files are named, as paths of keys."""
        named: list[tuple[str, ...]] = [
            (key,) for key in ("image", "video", "font") if getattr(self, key) is not None
        ]
        if self.pattern is not None:
            named += [("pattern", key) for key in ("image", "font") if getattr(self.pattern, key) is not None]
        return tuple(named)

    @model_validator(mode="after")
    def _one_kind(self) -> Page:
        kind = only_one(self, PAGE_KINDS, "a page")
        refuse_strangers(
            self,
            kind,
            {
                "fit": _PLACED,
                "anchor": _PLACED,
                "crop": _PLACED,
                "size": _PLACED,
                "on": (*_PLACED, *_WRITTEN),
                "colour": _WRITTEN,
                "font": _WRITTEN,
                "run": MOVING,
                "seen_from": (*_PLACED, *_WRITTEN),
            },
        )
        if self.pattern is not None and self.run is not None and self.run.length is None:
            raise problem("a pattern has no end; say with 'for' how long it runs", at=("run",))
        return self


def is_svg(relative: str) -> bool:
    """Tell by its name whether a picture is a drawing in SVG."""
    return PurePosixPath(relative).suffix.lower() in {".svg", ".svgz"}
