"""Processes of our own: Python, or Blender without a window, with this package in it.

In the extension the package is `bl_ext.<repository>.cardstunt`, a name that no other process knows, and
Blender alone has the extension's wheels on its path. So a process of ours runs this very file as its script:
it provides the package as `cardstunt`, to that process and to the workers that `multiprocessing` spawns from
it, since those run their maker's script first. The first line of input says where else to find modules, and
what to run.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

PACKAGE = "cardstunt"
ROOT = Path(__file__).resolve().parent.parent


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
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
    )
    try:
        tell(process, module=module, path=[entry for entry in sys.path if entry])
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


def _provide_package() -> None:
    spec = importlib.util.spec_from_file_location(
        PACKAGE, ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[PACKAGE])


def _main() -> None:
    order = json.loads(orders().readline())
    sys.path += [entry for entry in order["path"] if entry not in sys.path]
    importlib.import_module(f"{PACKAGE}.blender_addon.{order['module']}").main()


if __name__ in {"__main__", "__mp_main__"}:
    _provide_package()
if __name__ == "__main__":
    _main()
