"""One engine against another: what differs is found, named, and traced to its cause."""

import math

import pytest

import corridor_sim as cs
from corridor_sim.engines.discrete_event.engine import DiscreteEventEngine
from corridor_sim.foundation.errors import EngineError, UnsupportedFeatureError
from corridor_sim.plan.kinds import Basis, StageKind
from corridor_sim.results.events import Events
from corridor_sim.verification import verify, verify_plan
from tests.support.parts import Flow, Form, Formation, Gather, Hold, Place, Queue, Sail, Ship, Split, Travel
from tests.support.plans import make_plan
from tests.support.running import TICK
from tests.support.wrong_engines import Edit, Edited, Misread, TickLate, TiesTheOtherWay

GATE = Place("gate")
INF = math.inf


def two_flows():
    """Stages 0 to 2: A's hold, gate, road; 3 and 4: B's gate and hold. A and B meet at the gate at hours 1 and 5."""
    flows = [
        Flow("A", at=[0, 4, 30], stages=[Hold(1.0), Queue(GATE, 2.0), Travel(3.0, a="N", b="M")]),
        Flow("B", at=[1, 5], stages=[Queue(GATE, 1.0), Hold(0.5)]),
    ]
    return make_plan(flows=flows, end_h=100.0)


def against(engine, plan=None, **more):
    return verify_plan(plan or two_flows(), **{"engine": engine, "replications": 1, **more})


def row(done, kind):
    return next(r for r in done.by_kind if r.kind is kind)


def test_an_engine_agrees_with_itself():
    done = against("des", replications=3)
    assert done.agrees
    assert (done.first, done.differences, done.n_differing) == (None, (), 0)
    assert [(r.kind, r.n_stages, r.n_events) for r in done.by_kind] == [
        (StageKind.HOLD, 2, 15), (StageKind.TRAVEL, 1, 9), (StageKind.QUEUE, 2, 15),
    ]  # fmt: skip
    assert {r.largest_h for r in done.by_kind} == {(0.0, 0.0, 0.0)}
    expected = "39 stage events in 3 replications: every arrival, start and departure is the same to the bit"
    assert done.verdict == expected


def test_a_start_shifted_by_a_tick_is_found():
    done = against(Edited(Edit(stage=1, row=1, column="start_h", to_h=5 + TICK)))
    assert not done.agrees
    assert done.n_differing == 1
    assert row(done, StageKind.QUEUE).largest_h == (0, TICK, 0)
    assert row(done, StageKind.HOLD).n_differing == 0
    first = done.first
    assert (first.replication, first.at_h, first.what) == (0, 5.0, "start")
    assert (first.flow_id, first.consignment_idx, first.itinerary_id) == ("A", 1, "Aa")
    assert (first.visit.stage_id, first.visit.place, first.visit.unit_idx) == ("Aa/01/queue", "gate", 0)
    assert (first.visit.reference.start_h, first.visit.engine.start_h) == (5.0, 5 + TICK)
    assert first.visit.differs == (False, True, False)
    assert done.verdict == "1 of 13 stage events differ between the engines des and edited, in 1 of 1 replication"


def test_a_departure_that_is_missing_is_no_number():
    done = against(Edited(Edit(stage=4, row=1, column="depart_h", to_h=INF)))
    assert row(done, StageKind.HOLD).largest_h == (0, 0, INF)
    assert (done.first.what, done.first.at_h, done.first.flow_id) == ("departure", 8.5, "B")
    assert math.isnan(done.first.visit.engine.depart_h)


def test_one_that_happened_in_the_other_engine_only_is_found_too():
    """In a horizon of 6 h the second of A is at the gate till 7, so it does not leave."""
    flows = [Flow("A", at=[0, 4], stages=[Hold(1.0), Queue(GATE, 2.0)])]
    plan = make_plan(flows=flows, end_h=6.0)
    done = against(Edited(Edit(1, 1, "depart_h", 5.5)), plan)
    assert (done.first.what, done.first.at_h) == ("departure", 5.5)
    assert row(done, StageKind.QUEUE).largest_h == (0, 0, INF)


@pytest.mark.parametrize("to_h", [100.0, 107.0, INF, math.nan])
def test_whatever_is_said_of_times_after_the_end_is_the_same(to_h):
    flows = [Flow("A", at=[0, 97], stages=[Hold(10.0)])]
    assert against(Edited(Edit(0, 1, "depart_h", to_h)), make_plan(flows=flows, end_h=100.0, facilities=[GATE])).agrees


def test_a_swapped_tie_is_found_at_its_instant_and_told_of_the_lower_rank():
    edits = Edit(1, 0, "start_h", 2), Edit(1, 0, "depart_h", 4), Edit(3, 0, "start_h", 1), Edit(3, 0, "depart_h", 2)
    done = against(Edited(*edits))
    assert (done.first.at_h, done.first.what, done.first.flow_id) == (1.0, "start", "A")
    assert row(done, StageKind.QUEUE).largest_h == (0, 2, 2)
    assert row(done, StageKind.QUEUE).n_differing == 2
    whole = against(TiesTheOtherWay()).first
    assert (whole.at_h, whole.what, whole.flow_id) == (1.0, "start", "A")


