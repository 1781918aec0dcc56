"""Light shows: what shines or flies, placed by three layers of a float data texture (`kernels.particles`).

Sparks, lamps, beams and lasers are flat strips that turn about their length towards the camera: each costs a
ray one surface, and its shader knows how far from the middle of the light the ray passed.
"""

from __future__ import annotations

import bpy

from ...kernels.particles import LAYERS
from .clock import key_now
from .shading import matte_closure, new_shader, of_instance, set_surface
from .tree import Socket, Tree, enclosed, sample_texture

#: Attributes of the instances: colour times strength; (own number, other number, length in radii).
SHINE, SHAPE = "shine", "shape"
#: Attribute of a strip's mesh: where on it a point is, across and along.
ON_STRIP = "on_strip"
_LEAST_REACH = 1e-4
#: Share of a beam's last radius that is added to its width: else it would shine without end at the lamp.
_BRIGHT = 0.1
_TAKEN, _HOT = 1.8, 6.0


class _Read:
    """What the texture says of the pieces that are there: a geometry of points, and fields."""

    def __init__(self, tree: Tree, clock: bpy.types.NodeTree) -> None:
        source = tree.group_input().outputs
        key = tree.out("FunctionNodeFloatToInt", key_now(tree, clock), rounding_mode="ROUND")
        address = tree.attribute("address", "FLOAT_VECTOR")
        values: list[tuple[str, Socket]] = []
        for layer in range(LAYERS):
            colour, alpha = sample_texture(tree, source["State Texture"], address, key, layer, LAYERS)
            values += [("RGBA" if layer == 1 else "VECTOR", colour), ("FLOAT", alpha)]
        node = tree.add("GeometryNodeCaptureAttribute", source["Geometry"])
        node.capture_items.clear()
        for number, (kind, _) in enumerate(values):
            node.capture_items.new(kind, f"Value {number}")
        for number, (_, value) in enumerate(values):
            tree.feed(node.inputs[f"Value {number}"], value)
        read = [node.outputs[f"Value {number}"] for number in range(len(values))]
        self.place, self.size, self.colour, self.own, self.reach, self.other = read
        nowhere = tree.math("LESS_THAN", self.size, 1e-6)
        some = tree.out("GeometryNodeDeleteGeometry", node.outputs["Geometry"], nowhere, domain="POINT")
        self.points = tree.out("GeometryNodeMeshToPoints", some, named={"Position": self.place})
        self.points = tree.out("GeometryNodeRemoveAttribute", self.points, named={"Name": "address"})
        #: Without a file to show, nothing of all this is worked out.
        self.any = tree.math("GREATER_THAN", key_now(tree, clock), 0.5)


def _begin(name: str, image: bpy.types.Image, least_pixels: float = 0.0, picture_width: int = 0) -> Tree:
    tree = Tree.geometry(name)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("State Texture", "NodeSocketImage", default=image)
    if picture_width:
        tree.interface("Least Pixels", "NodeSocketFloat", default=least_pixels)
        tree.interface("Picture Width", "NodeSocketFloat", default=float(picture_width))
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    return tree


def _finish(tree: Tree, read: _Read, instances: Socket) -> bpy.types.NodeTree:
    return enclosed(
        tree.finish(tree.out("GeometryNodeSwitch", read.any, None, instances, input_type="GEOMETRY"))
    )


