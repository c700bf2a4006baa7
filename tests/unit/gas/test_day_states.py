"""States that occur are solved once and found again on every day that they hold."""

import numpy as np

from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.gas.day_states import N_PARTS, solve_days
from corridor_sim.gas.draws import draw_gas
from tests.unit.gas.parts import event, plan


def solved(made, n=2):
    lanes = draw_gas(made, RandomStreams(1), tuple(range(n)))
    return lanes, solve_days(made, 0, lanes)


def test_days_of_the_same_state_share_a_row():
    lanes, found = solved(plan())
    assert found.capacity_kg_per_s.size < 60
    before = lanes.state[0] == 0
    assert np.unique(found.of_day[0, before]).size <= 12
    assert found.capacity_kg_per_s[found.of_day[0, 0]] == 0


def test_fuel_and_pack_go_from_rest_to_the_largest_flow():
    lanes, found = solved(plan())
    row = found.of_day[0, -1]
    assert found.fuel_kg_per_s.shape[1] == found.pack_kg.shape[1] == N_PARTS + 1
    assert np.all(np.diff(found.pack_kg[row]) <= 1e-6 * found.pack_kg[row, 0])
    assert found.least_pack_kg[row] <= found.pack_kg[row, 0]
    assert lanes.state[0, -1] == 2


def test_sets_beyond_the_spare_one_cost_capacity():
    lanes, found = solved(plan(), 30)
    short = found.is_short_of_sets
    assert short.any()
    out = lanes.units_out[0][..., 0]
    assert np.array_equal(short[found.of_day], (out > 1) & (lanes.state >= 1))


def test_a_closed_string_costs_capacity_and_a_cut_line_carries_nothing():
    made = plan(events=event(cause="maintenance", rate=0.0, window=(100, 110)))
    _, found = solved(made, 1)
    assert found.capacity_kg_per_s[found.of_day[0, 99]] == 0  # one string only then
    later = plan(events=event(cause="maintenance", rate=0.0, window=(300, 310)))
    _, found = solved(later, 1)
    day = found.capacity_kg_per_s[found.of_day[0]]
    assert 0 < day[300] < day[290]
