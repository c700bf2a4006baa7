"""What comes out of a run: events, per-lane reductions, run results and their storage."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_sim.results.run_result import RunResult, load_result
    from corridor_sim.results.sweep_result import SweepResult, load_sweep

__all__ = ["RunResult", "SweepResult", "load_result", "load_sweep"]

_HOMES = {
    "RunResult": "run_result", "load_result": "run_result", "SweepResult": "sweep_result", "load_sweep": "sweep_result",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Load public names late: reductions in worker processes need no pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
