"""The true tilt-shift picture, path-traced through a tilted thin lens, against the kernel that imitates it.

    python benchmarks/ground_truth.py [--tilt DEGREES] [--samples N] [--width PIXELS] [--folder FOLDER]

A town of 2,500 boxes that shine by themselves, so that nothing but the lens makes a picture noisy. With
--folder the two renders are kept there and used again.

Traps: OSL's own library is in bpy's site-packages, which must be on the path or a custom camera renders
black; a custom camera's depth is radial, a perspective camera's is planar; a multilayer EXR has one part a
pass.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
import numpy as np
from cardstunt.kernels.lens import aperture_diameter, circle_of_confusion, image_distance
from cardstunt.kernels.tilt_shift import blur

if TYPE_CHECKING:
    from numpy.typing import NDArray

SENSOR_WIDTH = 0.036
FOCAL_LENGTH = 0.035
F_NUMBER = 1.4
MINIATURE = 200.0
FOCUS = 185.0
ASPECT = 16 / 9
SHARP_SAMPLES = 64
BOXES = 2500
COLOURS = (
    (0.9, 0.1, 0.08),
    (0.95, 0.7, 0.1),
    (0.1, 0.35, 0.9),
    (0.9, 0.9, 0.88),
    (0.15, 0.6, 0.25),
    (0.2, 0.2, 0.22),
)
GROUND = (0.18, 0.35, 0.15)


@dataclass(frozen=True)
class Pictures:
    """The town through the lens and through a pinhole."""

    truth: NDArray[np.float32]  # (H, W, 3) linear
    sharp: NDArray[np.float32]  # (H, W, 3) linear
    depth: NDArray[np.float32]  # (H, W) planar metres


def _shining(name: str, colour: tuple[float, float, float]) -> Any:
    material = bpy.data.materials.new(name)
    if material.node_tree is None:
        material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    light, surface = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    light.inputs["Color"].default_value = (*colour, 1)
    links.new(light.outputs[0], surface.inputs["Surface"])
    return material


def _build_town() -> None:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    random = np.random.default_rng(3)
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    sides = ((0, 1, 2, 3), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))
    vertices: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    colour_of_face: list[int] = []
    for _ in range(BOXES):
        x, y = random.uniform(-120, 120), random.uniform(-100, 260)
        half_width, tall = random.uniform(1, 5), random.uniform(1, 12)
        first = len(vertices)
        vertices += [(x + i * half_width, y + j * half_width, z) for z in (0, tall) for i, j in corners]
        faces += [tuple(first + corner for corner in side) for side in sides]
        colour_of_face += [int(index) for index in random.integers(0, len(COLOURS), len(sides))]
    mesh = bpy.data.meshes.new("town")
    mesh.from_pydata(vertices, [], faces)
    for number, colour in enumerate(COLOURS):
        mesh.materials.append(_shining(f"colour {number}", colour))
    mesh.polygons.foreach_set("material_index", colour_of_face)
    bpy.context.scene.collection.objects.link(bpy.data.objects.new("town", mesh))
    bpy.ops.mesh.primitive_plane_add(size=3000, location=(0, 600, 0))
    bpy.context.object.data.materials.append(_shining("ground", GROUND))


def _tilted_lens(camera: Any, tilt: float) -> None:
    text = bpy.data.texts.new("tilted_lens.osl")
    text.write(Path(__file__).with_name("tilted_lens.osl").read_text(encoding="utf-8"))
    camera.type, camera.custom_mode, camera.custom_shader = "CUSTOM", "INTERNAL", text
    settings = {
        "focal_length": FOCAL_LENGTH,
        "image_distance": image_distance(FOCAL_LENGTH, MINIATURE, tilt, FOCUS),
        "opening": aperture_diameter(FOCAL_LENGTH, F_NUMBER),
        "miniature": MINIATURE,
        "tilt": tilt,
        "sensor_width": SENSOR_WIDTH,
        "aspect": ASPECT,
    }
    for name, value in settings.items():
        camera.cycles_custom[name] = float(value)
    camera.update_tag()


def _render(path: Path, width: int, samples: int, tilt: float, *, through_lens: bool) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"  # before the camera: only Cycles reads a shader's settings
    camera = bpy.data.cameras.new("camera")
    holder = bpy.data.objects.new("camera", camera)
    scene.collection.objects.link(holder)
    holder.location, holder.rotation_euler = (0, -165, 85), (math.radians(64), 0, 0)
    scene.camera = holder
    camera.clip_start, camera.clip_end, camera.sensor_width = 0.01, 1e5, SENSOR_WIDTH * 1000
    camera.lens = image_distance(FOCAL_LENGTH, MINIATURE, tilt, FOCUS) * 1000
    if through_lens:
        _tilted_lens(camera, tilt)
    cycles, settings = scene.cycles, scene.render
    cycles.device, cycles.samples = "CPU", samples if through_lens else SHARP_SAMPLES
    cycles.use_denoising, cycles.use_adaptive_sampling, cycles.max_bounces = False, False, 0
    cycles.pixel_filter_type = "BOX"
    settings.resolution_x, settings.resolution_y = width, round(width / ASPECT)
    scene.view_layers[0].use_pass_z = True
    settings.image_settings.media_type = "MULTI_LAYER_IMAGE"
    settings.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.image_settings.color_depth = "32"
    settings.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def _read(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the channels of an EXR by their names after the layer's, as "Combined.R"."""
    import OpenImageIO as oiio  # noqa: N813, PLC0415  Blender's own, there only once its folder is on the path

    source = oiio.ImageInput.open(str(path))
    if source is None:
        raise OSError(f"{path} cannot be read: {oiio.geterror()}")
    channels, part = {}, 0
    while source.seek_subimage(part, 0):
        spec = source.spec()
        pixels = source.read_image(part, 0, 0, spec.nchannels, "float")
        pixels = np.asarray(pixels).reshape(spec.height, spec.width, -1)
        for index, name in enumerate(spec.channelnames):
            channels[name.partition(".")[2]] = pixels[..., index]
        part += 1
    source.close()
    return channels


