"""Posts that close at night and capacity that changes at a date, against deterministic fluid reasoning."""

import numpy as np
import pytest

from tests.support.parts import Flow, Place, Queue, Servers, open_daily, poisson_flow
from tests.support.plans import make_plan
from tests.support.running import run
from tests.validation.sampling import over_replications


def number_waiting(done, times):
    arrive = np.sort(done.events.arrive_h)
    start = np.sort(np.where(np.isnan(done.events.start_h), np.inf, done.events.start_h))
    return np.searchsorted(arrive, times, side="left") - np.searchsorted(start, times, side="left")


# A post open 16 of 24 hours, 6 to 22. 2 an hour come round the clock, 4 an hour are served while it is open: 16 come in
# the 8 closed hours; from 6 on the queue falls by 2 an hour and is gone after 8 h.
DAYS = 20
POST = Place("post", calendar=open_daily(6, 22, DAYS))


@pytest.fixture(scope="module")
def post(engine):
    at = np.arange(0.25, 24.0 * DAYS, 0.5)
    return run(engine, make_plan(flows=[Flow("A", at=at, stages=[Queue(POST, 0.25)])], end_h=24.0 * DAYS))


def test_post_open_16_of_24_hours_peak_queue(post):
    opening = 24.0 * np.arange(1, DAYS) + 6.0
    assert number_waiting(post, opening).tolist() == [16] * (DAYS - 1)
    block = next(b for b in post.kpis if b.kpi == "queue_longest_n")
    assert block.values[0, 0] == 16


def test_post_open_16_of_24_hours_clearing_time(post):
    """The queue is last seen at 14 h, give or take one in service."""
    for day in range(1, DAYS):
        looks = 24.0 * day + np.arange(6.0, 22.0, 1 / 32)
        waiting = number_waiting(post, looks) > 0
        assert abs(looks[waiting].max() - (24.0 * day + 14.0)) <= 0.5


def test_post_open_16_of_24_hours_longest_wait_is_the_night(post):
    assert abs(post.waits(0).max() - 8.0) <= 0.25


def test_post_open_16_of_24_hours_is_used_in_open_hours(post):
    """48 a day of 0.25 h in 16 h; the four of the last evening are not served any more."""
    utilisation = next(b for b in post.kpis if b.kpi == "utilisation_frac").values[0, 0]
    assert utilisation == pytest.approx(0.75 * (DAYS * 48 - 4) / (DAYS * 48), rel=1e-9)


def test_post_open_16_of_24_hours_with_random_arrivals(engine):
    """What came since 22 waits at 6, and the rest of the evening: M/D/1 at a load of 0.5 has 0.25 waiting by then."""
    flow = poisson_flow("A", 2.0, 24.0 * DAYS, stages=[Queue(POST, 0.25)])
    plan = make_plan(flows=[flow], end_h=24.0 * DAYS)
    opening = 24.0 * np.arange(2, DAYS) + 6.0
    estimate = over_replications(engine, plan, lambda done: number_waiting(done, opening).mean(), n=40)
    assert abs(estimate.mean - 16.25) < 3 * estimate.error


def test_a_second_server_from_a_date_works_the_queue_off(engine):
    """1.5 an hour come, one server does 1 an hour: 120 wait after 240 h. With two the queue falls by 0.5 an hour."""
    gate = Place("gate", (Servers(1), Servers(1, since=240.0)))
    at = np.arange(0.0, 700.0, 2 / 3)
    done = run(engine, make_plan(flows=[Flow("A", at=at, stages=[Queue(gate, 1.0)])], end_h=700.0))
    looks = np.array([60.0, 120.0, 240.0, 360.0, 460.0])
    assert np.abs(number_waiting(done, looks) - [30, 60, 120, 60, 10]).max() <= 1
    waits = done.events.start_h - done.events.arrive_h
    cleared = done.events.arrive_h[waits > 0.5].max()
    assert abs(cleared - 479.0) < 3.0
    longest = next(b for b in done.kpis if b.kpi == "queue_longest_n").values[0, 0]
    assert abs(longest - 120) <= 1


def test_servers_that_end_leave_a_queue_that_grows(engine):
    """Two servers for 1.5 an hour until hour 200, then one: 0.5 an hour are left over."""
    gate = Place("gate", (Servers(1), Servers(1, until=200.0)))
    done = run(
        engine, make_plan(flows=[Flow("A", at=np.arange(0.0, 600.0, 2 / 3), stages=[Queue(gate, 1.0)])], end_h=600.0)
    )
    assert np.abs(number_waiting(done, np.array([100.0, 200.0, 400.0, 600.0])) - [0, 0, 100, 200]).max() <= 2


def test_a_season_at_half_the_pace(engine):
    """0.8 an hour come, 1 an hour goes, 0.5 from hour 100 to 200: 30 wait, and are gone 150 h later."""
    gate = Place("gate", calendar=[(0, 1.0), (100, 0.5), (200, 1.0)])
    done = run(
        engine, make_plan(flows=[Flow("A", at=np.arange(0.0, 600.0, 1.25), stages=[Queue(gate, 1.0)])], end_h=600.0)
    )
    assert np.abs(number_waiting(done, np.array([90.0, 150.0, 200.0, 275.0, 360.0])) - [0, 15, 30, 15, 0]).max() <= 1
