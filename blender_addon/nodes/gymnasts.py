"""A troupe on the field: baked poses placed by three layers of a float data texture.

Each person is an instance of one of thousands of small meshes: a pose of a strip, of a body, in a detail that
fits their height in the picture. What Blender spends on a frame grows with the meshes that are at hand, about
two millionths of a second each, so they come in chapters, and only those that somebody needs are at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import bpy

from ..pose_meshes import FAR_BODIES, POSES
from .clock import key_now
from .tree import Socket, Tree, Value, enclosed, sample_texture

#: Pixels of a person's height in the picture from which on the first two details show.
DETAIL_PIXELS = (110.0, 32.0)
#: Metres: the height of a person of the usual size.
_TALL = 1.7
_LAYERS = 3


@dataclass(frozen=True)
class PoseModels:
    """The meshes that people of one style, with one prop, can be.

    Attributes
    ----------
    table : bpy.types.Object
        A mesh of one vertex for each strip and detail, with `poses` and `chapter`; see
        `pose_meshes.PoseList.table`.
    bodies, far_bodies : tuples of str
        The bodies of the finer details, and those of the last one; see `pose_meshes.FAR_BODIES`.
    chapters : sequence of tuples of bpy.types.Object
        For each chapter and detail an object whose geometry is instances: all its poses of the first body,
        then those of the next.
    """

    table: bpy.types.Object
    bodies: tuple[str, ...]
    far_bodies: tuple[str, ...]
    chapters: Sequence[tuple[bpy.types.Object, ...]]


@dataclass(frozen=True)
class _State:
    """What the texture says of people: fields."""

    place: Socket
    heading: Socket
    cycle: Socket
    strip: Socket
    scale: Socket
    variation: Socket
    costume: Socket


_KINDS = {"place": "Vector", "costume": "Color"}


def _capture(
    tree: Tree, geometry: Socket, values: Sequence[tuple[str, Value]]
) -> tuple[Socket, list[Socket]]:
    """Return the geometry with fields worked out at once, all in one pass, and what gives them back.

    A field is worked out anew by each node that asks for it, and texels are dear.
    """
    node = tree.add("GeometryNodeCaptureAttribute", geometry)
    node.capture_items.clear()
    for number, (kind, _) in enumerate(values):
        node.capture_items.new(kind, f"Value {number}")
    for number, (_, value) in enumerate(values):
        tree.feed(node.inputs[f"Value {number}"], value)
    return node.outputs["Geometry"], [node.outputs[f"Value {number}"] for number in range(len(values))]


def _read(tree: Tree, texture: Socket, key: Socket) -> _State:
    address = tree.attribute("address", "FLOAT_VECTOR")
    (place, heading), (moving, variation), (costume, _) = (
        sample_texture(tree, texture, address, key, layer, _LAYERS) for layer in range(_LAYERS)
    )
    cycle, strip, scale = tree.separate(moving)
    return _State(place, heading, cycle, strip, scale, variation, costume)


def _mixed(tree: Tree, share: Socket, now: _State, after: _State) -> _State:
    """Return people between two keys: all is mixed but the strip, and the cycle where that changes."""

    def mix(share: Socket, name: str, kind: str = "FLOAT") -> Socket:
        return tree.out("ShaderNodeMix", share, getattr(now, name), getattr(after, name), data_type=kind)

    same = tree.out("FunctionNodeCompare", now.strip, after.strip, 0.5, data_type="FLOAT", operation="EQUAL")
    return _State(
        mix(share, "place", "VECTOR"),
        mix(share, "heading"),
        mix(tree.math("MULTIPLY", share, same), "cycle"),
        now.strip,
        now.scale,
        now.variation,
        mix(share, "costume", "RGBA"),
    )


def _whole(tree: Tree, value: Socket, rounding: str = "FLOOR") -> Socket:
    return tree.out("FunctionNodeFloatToInt", value, rounding_mode=rounding)


def _reach(tree: Tree, pixels: Socket, width: Socket, lens: bpy.types.NodeOutputs) -> Socket:
    """Return how far off people of the usual size are so many pixels high; one number for all of them."""
    sensor, _, _ = tree.separate(lens["Sensor"])
    share = tree.math("DIVIDE", tree.math("MULTIPLY", width, _TALL), tree.math("MAXIMUM", pixels, 0.001))
    far = tree.math("MULTIPLY", share, tree.math("DIVIDE", lens["Focal Length"], sensor))
    # Without perspective all people are of one height, however far.
    large = tree.math("GREATER_THAN", share, lens["Orthographic Scale"])
    everywhere = tree.math("MULTIPLY_ADD", large, 2e9, -1e9)
    return tree.out("ShaderNodeMix", lens["Is Orthographic"], far, everywhere, data_type="FLOAT")


def _detail(tree: Tree, place: Socket, source: bpy.types.NodeOutputs) -> Socket:
    """Return which detail shows, by the height in the picture of the scene's camera."""
    camera = tree.out("GeometryNodeInputActiveCamera")
    where = tree.add("GeometryNodeObjectInfo", camera, transform_space="RELATIVE").outputs["Location"]
    lens = tree.add("GeometryNodeCameraInfo", camera).outputs
    distance = tree.vector("DISTANCE", place, where)
    further = (
        tree.math("GREATER_THAN", distance, _reach(tree, source[name], source["Picture Width"], lens))
        for name in ("Near Pixels", "Middle Pixels")
    )
    return tree.math("ADD", *further)


