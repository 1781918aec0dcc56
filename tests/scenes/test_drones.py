"""Drones of a light cue: a picture in the air, in its colours, from the side that it reads from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.drones import Drones
from cardstunt.kernels.places import minimum_distance
from cardstunt.scenes.drones import compile_drones
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import LoadedShow, load_show
from cardstunt.scenes.seats import seat_map
from PIL import Image

BOWL = PRESETS["may_day"]
Compiling = Callable[..., Any]


@pytest.fixture
def lit(write_show: Callable[..., Path]) -> Callable[[str], LoadedShow]:
    """Return a function that loads the show with a light cue."""
    return lambda cue: load_show(
        write_show(("film:\n", f"lights: [{{ at: 2 s, for: 10 s, {cue} }}]\nfilm:\n"))
    )


@pytest.fixture
def compiled(lit: Compiling) -> Compiling:
    """Return a function that works a cue of drones out."""

    def work_out(cue: str) -> Drones:
        loaded = lit(cue)
        return compile_drones(loaded, BOWL, seat_map(loaded), 0)

    return work_out


def test_drones_stand_upright_as_their_picture_in_its_colours(compiled: Compiling, lit: Compiling) -> None:
    picture = Image.new("RGB", (60, 40), "black")
    picture.paste((255, 0, 0), (5, 5, 28, 35))
    picture.paste((0, 0, 255), (32, 5, 55, 35))
    picture.save(lit("spots: 1").folder / "assets" / "flag.png")
    effect = compiled("drones: { count: 200, image: assets/flag.png, width: 60 m, height: 100 m }")
    assert isinstance(effect, Drones)
    assert np.ptp(effect.goal[:, 0]) < 1e-6
    assert 60.0 < effect.goal[:, 2].min() < 100.0 < effect.goal[:, 2].max() < 140.0
    assert minimum_distance(effect.goal[:, 1:]) > 1.49
    # The audience in the west sees north on the left.
    left = effect.goal[:, 1] > 0
    assert (effect.colour[left, 0] > 0.5).all()
    assert (effect.colour[~left, 2] > 0.5).all()
    assert minimum_distance(effect.ground[:, :2]) > 2.9


@pytest.mark.parametrize(
    ("face", "reads_from"), [("audience", -1), ("card_section", 1), ("0 deg", 1), ("180 deg", -1)]
)
def test_words_read_from_the_side_that_they_face(compiled: Compiling, face: str, reads_from: int) -> None:
    effect = compiled(f"drones: {{ count: 150, text: L, width: 60 m, face: {face} }}")
    low = effect.goal[:, 2] < effect.goal[:, 2].mean()
    # The foot of an L is on its right: from the west that is south.
    foot = effect.goal[low, 1].mean() - effect.goal[~low, 1].mean()
    assert np.sign(foot) == reads_from


def test_too_many_drones_for_a_picture_are_told_how_many_fit(compiled: Compiling) -> None:
    with pytest.raises(ShowError) as caught:
        compiled("drones: { count: 5000, text: I, width: 5 m }")
    (problem,) = caught.value.problems
    assert problem.path == "lights[0].drones.text"
    assert "5,000 drones 1.5 m apart do not fit the figure; " in problem.message
    assert " fit: have fewer, or a wider picture" in problem.message


@pytest.mark.parametrize("over", ["card_section", "[30 m, -20 m]", "field"])
def test_drones_fly_over_the_place_that_is_named(compiled: Compiling, lit: Compiling, over: str) -> None:
    effect = compiled(f"drones: {{ count: 90, text: O, width: 40 m, over: {over} }}")
    seats = seat_map(lit("spots: 1"))
    wanted = {"card_section": seats.places[seats.taken].mean(0)[:2], "field": (0.0, 0.0)}.get(
        over, (30.0, -20.0)
    )
    assert (effect.goal[:, :2].min(0) + effect.goal[:, :2].max(0)) / 2 == pytest.approx(wanted, abs=1.5)
    assert effect.ground[:, 0].max() < -(BOWL.plan.half_width + BOWL.rim)


def test_a_cue_of_another_kind_has_no_drones(lit: Compiling) -> None:
    loaded = lit("spots: 1")
    with pytest.raises(LookupError, match="not drones, but spots"):
        compile_drones(loaded, BOWL, seat_map(loaded), 0)
