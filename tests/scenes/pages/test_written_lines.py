from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.pages.fonts import Face, face_of
from cardstunt.scenes.pages.written_lines import Run, drawn_lines, enlarged, pens, rounded
from hypothesis import given
from hypothesis import strategies as st

LENGTHS = st.floats(1, 1000)


@given(LENGTHS, LENGTHS, LENGTHS, LENGTHS)
def test_letters_fill_a_frame_within_bounds(wide, high, width, height):
    across, down = enlarged(wide, high, width, height)
    assert across * wide <= width * 1.000001
    assert down * high <= height * 1.000001
    assert across <= down * 1.150001
    assert down <= across * 1.600001
    assert max(across * wide / width, down * high / height) == pytest.approx(1)


@given(st.floats(0.2, 12))
def test_emoji_are_widened_as_much_as_letters_become_taller(shape):
    plain = Face()
    lines = [[Run("GO ", plain), Run("AB", plain)]]
    assert rounded(lines, shape, 1.0) == lines, "there are no emoji"


@pytest.mark.parametrize("shape", [0.3, 1.0, 2.7, 4.0, 9.0])
def test_lines_with_emoji_fit_their_frame_when_these_are_widened(write_font, shape):
    emoji = face_of(write_font("own.ttf", "\U0001f600", [(255, 0, 0)]))
    (runs,) = rounded([[Run("GO", Face()), Run("\U0001f600", emoji)]], shape, 1.0)
    assert runs[0].widened == 1
    high, wide = drawn_lines([runs], (0, 255, 0)).shape[:2]
    across, down = enlarged(wide, high, shape, 1.0)
    assert runs[1].widened == pytest.approx(down / across, rel=0.08)


def test_a_widened_run_is_as_much_wider(write_font):
    face = face_of(write_font("own.ttf", "A"))
    plain, wide = ([Run("A", face, widened=times)] for times in (1.0, 1.5))
    assert pens(wide, 100)[-1] == pytest.approx(1.5 * pens(plain, 100)[-1])
    one, other = (drawn_lines([runs], (255, 255, 255)) for runs in (plain, wide))
    assert other.shape[1] == pytest.approx(1.5 * one.shape[1], abs=3)
    assert other.shape[0] == one.shape[0]
    assert other[..., 3].mean() == pytest.approx(one[..., 3].mean(), rel=0.03)


def test_ink_and_paint_add_up_to_alpha(write_font):
    emoji = face_of(write_font("own.ttf", "\U0001f600", [(255, 0, 0)]))
    shown = drawn_lines([[Run("I", Face()), Run("\U0001f600", emoji)]], (0, 0, 0))
    assert shown.shape[-1] == 5
    assert (shown[..., 4] <= shown[..., 3] + 1e-6).all()
    red = shown[..., 0] > 0.9
    assert red.any()
    np.testing.assert_allclose(shown[red][:, 4], 0, atol=1e-6)
