"""Pictures from above for the report of `cardstunt check`: the whole field, and a look at it from near."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ..kernels.costumes import Costumes
from ..kernels.drill import Drill
from ..kernels.ticks import ticks
from ..scenes.feasibility import FieldFinding
from ..scenes.gymnast_numbers import gymnast_number
from .preview_drawing import INK, picture
from .preview_field import FieldPicture, Seen
from .preview_troupes import TroupeView

MARK = (230, 0, 126)
"""sRGB of what marks those that a finding is about."""

_WIDTH, _NEAR_HIGH = 750, 300
_NEAR_WIDE = 10.0  # metres across the look from near
_PALE, _GREY = 0.78, np.array([120, 128, 124])
_NEAR_KINDS = ("collisions", "standing")
_BODY = 0.2  # metres: half of what people have room for
_MOST_WAYS = 160
_MOST_NAMED, _LABEL = 14, (200, 34)
_COLOURS = 128
_GRASS, _LINE, _OTHERS = (19, 55, 40), (72, 112, 92), (150, 158, 152)


@dataclass(frozen=True, eq=False)
class FieldPictures:
    """Draws findings about the field.

    Attributes
    ----------
    drills : dict of str to Drill
        By troupe.
    costumes : dict of str to Costumes
    """

    drills: dict[str, Drill]
    costumes: dict[str, Costumes]

    def picture(self, finding: FieldFinding) -> Image.Image:
        """Draw the field at a finding's time: those concerned marked, with their ways, the others pale.

        Where people are too near each other there is a second picture below, in which they can be told apart.
        """
        tick = ticks(Fraction(finding.at))
        views = {
            name: TroupeView(drill, self.costumes[name], _MOST_WAYS) for name, drill in self.drills.items()
        }
        seen = {name: view.seen(np.array([tick]))[0] for name, view in views.items()}
        people = sum(drill.places.shape[1] for drill in self.drills.values())
        field = FieldPicture(_WIDTH, people)
        ways = [
            views[name].whole_ways(number, field, finding.people[name])
            for name, number in finding.number.items()
            if len(finding.people.get(name, ()))
        ]
        shown = [_singled_out(troupe, finding.people.get(name)) for name, troupe in seen.items()]
        whole = picture(field.draw(shown, ways))
        if finding.middle is None or finding.kind not in _NEAR_KINDS:
            return _compact(whole)
        both = Image.new("RGB", (_WIDTH, whole.height + _NEAR_HIGH + 6), INK)
        middle = np.array(finding.middle)
        reach = _NEAR_WIDE / 2 * np.array([_NEAR_HIGH / _WIDTH, 1.0])
        corners = field.pixels(np.stack([middle + reach, middle - reach]))
        # A frame one can see, even where the field is large.
        low, high = corners.min(axis=0) - 4, corners.max(axis=0) + 4
        ImageDraw.Draw(whole).rectangle([*low.tolist(), *high.tolist()], outline=INK, width=2)
        both.paste(whole, (0, 0))
        both.paste(self._from_near(finding, seen, middle), (0, whole.height + 6))
        return _compact(both)

    def _from_near(
        self, finding: FieldFinding, seen: dict[str, Seen], middle: npt.NDArray[np.float64]
    ) -> Image.Image:
        """Draw the people about a place, each as a circle as large as their room."""
        scale = 2 * _WIDTH / _NEAR_WIDE
        size = 2 * _WIDTH, 2 * _NEAR_HIGH
        image = Image.new("RGB", size, _GRASS)
        draw = ImageDraw.Draw(image)
        grid = np.arange(-_NEAR_WIDE, _NEAR_WIDE + 1) + np.round(middle[:, None]) - middle[:, None]
        for metre in grid[1]:
            draw.line([(size[0] / 2 - metre * scale, 0), (size[0] / 2 - metre * scale, size[1])], _LINE)
        for metre in grid[0]:
            draw.line([(0, size[1] / 2 - metre * scale), (size[0], size[1] / 2 - metre * scale)], _LINE)
        labels: list[tuple[float, float, str]] = []
        for name, troupe in seen.items():
            places = troupe.states[0, :, :2].astype(np.float64) - middle
            inside = np.flatnonzero((np.abs(places) < _NEAR_WIDE / 2 + 1).all(axis=1))
            concerned = set(finding.people.get(name, np.zeros(0, np.int64)).tolist())
            people = troupe.states.shape[1]
            # Those concerned last, so that nobody covers them.
            for person in sorted(inside.tolist(), key=lambda person: (person in concerned, person)):
                x = size[0] / 2 - places[person, 1] * scale
                y = size[1] / 2 - places[person, 0] * scale
                self._draw_person(draw, (x, y), scale, troupe, person, concerned=person in concerned)
                if person in concerned:
                    labels.append((x, y, f"{name} {gymnast_number(person, people)}"))
        labels.sort(key=lambda label: np.hypot(label[0] - size[0] / 2, label[1] - size[1] / 2))
        written: list[tuple[float, float]] = []
        for x, y, label in labels:
            if len(written) < _MOST_NAMED and not any(
                abs(x - other_x) < _LABEL[0] and abs(y - other_y) < _LABEL[1] for other_x, other_y in written
            ):
                written.append((x, y))
                _label(draw, (x, y - _BODY * scale - 6), label, "ms")
        _label(draw, (16, size[1] - 14), "one square is 1 m", "ls")
        return image.reduce(2)

    @staticmethod
    def _draw_person(
        draw: ImageDraw.ImageDraw,
        place: tuple[float, float],
        scale: float,
        troupe: Seen,
        person: int,
        *,
        concerned: bool,
    ) -> None:
        (x, y), reach = place, _BODY * scale
        colour = tuple(troupe.colours[person].tolist()) if concerned else _OTHERS
        edge, thick = (MARK, 6) if concerned else (_LINE, 3)
        draw.ellipse([x - reach, y - reach, x + reach, y + reach], colour, edge, thick)
        heading = float(troupe.states[0, person, 3])
        tip = x - 1.5 * reach * np.sin(heading), y - 1.5 * reach * np.cos(heading)
        draw.line([(x, y), tip], edge, thick)


def _compact(image: Image.Image) -> Image.Image:
    """Return a picture with few colours: thousands of dots make a large file of any other."""
    return image.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _label(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, anchor: str) -> None:
    font = ImageFont.load_default(26)
    draw.text(place, text, INK, font, anchor, stroke_width=3, stroke_fill=_GRASS)


def _singled_out(troupe: Seen, people: npt.NDArray[np.int64] | None) -> Seen:
    """Return the troupe, all but some people pale, and those marked; all pale where there are none."""
    colours = (_PALE * _GREY + (1 - _PALE) * troupe.colours).astype(np.uint8)
    order = np.arange(len(colours))
    if people is not None and len(people):
        colours[people] = MARK
        # Who is drawn last lies on top.
        concerned = np.zeros(len(colours), bool)
        concerned[people] = True
        order = np.argsort(concerned, kind="stable")
    states = troupe.states[:, order].copy()
    # In the pose that is brightest, so that a mark has one colour.
    states[1, :, :2] = 0.0
    return Seen(states, colours[order])
