"""Each shot's camera stands where the show says, looks where it says, and is the one that its frames use."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from bpy_extras.object_utils import world_to_camera_view
from cardstunt.blender_addon.cameras import build_cameras, focus_distance, place, shot_path
from cardstunt.kernels.bowl_presets import MAY_DAY
from cardstunt.kernels.bowl_seats import card_section_seats
from cardstunt.scenes.timeline import film_timeline
from mathutils import Vector

pytestmark = pytest.mark.blender


def seen(scene, target):
    """Where a place lies in the picture: across and up 0..1, and its planar distance."""
    return np.array(world_to_camera_view(scene, scene.camera, Vector(target)))


def test_each_frame_is_seen_by_its_shots_camera(scene, tiny):
    names = [shot.name for shot in tiny.show.film.shots]
    for frame in reversed(film_timeline(tiny.show).frames):
        scene.frame_set(frame.index)
        assert scene.camera.name == names[frame.shot]
        assert scene.camera.data.lens == pytest.approx(1000 * tiny.show.film.shots[frame.shot].lens)
        assert scene.camera.data.sensor_width == pytest.approx(36)


def test_cameras_stand_where_the_shots_say(scene, tiny):
    for frame in film_timeline(tiny.show).frames:
        scene.frame_set(frame.index)
        shot = tiny.show.film.shots[frame.shot]
        places, _ = shot_path(tiny, shot, float(frame.progress))
        assert np.array(scene.camera.matrix_world.translation) == pytest.approx(places[0], abs=1e-4)
    # A frame that is held holds its camera too.
    scene.frame_set(1)
    first = scene.camera.matrix_world.copy()
    scene.frame_set(2)
    assert scene.camera.matrix_world == first
    scene.frame_set(3)
    assert scene.camera.matrix_world != first


def test_the_target_is_in_the_middle_of_the_picture(scene, tiny):
    for frame in film_timeline(tiny.show).frames:
        scene.frame_set(frame.index)
        x, y, z = place(tiny, "card_section")
        middle = seen(scene, (x, y, z))
        assert middle[:2] == pytest.approx([0.5, 0.5], abs=1e-4)
        assert seen(scene, (x, y, z + 3))[1] > middle[1]


def test_the_focus_is_the_planar_distance_to_what_is_named(scene, tiny):
    for frame in film_timeline(tiny.show).frames:
        scene.frame_set(frame.index)
        shot = tiny.show.film.shots[frame.shot]
        named = tiny.show.film.tilt_shift_of(shot).focus
        depth = seen(scene, place(tiny, named))[2]
        assert focus_distance(tiny, shot, float(frame.progress)) == pytest.approx(max(1, depth), rel=1e-5)


def test_a_focus_in_metres_is_taken_as_it_is(changed_show):
    loaded = changed_show(("focus: field", "focus: 42.5 m"))
    assert focus_distance(loaded, loaded.show.film.shots[1], 0.5) == 42.5


def test_a_focus_behind_the_camera_is_one_metre_before_it(changed_show):
    loaded = changed_show(("to: [45 m, 0 m, 15 m]", "to: [45 m, 0 m, 15 m], look_at: [500 m, 0 m, 15 m]"))
    assert focus_distance(loaded, loaded.show.film.shots[1], 0.9) == 1.0


def test_named_places_are_where_they_should_be(tiny):
    seats, _ = card_section_seats(MAY_DAY, 20, 10)
    x, y, z = place(tiny, "card_section")
    assert seats[:, 0].min() < x < seats[:, 0].max()
    assert y == pytest.approx(0, abs=1e-9)
    assert seats[:, 2].min() < z - 1 < seats[:, 2].max()
    assert place(tiny, "field") == pytest.approx([0, 0, 1])
    assert place(tiny, (1.0, 2.0, 3.0)).tolist() == [1, 2, 3]


def test_the_card_section_is_where_its_seats_are(changed_show):
    """On an arc in the north; and where half of its seats are left out, in the middle of the others."""
    arc = "seats: { arc: { radius: 60 m, from: 95 deg, to: 85 deg, height: 2 m }, gaps: [GAP] }"
    gap = "{ rows: 1-10, columns: 1-10 }"
    whole = changed_show(("  rows: 10\n", f"  rows: 10\n  {arc.replace('GAP', '')}\n"))
    x, y, z = place(whole, "card_section")
    assert (x, y) == (pytest.approx(0, abs=1e-6), pytest.approx(63.4, abs=0.5))
    assert z == pytest.approx(1 + 2 + 0.4 * 4.5)
    half = changed_show(("  rows: 10\n", f"  rows: 10\n  {arc.replace('GAP', gap)}\n"))
    assert place(half, "card_section")[0] == pytest.approx(60 * np.radians(2.5), rel=0.1)


WIDE = "{ orbit: { height: 50 m, radius: 90 m, from: 170 deg, to: 190 deg, look_at: card_section } }"


@pytest.mark.parametrize(
    ("move", "up"),
    [
        ("{ look_down: { height: 120 m } }", [1, 0, 0]),
        ("{ look_down: { height: 120 m, from: [5 m, -8 m], to: [-4 m, 9 m], turn: 90 deg } }", [0, 1, 0]),
    ],
)
def test_looking_down_has_the_card_section_at_the_top(changed_show, move, up):
    loaded = changed_show((WIDE, move))
    places, rotations = shot_path(loaded, loaded.show.film.shots[0], [0.0, 0.5, 1.0])
    assert places[:, 2].tolist() == [120, 120, 120]
    camera = bpy.data.objects.new("Down", bpy.data.cameras.new("Down"))
    for rotation, wanted in ((rotations[0], [1, 0, 0]), (rotations[2], up)):
        camera.rotation_euler = rotation
        turned = camera.rotation_euler.to_matrix()
        assert np.array(turned @ Vector((0, 0, -1))) == pytest.approx([0, 0, -1], abs=1e-6)
        assert np.array(turned @ Vector((0, 1, 0))) == pytest.approx(wanted, abs=1e-6)
    bpy.data.objects.remove(camera)


def test_paths_are_smooth(tiny):
    progress = np.linspace(0, 1, 400)
    for shot in tiny.show.film.shots:
        places, rotations = shot_path(tiny, shot, progress)
        assert np.abs(np.diff(places, axis=0)).max() < 0.5
        assert np.abs(np.diff(rotations, axis=0)).max() < 0.02


def test_two_shots_of_one_name_apart_from_case_keep_their_cameras(changed_show):
    """Blender's names are unique; the markers hold the camera, not its name."""
    loaded = changed_show(("name: near", "name: Wide"))
    scene = bpy.data.scenes.new("Two")
    build_cameras(loaded, film_timeline(loaded.show), scene, scene.collection)
    cameras = [marker.camera for marker in scene.timeline_markers]
    assert [camera.data.lens for camera in cameras] == pytest.approx([35, 50])
    assert [marker.frame for marker in scene.timeline_markers] == [1, 7]
    assert scene.camera == cameras[0]
    bpy.data.scenes.remove(scene)
