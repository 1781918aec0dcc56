"""Processes of our own: Python, or Blender without a window, with this package in it.

In the extension the package is `bl_ext.<repository>.cardstunt`, a name that no other process knows, and
Blender alone has the extension's wheels on its path. So a process of ours runs this very file as its script:
it provides the package as `cardstunt`, and all else that can be imported where it was started. That holds for
the workers too that `multiprocessing` spawns from it, since those run their maker's script first. The first
line of input says what to run.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import os
import subprocess
import sys
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import IO, Any

PACKAGE = "cardstunt"
ROOT = Path(__file__).resolve().parent.parent
#: Environment variable with the folders that modules are found in where the process was started.
FOLDERS = "CARDSTUNT_MODULE_FOLDERS"


class _Elsewhere:
    """Finds modules in folders that stay, whatever Blender does to sys.path when it opens a file."""

    def __init__(self, folders: list[str]) -> None:
        self.folders = folders

    def find_spec(
        self, name: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return PathFinder.find_spec(name, self.folders, target) if path is None else None


def start(
    module: str, *, blender: str | None = None, errors: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a process that runs `main` of a module in this folder; lines of JSON go in and come out.

    It ends when its input does, so that it never outlives the process that started it. Ctrl+C in a terminal
    reaches the starting process alone.

    Parameters
    ----------
    module : str
        Such as "film_process".
    blender : str, optional
        Blender's program, to run in; Python's, when left out or empty.
    errors : binary file, optional
        Where all goes that is no answer; this process's own stderr, when left out.

    Raises
    ------
    OSError
        When it does not start.
    """
    script = str(Path(__file__).resolve())
    command = [sys.executable, "-P", script]
    if blender:
        command = [blender, "--background", "--factory-startup"]
        command += ["--python-exit-code", "1", "--python", script]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, FOLDERS: json.dumps([entry for entry in sys.path if entry])},
        start_new_session=True,
    )
    try:
        tell(process, module=module)
    except OSError:
        process.kill()
        process.communicate()
        raise
    return process


def tell(process: subprocess.Popen[bytes], **message: Any) -> None:
    """Send a message to a process that `start` gave; OSError when it no longer listens."""
    assert process.stdin is not None
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()


def orders() -> io.RawIOBase:
    """Return the messages to this process, a line each.

    Without a buffer: a thread that waits in it when the process ends would bring Python down.
    """
    return open(0, "rb", buffering=0, closefd=False)


def answers() -> IO[str]:
    """Return the stream of this process's answers; from now on, whatever prints goes to stderr."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return stream


def _provide() -> None:
    """Let this process import what its maker can, and this package by its own name."""
    sys.meta_path.append(_Elsewhere(json.loads(os.environ[FOLDERS])))
    spec = importlib.util.spec_from_file_location(
        PACKAGE, ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[PACKAGE])


if __name__ in {"__main__", "__mp_main__"}:
    _provide()
if __name__ == "__main__":
    importlib.import_module(f"{PACKAGE}.blender_addon.{json.loads(orders().readline())['module']}").main()
