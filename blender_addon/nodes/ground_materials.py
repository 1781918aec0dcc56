"""Shaders of the ground: roads with their markings, plaza, parks, car parks, country, water."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import bpy

from ...kernels.city import Lot
from ...kernels.city_site import CARRIAGEWAY, LANE, LANES, MEDIAN, Road
from ...kernels.city_traffic import BAY, BAY_ROWS
from .city_materials import (
    STREET_LUX,
    blended,
    both,
    distance_share,
    lamplight,
    mirror_share,
    mirrored_sky,
    set_lamplit,
    shining,
)
from .shading import Colour, matte_closure, new_shader, set_surface
from .tree import Socket, Tree, Value

if TYPE_CHECKING:
    from ..light import Light

ASPHALT: Colour = (0.062, 0.062, 0.064)
GRASS: Colour = (0.075, 0.115, 0.032)
DRY_GRASS: Colour = (0.135, 0.135, 0.055)
_PAINT: Colour = (0.62, 0.62, 0.60)
#: Candela a square metre of the ribbons that traffic draws from afar.
RIBBON = 70.0


def _uv(tree: Tree) -> tuple[Socket, Socket]:
    across, along, _ = tree.separate(tree.tree.nodes.new("ShaderNodeUVMap").outputs["UV"])
    return across, along


def _near(tree: Tree, value: Socket, middle: Value, half: float) -> Socket:
    return tree.math("LESS_THAN", tree.math("ABSOLUTE", tree.math("SUBTRACT", value, middle)), half)


def _either(tree: Tree, *tests: Socket) -> Socket:
    result = tests[0]
    for test in tests[1:]:
        result = tree.math("MAXIMUM", result, test)
    return result


def _noise(tree: Tree, scale: float, low: float, high: float, detail: float = 2.0) -> Socket:
    """Return noise over the ground, spread to `low`..`high`; `scale` in patches a metre."""
    position = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    noise = tree.add("ShaderNodeTexNoise", named={"Vector": position, "Scale": scale, "Detail": detail})
    return tree.out("ShaderNodeMapRange", noise.outputs[0], 0.3, 0.7, low, high)


def _grass(tree: Tree) -> Socket:
    return blended(tree, _noise(tree, 0.05, 0.0, 1.0, 4.0), GRASS, DRY_GRASS)


def road(kind: Road, light: Light) -> bpy.types.Material:
    """Return a road whose UVs are metres to the left of its middle, and along it.

    At night its lamps draw pools on it, and from afar its traffic is two ribbons: the lane that comes is
    pale, the one that goes is red.
    """
    material, tree = new_shader(f"Road {kind.name.title()}")
    across, along = _uv(tree)
    beside = tree.math("ABSOLUTE", across)
    median, lanes, edge = MEDIAN[kind], LANES[kind], CARRIAGEWAY[kind]
    dashed = tree.math("LESS_THAN", tree.math("FRACT", tree.math("MULTIPLY", along, 1 / 9.0)), 0.36)
    lines = [_near(tree, beside, edge - 0.25, 0.08)]
    if median:
        lines.append(_near(tree, beside, median + 0.1, 0.08))
    else:
        lines.append(tree.math("MULTIPLY", dashed, _near(tree, beside, 0.0, 0.07)))
    for lane in range(1, lanes):
        lines.append(tree.math("MULTIPLY", dashed, _near(tree, beside, median + lane * LANE, 0.07)))
    worn = tree.math("SUBTRACT", 0.8, distance_share(tree, 150.0, 900.0))
    painted = tree.math("MULTIPLY", _either(tree, *lines), tree.math("MAXIMUM", worn, 0.0))
    surface = tree.vector("SCALE", ASPHALT, _noise(tree, 0.11, 0.82, 1.25, 3.0))
    # Tyres polish two tracks in each lane.
    if median:
        within = tree.math("FRACT", tree.math("MULTIPLY", tree.math("SUBTRACT", beside, median), 1 / LANE))
        track = tree.math(
            "ABSOLUTE", tree.math("SUBTRACT", tree.math("ABSOLUTE", tree.math("SUBTRACT", within, 0.5)), 0.24)
        )
        surface = tree.vector("SCALE", surface, tree.out("ShaderNodeMapRange", track, 0.0, 0.16, 1.14, 0.96))
    colour = blended(tree, painted, surface, _PAINT)
    if median:
        colour = blended(tree, tree.math("LESS_THAN", beside, median - 0.2), colour, GRASS)
    closure = matte_closure(tree, colour)
    if light.lamps > 0:
        shine = _road_at_night(tree, light, kind, surface, across, beside, along)
        closure = both(tree, closure, tree.out("ShaderNodeEmission", shine, 1.0))
        material.cycles.emission_sampling = "NONE"
    set_surface(tree, closure)
    return material


def _road_at_night(
    tree: Tree, light: Light, kind: Road, colour: Socket, across: Socket, beside: Socket, along: Socket
) -> Socket:
    step = tree.math("SUBTRACT", tree.math("FRACT", tree.math("MULTIPLY", along, 1 / 34.0)), 0.5)
    pool = tree.math("MULTIPLY_ADD", tree.math("ABSOLUTE", step), -1.5, 1.0)
    # Asphalt, polished by tyres, throws lamplight forward: it looks brighter than its colour.
    lamps = lamplight(light, (1.6 if kind == Road.STREET else 3.0) * STREET_LUX)
    shine = tree.vector("SCALE", tree.vector("MULTIPLY", colour, lamps), pool)
    if kind == Road.STREET:
        return shine
    forward = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name="forward").outputs[
        "Vector"
    ]
    incoming = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Incoming"]
    towards = tree.vector("DOT_PRODUCT", forward, incoming)
    towards = next(socket for socket in towards.node.outputs if socket.name == "Value")
    # Who drives forward keeps right of the middle.
    comes = tree.math("LESS_THAN", tree.math("MULTIPLY", towards, across), 0.0)
    lane = tree.math("FRACT", tree.math("MULTIPLY", tree.math("SUBTRACT", beside, MEDIAN[kind]), 1 / LANE))
    on = tree.math("MULTIPLY", _near(tree, lane, 0.5, 0.27), tree.math("GREATER_THAN", beside, MEDIAN[kind]))
    swell = tree.math("MULTIPLY_ADD", tree.math("SINE", tree.math("MULTIPLY", along, 0.021)), 0.35, 0.65)
    strength = tree.math("MULTIPLY", tree.math("MULTIPLY", on, swell), distance_share(tree, 500.0, 1600.0))
    pale, red = shining(light, RIBBON, (1.0, 0.86, 0.66)), shining(light, 0.45 * RIBBON, (1.0, 0.07, 0.03))
    ribbon = tree.vector("SCALE", blended(tree, comes, red, pale), strength)
    return tree.vector("ADD", shine, ribbon)


def pavement(name: str, light: Light) -> bpy.types.Material:
    """Return pavements: slabs, weathered, and dimly lit at night."""
    material, tree = new_shader(name)
    colour = tree.vector("SCALE", (0.27, 0.26, 0.245), _noise(tree, 0.09, 0.78, 1.15, 3.0))
    set_lamplit(material, tree, light, colour, 0.5)
    return material


def plaza(name: str, light: Light, bays: int) -> bpy.types.Material:
    """Return the plaza: its UVs are the share of the way around and the metres behind the arena's edge.

    Rings of pale and dark stone every nine metres, and rays that lead to the stadium's gates.
    """
    material, tree = new_shader(name)
    around, depth = _uv(tree)
    ring = tree.math("LESS_THAN", tree.math("FRACT", tree.math("MULTIPLY", depth, 1 / 9.0)), 0.16)
    ray = _near(tree, tree.math("FRACT", tree.math("MULTIPLY_ADD", around, float(bays), 0.5)), 0.5, 0.035)
    fine = tree.math("FRACT", tree.math("MULTIPLY", around, 4.0 * bays))
    field = tree.math("LESS_THAN", tree.math("ABSOLUTE", tree.math("SUBTRACT", fine, 0.5)), 0.25)
    band = tree.math("FRACT", tree.math("MULTIPLY", depth, 1 / 18.0))
    field = tree.math("MULTIPLY", field, tree.math("GREATER_THAN", band, 0.5))
    colour = blended(tree, field, (0.29, 0.265, 0.232), (0.25, 0.23, 0.205))
    colour = blended(tree, _either(tree, ring, ray), colour, (0.38, 0.355, 0.32))
    colour = tree.vector("SCALE", colour, _noise(tree, 0.06, 0.80, 1.16, 4.0))
    # Pools under lamps in rings, every 26 metres behind the edge and in every fourth bay.
    pools = [
        tree.math("POWER", tree.math("ABSOLUTE", tree.math("SINE", tree.math("MULTIPLY", value, times))), 1.5)
        for value, times in ((depth, math.pi / 26.0), (around, math.pi * bays / 4))
    ]
    pool = tree.math("MULTIPLY_ADD", tree.math("MULTIPLY", *pools), 0.6, 0.4)
    set_lamplit(material, tree, light, colour, pool)
    return material


def lawn(name: str, light: Light) -> bpy.types.Material:
    """Return grass that is here greener, there drier."""
    material, tree = new_shader(name)
    set_lamplit(material, tree, light, _grass(tree), 0.4)
    return material


def lots(name: str, light: Light) -> bpy.types.Material:
    """Return the ground of blocks by the face's attribute `kind`; UVs are metres from the block's middle."""
    material, tree = new_shader(name)
    along, across = _uv(tree)
    kind = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name="kind").outputs["Fac"]
    grass = _grass(tree)
    grain = _noise(tree, 0.14, 0.75, 1.25, 2.0)
    court = tree.vector("SCALE", (0.20, 0.19, 0.175), grain)
    path = tree.math(
        "SUBTRACT",
        across,
        tree.math("MULTIPLY", tree.math("SINE", tree.math("MULTIPLY", along, 1 / 14)), 6.0),
    )
    park = blended(tree, _near(tree, path, 0.0, 1.6), grass, (0.36, 0.30, 0.22))
    marked = [
        tree.math(
            "MULTIPLY",
            _near(tree, across, row, BAY[1] / 2),
            _near(tree, tree.math("FRACT", tree.math("MULTIPLY_ADD", along, 1 / BAY[0], 0.0)), 0.0, 0.045),
        )
        for row in BAY_ROWS
    ]
    asphalt = tree.vector("SCALE", (0.085, 0.085, 0.085), grain)
    worn = tree.math("SUBTRACT", 0.75, distance_share(tree, 120.0, 700.0))
    lined = tree.math("MULTIPLY", _either(tree, *marked), tree.math("MAXIMUM", worn, 0.0))
    parking = blended(tree, lined, asphalt, _PAINT)
    gardens = blended(tree, tree.math("LESS_THAN", tree.math("ABSOLUTE", across), 1.2), grass, court)
    colour = court
    for lot, ground in ((Lot.PARK, park), (Lot.PARKING, parking), (Lot.LAWN, grass), (Lot.GARDENS, gardens)):
        colour = blended(tree, _near(tree, kind, float(lot), 0.25), colour, ground)
    set_lamplit(material, tree, light, colour, 0.35)
    return material


def country(name: str, light: Light, city_reach: float, verge: Colour) -> bpy.types.Material:
    """Return the open ground: verges within the city's reach, fields beyond, forest up the hills."""
    material, tree = new_shader(name)
    position = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    x, y, z = tree.separate(position)
    away = tree.math("SQRT", tree.math("ADD", tree.math("POWER", x, 2.0), tree.math("POWER", y, 2.0)))
    outside = tree.out("ShaderNodeMapRange", away, city_reach - 300.0, city_reach + 200.0)
    town = blended(tree, _noise(tree, 0.035, 0.0, 1.0, 4.0), verge, GRASS)
    cells = tree.add(
        "ShaderNodeTexVoronoi", named={"Vector": position, "Scale": 1 / 210.0}, voronoi_dimensions="2D"
    )
    red, green, _ = tree.separate(cells.outputs["Color"])
    field = blended(tree, red, (0.105, 0.115, 0.035), (0.19, 0.155, 0.075))
    field = blended(tree, tree.math("GREATER_THAN", green, 0.6), field, (0.062, 0.090, 0.026))
    wood = _noise(tree, 1 / 620.0, 0.0, 1.0, 5.0)
    high = tree.out("ShaderNodeMapRange", z, 5.0, 90.0, 0.0, 0.75)
    forest = tree.out("ShaderNodeMapRange", tree.math("ADD", wood, high), 0.72, 0.80)
    trees = tree.vector("SCALE", (0.044, 0.060, 0.026), _noise(tree, 1 / 16.0, 0.55, 1.4, 2.0))
    land = blended(tree, forest, field, trees)
    lamps = tree.math("MULTIPLY_ADD", outside, -0.3, 0.3)
    set_lamplit(material, tree, light, blended(tree, outside, town, land), lamps)
    return material


