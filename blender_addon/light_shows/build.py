"""The light shows' part of the scene: an object for each cue that the film shows, and its lamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import bpy
import numpy as np

from ...kernels.beams import FollowSpots
from ...kernels.confetti import Confetti
from ...kernels.drones import Drones
from ...kernels.fireworks import Fireworks
from ...kernels.strobes import Strobes
from ..light import LIGHTS
from ..meshes import add_nodes, new_collection, point_object
from ..nodes import light_shows as nodes
from ..nodes.clock import build_clock
from ..nodes.tree import load_sequence
from .lamps import build_spot_lamps, build_strobe_lamps
from .shapes import cone, paper, strip

if TYPE_CHECKING:
    from ...kernels.light_shows import Effect
    from ...scenes.schema import Show
    from ...scenes.schema_light_show import LightCue
    from ...scenes.timeline import FilmTimeline
    from ..bake_light_shows import LightSet

#: Candela a square metre in the middle of each, at strength 1. Sparks and lamps are far brighter in truth,
#: and far smaller: this is what is left of them where a lens spreads them over their size.
SPARK, DRONE, FLASH = 6_000.0, 5_000.0, 60_000.0
BEAM, LASER = 420.0, 2_000.0
#: Candela a square metre that a metre of a beam's way gives, as a volume.
BEAM_VOLUME = 150.0
#: The share of a beam's last width that its strip has at the lamp: most are narrower there.
BEAM_BEGIN = 0.16
#: Radius in pixels below which sparks, drones and lasers dim rather than shrink; the least length of paper.
LEAST_PIXELS = {"spark": 0.8, "drone": 0.9, "flash": 2.5, "beam": 0.7, "laser": 0.8, "paper": 1.3}
#: Sparks and beams behind each other that a ray goes through; steps in which it goes through a volume.
SURFACES, VOLUME_STEPS = 64, 32
#: Lux that a follow spot, and all strobes together, throw on what they meet.
SPOT_LUX, STROBE_LUX = 6_000.0, 1_500.0


def build_light_shows(
    show: Show,
    timeline: FilmTimeline,
    lights: Sequence[LightSet],
    picture_width: int,
    collection: bpy.types.Collection,
) -> None:
    """Build all light cues that the film shows, each into a collection of its own; without any, nothing.

    Parameters
    ----------
    lights : sequence of LightSet
        The cues that are seen, as they were baked.
    picture_width : int
        Pixels of the picture that is rendered, for what is smaller than one.
    """
    if not lights:
        return
    luminance = LIGHTS[show.stadium.light].luminance
    models = _Models(1.0 / luminance, collection)
    for light in lights:
        cue = show.lights[light.cue]
        name = f"{cue.kind.title()} {light.cue + 1}"
        home = new_collection(name, collection)
        _build_pieces(name, light, _look(light.effect, cue), timeline, models, picture_width, home)
        if isinstance(light.effect, FollowSpots):
            brightness = cue.effect.brightness * SPOT_LUX / luminance
            build_spot_lamps(name, light, light.effect, cue.effect.colour, brightness, timeline, home)
        elif isinstance(light.effect, Strobes):
            build_strobe_lamps(name, light, light.effect, STROBE_LUX / luminance, timeline, home)


def set_light_show_render(scene: bpy.types.Scene, show: Show, lights: Sequence[LightSet]) -> None:
    """Let Cycles see through as many sparks and beams as lie behind each other, where the film has any.

    To be called after the scene's own settings. Rays pay only for what they meet.
    """
    cycles = scene.cycles
    if lights:
        # Beyond the last one a ray ends, and what is behind is black.
        cycles.transparent_max_bounces = max(cycles.transparent_max_bounces, SURFACES)
    if any(isinstance(light.effect, FollowSpots) for light in lights):
        # Most of them miss what a ray meets: picked without a look, the right one is picked too rarely.
        cycles.use_light_tree = True
    if any(_look(light.effect, show.lights[light.cue]) == "beam volume" for light in lights):
        # Else each picture takes a minute more: beams are smooth, and few steps do.
        cycles.volume_biased, cycles.volume_max_steps = True, VOLUME_STEPS


class _Models:
    """What instances are of, made once for all cues that show it."""

    def __init__(self, radiance: float, root: bpy.types.Collection) -> None:
        self._radiance = radiance
        self._root = root
        self._hidden: bpy.types.Collection | None = None
        self._made: dict[str, bpy.types.Object] = {}

    def of(self, kind: str) -> bpy.types.Object:
        """Return the model of a kind: one of the keys of `_LOOKS`."""
        if kind not in self._made:
            if self._hidden is None:
                self._hidden = new_collection("Light Models", self._root, shown=False)
            shape, material = _LOOKS[kind](self._radiance)
            thing = bpy.data.objects.new(shape.name, shape)
            shape.materials.append(material)
            self._hidden.objects.link(thing)
            self._made[kind] = thing
        return self._made[kind]


_LOOKS: dict[str, Callable[[float], tuple[bpy.types.Mesh, bpy.types.Material]]] = {
    "spark": lambda radiance: (strip("Spark"), nodes.sparks("Spark", SPARK * radiance)),
    "drone": lambda radiance: (strip("Drone"), nodes.sparks("Drone", DRONE * radiance)),
    "flash": lambda radiance: (strip("Flash"), nodes.sparks("Flash", FLASH * radiance, halo=0.04)),
    "beam": lambda radiance: (strip("Beam", BEAM_BEGIN), nodes.beams("Beam", BEAM * radiance)),
    "laser": lambda radiance: (strip("Laser"), nodes.beams("Laser", LASER * radiance, haze=0.35)),
    "beam volume": lambda radiance: (cone("Beam"), nodes.beam_volume("Beam", BEAM_VOLUME * radiance)),
    "paper": lambda _: (paper("Paper"), nodes.paper("Confetti")),
}


def _look(effect: Effect, cue: LightCue) -> str:
    """Return what a cue's pieces look like: one of the keys of `_LOOKS`."""
    if cue.beams is not None and cue.beams.volumetric:
        return "beam volume"
    if cue.lasers is not None:
        return "laser"
    looks = {Fireworks: "spark", Drones: "drone", Strobes: "flash", Confetti: "paper"}
    return looks.get(type(effect), "beam")


