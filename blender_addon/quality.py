"""Qualities of a film: what a picture may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quality = Literal["draft", "standard", "final"]


@dataclass(frozen=True)
class RenderQuality:
    """What a quality costs: share of the film's size in percent, Cycles samples, the denoiser's care."""

    percent: int
    samples: int
    denoiser: Literal["FAST", "BALANCED", "HIGH"]


QUALITIES: dict[Quality, RenderQuality] = {
    "draft": RenderQuality(50, 6, "FAST"),
    "standard": RenderQuality(100, 24, "BALANCED"),
    "final": RenderQuality(100, 128, "HIGH"),
}
