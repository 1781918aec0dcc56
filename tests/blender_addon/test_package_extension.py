"""The extension's zips against the project's lists, without fetching anything."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path

import cardstunt.kernels
import pytest
from cardstunt.blender_addon import package_extension
from cardstunt.blender_addon.package_extension import (
    BUNDLED,
    PLATFORMS,
    PackageError,
    fetch_wheels,
    package_platform,
    package_source,
    pinned,
)

ROOT = Path(cardstunt.kernels.__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def in_the_wheel():
    """Files of the wheel, as the project lists them."""
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    files = set()
    for package in setuptools["packages"]:
        folder = ROOT.joinpath(*package.split(".")[1:])
        for pattern in ["*.py", *setuptools["package-data"].get(package, [])]:
            files |= {path.relative_to(ROOT).as_posix() for path in folder.glob(pattern)}
    return files


@pytest.fixture(scope="module")
def source_zip(tmp_path_factory):
    """The extension without wheels, which Blender's builder has found valid."""
    pytest.importorskip("bpy")
    return package_source(tmp_path_factory.mktemp("source") / "cardstunt.zip")


def test_the_zip_holds_what_the_wheel_holds(source_zip):
    names = set(zipfile.ZipFile(source_zip).namelist())
    assert {"kernels/cuda/books.cu", "scenes/library/opening_night/show.yaml"} < names
    assert names - {"LICENSE", "README.md"} == in_the_wheel()


def test_the_manifest_is_the_projects():
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert manifest["version"] == project["version"]
    assert manifest["license"] == [f"SPDX:{project['license']}"]
    assert manifest["blender_version_min"] == "5.1.0"
    assert set(manifest["permissions"]) == {"files"}


def test_a_platforms_zip_adds_its_wheels_to_the_manifest(source_zip, tmp_path):
    wheels = [tmp_path / f"{name}-1.0-cp313-cp313-win_amd64.whl" for name in ("one", "two")]
    for wheel in wheels:
        wheel.write_bytes(b"a wheel")
    built = package_platform("windows-x64", source_zip, wheels, tmp_path / "built.zip")
    archive, source = zipfile.ZipFile(built), zipfile.ZipFile(source_zip)
    added = {f"wheels/{wheel.name}" for wheel in wheels}
    assert set(archive.namelist()) == set(source.namelist()) | added
    manifest = tomllib.loads(archive.read("blender_manifest.toml").decode())
    assert {name.removeprefix("./") for name in manifest.pop("wheels")} == added
    assert manifest.pop("platforms") == ["windows-x64"]
    assert manifest == tomllib.loads(source.read("blender_manifest.toml").decode())


def test_what_cannot_be_built_is_told(source_zip, tmp_path):
    with pytest.raises(PackageError, match="not-a-wheel"):
        package_platform("linux-x64", source_zip, [wrong(tmp_path)], tmp_path / "built.zip")


def wrong(folder):
    path = folder / "not-a-wheel.txt"
    path.write_text("")
    return path


def test_the_lock_file_decides_the_wheels():
    lines = pinned(LOCK)
    assert [line.split("==")[0] for line in lines] == list(BUNDLED)
    assert "numpy" not in BUNDLED
    assert all(line.count("--hash=sha256:") >= 1 and ";" not in line for line in lines)
    assert all(f"\n{line.split()[0]} " in f"\n{LOCK}" for line in lines)


def test_a_pin_for_another_python_is_passed_over():
    lock = "av==1 ; python_full_version < '3.12' \\\n    --hash=sha256:a\n"
    lock += (
        "av==2 ; python_full_version >= '3.12' \\\n    --hash=sha256:b \\\n    --hash=sha256:c\n    # via x\n"
    )
    assert pinned(lock, ["av"]) == ["av==2 --hash=sha256:b --hash=sha256:c"]
    with pytest.raises(PackageError, match=r"does not pin scipy for Python 3\.13"):
        pinned(lock, ["av", "scipy"])


def test_wheels_are_fetched_once(monkeypatch, tmp_path):
    commands = []

    def fetch(command, doing):
        commands.append(command)
        (tmp_path / "linux" / "av-1-cp313-cp313-any.whl").write_bytes(b"")

    monkeypatch.setattr(package_extension, "_run", fetch)
    first = fetch_wheels("linux-x64", ["av==1"], tmp_path / "linux")
    assert (
        fetch_wheels("linux-x64", ["av==1"], tmp_path / "linux")
        == first
        == [tmp_path / "linux" / "av-1-cp313-cp313-any.whl"]
    )
    assert len(commands) == 1
    assert {"--require-hashes", "--only-binary=:all:", "--abi=cp313"} < set(commands[0])
    fetch_wheels("linux-x64", ["av==2"], tmp_path / "linux")
    first[0].unlink()
    fetch_wheels("linux-x64", ["av==2"], tmp_path / "linux")
    assert len(commands) == 3


def test_there_are_wheels_for_three_systems():
    assert {platform.split("-")[0] for platform in PLATFORMS} == {"linux", "windows", "macos"}
