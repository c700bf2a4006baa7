"""The audit sees every kind of fault: a sound trace is spoilt in one way at a time.

Single tracks, and places that choose, are elsewhere.
"""

import numpy as np
import pandas as pd
import pytest

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.lanes import draw_lanes
from tests.support.audit import audit
from tests.support.parts import (
    Base,
    Flow,
    Form,
    Formation,
    Gather,
    Give,
    Hold,
    Place,
    Pool,
    Queue,
    Sail,
    Servers,
    Ship,
    Split,
    Take,
    open_daily,
)
from tests.support.plans import make_plan
from tests.support.running import Run, run

GATE = Place("gate", servers=2, calendar=open_daily(8, 16, 20))
CRANE = Place("crane", (Servers(1), Servers(1, since=30.0), Servers(1, until=60.0)))
TRAIN = Formation("train", 3, 12.0)
SHIP = Ship("ship", tuple(np.arange(10.0, 400.0, 48.0)), 6.0)
WAGONS = Pool("wagons", (Base(2.0), Base(0.0, keep=0.0, home=0, empty=2.0)))
STAGES = [
    Hold(2.0), Queue(GATE, 1.5), Form(TRAIN), Split(3), Queue(CRANE, 3.0, occupancy=4.0), Gather(), Sail(SHIP),
    Take(WAGONS), Hold(6.0), Give(WAGONS, base=1),
]  # fmt: skip
HOLD, QUEUE, FORM, SPLIT, CRANES, GATHER, SAIL, TAKE, AWAY, GIVE = range(10)
WHO = 5
"""A consignment in the midst of it."""


@pytest.fixture(scope="module")
def done(engine) -> Run:
    flow = Flow("A", at=[k / 2 for k in range(60)], stages=STAGES, load_t=1.0)
    return run(engine, make_plan(flows=[flow], end_h=480.0))


@pytest.fixture
def trace(done) -> pd.DataFrame:
    return done.trace


def row(done: Run, trace: pd.DataFrame, stage: int, who: int = WHO, unit: int = 0) -> int:
    here = (trace["stage_id"] == done.plan.stages.id[stage]) & (trace["consignment_idx"] == who)
    return int(trace.index[here & (trace["unit_idx"] == unit)][0])


def shift(done: Run, trace: pd.DataFrame, stage: int, by: float, columns: str, who: int = WHO, unit: int = 0) -> None:
    """Move some of arrive, start, depart (by their initials) of one row."""
    names = {"a": "arrive_h", "s": "start_h", "d": "depart_h"}
    for c in columns:
        trace.loc[row(done, trace, stage, who, unit), names[c]] += by


def faults(done: Run, trace: pd.DataFrame) -> str:
    return "\n".join(audit(done.plan, done.lane, trace))


def test_the_sound_trace_passes_and_has_queues_to_speak_of(done, trace):
    assert audit(done.plan, done.lane, trace) == []
    assert (trace["start_h"] > trace["arrive_h"]).sum() > 100
    assert set(done.plan.stages.kind.tolist()) == set(StageKind) - {StageKind.TRAVEL, StageKind.SINGLE_TRACK}


@pytest.mark.parametrize(
    ("stage", "by", "columns", "rule"),
    [
        (QUEUE, -50.0, "s", "starts before it arrives"),
        (QUEUE, -50.0, "d", "leaves before or as it starts"),
        (HOLD, TICK_H / 2, "d", "is off the time grid"),
        (HOLD, 0.25, "as", "does not begin at its release"),
        (HOLD, 0.25, "s", "waits where nobody waits"),
        (HOLD, 0.25, "d", "is not served for its time"),
        (HOLD, 0.25, "d", "does not arrive when it left the stage before"),
        (QUEUE, -TICK_H, "d", "is not served for its time"),
        (QUEUE, 24.0, "sd", "stands idle while one waits"),
        (QUEUE, -1.5, "sd", "is one more in service than there are servers"),
        (QUEUE, -24.0, "sd", "starts before one who came earlier"),
        (SPLIT, TICK_H, "sd", "splits late"),
        (CRANES, -3.0, "sd", "is one more in service than there are servers"),
        (CRANES, 40.0, "sd", "stands idle while one waits"),
        (GATHER, -TICK_H, "s", "does not wait for the last unit"),
        (GATHER, 1.0, "d", "gathers late"),
        (FORM, -0.5, "sd", "leaves neither full nor after its wait"),
        (FORM, 1.0, "d", "leaves later than its train"),
        (SAIL, 1.0, "sd", "boards where no ship leaves"),
        (SAIL, -48.0, "sd", "carries"),
        (SAIL, -48.0, "sd", "boards before one who came earlier"),
        (SAIL, 48.0, "sd", "leaves consignment"),
        (SAIL, 5.0, "d", "does not leave with its ship"),
        (TAKE, TICK_H, "d", "takes longer than a tick to take"),
        (TAKE, -8.0, "sd", "takes more than there is"),
        (TAKE, -30.0, "sd", "takes before one who came earlier"),
        (TAKE, 1.0, "sd", "waits though there is enough"),
        (GIVE, TICK_H, "sd", "does not give back at once"),
        (GIVE, TICK_H, "d", "takes longer than a tick to give"),
        (QUEUE, 500.0, "sd", "happens after the end"),
    ],
)
def test_a_time_that_is_wrong_is_seen(done, trace, stage, by, columns, rule):
    shift(done, trace, stage, by, columns, who=20 if stage in (SAIL, TAKE) else WHO)
    assert rule in faults(done, trace)


