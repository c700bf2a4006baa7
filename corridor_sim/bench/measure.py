"""Run groups and put their figures into a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.bench.groups import GROUPS, ON_REQUEST
from corridor_sim.bench.machine import surroundings
from corridor_sim.bench.report import Report
from corridor_sim.bench.scale import FULL, QUICK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridor_sim.bench.figures import Figure


def measure(
    groups: Sequence[str] = (), *, is_quick: bool = False, begin: Callable[[str], None] | None = None
) -> Report:
    """Measure groups of figures, by default all but those on request.

    Parameters
    ----------
    groups
        Names of `GROUPS`.
    is_quick
        Small sizes and few repeats: whether everything works, not how fast it is.
    begin
        Called with the name of each group before it runs.
    """
    chosen = list(groups) or [name for name in GROUPS if name not in ON_REQUEST]
    figures: list[Figure] = []
    for name in chosen:
        if begin is not None:
            begin(name)
        figures += GROUPS[name](QUICK if is_quick else FULL)
    return Report(tuple(figures), surroundings(), is_quick)
