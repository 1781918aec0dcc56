from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from cardstunt.scenes import picture_files
from cardstunt.scenes.picture_files import PICTURE_FORMATS, PictureError, read_picture
from PIL import Image, features

SIDE = 30_000
PEAK = """\
import resource, sys
from pathlib import Path
from types import SimpleNamespace
from PIL import Image
from cardstunt.scenes.pages import Canvas, PageError, draw_page
from cardstunt.scenes.schema_page import Page

Image.init()
folder = Path(sys.argv[1]).parent
loaded = SimpleNamespace(resolve=lambda name: folder / name)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    drawn = draw_page(Page(image=Path(sys.argv[1]).name), Canvas(25, 8), loaded)
    print(drawn.picture.min(), drawn.picture.max())
except PageError as error:
    print(error)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(grown if sys.platform == "darwin" else grown * 1024)
"""


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def large_png() -> bytes:
    """Return a whole black-and-white PNG of 30,000 by 30,000 pixels, in 110 kB."""
    packer = zlib.compressobj(9)
    row = bytes(1 + -(-SIDE // 8))
    rows = b"".join(packer.compress(row * 1000) for _ in range(SIDE // 1000)) + packer.flush()
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def large_jpeg() -> bytes:
    """Return a whole grey JPEG of 30,000 by 30,000 pixels, in 10 MB."""
    stream = io.BytesIO()
    Image.new("L", (8, 8), 128).save(stream, "JPEG")
    small = stream.getvalue()
    sizes = small.index(b"\xff\xc0") + 5
    start = small.index(b"\xff\xda")
    start += 2 + struct.unpack(">H", small[start + 2 : start + 4])[0]
    head = small[:sizes] + struct.pack(">HH", SIDE, SIDE) + small[sizes + 4 : start]
    # Four blocks like the one before: no difference (00) and nothing more (1010).
    blocks = bytes([0b00101000, 0b10100010, 0b10001010]) * ((SIDE // 8) ** 2 // 4)
    return head + blocks + b"\xff\xd9"


def peak(path: Path) -> tuple[str, int]:
    """Draw a picture in a process of its own; returns what it says and by how much its memory grew."""
    run = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, timeout=120, check=True
    )
    said, grown = run.stdout.strip().splitlines()
    return said, int(grown)


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured with the resource module")
def test_30_000_by_30_000_pixels_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(large_png())
    said, grown = peak(tmp_path / "large.png")
    assert said == "'large.png' has 30000 by 30000 pixels; at most 100 megapixels are read"
    assert grown < 60_000_000
    (tmp_path / "large.jpg").write_bytes(large_jpeg())
    said, grown = peak(tmp_path / "large.jpg")
    assert said == "128 128"
    assert grown < 250_000_000


def test_a_jpeg_picture_is_decoded_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "MOST_PIXELS", 10_000)
    image = Image.linear_gradient("L").resize((320, 200)).convert("RGB")
    image.save(tmp_path / "whole.jpg", quality=95)
    read = read_picture(tmp_path / "whole.jpg")
    assert read.size == (80, 50)
    means = np.asarray(image).reshape(50, 4, 80, 4, 3).mean(axis=(1, 3))
    assert np.abs(np.asarray(read) - means).max() < 4


def test_jpeg_pictures_of_several_scans_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "MOST_PIXELS", 10_000)
    Image.new("RGB", (320, 200)).save(tmp_path / "scans.jpg", progressive=True)
    with pytest.raises(PictureError, match="320 by 200 pixels"):
        read_picture(tmp_path / "scans.jpg")
    monkeypatch.setattr(picture_files, "MOST_PIXELS", 100_000)
    assert read_picture(tmp_path / "scans.jpg").size == (320, 200)


@pytest.mark.skipif(not features.check("jpg_2000"), reason="this Pillow is built without JPEG 2000")
def test_a_jpeg_2000_picture_is_decoded_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "MOST_PIXELS", 10_000)
    Image.new("RGB", (320, 200), "red").save(tmp_path / "a.jp2")
    assert read_picture(tmp_path / "a.jp2").size == (80, 50)


def test_a_picture_on_its_side_is_turned(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (6, 4)).save(tmp_path / "a.jpg", exif=exif)
    assert read_picture(tmp_path / "a.jpg").size == (4, 6)


def test_no_format_starts_a_program() -> None:
    assert not {"EPS", "WMF", "MPEG", "IPTC", "FPX", "MIC"} & set(PICTURE_FORMATS)
    Image.init()
    assert set(PICTURE_FORMATS) <= Image.OPEN.keys()


@pytest.mark.parametrize(
    "kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP", "TGA", "PPM", "SGI", "QOI", "PCX"]
)
def test_damage_is_a_picture_error_and_nothing_else(tmp_path: Path, kind: str) -> None:
    stream = io.BytesIO()
    Image.effect_noise((24, 18), 90).convert("RGB").save(stream, kind)
    whole = stream.getvalue()
    rng = np.random.default_rng(len(whole))
    path = tmp_path / "damaged"
    for attempt in range(120):
        content = bytearray(whole)
        for place in rng.integers(0, min(len(whole), 200), 4):
            content[place] = rng.integers(256)
        path.write_bytes(content[: rng.integers(1, len(content))] if attempt % 3 == 0 else content)
        with contextlib.suppress(PictureError):
            read_picture(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC.*save it as JPEG or PNG"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isomavc1", "is a video"),
        (b"\xff\x0a\1\1\1\1", "JPEG XL.*save it as JPEG or PNG"),
        (b"\x76\x2f\x31\x01\2\0\0\0", "OpenEXR"),
        (b"%PDF-1.7\n%", "PDF.*save it as SVG or PNG"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b'<svg xmlns="x"/>', "must end in .svg"),
        (b"words", "is not a picture$"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "is a damaged picture"),
    ],
)
def test_what_is_no_picture_is_said_to_be_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(PictureError, match=said):
        read_picture(tmp_path / "a.png")
