"""What of a show people, paper and the film will not manage as it is written."""

from __future__ import annotations

from .examination import BookSizes, Feasibility, examine_feasibility
from .field import Field
from .finding import KINDS, SEVERITIES, FieldFinding, Finding, Kind, SectionFinding, Severity, clock
from .limits import LIMITS, Limit

__all__ = [
    "KINDS",
    "LIMITS",
    "SEVERITIES",
    "BookSizes",
    "Feasibility",
    "Field",
    "FieldFinding",
    "Finding",
    "Kind",
    "Limit",
    "SectionFinding",
    "Severity",
    "clock",
    "examine_feasibility",
]
