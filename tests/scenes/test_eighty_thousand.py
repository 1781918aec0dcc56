from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cardstunt.kernels.places import minimum_distance
from cardstunt.scenes.formations import place_formation
from cardstunt.scenes.library import eighty_thousand
from cardstunt.scenes.library.eighty_thousand.draw_assets import MOSAIC
from cardstunt.scenes.library.eighty_thousand.field_maps import (
    COLOURS,
    MAPS,
    PIXELS_A_METRE,
    TROUPES,
    figure,
    painted,
)
from cardstunt.scenes.library.eighty_thousand.posters import POSTERS
from cardstunt.scenes.load import load_show
from PIL import Image

ASSETS = Path(eighty_thousand.__file__).parent / "assets"


@pytest.fixture(scope="module")
def loaded():
    return load_show("eighty_thousand")


@pytest.fixture(scope="module")
def maps():
    return {name: drawn() for name, drawn in MAPS.items()}


def test_it_loads_without_a_warning(loaded):
    assert loaded.warnings == ()


def test_eighty_thousand_in_eight_formations_and_more(loaded):
    troupes = loaded.show.troupes
    assert {name: troupe.count for name, troupe in troupes.items()} == TROUPES
    assert sum(TROUPES.values()) == 80_000
    assert {name: troupe.costume.colour for name, troupe in troupes.items()} == {
        name: tuple(bytes.fromhex(colour[1:])) for name, colour in COLOURS.items()
    }
    for troupe in troupes.values():
        assert len({drill_set.formation for drill_set in troupe.drill if drill_set.formation}) >= 9


def test_the_pictures_are_those_of_the_code(maps):
    for name, dealt in maps.items():
        for number, troupe in enumerate(TROUPES):
            if (name, troupe) == ("pyramids", "sparks"):  # who stand on each other, in figures of their own
                assert not (dealt == number).any()
                continue
            with Image.open(ASSETS / f"{name}_{troupe}.png") as kept:
                # Borders are counted out in floats, whose last bits are not the same with every NumPy.
                differs = np.asarray(kept) != np.asarray(figure(dealt, number))
                assert differs.mean() < 1e-4, (name, troupe)
    with Image.open(ASSETS / "mosaic.png") as kept:
        worn = np.asarray(painted(maps[MOSAIC]).convert("RGBA"))
        assert (np.asarray(kept.convert("RGBA")) != worn).any(axis=2).mean() < 1e-4
    for name, poster in POSTERS.items():
        assert (ASSETS / f"{name}.svg").read_text(encoding="utf-8") == poster().text()


def test_everyone_has_as_much_room_as_anyone(maps):
    for name, dealt in maps.items():
        for number, (troupe, people) in enumerate(TROUPES.items()):
            if not (dealt == number).any():
                continue
            square_metres = np.asarray(figure(dealt, number)).sum() / PIXELS_A_METRE**2
            assert 0.4**2 <= square_metres / people <= 0.49**2, (name, troupe)


def test_a_picture_that_is_symmetric_is_dealt_so(maps):
    for name in ("sunrise", "ripples", "blossom"):
        mirrored = maps[name] == maps[name][:, ::-1]
        assert mirrored.mean() > 0.995, name


def test_troupes_stand_clear_of_each_other(loaded):
    """The finest of the pictures, with all the people in it."""
    everyone = [
        place_formation(loaded, drill_set.formation, troupe.count)
        for troupe in loaded.show.troupes.values()
        for drill_set in troupe.drill
        if drill_set.formation and "scales" in str(drill_set.formation.shape)
    ]
    assert sum(map(len, everyone)) == 80_000
    assert minimum_distance(np.concatenate(everyone)) >= 0.379
