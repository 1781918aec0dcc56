"""What a gymnast is called on charts and in checks: a number in the troupe."""

from __future__ import annotations


def gymnast_number(person: int, people: int) -> str:
    """Return the number of one of a troupe's people (counted from 0): from 1, all of as many figures."""
    return f"{person + 1:0{len(str(people))}d}"
