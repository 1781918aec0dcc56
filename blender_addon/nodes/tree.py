"""A thin, typed way to write node trees in code: sockets in, sockets out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import bpy

Socket = bpy.types.NodeSocket
Value = Any  # a socket to link, or a plain value for the socket's default


class Tree:
    """A node tree under construction.

    Parameters
    ----------
    tree : bpy.types.NodeTree
        The tree to add nodes to; `Tree.geometry` makes a new one for Geometry Nodes.
    """

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree

    @classmethod
    def geometry(cls, name: str) -> Tree:
        """Return a new, empty Geometry Nodes tree."""
        return cls(bpy.data.node_groups.new(name, "GeometryNodeTree"))

    def add(
        self, kind: str, *values: Value, named: dict[str, Value] | None = None, **properties: Any
    ) -> bpy.types.Node:
        """Add a node, set its properties, then feed its inputs.

        Parameters
        ----------
        kind : str
            The node's bl_idname.
        *values
            What feeds its enabled inputs in order: a socket, a plain value, or None to leave one alone.
        named : dict, optional
            What feeds enabled inputs by name.
        **properties
            Properties of the node, set first since they decide which inputs are enabled.
        """
        node = self.tree.nodes.new(kind)
        for name, value in properties.items():
            setattr(node, name, value)
        enabled = [socket for socket in node.inputs if socket.enabled]
        for socket, value in zip(enabled, values, strict=False):
            self.feed(socket, value)
        for name, value in (named or {}).items():
            self.feed(next(socket for socket in enabled if socket.name == name), value)
        return node

    def feed(self, socket: Socket, value: Value) -> None:
        """Link a socket to an input, or set the input's default."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif value is not None:
            socket.default_value = value

    def out(
        self, kind: str, *values: Value, named: dict[str, Value] | None = None, **properties: Any
    ) -> Socket:
        """Add a node as `add` does and return its first enabled output."""
        node = self.add(kind, *values, named=named, **properties)
        return next(socket for socket in node.outputs if socket.enabled)

    def instance_of(self, thing: bpy.types.Object) -> Socket:
        """Return an object's geometry as one instance, where the object's own transform is left out."""
        return self.add("GeometryNodeObjectInfo", thing, True, transform_space="ORIGINAL").outputs["Geometry"]

    def children_of(self, collection: bpy.types.Collection) -> Socket:
        """Return a collection's objects as instances to pick from, in the order of their names."""
        return self.out("GeometryNodeCollectionInfo", collection, True, True)

    def math(self, operation: str, *values: Value) -> Socket:
        """Return the result of a Math node."""
        return self.out("ShaderNodeMath", *values, operation=operation)

    def vector(self, operation: str, *values: Value) -> Socket:
        """Return the result of a Vector Math node."""
        return self.out("ShaderNodeVectorMath", *values, operation=operation)

    def separate(self, vector: Socket) -> tuple[Socket, Socket, Socket]:
        """Return the three components of a vector."""
        node = self.add("ShaderNodeSeparateXYZ", vector)
        return node.outputs[0], node.outputs[1], node.outputs[2]

    def combine(self, x: Value = 0.0, y: Value = 0.0, z: Value = 0.0) -> Socket:
        """Return a vector of three components."""
        return self.out("ShaderNodeCombineXYZ", x, y, z)

    def upright_turn(self, angle: Value) -> Socket:
        """Return the rotation about the vertical, counter-clockwise seen from above."""
        return self.out("FunctionNodeAxisAngleToRotation", (0.0, 0.0, 1.0), angle)

    def alpha(self, colour: Socket) -> Socket:
        """Return a colour's alpha."""
        return self.add("FunctionNodeSeparateColor", colour).outputs["Alpha"]

    def attribute(self, name: str, data_type: str = "FLOAT") -> Socket:
        """Return a named attribute of the geometry."""
        return self.out("GeometryNodeInputNamedAttribute", name, data_type=data_type)

    def store(
        self, geometry: Socket, name: str, value: Value, data_type: str = "FLOAT", domain: str = "POINT"
    ) -> Socket:
        """Return the geometry with a value stored under a name."""
        named = {"Name": name, "Value": value}
        return self.out(
            "GeometryNodeStoreNamedAttribute", geometry, named=named, data_type=data_type, domain=domain
        )

    def group_input(self) -> bpy.types.Node:
        """Return a node with the tree's own inputs."""
        return self.tree.nodes.new("NodeGroupInput")

    def finish(self, result: Socket) -> bpy.types.NodeTree:
        """Link the tree's only output and return the tree."""
        self.feed(self.tree.nodes.new("NodeGroupOutput").inputs[0], result)
        return self.tree

    def interface(
        self, name: str, kind: str, direction: Literal["INPUT", "OUTPUT"] = "INPUT", default: Any = None
    ) -> str:
        """Add a socket to the tree's own face; returns its identifier."""
        item = self.tree.interface.new_socket(name, in_out=direction, socket_type=kind)
        if default is not None:
            item.default_value = default
        return str(item.identifier)


def enclosed(tree: bpy.types.NodeTree) -> bpy.types.NodeTree:
    """Return a tree of the same name and face that holds another as its only node.

    Of a modifier's own tree Blender keeps a log of what each socket gives, and walks for that through all
    meshes that are instanced, at each change of frame; of a group in it only while an editor shows it.
    """
    name = tree.name
    tree.name = f"{name} Nodes"
    outer = Tree.geometry(name)
    for item in tree.interface.items_tree:
        copied = outer.tree.interface.new_socket(
            item.name, in_out=item.in_out, socket_type=item.bl_socket_idname
        )
        for setting in ("default_value", "min_value", "max_value"):
            if hasattr(item, setting):
                setattr(copied, setting, getattr(item, setting))
    group = outer.add("GeometryNodeGroup", node_tree=tree)
    begin, end = outer.group_input(), outer.tree.nodes.new("NodeGroupOutput")
    for socket, inner in zip(begin.outputs, group.inputs, strict=False):
        outer.feed(inner, socket)
    for inner, socket in zip(group.outputs, end.inputs, strict=False):
        outer.feed(socket, inner)
    return outer.tree


def load_sequence(first: Path, colour_space: str) -> bpy.types.Image:
    """Return a set of data textures as an image sequence, named after its files."""
    image = bpy.data.images.load(str(first))
    image.name = first.stem.rpartition("_")[0]
    image.source = "SEQUENCE"
    image.colorspace_settings.name = colour_space
    image.alpha_mode = "CHANNEL_PACKED"
    return image


def sample_texture(
    tree: Tree, image: Value, address: Socket, frame: Value, layer: int = 0, layers: int = 1
) -> tuple[Socket, Socket]:
    """Read a data texture: performers' pixels by address and number of the file.

    Parameters
    ----------
    tree : Tree
    image : socket or bpy.types.Image
    address : socket
        (u, v, 0) in a layer by itself; see `TextureSet.addresses`.
    frame : socket or int
    layer, layers : int
        Which layer, from below, of how many.

    Returns
    -------
    colour, alpha : sockets
    """
    if layers > 1:
        address = tree.vector("MULTIPLY_ADD", address, (1.0, 1 / layers, 0.0), (0.0, layer / layers, 0.0))
    node = tree.add(
        "GeometryNodeImageTexture",
        named={"Image": image, "Vector": address, "Frame": frame},
        interpolation="Closest",
    )
    return node.outputs["Color"], node.outputs["Alpha"]
