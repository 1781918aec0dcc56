from __future__ import annotations

import numpy as np
from cardstunt.kernels.patterns import pattern


def draw(kind, columns=50, rows=20, at=0.0, **options):
    return pattern(kind, columns, rows, at, **options)


def away(one, other):
    return np.abs(one.astype(int) - other.astype(int))


def test_stars_are_few_and_have_the_colours_after_the_first():
    result = draw("starfield", 120, 60, colours=[(5, 5, 20), (0, 255, 0)], size=12.0)
    ground = (result == (5, 5, 20)).all(axis=-1)
    assert 0.5 < ground.mean() < 0.97
    assert (result[..., 1] > 150).mean() > 0.003
    assert result[~ground][:, 0].max() <= 5


def test_stars_lie_elsewhere_with_another_seed():
    assert (draw("starfield", seed=1) != draw("starfield", seed=2)).any()
    np.testing.assert_array_equal(draw("starfield", seed=3), draw("starfield", seed=3))


def test_stars_pass_outwards():
    near = draw("starfield", 101, 101, 0.0, size=10.0)
    rows, columns = np.indices((101, 101)) - 50
    ring = (np.hypot(rows, columns) > 10) & (np.hypot(rows, columns) < 45)
    later = draw("starfield", 101, 101, 0.1, size=10.0, speed=20.0)

    def swollen(by):
        """The picture at first, seen from nearer."""
        pick = [np.clip(np.rint(axis / by).astype(int) + 50, 0, 100) for axis in (rows, columns)]
        return near[pick[0], pick[1]]

    def unlike(by):
        return away(later, swollen(by))[ring].mean()

    assert unlike(1.06) < unlike(1.0) < unlike(1 / 1.06)
