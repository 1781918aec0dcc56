"""Cardstunt's own commands, timed as a user waits for them: from the command to its end."""

from __future__ import annotations

import subprocess
import sys
import time

MAIN = "from cardstunt.blender_addon.cli import main; main(prog_name='cardstunt')"


def seconds(*arguments: object) -> float:
    """Run a command to its end; returns how long it took.

    Raises
    ------
    SystemExit
        When it fails; what it said goes to stderr.
    """
    command = [sys.executable, "-c", MAIN, *map(str, arguments)]
    begun = time.perf_counter()
    done = subprocess.run(command, stdout=sys.stderr, check=False)
    took = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"cardstunt {arguments[0]} failed with exit code {done.returncode}")
    return took
