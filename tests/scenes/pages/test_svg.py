from __future__ import annotations

import gzip
import subprocess
import sys
import zlib

import numpy as np
import pytest
from cardstunt.scenes.pages import PageError
from cardstunt.scenes.pages.fonts import own_font_file
from cardstunt.scenes.pages.lettering import missing_glyphs
from cardstunt.scenes.pages.svg import LARGEST_FILE, Drawing
from cardstunt.scenes.pages.svg_checks import DEEPEST, SvgError
from cardstunt.scenes.schema_page import Page
from PIL import Image

RED = (200, 16, 32)


def svg(content, head='viewBox="0 0 40 20"'):
    return f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{content}</svg>'


def test_a_drawing_is_laid_over_the_section_with_its_alpha(drawn, tmp_path):
    (tmp_path / "a.svg").write_text(svg('<rect width="20" height="20" fill="#c81020"/>'))
    page = drawn({"image": "a.svg", "fit": "stretch", "on": "#ffffff"}, columns=8, rows=4)
    assert (page.picture[:, :4] == RED).all()
    assert (page.picture[:, 4:] == 255).all()
    assert page.ink[:, :4].min() == 1
    assert page.ink[:, 4:].max() == 0


def test_a_drawing_is_upright(drawn, tmp_path):
    (tmp_path / "a.svg").write_text(svg('<rect y="10" width="20" height="10" fill="#c81020"/>'))
    page = drawn({"image": "a.svg", "fit": "stretch"}, columns=8, rows=4)
    assert (page.picture[:2, :4] == RED).all()
    assert (page.picture[2:] == 0).all()


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch", "tile"])
def test_edges_are_as_sharp_as_the_section(drawn, tmp_path, fit):
    (tmp_path / "a.svg").write_text(svg('<circle cx="20" cy="10" r="7" fill="white"/>'))
    shown = drawn({"image": "a.svg", "fit": fit, "size": "100 %"}, columns=120, rows=50).picture[..., 0]
    assert ((shown > 10) & (shown < 245)).mean() < 0.06
    assert (shown > 245).any()


def test_a_crop_is_rendered_as_fine_as_a_whole_drawing(drawn, tmp_path):
    (tmp_path / "a.svg").write_text(svg('<circle cx="20" cy="10" r="1" fill="white"/>'))
    crop = dict.fromkeys(("left", "right"), "45 %") | dict.fromkeys(("top", "bottom"), "45 %")
    shown = drawn({"image": "a.svg", "crop": crop}, columns=100, rows=45).picture[..., 0]
    assert ((shown > 10) & (shown < 245)).mean() < 0.06


def test_a_packed_drawing_is_the_same(drawn, tmp_path):
    markup = svg('<circle cx="20" cy="10" r="7" fill="#c81020"/>')
    (tmp_path / "a.svg").write_text(markup)
    (tmp_path / "a.svgz").write_bytes(gzip.compress(markup.encode()))
    one, other = (drawn({"image": name}, columns=40, rows=20) for name in ("a.svg", "a.svgz"))
    assert one.picture.tobytes() == other.picture.tobytes()
    assert (one.picture == RED).all(axis=-1).any()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings(tmp_path, encoding):
    markup = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + svg("<text>Grüße</text>")
    (tmp_path / "a.svg").write_bytes(markup.encode(encoding))
    assert Drawing.read(tmp_path / "a.svg").words == "Grüße"


@pytest.mark.parametrize(
    "head", ['width="1e9" height="1e9"', 'width="1" height="1e9"', 'viewBox="0 0 1e6 1"']
)
def test_huge_drawings_take_no_more_pixels_than_are_needed(tmp_path, head):
    (tmp_path / "a.svg").write_text(svg('<rect width="5" height="5"/>', head))
    image = Drawing.read(tmp_path / "a.svg").rendered(300, 200)
    assert image.width <= 300
    assert image.height <= 200


def test_long_drawings_over_a_section_stay_within_bounds(drawn, tmp_path):
    (tmp_path / "a.svg").write_text(svg('<rect width="5" height="5"/>', 'width="1" height="1000000"'))
    for fit in ("cover", "contain", "stretch", "tile"):
        assert drawn({"image": "a.svg", "fit": fit}).picture.shape == (4, 8, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (svg("", 'width="0" height="5"'), "cannot be rendered"),
        (svg('<image href="../secret.png"/>'), "outside itself"),
        ("not xml", "damaged"),
    ],
)
def test_a_drawing_that_cannot_be_used_is_a_page_error(drawn, tmp_path, content, words):
    (tmp_path / "a.svg").write_text(content)
    with pytest.raises(PageError, match=rf"'a\.svg' .*{words}"):
        drawn({"image": "a.svg"})


