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
from ..card_textures import LISTED
from .clock import now
from .tree import Socket, Tree, Value, sample_texture

if TYPE_CHECKING:
    from ...scenes.schema_card_section import Mode

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
        self.heading = facing(tree)
        pose = tree.attribute("pose", "FLOAT_COLOR")
        self.held = tree.math("GREATER_THAN", tree.alpha(pose), 0.5)
        away = tree.vector("DISTANCE", pose, (_REST_BYTE, 0.0, _REST_BYTE))
        self.rests = tree.math("MULTIPLY", tree.math("LESS_THAN", away, _STEP), self.held)
        self.is_near = tree.math("LESS_THAN", tree.attribute("look"), models.near - 0.5)

    def whole(self, mode: Mode) -> Socket:
        """Return who of those who do something is shown as one with the prop: a field, 0 or 1."""
        tree = self.tree
        apart: Socket | None = self.turning
        if mode == "books":
            apart = tree.math("MULTIPLY", self.turning, self.is_near) if self.models.pulls else None
        if apart is None:
            return self.rests
        return tree.math("MULTIPLY", self.rests, tree.math("SUBTRACT", 1.0, apart))

    def store_pages(
        self,
        people: Socket,
        mode: Mode,
        cover: tuple[float, float, float],
        domain: str,
        turning: Socket | None = None,
    ) -> Socket:
        """Return people with the colours that the mode's materials ask for, besides the page shown."""
        tree, old, new, back = self.tree, self.new, self.new, (*cover, 1.0)
        if turning is not None:
            old = tree.out("ShaderNodeMix", turning, new, self.old, data_type="RGBA")
            back = tree.out("ShaderNodeMix", turning, back, new, data_type="RGBA")
        stored = {"books": {"page_left": old}, "two_sided": {"page_back": back, "page_front": new}}
        for name, colour in stored.get(mode, {}).items():
            people = tree.store(people, name, colour, "FLOAT_COLOR", domain)
        return people

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
        count = tree.add("GeometryNodeAttributeDomainSize", points, component="POINTCLOUD").outputs[
            "Point Count"
        ]
        there = tree.out("FunctionNodeCompare", count, 0, data_type="INT", operation="GREATER_THAN")
        return tree.out("GeometryNodeSwitch", there, None, placed, input_type="GEOMETRY")

    def join(self, parts: list[Socket]) -> Socket:
        """Return parts together."""
        node = self.tree.tree.nodes.new("GeometryNodeJoinGeometry")
        for part in parts:
            self.tree.feed(node.inputs[0], part)
        return node.outputs[0]

    def thing(self, name: str) -> Socket:
        """Return a prop of which there is one."""
        (only,) = self.models.props[name].objects
        return self.tree.instance_of(only)

    def leaf_number(self) -> Socket:
        """Return which shape of the leaf is nearest to how far it is turned."""
        return self.nearest(self.tree.math("MULTIPLY", self.progress, float(LEAVES - 1)))

    def nearest(self, value: Socket) -> Socket:
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
        return self.nearest(level)

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


def _leaves(section: _Section, points: Socket, rotation: Socket) -> Socket:
    """Place the leaves that turn, at points in the middles of books that are so turned."""
    turned = section.turned(rotation, section.tree.math("MULTIPLY", section.progress, -np.pi))
    shape = section.multiply_add(_book(section), LEAVES, section.leaf_number())
    return section.place_one(points, section.models.props["Turning Page"], shape, turned)


def _still(section: _Section, people: Socket, mode: Mode) -> list[Socket]:
    """Place people who turn a leaf, but hold the book still."""
    tree, models = section.tree, section.models
    placed = [section.place_one(people, models.still, tree.attribute("look", "INT"), section.heading)]
    if mode == "books":
        at_rest = section.shift(people, on_prop(section.hold, 0.0, 0.0, CLEARANCE), section.heading)
        back = (0.0, -section.hold.rest_lean, 0.0)
        leaned = tree.out("FunctionNodeRotateRotation", section.heading, back, rotation_space="LOCAL")
        placed.append(_leaves(section, at_rest, leaned))
    return placed


def _books(section: _Section, moving: Socket, rotation: Socket) -> list[Socket]:
    """Place the moving books, and the leaves that turn in them."""
    moved = section.shift(section.pick(moving, section.turning), (CLEARANCE, 0.0, 0.0), rotation)
    return [
        section.place_one(moving, section.models.props["Book"], _book(section), rotation),
        _leaves(section, moved, rotation),
    ]


def _book(section: _Section) -> Value:
    """Return which detail of the book somebody holds."""
    if len(section.models.props["Book"].objects) == 1:
        return 0
    return section.nearest(section.tree.math("SUBTRACT", 1.0, section.is_near))


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


def facing(tree: Tree) -> Socket:
    """Return how people, and what they hold, are turned: a field."""
    angles = tree.combine(tree.attribute("roll"), tree.attribute("lean"), tree.attribute("heading"))
    return tree.out("FunctionNodeEulerToRotation", angles)


