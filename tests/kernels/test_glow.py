import numpy as np
import pytest
from cardstunt.kernels.glow import GlowError, glow


def lamp(height=90, width=160, value=100.0):
    image = np.full((height, width, 3), 0.2, np.float32)
    image[height // 2, width // 2] = value
    return image


def test_nothing_brighter_than_white_nothing_glows():
    image = np.full((8, 12, 3), 0.9, np.float32)
    assert glow(image, white=1.0, share=0.5) is image
    assert glow(lamp(), white=1.0, share=0.0) is not None
    assert np.array_equal(glow(lamp(), white=1.0, share=0.0), lamp())


def test_no_light_is_won_or_lost():
    image = lamp()
    assert glow(image, white=1.0, share=0.3).sum(dtype=float) == pytest.approx(
        image.sum(dtype=float), rel=1e-4
    )


def test_a_lamp_gives_its_share_away_and_keeps_the_rest():
    kept = glow(lamp(), white=1.0, share=0.1)
    middle = kept[45, 80, 0]
    assert 1 + 0.9 * 99 <= middle < 100
    around = kept[..., 0] - np.float32(0.2)
    around[45, 80] = 0
    assert around.max() < 2
    # Fainter with every step away, and the same to all sides.
    ray = kept[45, 80:130, 0]
    assert (np.diff(ray) <= 1e-3).all()
    assert kept[45, 70] == pytest.approx(kept[45, 90], abs=1e-4)
    assert kept[35, 80] == pytest.approx(kept[55, 80], abs=1e-4)
    assert kept[45, 84, 0] > 0.2


def test_its_width_follows_the_picture():
    small, large = (
        glow(lamp(90, 160), white=1.0, share=0.2),
        glow(lamp(180, 320, 100.0), white=1.0, share=0.2),
    )
    reach = [np.flatnonzero(image[len(image) // 2, :, 0] > 0.2 + 1e-3).size for image in (small, large)]
    assert reach[1] > 1.3 * reach[0]


def test_nothing_comes_around_from_the_other_edge():
    image = np.full((60, 100, 3), 0.2, np.float32)
    image[:, 0] = 50.0
    kept = glow(image, white=1.0, share=0.3)
    assert kept[:, -1] == pytest.approx(0.2, abs=2e-3)


def test_a_brighter_white_lets_less_through():
    spilled = [glow(lamp(), white=white, share=0.2)[45, 90, 0] for white in (1.0, 50.0, 200.0)]
    assert spilled[0] > spilled[1] > spilled[2] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("setting", "said"), [({"share": 1.5}, "glow"), ({"share": -0.1}, "glow"), ({"white": 0.0}, "white")]
)
def test_a_setting_out_of_range_is_refused(setting, said):
    with pytest.raises(GlowError, match=said):
        glow(lamp(), **{"white": 1.0, "share": 0.1, **setting})


def test_a_picture_without_colour_is_refused():
    with pytest.raises(GlowError, match="shape"):
        glow(np.ones((4, 4), np.float32), white=1.0, share=0.1)


def test_the_same_on_the_gpu(cupy):
    seen = glow(cupy.asarray(lamp()), white=1.0, share=0.2)
    assert cupy.asnumpy(seen) == pytest.approx(glow(lamp(), white=1.0, share=0.2), abs=1e-4)
