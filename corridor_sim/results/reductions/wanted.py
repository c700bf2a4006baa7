"""What of the KPIs somebody will read, where that is known beforehand: the rest need not be worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor_sim.results.reductions.blocks import Block

OF_CAUSES = ("time_", "speed_without_delay")
OF_VISITS = ("throughput_units", "utilisation_", "offered_load_", "visit_")
OF_QUEUES = ("queue_",)
OF_POSTS = ("border_time_", "throughput_consignments")
OF_PERCENTILES = ("transit_p",)
"""Beginnings of the KPIs that need a part of the work of their own."""


@dataclass(frozen=True)
class Wanted:
    """KPIs that will be read.

    Attributes
    ----------
    pairs
        KPI and subject each, all subjects where it is None; None: every KPI, and the tables beside them.
    """

    pairs: frozenset[tuple[str, str | None]] | None = None

    @property
    def is_all(self) -> bool:
        """Whether everything is wanted."""
        return self.pairs is None

    def any_of(self, beginnings: Sequence[str]) -> bool:
        """Whether any KPI is wanted whose name begins so."""
        return self.pairs is None or any(kpi.startswith(tuple(beginnings)) for kpi, _ in self.pairs)

    def rows(self, names: Sequence[str], beginnings: Sequence[str]) -> list[int]:
        """Rows of the subjects of which a KPI is wanted whose name begins so."""
        if self.pairs is None:
            return list(range(len(names)))
        asked = {subject for kpi, subject in self.pairs if kpi.startswith(tuple(beginnings))}
        return [k for k, name in enumerate(names) if name in asked or None in asked]

    def including(self, all_of: str) -> Wanted:
        """Return what is wanted with every subject of those KPIs that are asked of subjects that begin so."""
        if self.pairs is None:
            return self
        more = {(kpi, None) for kpi, subject in self.pairs if subject is not None and subject.startswith(all_of)}
        return Wanted(self.pairs | more)

    def cut(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Return the blocks with the subjects that are wanted of each KPI; blocks without any are left out."""
        if self.pairs is None:
            return tuple(blocks)
        return tuple(cut for block in blocks if (cut := self._cut(block)) is not None)

    def _cut(self, block: Block) -> Block | None:
        pairs = self.pairs or frozenset()
        rows = [k for k, s in enumerate(block.subjects) if (block.kpi, s) in pairs or (block.kpi, None) in pairs]
        if not rows:
            return None
        return replace(block, subjects=tuple(block.subjects[k] for k in rows), values=block.values[:, rows])


EVERYTHING = Wanted()
