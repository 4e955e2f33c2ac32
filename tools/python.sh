#!/usr/bin/env bash
# Makes .venv with exactly the locked libraries, by uv. Safe to run again; does nothing twice.
set -eu
cd "$(dirname "$0")/.."
if [ ! -x .venv/bin/python ]; then
  python=$(command -v python3.11 || command -v python3)
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "TCDS needs Python 3.11 or newer; found $("$python" --version)." >&2
    exit 1
  }
  "$python" -m venv .venv 2>/dev/null || "$python" -m venv --without-pip .venv
fi
if [ ! -x .venv/bin/uv ]; then
  .venv/bin/python -m pip install -q --disable-pip-version-check "uv>=0.9,<1" 2>/dev/null ||
    python3 -m pip --python .venv/bin/python install -q --disable-pip-version-check "uv>=0.9,<1" || {
      echo "pip is missing: apt-get install python3-venv python3-pip" >&2
      exit 1
    }
fi
VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip install -q --compile-bytecode --require-hashes -r requirements.lock
VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip install -q --no-deps -e .
