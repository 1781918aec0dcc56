"""The line of a roof over the stands, from its inner edge to the outer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .bowl import Bowl

Floats = npt.NDArray[np.float64]

EVEN_PETAL = 0.73
"""Arch of a roof whose petals are evened out; near the mean of `petal_arch`, which is 0.718."""
RIDGE = 0.55
"""Where petals are highest, as a share of the way from the inner edge to the outer."""
PETAL_ARCH, PETAL_RISE, PETAL_FALL = 0.18, 0.075, 0.6
"""By how much of its height a roof of petals arches, rises to its ridge and falls to its outer edge."""
SCALLOP_IN, SCALLOP_OUT = 0.15, 0.35
"""By how much of the reach inward and outward the edges draw back between two petals."""
RING_FALL = 0.06
"""By how much of its height a ring falls to its outer edge."""
CABLE_RISE, CABLE_SAG = 0.1, 0.06
"""By how much of its height a membrane rises to its outer ring, and sags between two cables."""


def petal_arch(bowl: Bowl, around: npt.ArrayLike) -> Floats:
    """Return how high a roof of petals arches: 1 at the crown of a petal, 0 in the groove between two.

    Parameters
    ----------
    around : array of any shape
        Share of the way around, 0 to 1 from east counter-clockwise.

    Returns
    -------
    float64 array of the shape of `around`
        ``|sin|^0.65``, which is fuller than a sine.
    """
    arch: Floats = np.abs(np.sin(np.pi * bowl.roof.bays * np.asarray(around, np.float64))) ** 0.65
    return arch


def cable_arch(bowl: Bowl, around: npt.ArrayLike) -> Floats:
    """Return how taut a membrane is: 1 on its cables, 0 in the middle between two; ``cos^2``."""
    arch: Floats = np.cos(np.pi * bowl.roof.bays * np.asarray(around, np.float64)) ** 2
    return arch


def roof_arch(bowl: Bowl, around: npt.ArrayLike) -> Floats:
    """Return the arch of the roof that the bowl has; of a ring 1 everywhere."""
    if bowl.roof.kind == "petals":
        return petal_arch(bowl, around)
    if bowl.roof.kind == "cable_net":
        return cable_arch(bowl, around)
    return np.ones(np.shape(around))


def even_arch(bowl: Bowl) -> float:
    """Return the arch of a roof whose petals or spans are evened out."""
    return {"petals": EVEN_PETAL, "cable_net": 0.5}.get(bowl.roof.kind, 1.0)


def roof_line(bowl: Bowl, inward: npt.ArrayLike, arch: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return places of the roof on its way from the inner edge to the outer.

    Petals climb as a quarter of a sine to their ridge, a little beyond the middle, and fall from there down
    the outside of the bowl; they stand out over both edges where they arch. A ring falls gently outward. The
    membrane of a cable net rises outward and sags between its cables.

    Parameters
    ----------
    inward : array
        0 at the inner edge, 1 at the outer; broadcasts with `arch`.
    arch : array
        0 to 1, as from `roof_arch`.

    Returns
    -------
    depth : float64 array
        Behind the arena's edge, metres.
    height : float64 array
        Above the field, metres.
    """
    roof = bowl.roof
    i, a = np.broadcast_arrays(np.asarray(inward, np.float64), np.asarray(arch, np.float64))
    depth: Floats = bowl.rim - roof.inward + (roof.inward + roof.outward) * i
    if roof.kind == "petals":
        back = SCALLOP_IN * roof.inward * (1 - i) ** 2 - SCALLOP_OUT * roof.outward * i**2
        rise, fall = np.minimum(i / RIDGE, 1.0), np.maximum((i - RIDGE) / (1 - RIDGE), 0.0)
        share = 1 - PETAL_ARCH - PETAL_RISE + PETAL_RISE * np.sin(rise * np.pi / 2) - PETAL_FALL * fall**2.2
        petals: Floats = roof.height * (share + a * PETAL_ARCH * (1 - RIDGE * fall))
        return depth + (1 - a) * back, petals
    if roof.kind == "cable_net":
        membrane: Floats = roof.height * (1 + CABLE_RISE * i - 4 * CABLE_SAG * i * (1 - i) * (1 - a))
        return depth, membrane
    ring: Floats = roof.height * (1 - RING_FALL * i * i)
    return depth, ring


def lowest_roof(bowl: Bowl, depth: npt.ArrayLike) -> Floats:
    """Return how high the roof is at least at depths behind the arena's edge.

    Parameters
    ----------
    depth : array, metres

    Returns
    -------
    float64 array, metres
        Infinite where there is no roof.
    """
    at = np.asarray(depth, np.float64)
    if bowl.roof.kind == "none":
        return np.full(at.shape, np.inf)
    lowest = np.full(at.shape, np.inf)
    for arch in (0.0, even_arch(bowl), 1.0):
        depths, heights = roof_line(bowl, np.linspace(0.0, 1.0, 257), arch)
        lowest = np.minimum(lowest, np.interp(at, depths, heights, left=np.inf, right=np.inf))
    return lowest
