"""Names of files for what people have named, safe on every system."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable


def file_stems(kind: str, names: Iterable[str]) -> list[str]:
    """Return a file's name, without its ending, for each of some different names: "section_A".

    Names that are the same to some systems, or have other signs than letters and figures, get a number.
    """
    stems: list[str] = []
    for name in names:
        stem = _stem(kind, name)
        if stem.casefold() in {other.casefold() for other in stems}:
            stem = f"{stem}-{zlib.crc32(name.encode()):08x}"
        stems.append(stem)
    return stems


def _stem(kind: str, name: str) -> str:
    plain = re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", name)).strip("_")[:40]
    if plain == name or not name:
        return f"{kind}_{plain}" if plain else kind
    return f"{kind}_{plain or 'named'}-{zlib.crc32(name.encode()):08x}"
