"""Film: from a show to a finished MP4, in stages that can stop anywhere and go on."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import bpy

from ..scenes.load import LoadedShow
from ..scenes.timeline import FilmTimeline, Sample, film_timeline
from . import render
from .bake import Progress, bake_show
from .build import build_file
from .cameras import SENSOR_WIDTH, focus_distance
from .contact_sheet import write_contact_sheet
from .encode import encode_film, read_music
from .files import read_json, write_json
from .finish import Finish, finish_file
from .interruption import InterruptedFilm, ignore_interrupt, stop_on_interrupt
from .light import LIGHTS
from .quality import Quality
from .rendered import blender_log, rendered_file

SHEET_PICTURES = 3


@dataclass
class Stages:
    """Seconds spent by stage, in the order they came."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the block's time to a stage."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - begun)

    def add(self, name: str, seconds: float) -> None:
        """Add time to a stage."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds


@dataclass(frozen=True)
class FilmResult:
    """A finished film: where it and its companions are, and what they took."""

    film: Path
    sheet: Path
    report: Path
    seconds: Fraction
    took: float


def _source_hash() -> str:
    """Hash of the program's own source, so that a new version renders anew."""
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for folder in ("kernels", "scenes", "blender_addon"):
        for path in sorted((root / folder).rglob("*.py")) + sorted((root / folder).rglob("*.cu")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "blender": bpy.app.version_string}
    for name in ("cardstunt", "numpy", "scipy", "av", "pillow", "pydantic"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _machine() -> dict[str, Any]:
    return {"system": platform.platform(), "processor": platform.machine(), "cores": os.cpu_count()}


def film_keys(loaded: LoadedShow, quality: Quality, versions: dict[str, str]) -> dict[str, str]:
    """Return hashes of what rendered and what finished pictures depend on.

    An edit of the lens's tilt or of the grade leaves the rendered pictures standing.
    """
    show = loaded.show.model_dump()
    film = show["film"]
    finish = {"look": film.pop("look"), "tilt_shift": film.pop("tilt_shift")}
    finish["shots"] = [shot.pop("tilt_shift") for shot in film["shots"]]
    film["hold"] = finish["look"].get("hold")
    show.pop("music"), show.pop("title")
    files = {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(loaded.files().items())
    }
    base = [show, files, quality, versions, _source_hash()]
    rendered = hashlib.sha256(json.dumps(base, sort_keys=True, default=str).encode()).hexdigest()
    finished = hashlib.sha256(
        json.dumps([rendered, finish], sort_keys=True, default=str).encode()
    ).hexdigest()
    return {"rendered": rendered, "finished": finished}


def _discard_stale(folder: Path, keys: dict[str, str]) -> None:
    """Remove pictures that another show, quality or version made."""
    manifest = folder / "film.json"
    stood = read_json(manifest) or {}
    stale = {"rendered": "*.exr", "finished": "*.png"}
    for stage, pattern in stale.items():
        if stood.get(stage) != keys[stage]:
            for path in (folder / stage).glob(pattern):
                path.unlink()
    for aside in folder.glob("*/.*.part.*"):
        aside.unlink()
    if stood.get("rendered") != keys["rendered"]:
        (folder / "show.blend").unlink(missing_ok=True)
    write_json(manifest, keys)


def finish_of(loaded: LoadedShow, sample: Sample, exposure: float) -> Finish:
    """Return what the finish of a sample's picture needs."""
    film = loaded.show.film
    shot = film.shots[sample.shot]
    tilt_shift, look = film.tilt_shift_of(shot), film.look
    return Finish(
        lens=float(shot.lens),
        sensor_width=SENSOR_WIDTH,
        tilt=float(tilt_shift.tilt),
        scale=float(tilt_shift.scale),
        f_number=float(tilt_shift.f_number),
        focus_distance=focus_distance(loaded.show, shot, float(sample.progress)),
        saturation=float(look.saturation),
        contrast=float(look.contrast),
        vignette=float(look.vignette),
        grain=float(look.grain),
        exposure=exposure,
        seed=loaded.show.seed,
        sample=sample.index,
    )


class FilmMaker:
    """Makes one film.

    Parameters
    ----------
    loaded : LoadedShow
    output : Path
        The MP4. Its pictures, textures and .blend stand beside it in a folder of its name with `.film`.
    quality : "draft", "standard" or "final"
    frames : (first, last), optional
        Only these frames of the film, counted from 1.
    progress : callable (stage, done, of)
    """

    def __init__(
        self,
        loaded: LoadedShow,
        output: Path,
        quality: Quality = "draft",
        frames: tuple[int, int] | None = None,
        progress: Progress = lambda stage, done, of: None,
    ) -> None:
        self.loaded, self.output, self.quality, self.progress = loaded, output, quality, progress
        self.folder = output.with_suffix(".film")
        self.timeline: FilmTimeline = film_timeline(loaded.show)
        first, last = frames or (1, len(self.timeline.frames))
        if not 1 <= first <= last <= len(self.timeline.frames):
            raise ValueError(
                f"frames {first}-{last} are not in the film, which has 1-{len(self.timeline.frames)}"
            )
        self.frames = self.timeline.frames[first - 1 : last]
        self.stages = Stages()

    def make(self) -> FilmResult:
        """Make the film, going on from what stands.

        Raises
        ------
        InterruptedFilm
            After Ctrl+C; calling again goes on.
        RenderError, EncodeError, OSError
        """
        begun = time.perf_counter()
        with self.stages.stage("start"):
            versions = _versions()
            keys = film_keys(self.loaded, self.quality, versions)
            _discard_stale(self.folder, keys)
        with stop_on_interrupt() as check:
            samples = self._wanted_samples()
            missing = [
                sample
                for sample in samples
                if not rendered_file(self.folder / "rendered", sample.index).is_file()
            ]
            device = "none"
            if missing:
                self._build()
                with self.stages.stage("open"), blender_log(self.folder / "blender.log"):
                    scene = render.open_blend(self.folder / "show.blend")
                    device = scene.cycles.device
            exposure = LIGHTS[self.loaded.show.stadium.light].exposure + float(
                self.loaded.show.film.look.exposure
            )
            self._render_and_finish(samples, missing, exposure, check)
        with self.stages.stage("encode"):
            self.progress("encode", 0, 1)
            self._encode()
            self.progress("encode", 1, 1)
        with self.stages.stage("sheet"):
            sheet = self.output.with_name(f"{self.output.stem}_sheet.png")
            write_contact_sheet(sheet, self.loaded.show, self._sheet_pictures())
        took = time.perf_counter() - begun
        report = self.output.with_suffix(".json")
        write_json(report, self._report(versions, keys, device, took, len(samples) - len(missing)))
        return FilmResult(self.output, sheet, report, len(self.frames) / self.timeline.fps, took)

    def _wanted_samples(self) -> list[Sample]:
        wanted = sorted({frame.sample for frame in self.frames})
        return [self.timeline.samples[index - 1] for index in wanted]

    def _build(self) -> None:
        with self.stages.stage("bake"):
            bake = bake_show(self.loaded, self.timeline, self.folder / "textures", self.progress)
        blend = self.folder / "show.blend"
        if not blend.is_file():
            self.progress("build", 0, 1)
            with self.stages.stage("build"):
                build_file(self.loaded, self.timeline, bake, self.quality, blend)
            self.progress("build", 1, 1)

    def _finished(self, sample: int) -> Path:
        return self.folder / "finished" / f"{sample:04d}.png"

    def _render_and_finish(
        self, samples: Sequence[Sample], missing: Sequence[Sample], exposure: float, check: Callable[[], None]
    ) -> None:
        """Render what is missing; finish each picture in a worker while Blender renders the next."""
        rendered_folder = self.folder / "rendered"
        waiting: list[Future[float]] = []
        done = len(samples) - len(missing)
        by_index = {sample.index: sample for sample in samples}
        with ProcessPoolExecutor(1, get_context("spawn"), initializer=ignore_interrupt) as worker:

            def finish(sample: Sample) -> None:
                if not self._finished(sample.index).is_file():
                    job = finish_of(self.loaded, sample, exposure)
                    source = rendered_file(rendered_folder, sample.index)
                    waiting.append(worker.submit(finish_file, source, self._finished(sample.index), job))

            def rendered(index: int, seconds: float) -> None:
                nonlocal done
                done += 1
                self.stages.add("render", seconds)
                finish(by_index[index])
                self.progress("render", done, len(samples))
                check()

            self.progress("render", done, len(samples))
            standing = {sample.index for sample in missing}
            for sample in samples:
                if sample.index not in standing:
                    finish(sample)
            if missing:
                frames = [(sample.index, sample.first_frame) for sample in missing]
                render.render_samples(
                    bpy.context.scene, frames, rendered_folder, self.folder / "blender.log", rendered
                )
            with self.stages.stage("wait for finish"):
                for number, future in enumerate(waiting, 1):
                    self.stages.add("finish (processor, beside render)", future.result())
                    self.progress("finish", number, len(waiting))
                    check()

    def _encode(self) -> None:
        music, first = self.loaded.show.music, self.frames[0].index - 1
        sound = None
        if music is not None:
            start, seconds = first / self.timeline.fps, len(self.frames) / self.timeline.fps
            sound = read_music(self.loaded.resolve(music.file), start, seconds)
        pictures = [self._finished(frame.sample) for frame in self.frames]
        encode_film(self.output, pictures, self.timeline.fps, sound)

    def _sheet_pictures(self) -> list[tuple[str, Fraction, Path]]:
        """First, middle and last picture of each shot in the film: shot's name, show time, file."""
        chosen = []
        for number, shot in enumerate(self.loaded.show.film.shots):
            of_shot = [frame for frame in self.frames if frame.shot == number]
            for k in range(SHEET_PICTURES if of_shot else 0):
                frame = of_shot[k * (len(of_shot) - 1) // (SHEET_PICTURES - 1)]
                chosen.append((shot.name, frame.show_time, self._finished(frame.sample)))
        return chosen

    def _report(
        self, versions: dict[str, str], keys: dict[str, str], device: str, took: float, kept: int
    ) -> dict[str, Any]:
        render = self.stages.seconds.get("render", 0.0)
        return {
            "title": self.loaded.show.title,
            "seed": self.loaded.show.seed,
            "quality": self.quality,
            "frames": len(self.frames),
            "pictures": len({frame.sample for frame in self.frames}),
            "pictures_kept_from_before": kept,
            "fps": str(self.timeline.fps),
            "film_seconds": float(len(self.frames) / self.timeline.fps),
            "took_seconds": round(took, 2),
            "seconds_by_stage": {name: round(seconds, 2) for name, seconds in self.stages.seconds.items()},
            "overhead_percent": round(100 * (1 - render / took), 1),
            "device": device,
            "machine": _machine(),
            "versions": versions,
            "hashes": {**keys, "film": hashlib.sha256(self.output.read_bytes()).hexdigest()},
            "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        }
