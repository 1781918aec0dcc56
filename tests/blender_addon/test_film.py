"""A show becomes a film; what is finished is never made again, and nothing else is kept."""

from __future__ import annotations

import functools
import hashlib
import json
import multiprocessing
import os
import time
from fractions import Fraction

import av
import numpy as np
import pytest
from cardstunt.blender_addon import film as film_module
from cardstunt.blender_addon import render
from cardstunt.blender_addon.files import InUseError, sole_user
from cardstunt.blender_addon.film import FilmMaker
from cardstunt.blender_addon.film_folder import film_keys
from cardstunt.blender_addon.rendered import RenderError, is_whole, read_rendered
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from PIL import Image

pytestmark = pytest.mark.blender

FRAMES, PICTURES, SIZE = 12, 6, (48, 28)


def times(folder, pattern):
    """When each of the files was written, by name."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob(pattern)}


def digests(folder, pattern):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob(pattern)}


def boxes(path):
    """Names of an MP4's outer boxes in order."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        names.append(data[at + 4 : at + 8].decode("ascii"))
        at += int.from_bytes(data[at : at + 4], "big")
    return names


@pytest.fixture
def no_rendering(monkeypatch):
    """Fail where Blender would be started to render."""

    def refuse(*arguments):
        raise AssertionError("nothing is to be rendered")

    monkeypatch.setattr(render, "render_samples", refuse)
    monkeypatch.setattr(film_module, "build_file", refuse)


def test_the_film_is_one_that_players_show(filmed):
    assert boxes(filmed.output)[:2] == ["ftyp", "moov"]
    with av.open(str(filmed.output)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        context = video.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == SIZE
        assert [context.colorspace, context.color_primaries, context.color_trc] == [1, 1, 1]
        assert context.color_range == 1
        assert video.average_rate == 24
        assert video.duration * video.time_base == Fraction(FRAMES, 24)
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video)]
        container.seek(0)
        heard = [frame.to_ndarray() for frame in container.decode(sound)]
    assert len(pictures) == FRAMES
    # Held for two frames each, and not the same throughout.
    assert np.abs(pictures[0].astype(int) - pictures[1]).mean() < 2
    assert np.abs(pictures[5].astype(int) - pictures[6]).mean() > 5
    heard = np.concatenate(heard, 1)
    # AAC comes in frames of 1024 samples.
    assert heard.shape[1] == pytest.approx(48000 * FRAMES / 24, abs=2 * 1024)
    assert np.abs(heard).max() > 0.2


