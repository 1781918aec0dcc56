"""Film frames and the moments of the show they show: exact, in fractions of a second."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .schema import Show
from .schema_film import Shot


@dataclass(frozen=True)
class Sample:
    """One distinct picture of the film.

    Attributes
    ----------
    index : int
        From 1, in the order of the film.
    shot : int
        Which of ``film.shots``, from 0.
    progress : Fraction
        How much of the shot's show time has passed: 0 at its first frame, always less than 1.
    show_time : Fraction
        Seconds.
    first_frame : int
        The first film frame, from 1, that shows it.
    """

    index: int
    shot: int
    progress: Fraction
    show_time: Fraction
    first_frame: int


@dataclass(frozen=True)
class FilmFrame:
    """One frame of the film; a held frame is in all but its `index` like the one it repeats.

    Attributes
    ----------
    index : int
        From 1.
    shot : int
        Which of ``film.shots``, from 0.
    progress, show_time : Fraction
        As in `Sample`.
    sample : int
        Index, from 1, of the `Sample` it shows.
    """

    index: int
    shot: int
    progress: Fraction
    show_time: Fraction
    sample: int


@dataclass(frozen=True)
class FilmTimeline:
    """All frames of a film, and the distinct pictures they need."""

    frames: tuple[FilmFrame, ...]
    samples: tuple[Sample, ...]
    fps: Fraction

    @property
    def duration(self) -> Fraction:
        """Length of the film in seconds."""
        return len(self.frames) / self.fps


def shot_frames(shot: Shot, fps: Fraction) -> int:
    """Return how many film frames `shot` has: its length in film time, rounded, at least 1."""
    return max(1, round((shot.end - shot.start) / shot.speed * fps))


def film_timeline(show: Show) -> FilmTimeline:
    """Lay the shots of a show on the film, one after another.

    Frame *i* of a shot shows ``start + i * speed / fps``; the end of a shot is the start of what comes
    after it, so no frame shows it. With ``look.hold`` each picture stays for that many frames, counted
    anew in every shot.

    Parameters
    ----------
    show : Show

    Returns
    -------
    FilmTimeline
    """
    fps, hold = show.film.fps, show.film.look.hold
    frames: list[FilmFrame] = []
    samples: list[Sample] = []
    for number, shot in enumerate(show.film.shots):
        step = shot.speed / fps
        for position in range(shot_frames(shot, fps)):
            index = len(frames) + 1
            if position % hold == 0:
                show_time = shot.start + position * step
                progress = (show_time - shot.start) / (shot.end - shot.start)
                samples.append(Sample(len(samples) + 1, number, progress, show_time, index))
            held = samples[-1]
            frames.append(FilmFrame(index, number, held.progress, held.show_time, held.index))
    return FilmTimeline(tuple(frames), tuple(samples), fps)
