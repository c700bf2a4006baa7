"""The audit sees who is served out of turn, and servers that are given away while they are held."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.support.audit import audit
from tests.support.parts import NEVER, Base, Flow, Give, Hold, Place, Pool, Queue, Take
from tests.support.plans import make_plan
from tests.support.running import Run, run

FIRST, SECOND = 0, 1


def crowd(ageing):
    """Of each class one an hour, together more than the gate can serve."""
    gate = Place("gate", ageing=ageing)
    flows = [
        Flow(name, at=[float(k) for k in range(20)], stages=[Queue(gate, 0.75, priority=priority)])
        for priority, name in enumerate("AB")
    ]
    return make_plan(flows=flows, end_h=100.0)


def held():
    """A yard with room for one, and a gate whose server waits for it."""
    yard = Pool("yard", (Base(1.0),))
    stages = [Queue(Place("gate"), 0.5), Take(yard, blocks=True), Hold(2.0), Give(yard)]
    return make_plan(flows=[Flow("A", at=[float(k) for k in range(20)], stages=stages)], end_h=100.0)


def swapped(done: Run, *rows: tuple[int, int]) -> pd.DataFrame:
    """The trace with the times of two at a gate exchanged; each is a stage and which of those that pass it."""
    trace = done.trace
    a, b = (int(trace.index[trace["stage_id"] == done.plan.stages.id[stage]][k]) for stage, k in rows)
    times = ["start_h", "depart_h"]
    trace.loc[[a, b], times] = trace.loc[[b, a], times].to_numpy()
    return trace


def faults(done: Run, trace: pd.DataFrame) -> str:
    return "\n".join(audit(done.plan, done.lane, trace))


@pytest.mark.parametrize("ageing", [NEVER, 0.5, 6.0])
def test_within_a_class_the_later_first_is_seen(engine, ageing):
    done = run(engine, crowd(ageing))
    assert faults(done, done.trace) == ""
    assert "starts before one of its class who came earlier" in faults(done, swapped(done, (SECOND, 5), (SECOND, 6)))


def test_the_larger_class_first_is_seen(engine):
    """One of each class that came together change places."""
    done = run(engine, crowd(NEVER))
    assert "starts before one whose turn it was" in faults(done, swapped(done, (FIRST, 5), (SECOND, 5)))


def test_a_trace_without_regard_to_class_is_seen(engine):
    """Served in order of arrival; the plan is read with the classes."""
    plan = crowd(NEVER)
    blind = replace(plan, stages=replace(plan.stages, priority=plan.stages.priority * 0))
    done = run(engine, blind)
    assert audit(blind, done.lane, done.trace) == []
    assert "starts before one whose turn it was" in "\n".join(audit(plan, done.lane, done.trace))


@pytest.mark.parametrize(("served", "read"), [(NEVER, 1.0), (1.0, NEVER), (1.0, 9.0)])
def test_another_ageing_is_seen(engine, served, read):
    done = run(engine, crowd(served))
    assert "starts before one whose turn it was" in "\n".join(audit(crowd(read), done.lane, done.trace))


def test_a_server_given_away_while_it_is_held_is_seen(engine):
    """Two wait for the yard, one of them as if it held no server."""
    plan = held()
    free = replace(plan, stages=replace(plan.stages, blocks=plan.stages.blocks * 0))
    done, kept = run(engine, free), run(engine, plan)
    assert faults(done, done.trace) == faults(kept, kept.trace) == ""
    assert "is one more in service than there are servers" in "\n".join(audit(plan, done.lane, done.trace))
    assert "stands idle while one waits" in "\n".join(audit(free, kept.lane, kept.trace))
