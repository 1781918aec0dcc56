"""The show as the models see it: everything in SI units, moments as exact seconds of show time.

`Show` is what a show file becomes. In YAML the quantities are text with units (see `quantities`); here
times are `fractions.Fraction` seconds, lengths metres, angles radians, shares 0 to 1.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .model import Model, Name, Shorthand, written
from .plain_values import Decimal, RelativePath, Text, Whole
from .quantities import Moment, Seconds, Tempo, within
from .schema_card_section import CardSection
from .schema_film import Film
from .schema_light_show import LightCue
from .schema_stadium import Stadium
from .schema_troupe import PlayingField, Troupe

FORMAT_VERSION = 1


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


class Show(Model):
    """Everything the audience sees, and the film of it."""

    cardstunt: Literal[1]
    title: Text
    seed: Annotated[Whole, Field(ge=0, lt=2**63)] = 0
    music: Music | None = None
    markers: dict[Name, Moment] = Field(default_factory=dict)
    stadium: Annotated[Stadium, Shorthand("preset", str, (("type", "string"),))] = Field(
        default_factory=Stadium
    )
    card_section: CardSection
    field: PlayingField = Field(default_factory=PlayingField)
    troupes: dict[Name, Troupe] = Field(default_factory=dict)
    lights: tuple[LightCue, ...] = ()
    film: Film


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a show file, as YAML writes it, for editors."""
    schema = Show.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
