"""Shaders of a city's walls and trees: facades with windows storey by storey, glass, roofs, leaves.

Rays that mirrors would need are not traced: what glass and water mirror is the sky's colour in the mirrored
direction, as an emission. What is built for the night shines in candela a square metre, by the light's lamps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy

from ...kernels.city import STOREY
from .shading import Colour, fraction, matte_closure, new_shader, of_instance, pick, set_surface
from .tree import Socket, Tree, Value

if TYPE_CHECKING:
    from ..light import Light

WALLS: tuple[Colour, ...] = (
    (0.42, 0.37, 0.30), (0.36, 0.31, 0.25), (0.23, 0.125, 0.085), (0.40, 0.39, 0.37), (0.17, 0.085, 0.06),
    (0.30, 0.265, 0.22), (0.27, 0.265, 0.26), (0.44, 0.33, 0.20), (0.52, 0.50, 0.46), (0.19, 0.20, 0.215),
    (0.38, 0.26, 0.20), (0.56, 0.54, 0.49), (0.26, 0.165, 0.11), (0.33, 0.335, 0.345), (0.31, 0.19, 0.13),
    (0.40, 0.36, 0.26), (0.13, 0.125, 0.12), (0.34, 0.32, 0.28),
)  # fmt: skip
TILES: tuple[Colour, ...] = (
    (0.22, 0.085, 0.055), (0.16, 0.07, 0.05), (0.27, 0.125, 0.08), (0.085, 0.09, 0.10), (0.13, 0.11, 0.10),
    (0.19, 0.10, 0.075), (0.07, 0.075, 0.085),
)  # fmt: skip
FLAT_ROOFS: tuple[Colour, ...] = (
    (0.24, 0.24, 0.235), (0.17, 0.17, 0.17), (0.31, 0.30, 0.285), (0.115, 0.115, 0.12), (0.25, 0.22, 0.195),
    (0.40, 0.40, 0.39), (0.10, 0.125, 0.06), (0.21, 0.20, 0.19),
)  # fmt: skip
#: What panes mirror is tinted by their coating.
GLASS: tuple[Colour, ...] = (
    (0.52, 0.74, 0.95), (0.55, 0.80, 0.82), (0.70, 0.76, 0.82), (0.80, 0.66, 0.48), (0.42, 0.62, 0.92),
    (0.48, 0.56, 0.62), (0.60, 0.82, 0.98),
)  # fmt: skip
LEAVES: tuple[Colour, ...] = (
    (0.048, 0.085, 0.018), (0.062, 0.105, 0.022), (0.040, 0.072, 0.020), (0.080, 0.110, 0.026),
    (0.055, 0.090, 0.030), (0.095, 0.115, 0.030), (0.036, 0.066, 0.024),
)  # fmt: skip
#: Candela a square metre of a lit window, seen from outside.
WINDOW = 210.0
#: What shines through windows: lamps at home, a blue screen now and then; tubes in offices.
_HOMES: tuple[Colour, ...] = (
    (1.0, 0.62, 0.30), (1.0, 0.70, 0.40), (1.0, 0.52, 0.20), (1.0, 0.78, 0.52), (0.95, 0.93, 0.88),
    (0.62, 0.78, 1.0),
)  # fmt: skip
_OFFICES: tuple[Colour, ...] = (
    (0.95, 0.95, 0.90), (1.0, 0.84, 0.62), (0.85, 0.93, 1.0), (1.0, 0.90, 0.74), (1.0, 0.72, 0.42),
)  # fmt: skip
#: Metres at which windows begin to blur into their wall, and at which they have.
_NEAR, _FAR = 700.0, 2600.0


#: Lux of street lamps on roads and on the feet of walls. Several times what towns have (10 to 30 lx): beside
#: a floodlit stadium true streets would be black, as no photographer leaves them.
STREET_LUX = 130.0
SODIUM: Colour = (1.0, 0.60, 0.28)


def lamplight(light: Light, lux: float = STREET_LUX) -> Colour:
    """Return what a white surface shines with, in the scene's units, that lamps give so many lux."""
    return shining(light, lux / math.pi, SODIUM)


def shining(light: Light, candela: float, colour: Colour = (1.0, 1.0, 1.0)) -> Colour:
    """Return the radiance, in the scene's units, of what shines so brightly when the lamps are on."""
    strength = candela * light.lamps / light.luminance
    r, g, b = (part * strength for part in colour)
    return r, g, b


