"""All that knows Blender: bake to disk, build, nodes, render, film, command line, panel."""

from __future__ import annotations


def register() -> None:
    """Register the panel and its operators."""


def unregister() -> None:
    """Remove the panel and its operators."""
