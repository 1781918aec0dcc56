from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
from cardstunt.scenes import check_files
from cardstunt.scenes.check_files import (
    FileProblem,
    check_file,
    check_image,
    check_music,
    resolve_inside,
)
from cardstunt.scenes.pages.fonts import own_font_file
from PIL import Image


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.png").write_bytes(b"secret")
    folder = tmp_path / "show"
    (folder / "assets").mkdir(parents=True)
    Image.new("RGB", (60, 40), "red").save(folder / "assets" / "red.png")
    Image.new("RGB", (60, 40), "red").save(folder / "assets" / "red.jpg")
    return folder


def png_of_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_file_of_the_show(folder: Path) -> None:
    assert resolve_inside(folder, "assets/red.png") == (folder / "assets" / "red.png").resolve()
    assert resolve_inside(folder, "assets/../assets/red.png").is_file()
    check_image(folder, "assets/red.png")
    check_image(folder, "assets/red.jpg")


@pytest.mark.parametrize(
    "relative",
    ["../secret.png", "assets/../../secret.png", "/etc/passwd", "link.png", "away/secret.png", "C:/a.png"],
)
def test_nothing_outside_the_folder(folder: Path, relative: str) -> None:
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    (folder / "away").symlink_to(folder.parent)
    with pytest.raises(FileProblem) as caught:
        check_image(folder, relative)
    assert "copy the file" in caught.value.message


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / "link.png").symlink_to("assets/red.png")
    check_image(folder, "link.png")


@pytest.mark.parametrize(
    ("relative", "words"),
    [
        ("assets/blue.png", "no file"),
        ("assets", "not a file"),
        ("assets/pipe.png", "not a file"),
        ("nowhere/red.png", "no file"),
        ("a\0b.png", ""),
        ("a" * 5000, "no file"),
        ("loop.png", ""),
        ("assets\\red.png", "with '/'"),
    ],
)
def test_files_that_are_not_there(folder: Path, relative: str, words: str) -> None:
    os.mkfifo(folder / "assets" / "pipe.png")
    (folder / "loop.png").symlink_to("loop.png")
    with pytest.raises(FileProblem) as caught:
        check_image(folder, relative)
    assert words in caught.value.message


def test_the_nearest_file_is_offered(folder: Path) -> None:
    with pytest.raises(FileProblem) as caught:
        check_image(folder, "assets/rad.png")
    assert caught.value.nearest == "assets/red.png"


def test_pictures_that_are_none(folder: Path) -> None:
    red = (folder / "assets" / "red.png").read_bytes()
    damaged = {
        "text.png": (b"this is text", "not a picture"),
        "empty.png": (b"", "not a picture"),
        "program.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n", "not a picture"),
        "cut.png": (red[:-30], "damaged"),
        "bent.png": (red[:50] + bytes(4) + red[54:], "damaged"),
        "cut.jpg": ((folder / "assets" / "red.jpg").read_bytes()[:400], ""),
        "huge.png": (png_of_size(10_001, 10_000), "at most 100 megapixels"),
        "bomb.png": (png_of_size(60_000, 60_000), "at most 100 megapixels"),
    }
    for name, (content, words) in damaged.items():
        (folder / name).write_bytes(content)
        with pytest.raises(FileProblem) as caught:
            check_image(folder, name)
        assert words in caught.value.message, name


def test_a_file_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (folder / "a.svg").write_text("<svg/>")
    (folder / "a.csv").write_text("seat\n")
    monkeypatch.setattr(Path, "open", refuse)
    for use, name in (("image", "assets/red.png"), ("image", "a.svg"), ("seats", "a.csv")):
        with pytest.raises(FileProblem) as caught:
            check_file(use, folder, name)
        assert "may not be read" in caught.value.message