def _colours(channels: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.stack([channels[f"Combined.{name}"] for name in "RGB"], -1)


def pictures(folder: Path, *, tilt: float = 0.0, samples: int = 256, width: int = 480) -> Pictures:
    """Render the town, or read it if it is in the folder already.

    Parameters
    ----------
    folder
        Where the renders are written.
    tilt
        Radians.
    samples
        A pixel, for the true picture.
    width
        Pixels.
    """
    for place in Path(bpy.utils.resource_path("LOCAL")).glob("python/lib/python3*/site-packages"):
        if str(place) not in sys.path:
            sys.path.append(str(place))
    name = f"{width}_{math.degrees(tilt):+.2f}"
    truth, sharp = folder / f"truth_{name}_{samples}.exr", folder / f"sharp_{name}.exr"
    if not (truth.exists() and sharp.exists()):
        _build_town()
        _render(truth, width, samples, tilt, through_lens=True)
        _render(sharp, width, samples, tilt, through_lens=False)
    seen = _read(sharp)
    return Pictures(_colours(_read(truth)), _colours(seen), seen["Depth.Z"])


def radius_of(depth: NDArray[np.float32], tilt: float) -> NDArray[np.float32]:
    """Return the circle of confusion of the benchmark's lens, (H, W) pixels."""
    radius: NDArray[np.float32] = circle_of_confusion(
        depth,
        focal=FOCAL_LENGTH,
        image_distance=image_distance(FOCAL_LENGTH, MINIATURE, tilt, FOCUS),
        aperture=aperture_diameter(FOCAL_LENGTH, F_NUMBER),
        scale=MINIATURE,
        tilt=tilt,
        sensor_width=SENSOR_WIDTH,
    )
    return radius


def decibels(picture: NDArray[np.float32], truth: NDArray[np.float32], border: int = 0) -> float:
    """Return the peak signal-to-noise ratio of two linear pictures as sRGB shows them, without a border."""
    inside = slice(border, picture.shape[0] - border), slice(border, picture.shape[1] - border)

    def encoded(linear: NDArray[np.float32]) -> NDArray[np.float64]:
        light = np.clip(linear.astype(np.float64), 0, None)
        return np.clip(np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055), 0, 1)

    return float(-10 * np.log10(np.mean((encoded(picture[inside]) - encoded(truth[inside])) ** 2)))


def main() -> None:
    """Render, blur, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tilt", type=float, default=0.0, help="degrees")
    parser.add_argument("--samples", type=int, default=256)
    parser.add_argument("--width", type=int, default=480)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    tilt = math.radians(chosen.tilt)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        got = pictures(folder, tilt=tilt, samples=chosen.samples, width=chosen.width)
    radius = radius_of(got.depth, tilt)
    blurred = blur(got.sharp, radius)
    border = math.ceil(float(abs(radius).max()))
    print(f"radius             {radius.min():.1f} to {radius.max():.1f} px")
    print(f"no blur            {decibels(got.sharp, got.truth):.2f} dB")
    print(f"tilt-shift         {decibels(blurred, got.truth):.2f} dB")
    print(f"without its border {decibels(blurred, got.truth, border):.2f} dB ({border} px)")


if __name__ == "__main__":
    main()
