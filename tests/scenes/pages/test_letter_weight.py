from __future__ import annotations

import pytest
from cardstunt.scenes.pages.fonts import Face, face_of, fallbacks, opened
from cardstunt.scenes.pages.letter_weight import stroke_of

CHINESE = [face for face in fallbacks() if "CJK" in face.name]


def test_letters_with_room_are_thickened_fully():
    most = opened(Face(), 96).stroke
    assert most > 0
    assert stroke_of(Face(), "WELCOME 2026 ...") == most
    assert stroke_of(Face(), "") == stroke_of(Face(), " \n") == most


def test_solid_letters_are_thickened_fully(write_font):
    face = face_of(write_font("a.ttf", "AB"))
    assert stroke_of(face, "AB") == opened(face, 96).stroke > 0


@pytest.mark.skipif(not CHINESE, reason="Blender's fonts are not there")
def test_dense_letters_stay_open():
    face = CHINESE[0]
    most = opened(face, 96).stroke
    assert stroke_of(face, "\uc11c\uc6b8") == most, "Korean has room"
    assert 0 < stroke_of(face, "\u9ad4") <= most / 2
    assert stroke_of(face, "\u4e00\u9ad4") == stroke_of(face, "\u9ad4"), "all of a face are alike"


def test_letters_that_are_heavy_already_are_left(monkeypatch):
    heavy = next((face for face in fallbacks() if face.name.startswith("Inter")), None)
    if heavy is None:
        pytest.skip("Blender's fonts are not there")
    assert stroke_of(heavy, "A") == 0
