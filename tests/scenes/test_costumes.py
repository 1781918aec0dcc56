from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from cardstunt.kernels.costumes import Costumes, costume_states
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.costumes import compile_costumes
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.troupes import compile_drill
from PIL import Image

WriteShow = Callable[..., Path]

PINK = (0xD8, 0x1B, 0x60)
COSTUME = 'costume: { colour: "#d81b60", prop: ribbon }'
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def dressed(write_show: WriteShow, said: str, picture: Image.Image | None = None) -> tuple[Drill, Costumes]:
    path = write_show((COSTUME, f'costume: {{ colour: "#d81b60", {said} }}'))
    if picture is not None:
        picture.save(path.parent / "assets" / "flag.png")
    loaded = load_show(path)
    drill = compile_drill(loaded, "ribbons")
    return drill, compile_costumes(loaded, "ribbons", drill)


def flag() -> Image.Image:
    """Red at the left, green at the right, nothing below them, and a blue corner top left."""
    pixels = np.zeros((20, 40, 4), dtype=np.uint8)
    pixels[:, :20, :3], pixels[:, 20:, :3] = RED, GREEN
    pixels[:10, :, 3] = 255
    pixels[:5, :10, :3] = BLUE
    return Image.fromarray(pixels)


def test_everyone_wears_the_troupes_colour(write_show: WriteShow) -> None:
    _, costumes = dressed(write_show, "prop: ribbon")
    assert costumes.colour.shape == (1, 400, 3)
    assert (costumes.colour == PINK).all()


def test_a_picture_lies_over_the_field_upright_to_the_main_stand(write_show: WriteShow) -> None:
    picture = "picture: { image: assets/flag.png, width: 20 m, place: [1 m, 2 m] }"
    drill, costumes = dressed(write_show, picture, flag())
    right, up = -(drill.places[0, :, 1] - 2.0), drill.places[0, :, 0] - 1.0
    colour = costumes.colour[0]
    inside = (np.abs(right) < 9.9) & (np.abs(up) < 4.9)
    assert (colour[inside & (up > 2.6) & (right < -5.1)] == BLUE).all()
    assert (colour[inside & (up > 0.1) & (up < 2.4) & (right < -0.1)] == RED).all()
    assert (colour[inside & (up > 0.1) & (right > 0.1)] == GREEN).all()
    # Beside the picture, and where it is transparent, the troupe's own colour.
    assert (colour[(np.abs(right) > 10.1) | (np.abs(up) > 5.1) | (up < -0.1)] == PINK).all()
    assert len(np.unique(colour, axis=0)) == 4


@pytest.mark.parametrize("along", ["across", "up", "ring"])
def test_colours_lie_in_bands_of_equal_width(write_show: WriteShow, along: str) -> None:
    places = f'places: {{ colours: ["#ff0000", "#00ff00", "#0000ff"], along: {along} }}'
    drill, costumes = dressed(write_show, places)
    east, north = drill.places[0].T
    metres = {"across": -north, "up": east, "ring": np.hypot(east, north)}[along]
    order = np.argsort(metres)
    band = np.array([[RED, GREEN, BLUE].index(tuple(colour)) for colour in costumes.colour[0].tolist()])
    assert (np.diff(band[order]) >= 0).all()
    wide = np.ptp(metres) / 3
    for number in range(3):
        share = (metres[band == number] - metres.min()) / wide
        assert share.min() >= number - 1e-6
        assert share.max() <= number + 1 + 1e-6


def test_by_rank_rows_take_the_colours_in_turn(write_show: WriteShow) -> None:
    drill, costumes = dressed(
        write_show, 'places: { colours: ["#ff0000", "#00ff00", "#0000ff"], along: rank }'
    )
    row = np.rint((drill.places[0, :, 0] - drill.places[0, :, 0].min()) / 1.2).astype(int)
    assert np.array_equal(costumes.colour[0], np.array([RED, GREEN, BLUE])[row % 3])


def test_a_change_is_decided_by_where_people_are_then(write_show: WriteShow) -> None:
    # At 10 s everyone is on the way from the block to the rings.
    change = "changes: [{ at: 10 s, picture: { image: assets/flag.png, width: 20 m }, turn: 1 s }]"
    drill, costumes = dressed(write_show, change, flag())
    places = gymnast_states(drill, np.array([ticks(10)]))[0, 0, :, :2]
    assert np.hypot(*(places - drill.places[0]).T).max() > 0.3
    right, up = -places[:, 1], places[:, 0]
    assert (costumes.colour[0] == PINK).all()
    green = (right > 0.3) & (right < 9.7) & (up > 0.3) & (up < 4.7)
    assert green.sum() > 10
    assert (costumes.colour[1][green] == GREEN).all()
    assert (costumes.colour[1][np.abs(right) > 10.3] == PINK).all()
    assert (costumes.start[1] == ticks(10)).all()
    assert costumes.turn[1] == ticks(1)


