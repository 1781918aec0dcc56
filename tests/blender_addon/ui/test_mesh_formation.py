"""Formation from Mesh: the mesh as it is seen, a table beside the show, the line in the show, and undo."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("bpy")

import bpy
from cardstunt.blender_addon import ui
from cardstunt.blender_addon.ui import mesh_formation
from cardstunt.blender_addon.ui.mesh_formation import (
    evaluated_mesh,
    formation_line,
    mesh_places,
    put_into_show,
    show_places,
    write_places,
)
from cardstunt.blender_addon.ui.reports import PanelError
from cardstunt.kernels.places import FormationError, minimum_distance
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.formation_files import read_places
from cardstunt.scenes.load import load_show

pytestmark = pytest.mark.blender


@pytest.fixture
def scene():
    """The scene of an empty file."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    yield bpy.context.scene
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


@pytest.fixture
def panel(scene):
    """The scene's settings of a formation, with the panel registered."""
    ui.register()
    yield scene.cardstunt_formation
    ui.unregister()


@pytest.fixture
def show(show_file, tmp_path):
    """A show file that may be changed."""
    return shutil.copytree(show_file.parent, tmp_path / "show") / show_file.name


def mesh_object(vertices, faces=(), edges=(), name="Heart"):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices, edges, faces)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    thing.select_set(True)
    return thing


def plane(side=20.0, name="Heart"):
    half = side / 2
    corners = [(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0)]
    return mesh_object(corners, [(0, 1, 2, 3)], name=name)


def use(show, panel, **settings):
    bpy.context.scene.cardstunt.show, bpy.context.scene.cardstunt.file = "FILE", str(show)
    for name, value in settings.items():
        setattr(panel, name, value)


def refusal():
    with pytest.raises(RuntimeError) as caught:
        bpy.ops.cardstunt.formation_from_mesh()
    return str(caught.value)


def test_a_mesh_is_taken_as_it_is_in_the_world(scene):
    thing = plane(2.0)
    thing.location, thing.rotation_euler, thing.scale = (10, 20, 5), (0, 0, np.pi / 2), (3, 1, 1)
    parent = bpy.data.objects.new("parent", None)
    scene.collection.objects.link(parent)
    parent.location = (0, -40, 0)
    thing.parent = parent
    bpy.context.view_layer.update()
    vertices, triangles = evaluated_mesh(bpy.context, thing)
    assert triangles.shape == (2, 3)
    assert np.sort(vertices[:, 0]) == pytest.approx([9, 9, 11, 11], abs=1e-5)
    assert np.sort(vertices[:, 1]) == pytest.approx([-23, -23, -17, -17], abs=1e-5)


def test_modifiers_are_applied(scene):
    thing = plane(4.0)
    array = thing.modifiers.new("Array", "ARRAY")
    array.count, array.use_relative_offset, array.use_constant_offset = 3, False, True
    array.constant_offset_displace = (10, 0, 0)
    vertices, triangles = evaluated_mesh(bpy.context, thing)
    assert len(vertices) == 12
    assert len(triangles) == 6
    places = mesh_places(bpy.context, thing, 60)
    assert len(places) == 60
    assert sorted(np.rint(places[:, 0] / 10).astype(int).tolist()) == [0] * 20 + [1] * 20 + [2] * 20
    assert minimum_distance(places) >= 0.8 - 1e-6
    assert len(thing.data.vertices) == 4


def test_a_mesh_without_faces_gives_its_vertices(scene):
    spots = [(3, 4, 0), (-3, 4, 1), (0, -7, 0)]
    thing = mesh_object(spots, edges=[(0, 1)])
    thing.location = (10, 0, 0)
    bpy.context.view_layer.update()
    places = mesh_places(bpy.context, thing, 3)
    assert places.tolist() == [[13, 4], [7, 4], [10, -7]]
    with pytest.raises(FormationError, match="1 too few for 4"):
        mesh_places(bpy.context, thing, 4)
    with pytest.raises(FormationError, match="nothing to stand on"):
        mesh_places(bpy.context, thing, 3, source="FACES")


def test_vertices_of_a_mesh_with_faces_may_be_asked_for(scene):
    thing = plane(10.0)
    assert mesh_places(bpy.context, thing, 4, source="VERTICES").tolist() == [
        [-5, -5],
        [5, -5],
        [5, 5],
        [-5, 5],
    ]
    assert len(mesh_places(bpy.context, thing, 5)) == 5


def test_a_curve_that_makes_faces_can_be_stood_on(scene):
    bpy.ops.curve.primitive_bezier_circle_add(radius=10)
    circle = bpy.context.object
    circle.data.dimensions, circle.data.fill_mode = "2D", "BOTH"
    places = mesh_places(bpy.context, circle, 150)
    assert len(places) == 150
    assert np.hypot(*places.T).max() <= 10.05