def build_seats(still: bpy.types.Collection) -> bpy.types.NodeTree:
    """Return the modifier's tree that puts a person at rest on every seat: instances with all attributes.

    For the mesh of `build_card_section`. Nothing in it depends on the frame, so it is worked out once.
    """
    tree = Tree.geometry("Card Section Seats")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    placed = {
        "Instance": tree.children_of(still),
        "Pick Instance": True,
        "Instance Index": tree.attribute("look", "INT"),
        "Rotation": facing(tree),
    }
    points = tree.group_input().outputs["Geometry"]
    return tree.finish(tree.out("GeometryNodeInstanceOnPoints", points, named=placed))


def build_card_section(
    image: bpy.types.Image,
    rows: int,
    columns: int,
    mode: Mode,
    hold: Hold,
    models: Models,
    seats: bpy.types.Object,
    cover: tuple[float, float, float],
    clock: bpy.types.NodeTree,
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a card-holder.

    The vertices carry `address` (u, v of the holder's pixel in a layer by itself), `heading`, `lean` (back)
    and `roll` (radians), `person` (a number in 0..1) and `look` (the number of the still model). The texture,
    of so many rows and columns of seats, is as `card_textures.write_cards` makes it. `seats` has the same
    mesh, and the modifier of `build_seats`. `cover` is the scene-linear colour of what is on the back.
    """
    tree = Tree.geometry("Card Section")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Book Texture", "NodeSocketImage", default=image)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    texture = tree.group_input().outputs["Book Texture"]
    frame = tree.out("FunctionNodeFloatToInt", now(tree, clock), rounding_mode="ROUND")
    height = tree.add("GeometryNodeImageInfo", texture, frame).outputs["Height"]
    people = tree.add("GeometryNodeObjectInfo", seats, transform_space="ORIGINAL").outputs["Geometry"]
    section = _Section(tree, hold, models)

    seats_share = tree.combine(1.0, tree.math("DIVIDE", float(rows), height))
    address = tree.vector("MULTIPLY", tree.attribute("address", "FLOAT_VECTOR"), seats_share)
    texel, _ = sample_texture(tree, texture, address, frame)
    # A field is worked out anew by each node that asks for it: texels are read once, then from the store.
    people = tree.store(people, "page_new", texel, "FLOAT_COLOR", "INSTANCE")
    alpha = tree.alpha(section.new)
    split = tree.add(
        "GeometryNodeSeparateGeometry", people, tree.math("GREATER_THAN", alpha, 0.75), domain="INSTANCE"
    )
    still = section.store_pages(split.outputs["Selection"], mode, cover, "INSTANCE")
    # People who do nothing are not in the list, people who are not there are in nothing.
    active = tree.math("GREATER_THAN", alpha, 0.25)
    active = tree.out("GeometryNodeInstancesToPoints", split.outputs["Inverted"], active)
    deep = tree.math("DIVIDE", tree.math("SUBTRACT", height, float(rows)), float(LISTED))
    for layer, name in enumerate(("page_old", "pose")):
        address = _listed(tree, columns, tree.math("MULTIPLY_ADD", deep, float(layer), float(rows)), height)
        texel, _ = sample_texture(tree, texture, address, frame)
        active = tree.store(active, name, texel, "FLOAT_COLOR")
    everybody = section.join([*_active(section, active, mode, cover), still])
    some = tree.math("GREATER_THAN", deep, 0.5)
    return tree.finish(tree.out("GeometryNodeSwitch", some, still, everybody, input_type="GEOMETRY"))


def _listed(tree: Tree, columns: int, first: Socket, height: Socket) -> Socket:
    """Return where the pixel of each person is in a list that begins at a row of the texture."""
    share = tree.math("DIVIDE", tree.out("GeometryNodeInputIndex"), float(columns))
    row = tree.math("ADD", tree.math("FLOOR", share), tree.math("ADD", first, 0.5))
    column = tree.math("ADD", tree.math("FRACT", share), 0.5 / columns)
    return tree.combine(column, tree.math("DIVIDE", row, height))


def _active(section: _Section, people: Socket, mode: Mode, cover: tuple[float, float, float]) -> list[Socket]:
    """Place people who turn a page or move, of whom there are points with what the texture says of them."""
    tree = section.tree
    people = section.store_pages(people, mode, cover, "POINT", section.turning)
    whole = section.whole(mode)
    still = section.pick(people, whole)
    some = section.pick(people, tree.math("SUBTRACT", 1.0, whole))
    moving = section.read_pose(some)
    holding, rotation = section.move_props(section.pick(moving, section.held))
    props = {"books": _books, "cards": _cards, "two_sided": _boards}[mode](section, holding, rotation)
    moved = section.join([*props, *section.place_bodies(moving)])
    return [section.if_any(some, moved), section.if_any(still, section.join(_still(section, still, mode)))]
