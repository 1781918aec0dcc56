"""Preview (another founder writes this)."""

from __future__ import annotations


def write_preview(loaded, output, progress):
    raise NotImplementedError
