"""A film that is killed or stopped goes on from where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from cardstunt.blender_addon.film import FilmMaker
from cardstunt.blender_addon.interruption import InterruptedFilm, ctrl_c_held, stop_on_interrupt

#: More pictures than the tiny show has, so that there is a middle.
MORE = ("hold: 2", "hold: 1")


def wait_for(condition, process):
    end = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.01)


def standing(folder, pattern="*/[0-9]*"):
    return {path.relative_to(folder): path.stat().st_mtime_ns for path in folder.glob(pattern)}


@pytest.mark.blender
def test_a_killed_film_goes_on(changed_show, start_cardstunt, tmp_path):
    loaded = changed_show(MORE)
    folder = tmp_path / "film.film"
    process = start_cardstunt("film", loaded.path, "-o", tmp_path / "film.mp4")
    wait_for(lambda: len(standing(folder, "finished/[0-9]*")) >= 2, process)
    process.kill()
    # The maker alone: its worker, which holds the pipes too, must end by itself.
    process.communicate(timeout=20)
    before = standing(folder)
    rendered = [path for path in before if path.suffix == ".exr"]
    assert 2 <= len(rendered) < len(FilmMaker(loaded, tmp_path / "film.mp4").timeline.samples)
    # What a kill in the middle of a picture leaves behind.
    half = folder / "rendered" / ".0020.123.part.exr"
    half.write_bytes(b"half")
    FilmMaker(loaded, tmp_path / "film.mp4").make()
    after = standing(folder)
    assert not [path for path in before if after[path] != before[path]]
    assert not list(folder.rglob("*.part*"))
    report = json.loads((tmp_path / "film.json").read_text())
    assert report["pictures_kept_from_before"] == len(rendered)
    assert report["pictures"] == len(standing(folder, "finished/*")) > len(rendered)


@pytest.mark.blender
def test_ctrl_c_stops_between_two_pictures(changed_show, start_cardstunt, tmp_path):
    loaded = changed_show(MORE)
    folder = tmp_path / "film.film"
    process = start_cardstunt("film", loaded.path, "-o", tmp_path / "film.mp4")
    wait_for(lambda: len(standing(folder, "rendered/[0-9]*")) >= 2, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all processes get it
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.splitlines()[-1] == (
        "Interrupted. What is finished is kept: the same command goes on from there."
    )
    assert "Traceback" not in said
    assert not (tmp_path / "film.mp4").exists()
    assert not list(folder.rglob("*.part*"))


@pytest.mark.blender
def test_ctrl_c_while_baking_stops_soon(tiny, tmp_path):
    def progress(stage, done, of):
        assert stage in {"compile", "cards"}
        if stage == "cards":
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(InterruptedFilm):
        FilmMaker(tiny, tmp_path / "film.mp4", progress=progress).make()
    assert not (tmp_path / "film.film" / "show.blend").exists()


def test_a_check_raises_only_after_ctrl_c():
    before = signal.getsignal(signal.SIGINT)
    with stop_on_interrupt() as check:
        check()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(InterruptedFilm):
            check()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_waits_for_a_process_that_is_only_starting():
    begins = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print('alive')"
    with ctrl_c_held():
        starting = subprocess.Popen([sys.executable, "-c", begins], stdout=subprocess.PIPE, text=True)
        starting.send_signal(signal.SIGINT)
    assert starting.communicate(timeout=20)[0] == "alive\n"
    assert starting.returncode == 0


def test_ctrl_c_held_back_comes_after():
    def in_between():
        with ctrl_c_held():
            signal.raise_signal(signal.SIGINT)
            reached.append(True)

    reached = []
    with pytest.raises(KeyboardInterrupt):
        in_between()
    assert reached
