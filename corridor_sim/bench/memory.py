"""Peak memory of a piece of work, in a process of its own."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

STATUS = Path("/proc/self/status")


def peak_mib(work: Callable[..., object], *arguments: object) -> float | None:
    """Run a function of a module in a fresh process and return the most memory that process ever held, MiB.

    The interpreter and what it imports are part of it. None where the system does not tell.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_peak_after, work, arguments).result()


def _peak_after(work: Callable[..., object], arguments: tuple[object, ...]) -> float | None:
    work(*arguments)
    return own_peak_mib()


def own_peak_mib() -> float | None:
    """Return the most memory that this process ever held, MiB; None where the system does not tell."""
    if STATUS.exists():  # not rusage: there a child starts with the peak of its parent
        lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        return next((int(line.split()[1]) / 1024.0 for line in lines if line.startswith("VmHWM:")), None)
    try:
        import resource
    except ImportError:
        return None
    per_mib = 1024.0**2 if sys.platform == "darwin" else 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_mib
