"""Sailings: strict order, capacity, what does not fit waits."""

import pytest

from tests.support.parts import Flow, Gather, Hold, Place, Queue, Sail, Ship, Split
from tests.support.plans import make_plan
from tests.support.running import TICK, run

UNUSED = Place("unused")
SHIP = Ship("ferry", departures=(10.0, 20.0, 30.0), capacity=10.0)


def boards(engine, ship, *cargo):
    """Departures that flows (arrivals, load) take."""
    flows = [Flow(f"F{i}", at=at, stages=[Sail(ship)], load_t=load) for i, (at, load) in enumerate(cargo)]
    done = run(engine, make_plan(flows=flows, end_h=100.0, facilities=[UNUSED]))
    assert done.summary.n_events == sum(len(at) for at, _ in cargo)
    return [done.starts(i) for i in range(len(cargo))]


def test_a_ship_takes_what_fits_and_leaves_in_a_tick(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 0, 3], stages=[Sail(SHIP)], load_t=4.0)]))
    assert done.stage(0) == [(0, 10, 10 + TICK), (0, 10, 10 + TICK), (3, 20, 20 + TICK)]


def test_an_exact_fit_sails(engine):
    assert boards(engine, SHIP, ([0, 0, 0], 5.0)) == [[10, 10, 20]]


def test_nobody_passes_the_one_who_did_not_fit(engine):
    """8 t board; 4 t do not fit; 2 t behind them would, but wait too."""
    assert boards(engine, SHIP, ([0], 8.0), ([1], 4.0), ([2], 2.0)) == [[10], [20], [20]]


def test_the_order_is_that_of_arrival_not_of_flows(engine):
    assert boards(engine, SHIP, ([2], 8.0), ([1], 4.0)) == [[20], [10]]


def test_ties_are_broken_by_rank(engine):
    assert boards(engine, SHIP, ([5], 6.0), ([5], 6.0), ([5], 6.0)) == [[10], [20], [30]]


def test_one_who_arrives_at_the_departure_still_boards(engine):
    assert boards(engine, SHIP, ([10], 1.0)) == [[10]]
    assert boards(engine, SHIP, ([10 + TICK], 1.0)) == [[20]]


def test_room_left_is_there_for_later_arrivals_before_the_departure(engine):
    assert boards(engine, SHIP, ([0], 4.0), ([9], 4.0), ([10], 2.0), ([11], 10.0)) == [[10], [10], [10], [20]]


def test_after_the_last_departure_nobody_leaves(engine):
    assert boards(engine, SHIP, ([30, 31, 40], 1.0)) == [[30, None, None]]


def test_what_does_not_fit_the_last_departure_stays(engine):
    assert boards(engine, SHIP, ([25, 25], 6.0)) == [[30, None]]


def test_no_departures(engine):
    assert boards(engine, Ship("none", (), 10.0), ([0, 1], 1.0)) == [[None, None]]


def test_cargo_that_fits_no_ship_blocks_those_behind_it(engine):
    assert boards(engine, SHIP, ([0], 4.0), ([1], 12.0), ([2], 1.0)) == [[10], [None], [None]]


def test_the_calendar_scales_the_room(engine):
    storms = Ship("ferry", (10.0, 20.0, 30.0), 10.0, calendar=[(0, 0.5), (15, 0.0), (25, 1.5)])
    assert boards(engine, storms, ([0, 0, 0, 0], 5.0)) == [[10, 30, 30, 30]]


def test_a_rate_that_changes_at_the_departure_counts(engine):
    storms = Ship("ferry", (10.0, 20.0), 10.0, calendar=[(0, 1.0), (10, 0.5)])
    assert boards(engine, storms, ([0, 0], 5.0)) == [[10, 20]]


def test_room_counted_in_teu(engine):
    ship = Ship("boxes", (10.0, 20.0), 10.0, counts_teu=True)
    flow = Flow("A", at=[0, 0], stages=[Sail(ship)], load_t=1000.0, load_teu=6.0)
    assert run(engine, make_plan(flows=[flow])).starts(0) == [10, 20]


def test_units_of_a_split_consignment_board_one_by_one(engine):
    ship = Ship("ferry", (10.0, 20.0), 4.0)
    stages = [Split(3), Sail(ship), Gather(), Hold(1.0)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages, load_t=6.0)]))
    assert done.starts(1) == [10, 10, 20]
    assert done.stage(3) == [(20 + 2 * TICK, 20 + 2 * TICK, 21 + 2 * TICK)]


def test_two_itineraries_share_the_room(engine):
    flows = [
        Flow("A", at=[0], stages=[Hold(2.0), Sail(SHIP)], load_t=6.0),
        Flow("B", at=[1], stages=[Sail(SHIP), Queue(Place("port"), 1.0)], load_t=6.0),
    ]
    done = run(engine, make_plan(flows=flows))
    assert done.starts(2) == [10]
    assert done.starts(1) == [20]


@pytest.mark.parametrize(
    ("capacity", "load", "n"),
    [
        (0.3, 0.1, 3),
        (1500 * (1 - 0.8), 60.0, 5),
        (1500 * (1 - 0.8), 300.0, 1),
        (4.9, 0.7, 7),
        (1.0, 1 / 3, 3),
    ],
)
def test_decimal_loads_that_add_up_to_the_room_all_board(engine, capacity, load, n):
    """A fifth of 1500 TEU is room for five trains of 60 TEU, whatever 1 - 0.8 is in binary."""
    ship = Ship("ferry", (10.0, 20.0), capacity)
    assert boards(engine, ship, ([0] * (n + 1), load)) == [[*[10] * n, 20]]
