"""A show small enough to be filmed many times, and ways to film it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from cardstunt.blender_addon.blender_libraries import open_image_io
from cardstunt.blender_addon.card_textures import read_cards
from cardstunt.scenes.load import LoadedShow, load_show
from PIL import Image

SHOW = """\
cardstunt: 1
title: Tiny
seed: 3
music: { file: tone.wav, bpm: 120 }
stadium: { light: golden_hour, spectators: 0 % }
card_section:
  columns: 20
  rows: 10
  palette: { colours: 24, dither: none }
  people: { reaction: 100 ms, spread: 80 ms, absent: 5 % }
  pages:
    red: { fill: "#c01020" }
    sky: { image: sky.png }
    dusk: { gradient: { from: "#2060c0", to: "#f0e0a0", angle: 90 deg } }
  cues:
    - { at: 0 s, page: red }
    - { at: 0.1 s, page: sky, flip: { order: sweep, over: 0.7 s, turn: 0.4 s } }
    - { at: 1.1 s, page: dusk, flip: { order: ripple, over: 0.6 s, turn: 0.4 s } }
troupes:
  ribbons:
    count: 20
    costume: { colour: "#d81b60", prop: ribbon }
    drill:
      - { at: 0 s, formation: { block: { columns: 5 } }, move: march }
      - { at: 0.2 s, formation: { rings: 2 }, travel: 1 s, move: { clip: jump, canon: 0.1 s } }
  flags:
    count: 10
    costume: { colour: "#1b60d8", prop: flag }
    drill:
      - { at: 0 s, formation: { block: { columns: 5 } }, place: [10 m, 20 m], move: wave }
film:
  size: 96x54
  fps: 24
  shots:
    - name: wide
      show: 0 s..1 s
      speed: 4x
      camera: { orbit: { height: 50 m, radius: 90 m, from: 170 deg, to: 190 deg, look_at: card_section } }
    - name: near
      show: 1 s..2 s
      speed: 4x
      lens: 50 mm
      camera: { push: { from: [30 m, 0 m, 22 m], to: [45 m, 0 m, 15 m] } }
      tilt_shift: { focus: field }
  tilt_shift: { tilt: -4 deg, scale: 200, f_number: 1.4, focus: card_section }
  look: { hold: 2, saturation: 1.2, contrast: 1.1, grain: 0.2, vignette: 0.2 }
