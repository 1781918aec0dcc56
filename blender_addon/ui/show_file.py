"""Show files as the panel writes them: whole or not at all, only a show that loads, and undone by undo.

Undo knows nothing of files, so the texts that were written are kept for as long as Blender runs. Each scene
says which text its cues were read from; where undo or redo changes that, the text goes back into the file,
unless anybody else has written there since.
"""

from __future__ import annotations

import codecs
import hashlib
import shutil
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from .reports import PanelError

MOST_TEXTS = 256
"""How many steps back undo finds a text."""
#: Texts that stood in show files before and after they were written here, by their digest.
_texts: OrderedDict[str, bytes] = OrderedDict()
#: Digest of what was written last into each file.
_written: dict[Path, str] = {}


def digest(content: bytes) -> str:
    """Return what tells one text from another."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change the text of a show file, if the show is whole with it.

    Parameters
    ----------
    path : Path
    change : callable (text) -> text

    Raises
    ------
    PanelError
        When the show is one of the library.
    ShowError
        When the show would not be whole; the file is as it was then.
    OSError
        When the file cannot be written.
    """
    from ...scenes.errors import ShowError  # noqa: PLC0415  enabling the extension imports bpy alone
    from ...scenes.load import load_show  # noqa: PLC0415
    from ..files import written_aside  # noqa: PLC0415

    if of_library(path):
        raise PanelError(f"{path.parent.name} is a show of the library, which stays as it is: copy it first")
    former = path.read_bytes()
    mark = codecs.BOM_UTF8 if former.startswith(codecs.BOM_UTF8) else b""
    content = mark + change(former.decode("utf-8-sig")).encode("utf-8")
    if content == former:
        return
    with written_aside(path) as aside:
        aside.write_bytes(content)
        shutil.copymode(path, aside)
        try:
            load_show(aside)
        except ShowError as error:
            raise ShowError([replace(problem, file=str(path)) for problem in error.problems]) from None
    for text in (former, content):
        _texts[digest(text)] = text
        _texts.move_to_end(digest(text))
    while len(_texts) > MOST_TEXTS:
        _texts.popitem(last=False)
    _written[path] = digest(content)


def put_back(path: Path, wanted: str) -> bool:
    """Put a text that stood in a file there again; returns whether that was done.

    Nothing is written where the text is not known, stands there already, or where somebody else has written
    last.

    Raises
    ------
    OSError
        When the file cannot be read or written.
    """
    from ..files import written_aside  # noqa: PLC0415

    stands = digest(path.read_bytes())
    if stands == wanted or _written.get(path) != stands or wanted not in _texts:
        return False
    with written_aside(path) as aside:
        aside.write_bytes(_texts[wanted])
        shutil.copymode(path, aside)
    _written[path] = wanted
    return True


def of_library(path: Path) -> bool:
    """Whether a show is one of those that come with Cardstunt."""
    from .properties import LIBRARY  # noqa: PLC0415

    return path.is_relative_to(LIBRARY.absolute())


def forget() -> None:
    """Forget all texts."""
    _texts.clear()
    _written.clear()
