"""Qualities of a film: what a picture may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quality = Literal["draft", "standard", "final"]


@dataclass(frozen=True)
class RenderQuality:
    """What a quality costs.

    Attributes
    ----------
    percent : int
        Share of the film's size.
    samples : int
        Cycles' paths a pixel.
    denoiser : "FAST", "BALANCED" or "HIGH"
        The denoiser's care.
    traced_bounces : bool
        Whether light that bounces is traced; otherwise the sky's light stands in for it, dimmed by what is
        near, in three fifths of the time.
    """

    percent: int
    samples: int
    denoiser: Literal["FAST", "BALANCED", "HIGH"]
    traced_bounces: bool


QUALITIES: dict[Quality, RenderQuality] = {
    "draft": RenderQuality(50, 3, "FAST", traced_bounces=False),
    "standard": RenderQuality(100, 24, "BALANCED", traced_bounces=True),
    "final": RenderQuality(100, 128, "HIGH", traced_bounces=True),
}
