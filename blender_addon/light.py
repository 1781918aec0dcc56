"""Sun, sky and floodlights for the times of day that a show can name.

All strengths are those of the real thing. The unit is that of Blender's Sky Texture with a strength of 1: an
RGB whose Rec. 709 luminance, times 683 lm/W (the definition of the candela), is in lux or in candela a square
metre. A preset's `luminance` then brings them to a scene in which what the camera is exposed for is about 1,
and its `white` is what the camera's white balance makes grey.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import bpy
import numpy as np
import numpy.typing as npt

from ..kernels.bowl import Bowl
from ..kernels.bowl_plan import place
from ..kernels.bowl_roof import roof_arch, roof_line
from ..kernels.grade import LUMINANCE
from ..kernels.haze import Air
from .nodes.sky import build_sky

RGB = tuple[float, float, float]

#: Lumens a watt at 555 nm.
EFFICACY = 683.0


@dataclass(frozen=True)
class Sky:
    """What the sky gives.

    Attributes
    ----------
    kind : "atmosphere", "overcast" or "plain"
        Blender's Sky Texture (multiple scattering, without its sun); the CIE's standard overcast sky, three
        times as bright above as at the horizon; or the same everywhere.
    irradiance : RGB
        What it gives a level, open surface.
    horizon : RGB, RGB, RGB
        Its mean radiance in the lowest 6 degrees, towards the sun, square to it and away from it: what far
        things fade to.
    elevation : float
        Where the sun stands that lights the atmosphere, radians; below the horizon negative.
    aerosol : float
        Haze and dust in the atmosphere, 1 as in clear air.
    clouds : float
        Share of the sky that clouds cover; seen by the camera alone, since they hardly change the light.
    glow : RGB
        Radiance at the horizon of a town's light in the air, fading upwards.
    """

    kind: Literal["atmosphere", "overcast", "plain"]
    irradiance: RGB
    horizon: tuple[RGB, RGB, RGB]
    elevation: float = 0.0
    aerosol: float = 1.0
    clouds: float = 0.0
    glow: RGB = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Light:
    """A time of day.

    Attributes
    ----------
    elevation, azimuth : float
        Where the sun stands, radians; azimuth counter-clockwise from east.
    sun : RGB
        What it gives a surface square to it.
    softness : float
        Angle under which the sun is seen, radians; shadows blur by it.
    sky : Sky
    white : RGB
        What the camera's white balance makes grey; its luminance is 1.
    exposure : float
        Stops of the camera's exposure.
    luminance : float
        Candela a square metre that a radiance of 1 in the scene stands for.
    lamps : float
        How much of the artificial light is on, 0 to 1: windows, headlights, scoreboards.
    floodlights : float
        Lux that the floodlights give the field.
    visibility : float
        Metres at which haze leaves 2 % of a thing's contrast (Koschmieder's meteorological visibility).
    """

    elevation: float
    azimuth: float
    sun: RGB
    softness: float
    sky: Sky
    white: RGB
    exposure: float
    luminance: float
    lamps: float
    floodlights: float
    visibility: float

    def scene(self, colour: RGB) -> RGB:
        """Return a strength in the scene's units, white balance included."""
        r, g, b = (
            EFFICACY / self.luminance * part / white for part, white in zip(colour, self.white, strict=True)
        )
        return r, g, b

    @property
    def air(self) -> Air:
        """The air in front of far things, in the scene's units; its density after Koschmieder, 1924."""
        glow = self.scene(self.sky.glow)
        towards, side, away = (
            (r + glow[0], g + glow[1], b + glow[2]) for r, g, b in map(self.scene, self.sky.horizon)
        )
        return Air(towards, side, away, math.log(50.0) / self.visibility)

    @property
    def towards_sun(self) -> npt.NDArray[np.float64]:
        """Direction to the sun, (3,)."""
        level = math.cos(self.elevation)
        return np.array(
            [level * math.cos(self.azimuth), level * math.sin(self.azimuth), math.sin(self.elevation)]
        )

    def sun_from(
        self,
        right: npt.NDArray[np.float64],
        up: npt.NDArray[np.float64],
        forward: npt.NDArray[np.float64],
    ) -> RGB:
        """Return the direction to the sun's place on the horizon along a camera's axes, each (3,)."""
        horizon = np.array([math.cos(self.azimuth), math.sin(self.azimuth), 0.0])
        return float(horizon @ right), float(horizon @ up), float(horizon @ forward)


def luminance_of(colour: RGB) -> float:
    """Return the Rec. 709 luminance of a colour; times EFFICACY in lux or candela a square metre."""
    return float(np.dot(LUMINANCE, colour))


#: The sun at 52 degrees, seen through clear air: what a camera set to daylight (5,500 K) makes white.
DAYLIGHT: RGB = (1.147, 0.980, 0.763)
_NONE: RGB = (0.0, 0.0, 0.0)

