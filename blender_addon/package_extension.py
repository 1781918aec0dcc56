"""Package: the extension's zips, one a platform with its wheels, built and checked by Blender's own builder.

    python -m cardstunt.blender_addon.package_extension --platforms all

A tool for the source tree; the extension itself never runs it.
"""

from __future__ import annotations

import argparse
import hashlib
import platform as machine
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from .blender_libraries import blender_folder
from .files import read_json, write_json

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = "blender_manifest.toml"
#: Python of the oldest Blender that the extension is for, 5.1.
PYTHON = "3.13"
#: What Blender lacks; NumPy it has.
BUNDLED = (
    "annotated-types",
    "av",
    "pillow",
    "pydantic",
    "pydantic-core",
    "pyyaml",
    "resvg-py",
    "scipy",
    "typing-extensions",
    "typing-inspection",
)
#: Blender's platforms, each with the wheels' platforms that run there.
PLATFORMS = {
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64"),
    "windows-x64": ("win_amd64",),
    "macos-arm64": ("macosx_14_0_arm64",),
}


class PackageError(RuntimeError):
    """The extension cannot be packaged; the message says why."""


def this_platform() -> str:
    """Return Blender's name for the platform of this machine."""
    names = {"darwin": "macos", "x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    system, processor = machine.system().lower(), machine.machine().lower()
    return f"{names.get(system, system)}-{names.get(processor, processor)}"


def pinned(lock: str, names: Sequence[str] = BUNDLED) -> list[str]:
    """Return the lines of a lock file that pin the named packages for Blender's Python, hashes with them.

    Parameters
    ----------
    lock : str
        The lock file's text.
    names : sequence of str
        Packages, as the lock file spells them.

    Raises
    ------
    PackageError
        When one is not pinned for that Python.
    """
    from packaging.requirements import Requirement  # noqa: PLC0415  there only where the tests are

    chosen: dict[str, str] = {}
    for block in lock.replace("\\\n", " ").splitlines():
        if not block or block.startswith(("#", " ")):
            continue
        text, *hashes = block.split("--hash=")
        requirement = Requirement(text)
        marker = requirement.marker
        target = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0"}
        if requirement.name in names and (marker is None or marker.evaluate(target)):
            pin = f"{requirement.name}{requirement.specifier}"
            chosen[requirement.name] = " ".join([pin, *(f"--hash={digest.strip()}" for digest in hashes)])
    missing = [name for name in names if name not in chosen]
    if missing:
        raise PackageError(f"the lock file does not pin {', '.join(missing)} for Python {PYTHON}")
    return [chosen[name] for name in names]


def _run(command: Sequence[str | Path], doing: str) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackageError(f"{doing} failed:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


def fetch_wheels(platform: str, requirements: Sequence[str], folder: Path) -> list[Path]:
    """Return the wheels of a platform, fetched into `folder` unless they stand there already.

    Raises
    ------
    PackageError
        When one cannot be had, or is not the one that the lock file means.
    """
    stamp = folder / "wheels.json"
    key = hashlib.sha256("\n".join(requirements).encode()).hexdigest()
    stood = read_json(stamp)
    if stood and stood["key"] == key and all((folder / name).is_file() for name in stood["wheels"]):
        return [folder / name for name in stood["wheels"]]
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory() as temporary:
        wanted = Path(temporary) / "requirements.txt"
        wanted.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        tags = [f"--platform={tag}" for tag in PLATFORMS[platform]]
        tags += [f"--abi={abi}" for abi in ("cp313", "abi3", "none")]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--no-deps", "--only-binary=:all:", "--require-hashes"]
        command += ["--implementation=cp", "--python-version", PYTHON, *tags]
        command += ["--dest", str(folder), "--requirement", str(wanted)]
        _run(command, f"fetching the wheels for {platform}")
    wheels = sorted(folder.glob("*.whl"))
    write_json(stamp, {"key": key, "wheels": [wheel.name for wheel in wheels]})
    return wheels


def builder() -> Path:
    """Return Blender's own builder of extensions, which needs no Blender to run."""
    path = blender_folder() / "scripts" / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"
    if not path.is_file():
        raise PackageError(f"Blender's builder is missing: {path}")
    return path


def build_zip(source: Path, target: Path) -> None:
    """Build a folder with a manifest into an extension's zip, and validate the zip."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [sys.executable, builder()]
    _run([*command, "build", "--source-dir", source, "--output-filepath", target], f"building {target.name}")
    _run([*command, "validate", target], f"validating {target.name}")


def with_wheels(manifest: str, platform: str, wheels: Sequence[Path]) -> str:
    """Return a manifest's text with a platform and its wheels added before the first table."""
    head, table, rest = manifest.partition("\n[")
    names = "".join(f'    "./wheels/{wheel.name}",\n' for wheel in wheels)
    return f'{head}platforms = ["{platform}"]\nwheels = [\n{names}]\n{table}{rest}'


def package_source(target: Path) -> Path:
    """Build the extension without wheels, for any platform: for a Blender that has the packages itself."""
    build_zip(ROOT, target)
    return target


def package_platform(platform: str, source_zip: Path, wheels: Sequence[Path], target: Path) -> Path:
    """Build the extension of one platform from the one without wheels and the wheels."""
    with tempfile.TemporaryDirectory() as temporary:
        stage = Path(temporary)
        with zipfile.ZipFile(source_zip) as archive:
            archive.extractall(stage)
        (stage / "wheels").mkdir()
        for wheel in wheels:
            shutil.copyfile(wheel, stage / "wheels" / wheel.name)
        manifest = stage / MANIFEST
        manifest.write_text(
            with_wheels(manifest.read_text(encoding="utf-8"), platform, wheels), encoding="utf-8"
        )
        build_zip(stage, target)
    return target


def package(platforms: Sequence[str], output: Path, wheels: Path) -> list[Path]:
    """Build the extension for platforms.

    Parameters
    ----------
    platforms : sequence of str
        Keys of PLATFORMS.
    output : Path
        Folder for the zips, `cardstunt-<version>-<platform>.zip`.
    wheels : Path
        Folder for the fetched wheels, one folder a platform; what stands there is not fetched again.

    Returns
    -------
    list of Path

    Raises
    ------
    PackageError
    """
    version = tomllib.loads((ROOT / MANIFEST).read_text(encoding="utf-8"))["version"]
    requirements = pinned((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        source_zip = package_source(Path(temporary) / "cardstunt.zip")
        return [
            package_platform(
                platform,
                source_zip,
                fetch_wheels(platform, requirements, wheels / platform),
                output / f"cardstunt-{version}-{platform}.zip",
            )
            for platform in platforms
        ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Package the extension; returns the exit code."""
    parser = argparse.ArgumentParser(description="Package the Blender extension, one zip a platform.")
    parser.add_argument(
        "--platforms",
        nargs="+",
        choices=[*PLATFORMS, "all"],
        default=[this_platform()],
        help="default: this machine's",
    )
    parser.add_argument("--output", type=Path, default=ROOT / "dist")
    wanted = parser.parse_args(arguments)
    platforms = list(PLATFORMS) if "all" in wanted.platforms else wanted.platforms
    try:
        unknown = [name for name in platforms if name not in PLATFORMS]
        if unknown:
            raise PackageError(f"there are no wheels for {unknown[0]}; choose with --platforms")
        for path in package(platforms, wanted.output, ROOT / "wheels"):
            print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
    except (PackageError, OSError) as error:
        print(f"cardstunt: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
