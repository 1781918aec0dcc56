"""The card section in the scene: seats where the map says, and screens that show their cells."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_show
from cardstunt.blender_addon.build import build_file
from cardstunt.blender_addon.build_section import build_section
from cardstunt.blender_addon.card_holders import HOLDS
from cardstunt.blender_addon.card_people.bodies import LOOKS, NEAR
from cardstunt.blender_addon.light import LIGHTS
from cardstunt.blender_addon.nodes.clock import build_clock
from cardstunt.blender_addon.rendered import read_rendered
from cardstunt.kernels.film_views import FilmViews
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.timeline import film_timeline
from PIL import Image

pytestmark = pytest.mark.blender


def build(changed_show, folder, *changes, views=None):
    """Build the card section of a changed show alone; returns what it was built from."""
    loaded = changed_show(*changes)
    timeline, compiled = film_timeline(loaded.show), compile_show(loaded)
    bake = bake_show(loaded, timeline, folder / "textures", lambda *progress: None, compiled)
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    root, frames = bpy.context.scene.collection, timeline.frames
    clock = build_clock([frame.index for frame in frames], [frame.sample for frame in frames], root)
    build_section(loaded.show, timeline, bake, clock, root, views)
    return timeline, compiled.section, bake


def build_and_open(changed_show, folder, *changes):
    """Build and open a changed show; returns what it was built from."""
    loaded = changed_show(*changes)
    timeline, compiled = film_timeline(loaded.show), compile_show(loaded)
    bake = bake_show(loaded, timeline, folder / "textures", lambda *progress: None, compiled)
    build_file(loaded, timeline, bake, "draft", folder / "show.blend")
    bpy.ops.wm.open_mainfile(filepath=str(folder / "show.blend"))
    return timeline, compiled.section, bake


ROWS = "  rows: 10\n"
SCREENS = ("  palette: { colours: 24, dither: none }\n", "  mode: tablets\n  tablet: { pixels: 3 }\n")


def places_of(name):
    mesh = bpy.data.objects[name].data
    places = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", places)
    return places.reshape(-1, 3)


def test_aisles_and_gaps_stay_empty(changed_show, tmp_path, instances_at):
    """A cell without a seat has nobody, and the others are where the map says."""
    seats = "seats: { aisles: 5, gaps: [{ rows: 9-10, columns: 1-3 }] }"
    timeline, section, _ = build(changed_show, tmp_path, (ROWS, f"{ROWS}  {seats}\n"))
    taken = section.seats.taken
    assert taken.sum() == 200 - 10 - 6
    assert places_of("Card Section") == pytest.approx(section.seats.places[taken], abs=1e-4)
    instances = instances_at(bpy.context.scene, "Card Section", timeline.samples[0].first_frame)
    apart = np.abs(instances.matrix[:, None, :3, 3] - section.seats.places[taken]).max(-1)
    assert apart.min(1).max() < 1e-3
    assert len(instances.model) == section.books.present.sum() < taken.sum()


@pytest.mark.parametrize(
    "where",
    [
        "",
        "  seats: { aisles: 5-6 }\n",
        "  seats: { arc: { radius: 80 m, from: 200 deg, to: 188 deg, height: 8 m } }\n",
        "  seats: { file: seats.csv }\n",
    ],
    ids=["stand", "aisles", "arc", "file"],
)
def test_people_sit_where_the_map_says(changed_show, tmp_path, where):
    changes = [(ROWS, ROWS + where)]
    if "file" in where:
        changes = [("  columns: 20\n  rows: 10\n", where)]
        lines = [
            f"A-{row}-{number},A,{row},{number},{-72 - 0.8 * row},{0.55 * number},{3 + 0.4 * row}"
            for row in range(1, 9)
            for number in range(1, 25)
            if number not in (9, 10)
        ]
        show = tmp_path / "show"
        show.mkdir()
        (show / "seats.csv").write_text("seat,section,row,number,x,y,z\n" + "\n".join(lines) + "\n")
    _, section, _ = build(changed_show, tmp_path, *changes)
    taken = section.seats.places[section.seats.taken]
    assert places_of("Card Section") == pytest.approx(taken, abs=1e-4)
    assert ("Steps" in bpy.data.objects) == ("arc" in where or "file" in where)
    if "Steps" in bpy.data.objects:
        corners = places_of("Steps").reshape(4, 4, len(taken), 3)
        treads = corners[0]
        assert treads.mean(axis=0) == pytest.approx(taken, abs=1e-3)
        # As wide as the seats are apart: a row's steps join.
        apart = np.linalg.norm(taken[1] - taken[0])
        assert np.linalg.norm(treads[0] - treads[3], axis=-1) == pytest.approx(apart, rel=0.1)
        for wall in corners[1:]:
            assert wall[:2, :, 2] == pytest.approx(0)
            assert wall[2:, :, 2] == pytest.approx(np.stack([taken[:, 2]] * 2), abs=1e-3)


def test_each_screen_shows_its_cell_at_its_sample(changed_show, tmp_path):
    """By the corners' places in the picture, and the number of the file that each frame plays."""
    aisle = (ROWS, f"{ROWS}  seats: {{ aisles: 7 }}\n")
    timeline, section, _ = build(changed_show, tmp_path, SCREENS, aisle)
    seats, scene = section.seats, bpy.context.scene
    mesh = scene.objects["Screens"].data
    places = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", places)
    cells = np.empty(len(mesh.loops) * 2, np.float32)
    mesh.uv_layers[0].uv.foreach_get("vector", cells)
    taken = np.flatnonzero(seats.taken)
    assert len(mesh.polygons) == len(taken) == 190
    middle = places.reshape(-1, 4, 3).mean(1)
    assert np.linalg.norm(middle[:, :2] - seats.places[taken, :2], axis=1) == pytest.approx(
        HOLDS["tablets"].rest[0], abs=1e-3
    )
    row, column = np.divmod(taken, 20)
    cells = cells.reshape(-1, 4, 2)
    assert cells.mean(1) == pytest.approx(np.stack([(column + 0.5) / 20, (row + 0.5) / 10], -1), abs=1e-6)
    assert np.ptp(cells, axis=1) == pytest.approx(np.tile([1 / 20, 1 / 10], (190, 1)), abs=1e-6)
    # The viewer, who stands in the west and looks east, has north at the left.
    left, right = places.reshape(-1, 4, 3)[:, [0, 3]].mean(1), places.reshape(-1, 4, 3)[:, [1, 2]].mean(1)
    assert (left[:, 1] > right[:, 1]).all()
    assert (cells[:, [0, 3], 0].max(1) < cells[:, [1, 2], 0].min(1)).all()

    user = bpy.data.materials["Screen"].node_tree.nodes["Screen"].image_user
    for frame in timeline.frames:
        scene.frame_set(frame.index)
        assert frame.index + user.frame_offset == frame.sample
    assert user.frame_duration >= len(timeline.frames)


