"""What went wrong, or is odd, as the panel and a text in Blender show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy

from ...scenes.errors import Problem, ShowError

#: Text datablock that lists all problems in full.
LISTING = "Cardstunt Problems"


class PanelError(Exception):
    """What is asked for cannot be done as things are; the message says what to do."""


def _expected() -> tuple[type[Exception], ...]:
    from ...kernels.bowl_seats import SectionDoesNotFitError  # noqa: PLC0415
    from ...kernels.formations import FormationError  # noqa: PLC0415  NumPy only once it is needed
    from ..blender_libraries import BlenderLibraryError  # noqa: PLC0415

    return (PanelError, FormationError, SectionDoesNotFitError, BlenderLibraryError, OSError)


def keep_problems(problems: tuple[Problem, ...]) -> None:
    """Show problems in the panel and list them in a text; none clears both."""
    status = bpy.context.window_manager.cardstunt
    status.problems.clear()
    for problem in problems:
        item = status.problems.add()
        item.place = f"line {problem.line}, column {problem.column}" if problem.line else problem.file
        item.text, item.error = problem.message, problem.severity == "error"
    text = bpy.data.texts.get(LISTING)
    if problems and text is None:
        text = bpy.data.texts.new(LISTING)
    if text is not None:
        text.from_string("".join(f"{problem}\n" for problem in problems))


def keep_error(message: str) -> None:
    """Show one error that has no place in a show file."""
    keep_problems((Problem("", 0, 0, "", "", "", None, message),))


def reported(
    operator: bpy.types.Operator, context: bpy.types.Context, call: Callable[[bpy.types.Context], str]
) -> set[str]:
    """Call a function for an operator and report what it returns, or what went wrong, which the panel keeps.

    Parameters
    ----------
    call : callable (context) -> str
        Does the work and says in one sentence what was done.

    Returns
    -------
    set of str
        What the operator is to return.
    """
    message, problems = attempt(context, call)
    if problems:
        keep_problems(problems)
        more = f" (and {len(problems) - 1} more in the panel)" if len(problems) > 1 else ""
        operator.report({"ERROR"}, f"{problems[0]}{more}")
        return {"CANCELLED"}
    operator.report({"INFO"}, message)
    return {"FINISHED"}


def attempt(
    context: bpy.types.Context, call: Callable[[bpy.types.Context], str]
) -> tuple[str, tuple[Problem, ...]]:
    """Call a function; returns what it says, or the problems that kept it from its work."""
    try:
        return call(context), ()
    except ShowError as error:
        return "", error.problems
    except ImportError as error:
        message = f"{error}: install the extension again from this platform's zip, and start Blender anew"
        return "", (Problem("", 0, 0, "", "", "", None, message),)
    except _expected() as error:
        return "", (Problem("", 0, 0, "", "", "", None, str(error)),)


@contextmanager
def pointer_progress(context: bpy.types.Context) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function (stage, done, of) that moves the pointer's number of percent."""
    manager = context.window_manager
    manager.progress_begin(0, 100)
    try:
        yield lambda stage, done, of: manager.progress_update(100 * done / max(1, of))
    finally:
        manager.progress_end()


def redraw_panels() -> None:
    """Draw the panels of all windows anew, and them alone: drawing a stadium takes its time."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            for region in area.regions if area.type == "VIEW_3D" else ():
                if region.type == "UI":
                    region.tag_redraw()


def wrapped(text: str, width: Any) -> list[str]:
    """Return the text in lines that fit a region of so many pixels."""
    import textwrap  # noqa: PLC0415

    scale = bpy.context.preferences.system.ui_scale or 1.0  # 0 without a window
    return textwrap.wrap(text, max(24, int((width - 60 * scale) / (6.2 * scale))))