def distance_share(tree: Tree, near: float, far: float) -> Socket:
    """Return how far away the shaded place is: 0 up to `near` metres, 1 from `far` on."""
    distance = tree.tree.nodes.new("ShaderNodeCameraData").outputs["View Distance"]
    return tree.out("ShaderNodeMapRange", distance, near, far, interpolation_type="SMOOTHSTEP")


def blended(tree: Tree, share: Value, first: Value, second: Value) -> Socket:
    """Return a colour between two."""
    first, second = ((*c, 1.0) if isinstance(c, tuple) and len(c) == 3 else c for c in (first, second))
    return tree.out("ShaderNodeMix", share, first, second, data_type="RGBA")


def mirrored_sky(tree: Tree, light: Light, normal: Socket, incoming: Socket, city: float) -> Socket:
    """Return what a mirror shows of the sky, with the sun's glint.

    Parameters
    ----------
    city : float
        How much what stands around darkens the lowest part of the sky, 0 to 1.
    """
    seen = tree.vector("REFLECT", tree.vector("SCALE", incoming, -1.0), normal)
    _, _, up = tree.separate(seen)
    height = tree.math("POWER", tree.math("MAXIMUM", up, 0.0), 0.5)
    overhead = tuple(0.8 * part / 3.1416 for part in light.scene(light.sky.irradiance))
    air, sun = light.air, light.towards_sun
    sunward = tree.vector("DOT_PRODUCT", seen, (float(sun[0]), float(sun[1]), 0.0))
    sunward = next(socket for socket in sunward.node.outputs if socket.name == "Value")
    # As kernels.haze.hazed spreads the light of the air about the sun.
    before = tree.math("POWER", tree.math("MAXIMUM", sunward, 0.0), 6.0)
    behind = tree.math("POWER", tree.math("MAXIMUM", tree.math("MULTIPLY", sunward, -1.0), 0.0), 2.0)
    horizon = blended(tree, before, air.side, air.towards)
    horizon = blended(tree, behind, horizon, air.away)
    sky = blended(tree, height, horizon, overhead)
    around = tree.out("ShaderNodeMapRange", up, -0.08, 0.28, 1.0 - 0.8 * city, 1.0)
    sky = tree.vector("SCALE", sky, around)
    if not any(light.sun):
        return sky
    glint = tree.vector("DOT_PRODUCT", seen, tuple(map(float, sun)))
    glint = next(socket for socket in glint.node.outputs if socket.name == "Value")
    lobe = tree.math("POWER", tree.math("MAXIMUM", glint, 0.0), 260.0)
    return tree.vector(
        "ADD", sky, tree.vector("SCALE", tuple(7.0 * part for part in light.scene(light.sun)), lobe)
    )


def mirror_share(tree: Tree, normal: Socket, incoming: Socket, least: float, power: float = 5.0) -> Socket:
    """Return how much glass or water mirrors in the direction it is seen from (Schlick 1994)."""
    facing = tree.vector("DOT_PRODUCT", normal, incoming)
    facing = next(socket for socket in facing.node.outputs if socket.name == "Value")
    grazing = tree.math("POWER", tree.math("SUBTRACT", 1.0, tree.math("MAXIMUM", facing, 0.0)), power)
    return tree.math("MULTIPLY_ADD", grazing, 1.0 - least, least)


def set_lamplit(material: bpy.types.Material, tree: Tree, light: Light, colour: Socket, share: Value) -> None:
    """Let a rough colour be the material's surface, lit at night by a share of the street lamps' light.

    The lamps are too many to be traced: what they give is added as an emission of the surface.
    """
    closure = matte_closure(tree, colour)
    if light.lamps > 0:
        lit = tree.vector("SCALE", tree.vector("MULTIPLY", colour, lamplight(light)), share)
        closure = both(tree, closure, tree.out("ShaderNodeEmission", lit, 1.0))
        material.cycles.emission_sampling = "NONE"
    set_surface(tree, closure)


def both(tree: Tree, first: Socket, second: Socket) -> Socket:
    """Return two closures on one surface."""
    return tree.out("ShaderNodeAddShader", first, second)


def _all(tree: Tree, *tests: Socket) -> Socket:
    """Return the product of numbers."""
    result = tests[0]
    for test in tests[1:]:
        result = tree.math("MULTIPLY", result, test)
    return result


