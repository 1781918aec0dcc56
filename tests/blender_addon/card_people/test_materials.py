"""What people are made of differs a little from one to the next, and is on average what the show says."""

from __future__ import annotations

import bpy
import pytest
from cardstunt.blender_addon.card_people.bodies import LOOKS, NEAR
from cardstunt.blender_addon.card_people.materials import (
    TINT,
    build_far_materials,
    build_leaf_materials,
    build_materials,
)
from cardstunt.blender_addon.figures import Part

pytestmark = pytest.mark.blender


@pytest.fixture(autouse=True)
def _empty():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


def nodes(material, kind):
    return [node for node in material.node_tree.nodes if node.bl_idname == kind]


@pytest.mark.parametrize(
    ("mode", "left", "right"),
    [
        ("books", "page_left", "page_new"),
        ("cards", "page_new", "page_new"),
        ("two_sided", "page_back", "page_front"),
    ],
)
def test_pages_have_the_textures_colours_on_uneven_paper(mode, left, right):
    slots = build_materials(mode, (0.1, 0.2, 0.3))
    assert len(slots) == len(Part)
    for part, attribute in ((Part.LEFT_PAGE, left), (Part.RIGHT_PAGE, right)):
        asked = {node.attribute_name for node in nodes(slots[part], "ShaderNodeAttribute")}
        assert asked == {attribute, "person"}
        (factor,) = (n for n in nodes(slots[part], "ShaderNodeMath") if n.operation == "MULTIPLY_ADD")
        spread, least = (factor.inputs[k].default_value for k in (1, 2))
        # Of a number that is even over 0..1 the mean is one half.
        assert least + spread / 2 == pytest.approx(1.0)
        assert 0 < spread < 0.05


def test_a_cover_is_of_the_colour_that_was_asked_for():
    (cover,) = nodes(build_materials("books", (0.1, 0.2, 0.3))[Part.COVER], "ShaderNodeBsdfDiffuse")
    assert tuple(cover.inputs["Color"].default_value)[:3] == pytest.approx((0.1, 0.2, 0.3))


def test_as_many_caps_are_seen_from_afar_as_from_near():
    near = build_materials("books", (0.1, 0.2, 0.3))
    far = build_far_materials(near)
    assert [a == b for a, b in zip(near, far, strict=True)].count(False) == 1
    (ramp,) = nodes(far[Part.HAIR], "ShaderNodeValToRGB")
    pale = [element for element in ramp.color_ramp.elements if element.color[0] > 0.5]
    assert len(ramp.color_ramp.elements) == len(LOOKS[NEAR])
    assert len(pale) == sum(look.head.cap for look in LOOKS[NEAR]) > 0


def test_people_are_darker_where_their_mesh_says():
    slots = build_materials("books", (0.1, 0.2, 0.3))
    for part in (Part.SKIN, Part.COSTUME, Part.ACCENT, Part.HAIR, Part.TRIM, Part.LIPS, Part.EYE):
        asked = {
            (node.attribute_type, node.attribute_name) for node in nodes(slots[part], "ShaderNodeAttribute")
        }
        assert ("GEOMETRY", TINT) in asked
    for part in (Part.LEFT_PAGE, Part.RIGHT_PAGE, Part.COVER):
        assert all(node.attribute_name != TINT for node in nodes(slots[part], "ShaderNodeAttribute"))


def test_the_arm_that_comes_with_a_leaf_is_of_skin_and_cloth():
    slots = build_leaf_materials(len(Part))
    leaf = slots[Part.RIGHT_PAGE]
    others = [Part.SKIN, Part.COSTUME, Part.TRIM]
    assert [part for part in range(len(slots)) if slots[part] != leaf] == others
    assert len({slots[part] for part in others}) == 3
