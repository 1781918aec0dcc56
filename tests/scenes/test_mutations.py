"""Any change of any field of a good show loads or is explained, with a place; never a traceback."""

# ruff: noqa: E501  shows as their users write them

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import yaml
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.schema import Show
from cardstunt.scenes.yaml_source import read_yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont
from pydantic import BaseModel

BOOKS = """\
cardstunt: 1
title: A show that says everything
seed: 7
music: { file: assets/theme.wav, bpm: 120, beats_per_bar: 4, offset: 0.35 s }
markers: { start: bar 2, middle: marker start + 2 bars }
stadium:
  preset: may_day
  light: dusk
  spectators: { share: 70 %, east: 100 %, north: 20 %, west: 80 %, south: 30 %, standing: 10 %, waving: 5 % }
  detail: draft
  surroundings: park
  plan: { shape: superellipse, width: 132 m, length: 224 m, exponent: 2.6 }
  roof: { kind: petals, inward: 60 m, outward: 40 m, height: 66 m, bays: 16, from: -180 deg, to: 180 deg }
  floor: { kind: athletics, width: 110 m, length: 160 m, lanes: 8 }
  fittings: { floodlights: 8, floodlight_height: 60 m, scoreboards: 1, tunnel: true, torch: true }
  seats: 100000
card_section:
  stand: east
  mode: books
  columns: 25
  rows: 8
  seats:
    aisles: "7, 13-14"
    gaps: [{ rows: 1-2, columns: 20-22 }]
    row_seats: [25, 25, 25, 25, 25, 23, 21, 19]
  blocks:
    crown: { rows: 7-8 }
    sun: { mask: assets/mask.png, outside: true }
  cover: "#ffffff"
  palette: { colours: 12, dither: floyd_steinberg }
  people:
    { reaction: 120 ms, spread: 40 ms, skill: 20 %, row: 20 %, late: 1 %, wrong_page: 1 %, absent: 1 %, dropped: 1 %, perfect: false }
  pages:
    blue: { fill: "#0a3d91" }
    photo:
      image: assets/photo.png
      fit: tile
      anchor: top left
      crop: { left: 10 %, right: 5 %, top: 0 %, bottom: 20 % }
      size: 30 %
      on: "#202020"
    view: { image: assets/photo.png, fit: contain, seen_from: [-80 m, 20 m, 30 m] }
    drawing: { image: assets/drawing.svg, fit: contain, on: "#ffffff", seen_from: wide }
    words: { text: "HI 안녕", colour: "#ffffff", on: "#b00020", font: assets/font.ttf }
    evening: { gradient: { from: "#101030", to: "#ff8040", angle: 90 deg } }
    clip: { video: assets/clip.mp4, fit: stretch, run: { every: 0.5 s, from: 0.25 s, for: 1.5 s, loop: true } }
    sea: { pattern: { kind: waves, colours: ["#000080", "#80c0ff"], size: 8, speed: 4, angle: 20 deg }, run: { for: 1 s } }
    rings: { pattern: { kind: ripple, centre: [30 %, 40 %] } }
    ticker: { pattern: { kind: scroll, text: "GO", font: assets/font.ttf }, run: { every: 1 beat, for: 3 beats } }
    banner: { pattern: { kind: flag, image: assets/photo.png } }
  cues:
    - { at: 0 s, page: blue }
    - { at: marker start, page: photo, flip: { order: sweep, from: 30 deg, over: 2 beats, turn: 0.4 s, ease: in_out, reverse: true } }
    - { at: frame 120, page: drawing, where: { drawn: true }, flip: ripple }
    - { at: bar 5, page: view, flip: { order: spiral, centre: [40 %, 60 %], windings: -2, over: 1 s } }
    - { at: bar 6, page: words, flip: { order: canon, groups: 3, along: rows, over: 1 s }, hold: 0.5 s, repeat: { times: 2, every: 2 s, back_and_forth: true } }
    - { at: bar 9, page: evening, where: { rows: "1-3, 5", columns: 2-9, polygon: [[0 %, 0 %], [60 %, 0 %], [30 %, 100 %]] } }
    - { at: bar 10, page: clip, flip: { order: map, map: assets/mask.png, over: 0.2 s } }
    - { at: bar 12, page: sea, where: crown }
    - { at: bar 12, page: ticker, where: { block: crown, outside: true } }
    - { at: bar 14, page: rings, where: { seats: [A-8-1, A-8-2], mask: assets/mask.png, outside: false } }
    - { at: bar 15, page: banner, where: sun, flip: dissolve }
    - { at: bar 16, gesture: { kind: shake, hold: 1 s, amount: 80 %, rate: 3 }, flip: { order: iris, over: 1 s } }
    - { at: bar 18, gesture: raise }
troupes:
  ribbons:
    count: 40
    costume: { colour: "#d81b60", accent: "#ffffff", prop: ribbon }
    drill:
      - { at: 0 s, formation: { block: { columns: 20, spacing: 1 m } }, place: [4 m, -3 m], move: march }
      - { at: bar 5, formation: { rings: 5 }, travel: 6 s, move: { clip: jump, canon: 0.1 s } }
      - { at: bar 9, formation: { grid: { columns: 8, fill: centre, spacing: 1 m } }, travel: 4 s }
      - { at: bar 12, formation: { arcs: { arcs: 3, radius: 20 m, from: -60 deg, to: 60 deg, gap: 3 m } }, travel: 4 s }
      - { at: bar 15, formation: { curve: { file: assets/path.svg, line: way, width: 60 m, strands: 2, gap: 2 m } }, travel: 4 s }
      - { at: bar 18, formation: { polygon: [[0 m, 0 m], [30 m, 0 m], [0 m, 30 m]], placing: centroidal, spacing: 0.8 m }, travel: 4 s }
      - { at: bar 21, formation: { csv: assets/places.csv }, travel: 4 s }
      - { at: bar 24, formation: { text: "JO", font: assets/font.ttf, width: 60 m, placing: blue_noise }, travel: 4 s }
lights:
  - { at: 2 s, for: 20 s, spots: { count: 8, on: ribbons, radius: 30 m, every: 12 s, colour: "#fff4d6", brightness: 80 %, width: 5 deg, haze: 20 %, from: roof } }
  - { at: bar 9, for: 16 s, beams: { count: 32, colours: ["#ffffff", "#4060ff"], sweep: 50 deg, every: 4 s, width: 2 deg, haze: 30 %, volumetric: false, from: field, aim: sky } }
  - { at: bar 12, for: 4 s, strobe: { rate: 8, count: 60, colour: "#ffffff", brightness: 90 %, together: true, from: [[0 m, 90 m, 40 m]] } }
  - { at: bar 13, for: 2 bars, lasers: { count: 24, colours: ["#00ff40"], fan: 60 deg, every: 2 beats, haze: 50 %, from: [[0 m, 60 m, 1 m], [0 m, -60 m]] } }
  - { at: bar 14, for: 3 s, confetti: { count: 2000, colours: ["#d81b60", "#ffffff"], size: 6 cm, height: 20 m, stay: 30 s, from: roof } }
  - { at: bar 15, for: 30 s, fireworks: { shells: 40, kinds: [peony, willow], colours: ["#ff3b30"], height: 180 m, size: 90 m, from: plaza } }
  - { at: bar 20, for: 40 s, drones: { count: 80, text: GO, font: assets/font.ttf, colour: "#30a0ff", height: 140 m, width: 200 m, arrive: 8 s, over: [10 m, 20 m], face: card_section } }
  - { at: bar 30, for: 40 s, drones: { count: 80, image: assets/photo.png } }
film:
  size: 1920x1080
  fps: 24
  shutter: 180 deg
  key_error: 5 mm
  shots:
    - name: wide
      show: 0 s..16 s
      speed: 8x
      lens: 35 mm
      camera: { orbit: { height: 90 m, radius: 150 m, from: 200 deg, to: 160 deg, look_at: card_section } }
      tilt_shift: { tilt: 2 deg }
  tilt_shift: { tilt: -4 deg, scale: 150, f_number: 1.8, focus: card_section }
  look: { hold: 2, saturation: 1.35, contrast: 1.15, vignette: 0.1, grain: 0.1, exposure: 0.5 stops, view: standard, glow: 0.2, haze: 0.5 }
"""
TABLETS = """\
cardstunt: 1
title: Screens on seats of their own
stadium: arena
card_section:
  mode: tablets
  tablet: { pixels: 2, brightness: 500 }
  seats: { file: assets/seats.csv }
  pages:
    sea: { pattern: plasma, run: { every: 0.1 s, for: 2 s } }
    clip: { video: assets/clip.mp4 }
  cues:
    - { at: 0 s, page: sea }
    - { at: 3 s, page: clip, flip: columns }
film: { shots: [{ name: wide, show: 0 s..6 s, camera: { look_down: { height: 100 m } } }] }
"""
ARC = """\
cardstunt: 1
title: Two-sided cards on an arc
stadium:
  preset: college_stand
  light: night
  plan: { shape: polygon, corner: 12 m, points: [[50 m, -40 m], [50 m, 40 m], [-20 m, 70 m], [-60 m, 0 m], [-10 m, -70 m]] }
  roof: ring
card_section:
  mode: two_sided
  columns: 12
  rows: 4
  seats: { arc: { radius: 70 m, from: 20 deg, to: -20 deg, height: 2 m, depth: 80 cm, rise: 40 cm } }
  palette: { paper: astrobrights, colours: 6, dither: none }
  pages: { red: { fill: "#ff0000" }, blue: { fill: "#0000ff" } }
  cues: [{ at: 0 s, page: red }, { at: 2 s, page: blue, flip: { order: diagonal } }]
film: { shots: [{ name: wide, show: 0 s..4 s, camera: { push: { from: [0 m, 0 m, 9 m], to: [9 m, 0 m, 9 m] } } }] }
"""
FIELD = """\
cardstunt: 1
title: A field that says everything
stadium:
  preset: may_day
  spectators: 40 %
  tiers:
    - { rows: 20, row_pitch: 80 cm, c_value: 9 cm, depth: 1 m, front_height: 1.2 m, block: 12 m, aisle: 1.3 m, vomitories: 6, vomitory_row: 9, balustrade: 1.1 m, gangway: 3 m, from: -170 deg, to: 170 deg }
    - { rows: 15 }
  roof: none
music: { file: assets/theme.wav, bpm: 120 }
card_section: { columns: 6, rows: 4, pages: { red: { fill: "#ff0000" } }, cues: [{ at: 0 s, page: red }] }
field: { resolve: false, room: 0.3 m }
troupes:
  acrobats:
    count: 12
    step: 8 to 5
    costume:
      colour: "#1e88e5"
      style: leotard
      prop: torch
      bodies: [man, tall]
      picture: { image: assets/photo.png, width: 80 m, place: [3 m, -2 m] }
      changes:
        - { at: bar 3, colour: "#ffffff", turn: 0.3 s, over: 2 counts, order: left }
        - { at: bar 6, picture: assets/mask.png, order: all }
        - { at: bar 8, places: { colours: ["#000000", "#ff0000"], along: rank }, over: 1 s, order: random }
    drill:
      - { at: 0 s, formation: { block: { columns: 6 } }, place: [-40 m, 60 m], face: 45 deg, move: { clip: march, counts: 2 } }
      - { at: bar 5, formation: { grid: { columns: 6, spacing: 2 m } }, place: [-35 m, 60 m], assign: symmetric, travel: { over: 12 counts, ease: steady, canon: 30 ms }, face: card_section }
      - { at: bar 9, face: out, travel: 2 s, move: kneel }
      - { at: bar 11, formation: { lines: 2 }, place: [-35 m, 50 m], assign: rank, travel: { via: [[-20 m, 60 m], [-20 m, 50 m]], speed: 5 m/s } }
      - { at: bar 20, formation: { rings: { rings: 1, radius: 6 m } }, place: [-40 m, 40 m], assign: follow, travel: 30 s, face: centre }
      - { at: bar 38, formation: { stack: { kind: wall, base: 3, columns: 2, spacing: 4 m } }, place: [-40 m, 40 m], travel: 6 s, move: { clip: wave, times: 3, canon: 1 count } }
  fans:
    count: 6
    costume: { colour: "#d81b60", prop: fan, places: { colours: ["#102030", "#405060", "#708090"] } }
    drill: [{ at: 0 s, formation: { lines: 1 } }]
film: { shots: [{ name: wide, show: 0 s..4 s, camera: { look_down: { height: 100 m } } }] }
"""
SHOWS = (BOOKS, TABLETS, ARC, FIELD)