def test_service_in_closed_hours_is_seen(done, trace):
    at = row(done, trace, QUEUE)
    night = 24.0 * (trace.loc[at, "start_h"] // 24.0) + 20.0
    trace.loc[at, ["start_h", "depart_h"]] = night, night + 1.5
    assert "starts in closed hours" in faults(done, trace)
    trace.loc[at, ["start_h", "depart_h"]] = night - 5.0, night
    assert "leaves in closed hours" in faults(done, trace)


def test_a_start_at_closing_time_instead_of_the_opening_is_seen(done, trace):
    """The open time is the same: only the instant is wrong."""
    opens = trace.index[(trace["stage_id"] == done.plan.stages.id[QUEUE]) & (trace["start_h"] % 24.0 == 8.0)]
    trace.loc[opens[-1], "start_h"] -= 16.0
    assert "starts in closed hours" in faults(done, trace)


def test_a_server_that_has_ended_or_is_not_there_yet_is_seen(done, trace):
    plan, lane = done.plan, done.lane
    crane = plan.places.id.index("crane")
    table = plan.places
    for since, until, rule in (
        (table.server_from_h[crane], np.array([np.inf, np.inf, 20.0]), "one more in service"),
        (table.server_from_h[crane] + 40.0, np.array([np.inf, np.inf, 60.0]), "starts when no server is there"),
        (table.server_from_h[crane], np.array([np.inf, np.inf, np.inf]), "stands idle"),
    ):
        broken = _with_servers(plan, crane, since, until)
        assert rule in "\n".join(audit(broken, lane, trace))


def _with_servers(plan, place, since, until):
    from dataclasses import replace

    from corridor_sim.plan.tables import Ragged

    since_all = [since if i == place else r for i, r in enumerate(plan.places.server_from_h)]
    until_all = [until if i == place else r for i, r in enumerate(plan.places.server_until_h)]
    places = replace(plan.places, server_from_h=Ragged.of(since_all), server_until_h=Ragged.of(until_all))
    return replace(plan, places=places)


def test_lost_and_invented_rows_are_seen(done, trace):
    lost = trace.drop(index=row(done, trace, CRANES, unit=1))
    assert "left and arrived nowhere" in faults(done, lost)
    assert "comes from nowhere" in faults(done, lost)
    first = trace.drop(index=trace.index[trace["consignment_idx"] == 59])
    assert "60 were released, 59 set out" in faults(done, first)
    twice = pd.concat([trace, trace.loc[[row(done, trace, QUEUE)]]], ignore_index=True)
    assert "entered twice" in faults(done, twice)


def test_units_left_behind_are_seen(done, trace):
    rows = [row(done, trace, GATHER, unit=u) for u in range(3)]
    trace.loc[rows, ["start_h", "depart_h"]] = np.nan
    assert "waits though all are there" in faults(done, trace)


def test_a_train_that_never_leaves_is_seen(done, trace):
    late = trace["consignment_idx"] >= 57
    form = trace["stage_id"] == done.plan.stages.id[FORM]
    trace.loc[late & form, ["start_h", "depart_h"]] = np.nan
    assert "a train should have left" in faults(done, trace)


def test_a_gap_between_stages_breaks_the_sum_of_causes(done, trace):
    shift(done, trace, SAIL, 0.5, "a")
    assert "do not add up to the transit time" in faults(done, trace)


def test_an_engine_that_forgets_the_rank_is_caught(engine):
    """Two flows tie at the gate: the other order is a fault, though each alone is served well."""
    gate = Place("gate")
    plan = make_plan(flows=[Flow(name, at=[0], stages=[Queue(gate, 1.0)]) for name in "AB"])
    lanes = draw_lanes(plan, RandomStreams(1), [0])
    done = Run(plan, lanes, engine.run(plan, lanes))
    lane, trace = done.lane, done.trace
    assert audit(plan, lane, trace) == []
    trace[["start_h", "depart_h"]] = trace[["start_h", "depart_h"]].to_numpy()[::-1]
    assert "starts before one who came earlier" in "\n".join(audit(plan, lane, trace))