def test_the_first_difference_is_the_cause_not_what_follows_from_it():
    done = against(TickLate())
    first = done.first
    assert (first.at_h, first.what, first.visit.stage_id) == (3.0, "departure", "Aa/01/queue")
    assert [(v.stage_id, v.differs) for v in first.history] == [
        ("Aa/00/hold", (False, False, False)),
        ("Aa/01/queue", (False, False, True)),
        ("Aa/02/travel", (True, True, True)),
    ]
    assert [v.place for v in first.history] == ["N", "gate", "N > M"]
    assert done.n_differing > 1


def test_at_one_instant_a_departure_goes_before_the_arrival_and_start_it_makes():
    """A train forms as its last member, of the higher rank, arrives: that one is late, and so all start late."""
    train = Formation("train", 2, 50.0)
    flows = [Flow("A", at=[0], stages=[Form(train)]), Flow("B", at=[1], stages=[Hold(2.0), Form(train)])]
    late = [Edit(s, 0, c, t + 1) for s, c, t in ((1, "depart_h", 3), (2, "arrive_h", 3))]
    waits = [Edit(s, 0, "start_h", 4) for s in (0, 2)] + [Edit(s, 0, "depart_h", 4 + TICK) for s in (0, 2)]
    first = against(Edited(*late, *waits), make_plan(flows=flows, facilities=[GATE])).first
    assert (first.at_h, first.what, first.visit.stage_id) == (3.0, "departure", "Ba/00/hold")


def test_units_are_told_apart_and_all_are_in_the_history():
    ship = Ship("ferry", (50.0,), 99.0)
    stages = [Split(3), Queue(GATE, 2.0, basis=Basis.UNIT), Gather(), Sail(ship)]
    plan = make_plan(flows=[Flow("A", at=[0, 10], stages=stages)])
    first = against(Edited(Edit(stage=1, row=4, column="start_h", to_h=15.0)), plan).first
    assert (first.consignment_idx, first.visit.unit_idx, first.visit.place) == (1, 1, "gate")
    assert [(v.kind, v.unit_idx) for v in first.history] == [
        (StageKind.SPLIT, 0), *((k, u) for k in (StageKind.QUEUE, StageKind.GATHER) for u in range(3)),
        (StageKind.SAIL, 0),
    ]  # fmt: skip
    assert [any(v.differs) for v in first.history] == [False, False, True, *[False] * 5]
    assert [v.place for v in first.history if v.unit_idx == 0] == ["N", "gate", "N", "ferry"]


def test_the_replication_is_named_and_the_earliest_of_all_comes_first():
    done = against(
        Edited(Edit(2, 0, "depart_h", 90.0, replication=1), Edit(0, 0, "start_h", 0.5, replication=3)), replications=4
    )
    assert [(d.replication, d.at_h) for d in done.differences] == [(3, 0.0), (1, 6.0)]
    assert done.first is done.differences[0]
    assert done.verdict.endswith("in 2 of 4 replications")


def test_both_engines_are_given_the_same_draws():
    seen = []

    class Watched(Misread):
        def read(self, plan, lanes):
            seen.append(lanes)
            return plan, lanes

    assert against(Watched(), reference=Watched(), replications=2, seed=9).agrees
    assert len(seen) == 4
    assert all(a is b for a, b in zip(seen[::2], seen[1::2], strict=True))
    assert [lanes.replications for lanes in seen[::2]] == [(0,), (1,)]


def test_processes_do_not_change_what_is_found():
    alone, together = (against(TickLate(), replications=3, workers=w) for w in (1, 2))
    assert alone == together
    assert len(alone.differences) == 3


def test_progress_counts_lanes():
    seen = []
    against("des", replications=2, progress=lambda done, n: seen.append((done, n)))
    assert seen == [(1, 2), (2, 2)]


def test_a_plan_in_which_nothing_happens():
    plan = make_plan(flows=[Flow("none", at=[], stages=[Queue(GATE, 1.0)])])
    assert against("des", plan).agrees
    assert against("des", plan).n_events == 0


def test_an_engine_that_leaves_units_out_is_told_so():
    class Forgetful(Misread):
        def run(self, plan, lanes):
            events = DiscreteEventEngine().run(plan, lanes)
            return Events(*(tuple(x[:, :-1] for x in getattr(events, n)) for n in ("arrive_h", "start_h", "depart_h")))

    with pytest.raises(EngineError, match="'forgetful' has not told"):
        against(Forgetful())


def test_what_cannot_be_compared_is_refused():
    class Poor(Misread):
        supported = frozenset({StageKind.HOLD, StageKind.TRAVEL})

    with pytest.raises(UnsupportedFeatureError, match="'poor' has no stage 'queue'"):
        against(Poor())
    with pytest.raises(UnsupportedFeatureError, match="no engine 'dse'"):
        against("dse")
    with pytest.raises(ValueError, match="at least 1, not 0"):
        against("des", replications=0)


def test_a_scenario_with_its_own_seed_or_another():
    tiny = cs.load_scenario("tiny")
    done = verify(tiny, engine="des", replications=2)
    assert done.agrees
    assert (done.name, done.seed, done.replications) == ("tiny", tiny.run.seed, 2)
    assert done.n_events == cs.simulate(tiny, engine="des", replications=2).manifest["stage_events"]
    other = verify(tiny, engine=TickLate(), replications=1, seed=7)
    assert other.seed == 7
    assert other.first.visit.kind is StageKind.QUEUE
    assert row(other, StageKind.QUEUE).largest_h.depart_h >= TICK