def _identity(tree: Tree) -> tuple[Socket, Socket, Socket]:
    """Return a number of the house in 0..1, the height its windows reach, its wall's length; metres."""
    wall = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name="wall").outputs["Vector"]
    house, top, length = tree.separate(wall)
    person = of_instance(tree, "person", "Fac")
    own = tree.math("FRACT", tree.math("MULTIPLY_ADD", house, 5.37, person))
    return own, top, length


def _place_on_wall(tree: Tree, length: Socket, top: Socket) -> tuple[Socket, Socket, Socket, Socket]:
    """Return where on its wall a place is: share of its length, metres up, its length, its windows' top."""
    uv = tree.tree.nodes.new("ShaderNodeUVMap").outputs["UV"]
    share, up, _ = tree.separate(uv)
    wide, _, tall = tree.separate(of_instance(tree, "size", "Vector"))
    return (
        share,
        tree.math("MULTIPLY", up, tall),
        tree.math("MULTIPLY", length, wide),
        tree.math("MULTIPLY", top, tall),
    )


def _within(tree: Tree, value: Socket, middle: Value, half: Value) -> Socket:
    """Tell whether a number lies no further than `half` from the middle."""
    return tree.math("LESS_THAN", tree.math("ABSOLUTE", tree.math("SUBTRACT", value, middle)), half)


def _lit_windows(
    tree: Tree, light: Light, cell: Socket, share: Value, candela: float, colours: Sequence[Colour]
) -> Socket:
    """Return the light of a window whose cell is a vector of whole numbers: on or off, warm or cool."""
    noise = tree.add("ShaderNodeTexWhiteNoise", cell, noise_dimensions="3D")
    first = noise.outputs["Value"]
    on = tree.math("LESS_THAN", first, share)
    red, green, _ = tree.separate(noise.outputs["Color"])
    colour = pick(tree, red, colours)
    # Curtains and the depth of rooms: no two shine alike.
    strength = tree.math("MULTIPLY", on, tree.math("MULTIPLY_ADD", tree.math("POWER", green, 2.0), 1.3, 0.2))
    return tree.vector("SCALE", tree.vector("MULTIPLY", colour, shining(light, candela)), strength)


def facade(name: str, light: Light) -> bpy.types.Material:
    """Return plastered, brick or concrete walls with windows, storey by storey; shops on the ground floor."""
    material, tree = new_shader(name)
    own, top, length = _identity(tree)
    share, up, length, top = _place_on_wall(tree, length, top)
    numbers = [fraction(tree, own, times) for times in (13.71, 29.3, 57.9, 91.3)]
    axis = tree.math("MULTIPLY_ADD", numbers[0], 1.5, 1.7)
    axes = tree.math("MAXIMUM", tree.math("ROUND", tree.math("DIVIDE", length, axis)), 1.0)
    across = tree.math("MULTIPLY", share, axes)
    storey = tree.math("DIVIDE", up, STOREY)
    column, row = tree.math("FLOOR", across), tree.math("FLOOR", storey)
    within_column, within_row = tree.math("FRACT", across), tree.math("FRACT", storey)
    # A fifth of the houses has windows from wall to wall.
    half = tree.math("MULTIPLY_ADD", numbers[1], 0.12, 0.2)
    half = tree.math("MAXIMUM", half, tree.math("MULTIPLY", tree.math("GREATER_THAN", numbers[1], 0.8), 0.6))
    tall = tree.math("MULTIPLY_ADD", numbers[2], 0.07, 0.2)
    ground = tree.math("LESS_THAN", storey, 1.0)
    half = tree.math("MAXIMUM", half, tree.math("MULTIPLY", ground, 0.38))
    tall = tree.math("MULTIPLY_ADD", ground, 0.08, tall)
    window = _all(
        tree,
        _within(tree, within_column, 0.5, half),
        _within(tree, within_row, 0.55, tall),
        tree.math("LESS_THAN", up, top),
    )
    mean = _all(
        tree, tree.math("MINIMUM", tree.math("MULTIPLY", half, 2.0), 1.0), tree.math("MULTIPLY", tall, 2.0),
        tree.math("GREATER_THAN", top, 0.5),
    )  # fmt: skip
    far = distance_share(tree, _NEAR, _FAR)
    window = tree.math("MULTIPLY_ADD", far, tree.math("SUBTRACT", mean, window), window)
    wall = pick(tree, own, WALLS)
    # A ledge under each storey, a darker base, weather on the wall.
    shade = tree.math("MULTIPLY_ADD", tree.math("LESS_THAN", within_row, 0.07), -0.14, 1.0)
    shade = tree.math("MULTIPLY", shade, tree.math("MULTIPLY_ADD", ground, -0.16, 1.0))
    shade = tree.math("MULTIPLY", shade, tree.math("MULTIPLY_ADD", numbers[3], 0.34, 0.78))
    wall = tree.vector("SCALE", wall, shade)
    geometry = tree.tree.nodes.new("ShaderNodeNewGeometry")
    normal, incoming = geometry.outputs["Normal"], geometry.outputs["Incoming"]
    mirror = mirrored_sky(tree, light, normal, incoming, 0.75)
    seen = tree.math("MULTIPLY", window, mirror_share(tree, normal, incoming, 0.06, 4.0))
    shine = tree.vector("SCALE", mirror, seen)
    if light.lamps > 0:
        cell = tree.combine(column, row, tree.math("MULTIPLY_ADD", own, 613.0, length))
        often = tree.math("MULTIPLY_ADD", numbers[3], 0.34, 0.10)
        often = tree.math("MULTIPLY_ADD", ground, 0.25, often)
        lit = _lit_windows(tree, light, cell, often, WINDOW, _HOMES)
        shine = tree.vector("ADD", shine, tree.vector("SCALE", lit, window))
        # The lamps of the street light the lowest storeys.
        spill = tree.math("POWER", 2.0, tree.math("MULTIPLY", up, -0.2))
        spill = tree.math("MULTIPLY", tree.math("SUBTRACT", 1.0, window), spill)
        lamps = tree.vector("MULTIPLY", tree.vector("SCALE", wall, spill), lamplight(light))
        shine = tree.vector("ADD", shine, lamps)
    colour = blended(tree, window, wall, (0.028, 0.032, 0.038))
    set_surface(tree, both(tree, matte_closure(tree, colour), tree.out("ShaderNodeEmission", shine, 1.0)))
    material.cycles.emission_sampling = "NONE"
    return material


