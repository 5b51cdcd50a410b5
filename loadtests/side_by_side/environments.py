"""Virtual environments outside the work tree, one for each system, from the package index."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements")
SPARED = ("pip", "setuptools", "_distutils_hack", "distutils-precedence")  # a venv's own


def prepare(name: str, cache: Path) -> Path:
    """The environment's folder, made if its requirements are new. Needs the package index then.

    `newsbrief` is the work tree itself, installed anew each time.
    """
    listed = ROOT / "pyproject.toml" if name == "newsbrief" else REQUIREMENTS / f"{name}.txt"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    mark = hashlib.sha256(listed.read_bytes() + version.encode()).hexdigest()[:10]
    folder = cache / f"{name}-{mark}"
    done = folder / "complete"
    what = [str(ROOT)] if name == "newsbrief" else ["--requirement", str(listed)]
    if not done.exists():
        print(f"installing {name} into {folder}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        _install(folder, *what)
        done.touch()
    elif name == "newsbrief":
        _install(folder, "--no-deps", "--force-reinstall", *what)
    return folder


def _install(folder: Path, *what: str) -> None:
    command = [str(folder / "bin" / "pip"), "-qq", "--disable-pip-version-check", "install"]
    subprocess.run([*command, *what], check=True)


def versions(folder: Path, *packages: str) -> dict[str, str]:
    """Installed versions of those packages that the environment has."""
    command = [str(folder / "bin" / "pip"), "--disable-pip-version-check", "freeze", "--all"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pairs = (line.split("==", 1) for line in listed.splitlines() if "==" in line)
    return {name: version for name, version in pairs if name.lower() in packages}


def installed_mib(folder: Path) -> float:
    """MiB of what was installed: all but what every environment has."""
    total = 0
    for at, _, names in os.walk(next(folder.glob("lib/python*/site-packages"))):
        if not any(part.split("-")[0] in SPARED for part in Path(at).relative_to(folder).parts):
            total += sum(os.lstat(os.path.join(at, name)).st_size for name in names)  # noqa: PTH118
    return total / 2**20
