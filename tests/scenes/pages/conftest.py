from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from cardstunt.scenes.check_files import resolve_inside
from cardstunt.scenes.pages import Canvas, Drawn, draw_page
from cardstunt.scenes.schema_page import Page

EM = 1000


def page_of(**keys: object) -> Page:
    return Page.model_validate(keys, by_alias=True, by_name=False)


@pytest.fixture
def loaded(tmp_path: Path) -> SimpleNamespace:
    """Stand in for a loaded show: of that, still pages need only the folder."""
    return SimpleNamespace(resolve=partial(resolve_inside, tmp_path), folder=tmp_path)


@pytest.fixture
def drawn(loaded: SimpleNamespace) -> Callable[..., Drawn]:
    """Draw a page on a flat section."""

    def draw(page: dict[str, object], columns: int = 8, rows: int = 4, **options: object) -> Drawn:
        return draw_page(page_of(**page), Canvas(columns, rows, **options), loaded)

    return draw


def _glyph(left: int, bottom: int, right: int, top: int) -> bytes:
    """Return a filled rectangle as a glyph of TrueType."""
    x, y = [left, 0, right - left, 0], [bottom, top - bottom, 0, bottom - top]
    content = struct.pack(">hhhhh", 1, left, bottom, right, top) + struct.pack(">HH", 3, 0)
    return content + bytes([1] * 4) + struct.pack(">4h4h", *x, *y)


def _cmap(codes: list[int]) -> bytes:
    groups = b"".join(struct.pack(">LLL", code, code, index + 1) for index, code in enumerate(codes))
    table = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return struct.pack(">HHHHL", 0, 1, 3, 10, 12) + table


def _name(family: str) -> bytes:
    """Return the table of names: the family's, and its full name after PostScript's rules."""
    text = family.encode("utf-16-be")
    records = b"".join(struct.pack(">HHHHHH", 3, 1, 0x409, kind, len(text), 0) for kind in (1, 6))
    return struct.pack(">HHH", 0, 2, 6 + len(records)) + records + text


def _colours(count: int, layers: list[tuple[int, int, int]]) -> dict[str, bytes]:
    """Return tables that paint each letter with the last glyph in a colour of its own."""
    records = b"".join(struct.pack(">HHH", index + 1, index, 1) for index in range(count))
    painted = b"".join(struct.pack(">HH", count + 1, index % len(layers)) for index in range(count))
    head = struct.pack(">HHLLH", 0, count, 14, 14 + len(records), count)
    palette = struct.pack(">HHHHLH", 0, len(layers), 1, len(layers), 14, 0)
    palette += b"".join(bytes([blue, green, red, 255]) for red, green, blue in layers)
    return {"COLR": head + records + painted, "CPAL": palette}


def _painted(count: int, layers: list[tuple[int, int, int]]) -> dict[str, bytes]:
    """Return the same, as a graph of paints (version 1 of the table): a glyph, filled with a colour."""
    # 10 is a glyph filled by the paint that follows; 2 is a colour of the palette, and how opaque it is.
    paints = [
        bytes([10, 0, 0, 6]) + struct.pack(">HBHh", count + 1, 2, index % len(layers), 1 << 14)
        for index in range(count)
    ]
    first = 4 + 6 * count
    records = [struct.pack(">HL", index + 1, first + 11 * index) for index in range(count)]
    graph = struct.pack(">L", count) + b"".join(records) + b"".join(paints)
    head = struct.pack(">HHLLHLLLLL", 1, 0, 0, 0, 0, 34, 0, 0, 0, 0)
    return {"COLR": head + graph, "CPAL": _colours(count, layers)["CPAL"]}


def font_bytes(
    letters: Iterable[str],
    colours: list[tuple[int, int, int]] | None = None,
    *,
    painted: bool = False,
    more: dict[str, bytes] | None = None,
) -> bytes:
    """Return a TrueType font in which each letter is a block, the next one narrower; a box where none is."""
    codes = sorted(ord(letter) for letter in letters)
    blocks = [_glyph(51, 0, 951 - 700 * index // max(len(codes), 1), 701) for index in range(len(codes))]
    glyphs = [_glyph(100, 100, 200, 300), *blocks, _glyph(51, 0, 951, 701)]
    glyphs = [glyph + bytes(-len(glyph) % 4) for glyph in glyphs]
    offsets = np.cumsum([0, *map(len, glyphs)])
    tables = {
        "cmap": _cmap(codes),
        "glyf": b"".join(glyphs),
        "head": struct.pack(
            ">LLLLHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, 0, 0, EM, 800, 0, 8, 2, 1, 0
        ),
        "hhea": struct.pack(
            ">LhhhHhhhhhhhhhhhH", 0x10000, 800, -200, 0, EM, *[0] * 3, 1, *[0] * 7, len(glyphs)
        ),
        "hmtx": struct.pack(">Hh", EM, 51) * len(glyphs),
        "loca": b"".join(struct.pack(">L", offset) for offset in offsets),
        "name": _name("Blocks"),
        "maxp": struct.pack(">LH13H", 0x10000, len(glyphs), 4, 1, 0, 0, 2, *[0] * 8),
        **((_painted if painted else _colours)(len(codes), colours) if colours else {}),
        **(more or {}),
    }
    start = 12 + 16 * len(tables)
    directory, content = b"", b""
    for tag in sorted(tables):
        table = tables[tag]
        directory += struct.pack(">4sLLL", tag.encode(), 0, start + len(content), len(table))
        content += table + bytes(-len(table) % 4)
    return struct.pack(">LHHHH", 0x10000, len(tables), 0, 0, 0) + directory + content


@pytest.fixture
def write_font(tmp_path: Path) -> Callable[..., Path]:
    """Write a font that has the given letters only."""

    def write(
        name: str, letters: str, colours: list[tuple[int, int, int]] | None = None, **options: object
    ) -> Path:
        path = tmp_path / name
        path.write_bytes(font_bytes(letters, colours, **options))
        return path

    return write
