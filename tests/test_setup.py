"""The set-up script: which Python it takes, what it says when there is none, and when it does nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import cardstunt.kernels
import pytest

ROOT = Path(cardstunt.kernels.__file__).resolve().parent.parent
SH = shutil.which("sh")

pytestmark = pytest.mark.skipif(SH is None, reason="needs a Unix shell")

#: Stands for a Python: notes what it is asked to do, and makes copies of itself as virtual environments.
FAKE_PYTHON = r"""#!/bin/sh
case "$*" in
*ensurepip*) exit ${FAKE_VENV:-0} ;;
*'(3, 11), (3, 13)'*) exit ${FAKE_USABLE:-0} ;;
*python%d.%d-venv*) echo "python$FAKE_VERSION-venv" ;;
*%d.%d*) echo "$FAKE_VERSION" ;;
"-m venv "*) echo "venv" >> "$FAKE_LOG"; mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
"-m pip "*) echo "pip $*" >> "$FAKE_LOG"; exit ${FAKE_PIP:-0} ;;
*) echo "unexpected: $*" >&2; exit 99 ;;
esac
"""


@pytest.fixture
def place(tmp_path):
    """A copy of what the script needs, and a folder of commands with no Python in it."""
    for name in ("setup.sh", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("cat", "cksum", "cut", "rm", "touch", "mkdir", "cp"):
        (commands / name).symlink_to(shutil.which(name))
    return tmp_path


def set_up(place, *arguments, path=None, **environment):
    settings = {"PATH": str(place / "commands") if path is None else path, "HOME": str(place), **environment}
    settings.setdefault("FAKE_LOG", str(place / "log"))
    return subprocess.run(
        [SH, place / "setup.sh", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=settings,
        cwd="/",
    )


def fake(place, name, **kept):
    path = place / "commands" / name if "/" not in name else place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FAKE_PYTHON)
    path.chmod(0o755)
    return path


def log(place):
    path = place / "log"
    return path.read_text().splitlines() if path.exists() else []


def require_one_line(done, *words):
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("cardstunt: ")
    assert len(done.stderr.splitlines()) == 1
    for word in words:
        assert word in done.stderr


def test_no_python_is_one_line_that_says_what_to_install(place):
    require_one_line(set_up(place), "needs Python 3.11 or 3.13", "apt-get install python3", "PYTHON=")


def test_with_nothing_on_the_path_it_says_the_same(place):
    require_one_line(set_up(place, path=""), "needs Python 3.11 or 3.13")


def test_without_a_home_it_says_the_same(place):
    environment = {"PATH": str(place / "commands")}
    done = subprocess.run(
        [SH, place / "setup.sh"], capture_output=True, text=True, check=False, env=environment
    )
    require_one_line(done, "needs Python 3.11 or 3.13")


@pytest.mark.parametrize("python", ["/nonexistent", "{place}/setup.sh", "cat"])
def test_a_python_that_is_none_is_named(place, python):
    fake(place, "python3.13")
    python = python.format(place=place)
    require_one_line(
        set_up(place, PYTHON=python, FAKE_VERSION="3.13"), f"PYTHON={python} is not Python 3.11 or 3.13"
    )
    assert log(place) == []


def test_a_python_of_another_version_is_not_taken(place):
    fake(place, "python3")
    require_one_line(set_up(place, FAKE_USABLE="1"), "needs Python 3.11 or 3.13")
    assert log(place) == []


def test_a_python_without_venv_names_its_package(place):
    fake(place, "python3")
    done = set_up(place, FAKE_VENV="1", FAKE_VERSION="3.11")
    require_one_line(done, "python3 has no venv module", "apt-get install python3.11-venv")


def test_an_unknown_purpose_is_wrong_usage(place):
    done = set_up(place, "render")
    assert (done.returncode, done.stderr) == (2, "setup.sh: unknown purpose 'render', expected film or dev\n")


@pytest.mark.parametrize(
    "name",
    [
        "python3.13",
        "python3.11",
        "python3",
        ".pyenv/versions/3.13.9/bin/python",
        ".pyenv/versions/3.11.2/bin/python",
    ],
)
def test_a_python_is_found_in_each_place(place, name):
    fake(place, name)
    done = set_up(place, FAKE_VERSION="3.13")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Python 3.13" in done.stdout
    assert log(place)[0] == "venv"


def test_it_installs_the_locked_versions_once(place):
    fake(place, "python3")
    settings = {"FAKE_VERSION": "3.13"}
    assert set_up(place, "film", **settings).returncode == 0
    venv, locked, itself = log(place)
    assert venv == "venv"
    assert "--require-hashes" in locked
    assert locked.endswith("-r requirements.lock")
    assert itself.endswith("--no-deps --editable .")
    done = set_up(place, "film", **settings)
    assert (done.returncode, done.stdout, len(log(place))) == (0, "", 3)
    # Another purpose, or another lock, installs anew into the same environment.
    set_up(place, "dev", **settings)
    assert log(place)[3].endswith("-r requirements-dev.lock")
    with (place / "requirements.lock").open("a") as lock:
        lock.write("# more\n")
    set_up(place, "film", **settings)
    assert [line.split()[0] for line in log(place)] == ["venv", *["pip"] * 6]


def test_another_python_makes_another_environment(place):
    fake(place, "python3")
    set_up(place, FAKE_VERSION="3.13")
    # The copy in .venv answers as the Python outside does; one that answers otherwise is thrown away.
    (place / ".venv" / "bin" / "python").write_text(FAKE_PYTHON.replace("$FAKE_VERSION", "3.13"))
    set_up(place, "dev", PYTHON=str(place / "commands" / "python3"), FAKE_VERSION="3.11")
    assert log(place).count("venv") == 2


def test_an_environment_keeps_its_python_when_none_is_asked_for(place):
    fake(place, "python3")
    set_up(place, FAKE_VERSION="3.13")
    (place / ".venv" / "bin" / "python").write_text(FAKE_PYTHON.replace("$FAKE_VERSION", "3.13"))
    done = set_up(place, "dev", FAKE_VERSION="3.11")
    assert (done.returncode, log(place).count("venv")) == (0, 1)
    assert "Python 3.13" in done.stdout


def test_a_failed_installation_is_tried_again(place):
    fake(place, "python3")
    assert set_up(place, FAKE_VERSION="3.13", FAKE_PIP="7").returncode == 7
    assert set_up(place, FAKE_VERSION="3.13").returncode == 0
    assert len(log(place)) == 4


def test_it_may_be_run_from_its_own_folder(place):
    environment = {"PATH": str(place / "commands"), "FAKE_VERSION": "3.11", "FAKE_LOG": str(place / "log")}
    fake(place, "python3")
    subprocess.run([SH, "setup.sh"], check=True, env=environment, cwd=place, capture_output=True)
    assert (place / ".venv" / "bin" / "python").exists()


def test_the_script_may_be_executed():
    assert os.access(ROOT / "setup.sh", os.X_OK)