"""
# 12 frames, 6 pictures; in draft quality 48 by 28 pixels, since half of 54 would be odd.

MAIN = "from cardstunt.blender_addon.cli import main; main(prog_name='cardstunt')"


def write_show(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the show with some of its text replaced, and its files; returns the show file."""
    folder.mkdir(parents=True, exist_ok=True)
    text = SHOW
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    across, up = np.meshgrid(np.linspace(0, 255, 20), np.linspace(0, 255, 10))
    sky = np.stack([across, up, 255 - across], -1).astype(np.uint8)
    Image.fromarray(sky).save(folder / "sky.png")
    tone = 0.5 * np.sin(np.arange(8000) * 2 * np.pi * 440 / 8000)
    with wave.open(str(folder / "tone.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes((32767 * tone).astype("<i2").tobytes())
    path = folder / "show.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session", name="write_show")
def write_show_fixture() -> Callable[..., Path]:
    """Return the function that writes the show with some of its text replaced."""
    return write_show


@pytest.fixture
def changed_show(tmp_path: Path) -> Callable[..., LoadedShow]:
    """Return a function that writes the show with some of its text replaced, and loads it."""

    def change(*changes: tuple[str, str]) -> LoadedShow:
        return load_show(write_show(tmp_path / "show", *changes))

    return change


@pytest.fixture(scope="session")
def show_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The show, not to be changed."""
    return write_show(tmp_path_factory.mktemp("shows") / "tiny")


@pytest.fixture(scope="session")
def tiny(show_file: Path) -> LoadedShow:
    """The show, loaded."""
    return load_show(show_file)


def command(*arguments: object, before: str = "") -> list[str]:
    """Return the command line of cardstunt in a process of its own; `before` is Python that runs first."""
    return [sys.executable, "-c", f"{before}\n{MAIN}", *map(str, arguments)]


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def cardstunt() -> Run:
    """Return a function that runs cardstunt in a process of its own, where warnings are errors."""

    def run(
        *arguments: object, before: str = "", folder: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments, before=before),
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "COLUMNS": "300", "PYTHONWARNINGS": "error", **environment},
            timeout=120,
        )

    return run


@pytest.fixture
def start_cardstunt() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts cardstunt in a process group of its own, ended at last."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(subprocess.Popen(command(*arguments), text=True, start_new_session=True, **pipes))
        return started[-1]

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@dataclass(frozen=True)
class Filmed:
    """A film made from the show, not to be changed; `copy` gives one that may be."""

    output: Path
    said: subprocess.CompletedProcess[str]

    @property
    def folder(self) -> Path:
        return self.output.with_suffix(".film")

    def copy(self, folder: Path, *without: str) -> Path:
        """Copy the film and its folder, but for what the patterns match; returns the copy's MP4."""
        shutil.copytree(self.output.parent, folder)
        copy = folder / self.output.name
        for pattern in without:
            found = list(folder.glob(pattern))
            assert found, pattern
            for path in found:
                path.unlink()
        return copy


@pytest.fixture(scope="session")
def filmed(show_file: Path, cardstunt: Run, tmp_path_factory: pytest.TempPathFactory) -> Filmed:
    """The show's film, by the command line, with a relative path."""
    folder = tmp_path_factory.mktemp("films")
    said = cardstunt("film", show_file, "-o", "out/tiny.mp4", folder=folder)
    assert said.returncode == 0, said.stderr
    return Filmed(folder / "out" / "tiny.mp4", said)


@pytest.fixture(scope="session")
def built(show_file: Path, cardstunt: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `cardstunt build` made, not to be changed; it was given by a relative path."""
    folder = tmp_path_factory.mktemp("builds")
    said = cardstunt("build", show_file, "-o", "first place", "--quality", "draft", folder=folder)
    assert said.returncode == 0, said.stderr
    return folder / "first place"


@pytest.fixture
def scene(built: Path) -> Iterator[object]:
    """The built scene, freshly opened in this process."""
    bpy = pytest.importorskip("bpy")
    bpy.ops.wm.open_mainfile(filepath=str(built / "show.blend"))
    yield bpy.context.scene
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


def read_layers(textures, number):
    """The layers of a set's file, (layers, N, 4), from the bottom up."""
    path = textures.file(number)
    if textures.suffix == ".png":
        with Image.open(path) as picture:
            pixels = read_cards(np.asarray(picture)[::-1], textures.height)
    else:
        source = open_image_io().ImageInput.open(str(path))
        assert source.spec().format == "float"
        pixels = np.asarray(source.read_image(0, 0, 0, 4, "float"))[::-1]
        source.close()
    u, v, _ = textures.addresses().T
    column, row = (u * textures.width).astype(int), (v * textures.height).astype(int)
    return np.stack([pixels[layer * textures.height + row, column] for layer in range(textures.layers)])


@pytest.fixture(scope="session")
def layers() -> Callable[..., np.ndarray]:
    """Return the function that reads one file of a set of data textures."""
    return read_layers


class Instances:
    """What an object instances at a frame, or at the one on view: transforms, attributes and models."""

    def __init__(self, scene, name, frame, subframe=0.0):
        bpy = pytest.importorskip("bpy")
        if frame is not None:
            scene.frame_set(frame, subframe=subframe)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        # The arrays die with the geometry.
        self.geometry = bpy.data.objects[name].evaluated_get(depsgraph).evaluated_geometry()
        self.cloud = self.geometry.instances_pointcloud()
        names = [reference.name for reference in self.geometry.instance_references()]
        self.model = np.array(names)[self.read(".reference_index", "value", 1, np.int32)]
        matrices = self.read("instance_transform", "value", 16)
        self.matrix = matrices.reshape(-1, 4, 4).transpose(0, 2, 1)

    def read(self, name, item, width, dtype=np.float32):
        data = self.cloud.attributes[name].data
        values = np.empty(len(data) * width, dtype)
        data.foreach_get(item, values)
        return values.reshape(-1, width) if width > 1 else values

    def colour(self, name, of):
        return self.read(name, "color", 4)[of, :3]


@pytest.fixture(scope="session")
def instances_at() -> type[Instances]:
    """Return the class that reads the instances of an object in a scene at a frame."""
    return Instances
