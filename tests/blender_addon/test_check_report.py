"""The report of `cardstunt check`, and what the command says."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from cardstunt.blender_addon import card_holders, check_report_pdf, cli
from cardstunt.blender_addon.check_report import MARK, make_report, marked, write_report
from cardstunt.blender_addon.preview_field import FieldPicture
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.feasibility import (
    KINDS,
    LIMITS,
    Field,
    examine_feasibility,
    limits,
    viewpoint,
)
from cardstunt.scenes.load import load_show
from click.testing import CliRunner
from PIL import Image

pytestmark = pytest.mark.blender

SHOW = """\
cardstunt: 1
title: "Too <fast> & 빠르다"
card_section:
  columns: 40
  rows: 20
  seats: { aisles: "20-21" }
  people: { perfect: true }
  pages:
    red: { fill: "#c01020" }
    "빨강 <b>": { fill: "#1040c0" }
    stars: { pattern: { kind: checker, size: 1 } }
  cues:
    - { at: 0 s, page: red }
    - { at: 2 s, page: "빨강 <b>", flip: { order: sweep, over: 1 s } }
    - { at: 2.2 s, page: stars, where: { columns: 1-30 } }
    - { at: 70 s, page: red }
film:
  size: 320x180
  shots:
    - { name: all, show: 0 s..4 s, camera: { push: { from: [-60 m, 0 m, 40 m], to: [-60 m, 0 m, 40 m] } } }
"""
FINE = ("at: 2.2 s", "at: 12 s"), ("size: 1 }", "size: 12 }"), ("0 s..4 s", "0 s..80 s")


def write_show(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SHOW
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "show.yaml"
    path.write_text(text, "utf-8")
    return path


def examine(path):
    loaded = load_show(path)
    compiled = compile_show(loaded)
    return loaded, compiled, examine_feasibility(loaded, compiled.section, field=Field.of(loaded, compiled))


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    return examine(write_show(tmp_path_factory.mktemp("check")))


class Page(HTMLParser):
    """Reads a page: its tags, its text, and whether every tag is closed."""

    VOID = frozenset({"meta", "img", "rect"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text = [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID or tag == "rect":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def html(examined, tmp_path_factory):
    path = tmp_path_factory.mktemp("html") / "report.html"
    write_report(*examined, path)
    return path.read_text("utf-8")


def test_the_page_needs_nothing_else(html):
    page = Page(html)
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?://|url\(|@import", html)
    for tag, attributes in page.tags:
        if tag == "img":
            assert attributes["src"].startswith("data:image/png;base64,")
            assert attributes["alt"]


def test_it_is_to_be_read_in_the_light_in_the_dark_and_on_paper(html):
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_every_finding_is_in_it_with_its_facts(html, examined):
    loaded, _, feasibility = examined
    text = Page(html).text
    assert len(feasibility.findings) >= 4
    assert html.count("<article") == html.count("<img") == len(feasibility.findings)
    for finding in feasibility.findings:
        for told in (finding.what[1:], finding.who, finding.measured, finding.limit.text, finding.advice[1:]):
            assert told in text
        line, column = loaded.locate(("card_section", "cues", finding.cue))
        assert f"cues[{finding.cue}], show.yaml:{line}:{column}" in text
    for name in (*KINDS.values(), *(limit.name for limit in LIMITS), *(limit.source for limit in LIMITS)):
        assert name in text


def test_what_a_show_says_is_text_and_not_markup(html):
    assert "Too &lt;fast&gt; &amp; 빠르다" in html
    assert "<fast>" not in html
    assert "빨강 <b>" not in html.replace("&lt;b&gt;", "")


def test_pictures_in_it_open(html):
    for data in re.findall(r"data:image/png;base64,([^\"]+)", html):
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            picture.load()
            assert picture.width == 640


def test_concerned_seats_keep_their_colour_and_are_outlined(examined):
    _, compiled, feasibility = examined
    plan = compiled.section
    finding = next(found for found in feasibility.findings if found.kind == "strokes")
    pixels = np.asarray(marked(finding, plan.seats).convert("RGBA"))
    wide = 640 // 40
    high = pixels.shape[0] // 20
    middles = pixels[high // 2 :: high, wide // 2 :: wide][::-1]
    chosen = finding.seats.reshape(20, 40)
    np.testing.assert_array_equal(middles[chosen][:, :3], finding.picture[chosen])
    taken = plan.seats.taken.reshape(20, 40)
    assert (middles[~taken][:, 3] == 0).all()
    pale = taken & ~chosen
    assert (middles[pale][:, :3] != finding.picture[pale]).any(axis=1).all()
    assert (pixels[..., :3] == MARK).all(axis=-1).any()


def test_a_finding_about_everyone_has_no_outline(examined):
    _, compiled, feasibility = examined
    plan = compiled.section
    finding = next(found for found in feasibility.findings if found.seats[plan.seats.taken].all())
    assert not (np.asarray(marked(finding, plan.seats).convert("RGB")) == MARK).all(axis=-1).any()


@pytest.mark.parametrize("suffix", [".html", ".pdf"])
def test_the_same_show_gives_the_same_bytes(examined, tmp_path, suffix):
    for name in ("one", "two"):
        write_report(*examine(examined[0].path), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"one{suffix}", f"two{suffix}"]


def test_the_pdf_has_the_findings_and_their_pictures(examined, tmp_path):
    path = tmp_path / "report.pdf"
    write_report(*examined, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b", data)) >= 2
    assert data.count(b"/Subtype /Image") >= len(examined[2].findings)


@pytest.mark.parametrize("bottom", range(54, 500, 30))
def test_findings_begin_below_their_heading(examined, tmp_path, monkeypatch, bottom):
    drawn = []

    def draw(canvas, place, text, *more, **options):
        drawn.append((text, canvas.getPageNumber(), place[1]))
        return true_draw(canvas, place, text, *more, **options)

    true_draw = check_report_pdf.draw
    monkeypatch.setattr(check_report_pdf, "draw", draw)
    monkeypatch.setattr(check_report_pdf, "_BOTTOM", float(bottom))
    write_report(*examined, tmp_path / "report.pdf")
    (heading,) = [(page, y) for text, page, y in drawn if text == "Findings"]
    (first,) = [(page, y) for text, page, y in drawn if text.startswith("1. ")]
    assert heading[0] == first[0]
    assert 5 < heading[1] - first[1] < 40


def test_a_show_without_a_finding_has_a_report_too(tmp_path):
    loaded, compiled, feasibility = examine(write_show(tmp_path / "fine", *FINE))
    assert feasibility.findings == ()
    report = make_report(loaded, compiled, feasibility)
    assert report.verdict == "Nothing was found that people, paper or the film would not manage."
    for suffix in (".html", ".pdf"):
        write_report(loaded, compiled, feasibility, tmp_path / f"fine{suffix}")
    assert "<article" not in (tmp_path / "fine.html").read_text("utf-8")


def test_a_report_that_cannot_be_written_leaves_nothing(examined, tmp_path, monkeypatch):
    monkeypatch.setattr("cardstunt.blender_addon.check_report_html.html_of", lambda report: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(*examined, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


TROUPES = """\
troupes:
  "<ribbons>":
    count: 12
    costume: { colour: "#20c0ff" }
    drill:
      - { at: 0 s, formation: { block: { columns: 12, spacing: 2 m } }, place: [-20 m, 0 m] }
      - { at: 2 s, formation: { block: { columns: 12, spacing: 2 m } }, place: [20 m, 0 m], travel: 16 s }
  flags:
    count: 1
    costume: { colour: "#ffe000" }
    drill:
      - { at: 0 s, formation: { block: 1 }, place: [10 m, 1.2 m] }
