"""Shaders of the roof, the arena's floor and the fittings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ...kernels.bowl import RoofKind
from ..light import Light
from . import materials
from .shading import Colour, matte_closure, new_shader, of_instance, pick, set_surface
from .tree import Socket, Tree

BAY, ACROSS = "bay", "across"
"""Attributes of a roof's skin: bays from east counter-clockwise; 0 at its inner edge to 1 at the outer."""
SCREEN = "screen"
"""Attribute of a screen: 0 to 1 from the left and from below."""
#: Candela a square metre of lamps that are looked into, of a screen in sunshine, and at night.
LAMP, SCREEN_BY_DAY, SCREEN_AT_NIGHT = 200_000.0, 5_000.0, 900.0
BRIGHTEST = 40.0
"""Radiance, in the scene's units, above which what shines is white on any picture and only makes noise."""
#: Invented colours for the flags.
FLAGS: tuple[Colour, ...] = (
    (0.62, 0.03, 0.03),
    (0.02, 0.09, 0.42),
    (0.80, 0.55, 0.03),
    (0.75, 0.75, 0.72),
    (0.02, 0.26, 0.10),
    (0.70, 0.19, 0.02),
)


@dataclass(frozen=True)
class RoofPaint:
    """Materials of a roof: its skin, the glazing at its inner edge, edges, gutters, and steel."""

    skin: bpy.types.Material
    glazing: bpy.types.Material
    edge: bpy.types.Material
    gutter: bpy.types.Material
    steel: bpy.types.Material


def roof_paint(kind: RoofKind, lit: float = 0.0) -> RoofPaint:
    """Return the materials of a roof of petals, of a ring or of a cable net.

    `lit` is the radiance, in the scene's units, of light that is thrown up at its underside.
    """
    white, steel = (0.62, 0.63, 0.64), (0.50, 0.51, 0.52)
    skins = {
        # Silver-white panels that let some daylight through.
        "petals": lambda: panelled("Roof Panels", (0.62, 0.635, 0.65), (16, 36), 0.66, 0.3, 0.17, lit=lit),
        "ring": lambda: panelled("Roof Sheets", (0.50, 0.515, 0.53), (4, 18), 0.45, 0.12, 0.16, 0.03, lit),
        "cable_net": lambda: panelled(
            "Roof Membrane", (0.74, 0.74, 0.72), (4, 6), 0.7, 0.42, 0.08, 0.02, lit
        ),
    }
    return RoofPaint(
        skins[kind](),
        panelled("Roof Glazing", (0.50, 0.56, 0.58), (3, 24), 0.8, 0.65, 0.10, lit=lit),
        pale_shadow("Roof Edge", white, 0.6),
        materials.matte("Roof Gutters", (0.22, 0.225, 0.23)),
        materials.matte("Roof Steel", steel),
    )


def _mix(tree: Tree, factor: object, first: object, second: object) -> Socket:
    return tree.out("ShaderNodeMix", factor, first, second, data_type="RGBA")


def _named(tree: Tree, name: str) -> Socket:
    node = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name=name)
    return node.outputs["Fac"]


def _noise(tree: Tree, position: Socket, scale: float, detail: float) -> Socket:
    named = {"Vector": position, "Scale": scale, "Detail": detail}
    return tree.add("ShaderNodeTexNoise", named=named).outputs[0]


def _position(tree: Tree) -> Socket:
    return tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]


