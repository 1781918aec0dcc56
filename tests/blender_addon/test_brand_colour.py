from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.blender_addon.brand_colour import SAME, card_light, page_for, shown_colours
from cardstunt.blender_addon.light import LIGHTS
from cardstunt.kernels.colour_difference import ciede2000, lab_of_srgb8

pytestmark = pytest.mark.blender


@pytest.mark.parametrize("light", ["noon", "golden_hour", "night"])
@pytest.mark.parametrize("page", [(160, 20, 60), (20, 70, 150), (40, 120, 60), (120, 120, 120)])
def test_what_some_page_shows_is_found_again(light, page):
    """Whatever colour a page shows can be asked for, and then a page is found that shows it."""
    pages = np.array([page], np.uint8)
    (wanted,) = shown_colours(pages, LIGHTS[light])
    found = page_for(tuple(int(part) for part in wanted), LIGHTS[light])
    assert found.reached
    assert found.difference < 0.5
    # Neighbouring pages show nearly the same.
    assert ciede2000(lab_of_srgb8(np.array(found.page, np.uint8)), lab_of_srgb8(pages[0])) < 2


def test_what_it_says_is_shown_is_what_the_finish_shows():
    light = LIGHTS["golden_hour"]
    settings = {"exposure": 0.3, "saturation": 1.2, "contrast": 1.1, "view": "AgX"}
    found = page_for((200, 16, 46), light, **settings)
    (shown,) = shown_colours(np.array([found.page], np.uint8), light, **settings)
    assert tuple(shown) == found.shown
    difference = ciede2000(lab_of_srgb8(shown), lab_of_srgb8(np.array((200, 16, 46), np.uint8)))
    assert difference == pytest.approx(found.difference)


def test_no_page_does_better():
    light, wanted = LIGHTS["noon"], (90, 60, 140)
    found = page_for(wanted, light)
    offsets = np.arange(-6, 7, 3)
    around = np.stack(np.meshgrid(offsets, offsets, offsets), -1).reshape(-1, 3) + found.page
    others = shown_colours(np.clip(around, 0, 255).astype(np.uint8), light)
    target = lab_of_srgb8(np.array(wanted, np.uint8))
    assert found.difference <= ciede2000(lab_of_srgb8(others), target).min() + 1e-9


def test_agx_does_not_reach_pure_magenta_and_says_by_how_much():
    found = page_for((255, 0, 255), LIGHTS["noon"])
    assert not found.reached
    assert found.difference > 5 * SAME
    assert page_for((255, 0, 255), LIGHTS["neutral"], view="Standard").difference < found.difference


def test_under_the_standard_view_and_neutral_light_a_colour_is_its_own_page_but_for_exposure():
    light = LIGHTS["neutral"]
    white = dataclasses.replace(light, exposure=-float(np.log2(card_light(light)[0])))
    for wanted in ((30, 90, 200), (180, 40, 40), (128, 128, 128)):
        found = page_for(wanted, white, view="Standard")
        assert np.abs(np.array(found.page) - wanted).max() <= 1


def test_a_white_card_is_white_by_day_and_bluer_in_the_blue_hour():
    assert max(card_light(LIGHTS["neutral"])) == pytest.approx(min(card_light(LIGHTS["neutral"])))
    golden, blue = card_light(LIGHTS["golden_hour"]), card_light(LIGHTS["blue_hour"])
    assert golden[0] > golden[2]
    assert blue[2] > blue[0]
    for name, light in LIGHTS.items():
        assert 0.25 < card_light(light)[1] * 2**light.exposure < 2.5, name
