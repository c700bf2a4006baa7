"""Verify one engine against another: the same lanes on both, every arrival, start and departure compared to the bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_sim.engines.protocol import refuse_unsupported
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.errors import EngineError, Problem, UnsupportedFeatureError
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.workers import run_jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from corridor_sim.engines.protocol import Engine
    from corridor_sim.foundation.time_axis import TimeAxis
    from corridor_sim.network import Network
    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents
    from corridor_sim.scenario import Scenario

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    Progress = Callable[[int, int], None]

KINDS = tuple(StageKind)
WHAT = ("arrival", "start", "departure")
CAUSE_FIRST = np.array([1, 2, 0])
"""Arrivals, starts, departures in the order in which they cause each other at one instant: who leaves arrives."""


class Times(NamedTuple):
    """When a unit arrived at, started and left a stage, h; nan: not before the end of the horizon."""

    arrive_h: float
    start_h: float
    depart_h: float


@dataclass(frozen=True)
class Visit:
    """One unit at one stage, as both engines have it."""

    stage_id: str
    kind: StageKind
    place: str
    """Id of the place, service or formation; the node, or both ends, where there is none."""
    unit_idx: int
    reference: Times
    engine: Times

    @property
    def differs(self) -> tuple[bool, ...]:
        """Whether arrival, start and departure differ."""
        return tuple(_differs(np.array(self.reference), np.array(self.engine)).tolist())


@dataclass(frozen=True)
class Difference:
    """The first thing on which the engines differ in a replication: the cause, what follows from it comes later."""

    replication: int
    at_h: float
    """Earliest instant on which they differ, h."""
    what: str
    """What one engine says happened then, the other not: arrival, start or departure."""
    flow_id: str
    itinerary_id: str
    consignment_idx: int
    visit: Visit
    """Where it differs."""
    history: tuple[Visit, ...]
    """All stages of the consignment, unit by unit."""


@dataclass(frozen=True)
class KindRow:
    """The stages of one kind, compared in all replications."""

    kind: StageKind
    n_stages: int
    n_events: int
    """Stage events compared: arrivals that happened in one engine at least."""
    n_differing: int
    largest_h: Times
    """Largest differences of arrival, start and departure, h; infinite: it happened in one engine only."""


@dataclass(frozen=True)
class Verification:
    """What came out of a comparison of two engines."""

    name: str
    reference: str
    engine: str
    seed: int
    replications: int
    time_axis: TimeAxis
    by_kind: tuple[KindRow, ...]
    """A row per kind of stage that the plan has."""
    differences: tuple[Difference, ...]
    """The first difference of every replication that has one, earliest first."""

    @property
    def n_events(self) -> int:
        """Stage events compared."""
        return sum(row.n_events for row in self.by_kind)

    @property
    def n_differing(self) -> int:
        """Stage events that differ."""
        return sum(row.n_differing for row in self.by_kind)

    @property
    def agrees(self) -> bool:
        """Whether every time is the same to the bit."""
        return not self.differences

    @property
    def first(self) -> Difference | None:
        """The earliest difference of all."""
        return self.differences[0] if self.differences else None

    @property
    def verdict(self) -> str:
        """What came out, in a sentence."""
        runs = f"{self.replications} replication{'s' if self.replications > 1 else ''}"
        if self.agrees:
            same = "every arrival, start and departure is the same to the bit"
            return f"{self.n_events:,} stage events in {runs}: {same}"
        return (
            f"{self.n_differing:,} of {self.n_events:,} stage events differ between the engines {self.reference} and "
            f"{self.engine}, in {len(self.differences)} of {runs}"
        )


@dataclass(frozen=True)
class _Job:
    """One lane to run on both engines; sent to worker processes, so it holds plain data only."""

    plan: Plan
    reference: Engine
    engine: Engine
    seed: int
    replication: int


@dataclass(frozen=True, eq=False)
class _Compared:
    """One lane, compared. Rows are kinds of stages."""

    n_events: Ints
    n_differing: Ints
    largest_h: Floats
    """(n_kinds, 3)."""
    first: Difference | None


def verify(
    scenario: Scenario,
    *,
    replications: int = 5,
    seed: int | None = None,
    workers: int = 1,
    reference: str | Engine = "des",
    engine: str | Engine = "vector",
    progress: Progress | None = None,
    network: Network | None = None,
) -> Verification:
    """Run a scenario on two engines with the same draws and compare every time to the bit.

    Parameters
    ----------
    scenario
        What to run.
    replications, seed
        How many lanes, and from which random numbers; the scenario's own seed by default.
    workers
        Processes to spread the lanes over, as in `corridor_sim.simulation.simulate`.
    reference, engine
        Names of engines, or engines.
    progress
        Called with (lanes done, lanes in all) as lanes finish.
    network
        The network to run on; the shipped one by default.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the network.
    UnsupportedFeatureError
        When there is no such engine, or one of them lacks a kind of stage.
    EngineError
        When a lane fails, or a worker process dies.
    """
    from corridor_sim.compiler import compile_plan

    if not scenario.flows:
        nothing = "has no freight, so there are no two engines to compare; gas is checked by its mass balance"
        raise UnsupportedFeatureError([Problem(scenario.name, nothing)])
    return verify_plan(
        compile_plan(scenario, network=network),
        replications=replications,
        seed=scenario.run.seed if seed is None else seed,
        workers=workers,
        reference=reference,
        engine=engine,
        progress=progress,
    )


def verify_plan(
    plan: Plan,
    *,
    replications: int = 5,
    seed: int = 0,
    workers: int = 1,
    reference: str | Engine = "des",
    engine: str | Engine = "vector",
    progress: Progress | None = None,
) -> Verification:
    """Compare two engines on a compiled plan, see `verify`."""
    if replications < 1:
        raise ValueError(f"replications must be at least 1, not {replications}")
    first, second = (get_engine(e) if isinstance(e, str) else e for e in (reference, engine))
    for one in (first, second):
        refuse_unsupported(one, plan)
    jobs = [_Job(plan, first, second, seed, r) for r in range(replications)]
    lanes = []
    for done, lane in enumerate(run_jobs(_compare_lane, jobs, workers), start=1):
        lanes.append(lane)
        if progress is not None:
            progress(done, replications)
    return Verification(
        name=plan.name,
        reference=first.name,
        engine=second.name,
        seed=seed,
        replications=replications,
        time_axis=plan.time_axis,
        by_kind=_by_kind(plan, lanes),
        differences=tuple(sorted((x.first for x in lanes if x.first), key=lambda d: (d.at_h, d.replication))),
    )


def _by_kind(plan: Plan, lanes: list[_Compared]) -> tuple[KindRow, ...]:
    n_stages = np.bincount(plan.stages.kind, minlength=len(KINDS))
    n_events = np.sum([x.n_events for x in lanes], axis=0)
    n_differing = np.sum([x.n_differing for x in lanes], axis=0)
    largest_h = np.max([x.largest_h for x in lanes], axis=0)
    return tuple(
        KindRow(k, int(n_stages[k]), int(n_events[k]), int(n_differing[k]), Times(*largest_h[k].tolist()))
        for k in sorted(plan.stage_kinds())
    )


def _compare_lane(job: _Job) -> _Compared:
    """Draw one lane, run it on both engines, and keep only what they differ in."""
    lanes = draw_lanes(job.plan, RandomStreams(job.seed), [job.replication])
    reference, engine = (_run(e, job.plan, lanes) for e in (job.reference, job.engine))
    a, b = _stack(reference), _stack(engine)
    differs = _differs(a, b)
    kind = np.repeat(job.plan.stages.kind, np.diff(reference.ptr))
    largest_h = np.zeros((len(KINDS), len(WHAT)))
    for what, row in enumerate(differs):
        gap = np.abs(a[what, row] - b[what, row])
        np.maximum.at(largest_h[:, what], kind[row], np.where(np.isnan(gap), np.inf, gap))
    return _Compared(
        n_events=np.bincount(kind[~np.isnan(a[0]) | ~np.isnan(b[0])], minlength=len(KINDS)),
        n_differing=np.bincount(kind[differs.any(axis=0)], minlength=len(KINDS)),
        largest_h=largest_h,
        first=_first(job.plan, lanes.lane(job.plan, 0), reference.ptr, a, b) if differs.any() else None,
    )


def _run(engine: Engine, plan: Plan, lanes: Lanes) -> LaneEvents:
    events = engine.run(plan, lanes).lane(plan, lanes, 0)
    if {x.size for x in (events.arrive_h, events.start_h, events.depart_h)} != {int(events.ptr[-1])}:
        raise EngineError(f"the engine '{engine.name}' has not told the times of all units at all stages")
    return events


def _stack(events: LaneEvents) -> Floats:
    return np.stack([events.arrive_h, events.start_h, events.depart_h])


def _differs(a: Floats, b: Floats) -> Bools:
    """Whether times differ in any bit; what has not happened is one and the same nan."""
    return np.asarray(a.view(np.int64) != b.view(np.int64))


def _first(plan: Plan, lane: Lane, ptr: Ints, a: Floats, b: Floats) -> Difference:
    """Find the earliest difference; at one instant causes go before what they cause, then ranks decide."""
    instant = np.where(_differs(a, b), np.fmin(a, b), np.inf)
    what, row = np.nonzero(instant == instant.min())
    stage = np.searchsorted(ptr, row, side="right") - 1
    member, unit = np.divmod(row - ptr[stage], plan.stages.n_units[stage])
    itinerary = plan.stages.itinerary_idx[stage]
    consignment = np.array([lane.members[i][m] for i, m in zip(itinerary, member, strict=True)])
    k = int(np.lexsort((stage, unit, consignment, CAUSE_FIRST[what]))[0])
    i, who = int(itinerary[k]), int(consignment[k])
    return Difference(
        replication=lane.replication,
        at_h=float(instant.min()),
        what=WHAT[int(what[k])],
        flow_id=plan.flows.id[int(lane.flow_idx[who])],
        itinerary_id=plan.itineraries.id[i],
        consignment_idx=who,
        visit=_visit(plan, int(stage[k]), int(unit[k]), a[:, row[k]], b[:, row[k]]),
        history=tuple(
            _visit(plan, s, u, a[:, at], b[:, at])
            for s in plan.stage_range(i)
            for u, at in enumerate(_rows(ptr, s, int(member[k]), int(plan.stages.n_units[s])))
        ),
    )


def _rows(ptr: Ints, stage: int, member: int, n_units: int) -> range:
    """Rows of the units of one consignment at a stage."""
    first = int(ptr[stage]) + member * n_units
    return range(first, first + n_units)


def _visit(plan: Plan, stage: int, unit: int, a: Floats, b: Floats) -> Visit:
    kind = StageKind(int(plan.stages.kind[stage]))
    place = _place(plan, stage, kind)
    return Visit(plan.stages.id[stage], kind, place, unit, Times(*a.tolist()), Times(*b.tolist()))


def _place(plan: Plan, stage: int, kind: StageKind) -> str:
    stages, target = plan.stages, int(plan.stages.target_idx[stage])
    match kind:
        case StageKind.QUEUE:
            return plan.places.id[target]
        case StageKind.SAIL:
            return plan.services.id[target]
        case StageKind.SINGLE_TRACK:
            return plan.tracks.id[target]
        case StageKind.TAKE | StageKind.GIVE:
            return plan.pools.id[target]
        case StageKind.FORM:
            return plan.formations.id[target]
        case StageKind.TRAVEL:
            return f"{stages.node[stage]} > {stages.to_node[stage]}"
        case _:
            return stages.node[stage]
