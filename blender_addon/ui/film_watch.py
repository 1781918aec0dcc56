"""Follows the film that is being made: moves the panel's bar until it has ended."""

from __future__ import annotations

import bpy

from .film_run import FilmRun
from .reports import PanelError, keep_error, keep_problems, redraw_panels
from .shows import film_of, load

INTERVAL = 0.5  # seconds
#: Shares of the whole that the bar gives to the stages that take long.
_STAGES = {"render": (0.1, 0.85), "finish": (0.85, 0.95), "encode": (0.95, 1.0)}


class Watch:
    """The film under way, if there is one: one at a time, whichever scene it is of."""

    run: FilmRun | None = None


def is_running() -> bool:
    """Whether a film is being made."""
    return Watch.run is not None


def begin(context: bpy.types.Context) -> str:
    """Start making the film of the context's show in a process of its own."""
    settings = context.scene.cardstunt
    film = film_of(context.scene)
    frames = (settings.first, settings.last) if settings.some_frames else None
    loaded = load(context.scene)
    _check_frames(frames, loaded.show)
    run = FilmRun(film)
    run.begin(str(loaded.path), settings.quality, frames, bpy.app.binary_path)
    Watch.run = run
    status = context.window_manager.cardstunt
    status.film_state, status.film_result = "RUNNING", str(film)
    tick()
    if not bpy.app.timers.is_registered(tick):
        bpy.app.timers.register(tick, first_interval=INTERVAL, persistent=True)
    return f"Making {film}; Blender can be used meanwhile"


def _check_frames(frames: tuple[int, int] | None, show: object) -> None:
    from ...scenes.timeline import film_timeline  # noqa: PLC0415  pydantic only once it is needed

    count = len(film_timeline(show).frames)
    if frames is not None and not frames[0] <= frames[1] <= count:
        raise PanelError(f"frames {frames[0]}–{frames[1]} are not in the film, which has 1–{count}")


def stop(context: bpy.types.Context) -> str:
    """Stop the film after the picture under way; a second time, at once."""
    status = context.window_manager.cardstunt
    if Watch.run is None:
        return "No film is being made"
    if status.film_state == "STOPPING":
        Watch.run.kill()
    else:
        Watch.run.stop()
        status.film_state = "STOPPING"
    tick()
    return "Stopping the film"


def tick() -> float | None:
    """Show how far the film is; returns the seconds to the next time, None when it has ended."""
    run = Watch.run
    if run is None:
        return None
    status = bpy.context.window_manager.cardstunt
    if run.ended:
        Watch.run = None
        status.film_state, status.film_text = "ENDED", run.message
        status.film_progress = 1.0 if run.state == "done" else 0.0
        if run.state != "done":
            status.film_result = ""
        if run.state == "failed":
            keep_error(run.message)
        else:
            keep_problems(())
        _show(None)
        return None
    begin_at, end_at = _STAGES.get(run.stage, (0.0, 0.1))
    status.film_progress = begin_at + (end_at - begin_at) * run.done / max(1, run.of)
    status.film_text = f"{run.stage}: {run.done} of {run.of}"
    _show(f"Cardstunt film: {status.film_text}")
    return INTERVAL


def _show(text: str | None) -> None:
    """Show a line in the status bars, and the panels anew."""
    for window in bpy.context.window_manager.windows:
        window.workspace.status_text_set(text)
    redraw_panels()


def register() -> None:
    """Nothing to do: the timer runs only while a film is made."""


def unregister() -> None:
    """Stop the film under way, and the timer."""
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    if Watch.run is not None:
        Watch.run.kill()
        Watch.run = None
        _show(None)
