"""The named inputs of Geometry Nodes modifiers: set, read, and driven by those of another object."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import bpy


class NoSuchInputError(KeyError):
    """A name that is none of a modifier's inputs; the message lists those it has."""

    def __str__(self) -> str:
        return str(self.args[0])


def input_names(modifier: bpy.types.NodesModifier) -> dict[str, bpy.types.NodeTreeInterfaceSocket]:
    """Return the inputs of a modifier by name, but for its geometry."""
    return {
        item.name: item
        for item in modifier.node_group.interface.items_tree
        if item.item_type == "SOCKET" and item.in_out == "INPUT" and item.socket_type != "NodeSocketGeometry"
    }


def set_input(modifier: bpy.types.NodesModifier, name: str, value: Any) -> None:
    """Set an input of a modifier by its name; of a menu, by the name of the choice.

    Raises
    ------
    NoSuchInputError
        When the modifier has no input of that name.
    """
    item = _input(modifier, name)
    if hasattr(modifier, "properties"):  # Blender 5.2 and newer
        getattr(modifier.properties.inputs, item.identifier).value = value
    else:
        if item.socket_type == "NodeSocketMenu":
            value = _choices(modifier.node_group, name).index(value)
        modifier[item.identifier] = value
    modifier.id_data.update_tag()


def get_input(modifier: bpy.types.NodesModifier, name: str) -> Any:
    """Return the value of an input of a modifier by its name; of a menu, the choice's name.

    Raises
    ------
    NoSuchInputError
        When the modifier has no input of that name.
    """
    item = _input(modifier, name)
    if hasattr(modifier, "properties"):
        return getattr(modifier.properties.inputs, item.identifier).value
    value = modifier[item.identifier]
    return _choices(modifier.node_group, name)[value] if item.socket_type == "NodeSocketMenu" else value


def follow(
    target_modifier: bpy.types.NodesModifier,
    source_object: bpy.types.Object,
    source_modifier: bpy.types.NodesModifier,
    prefix: str = "",
    without: Collection[str] = (),
) -> None:
    """Let the inputs of a modifier follow those of another object's modifier that have the same names.

    Numbers are driven, without any Python: they follow in stock Blender too. Objects, which no driver can
    set, are copied.

    Parameters
    ----------
    target_modifier, source_modifier : bpy.types.NodesModifier
    source_object : bpy.types.Object
        Whose modifier the source is.
    prefix : str
        What the target's names begin with: with "Lower ", its "Lower Rows" follows "Rows".
    without : collection of str
        The source's names that nothing follows.
    """
    targets = input_names(target_modifier)
    for name, item in input_names(source_modifier).items():
        target = targets.get(prefix + name)
        if target is None or name in without or target.socket_type != item.socket_type:
            continue
        if item.socket_type in {"NodeSocketFloat", "NodeSocketInt"}:
            _drive(target_modifier, target.identifier, source_object, _path(source_modifier, item.identifier))
        elif item.socket_type == "NodeSocketObject":
            set_input(target_modifier, prefix + name, get_input(source_modifier, name))


def _drive(
    modifier: bpy.types.NodesModifier, identifier: str, source: bpy.types.Object, source_path: str
) -> None:
    curve = modifier.id_data.driver_add(_path(modifier, identifier))
    # A new driver brings a modifier that would bend its value.
    for shaper in list(curve.modifiers):
        curve.modifiers.remove(shaper)
    curve.driver.type = "SUM"
    variable = curve.driver.variables.new()
    variable.type = "SINGLE_PROP"
    variable.targets[0].id = source
    variable.targets[0].data_path = source_path


def _path(modifier: bpy.types.NodesModifier, identifier: str) -> str:
    if hasattr(modifier, "properties"):
        return f'modifiers["{modifier.name}"].properties.inputs.{identifier}.value'
    return f'modifiers["{modifier.name}"]["{identifier}"]'


def _input(modifier: bpy.types.NodesModifier, name: str) -> bpy.types.NodeTreeInterfaceSocket:
    names = input_names(modifier)
    if name not in names:
        raise NoSuchInputError(
            f'the modifier "{modifier.name}" has no input "{name}"; it has {", ".join(names)}'
        )
    return names[name]


def _choices(tree: bpy.types.NodeTree, name: str) -> list[str]:
    """Return the choices of a menu input: those of the switch that it is linked to."""
    return next(
        [item.name for item in link.to_node.enum_items]
        for link in tree.links
        if link.from_node.bl_idname == "NodeGroupInput" and link.from_socket.name == name
    )
