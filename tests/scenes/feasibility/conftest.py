from __future__ import annotations

import itertools
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.feasibility import Field
from cardstunt.scenes.load import LoadedShow, load_show
from cardstunt.scenes.section_plan import SectionPlan

SHOW = """\
cardstunt: 1
title: Doubtful
seed: 5
card_section:
  columns: {columns}
  rows: {rows}
{palette}  people: {people}
  pages:
{pages}
  cues:
{cues}
film:
  size: 640x360
  shots:
{shots}
"""
PAGES = """\
red: { fill: "#c01020" }
blue: { fill: "#1040c0" }
white: { fill: "#ffffff" }
"""
CUES = "- { at: 0 s, page: red }"
SHOTS = """\
- name: all
  show: 0 s..60 s
  speed: 4x
  lens: 35 mm
  camera: { push: { from: [-60 m, 0 m, 40 m], to: [-60 m, 0 m, 40 m] } }
"""

Compiled = tuple[LoadedShow, SectionPlan]


@pytest.fixture
def compiled(tmp_path: Path) -> Callable[..., Compiled]:
    """Return a function that writes a show, of perfect people if nothing else is said, and works it out."""
    numbers = itertools.count()

    def make(
        *,
        cues: str = CUES,
        pages: str = PAGES,
        shots: str = SHOTS,
        columns: int = 60,
        rows: int = 30,
        palette: str | None = "{ colours: 24, dither: none }",
        people: str = "{ perfect: true }",
        more: str = "",
        files: Callable[[Path], None] = lambda folder: None,
    ) -> Compiled:
        folder = tmp_path / f"show{next(numbers)}"
        folder.mkdir()
        files(folder)

        def indented(text: str) -> str:
            return "\n".join(f"    {line}" for line in text.strip().splitlines())

        text = SHOW.format(
            columns=columns,
            rows=rows,
            palette=f"  palette: {palette}\n" if palette else "",
            people=people,
            pages=indented(pages),
            cues=indented(cues),
            shots=indented(shots),
        )
        path = folder / "show.yaml"
        path.write_text(text.replace("  pages:\n", f"{more}  pages:\n", 1), "utf-8")
        loaded = load_show(path)
        return loaded, compile_section(loaded)

    return make


FIELD = """\
cardstunt: 1
title: Field
seed: 5
{top}card_section:
  columns: 12
  rows: 6
  people: {{ perfect: true }}
  pages: {{ red: {{ fill: "#c01020" }} }}
  cues: [{{ at: 0 s, page: red }}]
troupes:
{troupes}
film:
  shots: [{{ name: all, show: 0 s..20 s, camera: {{ look_down: {{ height: 120 m }} }} }}]
"""


@pytest.fixture
def field(tmp_path: Path) -> Callable[..., Field]:
    """Return a function that writes a show from its troupes, and works out its field."""
    numbers = itertools.count()
    with wave.open(str(tmp_path / "beep.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))

    def make(*, top: str = "", **troupes: str) -> Field:
        lines = []
        for name, text in troupes.items():
            head, *drill = text.strip().splitlines()
            lines += [f"  {name}:", f"    count: {head.strip()}", '    costume: { colour: "#d81b60" }']
            lines += ["    drill:", *(f"      - {{ {line.strip()} }}" for line in drill)]
        path = tmp_path / f"field{next(numbers)}.yaml"
        path.write_text(FIELD.format(top=f"{top}\n" if top else "", troupes="\n".join(lines)), "utf-8")
        loaded = load_show(path)
        return Field.of(loaded, compile_show(loaded))

    return make
