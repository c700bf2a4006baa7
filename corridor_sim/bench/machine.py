"""What was measured on: machine, versions, commit, date."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from corridor_sim.foundation.shipped import PACKAGE_DIR

PACKAGES = ("corridor-sim", "numpy", "simpy", "pandas", "pydantic", "salabim", "ciw")
CPU_INFO = Path("/proc/cpuinfo")


def surroundings() -> dict[str, Any]:
    """Return machine, versions, commit (None outside a clone) and date, ready for JSON."""
    return {
        "machine": {"cpu": _cpu(), "cores": os.cpu_count(), "platform": platform.platform(terse=True)},
        "versions": {"python": platform.python_version(), **_versions()},
        "commit": commit(PACKAGE_DIR),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _cpu() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def commit(package_dir: Path) -> str | None:
    """Return the commit that a package's files are at, with a ``+`` when they were changed since; None if unknown."""
    if _git(package_dir, "ls-files", "--error-unmatch", "__init__.py") is None:
        return None  # installed, or no clone at all
    short = _git(package_dir, "rev-parse", "--short=10", "HEAD")
    return short and short + ("+" if _git(package_dir, "status", "--porcelain", "--", ".") else "")


def _git(folder: Path, *arguments: str) -> str | None:
    """Output of git in a folder; None when there is no git or it fails."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, "-C", str(folder), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None
