"""What a troupe wears and carries, and how it changes: the field as a second mosaic."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from .errors import quoted
from .model import Model, Shorthand, only_one, refuse_strangers, written
from .plain_values import Colour, RelativePath
from .quantities import Duration, Moment, problem, within
from .schema_formation import Size, Spot

Prop = Literal["none", "ribbon", "hoop", "ball", "flag", "torch", "fan", "umbrella", "pom_pom", "balloon"]
Style = Literal["tracksuit", "leotard", "dress", "tunic", "cape", "robe"]
Body = Literal["woman", "girl", "man", "boy", "stocky", "tall"]
BODIES: tuple[Body, ...] = get_args(Body)
Along = Literal["across", "up", "ring", "rank"]
ChangeOrder = Literal["all", "left", "right", "front", "back", "centre", "random"]
_LOOKS = ("colour", "picture", "places")
_STRING = (("type", "string"),)


class CostumePicture(Model):
    """Colours from a picture that lies over the field, `width` metres wide about `place`.

    It is upright to the main stand. Where it is transparent, and beside it, colours stay what they were.
    """

    image: RelativePath
    width: Size = written("90 m")
    place: Spot = written(("0 m", "0 m"))


class CostumePlaces(Model):
    """Colours by where people stand, each exactly as it is given.

    `across` goes from the viewer's left to the right, `up` away from the viewer and `ring` outwards from the
    formation's place, in bands of equal width. By `rank` the rows from the front on take the colours in turn.
    """

    colours: Annotated[tuple[Colour, ...], Field(min_length=2, max_length=256)]
    along: Along = "across"


class CostumeChange(Model):
    """At a time, a new colour, picture or colours by place, as everyone stands then.

    It takes each person `turn` seconds, and `over` seconds until it has gone through all in an `order`.
    """

    at: Moment
    colour: Colour | None = None
    picture: Annotated[CostumePicture, Shorthand("image", str, _STRING)] | None = None
    places: CostumePlaces | None = None
    turn: Annotated[Duration, within("50 ms", "60 s")] = written("0.5 s")
    over: Duration = written("0 s")
    order: ChangeOrder = "all"

    @model_validator(mode="after")
    def _one_look(self) -> CostumeChange:
        only_one(self, _LOOKS, "a change")
        if self.over > 0:
            orders = tuple(order for order in get_args(ChangeOrder) if order != "all")
            refuse_strangers(self, self.order, {"over": orders})
        return self


class Costume(Model):
    """What a troupe wears and carries.

    With a `picture` or `places`, everyone's place in the first formation says which colour they wear from the
    beginning, and `colour` is what is worn where the picture has none.
    """

    colour: Colour
    accent: Colour | None = None
    prop: Prop = "none"
    style: Style = "tracksuit"
    bodies: Annotated[tuple[Body, ...], Field(min_length=1)] = BODIES
    picture: Annotated[CostumePicture, Shorthand("image", str, _STRING)] | None = None
    places: CostumePlaces | None = None
    changes: tuple[CostumeChange, ...] = ()

    @property
    def files(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """The pictures that are named in it: each one's keys, and its name."""
        looks: list[tuple[tuple[str | int, ...], CostumePicture | None]] = [(("picture",), self.picture)]
        looks += [(("changes", index, "picture"), each.picture) for index, each in enumerate(self.changes)]
        return tuple(((*keys, "image"), picture.image) for keys, picture in looks if picture is not None)

    @model_validator(mode="after")
    def _fits_together(self) -> Costume:
        if self.picture is not None and self.places is not None:
            raise problem("colours come from a picture or from places, not from both", at=("places",))
        for index, body in enumerate(self.bodies):
            if body in self.bodies[:index]:
                raise problem(f"{quoted(body)} is there twice", at=("bodies", index))
        return self