#: The sun's and the sky's strengths are those of Blender's Sky Texture at that elevation and aerosol, as a
#: test measures them (the sun by its disc). They are those of the outdoors: 95,000 lx from a high sun and
#: 9,300 from the sky, 73,000 and 7,500 towards evening, 500 when the sun has just set, 26 in the blue hour;
#: the overcast sky is one of 15,000 lx. Floodlights: 500 lx and more, as EN 12193 asks for matches of its
#: highest class; at the blue hour they still warm up, and leave the sky its colour. A town's glow is chosen
#: for the picture. The card section looks west, so the sun stands, or has set, in the west or south-west: in
#: the golden hour as low as it can and still shine over the western roof on nine tenths of a card section.
LIGHTS = {
    "noon": Light(
        elevation=math.radians(52),
        azimuth=math.radians(222),
        sun=(159.8, 136.6, 106.4),
        softness=0.009,
        sky=Sky(
            "atmosphere",
            irradiance=(8.19, 14.17, 25.02),
            horizon=((15.1, 17.8, 18.6), (10.7, 13.2, 14.6), (11.5, 14.4, 16.1)),
            elevation=math.radians(52),
            clouds=0.45,
        ),
        white=DAYLIGHT,
        exposure=0.7,
        luminance=27_000.0,
        lamps=0.0,
        floodlights=0.0,
        visibility=40_000.0,
    ),
    "golden_hour": Light(
        elevation=math.radians(20),
        azimuth=math.radians(195),
        sun=(133.1, 102.9, 64.4),
        softness=0.010,
        sky=Sky(
            "atmosphere",
            irradiance=(7.56, 11.38, 18.13),
            horizon=((56.0, 48.5, 34.8), (6.8, 7.8, 8.4), (8.7, 10.2, 10.6)),
            elevation=math.radians(20),
            aerosol=2.0,
            clouds=0.55,
        ),
        white=(1.0, 1.0, 1.0),
        exposure=0.6,
        luminance=24_000.0,
        lamps=0.0,
        floodlights=0.0,
        visibility=25_000.0,
    ),
    "dusk": Light(
        elevation=math.radians(-1.2),
        azimuth=math.radians(205),
        sun=_NONE,
        softness=0.012,
        sky=Sky(
            "atmosphere",
            irradiance=(0.633, 0.661, 1.134),
            horizon=((2.52, 0.92, 0.54), (0.47, 0.32, 0.44), (0.30, 0.21, 0.39)),
            elevation=math.radians(-1.2),
            aerosol=1.5,
            clouds=0.6,
        ),
        white=DAYLIGHT,
        exposure=0.2,
        luminance=330.0,
        lamps=0.6,
        floodlights=700.0,
        visibility=45_000.0,
    ),
    "blue_hour": Light(
        elevation=math.radians(-5.5),
        azimuth=math.radians(200),
        sun=_NONE,
        softness=0.012,
        sky=Sky(
            "atmosphere",
            irradiance=(0.009, 0.036, 0.151),
            horizon=((0.119, 0.095, 0.142), (0.015, 0.047, 0.120), (0.011, 0.041, 0.111)),
            elevation=math.radians(-5.5),
            clouds=0.5,
            glow=(0.012, 0.007, 0.0035),
        ),
        white=DAYLIGHT,
        exposure=0.25,
        luminance=90.0,
        lamps=0.9,
        floodlights=220.0,
        visibility=80_000.0,
    ),
    "night": Light(
        elevation=math.radians(-18),
        azimuth=math.radians(200),
        sun=_NONE,
        softness=0.012,
        sky=Sky(
            "plain",
            irradiance=(0.0110, 0.0130, 0.0240),
            horizon=((0.0035, 0.0041, 0.0076),) * 3,
            clouds=0.6,
            glow=(0.0140, 0.0095, 0.0065),
        ),
        white=DAYLIGHT,
        exposure=0.5,
        luminance=200.0,
        lamps=1.0,
        floodlights=600.0,
        visibility=60_000.0,
    ),
    "overcast": Light(
        elevation=math.radians(50),
        azimuth=math.radians(215),
        sun=_NONE,
        softness=0.6,
        sky=Sky("overcast", irradiance=(22.0, 22.0, 22.7), horizon=((3.6, 3.6, 3.7),) * 3, clouds=0.75),
        white=(1.0, 1.0, 1.0),
        exposure=0.75,
        luminance=4_500.0,
        lamps=0.1,
        floodlights=0.0,
        visibility=18_000.0,
    ),
    "neutral": Light(
        elevation=math.radians(35),
        azimuth=math.radians(180),
        sun=(117.0, 117.0, 117.0),
        softness=0.009,
        sky=Sky("plain", irradiance=(22.0, 22.0, 22.0), horizon=((7.0, 7.0, 7.0),) * 3),
        white=(1.0, 1.0, 1.0),
        exposure=0.0,
        luminance=29_000.0,
        lamps=0.0,
        floodlights=0.0,
        visibility=math.inf,
    ),
}

