from __future__ import annotations

import re

import pytest
from cardstunt.blender_addon import system_libraries
from cardstunt.blender_addon.blender_libraries import BlenderLibraryError
from cardstunt.blender_addon.system_libraries import (
    SYSTEM_LIBRARIES,
    missing_system_libraries,
    require_system_libraries,
)


@pytest.fixture
def some_missing(monkeypatch):
    monkeypatch.setattr(system_libraries.sys, "platform", "linux")
    libraries = {"libnowhere.so.6": "libnowhere6", "libnobody.so.1": "libnobody1"}
    monkeypatch.setattr(system_libraries, "SYSTEM_LIBRARIES", libraries)


@pytest.mark.usefixtures("some_missing")
def test_missing_libraries_are_one_line_with_their_packages():
    assert missing_system_libraries() == ["libnowhere6", "libnobody1"]
    with pytest.raises(BlenderLibraryError) as caught:
        require_system_libraries()
    assert str(caught.value) == (
        "Blender needs system libraries; install them: apt-get install libnowhere6 libnobody1"
    )


@pytest.mark.usefixtures("some_missing")
def test_only_linux_is_checked(monkeypatch):
    monkeypatch.setattr(system_libraries.sys, "platform", "darwin")
    require_system_libraries()


@pytest.mark.skipif("sys.platform != 'linux'", reason="the C library of Linux")
def test_what_is_there_is_not_missing(monkeypatch):
    monkeypatch.setattr(system_libraries, "SYSTEM_LIBRARIES", {"libc.so.6": "libc6"})
    require_system_libraries()


def test_the_table_has_names_of_libraries_and_packages():
    for library, package in SYSTEM_LIBRARIES.items():
        assert re.fullmatch(r"lib\w+\.so\.\d+", library)
        assert re.fullmatch(r"lib[a-z0-9.+-]+", package)


@pytest.mark.blender
@pytest.mark.skipif("sys.platform != 'linux'", reason="reads the libraries' own lists")
def test_the_table_names_what_blender_links_to():
    """Every library of the X and GL kind that bpy needs is in the table, and so is its package."""
    import importlib.util  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    folder = Path(importlib.util.find_spec("bpy").origin).parent
    needed = set()
    for library in folder.glob("*.so"):
        data = library.read_bytes()
        needed |= {
            name.decode()
            for name in re.findall(rb"\0(lib(?:X\w+|SM|ICE|GL|EGL|xkbcommon)\.so\.\d+)(?=\0)", data)
        }
    assert needed
    assert needed <= set(SYSTEM_LIBRARIES)
