"""Pools in the event loop: step by step as they are written, and compiled on whole plans."""

import pytest

from corridor_sim.engines.vectorised import loop_pools
from corridor_sim.engines.vectorised.agenda import NOBODY, let_sleep
from corridor_sim.foundation.time_grid import TICK_H
from corridor_sim.plan.kinds import StageKind
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
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.unit.engines.vectorised.test_event_loop import agree
from tests.unit.engines.vectorised.test_loop_tables import tables_of

END_H = 150.0
NEAR, FAR = Base(2.0), Base(0.0, keep=1.0, home=0, empty=3.0)
SERVED, TAKE, GIVE, TAKE_FAR, GIVE_FAR = range(5)


class Loose:
    """Three of a flow from a near base (units 0 to 2) and three from a far one (3 to 5), moved by hand."""

    def __init__(self, tracks, near, far, amount=1.0):
        self.of = tracks
        fleet = Pool("fleet", (near, far))
        south = [Queue(Place("gate"), 1.0), Take(fleet, amount, 0, blocks=True), Give(fleet, amount, 1)]
        north = [Take(fleet, amount, 1), Give(fleet, amount, 0)]
        at = [0.0, 1.0, 2.0]
        self.coupled, tables = tables_of(Flow("S", at=at, stages=south), Flow("N", at=at, stages=north))
        self.part, rows, self.pieces, self.agenda, self.wakes, self.state = tables
        self.row = next(type(rows)(*row) for row in zip(*rows, strict=True))
        kinds = {f.kind: k for k, f in enumerate(self.coupled.facilities)}
        self.pool, self.gate = kinds[StageKind.TAKE], kinds[StageKind.QUEUE]
        self.first = self.part.facility_line[self.pool]
        self.stage = {s: k for k, s in enumerate(self.coupled.stages)}
        let_sleep(self.wakes)
        tracks.clear_tracks(self.state)
        loop_pools.fill_pools(self.part, self.state)
        self.state.free[:], self.state.until[:], self.state.is_held[:] = self.row.free, self.row.until, False

    def ask(self, unit, stage, now_h):
        self.state.stage[unit], self.agenda.due_h[unit] = self.stage[stage], now_h
        self.of.stand_in_line(self.part, self.agenda, self.wakes, self.state, self.pool, unit, now_h)

    def give(self, stage, now_h):
        loop_pools.give_back(self.part, self.wakes, self.state, self.pool, self.stage[stage], now_h)

    def hand_out(self, now_h):
        let_sleep(self.wakes)
        return loop_pools.hand_out(
            self.part, self.row, self.pieces, self.agenda, self.wakes, self.state, self.pool, now_h
        )  # fmt: skip

    def hold(self, unit):
        """The unit holds the only server of the gate."""
        self.state.holds[unit] = 0
        self.state.is_held[0] = True

    @property
    def stock(self):
        return self.state.stock[self.first :][:2].tolist()

    @property
    def wakes_h(self):
        return float(self.wakes.at_h[self.pool])


@pytest.fixture
def loose(as_written):
    return lambda near=NEAR, far=FAR, **more: Loose(as_written, near, far, **more)


def test_a_full_pool_has_what_its_bases_begin_with(loose):
    at = loose()
    at.give(GIVE_FAR, 3.0)
    at.hand_out(3.0)
    loop_pools.fill_pools(at.part, at.state)
    assert at.stock == [2.0, 0.0]
    assert at.state.empties_n[0] == 0
    assert (at.state.empties_first == NOBODY).all()


def test_who_waits_where_there_is_enough_takes_it(loose):
    at = loose()
    at.ask(3, TAKE_FAR, 4.0)
    at.hold(0)
    at.ask(0, TAKE, 5.0)
    assert at.hand_out(5.0) == 0
    assert at.stock == [1.0, 0.0]
    column = at.coupled.columns(TAKE).start
    assert (at.row.start_h[column], at.row.depart_h[column]) == (5.0, 5.0 + TICK_H)
    assert at.wakes_h == 5.0
    assert at.hand_out(5.0) == NOBODY


