"""Time in the queue against closed forms, within 3 standard errors over independent replications.

Kleinrock (1975), Queueing Systems 1: M/M/c by Erlang's C, M/G/1 by Pollaczek and Khinchine, batches by the same on
the work of a batch. Work is in hours, arrivals per hour.
"""

import math

import numpy as np
import pytest
from scipy import stats

from corridor_sim.foundation.distributions import Distribution, Family
from corridor_sim.plan.kinds import Basis
from tests.support.parts import (
    Base,
    Flow,
    Gather,
    Give,
    Hold,
    Place,
    Pool,
    Queue,
    Split,
    Take,
    exponential,
    gamma,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.support.running import run
from tests.validation.sampling import mean_wait, over_replications

RUN_IN_H, END_H = 600.0, 8000.0


def waits(engine, rate, service, *, servers=1, occupancy=None, end_h=END_H):
    gate = Place("gate", servers)
    flow = poisson_flow("A", rate, end_h, stages=[Queue(gate, service, occupancy)])
    return over_replications(engine, make_plan(flows=[flow], end_h=end_h), mean_wait(0, after_h=RUN_IN_H))


def erlang_c(c: int, load: float) -> float:
    """Probability that an arrival waits, ``load`` = arrivals times mean service."""
    last = load**c / math.factorial(c) * c / (c - load)
    return last / (sum(load**k / math.factorial(k) for k in range(c)) + last)


def pollaczek_khinchine(rate: float, mean: float, cv: float) -> float:
    return rate * mean**2 * (1 + cv**2) / (2 * (1 - rate * mean))


@pytest.mark.parametrize("rate", [0.5, 0.7])
def test_m_m_1(engine, rate):
    assert waits(engine, rate, exponential(1.0)).agrees(rate / (1 - rate))


@pytest.mark.parametrize(("servers", "rate"), [(2, 1.4), (5, 3.8)])
def test_m_m_c(engine, servers, rate):
    expected = erlang_c(servers, rate) / (servers - rate)
    assert waits(engine, rate, exponential(1.0), servers=servers).agrees(expected)


@pytest.mark.parametrize("rate", [0.6, 0.8])
def test_m_d_1(engine, rate):
    assert waits(engine, rate, 1.0).agrees(pollaczek_khinchine(rate, 1.0, 0.0))


@pytest.mark.parametrize(
    ("service", "mean", "cv"),
    [
        (gamma(1.0, 0.5), 1.0, 0.5),
        (gamma(2.0, 1.4), 2.0, 1.4),
        (Distribution.lognormal(1.0, 0.8), 1.0, 0.8),
        (Distribution(Family.UNIFORM, 0.5, 1.5), 1.0, 1 / math.sqrt(12)),
        (Distribution(Family.TRIANGULAR, 0.0, 0.0, 3.0), 1.0, math.sqrt(0.5)),
    ],
    ids=["gamma", "gamma-wide", "lognormal", "uniform", "triangular"],
)
def test_m_g_1(engine, service, mean, cv):
    rate = 0.65 / mean
    assert waits(engine, rate, service).agrees(pollaczek_khinchine(rate, mean, cv))


@pytest.mark.parametrize("cv", [0.0, 0.6])
def test_occupancy_longer_than_service_is_m_g_1_with_the_occupancy(engine, cv):
    """A truck is away for 4 h where the consignment stays 1 h."""
    occupancy = gamma(4.0, cv) if cv else 4.0
    estimate = waits(engine, 0.15, gamma(1.0, 0.3), occupancy=occupancy, end_h=5 * END_H)
    assert estimate.agrees(pollaczek_khinchine(0.15, 4.0, cv))


def test_batches_of_poisson_arrivals(engine):
    """Trains of 5 units (split on arrival): the wait for the work ahead, and for one's own train."""
    size, rate, mean, end_h = 5, 0.11, 1.0, 4 * END_H
    stages = [Split(size), Queue(Place("crane"), exponential(mean), basis=Basis.UNIT), Gather()]
    plan = make_plan(flows=[poisson_flow("A", rate, end_h, stages=stages)], end_h=end_h)
    second_moment = size * mean**2 + (size * mean) ** 2
    ahead = rate * second_moment / (2 * (1 - rate * size * mean))
    own = (size - 1) / 2 * mean
    assert over_replications(engine, plan, mean_wait(1, after_h=RUN_IN_H)).agrees(ahead + own)


def test_batches_of_a_timetable(engine):
    """Ten arrive every day, each is served for 1.5 h: the k-th waits 1.5 (k - 1) h, and the day is clear after 15 h."""
    at = [24.0 * day for day in range(50) for _ in range(10)]
    done = run(engine, make_plan(flows=[Flow("A", at=at, stages=[Queue(Place("gate"), 1.5)])], end_h=1300.0))
    assert done.waits(0).reshape(50, 10).tolist() == [[1.5 * k for k in range(10)]] * 50


def test_queues_in_a_row_are_each_m_m_1(engine):
    """Burke (1956): what leaves M/M/1 is Poisson again."""
    first, second = Place("first"), Place("second")
    stages = [Queue(first, exponential(1.0)), Hold(7.0), Queue(second, exponential(0.8))]
    plan = make_plan(flows=[poisson_flow("A", 0.6, END_H, stages=stages)], end_h=END_H)
    expected = 0.6 * 0.8 * 0.8 / (1 - 0.6 * 0.8)
    assert over_replications(engine, plan, mean_wait(2, after_h=RUN_IN_H)).agrees(expected)


def test_flows_share_a_queue_as_one_stream(engine):
    """Three Poisson flows of one place are one: M/G/1 with the mixed service."""
    gate = Place("gate")
    parts = [(0.2, 0.5, 0.5), (0.2, 1.0, 1.0), (0.1, 3.0, 0.2)]
    flows = [
        poisson_flow(f"F{i}", rate, END_H, stages=[Queue(gate, gamma(mean, cv))])
        for i, (rate, mean, cv) in enumerate(parts)
    ]
    work = sum(rate * mean for rate, mean, _ in parts)
    second = sum(rate * mean**2 * (1 + cv**2) for rate, mean, cv in parts)
    plan = make_plan(flows=flows, end_h=END_H)

    def measure(done):
        arrive, start = (
            np.concatenate([x[done.events.rows(s)] for s in range(3)])
            for x in (done.events.arrive_h, done.events.start_h)
        )
        return float((start - arrive)[(arrive >= RUN_IN_H) & ~np.isnan(start)].mean())

    assert over_replications(engine, plan, measure).agrees(second / (2 * (1 - work)))


def test_m_g_infinity_has_a_poisson_number_on_the_way(engine):
    """2 an hour that stay for 10 h (lognormal): 20 on the way, Poisson whatever the distribution."""
    end_h, looks = 6000.0, np.arange(200.0, 5900.0, 100.0)
    stay = Distribution.lognormal(10.0, 0.7)
    plan = make_plan(flows=[poisson_flow("A", 2.0, end_h, stages=[Hold(stay)])], end_h=end_h)
    numbers = []
    for replication in range(6):
        done = run(engine, plan, seed=3, replication=replication)
        leaves = np.where(np.isnan(done.events.depart_h), np.inf, done.events.depart_h)
        numbers += [np.count_nonzero((done.events.arrive_h <= t) & (t < leaves)) for t in looks]
    n = np.array(numbers)
    assert abs(n.mean() - 20.0) < 3 * math.sqrt(20.0 / n.size)
    dispersion = (n.size - 1) * n.var(ddof=1) / n.mean()
    assert 0.001 < stats.chi2(n.size - 1).cdf(dispersion) < 0.999


def test_littles_law_holds_in_the_kpis(engine):
    """Mean number waiting = arrivals per hour times mean wait, once everyone has been served."""
    gate = Place("gate", servers=2)
    flow = Flow("A", expected=[(0.0, 0.0), (900.0, 1500.0), (960.0, 1500.0)], stages=[Queue(gate, exponential(1.0))])
    done = run(engine, make_plan(flows=[flow], end_h=960.0))
    blocks = {b.kpi: b.values[0, 0] for b in done.kpis if "place:gate" in b.subjects}
    rate = done.lane.n_consignments / 960.0
    assert blocks["queue_end_n"] == 0
    assert math.isclose(blocks["queue_mean_n"], rate * blocks["queue_mean_h"], rel_tol=1e-9)


def test_two_classes_without_pre_emption(engine):
    """Cobham (1954): with arrivals 0.3 and 0.5 and mean service 1 the first class waits 8/7 h, the second 40/7 h."""
    gate = Place("gate")
    flows = [
        poisson_flow(name, rate, 3 * END_H, stages=[Queue(gate, exponential(1.0), priority=priority)])
        for priority, (name, rate) in enumerate([("first", 0.3), ("second", 0.5)])
    ]
    plan = make_plan(flows=flows, end_h=3 * END_H)
    for stage, expected in ((0, 1.142857), (1, 5.714286)):
        assert over_replications(engine, plan, mean_wait(stage, after_h=RUN_IN_H)).agrees(expected)


def departures_per_hour(stage):
    """Departures from a stage after the run-in, per hour."""

    def measure(done):
        depart = done.events.depart_h[done.events.rows(stage)]
        return np.count_nonzero(depart >= RUN_IN_H) / (done.plan.end_h - RUN_IN_H)

    return measure


def test_two_stations_without_a_buffer_block_each_other(engine):
    """The first always has work and holds what the second cannot take: of two exponential ones 2/3 of the rate."""
    end_h, room = 3000.0, Pool("room", (Base(1.0),))
    first, second = (Queue(Place(name), exponential(1.0)) for name in ("first", "second"))
    stages = [first, Take(room, blocks=True), second, Give(room)]
    plan = make_plan(flows=[Flow("A", at=[0.0] * 3000, stages=stages)], end_h=end_h)
    assert over_replications(engine, plan, departures_per_hour(2)).agrees(2 / 3, precision=0.01)


def circuit(n: int, line_h: float, *stations_h: float) -> float:
    """Trips per hour of n trains in a circle of single exponential stations and a line for all: mean value analysis."""
    queue, rate = [0.0] * len(stations_h), 0.0
    for k in range(1, n + 1):
        times = [h * (1 + q) for h, q in zip(stations_h, queue, strict=True)]
        rate = k / (line_h + sum(times))
        queue = [rate * h for h in times]
    return rate


def test_trains_in_a_closed_loop(engine):
    """Ten trains, 96 h under way, loaded in 12 h and unloaded in 6 h, one at a time: 0.06998 trips an hour."""
    assert math.isclose(circuit(10, 96.0, 12.0, 6.0), 0.06998, abs_tol=5e-6)
    trains = Pool("trains", (Base(10.0),))
    load, unload = Queue(Place("load"), exponential(12.0)), Queue(Place("unload"), exponential(6.0))
    stages = [Take(trains), load, Hold(48.0), unload, Hold(48.0), Give(trains)]
    plan = make_plan(flows=[Flow("A", at=[0.0] * 1500, stages=stages)], end_h=20000.0)
    assert over_replications(engine, plan, departures_per_hour(5)).agrees(0.06998, precision=0.01)


def loss(c: int, room: int, load: float) -> float:
    """Probability that M/M/c/K is full, ``load`` = arrivals times mean service, K = ``room`` in service and waiting."""
    weights = [load**k / math.factorial(min(k, c)) / c ** max(k - c, 0) for k in range(room + 1)]
    return weights[-1] / sum(weights)


@pytest.mark.parametrize(("servers", "room", "rate"), [(1, 4, 0.9), (2, 5, 1.6), (3, 3, 2.0)])
def test_m_m_c_k_loses_whom_it_has_no_room_for(engine, servers, room, rate):
    """Arrivals that pause while K are inside are those that are not lost: K tokens in a circle of two stations.

    The source works with the gaps between arrivals while a token is outside; exponential gaps have no memory, so what
    passes is rate x (1 - loss) [Gordon and Newell, Operations Research 15 (1967)]. K = c is Erlang's loss formula.
    """
    tokens = Pool("tokens", (Base(float(room)),))
    source, served = Queue(Place("source"), exponential(1 / rate)), Queue(Place("served", servers), exponential(1.0))
    end_h = 3000.0
    stages = [Take(tokens), source, served, Give(tokens)]
    flow = Flow("A", at=[0.0] * int(1.3 * rate * end_h), stages=stages)
    expected = rate * (1 - loss(servers, room, rate))
    assert over_replications(engine, make_plan(flows=[flow], end_h=end_h), departures_per_hour(2)).agrees(expected)