def test_what_is_being_edited_is_seen(scene):
    thing = plane(10.0)
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.transform.translate(value=(20, 0, 0))
    vertices, _ = evaluated_mesh(bpy.context, thing)
    assert vertices[:, 0].min() == pytest.approx(15)
    bpy.ops.object.mode_set(mode="OBJECT")


def test_a_table_is_read_as_it_was_written(scene, tmp_path):
    places = mesh_places(bpy.context, plane(20.0), 300, placing="blue_noise")
    write_places(tmp_path / "formations" / "heart.csv", places)
    read = read_places(tmp_path / "formations" / "heart.csv", "heart.csv", 300, 0.8)
    assert np.abs(read - places).max() < 1e-6
    assert [path.name for path in (tmp_path / "formations").iterdir()] == ["heart.csv"]


def test_the_line_names_the_table_and_the_spacing():
    assert formation_line("formations/a.csv", 0.8) == "{ csv: formations/a.csv }"
    assert formation_line("formations/a.csv", 0.55) == "{ csv: formations/a.csv, spacing: 0.55 m }"


def test_the_operator_makes_a_formation_of_the_show(panel, show):
    plane()
    use(show, panel, troupe="ribbons", number=2, into="SHOW")
    text = show.read_text(encoding="utf-8")
    assert bpy.ops.cardstunt.formation_from_mesh() == {"FINISHED"}
    line = "{ csv: formations/Heart.csv }"
    assert show.read_text(encoding="utf-8") == text.replace("{ rings: 2 }", line)
    drill = compile_show(load_show(show)).drills["ribbons"]
    shown = bpy.data.objects["Heart places"]
    seen = np.array([vertex.co[:2] for vertex in shown.data.vertices])
    order = np.lexsort(seen.T), np.lexsort(drill.places[1].T)
    assert np.abs(seen[order[0]] - drill.places[1][order[1]]).max() < 1e-4
    assert np.abs(drill.places[1]).max() <= 10
    assert shown.hide_render
    assert bpy.context.active_object.name == "Heart"


def test_the_formations_place_is_reckoned_with(panel, show):
    thing = plane(8.0)
    thing.location = (10, 20, 0)
    bpy.context.view_layer.update()
    use(show, panel, troupe="flags", number=1, into="SHOW")
    bpy.ops.cardstunt.formation_from_mesh()
    # The set stands at 10 m, 20 m, which is where the mesh is.
    table = read_places(show.parent / "formations" / "Heart.csv", "Heart.csv", 10, 0.8)
    assert np.abs(table).max() <= 4
    places = compile_show(load_show(show)).drills["flags"].places[0]
    assert np.abs(places - [10, 20]).max() <= 4


def test_a_second_time_the_table_and_the_points_are_made_anew(panel, show):
    thing = plane()
    use(show, panel, troupe="ribbons", number=2, into="SHOW")
    bpy.ops.cardstunt.formation_from_mesh()
    text, first = show.read_text(encoding="utf-8"), (show.parent / "formations" / "Heart.csv").read_bytes()
    thing.scale = (0.5, 0.5, 1)
    bpy.context.view_layer.update()
    bpy.ops.cardstunt.formation_from_mesh()
    assert show.read_text(encoding="utf-8") == text
    assert (show.parent / "formations" / "Heart.csv").read_bytes() != first
    assert len([thing for thing in bpy.data.objects if "places" in thing.name]) == 1


def test_for_the_clipboard_the_show_stays_as_it_is(panel, show):
    plane(name="My heart: é")
    use(show, panel, troupe="ribbons", number=2, spacing=1.5, placing="centroidal")
    text = show.read_bytes()
    bpy.ops.cardstunt.formation_from_mesh()
    assert show.read_bytes() == text
    table = show.parent / "formations" / "My_heart___.csv"
    assert len(read_places(table, "x", 20, 1.5)) == 20
    assert list(bpy.data.objects) == [bpy.data.objects["My heart: é"], bpy.data.objects["My heart: é places"]]


def test_undo_takes_the_points_away_and_leaves_the_mesh(panel, show):
    plane()
    use(show, panel, troupe="ribbons", number=1)
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.cardstunt.formation_from_mesh("EXEC_DEFAULT", True)
    assert "Heart places" in bpy.data.objects
    bpy.ops.ed.undo()
    assert "Heart places" not in bpy.data.objects
    assert "Heart" in bpy.data.objects


