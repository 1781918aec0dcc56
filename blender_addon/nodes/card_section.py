"""The card section: holders and what they hold, moved and coloured by one data texture.

Most people at most moments sit still, holding up what they show: these are one instance each. Only who makes
a gesture, has dropped the book, is changing a card, or is seen from near turning a leaf is put together from
a body and what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import bpy
import numpy as np

from ..card_holders import CLEARANCE, LEAVES, LIFTS, PROP_HEIGHT, REST, SHAKE, Hold, on_prop
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
    still : bpy.types.Collection
        Of each look a person who holds the prop at rest; first those of the `near` looks.
    poses : bpy.types.Collection
        People without a prop. Of each look but the near ones: LIFTS objects by the lift of their hands, then
        one with hands on the knees.
    props : dict of bpy.types.Collection
        "Book", of each detail; and "Turning Page", LEAVES objects of each detail. Or one thing each: "Card";
        or "Frame" and "Board".
    near : int
        How many looks, the first ones, are of people seen from nearby, who are few.
    near_poses : bpy.types.Collection, optional
        As `poses`, of the near looks; without, these people move as the first of the others does.
    pulls : bpy.types.Collection, optional
        Of each near look LEAVES objects of people who pull at a leaf, by how far it is turned.

    All are picked in the order of their names.
    """

    still: bpy.types.Collection
    poses: bpy.types.Collection
    props: dict[str, bpy.types.Collection]
    near: int = 0
    near_poses: bpy.types.Collection | None = None
    pulls: bpy.types.Collection | None = None