def _let_through(tree: Tree, surface: Socket, share: float) -> Socket:
    """Let a share of the sun pass straight through: its shadow is pale, and costs no bounce."""
    is_shadow = tree.tree.nodes.new("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    clear = tree.out("ShaderNodeBsdfTransparent", (1.0, 1.0, 1.0, 1.0))
    return tree.add("ShaderNodeMixShader", tree.math("MULTIPLY", is_shadow, share), surface, clear).outputs[0]


def pale_shadow(name: str, colour: Colour, through: float) -> bpy.types.Material:
    """Return a matte material whose shadow is pale, as that of the skin which it holds."""
    return materials.membrane(name, colour, through)


def panelled(
    name: str,
    colour: Colour,
    panels: tuple[int, int],
    through: float,
    glow: float,
    unlike: float,
    seam: float = 0.05,
    lit: float = 0.0,
) -> bpy.types.Material:
    """Return a roof's skin of panels, no two quite alike, with seams between them.

    Parameters
    ----------
    panels : (int, int)
        In each bay, and from the inner edge to the outer.
    through : float
        Share of the sun that passes, and falls on the stands.
    glow : float
        Share of the light by which the other side shines.
    unlike : float
        By how much of its brightness a panel differs from another.
    seam : float
        Share of a panel's width that its seam takes.
    lit : float
        Radiance of light from below, in the scene's units: what passes shines, most at the inner edge.
    """
    material, tree = new_shader(name)
    x = tree.math("MULTIPLY", _named(tree, BAY), float(panels[0]))
    y = tree.math("MULTIPLY", _named(tree, ACROSS), float(panels[1]))
    cell = tree.combine(tree.math("FLOOR", x), tree.math("FLOOR", y), 0.0)
    own = tree.out("ShaderNodeTexWhiteNoise", cell, noise_dimensions="3D")
    weather = _noise(tree, _position(tree), 0.07, 2.0)
    spread = tree.math("ADD", tree.math("MULTIPLY", own, unlike), tree.math("MULTIPLY", weather, 0.4))
    bright = tree.math("ADD", spread, 1.0 - unlike / 2 - 0.2)
    # Seams: where either way through a panel is near its end.
    near = [tree.math("ABSOLUTE", tree.math("SUBTRACT", tree.math("FRACT", v), 0.5)) for v in (x, y)]
    between = tree.math("GREATER_THAN", tree.math("MAXIMUM", *near), 0.5 - seam / 2)
    shade = tree.math("MULTIPLY", bright, tree.math("MULTIPLY_ADD", between, -0.3, 1.0))
    painted = tree.vector("SCALE", colour, shade)
    diffuse = matte_closure(tree, painted)
    shining = tree.out("ShaderNodeBsdfTranslucent", painted)
    surface = tree.add("ShaderNodeMixShader", glow, diffuse, shining).outputs[0]
    if lit:
        left = tree.math("SUBTRACT", 1.0, _named(tree, ACROSS))
        strength = tree.math(
            "MULTIPLY", tree.math("MULTIPLY", tree.math("POWER", left, 2.2), shade), lit * glow
        )
        lamps = tree.out("ShaderNodeEmission", (1.0, 0.93, 0.82, 1.0), strength)
        surface = tree.add("ShaderNodeAddShader", surface, lamps).outputs[0]
        # Its light on other things is small, and would be noise.
        material.cycles.emission_sampling = "NONE"
    set_surface(tree, _let_through(tree, surface, through))
    return material


def shining(
    name: str, colour: Colour, luminance: float, light: Light, off: Colour = (0.05, 0.05, 0.055)
) -> bpy.types.Material:
    """Return what shines with a luminance, candela a square metre; `off` is its colour without."""
    material, tree = new_shader(name)
    strength = min(luminance / light.luminance, BRIGHTEST)
    emission = tree.add("ShaderNodeEmission", (*colour, 1.0), strength)
    emission.name = "Shine"
    surface = tree.add("ShaderNodeAddShader", matte_closure(tree, (*off, 1.0)), emission.outputs[0])
    set_surface(tree, surface.outputs[0])
    # Its light is that of the lamps in the collection "Light"; this is what the camera sees of it.
    material.cycles.emission_sampling = "NONE"
    return material


def grass(name: str, stripe: float) -> bpy.types.Material:
    """Return grass, mown in stripes across the field's length, as wide as `stripe` metres; 0 for none."""
    material, tree = new_shader(name)
    position = _position(tree)
    _, y, _ = tree.separate(position)
    patches = tree.add(
        "ShaderNodeTexNoise", named={"Vector": position, "Scale": 0.11, "Detail": 3.0}
    ).outputs[0]
    blades = tree.add("ShaderNodeTexNoise", named={"Vector": position, "Scale": 2.6, "Detail": 2.0}).outputs[
        0
    ]
    if stripe:
        wandering = tree.math("MULTIPLY_ADD", patches, 0.5, y)
        turn = tree.math("FRACT", tree.math("MULTIPLY", wandering, 0.5 / stripe))
        # Soft to a few decimetres, as blades lean one way and the other.
        away = tree.math("ABSOLUTE", tree.math("SUBTRACT", turn, 0.5))
        band = tree.out("ShaderNodeMapRange", away, 0.235, 0.265)
    else:
        band = tree.math("ADD", 0.5, 0.0)
    mown = _mix(tree, band, (0.094, 0.148, 0.046, 1.0), (0.062, 0.108, 0.034, 1.0))
    worn = tree.out("ShaderNodeMapRange", patches, 0.56, 0.78, 0.0, 0.5)
    turf = _mix(tree, worn, mown, (0.130, 0.140, 0.060, 1.0))
    bright = tree.math("MULTIPLY_ADD", blades, 0.7, 0.65)
    set_surface(tree, matte_closure(tree, tree.vector("SCALE", turf, bright)))
    return material


def ground(name: str, colour: Colour, scale: float, unlike: float) -> bpy.types.Material:
    """Return a rough floor whose brightness wanders by a share; `scale` is in patches a metre."""
    material, tree = new_shader(name)
    noise = _noise(tree, _position(tree), scale, 4.0)
    bright = tree.math("MULTIPLY_ADD", noise, 2 * unlike, 1.0 - unlike)
    set_surface(tree, matte_closure(tree, tree.vector("SCALE", colour, bright)))
    return material


def boards(name: str, length: float) -> bpy.types.Material:
    """Return planks of wood along x, each of its own brightness, as of a sports hall's floor."""
    material, tree = new_shader(name)
    x, y, _ = tree.separate(_position(tree))
    row = tree.math("FLOOR", tree.math("MULTIPLY", y, 4.0))
    along = tree.math(
        "FLOOR", tree.math("ADD", tree.math("DIVIDE", x, length), tree.math("MULTIPLY", row, 0.37))
    )
    own = tree.out("ShaderNodeTexWhiteNoise", tree.combine(row, along), noise_dimensions="3D")
    colour = _mix(tree, own, (0.33, 0.185, 0.082, 1.0), (0.46, 0.28, 0.135, 1.0))
    set_surface(tree, matte_closure(tree, colour))
    return material


def slabs(name: str, colour: Colour, side: float) -> bpy.types.Material:
    """Return square slabs, as long as `side` metres, each of its own brightness, with joints between them."""
    material, tree = new_shader(name)
    position = _position(tree)
    x, y, _ = tree.separate(tree.vector("SCALE", position, 1.0 / side))
    cell = tree.combine(tree.math("FLOOR", x), tree.math("FLOOR", y))
    own = tree.out("ShaderNodeTexWhiteNoise", cell, noise_dimensions="3D")
    near = [tree.math("ABSOLUTE", tree.math("SUBTRACT", tree.math("FRACT", v), 0.5)) for v in (x, y)]
    joint = tree.math("GREATER_THAN", tree.math("MAXIMUM", near[0], near[1]), 0.494)
    wear = tree.math("MULTIPLY", _noise(tree, position, 0.15, 4.0), 0.3)
    bright = tree.math("ADD", tree.math("MULTIPLY_ADD", own, 0.14, 0.78), wear)
    shade = tree.math("MULTIPLY", bright, tree.math("MULTIPLY_ADD", joint, -0.45, 1.0))
    set_surface(tree, matte_closure(tree, tree.vector("SCALE", colour, shade)))
    return material


def board_screen(name: str, light: Light) -> bpy.types.Material:
    """Return a scoreboard's screen: a table of bars like lines of figures, a dial, a stripe of colours."""
    material, tree = new_shader(name)
    screen = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name=SCREEN)
    u, v, _ = tree.separate(screen.outputs["Vector"])
    lines = 7.0
    line = tree.math("FLOOR", tree.math("MULTIPLY", v, lines))
    inside = tree.math("FRACT", tree.math("MULTIPLY", v, lines))
    column = tree.math("FLOOR", tree.math("MULTIPLY", u, 60.0))
    letter = tree.out("ShaderNodeTexWhiteNoise", tree.combine(column, line), noise_dimensions="3D")
    written = tree.math(
        "MULTIPLY", tree.math("GREATER_THAN", letter, 0.3), _between(tree, inside, 0.28, 0.74)
    )
    length = tree.out("ShaderNodeTexWhiteNoise", tree.combine(line, 3.0, 7.0), noise_dimensions="3D")
    ends = tree.math("MULTIPLY_ADD", length, 0.22, 0.30)
    names = tree.math("MULTIPLY", _between(tree, u, 0.04, ends), written)
    figures = tree.math("MULTIPLY", _between(tree, u, 0.56, 0.64), written)
    text = tree.math("MULTIPLY", tree.math("ADD", names, figures), tree.math("LESS_THAN", v, 0.84))
    # A dial on the right: a ring, and a hand.
    across, up = tree.math("MULTIPLY", tree.math("SUBTRACT", u, 0.83), 3.0), tree.math("SUBTRACT", v, 0.45)
    radius = tree.vector("LENGTH", tree.combine(across, up))
    ring = _between(tree, radius, 0.28, 0.34)
    hand = tree.math("MULTIPLY", _between(tree, across, -0.012, 0.02), _between(tree, up, 0.0, 0.24))
    other = tree.math("MULTIPLY", _between(tree, up, -0.014, 0.014), _between(tree, across, 0.0, 0.17))
    dial = tree.math("MAXIMUM", ring, tree.math("MAXIMUM", hand, other))
    stripe = tree.math("GREATER_THAN", v, 0.88)
    sky = _mix(tree, v, (0.004, 0.010, 0.05, 1.0), (0.01, 0.05, 0.16, 1.0))
    page = _mix(tree, text, sky, (0.85, 0.86, 0.78, 1.0))
    page = _mix(tree, dial, page, (1.0, 0.62, 0.10, 1.0))
    bars = pick(tree, u, ((0.55, 0.04, 0.03), (0.75, 0.42, 0.02), (0.03, 0.28, 0.10), (0.02, 0.10, 0.45)))
    page = _mix(tree, stripe, page, bars)
    luminance = SCREEN_BY_DAY + (SCREEN_AT_NIGHT - SCREEN_BY_DAY) * light.lamps
    emission = tree.add("ShaderNodeEmission", page, luminance / light.luminance)
    emission.name = "Shine"
    dark = matte_closure(tree, (0.02, 0.02, 0.022, 1.0))
    set_surface(tree, tree.add("ShaderNodeAddShader", dark, emission.outputs[0]).outputs[0])
    material.cycles.emission_sampling = "NONE"
    return material


