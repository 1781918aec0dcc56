"""A film being made in a process of its own, as the panel follows it. Knows nothing of bpy."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Literal

from ..own_process import start, tell

State = Literal["running", "done", "stopped", "failed"]


@dataclass
class FilmRun:
    """A film under way, or ended.

    Attributes
    ----------
    state : "running", "done", "stopped" or "failed"
    stage : str
        What is being made, such as "render".
    done, of : int
        How much of the stage.
    message : str
        Once ended: how long the film is and what it took, or what went wrong.
    """

    film: Path
    state: State = "running"
    stage: str = "start"
    done: int = 0
    of: int = 1
    message: str = ""
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.film.with_suffix(".film") / "blender.log"

    def begin(
        self, show: str, quality: str, frames: tuple[int, int] | None, blender: str | None = None
    ) -> None:
        """Start the process.

        Parameters
        ----------
        show : str
            A show file, or the name of a library show.
        quality, frames
            See `film.FilmMaker`.
        blender : str, optional
            Blender's program; left out or empty where Blender is a module of Python's.

        Raises
        ------
        OSError
            When it does not start, or the film's folder cannot be made.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as errors:
            self._process = start("film_process", blender=blender, errors=errors)
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        with suppress(OSError):  # it ended at once: the listener says so
            tell(self._process, show=show, film=str(self.film), quality=quality, frames=frames)

    def stop(self) -> None:
        """Ask the film to stop after the picture under way; what is finished is kept."""
        with suppress(OSError):
            tell(self._process, stop=True)

    def kill(self) -> None:
        """Stop at once; a picture under way is lost. Returns when the process is gone."""
        self._process.kill()
        self._listener.join()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the film has ended, or for so long."""
        self._listener.join(seconds)

    @property
    def ended(self) -> bool:
        """Whether the process is gone and all it said is taken in."""
        return not self._listener.is_alive()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        ended: tuple[State, str] | None = None
        for line in self._process.stdout:
            try:
                answer = json.loads(line)
            except ValueError:  # Blender says a few words of its own before it runs the script
                continue
            if isinstance(answer, dict):
                ended = self._take(answer) or ended
        with suppress(OSError):
            self._process.communicate()
        code = self._process.wait()
        self.state, self.message = ended or (
            "failed",
            f"the film's process ended with code {code} and said nothing; see {self.log}",
        )

    def _take(self, answer: dict[str, Any]) -> tuple[State, str] | None:
        if "stage" in answer:
            # Pictures are finished beside the rendering, which is what takes the time.
            if not (answer["stage"] == "finish" and self.stage == "render" and self.done < self.of):
                self.stage, self.done, self.of = answer["stage"], answer["done"], answer["of"]
        elif "film" in answer:
            return "done", f"{answer['seconds']:.2f} s of film, made in {answer['took']:.0f} s"
        elif "stopped" in answer:
            return "stopped", "Stopped; what is finished is kept, and Render Film goes on from there"
        elif "error" in answer:
            return "failed", str(answer["error"])
        return None