class _Section:
    """The tree under construction, with the fields that its parts share."""

    def __init__(self, tree: Tree, hold: Hold, models: Models) -> None:
        self.tree, self.hold, self.models = tree, hold, models
        self.old, self.new = (tree.attribute(name, "FLOAT_COLOR") for name in ("page_old", "page_new"))
        self.progress = tree.alpha(self.old)
        self.turning = tree.math("GREATER_THAN", self.progress, 0.001)
        self.present = tree.math("GREATER_THAN", tree.alpha(self.new), 0.5)
        facing = tree.combine(tree.attribute("roll"), tree.attribute("lean"), tree.attribute("heading"))
        self.heading = tree.out("FunctionNodeEulerToRotation", facing)
        pose = tree.attribute("pose", "FLOAT_COLOR")
        self.held = tree.math("GREATER_THAN", tree.alpha(pose), 0.5)
        away = tree.vector("DISTANCE", pose, (_REST_BYTE, 0.0, _REST_BYTE))
        self.rests = tree.math("MULTIPLY", tree.math("LESS_THAN", away, _STEP), self.held)
        self.is_near = tree.math("LESS_THAN", tree.attribute("look"), models.near - 0.5)

    def sort(self, people: Socket, mode: Mode) -> Socket:
        """Store on everybody which look is shown as one with its prop, from 1; 0 for none."""
        tree = self.tree
        apart: Socket | None = self.turning
        if mode == "books":
            apart = tree.math("MULTIPLY", self.turning, self.is_near) if self.models.pulls else None
        whole = tree.math("MULTIPLY", self.present, self.rests)
        if apart is not None:
            whole = tree.math("MULTIPLY", whole, tree.math("SUBTRACT", 1.0, apart))
        number = tree.math("MULTIPLY", tree.math("ADD", tree.attribute("look"), 1.0), whole)
        return tree.store(people, "shown", number)

    def pick(self, points: Socket, selection: Socket) -> Socket:
        """Return the points that are selected."""
        return self.tree.out("GeometryNodeSeparateGeometry", points, selection, domain="POINT")

    def place(self, points: Socket, thing: Socket, rotation: Socket, **named: Value) -> Socket:
        """Return instances on points."""
        named = {"Instance": thing, "Rotation": rotation} | {key.title(): named[key] for key in named}
        return self.tree.out("GeometryNodeInstanceOnPoints", points, named=named)

    def place_one(
        self, points: Socket, things: bpy.types.Collection, number: Value, rotation: Socket, **named: Value
    ) -> Socket:
        """Return instances on points, each of that of the things which has the number."""
        placed = {"Pick Instance": True, "Instance Index": number}
        placed |= {"Instance": self.tree.children_of(things), "Rotation": rotation}
        placed |= {key.title(): named[key] for key in named}
        return self.tree.out("GeometryNodeInstanceOnPoints", points, named=placed)

    def place_still(self, people: Socket) -> list[Socket]:
        """Return the people who are one instance each."""
        tree, still, near = self.tree, self.models.still, self.models.near
        shown = tree.attribute("shown")
        placed = []
        # To pick for each point costs as much as to place it: so this is for the few with many looks.
        if near:
            some = tree.math("COMPARE", shown, 0.5 * (near + 1), 0.5 * near)
            look = self.add(self.whole(shown), -1)
            placed.append(self.place_one(people, still, look, self.heading, selection=some))
        for k, thing in enumerate(sorted(still.objects, key=lambda thing: thing.name)[near:], near + 1):
            there = tree.math("COMPARE", shown, float(k), 0.5)
            placed.append(self.place(people, tree.instance_of(thing), self.heading, selection=there))
        if len(placed) > 1:
            # What no material asks for would be copied where these are joined.
            for name in ("pose", "shown", "look", "heading", "lean", "roll"):
                placed = [
                    tree.out("GeometryNodeRemoveAttribute", some, named={"Name": name}) for some in placed
                ]
        return placed

    def place_bodies(self, moving: Socket) -> list[Socket]:
        """Return the bodies of those who move."""
        tree, models, near = self.tree, self.models, self.models.near
        pose, look = self.hand_level(), tree.attribute("look", "INT")
        groups = []
        others = moving
        if models.pulls is not None:
            pulling = tree.math("MULTIPLY", tree.math("MULTIPLY", self.turning, self.rests), self.is_near)
            some = self.pick(others, pulling)
            groups.append((some, models.pulls, self.multiply_add(look, LEAVES, self.leaf_number())))
            others = self.pick(others, tree.math("SUBTRACT", 1.0, pulling))
        if models.near_poses is not None:
            number = self.multiply_add(look, LIFTS + 1, pose)
            groups.append((self.pick(others, self.is_near), models.near_poses, number))
            others = self.pick(others, tree.math("SUBTRACT", 1.0, self.is_near))
        if near:
            look = tree.out("FunctionNodeIntegerMath", self.add(look, -near), 0, operation="MAXIMUM")
        groups.append((others, models.poses, self.multiply_add(look, LIFTS + 1, pose)))
        return [
            self.if_any(some, self.place_one(some, of, number, self.heading)) for some, of, number in groups
        ]

    def if_any(self, points: Socket, placed: Socket) -> Socket:
        """Return what is placed on points; if there are none, not even the models are asked for."""
        tree = self.tree
        count = tree.add("GeometryNodeAttributeDomainSize", points).outputs["Point Count"]
        there = tree.out("FunctionNodeCompare", count, 0, data_type="INT", operation="GREATER_THAN")
        return tree.out("GeometryNodeSwitch", there, None, placed, input_type="GEOMETRY")

    def thing(self, name: str) -> Socket:
        """Return a prop of which there is one."""
        (only,) = self.models.props[name].objects
        return self.tree.instance_of(only)

    def leaf_number(self) -> Socket:
        """Return which shape of the leaf is nearest to how far it is turned."""
        return self.whole(self.tree.math("MULTIPLY", self.progress, float(LEAVES - 1)))

    def whole(self, value: Socket) -> Socket:
        """Return the nearest whole number."""
        return self.tree.out("FunctionNodeFloatToInt", value, rounding_mode="ROUND")

    def add(self, one: Value, other: Value) -> Socket:
        """Return the sum of two whole numbers."""
        return self.tree.out("FunctionNodeIntegerMath", one, other, operation="ADD")

    def multiply_add(self, one: Value, factor: Value, other: Value) -> Socket:
        """Return one whole number times another, and a third added to that."""
        return self.tree.out("FunctionNodeIntegerMath", one, factor, other, operation="MULTIPLY_ADD")

    def shift(self, points: Socket, offset: Value, rotation: Socket) -> Socket:
        """Return points moved by an offset that is turned first."""
        offset = self.tree.out("FunctionNodeRotateVector", offset, rotation)
        return self.tree.out("GeometryNodeSetPosition", points, named={"Offset": offset})

    def turned(self, rotation: Socket, angle: Socket) -> Socket:
        """Return a rotation after a turn about the prop's own upright axis."""
        turn = self.tree.out("FunctionNodeEulerToRotation", self.tree.combine(z=angle))
        return self.tree.out("FunctionNodeRotateRotation", rotation, turn, rotation_space="LOCAL")

    def read_pose(self, points: Socket) -> Socket:
        """Store lift and shake in -1..1 and tilt in 0..1 on the few who move."""
        tree = self.tree
        for name, linear, middle in zip(
            ("lift", "tilt", "shaken"),
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
        return self.whole(level)

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
        shaken = tree.math("MULTIPLY", tree.attribute("shaken"), SHAKE)
        turn = tree.out(
            "FunctionNodeEulerToRotation", tree.combine(shaken, tree.math("SUBTRACT", tilt, lean))
        )
        rotation = tree.out("FunctionNodeRotateRotation", self.heading, turn, rotation_space="LOCAL")
        return points, rotation


def _books(section: _Section, people: Socket, moving: Socket, rotation: Socket) -> list[Socket]:
    """Place the moving books, and the leaves that turn in all books."""
    tree, props = section.tree, section.models.props
    angle = tree.math("MULTIPLY", section.progress, -np.pi)
    still = tree.math("MULTIPLY", section.turning, tree.math("GREATER_THAN", tree.attribute("shown"), 0.5))
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
    book: Value = 0
    if len(props["Book"].objects) > 1:
        book = tree.math("SUBTRACT", 1.0, section.is_near)
        book = section.whole(book)
    shape = section.multiply_add(book, LEAVES, section.leaf_number())
    leaf = props["Turning Page"]
    return [
        section.place_one(at_rest, leaf, shape, section.turned(leaned, angle)),
        section.place_one(moving, props["Book"], book, rotation),
        section.place_one(moved, leaf, shape, section.turned(rotation, angle)),
    ]


def _cards(section: _Section, moving: Socket, rotation: Socket) -> list[Socket]:
    """Place the cards of who moves or changes: the new one comes up in front, then the old one goes down."""
    tree, progress = section.tree, section.progress
    card = section.thing("Card")
    left = tree.math("MULTIPLY", section.turning, tree.math("SUBTRACT", 1.0, progress))
    new = section.shift(moving, tree.combine(z=tree.math("MULTIPLY", left, -PROP_HEIGHT)), rotation)
    down = tree.math("MAXIMUM", tree.math("MULTIPLY_ADD", progress, 3.0, -2.0), 0.0)
    old = section.pick(moving, section.turning)
    old = section.shift(
        old, tree.combine(-CLEARANCE, 0.0, tree.math("MULTIPLY", down, -PROP_HEIGHT)), rotation
    )
    old = tree.store(old, "page_new", section.old, "FLOAT_COLOR")
    return [section.place(new, card, rotation), section.place(old, card, rotation)]


def _boards(section: _Section, moving: Socket, rotation: Socket) -> list[Socket]:
    """Place the boards of who moves or turns: the old colour in front until the new one comes round."""
    tree = section.tree
    board, frame = section.thing("Board"), section.thing("Frame")
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

    The vertices carry `address` (u, v of the holder's pixel in the texture's lowest layer), `heading`, `lean`
    (back) and `roll` (radians), `person` (a number in 0..1) and `look` (the number of the still model). The
    texture's layers, from below, are those of `kernels.books.card_states`. `cover` is the scene-linear colour
    of what is on the back.
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

    section = _Section(tree, hold, models)
    people = section.sort(people, mode)
    if mode == "books":
        left = tree.out("ShaderNodeMix", section.turning, section.new, section.old, data_type="RGBA")
        people = tree.store(people, "page_left", left, "FLOAT_COLOR")
    if mode == "two_sided":
        back = tree.out("ShaderNodeMix", section.turning, (*cover, 1.0), section.new, data_type="RGBA")
        people = tree.store(people, "page_back", back, "FLOAT_COLOR")
        people = tree.store(people, "page_front", section.new, "FLOAT_COLOR")
    holders = section.place_still(people)
    apart = tree.math("LESS_THAN", tree.attribute("shown"), 0.5)
    moving = section.read_pose(section.pick(people, tree.math("MULTIPLY", section.present, apart)))
    bodies = section.place_bodies(moving)
    holding, rotation = section.move_props(section.pick(moving, section.held))
    if mode == "books":
        props = _books(section, people, holding, rotation)
    else:
        props = (_cards if mode == "cards" else _boards)(section, holding, rotation)
    join = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    for part in (*props, *bodies, *holders):
        tree.feed(join.inputs[0], part)
    return tree.finish(join.outputs[0])
