"""The card section: holders and what they hold, moved and coloured by one data texture.

Most people at most moments sit still, holding up what they show: these are one instance each. Only who makes
a gesture, has dropped the book, or is changing a card is put together from a body and what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import bpy
import numpy as np

from ..card_holders import CLEARANCE, LIFTS, PROP_HEIGHT, REST, SHAKE, Hold, on_prop
from .clock import now
from .tree import Socket, Tree, Value, sample_texture

if TYPE_CHECKING:
    from ...scenes.schema_card_section import Mode

LAYERS = 3
#: The pose layer's bytes at rest, as sRGB decodes them.
_REST_BYTE = ((128 / 255 + 0.055) / 1.055) ** 2.4
#: Less than the smallest step of a byte in linear light, 1/255/12.92.
_STEP = 1e-4


@dataclass(frozen=True)
class Models:
    """What is placed.

    Attributes
    ----------
    still : bpy.types.Object
        A person who holds the prop at rest.
    poses : bpy.types.Collection
        People without a prop: LIFTS objects by the lift of their hands, then one with hands on the knees, in
        order of name.
    props : dict of bpy.types.Object
        "Book" and "Turning Page"; or "Card"; or "Frame" and "Board".
    """

    still: bpy.types.Object
    poses: bpy.types.Collection
    props: dict[str, bpy.types.Object]


class _Section:
    """The tree under construction, with the fields that its parts share."""

    def __init__(self, tree: Tree, hold: Hold) -> None:
        self.tree, self.hold = tree, hold
        self.old, self.new = (tree.attribute(name, "FLOAT_COLOR") for name in ("page_old", "page_new"))
        self.progress = tree.alpha(self.old)
        self.turning = tree.math("GREATER_THAN", self.progress, 0.001)
        self.present = tree.math("GREATER_THAN", tree.alpha(self.new), 0.5)
        facing = tree.combine(0.0, tree.attribute("lean"), tree.attribute("heading"))
        self.heading = tree.out("FunctionNodeEulerToRotation", facing)
        self.held = tree.math("GREATER_THAN", tree.attribute("held"), 0.5)

    def sort(self, people: Socket) -> Socket:
        """Store on everybody whether they hold their prop, and hold it still."""
        tree = self.tree
        pose = tree.attribute("pose", "FLOAT_COLOR")
        away = tree.vector("DISTANCE", pose, (_REST_BYTE, 0.0, _REST_BYTE))
        still = tree.math("LESS_THAN", away, _STEP)
        people = tree.store(people, "held", tree.alpha(pose))
        return tree.store(people, "still", tree.math("MULTIPLY", still, self.held))

    def pick(self, points: Socket, selection: Socket) -> Socket:
        """Return the points that are selected."""
        return self.tree.out("GeometryNodeSeparateGeometry", points, selection, domain="POINT")

    def place(self, points: Socket, thing: Socket, rotation: Socket, **named: Value) -> Socket:
        """Return instances on points."""
        named = {"Instance": thing, "Rotation": rotation} | {key.title(): named[key] for key in named}
        return self.tree.out("GeometryNodeInstanceOnPoints", points, named=named)

    def shift(self, points: Socket, offset: Value, rotation: Socket) -> Socket:
        """Return points moved by an offset that is turned first."""
        offset = self.tree.out("FunctionNodeRotateVector", offset, rotation)
        return self.tree.out("GeometryNodeSetPosition", points, named={"Offset": offset})

    def turned(self, rotation: Socket, angle: Socket) -> Socket:
        """Return a rotation after a turn about the prop's own upright axis."""
        turn = self.tree.out("FunctionNodeEulerToRotation", self.tree.combine(z=angle))
        return self.tree.out("FunctionNodeRotateRotation", rotation, turn, rotation_space="LOCAL")

    def read_pose(self, points: Socket) -> Socket:
        """Store lift and roll in -1..1 and tilt in 0..1 on the few who move."""
        tree = self.tree
        for name, linear, middle in zip(
            ("lift", "tilt", "roll"),
            tree.separate(tree.attribute("pose", "FLOAT_COLOR")),
            (128 / 255, 0.0, 128 / 255),
            strict=True,
        ):
            # The picture is read as sRGB, which colours are; a pose's bytes are taken back from that.
            low = tree.math("MULTIPLY", linear, 12.92)
            high = tree.math(
                "MULTIPLY_ADD", tree.math("POWER", tree.math("MAXIMUM", linear, 0.0), 1 / 2.4), 1.055, -0.055
            )
            byte = tree.out(
                "ShaderNodeMix", tree.math("GREATER_THAN", linear, 0.0031308), low, high, data_type="FLOAT"
            )
            value = tree.math("DIVIDE", tree.math("SUBTRACT", byte, middle), 127 / 255 if middle else 1.0)
            points = tree.store(points, name, tree.math("MAXIMUM", value, -1.0))
        return points

    def hand_level(self) -> Socket:
        """Return which of the poses a moving person takes."""
        tree = self.tree
        level = tree.math("MULTIPLY_ADD", tree.attribute("lift"), float(REST), float(REST))
        level = tree.out("ShaderNodeMix", self.held, float(LIFTS), level, data_type="FLOAT")
        return tree.out("FunctionNodeFloatToInt", level, rounding_mode="ROUND")

    def move_props(self, points: Socket) -> tuple[Socket, Socket]:
        """Return the points at the props' middles, and the props' rotation there."""
        tree, hold = self.tree, self.hold
        lift = tree.attribute("lift")
        up, down = (tree.math("MAXIMUM", tree.math("MULTIPLY", lift, side), 0.0) for side in (1.0, -1.0))
        middle: Value = hold.rest
        lean: Value = hold.rest_lean
        for share, to, to_lean in (
            (up, hold.highest, hold.highest_lean),
            (down, hold.lowest, hold.lowest_lean),
        ):
            step = tuple((np.array(to) - hold.rest).tolist())
            middle = tree.vector("ADD", tree.vector("SCALE", step, share), middle)
            lean = tree.math("MULTIPLY_ADD", share, to_lean - hold.rest_lean, lean)
        points = self.shift(points, middle, self.heading)
        tilt = tree.math("MULTIPLY", tree.attribute("tilt"), np.pi)
        pitch = tree.math("SUBTRACT", tree.math("ADD", tree.attribute("lean"), tilt), lean)
        roll = tree.math("MULTIPLY", tree.attribute("roll"), SHAKE)
        euler = tree.combine(roll, pitch, tree.attribute("heading"))
        return points, tree.out("FunctionNodeEulerToRotation", euler)


