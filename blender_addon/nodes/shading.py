"""What shaders are written with: closures, colours picked by a number, attributes of the instance."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from .tree import Socket, Tree

Colour = tuple[float, float, float]


def new_shader(name: str) -> tuple[bpy.types.Material, Tree]:
    """Return a new material and its empty tree."""
    material = bpy.data.materials.new(name)
    tree = Tree(material.node_tree)
    tree.tree.nodes.clear()
    return material, tree


def set_surface(tree: Tree, shader: Socket) -> None:
    """Let a closure be the material's surface."""
    tree.feed(tree.tree.nodes.new("ShaderNodeOutputMaterial").inputs["Surface"], shader)


def matte_closure(tree: Tree, colour: object, roughness: float = 0.0) -> Socket:
    """Return a diffuse closure; cloth has a roughness."""
    return tree.out("ShaderNodeBsdfDiffuse", colour, roughness)


def of_instance(tree: Tree, name: str, output: str) -> Socket:
    """Return an output ("Color", "Vector", "Fac", "Alpha") of an attribute of the instance."""
    node = tree.add("ShaderNodeAttribute", attribute_type="INSTANCER", attribute_name=name)
    return node.outputs[output]


def pick(tree: Tree, share: Socket, colours: Sequence[Colour]) -> Socket:
    """Return one of the colours by a number in 0..1."""
    node = tree.add("ShaderNodeValToRGB", share)
    ramp = node.color_ramp
    ramp.interpolation = "CONSTANT"
    while len(ramp.elements) < len(colours):
        ramp.elements.new(1.0)
    for i, colour in enumerate(colours):
        ramp.elements[i].position = i / len(colours)
        ramp.elements[i].color = (*colour, 1.0)
    return node.outputs[0]


def fraction(tree: Tree, share: Socket, times: float) -> Socket:
    """Return another, independent-looking number in 0..1 from a first."""
    return tree.math("FRACT", tree.math("MULTIPLY", share, times))