def water(name: str, light: Light) -> bpy.types.Material:
    """Return a river: deep green-blue, with the sky mirrored by small waves."""
    material, tree = new_shader(name)
    geometry = tree.tree.nodes.new("ShaderNodeNewGeometry")
    noise = tree.add(
        "ShaderNodeTexNoise", named={"Vector": geometry.outputs["Position"], "Scale": 0.16, "Detail": 3.0}
    )
    ripple = tree.vector("SUBTRACT", noise.outputs["Color"], (0.5, 0.5, 0.5))
    normal = tree.vector(
        "NORMALIZE", tree.vector("ADD", (0.0, 0.0, 1.0), tree.vector("MULTIPLY", ripple, (0.22, 0.22, 0.0)))
    )
    mirror = mirrored_sky(tree, light, normal, geometry.outputs["Incoming"], 0.35)
    seen = mirror_share(tree, normal, geometry.outputs["Incoming"], 0.05)
    depth = blended(tree, _noise(tree, 0.006, 0.0, 1.0, 2.0), (0.014, 0.034, 0.036), (0.026, 0.044, 0.036))
    emission = tree.out("ShaderNodeEmission", tree.vector("SCALE", mirror, seen), 1.0)
    set_surface(tree, both(tree, matte_closure(tree, depth), emission))
    material.cycles.emission_sampling = "NONE"
    return material