def test_the_film_shows_the_finished_pictures(filmed):
    with av.open(str(filmed.output)) as container:
        shown = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    finished = []
    for number in range(1, PICTURES + 1):
        with Image.open(filmed.folder / "finished" / f"{number:04d}.png") as picture:
            finished.append(np.asarray(picture).astype(int))
    apart = np.abs(shown[:, None] - np.stack(finished)).mean((2, 3, 4))
    assert list(apart.argmin(1)) == [number // 2 for number in range(FRAMES)]
    # The grain of so small a picture does not survive the chroma's half size.
    assert apart.min(1).max() < 8


def test_what_the_command_says(filmed):
    lines = filmed.said.stdout.splitlines()
    assert lines[0].startswith("Film:    out/tiny.mp4 (0.50 s long, made in ")
    assert lines[1:] == ["Sheet:   out/tiny_sheet.png", "Report:  out/tiny.json"]
    assert "render" in filmed.said.stderr
    # Blender's own chatter goes to its log.
    assert "Saved" not in filmed.said.stdout + filmed.said.stderr
    assert "Saved" in (filmed.folder / "blender.log").read_text()


def test_the_report_says_what_was_done(filmed):
    report = json.loads(filmed.output.with_suffix(".json").read_text())
    assert (report["frames"], report["pictures"], report["pictures_kept_from_before"]) == (
        FRAMES,
        PICTURES,
        0,
    )
    assert (report["fps"], report["film_seconds"], report["seed"]) == ("24", 0.5, 3)
    assert (report["title"], report["quality"]) == ("Tiny", "draft")
    stages = report["seconds_by_stage"]
    assert {"bake", "build", "compile", "encode", "open", "render", "sheet"} <= set(stages)
    assert 0 < stages["render"] < report["took_seconds"]
    assert 0 < report["overhead_percent"] < 100
    assert report["hashes"]["film"] == hashlib.sha256(filmed.output.read_bytes()).hexdigest()
    assert report["versions"]["blender"]
    assert report["machine"]["cores"] >= 1
    assert report["device"]


def test_nothing_half_written_stays(filmed):
    everything = [path.name for path in filmed.output.parent.rglob("*")]
    assert not [name for name in everything if ".part" in name or "@" in name]
    assert sorted(path.name for path in filmed.output.parent.iterdir()) == [
        "tiny.film",
        "tiny.json",
        "tiny.mp4",
        "tiny_sheet.png",
    ]


def test_the_same_show_gives_the_same_bytes(filmed, tiny, tmp_path):
    """Here in this process and in another folder, there by the command line, some seconds before."""
    result = FilmMaker(tiny, tmp_path / "again.mp4").make()
    folder = tmp_path / "again.film"
    assert digests(folder, "finished/*.png") == digests(filmed.folder, "finished/*.png")
    assert digests(folder, "textures/*/*") == digests(filmed.folder, "textures/*/*")
    assert result.film.read_bytes() == filmed.output.read_bytes()
    assert result.seconds == Fraction(1, 2)


@pytest.mark.usefixtures("no_rendering")
def test_a_second_run_renders_and_finishes_nothing(filmed, tiny, tmp_path):
    copy = filmed.copy(tmp_path / "copy")
    folder = copy.with_suffix(".film")
    before = times(folder, "rendered/*"), times(folder, "finished/*")
    # What a killed process leaves.
    (folder / "rendered" / ".0003.123.part.exr").write_bytes(b"half")
    (copy.parent / ".tiny.123.part.mp4").write_bytes(b"half")
    FilmMaker(tiny, copy).make()
    assert (times(folder, "rendered/*"), times(folder, "finished/*")) == before
    assert not list(copy.parent.rglob(".*.part*"))
    assert copy.read_bytes() == filmed.output.read_bytes()
    assert json.loads(copy.with_suffix(".json").read_text())["pictures_kept_from_before"] == PICTURES


def test_only_what_is_missing_or_damaged_is_rendered(filmed, tiny, tmp_path):
    copy = filmed.copy(tmp_path / "copy", "tiny.film/finished/000[235].png", "tiny.film/rendered/0002.exr")
    folder = copy.with_suffix(".film")
    damaged = folder / "rendered" / "0003.exr"
    damaged.write_bytes(damaged.read_bytes()[:-500])
    # A finished picture whose rendered one is gone is as good.
    (folder / "rendered" / "0006.exr").unlink()
    before = times(folder, "*/*")
    FilmMaker(tiny, copy).make()
    after = times(folder, "*/*")
    assert {name for name in before if before[name] != after[name]} == {
        "0003.exr",
        *({".lock"} if before.get(".lock") != after.get(".lock") else ()),
    }
    assert set(after) - set(before) == {"0002.exr", "0002.png", "0003.png", "0005.png"}
    assert digests(folder, "finished/*.png") == digests(filmed.folder, "finished/*.png")


@pytest.mark.usefixtures("no_rendering")
def test_another_look_only_finishes_anew(filmed, changed_show, tmp_path):
    copy = filmed.copy(tmp_path / "copy")
    folder = copy.with_suffix(".film")
    before = times(folder, "rendered/*")
    loaded = changed_show(
        ("contrast: 1.1", "contrast: 1.4, exposure: 1 stop"), ("f_number: 1.4", "f_number: 4")
    )
    FilmMaker(loaded, copy).make()
    assert times(folder, "rendered/*") == before
    finished = digests(folder, "finished/*.png")
    assert len(finished) == PICTURES
    assert not finished.items() & digests(filmed.folder, "finished/*.png").items()


def test_another_cue_renders_anew(filmed, changed_show, tmp_path):
    copy = filmed.copy(tmp_path / "copy")
    folder = copy.with_suffix(".film")
    before = times(folder, "textures/ribbons/*")
    maker = FilmMaker(changed_show(("at: 0.1 s", "at: 0.3 s")), copy, frames=(1, 6))
    maker.make()
    # The pictures of the frames that were not asked for would be the old show's.
    assert set(times(folder, "rendered/*")) == {"0001.exr", "0002.exr", "0003.exr"}
    for name, same in {"0001.exr": True, "0002.exr": False}.items():
        pictures = [read_rendered(film / "rendered" / name)[0] for film in (folder, filmed.folder)]
        assert np.array_equal(*pictures) == same
    assert times(folder, "textures/ribbons/*") == before


def test_keys_follow_what_they_should(tiny, changed_show):
    def keys(*changes, quality="draft", versions=None):
        return film_keys(changed_show(*changes) if changes else tiny, quality, versions or {"blender": "5"})

    same = keys()
    assert same == keys()
    for change in (("title: Tiny", "title: Small"), ("file: tone.wav, bpm: 120", "file: tone.wav, bpm: 60")):
        assert keys(change) == same
    for change in (
        ("saturation: 1.2", "saturation: 1.3"),
        ("tilt: -4", "tilt: -5"),
        ("focus: field", "focus: 9 m"),
    ):
        assert keys(change)["rendered"] == same["rendered"]
        assert keys(change)["finished"] != same["finished"]
    for change in (
        ("seed: 3", "seed: 4"),
        ("hold: 2", "hold: 3"),
        ("lens: 50 mm", "lens: 51 mm"),
        ("count: 10", "count: 11"),
        ("light: golden_hour", "light: dusk"),
    ):
        assert keys(change)["rendered"] != same["rendered"]
    assert keys(quality="final")["rendered"] != same["rendered"]
    assert keys(versions={"blender": "6"})["rendered"] != same["rendered"]


def test_keys_follow_the_files_that_are_seen(changed_show):
    loaded = changed_show()
    before = film_keys(loaded, "draft", {})
    (loaded.folder / "tone.wav").write_bytes((loaded.folder / "tone.wav").read_bytes() + b"\0")
    assert film_keys(loaded, "draft", {}) == before
    Image.new("RGB", (20, 10), "green").save(loaded.folder / "sky.png")
    assert film_keys(loaded, "draft", {}) != before


@pytest.mark.usefixtures("no_rendering")
def test_some_frames_make_a_film_of_their_own_length(filmed, tiny, tmp_path):
    copy = filmed.copy(tmp_path / "copy")
    result = FilmMaker(tiny, copy, frames=(5, 9)).make()
    assert result.seconds == Fraction(5, 24)
    with av.open(str(copy)) as container:
        assert len(list(container.decode(video=0))) == 5
    report = json.loads(copy.with_suffix(".json").read_text())
    assert (report["frames"], report["pictures"]) == (5, 3)
    # The frames that were left out are kept for the whole film.
    assert len(times(copy.with_suffix(".film"), "rendered/*.exr")) == PICTURES


@pytest.mark.parametrize("frames", [(0, 3), (5, 4), (3, FRAMES + 1)])
def test_frames_outside_the_film_are_refused(tiny, tmp_path, frames):
    with pytest.raises(ValueError, match=r"which has 1-12"):
        FilmMaker(tiny, tmp_path / "film.mp4", frames=frames)


def test_a_show_that_cannot_be_performed_leaves_the_old_film(filmed, changed_show, tmp_path):
    copy = filmed.copy(tmp_path / "copy")
    before = times(copy.parent, "**/*.*")
    with pytest.raises(ShowError, match=r"8:9: card_section\.rows: .*at most \d+ columns by 80 rows"):
        FilmMaker(changed_show(("rows: 10", "rows: 90")), copy).make()
    with pytest.raises(ShowError, match="outside the field"):
        FilmMaker(changed_show(("[10 m, 20 m]", "[60 m, 20 m]")), copy).make()
    after = times(copy.parent, "**/*.*")
    after.pop(".lock")
    before.pop(".lock")
    assert after == before


def test_two_at_once_do_not_share_a_folder(filmed, tiny, cardstunt, tmp_path):
    copy = filmed.copy(tmp_path / "copy")
    with sole_user(copy.with_suffix(".film")):
        said = cardstunt("film", tiny.path, "-o", copy)
        with pytest.raises(InUseError):
            FilmMaker(tiny, copy).make()
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1].startswith(
        f"cardstunt: {copy.with_suffix('.film')} is in use by another"
    )