def _books(
    section: _Section, people: Socket, moving: Socket, rotation: Socket, models: Models
) -> list[Socket]:
    """Place the moving books, and the leaves that turn in all books."""
    tree = section.tree
    book, leaf = (tree.instance_of(models.props[name]) for name in ("Book", "Turning Page"))
    angle = tree.math("MULTIPLY", section.progress, -np.pi)
    still = tree.math("MULTIPLY", section.turning, tree.attribute("still"))
    at_rest = section.shift(
        section.pick(people, still), on_prop(section.hold, 0.0, 0.0, CLEARANCE), section.heading
    )
    leaned = tree.out(
        "FunctionNodeRotateRotation",
        section.heading,
        (0.0, -section.hold.rest_lean, 0.0),
        rotation_space="LOCAL",
    )
    moved = section.shift(section.pick(moving, section.turning), (CLEARANCE, 0.0, 0.0), rotation)
    return [
        section.place(at_rest, leaf, section.turned(leaned, angle)),
        section.place(moving, book, rotation),
        section.place(moved, leaf, section.turned(rotation, angle)),
    ]


def _cards(section: _Section, moving: Socket, rotation: Socket, models: Models) -> list[Socket]:
    """Place the cards of who moves or changes: the new one comes up in front, then the old one goes down."""
    tree, progress = section.tree, section.progress
    card = tree.instance_of(models.props["Card"])
    left = tree.math("MULTIPLY", section.turning, tree.math("SUBTRACT", 1.0, progress))
    new = section.shift(moving, tree.combine(z=tree.math("MULTIPLY", left, -PROP_HEIGHT)), rotation)
    down = tree.math("MAXIMUM", tree.math("MULTIPLY_ADD", progress, 3.0, -2.0), 0.0)
    old = section.pick(moving, section.turning)
    old = section.shift(
        old, tree.combine(-CLEARANCE, 0.0, tree.math("MULTIPLY", down, -PROP_HEIGHT)), rotation
    )
    old = tree.store(old, "page_new", section.old, "FLOAT_COLOR")
    return [section.place(new, card, rotation), section.place(old, card, rotation)]


