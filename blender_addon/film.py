"""Film: from a show to a finished MP4, in stages that can stop anywhere and go on."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import bpy

from ..scenes.camera_paths import camera_path
from ..scenes.compiled import Compiled, compile_show
from ..scenes.load import LoadedShow
from ..scenes.timeline import FilmTimeline, Sample, film_timeline
from . import render
from .bake import Progress, bake_show
from .build import build_file
from .cameras import SENSOR_WIDTH, focus_distance, place
from .contact_sheet import write_contact_sheet
from .encode import encode_film, read_music
from .files import remove_asides, sole_user, write_json
from .film_folder import discard_stale, film_keys, kept_stages
from .finish import VIEWS, Finish, finish_file
from .interruption import begin_worker, ctrl_c_held, stop_on_interrupt
from .light import LIGHTS
from .quality import Quality
from .rendered import RenderError, blender_log, is_whole, rendered_file

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


def finish_of(loaded: LoadedShow, sample: Sample) -> Finish:
    """Return what the finish of a sample's picture needs."""
    film, light = loaded.show.film, LIGHTS[loaded.show.stadium.light]
    shot = film.shots[sample.shot]
    tilt_shift, look = film.tilt_shift_of(shot), film.look
    path = camera_path(shot, float(sample.progress), place(loaded, "card_section"))
    return Finish(
        lens=float(shot.lens),
        sensor_width=SENSOR_WIDTH,
        tilt=float(tilt_shift.tilt),
        scale=float(tilt_shift.scale),
        f_number=float(tilt_shift.f_number),
        focus_distance=focus_distance(loaded, shot, float(sample.progress)),
        saturation=float(look.saturation),
        contrast=float(look.contrast),
        vignette=float(look.vignette),
        grain=float(look.grain),
        exposure=light.exposure + float(look.exposure),
        seed=loaded.show.seed,
        sample=sample.index,
        air=replace(light.air, density=light.air.density * float(look.haze)),
        sun=light.sun_from(path.right[0], path.up[0], path.forward[0]),
        glow=float(look.glow),
        view=VIEWS[look.view],
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
        InterruptedFilm, KeyboardInterrupt
            After Ctrl+C; calling again goes on.
        ShowError
            When the show cannot be performed; what stood before is kept then.
        InUseError
            When another process makes this film.
        RenderError, EncodeError, OSError
        """
        begun = time.perf_counter()
        with self.stages.stage("start"):
            versions = _versions()
            keys = film_keys(self.loaded, self.quality, versions)
            samples = self._wanted_samples()
            missing = self._missing(samples, kept_stages(self.folder, keys))
        # Before anything is written: a show that cannot be performed leaves what stood.
        compiled = self._compile() if missing else None
        with sole_user(self.folder), stop_on_interrupt() as check:
            discard_stale(self.folder, keys)
            device = "none"
            if compiled is not None:
                self._build(compiled, check)
                with self.stages.stage("open"), blender_log(self.folder / "blender.log"):
                    scene = render.open_blend(self.folder / "show.blend")
                    device = scene.cycles.device
            self._render_and_finish(samples, missing, check)
            with self.stages.stage("encode"):
                self.progress("encode", 0, 1)
                self._encode(check)
                self.progress("encode", 1, 1)
            with self.stages.stage("sheet"):
                sheet = self.output.with_name(f"{self.output.stem}_sheet.png")
                write_contact_sheet(sheet, self.loaded.show, self._sheet_pictures())
            took = time.perf_counter() - begun
            report = self.output.with_suffix(".json")
            write_json(report, self._report(versions, keys, device, took, len(samples) - len(missing)))
            for made in (self.output, sheet, report):
                remove_asides(made)
        return FilmResult(self.output, sheet, report, len(self.frames) / self.timeline.fps, took)

    def _wanted_samples(self) -> list[Sample]:
        wanted = sorted({frame.sample for frame in self.frames})
        return [self.timeline.samples[index - 1] for index in wanted]

    def _missing(self, samples: Sequence[Sample], kept: set[str]) -> list[Sample]:
        """Return the samples to be rendered: neither their finished nor their rendered picture stands."""
        return [
            sample
            for sample in samples
            if not ("finished" in kept and self._finished(sample.index).is_file())
            and not ("rendered" in kept and is_whole(rendered_file(self.folder / "rendered", sample.index)))
        ]

    def _compile(self) -> Compiled:
        with self.stages.stage("compile"):
            return compile_show(self.loaded, partial(self.progress, "compile"))

    def _build(self, compiled: Compiled, check: Callable[[], None]) -> None:
        def progress(stage: str, done: int, of: int) -> None:
            self.progress(stage, done, of)
            check()

        with self.stages.stage("bake"):
            bake = bake_show(self.loaded, self.timeline, self.folder / "textures", progress, compiled)
        blend = self.folder / "show.blend"
        if not blend.is_file():
            progress("build", 0, 1)
            with self.stages.stage("build"), blender_log(self.folder / "blender.log"):
                build_file(self.loaded, self.timeline, bake, self.quality, blend)
            progress("build", 1, 1)

    def _finished(self, sample: int) -> Path:
        return self.folder / "finished" / f"{sample:04d}.png"

    def _render_and_finish(
        self, samples: Sequence[Sample], missing: Sequence[Sample], check: Callable[[], None]
    ) -> None:
        """Render what is missing; finish each picture in a worker while Blender renders the next."""
        rendered_folder = self.folder / "rendered"
        waiting: deque[Future[float]] = deque()
        by_index = {sample.index: sample for sample in samples}
        rendered_count, finished_count = len(samples) - len(missing), 0
        worker = ProcessPoolExecutor(1, get_context("spawn"), initializer=begin_worker)

        def finish(sample: Sample) -> None:
            if not self._finished(sample.index).is_file():
                job = finish_of(self.loaded, sample)
                source = rendered_file(rendered_folder, sample.index)
                with ctrl_c_held():  # the first call starts the worker
                    waiting.append(worker.submit(finish_file, source, self._finished(sample.index), job))

        def collect(*, all_of_them: bool) -> None:
            """Take what the worker has done; also so that its failure stops the film at once."""
            nonlocal finished_count
            while waiting and (all_of_them or waiting[0].done()):
                self.stages.add("finish (processor, beside render)", waiting.popleft().result())
                finished_count += 1
                self.progress("finish", finished_count, finished_count + len(waiting))
                check()

        def rendered(index: int, seconds: float) -> None:
            nonlocal rendered_count
            rendered_count += 1
            self.stages.add("render", seconds)
            finish(by_index[index])
            self.progress("render", rendered_count, len(samples))
            collect(all_of_them=False)
            check()

        try:
            self.progress("render", rendered_count, len(samples))
            to_render = {sample.index for sample in missing}
            for sample in samples:
                if sample.index not in to_render:
                    finish(sample)
            if missing:
                frames = [(sample.index, sample.first_frame) for sample in missing]
                render.render_samples(
                    bpy.context.scene, frames, rendered_folder, self.folder / "blender.log", rendered
                )
            with self.stages.stage("wait for finish"):
                collect(all_of_them=True)
        except BrokenProcessPool as error:
            check()
            raise RenderError(
                "the process that finishes pictures was stopped, perhaps for want of memory; "
                "the same command goes on from there"
            ) from error
        finally:
            worker.shutdown(cancel_futures=True)

    def _encode(self, check: Callable[[], None]) -> None:
        music, first = self.loaded.show.music, self.frames[0].index - 1
        sound = None
        if music is not None:
            start, seconds = first / self.timeline.fps, len(self.frames) / self.timeline.fps
            sound = read_music(self.loaded.resolve(music.file), start, seconds)

        def pictures() -> Iterator[Path]:
            for frame in self.frames:
                check()
                yield self._finished(frame.sample)

        encode_film(self.output, pictures(), self.timeline.fps, sound)

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
