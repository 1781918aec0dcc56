"""The caps that some card-holders wear."""

from __future__ import annotations

import numpy as np

from ..figures import Part
from ..gymnasts.skinning import Sculpture, weigh

#: Metres before the skeleton's axis: the middle of the head.
_MIDDLE = 0.008


def add_cap(sculpture: Sculpture, width: float) -> None:
    """Add a cap of six panels, with a button and a curved peak, on a head of a width against the usual."""
    bones, cloth, trim = weigh(head=1.0), int(Part.COSTUME), int(Part.TRIM)
    angles = np.radians(np.arange(0.0, 360.0, 10.0))
    ahead = np.cos(angles)
    rim = 1.624 + 0.016 * np.maximum(ahead, 0.0) - 0.020 * np.maximum(-ahead, 0.0)
    wide = 0.0735 * width + 0.0115
    reach = np.where(ahead > 0, 0.0985, 0.1135)
    # From the inside of the rim over the panels to the button: share of the height, share of the width.
    profile = np.array(
        [
            (0.0, 0.965),
            (-0.02, 1.0),
            (0.10, 1.012),
            (0.28, 1.010),
            (0.48, 0.985),
            (0.66, 0.915),
            (0.81, 0.785),
            (0.92, 0.570),
            (0.98, 0.290),
        ]
    )
    seam = np.where(np.arange(len(angles)) % 6 == 0, 1.0, 0.0)
    rings = []
    for share, size in profile.tolist():
        # The two panels in front stand up before they bend over; the others are soft.
        stiff = size + 0.10 * max(share - 0.2, 0.0) * np.maximum(ahead, 0.0) ** 2 * (share < 0.95)
        soft = 0.010 * np.sin(3.0 * angles + 9.0 * share) * np.minimum(ahead, 0.0) * share
        out = stiff + soft - 0.022 * seam * (share > 0.05)
        rings.append(
            np.stack(
                [
                    _MIDDLE - 0.002 + reach * ahead * out,
                    wide * np.sin(angles) * out,
                    rim + share * (1.722 - rim),
                ],
                -1,
            )
        )
    top = np.array([_MIDDLE - 0.004, 0.0, 1.7275]), bones
    bands = [trim, *[cloth] * (len(profile) - 2)]
    sculpture.tube(np.array(rings), np.tile(bones, (len(rings), 1)), bands, end=top, end_part=trim)
    across = np.radians(np.linspace(-66.0, 66.0, 13))
    side = np.abs(across / across[-1])
    rows = []
    for share in (0.0, 0.35, 0.7, 1.0):
        beyond = share * 0.072 * (1.0 - 0.92 * side**2.2)
        x = _MIDDLE - 0.004 + 0.0975 * np.cos(across) + beyond
        y = (wide - 0.001 + 0.006 * share) * np.sin(across)
        z = 1.6405 - 0.017 * (1.0 - np.cos(across)) - 0.011 * share**1.3 - 0.016 * side**2 * share
        rows.append(np.stack([x, y, z], -1))
    plate = np.array(rows)
    count = len(across)
    for thickness, flip in ((0.0, False), (-0.0035, True)):
        first = sculpture.points((plate + np.array([0.0, 0.0, thickness])).reshape(-1, 3), bones)
        for i in range(len(rows) - 1):
            for j in range(count - 1):
                a = first + i * count + j
                corners = [a, a + count, a + count + 1, a + 1]
                sculpture.face(corners[::-1] if flip else corners, trim)
    edge = np.array([plate[-1], plate[-1] - (0.0, 0.0, 0.0035)])
    first = sculpture.points(edge.reshape(-1, 3), bones)
    for j in range(count - 1):
        sculpture.face((first + j, first + count + j, first + count + j + 1, first + j + 1), trim)
