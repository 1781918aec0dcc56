"""How far the field reaches on which a show's gymnasts stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..kernels.places import FIELD_HALF_X, FIELD_HALF_Y, FieldSize
from .stadium import bowl_of

if TYPE_CHECKING:
    from .schema_stadium import Stadium


def field_size(stadium: Stadium) -> FieldSize:
    """Return how far a stadium's field reaches: its floor, at most what charts and previews draw."""
    floor = bowl_of(stadium).floor
    return FieldSize(min(floor.half_width, FIELD_HALF_X), min(floor.half_length, FIELD_HALF_Y))
