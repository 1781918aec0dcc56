"""Troupes on the field: who they are and their drill."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .model import Model, Shorthand, written
from .plain_values import Decimal, Truth, Whole
from .quantities import Duration, Length, Moment, problem, within
from .schema_costume import Costume
from .schema_formation import Formation, FormationFile
from .schema_travel import Assign, Face, StepLength, Travel

Clip = Literal[
    "stand",
    "march",
    "run",
    "jump",
    "star_jump",
    "bow",
    "wave",
    "torso_wave",
    "spin",
    "cartwheel",
    "somersault",
    "lift",
    "kneel",
    "sit",
    "handstand",
    "climb",
    "hold",
]
_STRING = (("type", "string"),)


class Move(Model):
    """What people do while they stand in a formation.

    `canon` is seconds from one person to the next. A cycle of the clip takes `counts` beats of the music, or
    where these are not given as long as is usual; it is done `times` times, or as often as there is time for.
    """

    clip: Clip
    canon: Duration = written("0 s")
    counts: Annotated[Decimal, within("0.25", "256")] | None = None
    times: Annotated[Whole, Field(ge=1, le=10_000)] | None = None


class DrillSet(Model):
    """From `at` on, walk to `formation`, centred on `place`, then look where `face` says and do `move`.

    The first set of a drill is where the troupe stands from the beginning. In later ones the formation may be
    left out: everyone stays where they are. `assign` says who goes to which place.
    """

    at: Moment
    formation: Formation | None = None
    place: tuple[Length, Length] = written(("0 m", "0 m"))
    face: Face = "audience"
    assign: Assign = "nearest"
    travel: Annotated[Travel, Shorthand("over", (str, int, float), _STRING)] = Field(default_factory=Travel)
    move: Annotated[Move, Shorthand("clip", str, _STRING)] = written("stand")

    @model_validator(mode="after")
    def _first_a_formation(self) -> DrillSet:
        for name in ("place", "assign"):
            if self.formation is None and name in self.model_fields_set:
                raise problem(
                    f"{name!r} goes with a formation, and this set has none: everyone stays; "
                    "write the formation too, or leave it out",
                    at=(name,),
                )
        if self.formation is None and self.travel.via is not None:
            raise problem("nobody walks along a curve without a formation to go to", at=("travel", "via"))
        return self


class Troupe(Model):
    """A group on the field; `step` is how long its steps are."""

    count: Annotated[Whole, Field(ge=1, le=80_000)]
    step: StepLength = written("0.75 m")
    costume: Costume
    drill: Annotated[tuple[DrillSet, ...], Field(min_length=1)]

    def formed_by(self, index: int) -> DrillSet:
        """Return the set whose formation and place people stand in during a set: itself, or one before it."""
        while self.drill[index].formation is None:
            index -= 1
        return self.drill[index]

    def formation_of(self, index: int) -> Formation:
        """Return the formation that people stand in during a set."""
        found = self.formed_by(index).formation
        if found is None:
            raise LookupError("the first set of a drill has a formation")
        return found

    @property
    def files(self) -> tuple[tuple[tuple[str | int, ...], FormationFile, str], ...]:
        """The files that are named in it: each one's keys, what it is used for, and its name."""
        drill: list[tuple[tuple[str | int, ...], FormationFile, str]] = [
            (("drill", index, "formation", *keys), use, name)
            for index, drill_set in enumerate(self.drill)
            if drill_set.formation is not None
            for keys, use, name in drill_set.formation.files
        ]
        costume: list[tuple[tuple[str | int, ...], FormationFile, str]] = [
            (("costume", *keys), "image", name) for keys, name in self.costume.files
        ]
        return (*costume, *drill)

    @model_validator(mode="after")
    def _begins_somewhere(self) -> Troupe:
        if self.drill[0].formation is None:
            raise problem("a drill begins in a formation; the first set needs one", at=("drill", 0))
        return self


class PlayingField(Model):
    """What holds for all troupes on the field.

    With `resolve`, ways on which two people would come nearer than `room` are mended by a later start or a
    bow to one side.
    """

    resolve: Truth = False
    room: Annotated[Length, within("0.2 m", "2 m")] = written("0.4 m")
