"""Light cues of a show as the kernels take them: where lamps hang, what flies from where, how coloured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..kernels.array_module import to_numpy
from ..kernels.beams import Beams, FollowSpots
from ..kernels.bowl_plan import place
from ..kernels.bowl_roof import even_arch, roof_line
from ..kernels.bowl_tiers import bowl_top
from ..kernels.confetti import Confetti, latest_fall
from ..kernels.counter_random import Purpose, uniform
from ..kernels.fireworks import BURSTS, Fireworks
from ..kernels.motion import gymnast_states
from ..kernels.oklab import srgb8_to_linear
from ..kernels.strobes import Strobes
from ..kernels.ticks import ticks
from . import schema_light_show as said
from .camera_paths import middle_of, place_of
from .drones import compile_drones
from .errors import listing, nearest_name, quoted

if TYPE_CHECKING:
    from ..kernels.bowl import Bowl
    from ..kernels.drill import Drill
    from ..kernels.light_shows import Effect
    from .check import Report
    from .load import LoadedShow
    from .schema import Show
    from .seats import SeatMap

Floats: TypeAlias = NDArray[np.float64]

SKY_REACH, LASER_REACH = 420.0, 300.0
"""Metres: how far beams and lasers are seen that meet nothing."""
_LENS = 0.35
_LASER_SPREAD, _LASER_LENS = 0.0006, 0.06
_LASERS_IN_A_FAN, _MOST_FANS = 12, 8
_CANNONS = 16
_ON_FIELD = 0.7
_MAST = 12.0
_PAST_THE_MIDDLE = np.radians(100.0)
_PLAZA = 45.0
_FOLLOWED = 97


def check_lights(show: Show, report: Report) -> None:
    """Report what is wrong about the light cues of a show, as far as the show file alone tells."""
    targets = (*said.TARGETS, *show.troupes)
    for index, cue in enumerate(show.lights):
        on = cue.spots.on if cue.spots is not None else said.TARGETS[0]
        if isinstance(on, str) and on not in targets:
            report.add(
                ("lights", index, "spots", "on"),
                f"there is no troupe, and nothing else, named {quoted(on)}",
                allowed=f"{listing(targets)}, or a place [x m, y m]",
                nearest=nearest_name(on, targets),
            )


def compile_light_shows(
    loaded: LoadedShow, bowl: Bowl, drills: Mapping[str, Drill], seats: SeatMap
) -> tuple[Effect, ...]:
    """Work out the light cues of a show.

    Parameters
    ----------
    loaded : LoadedShow
    bowl : Bowl
    drills : mapping of str to Drill
        Each troupe's, for spots that follow it.
    seats : SeatMap
        The card section's, for spots and drones that are for it.

    Returns
    -------
    tuple of Effect
        One for each cue, in the order of the show file.

    Raises
    ------
    ShowError
        With the place in the show file, when drones do not fit their picture or it cannot be used.
    """
    return tuple(
        _Cue(loaded, bowl, drills, seats, index).compiled() for index in range(len(loaded.show.lights))
    )


def lamp_places(bowl: Bowl, source: str | said.Places, count: int) -> Floats:
    """Return where so many lamps stand, or shells are fired: (count, 3) metres.

    Parameters
    ----------
    source
        ``roof``, the inner edge of the roof, or masts behind the stands where there is none; ``field``, the
        edge of the field; ``plaza``, the ground about the stadium; or places, taken in turn.
    """
    around = (np.arange(count) + 0.5) / count
    if not isinstance(source, str):
        listed = np.array(source, np.float64)
        taken: Floats = listed[np.arange(count) % len(listed)]
        return taken
    roof = bowl.roof
    if source == "field":
        depth, height = np.full(count, -6.0), np.full(count, 0.6)
    elif source == "plaza":
        depth, height = np.full(count, bowl.rim + roof.outward + _PLAZA), np.zeros(count)
    elif roof.kind == "none":
        depth, height = np.full(count, bowl.rim), np.full(count, bowl_top(bowl) + _MAST)
    else:
        around = roof.first + (roof.last - roof.first) * around
        depth, height = roof_line(bowl, np.zeros(count), even_arch(bowl))
        # Lamps hang below the edge, on its catwalk.
        depth, height = depth - 1.0, height - 1.5
    x, y, _ = place(bowl.plan, around, depth)
    return np.stack([x, y, height], -1)


def _linear(*colours: tuple[int, int, int]) -> Floats:
    return np.asarray(srgb8_to_linear(np.array(colours, np.uint8)), np.float64)


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit


class _Cue:
    """One cue on its way to the kernels."""

    def __init__(
        self, loaded: LoadedShow, bowl: Bowl, drills: Mapping[str, Drill], seats: SeatMap, index: int
    ) -> None:
        self.loaded, self.bowl, self.drills, self.seats, self.index = loaded, bowl, drills, seats, index
        self.seed = loaded.show.seed
        self.cue = loaded.show.lights[index]
        self.start = ticks(self.cue.at)
        self.end = ticks(self.cue.at + self.cue.for_)

    def compiled(self) -> Effect:
        makers: dict[type[said.LightEffect], Callable[[Any], Effect]] = {
            said.Spots: self.spots,
            said.Beams: self.beams,
            said.Strobe: self.strobes,
            said.Lasers: self.lasers,
            said.Confetti: self.confetti,
            said.Fireworks: self.fireworks,
            said.Drones: lambda _: compile_drones(self.loaded, self.bowl, self.seats, self.index),
        }
        return makers[type(self.cue.effect)](self.cue.effect)

    def chance(self, count: int, item: int) -> Floats:
        """Return numbers in 0..1 for so many things, apart from those that the kernels draw."""
        cue = self.index + (1 << 20)
        return np.asarray(
            uniform(self.seed, Purpose.LIGHT_SHOW, cue, np.arange(count) * 16 + item), np.float64
        )

    def spots(self, spots: said.Spots) -> FollowSpots:
        moments, middle = self.followed(spots.on)
        colour = _linear(spots.colour) * spots.haze * spots.brightness
        return FollowSpots(
            self.start,
            self.end,
            lamp_places(self.bowl, spots.from_, spots.count),
            moments,
            middle,
            spots.radius,
            ticks(spots.every) if spots.every else 0,
            float(np.tan(spots.width / 2.0)),
            _LENS,
            np.repeat(colour, spots.count, 0),
        )

    def followed(self, on: str | tuple[float, float, float]) -> tuple[NDArray[np.int64], Floats]:
        """Return where what spots follow is, (T, 3) metres, at moments (T,) ticks."""
        moments = np.linspace(self.start, self.end, _FOLLOWED).astype(np.int64)
        if not isinstance(on, str):
            return moments[:1], np.array([on], np.float64)
        if on in self.drills:
            # One moment at a time: a large troupe's whole way would take a lot of memory.
            places = (
                to_numpy(gymnast_states(self.drills[on], moments[i : i + 1]))[0, 0] for i in range(_FOLLOWED)
            )
            return moments, np.stack([people[:, :3].mean(0, dtype=np.float64) for people in places])
        return moments[:1], np.asarray(place_of(on, middle_of(self.seats)), np.float64)[None]

    def beams(self, beams: said.Beams) -> Beams:
        count, lamps = beams.count, lamp_places(self.bowl, beams.from_, beams.count)
        who = np.arange(count)
        flat = lamps * [1.0, 1.0, 0.0]
        outward = _unit(flat)
        aim = beams.aim or ("sky" if beams.from_ == "field" else "field")
        if aim == "sky":
            forward = _unit(np.array([0.0, 0.0, 1.0]) + 0.3 * outward)
        else:
            # Past the middle, in turn to its left and its right, so that beams cross all over the field.
            turn = np.where(who % 2 == 0, 1.0, -1.0) * _PAST_THE_MIDDLE
            past = np.stack(
                [
                    np.cos(turn) * flat[:, 0] - np.sin(turn) * flat[:, 1],
                    np.sin(turn) * flat[:, 0] + np.cos(turn) * flat[:, 1],
                    np.zeros(count),
                ],
                -1,
            )
            forward = _unit(0.45 * past - lamps)
        tangent = np.stack([-outward[:, 1], outward[:, 0], np.zeros(count)], -1)
        side = _unit(tangent - (tangent * forward).sum(-1, keepdims=True) * forward)
        colours = _linear(*beams.colours)
        return Beams(
            self.start,
            self.end,
            lamps,
            forward,
            side,
            np.zeros(count),
            np.full(count, beams.sweep / 2.0),
            2.0 * np.pi * ((2.0 * who / count) % 1.0),
            ticks(beams.every),
            SKY_REACH,
            float(np.tan(beams.width / 2.0)),
            _LENS,
            colours[who % len(colours)] * beams.haze,
        )

    def lasers(self, lasers: said.Lasers) -> Beams:
        count = lasers.count
        fans = min(max(1, count // _LASERS_IN_A_FAN), _MOST_FANS)
        if not isinstance(lasers.from_, str):
            fans = min(len(lasers.from_), count)
        fan, number = np.arange(count) % fans, np.arange(count) // fans
        in_fan = np.bincount(fan, minlength=fans)[fan]
        lamps = lamp_places(self.bowl, lasers.from_, fans)
        flat = lamps * [1.0, 1.0, 0.0]
        inward = -_unit(flat)
        rise = -0.12 if lasers.from_ == "roof" else 0.42
        forward = _unit(inward + np.array([0.0, 0.0, rise]))
        side = np.stack([-inward[:, 1], inward[:, 0], np.zeros(fans)], -1)
        share = np.where(in_fan > 1, 2.0 * number / np.maximum(in_fan - 1, 1) - 1.0, 0.0)
        colours = _linear(*lasers.colours)
        return Beams(
            self.start,
            self.end,
            lamps[fan],
            forward[fan],
            side[fan],
            # A fan is never quite closed: on top of each other its beams would be one.
            share * lasers.fan / 2.0 * 0.55,
            share * lasers.fan / 2.0 * 0.45,
            (-np.pi / 2.0 + np.pi * fan / fans).astype(np.float64),
            ticks(lasers.every),
            LASER_REACH,
            _LASER_SPREAD,
            _LASER_LENS,
            colours[fan % len(colours)] * lasers.haze,
        )

    def strobes(self, strobe: said.Strobe) -> Strobes:
        return Strobes(
            self.seed,
            self.index,
            self.start,
            self.end,
            Fraction(str(strobe.rate)),
            strobe.together,
            lamp_places(self.bowl, strobe.from_, strobe.count),
            np.repeat(_linear(strobe.colour) * strobe.brightness, strobe.count, 0),
        )

    def confetti(self, confetti: said.Confetti) -> Confetti:
        count = confetti.count
        who = np.arange(count)
        if confetti.from_ == "roof":
            edge = lamp_places(self.bowl, "roof", 4096)
            places = edge[(self.chance(count, 0) * len(edge)).astype(np.int64)]
            # Let go from nets that reach over the field.
            places = places * np.stack([*2 * [1.0 - 0.45 * self.chance(count, 1)], np.ones(count)], -1)
            apex = np.zeros(count)
        else:
            cannons = _CANNONS if isinstance(confetti.from_, str) else len(confetti.from_)
            places = lamp_places(self.bowl, confetti.from_, cannons)[who % cannons]
            if isinstance(confetti.from_, str):
                places = places * [_ON_FIELD, _ON_FIELD, 1.0]
            apex = np.full(count, confetti.height)
        # Cannons fire in shots; what is let go trickles.
        moment = self.chance(count, 2)
        highest = float((places[:, 2] + apex).max())
        colours = _linear(*confetti.colours)
        return Confetti(
            self.seed,
            self.index,
            self.start + (moment * (self.end - self.start)).astype(np.int64),
            places,
            apex,
            colours[(self.chance(count, 3) * len(colours)).astype(np.int64)],
            confetti.size,
            self.end + latest_fall(highest) + ticks(confetti.stay),
        )

    def fireworks(self, fireworks: said.Fireworks) -> Fireworks:
        count = fireworks.shells
        who = np.arange(count)
        when = np.sort((who + 0.9 * self.chance(count, 0) * (who > 0)) / count)
        # Around by the golden section: shells that follow each other are far apart.
        spread = np.argsort((who * (np.sqrt(5.0) - 1.0) / 2.0 + self.chance(1, 1)) % 1.0, kind="stable")
        start = self.shell_places(fireworks.from_, count)[np.argsort(spread, kind="stable")]
        height = fireworks.height * (0.82 + 0.3 * self.chance(count, 2))
        aside = 30.0 * np.stack([self.chance(count, 3) - 0.5, self.chance(count, 4) - 0.5], -1)
        centre = np.concatenate([start[:, :2] + aside, np.maximum(height, start[:, 2] + 10.0)[:, None]], -1)
        kinds = np.array([BURSTS.index(kind) for kind in fireworks.kinds])
        colours = _linear(*fireworks.colours)
        pick, other = (
            (self.chance(count, item) * len(colours)).astype(np.int64) % len(colours) for item in (5, 6)
        )
        return Fireworks(
            self.seed,
            self.index,
            self.start + (when * (self.end - self.start)).astype(np.int64),
            kinds[(self.chance(count, 7) * len(kinds)).astype(np.int64)],
            start,
            centre,
            fireworks.size / 2.0 * (0.6 + 0.4 * self.chance(count, 8)),
            colours[pick],
            # Half of the shells change their colour.
            colours[np.where(self.chance(count, 9) < 0.5, other, pick)],
        )

    def shell_places(self, source: str | said.Places, count: int) -> Floats:
        if source != "roof" or self.bowl.roof.kind == "none":
            return lamp_places(self.bowl, source, count)
        depth, height = roof_line(self.bowl, np.full(count, 0.9), even_arch(self.bowl))
        x, y, _ = place(self.bowl.plan, (np.arange(count) + 0.5) / count, depth)
        return np.stack([x, y, height], -1)
