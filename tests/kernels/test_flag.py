from __future__ import annotations

import numpy as np
from cardstunt.kernels.oklab import srgb8_to_oklab
from cardstunt.kernels.patterns import pattern

BLACK, WHITE, RED, BLUE = (0, 0, 0), (255, 255, 255), (200, 16, 32), (20, 60, 200)


def draw(kind, columns=50, rows=20, at=0.0, **options):
    return pattern(kind, columns, rows, at, **options)


def test_a_flag_has_its_first_colour_on_top():
    result = draw("flag", 60, 30, colours=[RED, WHITE, BLUE], size=30.0)
    hue = srgb8_to_oklab(result)
    assert (hue[-3:, :, 1] > 0.05).all()
    assert (hue[:3, :, 2] < -0.05).all()
    assert (np.abs(hue[14:16, :20, 1:]) < 0.03).all()


def test_a_flag_is_held_at_its_left_and_has_folds():
    options = {"colours": [BLACK, WHITE], "size": 20.0, "speed": 20.0}
    edges = np.stack(
        [(draw("flag", 100, 60, at, **options)[..., 0] < 100).sum(axis=0) for at in np.arange(0, 2, 0.1)]
    )
    swing = np.ptp(edges, axis=0)
    assert swing[:5].max() < 0.7 * swing[-20:].max()
    assert swing[-20:].max() >= 5
    shade = draw("flag", 100, 60, colours=[WHITE, WHITE], size=20.0)[30, :, 0]
    assert shade.min() < 200
    assert shade.max() == 255


def test_a_flag_may_be_a_picture():
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:20, :40] = RED
    picture[20:, 40:] = BLUE
    result = srgb8_to_oklab(draw("flag", 40, 20, picture=picture, size=40.0))
    assert (result[:6, :15, 1] > 0.05).all()
    assert (result[-6:, 25:, 2] < -0.05).all()
    assert (np.abs(result[-6:, :15, 1:]) < 0.1).all()


def test_a_flat_picture_is_not_changed_but_in_its_light():
    picture = np.full((8, 8, 3), WHITE, np.uint8)
    result = draw("flag", 40, 20, picture=picture)
    assert (np.ptp(result.astype(int), axis=-1) <= 1).all()