def test_screens_shine_with_the_kernels_pixels(changed_show, tmp_path):
    """Rendered from before one seat, in a view without a look: the radiance is the colour's own."""
    timeline, _, bake = build_and_open(changed_show, tmp_path, SCREENS, ("absent: 5 %", "absent: 0 %"))
    scene = bpy.context.scene
    for thing in scene.objects:  # only for speed
        thing.hide_render = thing.name not in {"Screens", "Card Section"}
    mesh = scene.objects["Screens"].data
    quad = 4 * 87
    corners = np.array([mesh.vertices[quad + k].co for k in range(4)])
    across, up = corners[1] - corners[0], corners[3] - corners[0]
    normal = np.cross(across, up) / np.linalg.norm(np.cross(across, up))
    camera = bpy.data.cameras.new("Near")
    camera.type, camera.ortho_scale, camera.clip_start = "ORTHO", float(np.linalg.norm(across)), 0.01
    eye = bpy.data.objects.new("Near", camera)
    scene.collection.objects.link(eye)
    frame = np.eye(4)
    frame[:3, 0] = across / np.linalg.norm(across)
    frame[:3, 1] = up / np.linalg.norm(up)
    frame[:3, 2], frame[:3, 3] = normal, corners.mean(0) + 0.1 * normal
    eye.matrix_world = frame.T
    for marker in scene.timeline_markers:
        marker.camera = eye
    scene.camera = eye
    scene.render.resolution_x = scene.render.resolution_y = 30
    scene.cycles.samples, scene.cycles.use_denoising = 4, False
    light = LIGHTS["golden_hour"]
    strength = 700 / light.luminance
    changes = 0
    former = None
    for sample in timeline.samples:
        scene.frame_set(sample.first_frame)
        scene.render.filepath = str(tmp_path / f"{sample.index}.exr")
        bpy.ops.render.render(write_still=True)
        seen = read_rendered(tmp_path / f"{sample.index}.exr")[0].reshape(3, 10, 3, 10, -1)
        # Within each of the screen's pixels: at their edges the picture's own filter mixes two.
        seen = seen[:, 2:8, :, 2:8, :3]
        with Image.open(bake.cards.file(sample.index)) as picture:
            pixels = np.asarray(picture)[::-1].reshape(10, 3, 20, 3, 4)[4, ::-1, 7, :, :3]
        # Half floats have 11 bits; the picture's first row is the upper one.
        wanted = np.broadcast_to((srgb8_to_linear(pixels) * strength)[:, None, :, None], seen.shape)
        assert seen == pytest.approx(wanted, rel=0.02, abs=2e-3 * strength)
        changes += former is not None and not np.allclose(seen, former, atol=0.01 * strength)
        former = seen
    assert changes >= 2


