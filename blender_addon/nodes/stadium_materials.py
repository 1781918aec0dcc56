"""What a stadium is made of: concrete, seats, stairs, paint, steel, glass."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from .shading import Colour, fraction, matte_closure, new_shader, pick, set_surface
from .tree import Socket, Tree, Value

#: Metres from the camera between which single seats melt into their row's colour: beyond, they would flicker.
_SEATS_NEAR, _SEATS_FAR = 45.0, 140.0


def concrete(name: str, colour: Colour) -> bpy.types.Material:
    """Return bare concrete: stained by rain, and a little different in each pour, by `seat`."""
    material, tree = new_shader(name)
    _, row, block = _seat(tree)
    pour = _chance(tree, tree.combine(tree.math("FLOOR", tree.math("MULTIPLY", row, 0.34)), block, 3.0))
    stains = _noise(tree, 0.35, 3.0)
    streaks = _noise(tree, 2.3, 1.0)
    shade = _sum(tree, 0.78, (pour, 0.14), (stains, 0.22), (streaks, 0.10))
    set_surface(tree, matte_closure(tree, _scaled(tree, colour, shade)))
    return material


def stairs(name: str, colour: Colour, nosing: Colour) -> bpy.types.Material:
    """Return pale steps with painted edges, where `seat` comes to 1."""
    material, tree = new_shader(name)
    edge, row, bound = _seat(tree)
    worn = _chance(tree, tree.combine(row, bound, 5.0))
    shade = _sum(tree, 0.82, (worn, 0.14), (_noise(tree, 1.4, 2.0), 0.16))
    painted = tree.math("GREATER_THAN", edge, 0.84)
    paint = tree.out(
        "ShaderNodeMix", painted, (*colour, 1.0), (*nosing, 1.0), data_type="RGBA", blend_type="MIX"
    )
    set_surface(tree, matte_closure(tree, _scaled(tree, paint, shade)))
    return material


def seats(name: str, colours: Sequence[Colour]) -> bpy.types.Material:
    """Return seats in near hues by block, each a little bleached; between them it is dark.

    `seat` counts seats along the row, rows, with the place on the seat's profile as a share, and blocks.
    """
    material, tree = new_shader(name)
    number, row, block = _seat(tree)
    whole_block = tree.math("ROUND", block)
    hue = _chance(tree, tree.combine(whole_block, 0.0, 7.0))
    colour = pick(tree, hue, colours)
    own = tree.combine(tree.math("FLOOR", number), tree.math("FLOOR", row), whole_block)
    bleached = _chance(tree, own)
    aside = tree.math("ABSOLUTE", tree.math("SUBTRACT", tree.math("FRACT", number), 0.5))
    # Backs are round at their upper corners: the place on the seat's profile comes after the row's point.
    corner = tree.math("MAXIMUM", tree.math("SUBTRACT", tree.math("FRACT", row), 0.62), 0.0)
    edge = tree.math("MULTIPLY_ADD", tree.math("MULTIPLY", corner, corner), -4.5, 0.465)
    gap = tree.out("ShaderNodeMapRange", tree.math("SUBTRACT", aside, edge), -0.02, 0.02, 1.0, 0.2)
    near = _near(tree)
    # As pale on the whole from far as the gaps and seats are together.
    single = tree.math("MULTIPLY", gap, _sum(tree, 0.84, (bleached, 0.32)))
    shade = tree.out("ShaderNodeMix", near, 0.92, single, data_type="FLOAT")
    rows = _chance(tree, tree.combine(tree.math("FLOOR", row), whole_block, 11.0))
    shade = tree.math("MULTIPLY", shade, _sum(tree, 0.90, (rows, 0.12), (_noise(tree, 0.05, 2.0), 0.10)))
    set_surface(tree, matte_closure(tree, _scaled(tree, colour, shade)))
    return material


def painted(name: str, colour: Colour) -> bpy.types.Material:
    """Return a painted wall, a little weathered."""
    material, tree = new_shader(name)
    shade = _sum(tree, 0.86, (_noise(tree, 0.22, 3.0), 0.28))
    set_surface(tree, matte_closure(tree, _scaled(tree, colour, shade)))
    return material


def way_in(name: str, glow: float) -> bpy.types.Material:
    """Return the dark of ways in under the stands, between piers; `wall` counts these along the wall.

    At night lamps are on in there: `glow` is their radiance.
    """
    material, tree = new_shader(name)
    bay, _, _ = tree.separate(_attribute(tree, "wall"))
    aside = tree.math("ABSOLUTE", tree.math("SUBTRACT", tree.math("FRACT", bay), 0.5))
    pier = tree.math("GREATER_THAN", aside, 0.43)
    chance = _chance(tree, tree.combine(tree.math("FLOOR", bay), 0.0, 13.0))
    deep = _scaled(tree, (0.022, 0.022, 0.024), _sum(tree, 0.4, (chance, 1.4)))
    colour = tree.out("ShaderNodeMix", pier, deep, (0.42, 0.41, 0.39, 1.0), data_type="RGBA")
    lit = tree.math(
        "MULTIPLY", tree.math("SUBTRACT", 1.0, pier), _sum(tree, 0.06 * glow, (chance, 0.14 * glow))
    )
    _shine(material, tree, matte_closure(tree, colour), (1.0, 0.78, 0.52, 1.0), lit if glow else 0.0)
    return material


def glazing(name: str, glow: float) -> bpy.types.Material:
    """Return the outer wall behind its slabs: panes over breast panels, and stair towers here and there.

    `wall` counts bays along the wall and storeys up it; the first storey is a hall of tall panes. At night
    some rooms are lit: `glow` is their radiance.
    """
    material, tree = new_shader(name)
    bay, storey, _ = tree.separate(_attribute(tree, "wall"))
    across = tree.math("MULTIPLY", bay, 4.0)
    floor, bay_number = tree.math("FLOOR", storey), tree.math("FLOOR", bay)
    chance = _chance(tree, tree.combine(tree.math("FLOOR", across), floor, 1.0))
    room = _chance(tree, tree.combine(bay_number, floor, 9.0))
    chance_of_room = fraction(tree, room, 29.0)
    inside = tree.math("FRACT", storey)
    hall = tree.math("LESS_THAN", storey, 0.999)
    aside = tree.math("ABSOLUTE", tree.math("SUBTRACT", tree.math("FRACT", across), 0.5))
    frame = tree.math("GREATER_THAN", aside, 0.46)
    transom = tree.math("LESS_THAN", tree.math("ABSOLUTE", tree.math("SUBTRACT", inside, 0.66)), 0.012)
    frame = tree.math("MAXIMUM", frame, transom)
    # What a pane shows of the sky: more of it the higher it is.
    sky = tree.math("MULTIPLY_ADD", inside, 0.5, tree.math("MULTIPLY", chance, 0.35))
    glass = tree.out(
        "ShaderNodeMix", sky, (0.020, 0.028, 0.034, 1.0), (0.11, 0.15, 0.18, 1.0), data_type="RGBA"
    )
    blind = tree.math(
        "MULTIPLY", tree.math("GREATER_THAN", chance, 0.88), tree.math("GREATER_THAN", inside, 0.5)
    )
    glass = tree.out("ShaderNodeMix", blind, glass, (0.34, 0.33, 0.30, 1.0), data_type="RGBA")
    window = tree.out("ShaderNodeMix", frame, glass, (0.24, 0.25, 0.26, 1.0), data_type="RGBA")
    breast = tree.math("LESS_THAN", inside, 0.30)
    tower = tree.math("LESS_THAN", tree.math("MODULO", tree.math("ADD", bay_number, 5.0), 12.0), 0.5)
    slit = tree.math(
        "LESS_THAN", tree.math("ABSOLUTE", tree.math("SUBTRACT", tree.math("FRACT", bay), 0.5)), 0.07
    )
    shut = tree.math("MULTIPLY", tower, tree.math("SUBTRACT", 1.0, slit))
    shut = tree.math("MULTIPLY", tree.math("MAXIMUM", breast, shut), tree.math("SUBTRACT", 1.0, hall))
    panel = _scaled(tree, (0.40, 0.39, 0.37), _sum(tree, 0.86, (_noise(tree, 0.3, 2.0), 0.28)))
    colour = tree.out("ShaderNodeMix", shut, window, panel, data_type="RGBA")
    # Rooms differ in what is lit and how warm; light falls from the ceiling on who and what is inside.
    lit = tree.math("GREATER_THAN", tree.math("MULTIPLY_ADD", hall, 0.5, room), 0.42)
    open_ = tree.math("SUBTRACT", 1.0, tree.math("MAXIMUM", shut, frame))
    things = tree.out("ShaderNodeMapRange", _noise(tree, 0.9, 1.0), 0.35, 0.65, 0.35, 1.0)
    falls = tree.math("MULTIPLY", tree.math("MULTIPLY_ADD", inside, 0.75, 0.25), things)
    bright = tree.math("MULTIPLY_ADD", tree.math("POWER", chance_of_room, 2.0), 0.55 * glow, 0.12 * glow)
    strength = tree.math("MULTIPLY", tree.math("MULTIPLY", lit, open_), tree.math("MULTIPLY", falls, bright))
    warmth = tree.out(
        "ShaderNodeMix", chance_of_room, (1.0, 0.70, 0.42, 1.0), (0.95, 0.92, 0.86, 1.0), data_type="RGBA"
    )
    _shine(material, tree, matte_closure(tree, colour), warmth, strength if glow else 0.0)
    return material


def _shine(material: bpy.types.Material, tree: Tree, closure: Socket, colour: Value, strength: Value) -> None:
    if strength:
        light = tree.out("ShaderNodeEmission", colour, strength)
        closure = tree.out("ShaderNodeAddShader", closure, light)
    set_surface(tree, closure)
    material.cycles.emission_sampling = "NONE"


def _attribute(tree: Tree, name: str) -> Socket:
    node = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name=name)
    return node.outputs["Vector"]


def _seat(tree: Tree) -> tuple[Socket, Socket, Socket]:
    return tree.separate(_attribute(tree, "seat"))


def _chance(tree: Tree, key: Socket) -> Socket:
    """Return a number in 0..1 that is a whole key's own."""
    return tree.out("ShaderNodeTexWhiteNoise", key, noise_dimensions="3D")


def _noise(tree: Tree, scale: float, detail: float) -> Socket:
    position = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    named = {"Vector": position, "Scale": scale, "Detail": detail}
    return tree.add("ShaderNodeTexNoise", named=named).outputs[0]


def _near(tree: Tree) -> Socket:
    """Return 1 near the camera, 0 far from it."""
    distance = tree.tree.nodes.new("ShaderNodeCameraData").outputs["View Distance"]
    return tree.out("ShaderNodeMapRange", distance, _SEATS_NEAR, _SEATS_FAR, 1.0, 0.0)


def _sum(tree: Tree, base: float, *parts: tuple[Socket, float]) -> Socket:
    result: Value = base
    for value, weight in parts:
        result = tree.math("MULTIPLY_ADD", value, weight, result)
    return result


def _scaled(tree: Tree, colour: Value, shade: Socket) -> Socket:
    return tree.vector("SCALE", colour, shade)
