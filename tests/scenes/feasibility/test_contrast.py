from __future__ import annotations

import numpy as np
from cardstunt.scenes.feasibility import limits
from cardstunt.scenes.feasibility.contrast import find_lost_contrast
from PIL import Image, ImageDraw

PALETTE = '{ colours: ["#7890a8", "#203040", "#c01020"], dither: none }'


def found(compiled, image, palette):
    def files(folder):
        image.save(folder / "drawn.png")

    return find_lost_contrast(
        *compiled(
            pages='red: { fill: "#c01020" }\ndrawn: { image: drawn.png, fit: stretch }',
            cues="- { at: 0 s, page: red }\n- { at: 4 s, page: drawn }",
            palette=palette,
            files=files,
        )
    )


def stripes(*colours):
    image = Image.new("RGB", (60, 30))
    draw = ImageDraw.Draw(image)
    for number, colour in enumerate(colours):
        width = 60 / len(colours)
        draw.rectangle((number * width, 0, (number + 1) * width - 1, 29), fill=colour)
    return image


def test_colours_that_the_books_have_lose_nothing(compiled):
    image = stripes("#203040", "#f0e0c0", "#208040")
    assert found(compiled, image, "{ colours: 24, dither: none }") == []


def test_a_dithered_mix_looks_like_what_it_stands_for(compiled):
    across = np.tile(np.linspace(40, 220, 60), (30, 1))
    grey = Image.fromarray(np.stack([across] * 3, -1).astype(np.uint8))
    greys = '["#000000", "#404040", "#808080", "#c0c0c0", "#ffffff", "#c01020"]'
    assert found(compiled, grey, f"{{ colours: {greys}, dither: blue_noise }}") == []


def test_two_colours_that_become_one_are_told(compiled):
    # Far between the two, there is no edge and little of either colour.
    image = stripes("#6090c0", "#203040", "#203040", "#203040", "#203040", "#a09080")
    (finding,) = found(compiled, image, PALETTE)
    assert (finding.cue, finding.page) == (1, "drawn")
    assert finding.what == "#6090c0 and #a09080 both become #7890a8"
    assert (finding.limit, finding.measured, finding.severity) == (limits.MERGED, "1 pair of colours", "low")


def test_lost_edges_and_strange_colours_are_told_with_their_numbers(compiled):
    (finding,) = found(compiled, stripes("#4080e0", "#c09040", "#4080e0", "#c09040", "#4080e0"), PALETTE)
    assert "100 % of the edges are lost" in finding.what
    assert finding.limit in {limits.EDGES, limits.COLOUR}
    assert finding.severity == "high"
    assert finding.seats.all()


def test_a_picture_in_strange_colours_is_told(compiled):
    (finding,) = found(compiled, Image.new("RGB", (60, 30), "#40c060"), PALETTE)
    assert finding.limit is limits.COLOUR
    assert float(finding.measured.split()[0]) > 0.06


def test_screens_show_every_colour(compiled):
    loaded, plan = compiled(more="  mode: tablets\n", palette=None)
    assert find_lost_contrast(loaded, plan) == []
