"""A show of 100,000 performers, made up for measuring: 20,000 cards, and 80,000 gymnasts in four troupes.

Each troupe has another costume and prop, and goes through other moves; they walk and run twice, now some of
them and now all. Every frame is another moment.
"""

from __future__ import annotations

from pathlib import Path

#: Frames of the film, and how fast it goes.
FRAMES, SPEED = 96, 16

_TROUPE = """\
  {name}:
    count: 20000
    costume: {{ colour: "{colour}", accent: "{accent}", style: {style}, prop: {prop} }}
    drill:
      - at: 0 s
        formation: {{ grid: {{ columns: 90, spacing: 0.46 m }} }}
        place: [0 m, {first} m]
        move: {moves[0]}
      - at: 6 s
        formation: {{ grid: {{ columns: 180, spacing: 0.46 m }} }}
        place: {second}
        assign: rank
        travel: 18 s
        move: {{ clip: {moves[1]}, canon: 20 ms }}
      - at: {leave} s
        formation: {{ grid: {{ columns: 90, spacing: 0.46 m }} }}
        place: [0 m, {last} m]
        assign: rank
        travel: 16 s
        move: {moves[2]}
"""

_SHOW = """\
cardstunt: 1
title: A hundred thousand
seed: 5
stadium: {stadium}
card_section:
  stand: east
  columns: 250
  rows: 80
  palette: {{ colours: 16, dither: none }}
  people: {{ reaction: 120 ms, spread: 60 ms }}
  pages:
    waves: {{ gradient: {{ from: "#2060c0", to: "#f0e0a0", angle: 90 deg }} }}
    sun: {{ gradient: {{ from: "#c01020", to: "#ffd040", angle: 20 deg }} }}
  cues:
    - {{ at: 0 s, page: waves }}
    - {{ at: 4 s, page: sun, flip: {{ order: sweep, over: 26 s, turn: 0.5 s }} }}
    - {{ at: 34 s, page: waves, flip: {{ order: ripple, over: 26 s, turn: 0.5 s }} }}
troupes:
{troupes}
film:
  size: {size}
  fps: 24
  shots:
    - name: over the field
      show: 0 s..{seconds} s
      speed: {speed}x
      camera: {camera}
{more}  look: {{ hold: 1 }}
"""

#: Name, colour, accent, style, prop; how far to the left, then where, then how far to the left; moves.
_TROUPES = (
    ("ribbons", "#d81b60", "#ffb9d2", "dress", "ribbon", -63, "[-28 m, -42 m]", -21, "march jump bow"),
    ("flags", "#1b60d8", "#fffaf0", "tracksuit", "flag", -21, "[28 m, -42 m]", -63, "stand wave kneel"),
    ("fans", "#ffc21c", "#7a3b12", "tunic", "fan", 21, "[-28 m, 42 m]", 63, "torso_wave star_jump lift"),
    ("balls", "#12908f", "#ffffff", "leotard", "ball", 63, "[28 m, 42 m]", 21, "spin wave cartwheel"),
)


def write_show(
    folder: Path,
    stadium: str = "{ spectators: 70 % }",
    camera: str = "{ push: { from: [-115 m, 0 m, 45 m], to: [-75 m, 20 m, 12 m] } }",
    size: str = "1920x1080",
    frames: int = FRAMES,
    more: str = "",
) -> Path:
    """Write the show file into a folder, with YAML for the place and the camera; returns its path."""
    troupes = "".join(
        _TROUPE.format(
            name=name,
            colour=colour,
            accent=accent,
            style=style,
            prop=prop,
            first=first,
            second=second,
            last=last,
            leave=42 if number % 2 else 36,
            moves=moves.split(),
        )
        for number, (name, colour, accent, style, prop, first, second, last, moves) in enumerate(_TROUPES)
    )
    path = folder / "show.yaml"
    path.write_text(
        _SHOW.format(
            troupes=troupes,
            stadium=stadium,
            camera=camera,
            size=size,
            more=more,
            speed=SPEED,
            seconds=frames * SPEED // 24,
        ),
        encoding="utf-8",
    )
    return path