def test_what_the_renderer_would_open_is_refused(tmp_path):
    Image.new("RGB", (4, 4), RED).save(tmp_path / "b.png")
    markup = svg(f'<image href="{tmp_path}/b.png" width="9" height="9"/>')
    (tmp_path / "a.svg").write_text(markup)
    assert np.asarray(Drawing(markup, "", ()).rendered(40, 20))[..., 3].any(), "or it need not be refused"
    with pytest.raises(SvgError, match="outside itself"):
        Drawing.read(tmp_path / "a.svg")


def test_packed_bombs_are_refused(tmp_path):
    packer = zlib.compressobj(9, wbits=31)
    spaces = b" " * (1 << 20)
    packed = b"".join(packer.compress(spaces) for _ in range(300)) + packer.flush()
    assert len(packed) < 400_000
    (tmp_path / "a.svgz").write_bytes(packed)
    with pytest.raises(SvgError, match="16 MB"):
        Drawing.read(tmp_path / "a.svgz")
    (tmp_path / "b.svg").write_bytes(b" " * (LARGEST_FILE + 1))
    with pytest.raises(SvgError, match="16 MB"):
        Drawing.read(tmp_path / "b.svg")


@pytest.mark.parametrize(
    "content", [b"\x1f\x8bbroken", gzip.compress(b"<svg/>" * 99, mtime=0)[:-12]], ids=["head", "end"]
)
def test_damaged_packing_is_refused(tmp_path, content):
    (tmp_path / "a.svgz").write_bytes(content)
    with pytest.raises(SvgError, match="damaged"):
        Drawing.read(tmp_path / "a.svgz")


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe<", svg("").encode()[:20] + b"\xff", b'<?xml version="1.0" encoding="koi8-r"?><svg/>'],
)
def test_text_that_cannot_be_read_is_refused(tmp_path, content):
    (tmp_path / "a.svg").write_bytes(content)
    with pytest.raises(SvgError):
        Drawing.read(tmp_path / "a.svg")


def test_the_deepest_drawing_is_rendered_also_where_stacks_are_small(tmp_path):
    depth = DEEPEST - 2
    nested = '<g opacity="0.99">' * depth + '<rect width="40" height="20"/>' + "</g>" * depth
    (tmp_path / "a.svg").write_text(svg(nested))
    code = (
        "import sys, threading; from pathlib import Path; from cardstunt.scenes.pages.svg import Drawing; "
        "threading.stack_size(256 << 10); image = Drawing.read(Path(sys.argv[1])).rendered(40, 20); "
        "print(image.getextrema()[3], threading.stack_size() >> 10)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.svg")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    opacity = round(255 * 0.99**depth)
    assert run.stdout.strip() in {f"({level}, {level}) 256" for level in range(opacity - 40, opacity + 40)}


def test_text_in_a_drawing_is_written_without_the_systems_fonts(drawn, tmp_path):
    (tmp_path / "a.svg").write_text(svg('<text x="4" y="16" font-size="18" fill="white">HI</text>'))
    ink = drawn({"image": "a.svg"}, columns=80, rows=40).picture[..., 0] > 127
    assert 0.05 < ink.mean() < 0.5
    assert Drawing.read(tmp_path / "a.svg").fonts == ()


def test_text_is_set_in_a_font_beside_the_drawing(drawn, tmp_path, loaded, write_font):
    text = svg('<text x="0" y="18" font-size="20" font-family="Unheard Of" fill="white">\u0416</text>')
    (tmp_path / "a.svg").write_text(text)
    page = Page(image="a.svg")
    assert missing_glyphs(page, loaded) == "\u0416"
    boxed = drawn({"image": "a.svg"}, columns=80, rows=40).ink
    write_font("own.ttf", "\u0416")
    assert missing_glyphs(page, loaded) == ""
    assert drawn({"image": "a.svg"}, columns=80, rows=40).ink.mean() > 2 * boxed.mean()


def test_a_font_beside_a_drawing_that_is_damaged_or_made_of_drawings_is_passed_over(tmp_path, write_font):
    (tmp_path / "a.svg").write_text(svg('<text x="0" y="18" font-size="20">A</text>'))
    good = write_font("good.ttf", "A")
    (tmp_path / "damaged.ttf").write_bytes(b"no font")
    write_font("drawn.ttf", "A", more={"SVG ": bytes(10)})
    assert Drawing.read(tmp_path / "a.svg").fonts == (good,)


def test_pillows_own_font_can_be_written_to_a_file():
    family, content = own_font_file()
    assert family == "Aileron"
    assert content[:4] in {b"\0\1\0\0", b"OTTO"}