SCRAPS: list[Any] = [
    None,
    True,
    0,
    -1,
    1,
    3,
    10**30,
    0.5,
    float("inf"),
    float("nan"),
    "",
    " ",
    "x",
    [],
    {},
    [[]],
    ["1-2"],
]
SCRAPS += [
    "0 s",
    "-1 s",
    "1 ms",
    "9 h",
    "1e9 s",
    "bar 0",
    "bar 2",
    "frame 5",
    "marker start",
    "marker nowhere",
    "0 %",
]
SCRAPS += [
    "100 %",
    "101 %",
    "-3 deg",
    "9999 deg",
    "0 m",
    "1 km",
    "0x",
    "#ff00ff",
    "#ff0",
    "assets/photo.png",
    "../a.png",
]
SCRAPS += [
    "assets/gone.png",
    "assets/seats.csv",
    "assets/clip.mp4",
    "assets/font.ttf",
    "assets/drawing.svg",
    "1-2",
    "9-1",
]
SCRAPS += [
    "400",
    "blue",
    "crown",
    "wide",
    "left",
    "sweep",
    "map",
    "video",
    "tablets",
    "é\u2028💃",
    "\ud800",
    {"rows": 3},
]
SCRAPS += [
    {"kind": "scroll"},
    [["0 %", "0 %"]] * 3,
    [["0 m", "0 m"], ["20 m", "-30 m"]],
    {"over": "4 counts", "speed": "2 m/s", "canon": "1 s"},
    {"colours": ["#000000", "#ffffff"], "along": "ring"},
    "follow",
    "symmetric",
    "tower",
    "6 to 5",
    "3 km/h",
    "12 counts",
    "centre",
    ["#000000", "#ffffff"],
    {"every": "1 ms", "for": "3600 s"},
    "x" * 5000,
]


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from paths(item, (*here, key))


