"""A lane's numbers are the same bits whatever lanes it is reduced with, in whatever order and with whatever padding."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_sim as cs
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.kinds import Cause
from corridor_sim.plan.lanes import Lanes, Members, draw_lanes
from corridor_sim.plan.plan import Plan
from corridor_sim.results.events import Events
from corridor_sim.results.reductions import LanesSummary, reduce_lanes
from tests.properties.strategies import plans
from tests.support.running import run

N_LANES = 7
ORDERS = ([0], [6], [3, 1], [5, 4, 3, 2, 1, 0], list(range(N_LANES)))


def reduced(plan: Plan, seed: int, replications: list[int]) -> LanesSummary:
    lanes = draw_lanes(plan, RandomStreams(seed), replications)
    return reduce_lanes(plan, lanes, get_engine("des").run(plan, lanes))


def bits(summary: LanesSummary) -> dict[int, list[bytes]]:
    """Bytes of everything that is known of each lane."""
    columns = [summary.n_events, summary.n_queue_events, *(b.values for b in summary.blocks)]
    columns += [summary.stages, summary.queues, summary.transit_counts, summary.journeys]
    return {r: [np.ascontiguousarray(c[row]).tobytes() for c in columns] for row, r in enumerate(summary.replications)}


def same_lanes(blocks: list[LanesSummary]) -> bool:
    known: dict[int, list[bytes]] = {}
    return all(known.setdefault(r, b) == b for block in blocks for r, b in bits(block).items())


@settings(max_examples=25)
@given(plan=plans(), seed=st.integers(0, 99))
def test_alone_or_in_any_block(plan, seed):
    assert same_lanes([reduced(plan, seed, order) for order in ORDERS])


@pytest.fixture(scope="module")
def winter() -> Plan:
    """Three months of the baseline: splits, ships, closed hours, drawn disruptions, loads that vary with the date."""
    scenario = cs.load_scenario(
        "baseline-2025", overrides={"run.start": "2024-12-01", "run.warm_up": "31 d", "run.end": "2025-02-16"}
    )
    return cs.compile_plan(scenario)


@pytest.fixture(scope="module")
def block(winter) -> tuple[Lanes, Events]:
    lanes = draw_lanes(winter, RandomStreams(11), range(N_LANES))
    return lanes, get_engine("des").run(winter, lanes)


def chosen(plan: Plan, lanes: Lanes, events: Events, rows: list[int], *, beyond_h: float, extra: int) -> tuple:
    """Some lanes of a block, with more padding, and other times beyond the end of the horizon."""

    def pad(values, n, fill):
        return np.pad(values[rows], ((0, 0), (0, n)), constant_values=fill)

    def members(m):
        numbers = m.consignment[rows]
        wide = np.concatenate([numbers, numbers[:, :1] * 0 + np.arange(extra)], axis=1)
        return Members(
            m.count[rows], wide, pad(m.release_h, extra, np.inf), *(pad(x, extra, 0.0) for x in (m.load_t, m.load_teu))
        )

    def times(values):
        padded = (pad(v, extra * n, np.inf) for v, n in zip(values, plan.stages.n_units.tolist(), strict=True))
        return tuple(np.where(v < plan.end_h, v, beyond_h) for v in padded)

    def hours(values):
        return tuple(
            pad(v, extra * n, 1.0) if v.size else v[rows]
            for v, n in zip(values, plan.stages.n_units.tolist(), strict=True)
        )

    picked = replace(
        lanes,
        replications=tuple(lanes.replications[r] for r in rows),
        flows=tuple(members(m) for m in lanes.flows),
        itineraries=tuple(members(m) for m in lanes.itineraries),
        service_h=hours(lanes.service_h),
        occupancy_h=hours(lanes.occupancy_h),
        calendars=tuple(lanes.calendars[r] for r in rows),
    )
    return picked, Events(times(events.arrive_h), times(events.start_h), times(events.depart_h))


@pytest.mark.parametrize("rows", [[0], [4, 2], [6, 5, 4, 3, 2, 1, 0]])
@pytest.mark.parametrize(("beyond_h", "extra"), [(np.inf, 13), (1e5, 3)])
def test_a_winter_of_the_baseline(winter, block, rows, beyond_h, extra):
    whole = reduce_lanes(winter, *block)
    part = reduce_lanes(winter, *chosen(winter, *block, rows, beyond_h=beyond_h, extra=extra))
    assert same_lanes([whole, part])


@settings(max_examples=60)
@given(plan=plans(), seed=st.integers(0, 99))
def test_time_by_cause_adds_up_to_the_transit_time_to_the_bit(engine, plan, seed):
    """Sums over consignments are whole ticks; a mean times a number is not, so numbers are compared as sums."""
    from corridor_sim.results.reductions.bins import Cells
    from corridor_sim.results.reductions.calendars import closed_calendars
    from corridor_sim.results.reductions.flows import total_flows
    from corridor_sim.results.reductions.periods import Periods
    from corridor_sim.results.reductions.stages import StageHours
    from corridor_sim.results.reductions.trips import follow

    done = run(engine, plan, seed=seed)
    cells = Cells(1, Periods.of(plan.time_axis).bins)
    with np.errstate(invalid="ignore"):
        trips = [follow(plan, done.lanes, done.block, i, cells) for i in range(len(plan.itineraries))]
        hours = StageHours(plan, closed_calendars(plan, done.lanes), cells)
        for followed in trips:
            hours.begin(followed)
            for stage in followed.stages:
                hours.add(followed, stage, followed.times(stage))
        transit_h = total_flows(plan, trips, cells).delivered["transit_h"]
    assert hours.cause_h.shape[1] == len(Cause)
    assert np.array_equal(hours.cause_h.sum(axis=1), transit_h)