def glass_front(name: str, light: Light) -> bpy.types.Material:
    """Return a curtain wall: panes that each mirror the sky a little differently, a spandrel each storey."""
    material, tree = new_shader(name)
    own, top, length = _identity(tree)
    share, up, length, top = _place_on_wall(tree, length, top)
    numbers = [fraction(tree, own, times) for times in (17.3, 41.9, 83.1)]
    axes = tree.math("MAXIMUM", tree.math("ROUND", tree.math("DIVIDE", length, 1.5)), 1.0)
    across, storey = tree.math("MULTIPLY", share, axes), tree.math("DIVIDE", up, STOREY)
    column, row = tree.math("FLOOR", across), tree.math("FLOOR", storey)
    spandrel = tree.math(
        "LESS_THAN", tree.math("FRACT", storey), tree.math("MULTIPLY_ADD", numbers[0], 0.2, 0.1)
    )
    frame = _within(tree, tree.math("FRACT", across), 0.0, tree.math("MULTIPLY_ADD", numbers[1], 0.09, 0.03))
    far = distance_share(tree, _NEAR, _FAR)
    solid = tree.math("MAXIMUM", spandrel, frame)
    solid = tree.math("MULTIPLY_ADD", far, tree.math("SUBTRACT", 0.24, solid), solid)
    tint = pick(tree, numbers[2], GLASS)
    glass = tree.vector("SCALE", tint, 0.045)
    metal = tree.vector("SCALE", pick(tree, numbers[1], WALLS), 0.5)
    geometry = tree.tree.nodes.new("ShaderNodeNewGeometry")
    normal, incoming = geometry.outputs["Normal"], geometry.outputs["Incoming"]
    pane = tree.add("ShaderNodeTexWhiteNoise", tree.combine(column, row, own), noise_dimensions="3D")
    tilt = tree.vector("SUBTRACT", pane.outputs["Color"], (0.5, 0.5, 0.5))
    tilted = tree.vector("NORMALIZE", tree.vector("ADD", normal, tree.vector("SCALE", tilt, 0.045)))
    mirror = tree.vector("MULTIPLY", mirrored_sky(tree, light, tilted, incoming, 0.7), tint)
    seen = tree.math(
        "MULTIPLY", mirror_share(tree, normal, incoming, 0.3, 3.0), tree.math("SUBTRACT", 1.0, solid)
    )
    seen = tree.math("MULTIPLY_ADD", solid, 0.06, seen)
    shine = tree.vector("SCALE", mirror, seen)
    if light.lamps > 0:
        # Offices are lit by the room: a few panes wide.
        cell = tree.combine(
            tree.math("FLOOR", tree.math("DIVIDE", column, 4.0)), row, tree.math("MULTIPLY", own, 977.0)
        )
        often = tree.math("MULTIPLY_ADD", numbers[0], 0.35, 0.12)
        lit = _lit_windows(tree, light, cell, often, 0.8 * WINDOW, _OFFICES)
        shine = tree.vector("ADD", shine, tree.vector("SCALE", lit, tree.math("SUBTRACT", 1.0, solid)))
    colour = blended(tree, solid, glass, metal)
    set_surface(tree, both(tree, matte_closure(tree, colour), tree.out("ShaderNodeEmission", shine, 1.0)))
    material.cycles.emission_sampling = "NONE"
    return material