def _build_pieces(
    name: str,
    light: LightSet,
    look: str,
    timeline: FilmTimeline,
    models: _Models,
    picture_width: int,
    collection: bpy.types.Collection,
) -> None:
    """Build the object that places a cue's pieces."""
    textures = light.textures
    address = textures.addresses()
    pieces = point_object(name, np.zeros_like(address), collection, address=address)
    frames = [frame.index for frame in timeline.frames]
    samples = [frame.sample for frame in timeline.frames]
    keys = [float(light.shown[sample - 1]) for sample in samples]
    clock = build_clock(frames, samples, collection, keys, f"Light Cue {light.cue + 1}")
    image = load_sequence(textures.file(1), "Non-Color")
    model = models.of(look)
    if look == "paper":
        tree = nodes.build_paper(name, image, model, clock, LEAST_PIXELS[look], picture_width)
    elif look == "beam volume":
        tree = nodes.build_cones(name, image, model, clock)
    else:
        ends = look not in {"beam", "laser"}
        tree = nodes.build_strips(
            name, image, model, clock, LEAST_PIXELS[look], picture_width, round_ends=ends
        )
    add_nodes(pieces, tree)
    if look != "paper":
        # Only the camera sees it: what it throws on other things is the lamps' part.
        pieces.visible_diffuse = pieces.visible_glossy = pieces.visible_transmission = False
        pieces.visible_shadow = pieces.visible_volume_scatter = False
