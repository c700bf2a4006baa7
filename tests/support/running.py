"""Run a plan on an engine and read its times."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from corridor_sim.engines.protocol import Engine, refuse_unsupported
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.lane import Lane
from corridor_sim.plan.lanes import Lanes, draw_lanes
from corridor_sim.plan.plan import Plan
from corridor_sim.results import RunResult
from corridor_sim.results.collect import Collector
from corridor_sim.results.events import Events, LaneEvents
from corridor_sim.results.reductions import LanesSummary, reduce_lanes
from corridor_sim.results.trace import trace_table

TICK = TICK_H
NEVER = None
"""In lists of expected times: it did not happen before the end of the horizon."""


@dataclass(frozen=True, eq=False)
class LaneKpi:
    """One KPI of one lane."""

    kpi: str
    unit: str
    subjects: tuple[str, ...]
    periods: tuple[str, ...]
    values: np.ndarray
    """(n_subjects, n_periods)"""


@dataclass(frozen=True, eq=False)
class Run:
    plan: Plan
    lanes: Lanes
    block: Events

    @cached_property
    def lane(self) -> Lane:
        return self.lanes.lane(self.plan, 0)

    @cached_property
    def events(self) -> LaneEvents:
        return self.block.lane(self.plan, self.lanes, 0)

    def stage(self, stage: int) -> list[tuple[float | None, float | None, float | None]]:
        """Arrive, start, depart of every row of a stage."""
        rows = self.events.rows(stage)
        columns = (getattr(self.events, name)[rows].tolist() for name in ("arrive_h", "start_h", "depart_h"))
        return [tuple(NEVER if np.isnan(x) else x for x in row) for row in zip(*columns, strict=True)]  # type: ignore[misc]

    def departs(self, stage: int) -> list[float | None]:
        return [row[2] for row in self.stage(stage)]

    def starts(self, stage: int) -> list[float | None]:
        return [row[1] for row in self.stage(stage)]

    def waits(self, stage: int) -> np.ndarray:
        """Hours between arrival and start of those that started."""
        rows = self.events.rows(stage)
        wait = self.events.start_h[rows] - self.events.arrive_h[rows]
        return wait[~np.isnan(wait)]

    @property
    def trace(self) -> pd.DataFrame:
        return trace_table(self.plan, self.lane, self.events)

    @property
    def summary(self) -> LanesSummary:
        """Reductions of the lane; raises when consignments or tonnes do not add up."""
        return reduce_lanes(self.plan, self.lanes, self.block)

    @property
    def kpis(self) -> list[LaneKpi]:
        """KPIs of the lane."""
        blocks = self.summary.blocks
        return [LaneKpi(b.kpi, b.unit, b.subjects, b.periods, b.values[0]) for b in blocks]


def run(engine: Engine, plan: Plan, *, seed: int = 1, replication: int = 0) -> Run:
    refuse_unsupported(engine, plan)
    lanes = draw_lanes(plan, RandomStreams(seed), [replication])
    return Run(plan, lanes, engine.run(plan, lanes))


def same_bits(a: LaneEvents, b: LaneEvents) -> bool:
    return all(
        getattr(a, name).tobytes() == getattr(b, name).tobytes() for name in ("ptr", "arrive_h", "start_h", "depart_h")
    )


def collect(
    plan: Plan, summaries: Iterable[LanesSummary], manifest: dict[str, Any] | None = None, **more: Any
) -> RunResult:
    """Collect lanes with all their periods."""
    collector = Collector(plan)
    for summary in summaries:
        collector.add(summary)
    return collector.result({"case_id": "x"} if manifest is None else manifest, **more)
