from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.places import minimum_distance
from cardstunt.scenes.check_files import FileProblem
from cardstunt.scenes.formations import image_mask, place_formation, standing_height, text_mask
from cardstunt.scenes.load import LoadedShow, load_show
from cardstunt.scenes.schema_formation import Formation
from cardstunt.scenes.troupes import compile_drill
from PIL import Image, ImageDraw


@pytest.fixture
def loaded(write_show) -> LoadedShow:
    return load_show(write_show())


def placed(loaded: LoadedShow, count: int, **formation: object) -> np.ndarray:
    return place_formation(loaded, Formation.model_validate(formation), count)


def test_a_table_says_where_everyone_stands(loaded):
    (loaded.folder / "assets" / "places.csv").write_text("name,y,x\nAnna,2.5,-1\nBela,-7,1e1\n", "utf-8")
    assert placed(loaded, 2, csv="assets/places.csv").tolist() == [[-1, 2.5], [10, -7]]


def test_a_polygon_is_where_its_corners_are_and_its_placing_is_heard(loaded):
    corners = (("10 m", "-40 m"), ("30 m", "-40 m"), ("30 m", "5 m"))
    kinds = {
        placing: placed(loaded, 100, polygon=corners, placing=placing)
        for placing in ("even", "blue_noise", "centroidal")
    }
    for places in kinds.values():
        assert places.min(axis=0)[0] > 10
        assert minimum_distance(places) >= 0.8 - 1e-6
    assert len({places.tobytes() for places in kinds.values()}) == 3


def test_acrobats_stand_on_the_ground_and_on_each_other(loaded):
    stack = {"kind": "wall", "base": 3, "columns": 2, "spacing": "5 m"}
    places = placed(loaded, 12, stack=stack)
    height = standing_height(Formation.model_validate({"stack": stack}), 12)
    assert height.tolist() == pytest.approx([0, 0, 0, 1.4, 1.4, 2.8] * 2)
    # Side by side as the audience sees them, the first figure at its left.
    assert (places[:6, 1] > 0).all()
    assert (places[6:, 1] < 0).all()
    assert places[:6, 1].min() - places[6:, 1].max() == pytest.approx(5.0)
    assert standing_height(Formation.model_validate({"rings": 3}), 12) is None


def test_a_figure_keeps_the_spacing_it_is_given(loaded):
    corners = (("0 m", "0 m"), ("20 m", "0 m"), ("20 m", "20 m"), ("0 m", "20 m"))
    assert minimum_distance(placed(loaded, 90, polygon=corners, spacing="1.9 m")) >= 1.9 - 1e-6
    assert len(placed(loaded, 800, polygon=corners, spacing="0.6 m")) == 800


def test_a_curve_follows_the_lines_of_a_drawing(loaded):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><path id="arc" d="M0 0 A10 10 0 0 1 20 0"/></svg>'
    (loaded.folder / "assets" / "arc.svg").write_text(drawing, "utf-8")
    places = placed(loaded, 41, curve={"file": "assets/arc.svg", "width": "40 m", "strands": 1})
    # A half circle above its ends: away from the viewer, and twice as wide as deep.
    assert np.hypot(places[:, 0] + 10.0, places[:, 1]) == pytest.approx(20.0, abs=1e-2)
    assert places[0] == pytest.approx([-10.0, 20.0])


def test_a_curve_of_points_is_metres_on_the_field(loaded):
    places = placed(loaded, 3, curve={"points": [["10 m", "5 m"], ["10 m", "25 m"]], "strands": 1})
    assert places.tolist() == [[10, 5], [10, 15], [10, 25]]


def disc(mode: str, figure: object, ground: object) -> Image.Image:
    image = Image.new(mode, (60, 40), ground)
    ImageDraw.Draw(image).ellipse((20, 10, 40, 30), fill=figure)
    return image


@pytest.mark.parametrize(
    ("mode", "figure", "ground"),
    [
        ("L", 255, 0),
        ("L", 0, 255),
        ("1", 1, 0),
        ("RGB", (200, 30, 30), (30, 200, 30)),
        ("RGBA", (0, 0, 0, 255), (0, 0, 0, 0)),
        ("LA", (255, 255), (255, 0)),
    ],
)
def test_the_figure_is_what_is_opaque_or_unlike_the_border(mode, figure, ground):
    mask = image_mask(disc(mode, figure, ground)) >= 0.5
    assert mask.shape == (40, 60)
    assert mask[20, 30]
    assert not mask[2, 2]
    assert mask.mean() == pytest.approx(np.pi * 10.5**2 / 2400, abs=0.02)


def test_a_picture_of_one_colour_is_all_figure():
    assert (image_mask(Image.new("RGB", (5, 4), "navy")) == 1.0).all()


def test_a_huge_picture_is_brought_down():
    assert image_mask(Image.new("L", (5000, 100))).shape == (41, 2048)


def test_text_is_cut_to_its_ink_and_reads_from_left_to_right(loaded):
    mask = text_mask("LI", None, loaded)
    ink = mask >= 0.5
    assert ink.any(axis=0)[[0, -1]].all()
    assert ink.any(axis=1)[[0, -1]].all()
    # The foot of the L is at the lower left.
    lower, upper = ink[-ink.shape[0] // 8 :], ink[: ink.shape[0] // 8]
    assert lower[:, : ink.shape[1] // 2].sum() > 2 * upper[:, : ink.shape[1] // 2].sum()


def test_lines_of_text_are_one_above_the_other_and_centred(loaded):
    one, two = text_mask("HI", None, loaded), text_mask("HI\nI", None, loaded)
    assert two.shape[0] > 1.8 * one.shape[0]
    assert two.shape[1] == one.shape[1]
    lower = two[-one.shape[0] // 2 :]
    used = np.flatnonzero((lower >= 0.5).any(axis=0))
    assert abs(used[0] - (two.shape[1] - 1 - used[-1])) <= 2


def test_words_that_run_to_the_left_are_joined(loaded):
    joined, apart = (
        text_mask(words, None, loaded)
        for words in ("\u0633\u0644\u0627\u0645", "\u0633 \u0644 \u0627 \u0645")
    )
    assert joined.shape[1] < 0.9 * apart.shape[1]


def test_a_letter_that_no_font_has_is_an_error(loaded):
    with pytest.raises(FileProblem, match="no font at hand has"):
        placed(loaded, 5, text="A\U00012000")


def test_a_damaged_font_of_a_text_is_an_error(loaded):
    (loaded.folder / "assets" / "none.ttf").write_bytes(b"no font")
    with pytest.raises(FileProblem, match=r"none\.ttf"):
        placed(loaded, 5, text="A", font="assets/none.ttf")


def test_a_figure_may_be_a_drawing(write_show):
    path = write_show(("assets/dove.png", "assets/dove.svg"))
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 30"><circle cx="15" cy="15" r="15"/></svg>'
    )
    (path.parent / "assets" / "dove.svg").write_text(drawing)
    places = compile_drill(load_show(path), "ribbons").places[2]
    assert np.hypot(*(places - [4, -3]).T).max() == pytest.approx(30, abs=1.5)
