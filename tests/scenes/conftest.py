from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

SHOW = """\
cardstunt: 1
title: A small show
seed: 7
music: { file: assets/theme.wav, bpm: 120, offset: 0.35 s }
stadium: { preset: may_day, light: dusk, spectators: 70 % }
card_section:
  stand: east
  columns: 25
  rows: 8
  palette: { colours: 24, dither: blue_noise }
  people: { reaction: 120 ms, spread: 40 ms, late: 0.4 %, wrong_page: 0.1 %, absent: 0.5 % }
  pages:
    blue:    { fill: "#0a3d91" }
    sunrise: { image: assets/sunrise.png }
    welcome: { text: "WELCOME", colour: "#ffffff", on: "#b00020" }
    evening: { gradient: { from: "#101030", to: "#ff8040", angle: 90 deg } }
  cues:
    - { at: 0 s, page: blue }
    - { at: bar 3, page: sunrise, flip: { order: sweep, from: left, over: 2 beats, turn: 0.4 s } }
    - { at: bar 9, page: welcome, where: { rows: 2-6 } }
    - { at: bar 9 beat 3, page: evening, flip: ripple }
troupes:
  ribbons:
    count: 400
    costume: { colour: "#d81b60", prop: ribbon }
    drill:
      - { at: 0 s, formation: { block: { columns: 20 } }, move: march }
      - { at: bar 5, formation: { rings: 5 }, travel: 6 s, move: { clip: jump, canon: 0.1 s } }
      - { at: bar 13, formation: { image: assets/dove.png, width: 60 m }, place: [4 m, -3 m], travel: 8 s }
film:
  size: 1920x1080
  fps: 24
  shots:
    - { name: wide, show: 0 s..16 s, speed: 8x, camera: { orbit: { height: 9 m, from: 20 deg, to: 50 deg } } }
    - name: push
      show: bar 3..bar 9
      lens: 50 mm
      camera: { push: { from: [-150 m, 0 m, 60 m], to: [-90 m, 0 m, 40 m], look_at: card_section } }
      tilt_shift: { tilt: 2 deg }
    - { name: down, show: 20 s..30 s, camera: { look_down: { height: 120 m, turn: 20 deg } } }
  tilt_shift: { tilt: -4 deg, scale: 150, f_number: 1.8, focus: card_section }
  look: { hold: 2, saturation: 1.35, contrast: 1.15 }
"""


@pytest.fixture(scope="session")
def show_text() -> str:
    return SHOW


def fill_folder(folder: Path) -> None:
    assets = folder / "assets"
    assets.mkdir(parents=True)
    Image.new("RGB", (25, 8), "orange").save(assets / "sunrise.png")
    Image.new("L", (30, 20), "white").save(assets / "dove.png")
    with wave.open(str(assets / "theme.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the show names; for tests that only write `show.yaml` files."""
    folder = tmp_path_factory.mktemp("shared") / "show"
    fill_folder(folder)
    return folder


@pytest.fixture
def write_show(tmp_path: Path) -> Callable[..., Path]:
    """Write the show, with some of its text replaced, and its files."""

    def write(*replacements: tuple[str, str]) -> Path:
        text = SHOW
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        folder = tmp_path / "show"
        if not folder.exists():
            fill_folder(folder)
        path = folder / "show.yaml"
        path.write_text(text, "utf-8")
        return path

    return write
