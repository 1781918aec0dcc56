from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import pytest
from cardstunt.scenes.check_files import FileProblem, check_image, check_music, resolve_inside
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


def test_a_picture_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(FileProblem) as caught:
        check_image(folder, "assets/red.png")
    assert "may not be read" in caught.value.message


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
