"""The trace as arrays, and open time, for the audit: worked out anew, with nothing of the engines or reductions.

From the plan and the lane come only what was asked for (servers, calendars, sizes) and what was drawn (releases,
work, occupancy, loads); what happened comes from the trace alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.lane import Lane
from corridor_sim.plan.plan import Plan

TICK = 2.0**-20
MOST_UNITS = 2**16
TIMED = (StageKind.HOLD, StageKind.TRAVEL, StageKind.QUEUE, StageKind.SINGLE_TRACK)


class Clock:
    """Open time of a calendar, from its pieces.

    Where all rates are 0 or 1 every number is exact. Elsewhere the product rounds open time and time to ticks, so
    ``slack`` (open hours) is allowed in comparisons.
    """

    def __init__(self, times_h: np.ndarray, rates: np.ndarray) -> None:
        self.times, self.rates = times_h, rates
        self._open = np.concatenate(([0.0], np.cumsum(np.diff(times_h) * rates[:-1])))
        self._shut = np.concatenate(([0.0], np.cumsum(np.diff(times_h) * (rates[:-1] == 0))))
        exact = bool(np.isin(rates, (0.0, 1.0)).all())
        self.slack = 0.0 if exact else 4 * TICK * max(1.0, float(rates.max()))
        self.slack_h = 0.0 if exact else self.slack / float(rates[rates > 0].min()) + TICK

    def _piece(self, t: np.ndarray) -> np.ndarray:
        return np.clip(np.searchsorted(self.times, t, side="right") - 1, 0, None)

    def open(self, t: np.ndarray) -> np.ndarray:
        """Open hours from 0 to t."""
        t = np.maximum(t, 0.0)
        piece = self._piece(np.where(np.isfinite(t), t, 0.0))
        ahead = self._open[piece] + self.rates[piece] * (np.where(np.isfinite(t), t, 0.0) - self.times[piece])
        return np.where(np.isfinite(t), ahead, t)

    def closed(self, t: np.ndarray) -> np.ndarray:
        """Hours at rate 0 from 0 to t."""
        piece = self._piece(t)
        return self._shut[piece] + (self.rates[piece] == 0) * (t - self.times[piece])

    def starts_closed(self, t: np.ndarray) -> np.ndarray:
        """Whether nothing can begin at t: it is closed from t on (beyond rounding)."""
        piece = self._piece(t - self.slack_h)
        return (self.rates[piece] == 0) & (self.rates[self._piece(t)] == 0)

    def ends_closed(self, t: np.ndarray) -> np.ndarray:
        """Whether nothing can end at t: it was closed for a while until t (beyond rounding)."""
        early = np.clip(np.searchsorted(self.times, t - self.slack_h, side="left") - 1, 0, None)
        late = np.clip(np.searchsorted(self.times, t + self.slack_h, side="left") - 1, 0, None)
        return (self.rates[early] == 0) & (self.rates[late] == 0)


@dataclass(frozen=True)
class Table:
    """Rows of the trace as arrays, with what the plan and the lane say about each."""

    plan: Plan
    lane: Lane
    stage: np.ndarray
    consignment: np.ndarray
    unit: np.ndarray
    arrive: np.ndarray
    start: np.ndarray
    depart: np.ndarray
    tonnes: np.ndarray

    @classmethod
    def of(cls, plan: Plan, lane: Lane, trace: pd.DataFrame) -> "Table":
        stage = pd.Index(plan.stages.id).get_indexer(trace["stage_id"].astype(str))
        columns = (trace[c].to_numpy() for c in ("arrive_h", "start_h", "depart_h", "tonnes"))
        return cls(plan, lane, stage, trace["consignment_idx"].to_numpy(), trace["unit_idx"].to_numpy(), *columns)

    @cached_property
    def kind(self) -> np.ndarray:
        return self.plan.stages.kind[self.stage]

    @cached_property
    def target(self) -> np.ndarray:
        return self.plan.stages.target_idx[self.stage]

    @cached_property
    def side(self) -> np.ndarray:
        return self.plan.stages.side[self.stage]

    @cached_property
    def n_units(self) -> np.ndarray:
        return self.plan.stages.n_units[self.stage]

    @cached_property
    def work(self) -> np.ndarray:
        return self._drawn(self.lane.service_h, TIMED)

    @cached_property
    def occupancy(self) -> np.ndarray:
        return self._drawn(self.lane.occupancy_h, (StageKind.QUEUE, StageKind.SINGLE_TRACK))

    def _drawn(self, by_stage: tuple[np.ndarray, ...], kinds: tuple[StageKind, ...]) -> np.ndarray:
        found = np.full(self.stage.size, np.nan)
        for s in np.unique(self.stage[np.isin(self.kind, kinds)]):
            rows = np.flatnonzero(self.stage == s)
            members = self.lane.members[int(self.plan.stages.itinerary_idx[s])]
            member = np.searchsorted(members, self.consignment[rows])
            found[rows] = by_stage[s][member * self.n_units[rows] + self.unit[rows]]
        return found

    def key(self, consignment: np.ndarray, stage: np.ndarray, unit: np.ndarray | int) -> np.ndarray:
        return (consignment * len(self.plan.stages) + stage) * MOST_UNITS + unit

    @cached_property
    def rank(self) -> np.ndarray:
        """What breaks ties: consignment, then unit."""
        return self.consignment * MOST_UNITS + self.unit

    def in_order(self, rows: np.ndarray) -> np.ndarray:
        """Rows in order of arrival, ties by rank."""
        return rows[np.lexsort((self.rank[rows], self.arrive[rows]))]

    def clock(self, stage: int) -> Clock | None:
        """Open time of a stage; None for those that have no calendar."""
        match StageKind(int(self.plan.stages.kind[stage])):
            case StageKind.QUEUE:
                calendar = self.lane.calendars[int(self.plan.stages.target_idx[stage])]
                return Clock(calendar.times_h, calendar.rates)
            case StageKind.SINGLE_TRACK:
                first = len(self.plan.places) + len(self.plan.services)
                calendar = self.lane.calendars[first + int(self.plan.stages.target_idx[stage])]
                return Clock(calendar.times_h, calendar.rates)
            case StageKind.HOLD | StageKind.TRAVEL:
                row = int(self.plan.stages.calendar_idx[stage])
                return Clock(self.plan.calendars.times_h[row], self.plan.calendars.rates[row])
            case _:
                return None


def say(t: Table, rows: np.ndarray, wrong: np.ndarray, rule: str) -> Iterator[str]:
    """Name the first row that breaks a rule, and how many do."""
    bad = rows[wrong]
    if bad.size:
        r = bad[0]
        yield (
            f"{rule}: {t.plan.stages.id[t.stage[r]]}, consignment {t.consignment[r]} unit {t.unit[r]}, "
            f"arrive {t.arrive[r]!r} start {t.start[r]!r} depart {t.depart[r]!r} ({bad.size} in all)"
        )