def fill(assets: Path) -> None:
    assets.mkdir(parents=True)
    noise = (np.arange(30 * 20 * 4, dtype=np.uint32) * 2654435761 >> 24).astype(np.uint8).reshape(20, 30, 4)
    Image.fromarray(noise).save(assets / "photo.png")
    Image.fromarray(np.linspace(255, 0, 600).astype(np.uint8).reshape(20, 30)).save(assets / "mask.png")
    (assets / "drawing.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><circle cx="10" cy="5" r="4" fill="red"/></svg>'
    )
    (assets / "path.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path id="way" d="M0 5 Q10 0 20 5"/></svg>'
    )
    places = "".join(f"{3 * (k % 8)},{3 * (k // 8)}\n" for k in range(40))
    (assets / "places.csv").write_text(f"x,y\n{places}")
    (assets / "font.ttf").write_bytes(font_bytes())
    with av.open(str(assets / "clip.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=8)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        for k in range(8):
            picture = np.full((16, 32, 3), 30 * k, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    with av.open(str(assets / "theme.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    rows = [
        f"A-{r}-{n},A,{r},{n},{75 + 0.8 * r:.2f},{3 - 0.55 * n:.2f},{3 + 0.4 * r:.2f}"
        for r in range(1, 5)
        for n in range(1, 10)
    ]
    (assets / "seats.csv").write_text("seat,section,row,number,x,y,z\n" + "\n".join(rows) + "\n")


def font_bytes() -> bytes:
    """Return the font that comes with Pillow."""
    font = ImageFont.load_default(10).path
    return font.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mutations")
    fill(made / "assets")
    return made


def explained(path: Path) -> tuple[Problem, ...]:
    """Load a show and work all of it out; return what is wrong with it."""
    try:
        compile_show(load_show(path))
    except ShowError as error:
        assert error.problems  # noqa: PT017
        return error.problems
    return ()


@pytest.mark.parametrize("text", SHOWS, ids=("books", "tablets", "arc", "field"))
def test_the_shows_themselves_are_good(folder: Path, text: str) -> None:
    path = folder / "good.yaml"
    path.write_text(text, "utf-8")
    assert explained(path) == ()


def test_the_shows_say_everything_that_can_be_said() -> None:
    """Every field of every model is in one of the shows, so that a mutation can reach it."""
    said = {
        key
        for text in SHOWS
        for path in paths(read_yaml(text, "").data)
        for key in path
        if isinstance(key, str)
    }
    wanted: set[str] = set()
    models, seen = [Show], set[type[BaseModel]]()
    while models:
        model = models.pop()
        seen.add(model)
        for name, field in model.model_fields.items():
            wanted.add(field.alias or name)
            text = str(field.annotation)
            models += [other for other in _models() if other not in seen and f".{other.__name__}" in text]
    formations = {"lines", "spiral", "wedge", "star", "turns", "points", "width", "turn"}
    assert wanted - said - formations <= {"block", "text", "image", "mask"}


def _models(model: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _models(child)


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_change_of_any_field_loads_or_is_explained(data: st.DataObject, folder: Path) -> None:
    show = copy.deepcopy(read_yaml(data.draw(st.sampled_from(SHOWS)), "").data)
    for _ in range(data.draw(st.integers(1, 3))):
        places = [path for path in paths(show) if path]
        path = data.draw(st.sampled_from(places))
        parent = show
        for step in path[:-1]:
            parent = parent[step]
        change = data.draw(st.sampled_from(("replace", "remove", "twice", "move")))
        if change == "replace":
            parent[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(SCRAPS)))
        elif change == "remove":
            del parent[path[-1]]
        elif change == "twice" and isinstance(parent, list):
            parent.insert(path[-1], copy.deepcopy(parent[path[-1]]))
        elif change == "move":
            other = data.draw(st.sampled_from(places))
            found = show
            try:
                for step in other:
                    found = found[step]
            except (KeyError, IndexError, TypeError):
                continue
            parent[path[-1]] = copy.deepcopy(found)
    file = folder / "changed.yaml"
    text = yaml.safe_dump(show, sort_keys=False, allow_unicode=True)
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for problem in explained(file):
            assert problem.message
            assert problem.line >= 1
            assert problem.column >= 1
            str(problem).encode()
