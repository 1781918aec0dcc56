#!/bin/sh
# Finds a Python that Blender's module exists for, makes .venv and installs the locked versions into it.
# Usage: setup.sh [film|dev]
set -eu
case $0 in */*) cd "${0%/*}" ;; esac
purpose=${1:-film}
case $purpose in
film) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*) echo "setup.sh: unknown purpose '$purpose', expected film or dev" >&2; exit 2 ;;
esac

usable() { # a Python 3.11 or 3.13 that starts
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 13)))' 2>/dev/null
}

python=
if [ -n "${PYTHON:-}" ]; then
    usable "$PYTHON" || { echo "cardstunt: PYTHON=$PYTHON is not Python 3.11 or 3.13; point it at one of them." >&2; exit 1; }
    python=$PYTHON
elif usable .venv/bin/python; then
    python=.venv/bin/python # what an earlier set-up chose
else
    for candidate in python3.13 python3.11 python3 \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.13*/bin/python "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.11*/bin/python; do
        if usable "$candidate"; then python=$candidate; break; fi
    done
fi
[ -n "$python" ] || { echo "cardstunt: needs Python 3.11 or 3.13; install one: apt-get install python3 python3-venv, or set PYTHON=/path/to/python." >&2; exit 1; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || {
    echo "cardstunt: $python has no venv module; install it: apt-get install $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')." >&2; exit 1; }

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
stamp=".venv/cardstunt-$purpose-$version-$(cat "$lock" pyproject.toml | cksum | cut -d' ' -f1)"
if [ -e "$stamp" ] && [ -x .venv/bin/python ]; then exit 0; fi
if [ ! -x .venv/bin/python ] || [ "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" != "$version" ]; then
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Setting up .venv with Python $version (once) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
touch "$stamp"
