from __future__ import annotations

import base64
import io

import pytest
from cardstunt.scenes.pages import svg_checks
from cardstunt.scenes.pages.svg_checks import DEEPEST, SvgError, checked_words
from PIL import Image

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">\n'
)


def drawing(*lines: str) -> str:
    return SVG + "\n".join(lines) + "\n</svg>\n"


def embedded(kind: str = "image/png", size: tuple[int, int] = (3, 2)) -> str:
    stream = io.BytesIO()
    Image.new("1", size).save(stream, "PNG")
    return f"data:{kind};base64,{base64.b64encode(stream.getvalue()).decode()}"


@pytest.mark.parametrize(
    "markup",
    [
        drawing('<rect width="3" height="3" fill="url(#paint)"/>', '<linearGradient id="paint"/>'),
        drawing('<rect id="a" width="3" height="3"/>', '<use xlink:href="#a" x="4"/>', '<use href="#gone"/>'),
        drawing('<a href="https://example.org/"><rect width="3" height="3"/></a>'),
        drawing(f'<image href="{embedded()}" width="9" height="9"/>'),
        drawing(
            "<style>/* url(a.png) */ .a { fill: url('#paint') } @media print { .a { fill: red } }</style>"
        ),
        drawing('<style>rect { fill: url(#p) }</style><pattern id="p"><circle/></pattern><rect/>'),
        '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n' + drawing(),
        drawing("<metadata><r:RDF xmlns:r='urn:x' r:resource='https://example.org'/></metadata>"),
    ],
)
def test_ordinary_drawings(markup: str) -> None:
    assert checked_words(markup) == ""


def test_the_words_of_a_drawing() -> None:
    markup = drawing("<title>no</title>", "<text>GO <tspan>서울</tspan></text>")
    assert checked_words(markup) == "GO 서울"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('<image href="photo.png"/>', "'photo.png' outside itself"),
        ('<image xlink:href="file:///etc/passwd"/>', "'file:///etc/passwd' outside itself"),
        ('<image href="https://example.org/a.png"/>', "outside itself"),
        ('<s:image xmlns:s="http://www.w3.org/2000/svg" href="a.png"/>', "'a.png' outside itself"),
        ('<use href="other.svg#a"/>', "'other.svg#a' outside itself"),
        ('<feImage href="a.png"/>', "'a.png' outside itself"),
        ('<rect fill="url(other.svg#a)"/>', "'other.svg#a' outside itself"),
        ("""<rect style="fill:URL( 'other.svg#a' )"/>""", "'other.svg#a' outside itself"),
        ('<rect style="fill:u\\72l(other.svg#a)"/>', "'other.svg#a' outside itself"),
        ("<style>@import 'a.css';</style>", "@import"),
        ("<style>@im/**/port url(a.css);</style>", "style sheet outside|'a.css' outside"),
        ("<style>@font-face { src: url(a.ttf) }</style>", "'a.ttf' outside itself"),
        ("<style><![CDATA[.a { fill: url(a.svg#b) }]]></style>", "'a.svg#b' outside itself"),
        ("<?xml-stylesheet href='a.css'?>", "style sheet outside"),
        ("<script>alert(1)</script>", "script"),
        ('<rect onclick="alert(1)"/>', "'onclick'"),
        (f'<image href="{embedded("image/svg+xml")}"/>', "'image/svg\\+xml'"),
        (f'<image href="{embedded("text/plain")}"/>', "'text/plain'"),
        ('<image href="data:image/png;base64,AAAA"/>', "damaged picture"),
        (f'<image href="{embedded(size=(20_000, 20_000))}"/>', "25 megapixels"),
        ('<filter><feMorphology radius="9"/></filter>', "feMorphology"),
        ('<filter><feTurbulence numOctaves="99"/></filter>', "octaves"),
        ('<g id="a"><use href="#a"/></g>', "refer to itself"),
        ('<pattern id="p"><rect fill="url(#p)"/></pattern>', "refer to itself"),
    ],
)
def test_what_leads_out_or_never_ends_is_refused_with_its_line(line: str, words: str) -> None:
    with pytest.raises(SvgError, match=words) as caught:
        checked_words(drawing("<g/>", line))
    assert "line 3" in str(caught.value)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://example.org/a.dtd"> %a;]>',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a.dtd" [<!ENTITY a "b">]>',
        '<!DOCTYPE svg [<!ATTLIST image href CDATA "a.png">]>',
        '<!DOCTYPE svg SYSTEM "a.dtd">',
        '<!DOCTYPE svg PUBLIC "-//ELSE//DTD//EN" "http://example.org/a.dtd">',
    ],
)
def test_entities_and_foreign_doctypes_are_refused(doctype: str) -> None:
    with pytest.raises(SvgError, match=r"(entit|outside itself).*\(line 1\)"):
        checked_words(doctype + "\n" + drawing("<text>&a;</text>"))


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("", "damaged"),
        ("GIF89a", "damaged"),
        ("<svg>", "damaged"),
        (drawing("<g>"), "damaged drawing.*line 3"),
        (drawing("<g a='&lt;' a='2'/>"), "damaged drawing.*line 2"),
        ("<html/>", "not a drawing in SVG"),
    ],
)
def test_what_is_no_drawing(markup: str, words: str) -> None:
    with pytest.raises(SvgError, match=words):
        checked_words(markup)