film:"""


@pytest.fixture(scope="module")
def met(tmp_path_factory):
    """A show in which one gymnast walks into another, who stands."""
    return examine(write_show(tmp_path_factory.mktemp("met"), *FINE, ("film:", TROUPES)))


def test_a_finding_about_the_field_has_its_facts_and_pictures(met, tmp_path):
    loaded, _, feasibility = met
    collision = next(found for found in feasibility.findings if found.kind == "collisions")
    for suffix in (".html", ".pdf"):
        write_report(*met, tmp_path / f"report{suffix}")
    text = Page((tmp_path / "report.html").read_text("utf-8")).text
    line, column = loaded.locate(("troupes", "<ribbons>", "drill", 1))
    for told in (
        "13 gymnasts in 2 troupes, 3 sets",
        "Gymnasts who run into each other",
        f"troupes.<ribbons>.drill[1], show.yaml:{line}:{column}",
        "The field from above: 1 of <ribbons> and 1 of flags",
        collision.measured,
        collision.what[1:],
        collision.moment,
    ):
        assert told in text
    assert (tmp_path / "report.pdf").read_bytes().count(b"/Subtype /Image") >= len(feasibility.findings)


def test_those_who_collide_are_marked_and_seen_from_near(met):
    report = make_report(*met)
    number = next(n for n, found in enumerate(report.findings) if found.kind == "collisions")
    picture = np.asarray(report.picture(number).convert("RGB")).astype(int)
    high = FieldPicture.height_of(picture.shape[1])
    whole, near = picture[:high], picture[high + 6 :]
    marks = [(np.abs(part - MARK).max(axis=-1) < 60) for part in (whole, near)]
    at = FieldPicture(picture.shape[1], 13).pixels(np.array(report.findings[number].middle))
    y, x = np.nonzero(marks[0])
    assert np.hypot(x.mean() - at[0], y.mean() - at[1]) < 4
    assert marks[1].sum() > 200  # the edges of two circles
    middle = near[near.shape[0] // 2 - 40 :, near.shape[1] // 2 - 60 :][:80, :120]
    for colour in ((32, 192, 255), (255, 224, 0)):
        assert (np.abs(middle - colour).max(axis=-1) < 30).sum() > 100
    # A frame in the whole picture says where it is.
    frame = (whole.min(axis=-1) > 215).nonzero()
    assert frame[1].min() < at[0] < frame[1].max()
    assert frame[0].min() < at[1] < frame[0].max()


def test_a_finding_of_no_one_place_has_one_picture(met):
    report = make_report(*met)
    number = next(n for n, found in enumerate(report.findings) if found.kind == "speeds")
    assert report.picture(number).height == FieldPicture.height_of(report.picture(number).width)


def run(*arguments):
    return CliRunner().invoke(cli.main, ["check", *map(str, arguments)], prog_name="cardstunt")


def test_findings_are_warnings_with_their_places(tmp_path):
    show = write_show(tmp_path / "show")
    result = run(show)
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert lines
    for line in lines:
        assert re.match(rf"{re.escape(str(show))}:\d+:\d+: warning: card_section\.cues", line), line
    assert f"{show}:15:7: warning: card_section.cues[2]: at 2.2 s, page 'stars': " in result.stderr
    (summary,) = result.stdout.splitlines()
    count = len(examine(show)[2].findings)
    assert summary.endswith(f"{count} warnings")


def test_the_field_is_checked_too(tmp_path):
    show = write_show(tmp_path / "show", *FINE, ("film:", TROUPES))
    result = run(show)
    assert result.exit_code == 0, result.output
    line = load_show(show).locate(("troupes", "<ribbons>", "drill", 1))
    place = ":".join(map(str, (show, *line)))
    assert f"{place}: warning: troupes.<ribbons>.drill[1]: at " in result.stderr
    assert "1 pair (1 of <ribbons> and 1 of flags) comes nearer than 0.4 m" in result.stderr
    assert "13 gymnasts" in result.stdout


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".HTML"])
def test_the_report_is_written_where_it_is_asked_for(tmp_path, suffix):
    show, report = write_show(tmp_path / "show"), tmp_path / "out" / f"report{suffix}"
    result = run(show, "--report", report)
    assert result.exit_code == 0, result.output
    assert report.stat().st_size > 1000
    said = result.stdout.splitlines()
    assert said[0] == f"Report:  {report}"
    assert said[-1].endswith("warnings")


def test_another_kind_of_report_is_refused(tmp_path):
    result = run(write_show(tmp_path / "show"), "--report", tmp_path / "report.txt")
    assert result.exit_code == 2
    assert "a report is .html or .pdf, not '.txt'" in " ".join(result.stderr.split())
    assert not (tmp_path / "report.txt").exists()


def test_errors_are_told_before_any_report(tmp_path):
    show = write_show(tmp_path / "show", ("at: 70 s, page: red", "at: 70 s, page: rad"))
    result = run(show, "--report", tmp_path / "report.html")
    assert result.exit_code == 2
    assert "did you mean 'red'?" in result.stderr
    assert not (tmp_path / "report.html").exists()


def test_opening_night_is_told_few_things_by_its_name(tmp_path):
    result = run("opening_night", "--report", tmp_path / "report.html")
    assert result.exit_code == 0, result.output
    assert all(line.startswith("opening_night:") for line in result.stderr.splitlines())
    assert "20000 card-holders" in result.stdout
    assert len(result.stderr.splitlines()) <= 16
    assert "no shot of the film shows the 5 cues from 55 s" in result.stderr


def test_cameras_stand_where_the_film_puts_them(tiny):
    from cardstunt.blender_addon.cameras import place, shot_path  # noqa: PLC0415  imports Blender
    from cardstunt.scenes.seats import seat_map  # noqa: PLC0415

    seats = seat_map(tiny)
    cards = viewpoint.cards_of(seats)
    np.testing.assert_allclose(cards.middle, place(tiny, "card_section"), atol=1e-9)
    for shot in tiny.show.film.shots:
        for progress in (0.0, 0.3, 1.0):
            places, rotations = shot_path(tiny, shot, [progress])
            view = viewpoint.viewpoint(tiny.show, shot, progress, cards.middle)
            np.testing.assert_allclose(view.place, places[0], atol=1e-9)
            pitch, _, yaw = rotations[0]
            forward = [-np.sin(yaw) * np.sin(pitch), np.cos(yaw) * np.sin(pitch), -np.cos(pitch)]
            np.testing.assert_allclose(view.forward, forward, atol=1e-12)


def test_books_are_the_size_that_figures_hold():
    hold = card_holders.HOLDS["books"]
    assert (card_holders.PROP_WIDTH, card_holders.PROP_HEIGHT) == viewpoint.BOOK_SIZE
    assert card_holders.PROP_WIDTH == limits.BOOK_WIDTH
    assert hold.rest == (viewpoint.BOOK_AHEAD, 0.0, viewpoint.BOOK_ABOVE)
    assert hold.rest_lean == viewpoint.BOOK_LEAN
