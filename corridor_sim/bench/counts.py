"""Deterministic counts of a run (events, sorts, array passes), and the gate that turns red when they grow.

Wall time differs from machine to machine and from run to run; these counts do not, so a change may be judged by them.
"""

from __future__ import annotations

import heapq
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.plan.kinds import OCCUPIED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType, ModuleType

    from corridor_sim.engines.protocol import Engine
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events

SORTS = frozenset({"argpartition", "argsort", "lexsort", "partition", "sort", "unique"})
NO_PASS = frozenset({"empty", "empty_like", "item", "ravel", "reshape", "transpose", "view"})
"""numpy functions that touch no numbers."""
EXACT = ("stage_events", "queue_events")
"""Counts that belong to the plan, not to the engine: they must not change at all."""
TOLERANCE_FRAC = 0.02
TOLD = ("solved", "sweeps", "windows")
"""What an engine may tell of each part: arrivals computed (again, until nothing changes), rounds, windows of time."""


def event_counts(plan: Plan, events: Events) -> dict[str, int]:
    """Return stage events (arrivals before the end of the horizon) and those of them at places."""
    happened = np.array([np.count_nonzero(a < plan.end_h) for a in events.arrive_h], dtype=np.int64)
    is_queue = np.isin(plan.stages.kind, OCCUPIED)
    return {"stage_events": int(happened.sum()), "queue_events": int(happened[is_queue].sum())}


def counts(engine: Engine, plan: Plan, lanes: Lanes) -> dict[str, int]:
    """Run an engine and count what it did.

    ``sorts`` and ``array_passes`` are calls of numpy by name (``np.add(...)``, ``x.cumsum()``) from the package's
    modules, whatever the size of the arrays; operators (``a + b``) are not seen. ``scheduled`` are events put into a
    heap. What an engine itself tells about its work, part by part in ``events.work``, is summed and added.
    """
    engine.run(plan, lanes)  # what is made once and kept is not counted
    tally: Counter[str] = Counter({"sorts": 0, "array_passes": 0, "scheduled": 0})
    with _numpy_by_name(tally), _profiled(tally):
        events = engine.run(plan, lanes)
    return {**event_counts(plan, events), **tally, **_told_by(events)}


def _told_by(events: Events) -> dict[str, int]:
    parts = getattr(events, "work", ())
    return {name: sum(int(getattr(part, name)) for part in parts) for name in TOLD if parts}


def exceeded(
    expected: Mapping[str, int], found: Mapping[str, int], tolerance_frac: float = TOLERANCE_FRAC
) -> list[str]:
    """Return a line for every count that is too large, or that should be equal and is not; empty: the gate is green."""
    lines = []
    for name, limit in expected.items():
        n = found.get(name)
        if n is None:
            lines.append(f"{name}: not counted any more, expected {limit:,}")
        elif name in EXACT and n != limit:
            lines.append(f"{name}: {n:,}, expected exactly {limit:,}")
        elif n > limit * (1.0 + tolerance_frac):
            lines.append(
                f"{name}: {n:,}, {_times(n, limit)} the expected {limit:,} (allowed: {tolerance_frac:.0%} more)"
            )
    lines += [f"{name}: {n:,}, nothing expected is on record" for name, n in found.items() if name not in expected]
    return lines


def _times(n: int, limit: int) -> str:
    return f"{n / limit:.2f} times" if limit else "not"


def _note(tally: Counter[str], name: str) -> None:
    if name in SORTS:
        tally["sorts"] += 1
    if name not in NO_PASS:
        tally["array_passes"] += 1


class _Counted:
    """A function or ufunc of numpy that counts its calls."""

    def __init__(self, function: Any, name: str, tally: Counter[str]) -> None:
        self._function, self._name, self._tally = function, name, tally

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        _note(self._tally, self._name)
        return self._function(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        """Count ``np.maximum.accumulate`` and its like too."""
        value = getattr(self._function, name)
        return _Counted(value, name, self._tally) if callable(value) else value


class _CountingNumpy:
    """What modules see as ``np`` while counts are taken."""

    def __init__(self, tally: Counter[str]) -> None:
        self._tally = tally

    def __getattr__(self, name: str) -> Any:
        value = getattr(np, name)
        if isinstance(value, type) or not callable(value):
            return value
        return _Counted(value, name, self._tally)


@contextmanager
def _numpy_by_name(tally: Counter[str]) -> Iterator[None]:
    """Put a counting numpy in the place of ``np`` in the engines and in what they call."""
    stand_in = _CountingNumpy(tally)
    modules = [m for name, m in list(sys.modules.items()) if _is_counted(name) and getattr(m, "np", None) is np]
    _put(modules, stand_in)
    try:
        yield
    finally:
        _put(modules, np)


def _is_counted(module: str) -> bool:
    return module.startswith("corridor_sim.") and not module.startswith("corridor_sim.bench")


def _put(modules: list[ModuleType], numpy: object) -> None:
    for module in modules:
        module.np = numpy  # type: ignore[attr-defined]


@contextmanager
def _profiled(tally: Counter[str]) -> Iterator[None]:
    """Count methods of arrays called by the package, and events pushed into heaps by anybody."""
    push = heapq.heappush

    def look(frame: FrameType, event: str, argument: Any) -> None:
        if event != "c_call":
            return
        if argument is push:
            tally["scheduled"] += 1
        elif isinstance(getattr(argument, "__self__", None), np.ndarray) and _is_counted(
            frame.f_globals.get("__name__", "")
        ):
            _note(tally, argument.__name__)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