def roof(name: str, colours: Sequence[Colour], grain: float) -> bpy.types.Material:
    """Return roofs, each of its own colour; `grain` is how many patches a metre has."""
    material, tree = new_shader(name)
    own, _, _ = _identity(tree)
    colour = pick(tree, fraction(tree, own, 7.7), colours)
    position = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    noise = tree.add("ShaderNodeTexNoise", named={"Vector": position, "Scale": grain, "Detail": 1.0})
    shade = tree.out("ShaderNodeMapRange", noise.outputs[0], 0.3, 0.7, 0.88, 1.1)
    set_surface(tree, matte_closure(tree, tree.vector("SCALE", colour, shade)))
    return material


def leaves(name: str, light: Light) -> bpy.types.Material:
    """Return leaves: each tree and each lump of it has its own green; gaps in them are dark.

    At night the lamps among which trees stand light their lower half; in the country there are none.
    """
    material, tree = new_shader(name)
    own, _, _ = _identity(tree)
    colour = pick(tree, own, LEAVES)
    geometry = tree.tree.nodes.new("ShaderNodeNewGeometry")
    noise = tree.add(
        "ShaderNodeTexNoise", named={"Vector": geometry.outputs["Position"], "Scale": 1.7, "Detail": 1.5}
    )
    shade = tree.out("ShaderNodeMapRange", noise.outputs[0], 0.32, 0.68, 0.45, 1.5)
    _, _, up = tree.separate(geometry.outputs["Position"])
    away = tree.vector("LENGTH", geometry.outputs["Position"])
    away = next(socket for socket in away.node.outputs if socket.name == "Value")
    lamps = tree.math("POWER", 2.0, tree.math("MULTIPLY", up, -0.16))
    lamps = tree.math("MULTIPLY", lamps, tree.out("ShaderNodeMapRange", away, 2300.0, 3000.0, 1.0, 0.0))
    set_lamplit(material, tree, light, tree.vector("SCALE", colour, shade), lamps)
    return material


def paint(name: str, colours: Sequence[Colour], light: Light) -> bpy.types.Material:
    """Return the paint of vehicles, picked by the instance's `person`, with a gloss of sky."""
    material, tree = new_shader(name)
    colour = pick(tree, of_instance(tree, "person", "Fac"), colours)
    geometry = tree.tree.nodes.new("ShaderNodeNewGeometry")
    normal, incoming = geometry.outputs["Normal"], geometry.outputs["Incoming"]
    mirror = mirrored_sky(tree, light, normal, incoming, 0.5)
    shine = tree.vector(
        "SCALE", mirror, tree.math("MULTIPLY", mirror_share(tree, normal, incoming, 0.08), 0.5)
    )
    set_surface(tree, both(tree, matte_closure(tree, colour), tree.out("ShaderNodeEmission", shine, 1.0)))
    material.cycles.emission_sampling = "NONE"
    return material


def lamp(name: str, light: Light, candela: float, colour: Colour, off: Colour) -> bpy.types.Material:
    """Return what shines when the lamps are on, in candela a square metre, and has a colour when not."""
    material, tree = new_shader(name)
    closure = matte_closure(tree, (*off, 1.0))
    if light.lamps > 0:
        strength = shining(light, candela, colour)
        closure = both(tree, closure, tree.out("ShaderNodeEmission", (*strength, 1.0), 1.0))
    set_surface(tree, closure)
    material.cycles.emission_sampling = "NONE"
    return material
