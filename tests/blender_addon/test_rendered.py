from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from cardstunt.blender_addon.blender_libraries import open_image_io
from cardstunt.blender_addon.rendered import RenderError, blender_log, is_whole, read_rendered, rendered_file

LAYER = "View Layer"


def write_exr(path, channels, *, parts=False):
    """Write channels (name: (H, W) array) as Blender does: in one part, or in one for each pass."""
    library = open_image_io()
    groups = [list(channels)]
    if parts:
        groups = [
            [name for name in channels if name.split(".")[1] == which] for which in ("Combined", "Depth")
        ]
    specs = []
    for names in groups:
        height, width = channels[names[0]].shape
        spec = library.ImageSpec(width, height, len(names), "half")
        spec.channelnames = tuple(names)
        spec["name"] = names[0]
        specs.append(spec)
    output = library.ImageOutput.create(str(path))
    assert output.open(str(path), tuple(specs)), output.geterror()
    for number, (spec, names) in enumerate(zip(specs, groups, strict=True)):
        if number:
            assert output.open(str(path), spec, "AppendSubimage"), output.geterror()
        assert output.write_image(np.stack([channels[name] for name in names], -1).astype(np.float32))
    assert output.close()


def passes(depth="Depth.Z"):
    shape = (4, 6)
    values = np.arange(24, dtype=np.float32).reshape(shape)
    names = [f"{LAYER}.Combined.{letter}" for letter in "RGBA"] + [f"{LAYER}.{depth}"]
    return {name: values + 100 * number for number, name in enumerate(names)}


@pytest.mark.blender
@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize("depth", ["Depth.Z", "Depth.V"])
def test_colour_and_depth_are_found_in_one_part_or_in_many(tmp_path, parts, depth):
    channels = passes(depth)
    write_exr(tmp_path / "a.exr", channels, parts=parts)
    colour, planar = read_rendered(tmp_path / "a.exr")
    assert (colour.dtype, colour.shape, planar.shape) == (np.float32, (4, 6, 3), (4, 6))
    assert colour[3, 5].tolist() == [23, 123, 223]
    assert planar[0].tolist() == list(range(400, 406))


@pytest.mark.blender
def test_the_sky_is_infinitely_far(tmp_path):
    channels = passes()
    channels[f"{LAYER}.Depth.Z"][0, :3] = [65504, 1e10, 50000]
    write_exr(tmp_path / "a.exr", channels)
    depth = read_rendered(tmp_path / "a.exr")[1][0, :3]
    assert depth[:2].tolist() == [np.inf, np.inf]
    assert depth[2] == pytest.approx(50000, rel=1e-3)


@pytest.mark.blender
def test_a_picture_without_depth_says_what_it_holds(tmp_path):
    channels = passes()
    del channels[f"{LAYER}.Depth.Z"]
    write_exr(tmp_path / "a.exr", channels)
    with pytest.raises(RenderError, match=r"lacks colour or depth; it holds .*Combined\.B"):
        read_rendered(tmp_path / "a.exr")


@pytest.mark.blender
def test_what_is_no_picture_is_named(tmp_path):
    (tmp_path / "a.exr").write_bytes(b"no picture")
    for name in ("a.exr", "missing.exr"):
        with pytest.raises(RenderError, match=name):
            read_rendered(tmp_path / name)
        assert not is_whole(tmp_path / name)


@pytest.mark.blender
def test_every_cut_is_noticed(tmp_path):
    write_exr(tmp_path / "a.exr", passes())
    data = (tmp_path / "a.exr").read_bytes()
    assert is_whole(tmp_path / "a.exr")
    for size in range(0, len(data), 7):
        (tmp_path / "cut.exr").write_bytes(data[:size])
        assert not is_whole(tmp_path / "cut.exr"), size


def test_files_sort_by_sample(tmp_path):
    assert rendered_file(tmp_path, 12) == tmp_path / "0012.exr"
    assert rendered_file(tmp_path, 12345).name == "12345.exr"


CHATTER = """
import os, sys
from pathlib import Path
from cardstunt.blender_addon.rendered import blender_log
os.write(1, b"before\\n")
with blender_log(Path(sys.argv[1])):
    os.write(1, b"out\\n")
    os.write(2, b"err\\n")
try:
    with blender_log(Path(sys.argv[1])):
        os.write(1, b"again\\n")
        raise KeyError
except KeyError:
    pass
os.write(2, b"after\\n")
"""


def test_chatter_goes_to_the_log_and_only_while_it_should(tmp_path):
    log = tmp_path / "new" / "blender.log"
    done = subprocess.run([sys.executable, "-c", CHATTER, log], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("before\n", "after\n")
    assert log.read_text() == "out\nerr\nagain\n"


def test_no_descriptors_are_lost(tmp_path):
    with blender_log(tmp_path / "a.log"):
        pass
    first = os.open(tmp_path / "a.log", os.O_RDONLY)
    os.close(first)
    for _ in range(5):
        with blender_log(tmp_path / "a.log"):
            pass
    again = os.open(tmp_path / "a.log", os.O_RDONLY)
    os.close(again)
    assert again == first
