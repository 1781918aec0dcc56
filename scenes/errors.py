"""Problems in a show file, each with its place, and the exception that carries them all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

YamlPath = tuple[str | int, ...]

_LISTED = 12
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Problem:
    """One thing to put right in a show file.

    Attributes
    ----------
    file : str
        The show file as the user named it.
    line, column : int
        Where, counted from 1; 0 when the problem has no place inside the file.
    path : str
        The YAML path, such as ``card_section.cues[2].page`` (items count from 0); may be empty.
    found : str
        What stands there.
    allowed : str
        What may stand there; empty when the message says it.
    nearest : str or None
        The nearest valid name, when one is near.
    message : str
        The whole sentence for the user, with `nearest` and `allowed` in it.
    severity : {"error", "warning"}
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    allowed: str
    nearest: str | None
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        parts = [place, "warning" if self.severity == "warning" else "", self.path, self.message]
        return ": ".join(part for part in parts if part)


Finding = Problem


class ShowError(Exception):
    """A show that cannot be used.

    Parameters
    ----------
    problems : sequence of Problem
        At least one, in the order of the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def dotted(path: Iterable[str | int]) -> str:
    """Return a YAML path as text: ``("cues", 2, "page")`` is ``cues[2].page``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else str(step)
    return text


def quoted(value: object) -> str:
    """Return `value` as short, printable text in quotes, for a message."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > _SHOWN_CHARACTERS:
        text = text[: _SHOWN_CHARACTERS - 1] + "…"
    return ascii(text) if not text.isprintable() else repr(text)


def kind_of(value: object) -> str:
    """Return what `value` is called in a show file."""
    names: dict[type, str] = {dict: "a mapping", list: "a list", tuple: "a list", type(None): "nothing"}
    return names.get(type(value), type(value).__name__)


def nearest_name(found: object, names: Iterable[str]) -> str | None:
    """Return the name most like `found`, or None when none is near."""
    if not isinstance(found, str):
        return None
    by_folded = {name.casefold(): name for name in names}
    matches = difflib.get_close_matches(found[:200].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def listing(names: Iterable[str]) -> str:
    """Return names as ``a, b, c``, cut when there are many."""
    names = list(names)
    text = ", ".join(names[:_LISTED])
    return text if len(names) <= _LISTED else f"{text}, … ({len(names)} in all)"


def advised(message: str, *, allowed: str = "", nearest: str | None = None) -> str:
    """Return `message` with the nearest name and what is allowed added."""
    if nearest is not None:
        message += f"; did you mean {nearest!r}?"
        return f"{message} Allowed: {allowed}" if allowed else message
    return f"{message}; allowed: {allowed}" if allowed else message