#: More lamps than this change a picture little and cost noise.
MOST_LAMPS = 16
_CONE = math.radians(130)


def floodlight_places(bowl: Bowl) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return where floodlights hang and what they aim at.

    On the inner edge of a roof that goes all the way around, else on masts behind the last row; each aims
    across the field.

    Returns
    -------
    places, targets : (N, 3) float64, metres
    """
    fittings, roof = bowl.fittings, bowl.roof
    count = min(fittings.floodlights, MOST_LAMPS)
    around = (np.arange(count) + 0.5) / max(count, 1)
    covered = roof.kind != "none" and roof.last - roof.first >= 1.0
    if covered:
        edge, under = roof_line(bowl, 0.0, roof_arch(bowl, around))
        depth, height = edge - 1.0, under - 2.0
    else:
        depth = np.full(count, bowl.rim + 4.0)
        height = np.full(count, fittings.floodlight_height)
    x, y, _ = place(bowl.plan, around, depth)
    places = np.stack([x, y, height], -1)
    targets = places * np.array([-0.35, -0.35, 0.0])
    return places, targets


def floodlight_power(
    places: npt.NDArray[np.float64], targets: npt.NDArray[np.float64], bowl: Bowl, illuminance: float
) -> float:
    """Return the watts that each spot lamp needs for a mean illuminance of the field (scene units).

    A spot of P watts has P / (4 pi) W/sr on its axis; to the cone's edge it fades as Cycles has it: t^2 (3 -
    2t) of t = (cos a - cos c) / (1 - cos c), at the angle a from its axis and half a cone of c.
    """
    steps = np.linspace(-1.0, 1.0, 13)
    x, y = np.meshgrid(bowl.floor.half_width * steps, bowl.floor.half_length * steps)
    field = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], -1)
    ray = field[:, None] - places
    distance = np.linalg.norm(ray, axis=-1)
    axis = (targets - places) / np.linalg.norm(targets - places, axis=-1, keepdims=True)
    cosine = (ray * axis).sum(-1) / distance
    edge = math.cos(_CONE / 2)
    t = np.clip((cosine - edge) / (1.0 - edge), 0.0, 1.0)
    level = -ray[..., 2] / distance
    share = t * t * (3.0 - 2.0 * t) * level / distance**2
    return float(illuminance * 4.0 * math.pi / share.sum(-1).mean())


def _build_floodlights(light: Light, bowl: Bowl, collection: bpy.types.Collection) -> None:
    places, targets = floodlight_places(bowl)
    if not light.floodlights or not len(places):
        return
    power = floodlight_power(places, targets, bowl, light.floodlights / light.luminance)
    lamp = bpy.data.lights.new("Floodlight", "SPOT")
    lamp.energy, lamp.color = power, (1.0, 0.98, 0.95)
    lamp.shadow_soft_size, lamp.spot_size, lamp.spot_blend = 3.0, _CONE, 1.0
    for number, (position, target) in enumerate(zip(places, targets, strict=True), 1):
        thing = bpy.data.objects.new(f"Floodlight {number}", lamp)
        thing.location = position
        x, y, z = target - position
        thing.rotation_euler = (math.atan2(math.hypot(x, y), -z), 0.0, math.atan2(-x, y))
        collection.objects.link(thing)


def _build_sun(light: Light, collection: bpy.types.Collection) -> None:
    colour = light.scene(light.sun)
    strength = luminance_of(colour)
    if not strength:
        return
    lamp = bpy.data.lights.new("Sun", "SUN")
    lamp.energy, lamp.color, lamp.angle = strength, [part / strength for part in colour], light.softness
    sun = bpy.data.objects.new("Sun", lamp)
    sun.rotation_euler = (math.pi / 2 - light.elevation, 0.0, light.azimuth + math.pi / 2)
    collection.objects.link(sun)


def build_light(preset: str, bowl: Bowl, scene: bpy.types.Scene, collection: bpy.types.Collection) -> Light:
    """Build a preset's lamps into a collection and its sky as the scene's world; returns the preset."""
    light = LIGHTS[preset]
    _build_sun(light, collection)
    _build_floodlights(light, bowl, collection)
    world = bpy.data.worlds.new("Sky")
    build_sky(world, light)
    # Where bounces are not traced, the sky's light is dimmed by what is as near as the roof is.
    world.light_settings.distance = 40.0
    # The sky is smooth: a small importance map is enough and quick to make.
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 64
    scene.world = world
    return light