def _body(tree: Tree, variation: Socket, detail: Socket, bodies: Sequence[str], models: PoseModels) -> Socket:
    """Return which of the models' bodies a person has in a detail, each as often as the others."""
    number = tree.math("FLOOR", tree.math("MULTIPLY", variation, float(len(bodies))))
    number = tree.math("MINIMUM", number, float(len(bodies) - 1))
    near = _among(tree, number, [models.bodies.index(body) for body in bodies])
    far = _among(tree, number, [models.far_bodies.index(FAR_BODIES[body]) for body in bodies])
    last = tree.math("GREATER_THAN", detail, len(POSES) - 1.5)
    return tree.out("ShaderNodeMix", last, near, far, data_type="FLOAT")


def _among(tree: Tree, number: Socket, values: Sequence[int]) -> Value:
    """Return one of some values by its number."""
    if list(values) == list(range(len(values))):
        return number
    if len(set(values)) == 1:
        return float(values[0])
    node = tree.add("GeometryNodeIndexSwitch", _whole(tree, number), data_type="FLOAT")
    while len(node.index_switch_items) < len(values):
        node.index_switch_items.new()
    for item, value in enumerate(values, 1):
        tree.feed(node.inputs[item], float(value))
    return node.outputs[0]


def _pose(tree: Tree, state: _State, body: Socket, detail: Socket, table: Socket) -> tuple[Socket, Socket]:
    """Return the chapter's models in the detail, and which of them is the pose nearest to the phase."""
    row = _whole(tree, tree.math("MULTIPLY_ADD", state.strip, float(len(POSES)), detail), "ROUND")
    poses = tree.attribute("poses", "FLOAT_VECTOR")
    poses = tree.out("GeometryNodeSampleIndex", table, poses, row, data_type="FLOAT_VECTOR")
    chapter = tree.attribute("chapter", "INT")
    chapter = tree.out("GeometryNodeSampleIndex", table, chapter, row, data_type="INT")
    first, count, of_body = tree.separate(poses)
    nearest = tree.math("FLOOR", tree.math("MULTIPLY_ADD", tree.math("FRACT", state.cycle), count, 0.5))
    pose = tree.math("ADD", tree.math("MODULO", nearest, count), first)
    return chapter, _whole(tree, tree.math("MULTIPLY_ADD", body, of_body, pose), "ROUND")


def _build_placing(name: str, models: PoseModels, bodies: Sequence[str]) -> bpy.types.NodeTree:
    """Return the group that places people by their state."""
    tree = Tree.geometry(f"Gymnasts {name} Placed")
    tree.interface("Geometry", "NodeSocketGeometry")
    for number in ("Near Pixels", "Middle Pixels", "Picture Width"):
        tree.interface(number, "NodeSocketFloat")
    for field in fields(_State):
        tree.interface(field.name.title(), f"NodeSocket{_KINDS.get(field.name, 'Float')}")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    source = tree.group_input().outputs
    state = _State(*(source[field.name.title()] for field in fields(_State)))

    table = tree.add("GeometryNodeObjectInfo", models.table, transform_space="ORIGINAL").outputs["Geometry"]
    detail = _detail(tree, state.place, source)
    body = _body(tree, state.variation, detail, bodies, models)
    chapter, pose = _pose(tree, state, body, detail, table)
    people, (place, heading, size, variation, costume, chapter, pose) = _capture(
        tree,
        source["Geometry"],
        [
            ("VECTOR", state.place),
            ("FLOAT", state.heading),
            ("FLOAT", state.scale),
            ("FLOAT", state.variation),
            ("RGBA", state.costume),
            ("INT", chapter),
            ("INT", pose),
        ],
    )
    points = tree.out("GeometryNodeMeshToPoints", people, named={"Position": place})
    points = tree.out("GeometryNodeRemoveAttribute", points, named={"Name": "address"})
    points = tree.store(points, "person", variation)
    points = tree.store(points, "costume", costume, "FLOAT_COLOR")
    # The order of instances changes with what people do; this stays.
    points = tree.out("GeometryNodeSetID", points, named={"ID": tree.out("GeometryNodeInputIndex")})
    placed = {
        "Rotation": tree.upright_turn(heading),
        "Scale": tree.combine(size, size, size),
        "Instance Index": pose,
        "Pick Instance": True,
    }
    return tree.finish(_by_chapter(tree, points, chapter, models, placed))