def chained(count: int, each: int, target: str = "use") -> str:
    """Return a drawing whose definitions each refer to the one before several times."""
    links = {
        "use": '<use href="#a{}"/>',
        "pattern": '<rect fill="url(#a{})"/>',
        "marker": '<path d="M0 0L1 1" marker-mid="url(#a{})"/>',
        "style": '<rect style="mask:url(#a{})"/>',
        "class": '<rect class="c{}"/>',
    }
    holder = {"use": "g", "style": "mask", "class": "mask"}.get(target, target)
    lines = ['<g id="a0"><rect width="1" height="1"/></g>']
    for index in range(1, count):
        lines.append(f'<{holder} id="a{index}">{links[target].format(index - 1) * each}</{holder}>')
    if target == "class":
        rules = (f".c{index} {{ mask: url(#a{index}) }}" for index in range(count))
        lines.append(f"<style>{' '.join(rules)}</style>")
    return drawing("<defs>", *lines, "</defs>", links[target].format(count - 1))


@pytest.mark.parametrize("target", ["use", "pattern", "marker", "style", "class"])
def test_references_that_multiply_are_refused_at_once(target: str) -> None:
    assert checked_words(chained(4, 3, target)) == ""
    with pytest.raises(SvgError, match="elements to draw"):
        checked_words(chained(30, 10, target))


@pytest.mark.parametrize("target", ["use", "pattern", "style"])
def test_drawings_that_are_too_deep_are_refused(target: str) -> None:
    with pytest.raises(SvgError, match="levels deep"):
        checked_words(chained(DEEPEST, 1, target))
    with pytest.raises(SvgError, match="levels deep"):
        checked_words(chained(20 * DEEPEST, 1, target))
    nested = "<g>" * (DEEPEST + 1) + "</g>" * (DEEPEST + 1)
    with pytest.raises(SvgError, match="levels deep"):
        checked_words(drawing(nested))


def test_many_elements_are_fine_until_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = '<path class="a" d="M0 0h9v9"/>' * 5000
    markup = drawing("<style>.a{fill:url(#g)}</style><linearGradient id='g'/>", paths)
    assert checked_words(markup) == ""
    monkeypatch.setattr(svg_checks, "MOST_ELEMENTS", 5000)
    with pytest.raises(SvgError, match="5,003 elements to draw"):
        checked_words(markup)


def test_a_marker_is_drawn_at_each_corner() -> None:
    corners = " ".join(f"{index} 0" for index in range(3000))
    for style in ('marker-mid="url(#m)"', 'style="marker:url(#m)"', 'class="m"'):
        markup = drawing(
            "<style>.m { marker-end: url(#m) }</style>",
            f'<marker id="m">{"<circle/>" * 50}</marker><polyline points="{corners}" {style}/>',
        )
        with pytest.raises(SvgError, match="elements to draw"):
            checked_words(markup)