def test_a_worker_that_dies_is_told_and_can_be_gone_on_from(filmed, tiny, tmp_path, monkeypatch):
    copy = filmed.copy(tmp_path / "copy", "tiny.film/finished/*.png")
    monkeypatch.setattr(film_module, "begin_worker", functools.partial(os._exit, 9))
    with pytest.raises(RenderError, match="goes on from there"):
        FilmMaker(tiny, copy).make()
    assert len(times(copy.with_suffix(".film"), "rendered/*.exr")) == PICTURES
    assert not multiprocessing.active_children()


def test_a_finish_that_fails_stops_the_rendering(filmed, tiny, tmp_path, monkeypatch):
    """Not first after hours of rendering."""
    copy = filmed.copy(tmp_path / "copy", "tiny.film/finished/*.png", "tiny.film/rendered/*.exr")
    folder = copy.with_suffix(".film")
    (folder / "finished").rmdir()
    (folder / "finished").write_text("in the way")
    maker = FilmMaker(tiny, copy)
    real = render.render_samples

    def slowly(scene, frames, folder, log, rendered):
        def wait(sample, seconds):
            time.sleep(0.7)
            rendered(sample, seconds)

        real(scene, frames, folder, log, wait)

    monkeypatch.setattr(render, "render_samples", slowly)
    with pytest.raises(OSError, match="finished"):
        maker.make()
    assert 0 < len(times(folder, "rendered/*.exr")) < PICTURES


def test_a_damaged_rendered_picture_is_known(filmed, tmp_path):
    whole = filmed.folder / "rendered" / "0001.exr"
    assert is_whole(whole)
    data = whole.read_bytes()
    for name, part in {
        "cut": data[:-1],
        "half": data[: len(data) // 2],
        "head": data[:10],
        "none": b"",
    }.items():
        (tmp_path / f"{name}.exr").write_bytes(part)
        assert not is_whole(tmp_path / f"{name}.exr"), name
    assert not is_whole(tmp_path / "missing.exr")


def test_shows_without_music_or_troupes_are_filmed(changed_show, tmp_path):
    loaded = changed_show()
    silent = loaded.path.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(number for number, line in enumerate(silent) if line.startswith("troupes"))
    end = next(number for number, line in enumerate(silent) if line.startswith("film:"))
    silent = [line for line in silent[:start] + silent[end:] if not line.startswith("music")]
    loaded.path.write_text("".join(silent), encoding="utf-8")
    result = FilmMaker(load_show(loaded.path), tmp_path / "silent.mp4", frames=(1, 1)).make()
    with av.open(str(result.film)) as container:
        assert not container.streams.audio
        assert len(list(container.decode(video=0))) == 1