def test_nobody_sits_where_a_screens_holder_is_absent(changed_show, tmp_path, instances_at):
    _, section, _ = build(changed_show, tmp_path, SCREENS, ("absent: 5 %", "absent: 30 %"))
    present = section.books.present
    assert 0 < (~present).sum() < present.size
    instances = instances_at(bpy.context.scene, "Card Section", 1)
    holders = [name.startswith("Card-holder ") for name in instances.model]
    assert sum(holders) == present.sum()
    assert (instances.model == "Empty Seat").sum() == (~present).sum()


def front_camera(bake, distance, width):
    """A camera before the middle of the front row, whose picture is so wide there."""
    places = bake.seats.places.reshape(10, 20, 3)[0]
    heading = bake.seats.facing[10]
    ahead = np.array([np.cos(heading), np.sin(heading), 0.0])
    right = np.cross(-ahead, (0, 0, 1))
    half = width / 2 / distance
    eye = places.mean(0) + distance * ahead + (0, 0, 1.2)
    return FilmViews(
        eye[None], -ahead[None], right[None], np.array([[0.0, 0, 1]]), np.array([[half, half / 2]])
    )


def test_whoever_the_film_sees_from_near_is_detailed(changed_show, tmp_path, instances_at):
    """The near ones differ, and everybody else is as cheap as without a camera."""
    _, section, bake = build(changed_show, tmp_path / "far", ("absent: 5 %", "absent: 0 %"))
    plain = instances_at(bpy.context.scene, "Card Section", 1)
    assert len(plain.model) == section.books.present.sum()
    meshes = {name: len(bpy.data.objects[name].data.vertices) for name in set(plain.model)}
    assert max(meshes.values()) < 300

    views = front_camera(bake, 8.0, 3.0)
    build(changed_show, tmp_path / "near", ("absent: 5 %", "absent: 0 %"), views=views)
    instances = instances_at(bpy.context.scene, "Card Section", 1)
    size = np.array([len(bpy.data.objects[name].data.vertices) for name in instances.model])
    fine = size > 2000
    assert 5 < len(set(instances.model[fine])) <= len(LOOKS[NEAR])
    aside = np.abs((instances.matrix[:, :3, 3] - views.places[0]) @ views.right[0])
    assert 8 < fine.sum() < 180
    assert aside[fine].max() < 5
    assert aside[~fine].mean() > aside[fine].mean()
    assert size[~fine].max() < 300
    assert sorted(map(tuple, instances.matrix[:, :3, 3].round(3).tolist())) == sorted(
        map(tuple, plain.matrix[:, :3, 3].round(3).tolist())
    )


def test_nobody_holds_the_book_quite_like_the_neighbour(changed_show, tmp_path, instances_at):
    """People are turned by a few degrees at most, and no two alike."""
    build(changed_show, tmp_path)
    instances = instances_at(bpy.context.scene, "Card Section", 1)
    up = instances.matrix[:, :3, 2]
    lean = np.degrees(np.arccos(up[:, 2]))
    assert 0.5 < lean.mean() < 2.5
    assert lean.max() < 4
    assert len(np.unique(up.round(6), axis=0)) == len(up)
