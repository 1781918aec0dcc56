"""What a change of frame costs: only what moves is worked out again, and Blender logs none of it."""

from __future__ import annotations

import bpy
import pytest
from cardstunt.blender_addon.nodes.tree import Tree, enclosed

pytestmark = pytest.mark.blender

MOVING = {"Card Section", "Spectators", "Flags", "Torch Flame", "Traffic", "Strollers"}


def tree_of(thing):
    return thing.modifiers[0].node_group if thing.modifiers else None


def moving(scene):
    """Names of the objects that move, with the troupes."""
    trees = {thing.name: tree_of(thing) for thing in scene.objects}
    troupes = {name for name, tree in trees.items() if tree and tree.name.startswith("Gymnasts ")}
    assert troupes
    return troupes | MOVING & set(trees)


def test_an_enclosed_tree_has_the_same_name_and_face():
    tree = Tree.geometry("Thing")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Speed", "NodeSocketFloat", default=2.5)
    tree.tree.interface.items_tree["Speed"].min_value = 0.5
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    outer = enclosed(tree.finish(tree.group_input().outputs["Geometry"]))
    assert outer.name == "Thing"
    assert [(item.name, item.in_out) for item in outer.interface.items_tree] == [
        (item.name, item.in_out) for item in tree.tree.interface.items_tree
    ]
    speed = outer.interface.items_tree["Speed"]
    assert (speed.default_value, speed.min_value) == (2.5, 0.5)
    (group,) = (node for node in outer.nodes if node.bl_idname == "GeometryNodeGroup")
    assert group.node_tree == tree.tree
    assert all(socket.is_linked for socket in group.inputs if socket.name)


def test_a_change_of_frame_works_out_only_what_moves(scene):
    """All other objects with nodes keep what they gave before."""
    scene.frame_set(1)
    depsgraph = bpy.context.evaluated_depsgraph_get()

    def taken():
        things = (thing.evaluated_get(depsgraph) for thing in bpy.data.objects if thing.modifiers)
        return {thing.name: [modifier.execution_time for modifier in thing.modifiers] for thing in things}

    before = taken()
    worked_out = set()
    for frame in range(2, 9):
        scene.frame_set(frame)
        after = taken()
        worked_out |= {name for name in after if after[name] != before[name]}
        before = after
    assert worked_out == moving(scene)


def test_what_moves_is_a_group_in_its_modifiers_tree(scene):
    for name in moving(scene):
        nodes = tree_of(scene.objects[name]).nodes
        assert sorted(node.type for node in nodes) == ["GROUP", "GROUP_INPUT", "GROUP_OUTPUT"], name