def _boards(section: _Section, moving: Socket, rotation: Socket, models: Models) -> list[Socket]:
    """Place the boards of who moves or turns: the old colour in front until the new one comes round."""
    tree = section.tree
    board, frame = (tree.instance_of(models.props[name]) for name in ("Board", "Frame"))
    frames = section.place(moving, frame, rotation)
    front = tree.out("ShaderNodeMix", section.turning, section.new, section.old, data_type="RGBA")
    angle = tree.math("MULTIPLY", tree.math("MULTIPLY", section.progress, section.turning), np.pi)
    boards = section.place(
        tree.store(moving, "page_front", front, "FLOAT_COLOR"), board, section.turned(rotation, angle)
    )
    return [frames, boards]


def build_card_section(
    image: bpy.types.Image,
    mode: Mode,
    hold: Hold,
    models: Models,
    cover: tuple[float, float, float],
    clock: bpy.types.NodeTree,
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a card-holder.

    The vertices carry `address` (u, v of the holder's pixel in the texture's lowest layer), `heading` and
    `lean` (radians) and `person` (a number in 0..1). The texture's layers, from below, are those of
    `kernels.books.card_states`. `cover` is the scene-linear colour of what is on the back.
    """
    tree = Tree.geometry("Card Section")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Book Texture", "NodeSocketImage", default=image)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    source = tree.group_input()
    frame = tree.out("FunctionNodeFloatToInt", now(tree, clock), rounding_mode="ROUND")
    address = tree.attribute("address", "FLOAT_VECTOR")
    people = source.outputs["Geometry"]
    # A field is worked out anew by each node that asks for it: texels are read once, then from the store.
    for layer, name in enumerate(("page_old", "page_new", "pose")):
        place = tree.vector("ADD", address, (0.0, layer / LAYERS, 0.0)) if layer else address
        texel, _ = sample_texture(tree, source.outputs["Book Texture"], place, frame)
        people = tree.store(people, name, texel, "FLOAT_COLOR")
    people = tree.out("GeometryNodeRemoveAttribute", people, named={"Name": "address"})

    section = _Section(tree, hold)
    people = section.sort(people)
    still: Socket = tree.attribute("still")
    if mode == "books":
        left = tree.out("ShaderNodeMix", section.turning, section.new, section.old, data_type="RGBA")
        people = tree.store(people, "page_left", left, "FLOAT_COLOR")
    else:
        still = tree.math("MULTIPLY", still, tree.math("SUBTRACT", 1.0, section.turning))
    if mode == "two_sided":
        back = tree.out("ShaderNodeMix", section.turning, (*cover, 1.0), section.new, data_type="RGBA")
        people = tree.store(people, "page_back", back, "FLOAT_COLOR")
        people = tree.store(people, "page_front", section.new, "FLOAT_COLOR")
    holders = section.place(
        people,
        tree.instance_of(models.still),
        section.heading,
        selection=tree.math("MULTIPLY", section.present, still),
    )
    moving = section.pick(people, tree.math("MULTIPLY", section.present, tree.math("SUBTRACT", 1.0, still)))
    moving = section.read_pose(moving)
    bodies = tree.out(
        "GeometryNodeInstanceOnPoints",
        moving,
        named={
            "Instance": tree.children_of(models.poses),
            "Pick Instance": True,
            "Instance Index": section.hand_level(),
            "Rotation": section.heading,
        },
    )
    holding, rotation = section.move_props(section.pick(moving, section.held))
    if mode == "books":
        props = _books(section, people, holding, rotation, models)
    else:
        props = (_cards if mode == "cards" else _boards)(section, holding, rotation, models)
    join = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    for part in (*props, bodies, holders):
        tree.feed(join.inputs[0], part)
    return tree.finish(join.outputs[0])