def lay_screen(thing: bpy.types.Object, across: tuple[float, float], up: tuple[float, float]) -> None:
    """Tell a screen's vertices where they lie in the picture, from their Y and Z."""
    mesh = thing.data
    places = np.zeros((len(mesh.vertices), 3), np.float32)
    mesh.vertices.foreach_get("co", places.ravel())
    shares = np.zeros_like(places)
    # Seen from the front, Y runs to the left.
    shares[:, 0] = (places[:, 1] - across[0]) / (across[1] - across[0])
    shares[:, 1] = (places[:, 2] - up[0]) / (up[1] - up[0])
    mesh.attributes.new(SCREEN, "FLOAT_VECTOR", "POINT").data.foreach_set("vector", shares.ravel())


def board_faces(name: str, colours: Sequence[Colour]) -> bpy.types.Material:
    """Return the faces of boards around a pitch: stretches of colours with blocks of a paler one on them."""
    material, tree = new_shader(name)
    x, y, z = tree.separate(_position(tree))
    along = tree.math("ADD", x, y)
    stretch = tree.math("FLOOR", tree.math("DIVIDE", along, 9.0))
    own = tree.out("ShaderNodeTexWhiteNoise", tree.combine(stretch, 1.0), noise_dimensions="3D")
    letter = tree.math("FLOOR", tree.math("DIVIDE", along, 0.6))
    drawn = tree.out("ShaderNodeTexWhiteNoise", tree.combine(letter, 2.0), noise_dimensions="3D")
    block = tree.math("MULTIPLY", tree.math("GREATER_THAN", drawn, 0.35), _between(tree, z, 0.28, 0.68))
    colour = _mix(tree, block, pick(tree, own, colours), (0.72, 0.72, 0.70, 1.0))
    set_surface(tree, matte_closure(tree, colour))
    return material


