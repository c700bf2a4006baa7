"""Timing: several things in turn, so that what the machine does beside hits all of them; medians of repeats."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Timed:
    """Seconds of each repeat of several things, taken in turn."""

    seconds: Mapping[str, Sequence[float]]

    def median_s(self, name: str) -> float:
        """Median of the repeats of one thing, s."""
        return median(self.seconds[name])

    def ratio(self, over: str, under: str) -> float:
        """Median over the repeats of the ratio of two things, each pair taken one after the other."""
        return median(a / b for a, b in zip(self.seconds[over], self.seconds[under], strict=True))


def time_in_turn(
    work: Mapping[str, Callable[[], object]],
    repeats: int,
    *,
    warm_up: bool = True,
    clock: Callable[[], float] = time.perf_counter,
) -> Timed:
    """Run everything once, then the next round, and so on.

    Parameters
    ----------
    work
        What to run, by name.
    repeats
        Rounds that are timed.
    warm_up
        Whether a round that is not timed comes first (imports, caches, fresh memory).
    clock
        Tells the time, s.
    """
    if repeats < 1:
        raise ValueError(f"repeats must be at least 1, not {repeats}")
    if warm_up:
        for function in work.values():
            function()
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeats):
        for name, function in work.items():
            seconds[name].append(_seconds(function, clock))
    return Timed(seconds)


def _seconds(function: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()
    began = clock()
    function()
    return clock() - began


def growth_exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return p of the fit seconds ~ size^p: least squares on logarithms."""
    if len(set(sizes)) < 2:
        raise ValueError("a growth exponent needs two sizes or more")
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)
