"""Sweeps: cases, sampling, runners, store, resume."""

from __future__ import annotations

from corridor_sim.sweep.load import Sweep, load_sweep_file
from corridor_sim.sweep.run import run_sweep

__all__ = ["Sweep", "load_sweep_file", "run_sweep"]
