"""Rendered pictures on disk: multilayer EXR with scene-linear colour and planar depth."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .blender_libraries import open_image_io


class RenderError(RuntimeError):
    """Blender gave no picture, or a damaged one; the message says which and where its log is."""


@contextmanager
def blender_log(path: Path) -> Iterator[None]:
    """Send what Blender prints, from C as well, to the end of a log file while the block runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as log:
        kept = [(stream, os.dup(stream)) for stream in (1, 2)]
        try:
            for stream, _ in kept:
                os.dup2(log.fileno(), stream)
            yield
        finally:
            for stream, original in kept:
                os.dup2(original, stream)
                os.close(original)


def rendered_file(folder: Path, sample: int) -> Path:
    """Path of a sample's rendered picture."""
    return folder / f"{sample:04d}.exr"


def read_rendered(path: Path) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Read a rendered picture.

    Returns
    -------
    colour : (H, W, 3) float32, scene-linear
    depth : (H, W) float32, planar metres; infinite where the sky is

    Raises
    ------
    RenderError
        When the file cannot be read to its end, or lacks a pass.
    """
    library = open_image_io()
    source = library.ImageInput.open(str(path))
    if source is None:
        raise RenderError(f"cannot read {path}: {library.geterror()}")
    channels: dict[str, npt.NDArray[np.float32]] = {}
    part = 0
    while source.seek_subimage(part, 0):
        spec = source.spec()
        pixels = source.read_image(part, 0, 0, spec.nchannels, "float")
        if pixels is None:
            raise RenderError(f"{path} is damaged: {source.geterror()}")
        for i, name in enumerate(spec.channelnames):
            channels[name.split(".", 1)[-1]] = np.asarray(pixels)[..., i]
        part += 1
    source.close()
    try:
        colour = np.stack([channels[f"Combined.{letter}"] for letter in "RGB"], -1)
        depth = next(channels[name] for name in ("Depth.Z", "Depth.V") if name in channels)
    except (KeyError, StopIteration):
        raise RenderError(f"{path} lacks colour or depth; it holds {sorted(channels)}") from None
    # Half floats end at 65,504 m: whatever is further is as good as the sky.
    return colour, np.where(depth > 60000.0, np.float32(np.inf), depth)


def is_whole(path: Path) -> bool:
    """Whether a rendered picture stands and can be read to its end."""
    try:
        read_rendered(path)
    except RenderError:
        return False
    return True
