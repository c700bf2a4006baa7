"""The end of the horizon, empty flows, load above capacity."""

import numpy as np

from tests.support.parts import Flow, Hold, Place, Queue, Sail, Ship, Travel, poisson_flow
from tests.support.plans import make_plan
from tests.support.running import TICK, run

GATE = Place("gate")


def kpi(done, name, subject, period=0):
    block = next(b for b in done.kpis if b.kpi == name and subject in b.subjects)
    return block.values[block.subjects.index(subject), period]


def test_what_would_happen_at_the_end_or_later_has_not_happened(engine):
    flow = Flow("A", at=[0, 4, 8, 9.5], stages=[Queue(GATE, 2.0), Hold(1.0)])
    done = run(engine, make_plan(flows=[flow], end_h=10.0))
    assert done.stage(0) == [(0, 0, 2), (4, 4, 6), (8, 8, None), (9.5, None, None)]
    assert done.stage(1) == [(2, 2, 3), (6, 6, 7), (None, None, None), (None, None, None)]
    assert done.summary.n_events == 6


def test_the_last_instant_before_the_end_counts(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=[Hold(10.0 - TICK), Hold(0.0)])], end_h=10.0))
    assert done.stage(0) == [(0, 0, 10 - TICK)]
    assert done.stage(1) == [(10 - TICK, 10 - TICK, None)]


def test_nobody_is_released_at_the_end_or_before_the_start(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[-1, 0, 9, 10, 11], stages=[Hold(0.5)])], end_h=10.0))
    assert done.stage(0) == [(0, 0, 0.5), (9, 9, 9.5)]


def test_a_flow_without_consignments(engine):
    flows = [
        Flow("none", at=[], stages=[Queue(GATE, 2.0), Sail(Ship("s", (5.0,), 1.0))]),
        Flow("A", at=[0], stages=[Queue(GATE, 1.0)]),
    ]
    done = run(engine, make_plan(flows=flows))
    assert done.stage(0) == done.stage(1) == []
    assert done.stage(2) == [(0, 0, 1)]
    assert kpi(done, "throughput_consignments", "flow:none") == 0


def test_no_consignments_at_all(engine):
    done = run(engine, make_plan(flows=[Flow("none", at=[], stages=[Queue(GATE, 2.0)])]))
    assert done.events.n_events == 0
    assert done.summary.n_events == 0


def test_an_expected_number_of_nothing_releases_nobody(engine):
    for poisson in (True, False):
        flow = Flow("A", expected=[(0, 0), (1000, 0)], poisson=poisson, stages=[Queue(GATE, 1.0)])
        assert run(engine, make_plan(flows=[flow])).events.n_events == 0


def test_load_above_capacity_queues_without_end(engine):
    """Two an hour come, one an hour goes: after 100 h 100 have left or are served, 99 wait."""
    flow = Flow("A", at=[k / 2 for k in range(200)], stages=[Queue(GATE, 1.0), Hold(0.25)])
    done = run(engine, make_plan(flows=[flow], end_h=100.0))
    assert done.starts(0) == [k if k < 100 else None for k in range(200)]
    assert kpi(done, "queue_end_n", "place:gate") == 100
    assert kpi(done, "offered_load_frac", "place:gate") == 2
    assert kpi(done, "utilisation_frac", "place:gate") == 1
    assert abs(kpi(done, "queue_growth_per_year", "place:gate") - 8760) < 1e-6
    assert kpi(done, "stock_end_consignments", "flow:A") == 200 - len([d for d in done.departs(1) if d is not None])


def test_a_long_run_stays_on_the_grid(engine):
    """Seventeen years on, times are still whole ticks."""
    end_h = 17 * 8760.0
    done = run(
        engine, make_plan(flows=[poisson_flow("A", 0.01, end_h, stages=[Queue(GATE, 30.1), Travel(7.7)])], end_h=end_h)
    )
    for name in ("arrive_h", "start_h", "depart_h"):
        ticks = getattr(done.events, name) * 2.0**20
        here = ticks[~np.isnan(ticks)]
        assert here.size > 2000
        assert (here == here.round()).all()
