"""What comes out of a run: events, per-lane reductions, run results and their storage."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_sim.results.run_result import RunResult, load_result

__all__ = ["RunResult", "load_result"]

_HOMES = {"RunResult": "run_result", "load_result": "run_result"}


def __getattr__(name: str) -> object:
    """Load public names late: reductions in worker processes need no pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