def netting(name: str, colour: Colour) -> bpy.types.Material:
    """Return a net, which covers a fifth of what is behind it."""
    material, tree = new_shader(name)
    clear = tree.out("ShaderNodeBsdfTransparent", (1.0, 1.0, 1.0, 1.0))
    mix = tree.add("ShaderNodeMixShader", 0.2, clear, matte_closure(tree, (*colour, 1.0)))
    set_surface(tree, mix.outputs[0])
    return material


def _between(tree: Tree, value: Socket, least: object, most: object) -> Socket:
    above = tree.math("GREATER_THAN", value, least)
    return tree.math("MULTIPLY", above, tree.math("LESS_THAN", value, most))


def cloth(name: str, colours: Sequence[Colour]) -> bpy.types.Material:
    """Return the cloth of flags: a field and a slanting band, picked by `person`, thin enough to glow."""
    material, tree = new_shader(name)
    person = of_instance(tree, "person", "Fac")
    other = tree.math("FRACT", tree.math("ADD", person, 0.37))
    slant = tree.math("SUBTRACT", _named(tree, "along"), _named(tree, "up"))
    band = tree.math("LESS_THAN", tree.math("ABSOLUTE", tree.math("ADD", slant, 0.12)), 0.2)
    colour = _mix(tree, band, pick(tree, person, colours), pick(tree, other, colours))
    glow = tree.out("ShaderNodeBsdfTranslucent", colour)
    set_surface(
        tree, tree.add("ShaderNodeMixShader", 0.35, matte_closure(tree, colour, 0.5), glow).outputs[0]
    )
    return material