def test_what_a_picture_leaves_out_stays_as_it_was_before(write_show: WriteShow) -> None:
    flags = "{ at: 2 s, picture: { image: assets/flag.png, width: 20 m } }"
    changes = f'changes: [{{ at: 1 s, colour: "#00ff00" }}, {flags}]'
    _, costumes = dressed(write_show, changes, flag())
    assert (costumes.colour[1] == GREEN).all()
    worn = {tuple(colour) for colour in costumes.colour[2].tolist()}
    assert worn == {RED, GREEN, BLUE}


@pytest.mark.parametrize("order", ["left", "right", "front", "back", "centre", "random"])
def test_a_change_goes_through_the_troupe_in_order(write_show: WriteShow, order: str) -> None:
    change = f'changes: [{{ at: 2 s, colour: "#00ff00", over: 3 s, order: {order} }}]'
    drill, costumes = dressed(write_show, change)
    east, north = drill.places[0].T
    late = costumes.start[1] - ticks(2)
    assert late.min() >= 0
    assert late.max() <= ticks(3)
    assert np.ptp(late) > ticks(Fraction(29, 10))
    if order == "random":
        assert abs(np.corrcoef(late, north)[0, 1]) < 0.2
        assert len(np.unique(late)) == 400
        return
    metres = {"left": -north, "right": north, "front": east, "back": -east, "centre": np.hypot(east, north)}
    assert (np.diff(late[np.argsort(metres[order].round(6), kind="stable")]) >= 0).all()


def test_all_change_at_once_unless_it_is_said(write_show: WriteShow) -> None:
    _, costumes = dressed(write_show, 'changes: [{ at: bar 2, colour: "#00ff00" }]')
    now = ticks(Fraction(235, 100)) + np.array([0, ticks(Fraction(1, 4)), ticks(Fraction(1, 2))])
    states = costume_states(costumes, now)
    assert (states[:, :, 1] == states[:, :1, 1]).all()
    assert states[:, 0, 3] == pytest.approx([0, 1, 0], abs=1e-6)


def refused(write_show: WriteShow, said: str) -> tuple[Problem, ...]:
    with pytest.raises(ShowError) as caught:
        dressed(write_show, said)
    return caught.value.problems


@pytest.mark.parametrize(
    ("said", "path", "words"),
    [
        ("picture: assets/flug.png", "picture.image", "no file 'assets/flug.png'"),
        ("picture: assets/theme.wav", "picture.image", "is not a picture"),
        (
            "changes: [{ at: 2 s, picture: assets/sunrice.png }]",
            "changes[0].picture.image",
            "did you mean 'assets/sunrise.png'",
        ),
    ],
)
def test_a_picture_that_cannot_be_used_is_told_at_once(
    write_show: WriteShow, said: str, path: str, words: str
) -> None:
    (problem,) = refused(write_show, said)
    assert problem.path == f"troupes.ribbons.costume.{path}"
    assert problem.line == 25
    assert words in problem.message


def test_a_picture_that_is_damaged_after_the_check_is_an_error(write_show: WriteShow) -> None:
    path = write_show((COSTUME, 'costume: { colour: "#d81b60", picture: assets/sunrise.png }'))
    loaded = load_show(path)
    drill = compile_drill(loaded, "ribbons")
    (path.parent / "assets" / "sunrise.png").write_bytes(b"no picture")
    with pytest.raises(ShowError, match=r"costume\.picture\.image: 'assets/sunrise.png' is not a picture"):
        compile_costumes(loaded, "ribbons", drill)


def test_a_drawing_is_as_good_as_a_picture(write_show: WriteShow) -> None:
    path = write_show(
        (COSTUME, 'costume: { colour: "#d81b60", picture: { image: assets/sun.svg, width: 30 m } }')
    )
    circle = '<circle cx="5" cy="5" r="5" fill="#ff0000"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{circle}</svg>'
    (path.parent / "assets" / "sun.svg").write_text(drawing)
    loaded = load_show(path)
    drill = compile_drill(loaded, "ribbons")
    colour = compile_costumes(loaded, "ribbons", drill).colour[0]
    far = np.hypot(*drill.places[0].T)
    assert (colour[far < 14.5] == RED).all()
    assert (colour[far > 15.5] == PINK).all()
