from __future__ import annotations

import importlib.machinery
import importlib.util
import subprocess
import sys

import numpy as np
import pytest
from cardstunt.scenes.pages import PageError, fonts
from cardstunt.scenes.pages.fonts import (
    Face,
    FontError,
    coloured,
    covers,
    face_of,
    fallbacks,
    invisible,
    opened,
    own_font_file,
)
from PIL import Image, ImageDraw, ImageFont

with_blender_fonts = pytest.mark.skipif(len(fallbacks()) < 3, reason="Blender's fonts are not there")


@pytest.fixture
def elsewhere(monkeypatch):
    """Pretend that Blender is somewhere else, or nowhere."""

    def pretend(origin):
        spec = None if origin is None else importlib.machinery.ModuleSpec("bpy", None, origin=str(origin))
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
        fonts._blender_fonts.cache_clear()

    yield pretend
    fonts._blender_fonts.cache_clear()


def test_a_face_has_the_letters_that_its_font_has(write_font):
    face = face_of(write_font("a.ttf", "ABé"))
    assert [covers(face, letter) for letter in "ABé"] == [True] * 3
    assert [covers(face, letter) for letter in "Ce한"] == [False] * 3


@pytest.mark.parametrize("letter", [" ", "\n", "\u00a0", "\u200b", "\u200d", "\ufe0f", "\u2066"])
def test_what_is_never_drawn_needs_no_glyph(write_font, letter):
    assert invisible(letter)
    assert covers(face_of(write_font("a.ttf", "A")), letter)


def test_pillows_own_font_is_latin_only():
    assert covers(Face(), "A")
    assert not covers(Face(), "한")
    assert Face().name == "Pillow's font"


@with_blender_fonts
@pytest.mark.parametrize(
    "letters", ["Aéß", "Жя", "Ωλ", "한글", "漢字かな", "مرحبا", "שלום", "नमस्ते", "สวัสดี", "🐯🏟", "→★∑", "გամ"]
)
def test_blenders_fonts_have_most_scripts(letters):
    for letter in letters:
        assert any(covers(face, letter) for face in fallbacks()), letter


@with_blender_fonts
def test_nobody_has_a_private_letter():
    assert not any(covers(face, "\ue123") for face in fallbacks() if not face.name.startswith("DejaVu"))


@with_blender_fonts
def test_the_first_choice_is_heavy():
    def stroke(font):
        image = Image.new("L", (200, 300))
        ImageDraw.Draw(image).text((50, 20), "|", 255, font)
        return np.asarray(image).any(axis=0).sum()

    heavy = opened(fallbacks()[0], 200)
    assert stroke(heavy.font) > 1.3 * stroke(ImageFont.truetype(fallbacks()[0].path, 200))
    assert heavy.stroke == 0
    assert opened(Face(), 200).stroke > 0


def test_fonts_beside_the_programs_scripts(elsewhere, tmp_path):
    folder = tmp_path / "5.2" / "datafiles" / "fonts"
    folder.mkdir(parents=True)
    (folder / "Inter.ttf").write_bytes(own_font_file()[1])
    (folder / "zz.ttf").write_bytes(b"no font")
    (folder / "dangling.ttf").symlink_to(tmp_path / "gone.ttf")
    (folder / "readme.txt").write_text("no font")
    elsewhere(tmp_path / "5.2" / "scripts" / "modules" / "bpy" / "__init__.py")
    assert [face.name for face in fallbacks()] == ["Inter.ttf", "Pillow's font"]


def test_fonts_in_the_wheel(elsewhere, tmp_path):
    folder = tmp_path / "bpy" / "5.2" / "datafiles" / "fonts"
    folder.mkdir(parents=True)
    for name in ("Noto Sans CJK Regular.ttf", "NotoSansThai.ttf", "NotoEmoji.ttf", "Inter.ttf"):
        (folder / name).write_bytes(own_font_file()[1])
    elsewhere(tmp_path / "bpy" / "__init__.so")
    names = [face.name for face in fallbacks()]
    assert names == [
        "Inter.ttf",
        "NotoEmoji.ttf",
        "NotoSansThai.ttf",
        "Noto Sans CJK Regular.ttf",
        "Pillow's font",
    ]


@pytest.mark.parametrize("origin", [None, "/bpy.so", "bpy.so"])
def test_without_blender_there_is_pillows_font(elsewhere, origin):
    elsewhere(origin)
    assert fallbacks() == (Face(),)


def test_blender_is_not_imported_for_its_fonts():
    code = "import sys, cardstunt.scenes.pages.fonts as fonts; fonts.fallbacks(); print('bpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert run.stdout.strip() == "False"


def test_an_edited_font_is_another_face(write_font):
    former = face_of(write_font("a.ttf", "A"))
    assert not covers(former, "B")
    assert covers(face_of(write_font("a.ttf", "AB")), "B")


@pytest.mark.parametrize("content", [b"", b"no font", b"\0\1\0\0" + bytes(8), b"wOF2" + bytes(100)])
def test_what_is_no_font_is_refused(tmp_path, content):
    path = tmp_path / "a.ttf"
    path.write_bytes(content)
    with pytest.raises(FontError):
        face_of(path)


def test_a_font_that_is_gone_is_refused(tmp_path):
    with pytest.raises(FontError, match="No such file"):
        face_of(tmp_path / "a.ttf")


def test_a_font_that_is_cut_off_never_raises_anything_else(tmp_path):
    _, whole = own_font_file()
    path = tmp_path / "a.ttf"
    refused = False
    for share in range(1, 40):
        path.write_bytes(whole[: len(whole) * share // 40])
        try:
            covers(face_of(path), "A")
        except PageError:
            refused = True
    assert refused


def test_letters_with_colours_of_their_own(write_font):
    face = face_of(write_font("emoji.ttf", "AB", [(255, 0, 0), (0, 0, 255)]))
    assert coloured(face, "A")
    assert coloured(face, " B")
    assert not coloured(face, " ")
    assert not coloured(face_of(write_font("plain.ttf", "AB")), "AB")


def test_a_font_of_pictures_is_opened_at_its_own_size_and_scaled(write_font, monkeypatch):
    path = write_font("pictures.ttf", "A")
    really = ImageFont.truetype

    def only_109(font, size):
        if size != 109:
            raise OSError("invalid pixel size")
        return really(font, size)

    monkeypatch.setattr(ImageFont, "truetype", only_109)
    assert opened(face_of(path), 436).scale == 4
    assert opened(face_of(path), 436).font.size == 109