def test_undo_takes_the_line_out_of_the_show_and_leaves_the_table(panel, show):
    plane()
    use(show, panel, troupe="ribbons", number=1, into="SHOW")
    bpy.ops.cardstunt.load_show()
    before = show.read_bytes()
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.cardstunt.formation_from_mesh("EXEC_DEFAULT", True)
    assert b"heart.csv" in show.read_bytes().lower()
    bpy.ops.ed.undo()
    assert show.read_bytes() == before
    assert (show.parent / "formations" / "Heart.csv").is_file()


def test_too_few_places_say_how_many_fit_and_write_nothing(panel, show):
    plane(2.0)
    use(show, panel, troupe="ribbons", number=2, into="SHOW")
    before = show.read_bytes()
    assert "people 0.8 m apart, not 20" in refusal()
    assert show.read_bytes() == before
    assert not (show.parent / "formations").exists()
    assert len(bpy.data.objects) == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"troupe": "ribons"}, "did you mean ribbons"),
        ({}, "choose one of the troupes: ribbons, flags"),
        ({"troupe": "flags", "number": 2}, "flags has no set 2: it has 1"),
    ],
)
def test_a_troupe_and_its_set_must_be_there(panel, show, settings, said):
    plane()
    use(show, panel, **settings)
    assert said in refusal()
    assert not (show.parent / "formations").exists()


def test_a_library_show_stays_as_it_is(panel):
    plane()
    bpy.context.scene.cardstunt.show = "opening_night"
    panel.troupe = "doves"
    assert "library" in refusal()


@pytest.mark.parametrize(("source", "hidden"), [("AUTO", set()), ("VERTICES", {"placing"})])
def test_the_panel_offers_what_is_needed(panel, source, hidden):
    drawn = []

    class Layout:
        def column(self):
            return self

        def prop(self, settings, name):
            assert name in settings.bl_rna.properties
            drawn.append(name)

        def operator(self, name, icon):
            assert icon in bpy.types.UILayout.bl_rna.functions["prop"].parameters["icon"].enum_items
            drawn.append(name)

    panel.source = source
    mesh_formation.FormationPanel.draw(SimpleNamespace(layout=Layout()), bpy.context)
    everything = ["troupe", "number", "source", "placing", "spacing", "into", "cardstunt.formation_from_mesh"]
    assert drawn == [name for name in everything if name not in hidden]


def test_the_troupes_of_the_show_are_offered(panel, show):
    use(show, panel)
    bpy.ops.cardstunt.load_show()
    offered = mesh_formation.FormationSettings._troupes
    assert offered(panel, bpy.context, "") == ["ribbons", "flags"]


def test_without_a_shape_there_is_nothing_to_do(panel, scene):
    assert not bpy.ops.cardstunt.formation_from_mesh.poll()
    lamp = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "POINT"))
    scene.collection.objects.link(lamp)
    bpy.context.view_layer.objects.active = lamp
    assert not bpy.ops.cardstunt.formation_from_mesh.poll()
    plane()
    assert bpy.ops.cardstunt.formation_from_mesh.poll()


def test_a_show_that_would_not_be_whole_stays_as_it_is(show):
    loaded, before = load_show(show), show.read_bytes()
    with pytest.raises(ShowError, match="missing") as caught:
        put_into_show(loaded, "ribbons", 1, "{ csv: formations/missing.csv }")
    assert caught.value.problems[0].file == str(show)
    assert show.read_bytes() == before
    assert not [path for path in show.parent.iterdir() if "part" in path.name]


def test_a_formation_that_is_not_written_there_is_told(show):
    text = show.read_text(encoding="utf-8")
    show.write_text(
        text.replace(
            "formation: { block: { columns: 5 } }, move: march", "formation: &own { block: 5 }, move: march"
        ),
        encoding="utf-8",
    )
    with pytest.raises(PanelError, match=r"write formation: \{ csv: a"):
        put_into_show(load_show(show), "ribbons", 0, "{ csv: a.csv }")


def test_a_table_that_stood_there_is_put_back_when_the_show_refuses(panel, show, monkeypatch):
    table = show.parent / "formations" / "Heart.csv"
    table.parent.mkdir()
    table.write_text("x,y\n1,2\n", encoding="utf-8")

    def refuses(*arguments):
        raise PanelError("no")

    monkeypatch.setattr(mesh_formation, "put_into_show", refuses)
    plane()
    use(show, panel, troupe="ribbons", number=2, into="SHOW")
    assert "no" in refusal()
    assert table.read_text(encoding="utf-8") == "x,y\n1,2\n"


def test_points_never_replace_what_is_somebody_elses(scene):
    thing = plane()
    own = mesh_object([(0, 0, 0)], name="Heart places")
    shown = show_places(bpy.context, thing, np.zeros((2, 2)))
    assert own.name == "Heart places"
    assert shown.name != own.name
    assert len(shown.data.vertices) == 2
