from __future__ import annotations

import errno
import json
import os
import subprocess
import sys

import pytest
from cardstunt.blender_addon.files import (
    InUseError,
    read_json,
    remove_asides,
    sole_user,
    write_json,
    written_aside,
)

HOLD = """
import sys
from pathlib import Path
from cardstunt.blender_addon.files import sole_user
with sole_user(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole_under_its_name(tmp_path):
    path = tmp_path / "new" / "picture.png"
    with written_aside(path) as aside:
        assert (aside.suffix, aside.parent) == (".png", path.parent)
        aside.write_bytes(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert names(path.parent) == ["picture.png"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_failure_leaves_what_stood(tmp_path, error):
    path = tmp_path / "picture.png"
    path.write_bytes(b"before")

    def write():
        with written_aside(path) as aside:
            aside.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        write()
    assert path.read_bytes() == b"before"
    assert names(tmp_path) == ["picture.png"]


def test_writing_nothing_is_a_failure(tmp_path):
    with pytest.raises(FileNotFoundError), written_aside(tmp_path / "picture.png"):
        pass


def test_an_error_names_the_file(tmp_path):
    """A full disk is reported by write(), which knows no name."""
    path = tmp_path / "picture.png"
    with pytest.raises(OSError, match="No space left") as caught, written_aside(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(path))
    other = FileNotFoundError(errno.ENOENT, "No such file", "other")
    with pytest.raises(FileNotFoundError) as caught, written_aside(path):
        raise other
    assert caught.value is other


def test_asides_of_killed_processes_are_removed_and_no_others(tmp_path):
    kept = [".a.b.12.part.mp4", ".b.12.part.mp4", ".a.12.part.png", ".a.x.part.mp4", "a.mp4", ".a.mp4"]
    for name in [".a.12.part.mp4", ".a.9.part.mp4", *kept]:
        (tmp_path / name).touch()
    remove_asides(tmp_path / "a.mp4")
    assert names(tmp_path) == sorted(kept)
    remove_asides(tmp_path / "missing" / "a.mp4")


def test_json_is_the_same_bytes_for_the_same_value(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "a": [1.5, "ü"]})
    write_json(tmp_path / "b.json", {"a": [1.5, "ü"], "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert read_json(tmp_path / "a.json") == {"a": [1.5, "ü"], "b": 1}
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff\xfe"])
def test_what_is_no_json_is_none(tmp_path, content):
    path = tmp_path / "a.json"
    if content is not None:
        path.write_bytes(content)
    assert read_json(path) is None


def test_a_folder_has_one_user_at_a_time(tmp_path):
    folder = tmp_path / "film"
    refused = pytest.raises(InUseError, match=rf"{folder} is in use .*process {os.getpid()}\)")
    with sole_user(folder), refused, sole_user(folder):
        pass
    with sole_user(folder):
        pass


def test_a_killed_user_lets_go(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(InUseError, match=f"process {process.pid}"), sole_user(tmp_path):
        pass
    process.kill()
    process.communicate()
    with sole_user(tmp_path):
        pass