def write_video(path: Path, frames: int, **options: str) -> None:
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("mpeg4", rate=25, options={"g": "10"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.start_encoding()
        rng = np.random.default_rng(7)
        for _ in range(frames):
            pixels = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        if frames:
            container.mux(stream.encode())


def test_videos(folder: Path) -> None:
    for name in ("a.mp4", "a.mkv", "a.avi"):
        write_video(folder / name, 30)
        check_file("video", folder, name)
    frames = [Image.new("RGB", (8, 6), (40 * index, 0, 0)) for index in range(5)]
    frames[0].save(folder / "a.gif", save_all=True, append_images=frames[1:])
    check_file("video", folder, "a.gif")


def test_videos_that_are_none(folder: Path) -> None:
    write_video(folder / "whole.mp4", 60, movflags="faststart")
    write_video(folder / "whole.mkv", 60)
    write_video(folder / "none.mp4", 0)
    for name, share in (("whole.mp4", 2), ("whole.mkv", 2)):
        content = (folder / name).read_bytes()
        (folder / name.replace("whole", "cut")).write_bytes(content[: len(content) // share])
    (folder / "head.mp4").write_bytes((folder / "whole.mp4").read_bytes()[:300])
    (folder / "text.mp4").write_text("this is no video")
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "list.mp4").write_text("#EXTM3U\n/etc/passwd\n")
    (folder / "sound.mkv").write_bytes(b"")
    with av.open(str(folder / "sound.mkv"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    for name, words in {
        "none.mp4": "no moving picture",
        "cut.mp4": "cut off or damaged after",
        "cut.mkv": "cut off",
        "head.mp4": "",
        "text.mp4": "",
        "empty.mp4": "",
        "list.mp4": "",
        "sound.mkv": "no moving picture",
        "assets/red.jpg": "not a video that is read",
        "gone.mp4": "no file",
    }.items():
        with pytest.raises(FileProblem) as caught:
            check_file("video", folder, name)
        assert words in caught.value.message, name
        assert name in caught.value.message


def test_a_video_may_be_too_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_files, "MOST_FRAMES", 29)
    write_video(folder / "a.mp4", 30)
    with pytest.raises(FileProblem) as caught:
        check_file("video", folder, "a.mp4")
    assert "30 frames; at most 29" in caught.value.message


def test_fonts(folder: Path) -> None:
    _, content = own_font_file()
    (folder / "own.ttf").write_bytes(content)
    check_file("font", folder, "own.ttf")
    (folder / "cut.ttf").write_bytes(content[:400])
    (folder / "text.otf").write_text("no font")
    for name, words in {
        "cut.ttf": "damaged font",
        "text.otf": "damaged font",
        "assets/red.png": "not a font that is read",
        "gone.ttf": "no file",
    }.items():
        with pytest.raises(FileProblem) as caught:
            check_file("font", folder, name)
        assert words in caught.value.message, name
        assert name in caught.value.message


def test_drawings(folder: Path) -> None:
    (folder / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    check_file("image", folder, "a.svg")
    for name, (content, words) in {
        "link.svg": ('<svg>\n<image href="/etc/passwd"/></svg>', "'/etc/passwd' outside itself"),
        "entity.svg": ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "entities"),
        "flat.svg": ('<svg xmlns="http://www.w3.org/2000/svg" width="0" height="9"/>', "cannot be rendered"),
        "empty.svg": ("", "damaged drawing"),
    }.items():
        (folder / name).write_text(content)
        with pytest.raises(FileProblem) as caught:
            check_file("image", folder, name)
        assert words in caught.value.message, name
        assert name in caught.value.message


def test_seat_maps(folder: Path) -> None:
    (folder / "seats.csv").write_text("seat,x,y,z\n")
    check_file("seats", folder, "seats.csv")
    (folder / "empty.csv").write_bytes(b"")
    for name, words in {
        "empty.csv": "is empty",
        "assets/red.png": "not a seat map",
        "seats.svg": "no file",
    }.items():
        with pytest.raises(FileProblem) as caught:
            check_file("seats", folder, name)
        assert words in caught.value.message, name


def test_music(shared_folder: Path, folder: Path) -> None:
    check_music(shared_folder, "assets/theme.wav")
    (folder / "noise.wav").write_bytes(b"RIFF but no sound")
    (folder / "list.m3u8").write_text("#EXTM3U\n/etc/passwd\n")
    (folder / "list.flac").write_text("#EXTM3U\n/etc/passwd\n")
    for name, words in {
        "noise.wav": "cannot be read as sound",
        "list.flac": "sound",
        "list.m3u8": "not a sound file that is read",
        "gone.wav": "no file",
    }.items():
        with pytest.raises(FileProblem) as caught:
            check_music(folder, name)
        assert words in caught.value.message, name
