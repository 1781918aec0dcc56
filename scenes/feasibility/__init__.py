"""What of a show people, paper and the film will not manage as it is written."""

from __future__ import annotations

from .examination import BookSizes, Feasibility, examine_feasibility
from .finding import KINDS, SEVERITIES, Finding, Kind, Severity, clock
from .limits import LIMITS, Limit

__all__ = [
    "KINDS",
    "LIMITS",
    "SEVERITIES",
    "BookSizes",
    "Feasibility",
    "Finding",
    "Kind",
    "Limit",
    "Severity",
    "clock",
    "examine_feasibility",
]
