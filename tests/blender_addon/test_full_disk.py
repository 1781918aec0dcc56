"""A disk that is full: each stage says so, exit code 1, and leaves no half-written file under a final name.

A limit on the size of files stands for the full disk: writing behind it fails in the same way.
"""

from __future__ import annotations

import pytest

pytestmark = [
    pytest.mark.blender,
    pytest.mark.skipif("sys.platform == 'win32'", reason="limits on the size of files are Unix's"),
]

LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, resource.RLIM_INFINITY))"

#: Stage: what is missing of the film, bytes that a file may have, what the message names.
STAGES = {
    "bake": (["show.blend", "textures/*/*", "rendered/*", "finished/*"], 200, "textures/cards/cards_000"),
    "build": (["show.blend", "rendered/*", "finished/*"], 100_000, "show.blend"),
    "render": (["rendered/*", "finished/*"], 10_000, "rendered/0001.exr"),
    "finish": (["finished/*"], 1500, "finished/000"),
    "encode": ([], 5000, "tiny.mp4"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_full_disk_is_told_and_leaves_nothing_half_written(filmed, tiny, cardstunt, tmp_path, stage):
    missing, limit, named = STAGES[stage]
    copy = filmed.copy(tmp_path / "copy", *(f"tiny.film/{pattern}" for pattern in missing))
    log = copy.with_suffix(".film") / "blender.log"
    log.write_bytes(b"")
    before = {path: path.read_bytes() for path in copy.parent.rglob("*.*") if path.is_file()}
    said = cardstunt("film", tiny.path, "-o", copy, before=LIMIT.format(limit), PYTHONDONTWRITEBYTECODE="1")
    assert said.returncode == 1, said.stderr
    assert "Traceback" not in said.stderr
    last = said.stderr.splitlines()[-1]
    assert last.startswith("cardstunt: ")
    assert named in last
    assert "File too large" in last or "is the disk full?" in last
    after = {path: path.read_bytes() for path in copy.parent.rglob("*.*") if path.is_file()}
    after[log] = before[log]
    # Says of which show the files of a set are that is not whole yet. Files that fit are kept, and whole.
    after = {path: content for path, content in after.items() if not path.name.endswith(".begun.json")}
    for path in set(after) - set(before):
        assert after.pop(path) == (filmed.output.parent / path.relative_to(copy.parent)).read_bytes()
    after.pop(copy.with_suffix(".film") / ".lock")
    before.pop(copy.with_suffix(".film") / ".lock")
    assert after == before