def test_the_server_that_was_held_is_let_go_from_a_tick_later_on(loose):
    at = loose()
    at.hold(0)
    at.ask(0, TAKE, 5.0)
    at.hand_out(5.0)
    assert not at.state.is_held[0]
    assert at.state.free[0] == 5.0 + TICK_H
    assert at.wakes.at_h[at.gate] == 5.0 + TICK_H


def test_a_server_still_taken_stays_so(loose):
    at = loose()
    at.hold(0)
    at.state.free[0] = 9.0
    at.ask(0, TAKE, 5.0)
    at.hand_out(5.0)
    assert at.state.free[0] == 9.0


def test_the_first_that_waits_is_not_overtaken(loose):
    at = loose(near=Base(1.0), amount=2.0)
    at.ask(0, TAKE, 5.0)
    at.ask(1, TAKE, 5.0)
    assert at.hand_out(5.0) == NOBODY
    at.give(GIVE, 6.0)
    assert at.hand_out(6.0) == NOBODY  # it was given back at the far base
    assert at.stock == [1.0, 1.0]


def test_what_is_given_back_serves_one_who_waits_there(loose):
    at = loose()
    at.ask(3, TAKE_FAR, 4.0)
    assert at.hand_out(4.0) == NOBODY
    at.give(GIVE, 6.0)
    assert at.wakes_h == 6.0
    assert at.hand_out(6.0) == 3
    assert at.stock == [2.0, 0.0]


def test_beyond_what_is_kept_it_goes_home_and_the_pool_wakes_for_it(loose):
    at = loose()
    at.give(GIVE, 6.0)
    assert at.hand_out(6.0) == NOBODY
    assert at.stock == [2.0, 1.0]
    assert at.wakes.n[0] == 0
    at.give(GIVE, 7.0)
    at.hand_out(7.0)
    assert at.stock == [2.0, 1.0]
    assert at.wakes_h == 10.0
    at.hand_out(10.0)
    assert at.stock == [3.0, 1.0]


def test_of_those_under_way_the_first_is_woken_for(loose):
    at = loose(far=Base(0.0, keep=0.0, home=0, empty=3.0))
    for now_h in (6.0, 7.0):
        at.give(GIVE, now_h)
        at.hand_out(now_h)
    assert at.wakes_h == 9.0
    at.hand_out(9.0)
    assert at.stock == [3.0, 0.0]
    assert at.wakes_h == 10.0


def test_nothing_goes_home_while_one_waits(loose):
    at = loose(far=Base(0.0, keep=0.0, home=0, empty=3.0), amount=2.0)
    at.ask(3, TAKE_FAR, 4.0)
    at.state.given[at.first + 1] = 1.0
    assert at.hand_out(6.0) == NOBODY
    assert at.stock == [2.0, 1.0]
    assert at.wakes.n[0] == 0


def there_and_back(bases, rate_per_h=0.2, *, amount=1.0, units=0):
    """Two flows that take at one base and give back at the other, after a queue that is held."""
    fleet, gate = Pool("fleet", bases), Place("gate", 2)
    flows = []
    for base, name in enumerate("SN"):
        visit = [
            Queue(gate, exponential(0.5)), Take(fleet, amount, base, blocks=base == 0), Hold(exponential(4.0)),
            Give(fleet, amount, 1 - base),
        ]  # fmt: skip
        stages = [Split(units), *visit, Gather()] if units else visit
        flows.append(poisson_flow(name, rate_per_h, END_H, stages=[*stages, Queue(gate, 0.25)]))
    return make_plan(flows=flows, end_h=END_H)


PLANS = {
    "two bases": there_and_back((Base(2.0), Base(1.0))),
    "empties go home": there_and_back((Base(3.0), Base(0.0, keep=0.0, home=0, empty=2.0)), 0.3),
    "both send home": there_and_back((Base(2.0, 1.0, 1, 0.5), Base(2.0, 0.0, 0, 6.0)), 0.3),
    "home is here": there_and_back((Base(2.0, 0.0, 0, 3.0), Base(2.0, 1.0, 1, 1.0))),
    "parts": there_and_back((Base(1.0), Base(0.5)), amount=0.25, rate_per_h=0.4),
    "units": there_and_back((Base(2.0), Base(2.0)), 0.1, units=2),
}


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("seed", range(3))
def test_plans_have_the_times_of_the_reference(name, seed):
    assert agree(PLANS[name], seed)