def _by_chapter(
    tree: Tree, points: Socket, chapter: Socket, models: PoseModels, placed: dict[str, Value]
) -> Socket:
    """Return people as instances: those of one chapter after those of another, from the first that is needed.

    Where nobody is, not even the models are asked for.
    """
    needed = tree.add("GeometryNodeAttributeStatistic", points, None, chapter).outputs
    first = _whole(tree, needed["Min"], "ROUND")
    count = tree.out("FunctionNodeIntegerMath", _whole(tree, needed["Range"], "ROUND"), 1, operation="ADD")
    begin = tree.tree.nodes.new("GeometryNodeRepeatInput")
    end = tree.tree.nodes.new("GeometryNodeRepeatOutput")
    begin.pair_with_output(end)
    end.repeat_items.clear()
    end.repeat_items.new("GEOMETRY", "People")
    tree.feed(begin.inputs["Iterations"], count)
    number = tree.out("FunctionNodeIntegerMath", begin.outputs["Iteration"], first, operation="ADD")
    chosen = tree.out("FunctionNodeCompare", chapter, number, data_type="INT", operation="EQUAL")
    there = tree.add("GeometryNodeAttributeStatistic", points, None, chosen).outputs["Sum"]
    things = [of_chapter[detail] for detail in range(len(POSES)) for of_chapter in models.chapters]
    which = tree.add("GeometryNodeIndexSwitch", number, data_type="OBJECT")
    while len(which.index_switch_items) < len(things):
        which.index_switch_items.new()
    for item, thing in enumerate(things, 1):
        tree.feed(which.inputs[item], thing)
    poses = tree.add("GeometryNodeObjectInfo", which.outputs[0], transform_space="ORIGINAL")
    named = placed | {"Selection": chosen, "Instance": poses.outputs["Geometry"]}
    some = tree.out("GeometryNodeInstanceOnPoints", points, named=named)
    before = begin.outputs["People"]
    together = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    tree.feed(together.inputs[0], some)
    tree.feed(together.inputs[0], before)
    shown = tree.math("GREATER_THAN", there, 0.5)
    tree.feed(
        end.inputs["People"],
        tree.out("GeometryNodeSwitch", shown, before, together.outputs[0], input_type="GEOMETRY"),
    )
    return end.outputs["People"]


def build_gymnasts(
    name: str,
    image: bpy.types.Image,
    models: PoseModels,
    bodies: Sequence[str],
    picture_width: int,
    clock: bpy.types.NodeTree,
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a gymnast.

    The vertices carry `address` (u, v of the gymnast's pixel in a layer by itself). The layers, from
    below: x, y, z, heading; cycles, strip, body scale, variation; scene-linear costume and how far it is on
    the way to another.

    The inputs `Near Pixels` and `Middle Pixels` say from what height in the picture on, of a person seen
    through the scene's camera, the two finer details show; `Picture Width` is that picture's, in pixels.
    """
    placing = _build_placing(name, models, bodies)
    tree = Tree.geometry(f"Gymnasts {name}")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("State Texture", "NodeSocketImage", default=image)
    tree.interface("Near Pixels", "NodeSocketFloat", default=DETAIL_PIXELS[0])
    tree.interface("Middle Pixels", "NodeSocketFloat", default=DETAIL_PIXELS[1])
    tree.interface("Picture Width", "NodeSocketFloat", default=float(picture_width))
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    source = tree.group_input().outputs
    time = key_now(tree, clock)
    key = _whole(tree, time)
    between = tree.math("FRACT", time)

    def place(state: _State) -> Socket:
        given = [source[item] for item in ("Geometry", "Near Pixels", "Middle Pixels", "Picture Width")]
        given += [getattr(state, field.name) for field in fields(_State)]
        node = tree.add("GeometryNodeGroup", node_tree=placing)
        for socket, value in zip(node.inputs, given, strict=True):
            tree.feed(socket, value)
        return node.outputs[0]

    now = _read(tree, source["State Texture"], key)
    after = _read(tree, source["State Texture"], tree.math("ADD", key, 1.0))
    # Only one of the two is worked out: on a key the next one is not even read.
    moving = tree.math("GREATER_THAN", between, 0.0)
    everybody = (place(now), place(_mixed(tree, between, now, after)))
    return enclosed(tree.finish(tree.out("GeometryNodeSwitch", moving, *everybody, input_type="GEOMETRY")))
