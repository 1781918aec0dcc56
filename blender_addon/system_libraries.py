"""Libraries of the system that Blender links to, checked before Blender fails to load without them."""

from __future__ import annotations

import ctypes
import sys

from .blender_libraries import BlenderLibraryError

#: Shared library and Debian's package for it.
SYSTEM_LIBRARIES = {
    "libX11.so.6": "libx11-6",
    "libXi.so.6": "libxi6",
    "libXxf86vm.so.1": "libxxf86vm1",
    "libXfixes.so.3": "libxfixes3",
    "libXrender.so.1": "libxrender1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
}


def missing_system_libraries() -> list[str]:
    """Return the Debian packages of the libraries that do not load; none outside Linux."""
    missing = []
    for library, package in SYSTEM_LIBRARIES.items() if sys.platform == "linux" else ():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def require_system_libraries() -> None:
    """Check that Blender can load.

    Raises
    ------
    BlenderLibraryError
        When the system lacks libraries; one line that says what to install.
    """
    missing = missing_system_libraries()
    if missing:
        raise BlenderLibraryError(
            f"Blender needs system libraries; install them: apt-get install {' '.join(missing)}"
        )