def build_strips(
    name: str,
    image: bpy.types.Image,
    strip: bpy.types.Object,
    clock: bpy.types.NodeTree,
    least_pixels: float = 0.0,
    picture_width: int = 1920,
    *,
    round_ends: bool = True,
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a spark, lamp or beam, which carries `address`.

    Parameters
    ----------
    strip : bpy.types.Object
        A flat square: x from -1 to 1 across, y from 0 to 1 along; its normal is z.
    least_pixels : float
        Radius in the picture below which nothing shrinks as it is farther off: it dims instead, as what is
        small does in a lens. An input of the tree, as the picture's width in pixels is.
    round_ends : bool
        Whether strips go on for a radius beyond both ends.
    """
    tree = _begin(name, image, least_pixels, picture_width)
    read = _Read(tree, clock)
    to_camera = _to_camera(tree, read.place)
    radius = tree.math("MAXIMUM", read.size, _least_size(tree, to_camera))
    length = tree.vector("LENGTH", read.reach)
    # What reaches nowhere is a disc that faces the camera, upright in the picture.
    across = tree.vector("CROSS_PRODUCT", to_camera, (0.0, 0.0, 1.0))
    upright = tree.vector("CROSS_PRODUCT", across, to_camera)
    reaching = tree.math("GREATER_THAN", length, _LEAST_REACH)
    along = tree.out("GeometryNodeSwitch", reaching, upright, read.reach, input_type="VECTOR")
    turned = tree.out("FunctionNodeAlignRotationToVector", None, 1.0, along, axis="Y")
    turned = tree.out("FunctionNodeAlignRotationToVector", turned, 1.0, to_camera, axis="Z", pivot_axis="Y")
    points, whole = read.points, length
    if round_ends:
        begin = tree.vector("SCALE", tree.vector("NORMALIZE", along), tree.math("MULTIPLY", radius, -1.0))
        points = tree.out("GeometryNodeSetPosition", points, named={"Offset": begin})
        whole = tree.math("MULTIPLY_ADD", radius, 2.0, length)
    shine = tree.vector("SCALE", read.colour, tree.math("DIVIDE", read.size, radius))
    shape = tree.combine(read.own, read.other, tree.math("DIVIDE", length, radius))
    placed = {
        "Instance": tree.instance_of(strip),
        "Rotation": turned,
        "Scale": tree.combine(radius, whole, 1.0),
    }
    # All fields read where the points were, so they are stored and worked out before these move.
    points = tree.store(tree.store(points, SHINE, shine, "FLOAT_COLOR"), SHAPE, shape, "FLOAT_VECTOR")
    return _finish(tree, read, tree.out("GeometryNodeInstanceOnPoints", points, named=placed))


def build_cones(
    name: str, image: bpy.types.Image, cone: bpy.types.Object, clock: bpy.types.NodeTree
) -> bpy.types.NodeTree:
    """Return the modifier's tree for beams with a volume: as `build_strips`, but of a cone about y."""
    tree = _begin(name, image)
    read = _Read(tree, clock)
    turned = tree.out("FunctionNodeAlignRotationToVector", None, 1.0, read.reach, axis="Y")
    length = tree.vector("LENGTH", read.reach)
    points = tree.store(read.points, SHINE, read.colour, "FLOAT_COLOR")
    shape = tree.combine(read.own, read.other, read.size)
    points = tree.store(points, SHAPE, shape, "FLOAT_VECTOR")
    placed = {
        "Instance": tree.instance_of(cone),
        "Rotation": turned,
        "Scale": tree.combine(read.size, length, read.size),
    }
    return _finish(tree, read, tree.out("GeometryNodeInstanceOnPoints", points, named=placed))


def build_paper(
    name: str,
    image: bpy.types.Image,
    piece: bpy.types.Object,
    clock: bpy.types.NodeTree,
    least_pixels: float = 0.0,
    picture_width: int = 1920,
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a piece of paper, which carries `address`.

    What would be shorter in the picture than the least pixels is that long: paper seen from afar is specks.
    """
    tree = _begin(name, image, least_pixels, picture_width)
    read = _Read(tree, clock)
    size = tree.math("MAXIMUM", read.size, _least_size(tree, _to_camera(tree, read.place)))
    placed = {
        "Instance": tree.instance_of(piece),
        "Rotation": tree.out("FunctionNodeEulerToRotation", read.reach),
        "Scale": tree.combine(size, size, size),
    }
    points = tree.store(read.points, SHINE, read.colour, "FLOAT_COLOR")
    return _finish(tree, read, tree.out("GeometryNodeInstanceOnPoints", points, named=placed))


def _to_camera(tree: Tree, place: Socket) -> Socket:
    camera = tree.out("GeometryNodeInputActiveCamera")
    where = tree.add("GeometryNodeObjectInfo", camera, transform_space="RELATIVE").outputs["Location"]
    return tree.vector("SUBTRACT", where, place)


def _least_size(tree: Tree, to_camera: Socket) -> Socket:
    """Return what covers the least pixels at a distance, metres."""
    source = tree.group_input().outputs
    lens = tree.add("GeometryNodeCameraInfo", tree.out("GeometryNodeInputActiveCamera")).outputs
    sensor, _, _ = tree.separate(lens["Sensor"])
    # Metres that a pixel covers at a metre's distance.
    pixel = tree.math("DIVIDE", sensor, tree.math("MULTIPLY", lens["Focal Length"], source["Picture Width"]))
    least = tree.math("MULTIPLY", pixel, source["Least Pixels"])
    return tree.math("MULTIPLY", tree.vector("LENGTH", to_camera), least)


def _on_strip(tree: Tree) -> tuple[Socket, Socket]:
    """Return where on its strip a point is: across, -1 to 1, and along, 0 to 1."""
    node = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name=ON_STRIP)
    across, along, _ = tree.separate(node.outputs["Vector"])
    return across, along


def _added(tree: Tree, material: bpy.types.Material, light: Socket) -> bpy.types.Material:
    """Let a strip add light to what is behind it, and to nothing else."""
    shine = tree.vector("SCALE", of_instance(tree, SHINE, "Color"), light)
    emission = tree.out("ShaderNodeEmission", shine, 1.0)
    clear = tree.out("ShaderNodeBsdfTransparent", (1.0, 1.0, 1.0, 1.0))
    set_surface(tree, tree.out("ShaderNodeAddShader", emission, clear))
    material.cycles.emission_sampling = "NONE"
    material.surface_render_method = "BLENDED"
    return material


def sparks(name: str, strength: float, *, halo: float = 0.0) -> bpy.types.Material:
    """Return what sparks and lamps shine with: bright in the middle, and as soft as a lens shows them.

    Parameters
    ----------
    strength : float
        Radiance in the middle of a spark of strength 1, in the scene's units.
    halo : float
        How much of the light is spread wide about a small, bright middle.
    """
    material, tree = new_shader(name)
    across, along = _on_strip(tree)
    soft, tail, length = tree.separate(of_instance(tree, SHAPE, "Vector"))
    # In radii: how far along from the head, and from the line between head and tail.
    on = tree.math("SUBTRACT", tree.math("MULTIPLY", along, tree.math("ADD", length, 2.0)), 1.0)
    aside = tree.math("MULTIPLY", across, across)
    # Of no length: round. Else a line whose ends are half as bright, so that those that join make one line.
    near = tree.math("SUBTRACT", tree.math("SUBTRACT", 1.0, aside), tree.math("MULTIPLY", on, on))
    ends = (tree.math("ADD", on, 1.0), tree.math("SUBTRACT", tree.math("ADD", length, 1.0), on))
    inside = [tree.out("ShaderNodeMapRange", end, 0.0, 2.0) for end in ends]
    line = tree.math("SUBTRACT", 1.0, aside)
    stretched = tree.out("ShaderNodeMapRange", length, 0.0, 2.0)
    near = tree.math("MAXIMUM", tree.out("ShaderNodeMix", stretched, near, line, data_type="FLOAT"), 0.0)
    light = tree.math("POWER", near, 3.0)
    within = tree.math("MULTIPLY", *inside)
    light = tree.math("MULTIPLY", light, tree.out("ShaderNodeMix", stretched, 1.0, within, data_type="FLOAT"))
    if halo:
        core = tree.math("POWER", near, 30.0)
        light = tree.math("MULTIPLY_ADD", tree.math("MULTIPLY", light, light), halo, core)
    share = tree.math("DIVIDE", on, tree.math("MAXIMUM", length, 1e-3))
    node = tree.add("ShaderNodeMapRange", share, 0.0, 1.0, 1.0, tail)
    light = tree.math("MULTIPLY", light, node.outputs[0])
    # Smoke has no edge, and is uneven.
    smoke = tree.math("MULTIPLY", tree.math("MULTIPLY", near, near), _haze(tree, 0.035, 1.0))
    light = tree.math("MULTIPLY", light, tree.out("ShaderNodeMix", soft, 1.0, smoke, data_type="FLOAT"))
    return _added(tree, material, tree.math("MULTIPLY", light, strength))


def beams(name: str, strength: float, *, haze: float = 0.6) -> bpy.types.Material:
    """Return what beams shine with: soft at their edges, fading as they widen, through uneven haze.

    Parameters
    ----------
    strength : float
        Radiance at the lamp, in the middle of a beam of strength 1, in the scene's units.
    haze : float
        How uneven the haze is, 0 to 1.
    """
    material, tree = new_shader(name)
    across, along = _on_strip(tree)
    lens, in_the_air, _ = tree.separate(of_instance(tree, SHAPE, "Vector"))
    width = tree.out("ShaderNodeMix", along, lens, 1.0, data_type="FLOAT")
    aside = tree.math("DIVIDE", across, width)
    near = tree.math("MAXIMUM", tree.math("SUBTRACT", 1.0, tree.math("MULTIPLY", aside, aside)), 0.0)
    light = tree.math("MULTIPLY", near, near)
    light = tree.math("MULTIPLY", light, _thinning(tree, width, along, lens, in_the_air))
    # On the ground its end is an ellipse, not the edge of a strip.
    ground = tree.add("ShaderNodeMapRange", along, 0.9, 1.0, 1.0, 0.0, interpolation_type="SMOOTHSTEP")
    light = tree.math("MULTIPLY", light, ground.outputs[0])
    if haze:
        light = tree.math("MULTIPLY", light, _haze(tree, 0.03, haze))
    return _added(tree, material, tree.math("MULTIPLY", light, strength))


def _thinning(tree: Tree, width: Socket, along: Socket, lens: Socket, in_the_air: Socket) -> Socket:
    """Return how a beam dims on its way: as it widens, as the haze takes it, and where it ends in the air."""
    spread = tree.math("DIVIDE", tree.math("ADD", lens, _BRIGHT), tree.math("ADD", width, _BRIGHT))
    taken = tree.math("EXPONENT", tree.math("MULTIPLY", along, -_TAKEN))
    end = tree.add("ShaderNodeMapRange", along, 0.35, 1.0, 1.0, 0.0, interpolation_type="SMOOTHSTEP")
    left = tree.out("ShaderNodeMix", in_the_air, 1.0, end.outputs[0], data_type="FLOAT")
    hot = tree.math("EXPONENT", tree.math("MULTIPLY", along, -60.0))
    light = tree.math("MULTIPLY", tree.math("MULTIPLY", spread, taken), left)
    return tree.math("MULTIPLY", light, tree.math("MULTIPLY_ADD", hot, _HOT, 1.0))


def _haze(tree: Tree, scale: float, uneven: float) -> Socket:
    """Return how thick haze is at a place, about 1."""
    place = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    noise = tree.out(
        "ShaderNodeTexNoise", named={"Vector": place, "Scale": scale, "Detail": 1.0, "Roughness": 0.6}
    )
    return tree.out("ShaderNodeMapRange", noise, 0.25, 0.75, 1.0 - 0.8 * uneven, 1.0 + 0.8 * uneven)


def beam_volume(name: str, strength: float) -> bpy.types.Material:
    """Return a beam of light as a volume: `strength` is its radiance a metre of way near the lamp."""
    material, tree = new_shader(name)
    place = tree.tree.nodes.new("ShaderNodeTexCoord").outputs["Object"]
    x, along, z = tree.separate(place)
    lens, in_the_air, _ = tree.separate(of_instance(tree, SHAPE, "Vector"))
    along = tree.math("MAXIMUM", along, 1e-3)
    aside = tree.math("MULTIPLY_ADD", x, x, tree.math("MULTIPLY", z, z))
    aside = tree.math("DIVIDE", aside, tree.math("MULTIPLY", along, along))
    near = tree.math("MAXIMUM", tree.math("SUBTRACT", 1.0, aside), 0.0)
    thin = _thinning(tree, along, along, lens, in_the_air)
    # The light of a cut through the beam spreads over its area.
    spread = tree.math("DIVIDE", tree.math("ADD", lens, _BRIGHT), tree.math("ADD", along, _BRIGHT))
    light = tree.math("MULTIPLY", tree.math("MULTIPLY", near, thin), tree.math("MULTIPLY", spread, strength))
    shine = of_instance(tree, SHINE, "Color")
    end = tree.tree.nodes.new("ShaderNodeOutputMaterial")
    tree.feed(end.inputs["Volume"], tree.out("ShaderNodeEmission", shine, light))
    return material


def paper(name: str) -> bpy.types.Material:
    """Return paper in the colour of its instance, pale on both sides."""
    material, tree = new_shader(name)
    set_surface(tree, matte_closure(tree, of_instance(tree, SHINE, "Color")))
    return material
