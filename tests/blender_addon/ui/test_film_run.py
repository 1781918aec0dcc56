"""A film's process, and what becomes of it when it is stopped, killed or left alone."""

from __future__ import annotations

import pytest

pytest.importorskip("bpy")

from cardstunt.blender_addon.ui.film_run import FilmRun

pytestmark = pytest.mark.blender


def begun(folder, show):
    run = FilmRun(folder / "film.mp4")
    run.begin(str(show), "draft", None)
    return run


def test_a_stopped_film_says_so(show_file, tmp_path):
    run = begun(tmp_path, show_file)
    run.stop()
    run.wait(60)
    assert run.ended
    assert run.state == "stopped"


def test_a_film_stops_when_the_process_that_began_it_is_gone(show_file, tmp_path):
    run = begun(tmp_path, show_file)
    run._process.stdin.close()
    run._process.stdin = None
    run.wait(60)
    assert run.ended
    assert run.state == "stopped"


def test_a_killed_film_names_its_log(show_file, tmp_path):
    run = begun(tmp_path, show_file)
    assert not run.ended
    run.kill()
    assert run.ended
    assert run.state == "failed"
    assert str(run.log) in run.message


def test_a_show_that_is_gone_is_told(tmp_path):
    run = begun(tmp_path, tmp_path / "show.yaml")
    run.wait(60)
    assert run.state == "failed"
    assert "no such file" in run.message


def test_a_film_that_cannot_begin_raises(show_file, tmp_path):
    (tmp_path / "film.film").write_text("in the way")
    with pytest.raises(OSError, match=r"film\.film"):
        begun(tmp_path, show_file)
