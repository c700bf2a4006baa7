"""The largest flow of a line: limits are met exactly, more assets never carry less, mass closes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_sim.gas.line import LineStates, largest_flow, part_flow, reach, section_resistance, steady_flow
from corridor_sim.gas.pipe import resistance
from tests.unit.gas.parts import BAR, line


def states(n=1, *, open_=None, power=32e6, ratio=1.4, offtake=20.0, limit=98 * BAR):
    shape = (n, 4)
    return LineStates(
        open=np.ones((n, 3, 2), bool) if open_ is None else np.broadcast_to(open_, (n, 3, 2)).copy(),
        limit_pa=np.full((n, 3), limit),
        power_w=np.where(np.arange(4) == 1, power, 0.0) * np.ones(shape),
        ratio=np.where(np.arange(4) == 1, ratio, 1.0) * np.ones(shape),
        shaft_efficiency=np.full(shape, 0.84),
        driver_efficiency=np.full(shape, 0.34),
        offtake_kg_per_s=np.where(np.arange(4) == 2, offtake, 0.0) * np.ones(shape),
        ground_k=np.full(n, 285.0),
    )


def test_mass_closes_along_the_line():
    best, share, _ = largest_flow(line(), states())
    assert share[0] == 1.0
    assert best.intake_kg_per_s[0] == pytest.approx(
        best.delivered_kg_per_s[0] + best.fuel_kg_per_s[0] + 20.0, rel=1e-12
    )


def test_at_the_largest_flow_a_limit_is_met_and_none_is_broken():
    best, _, limit = largest_flow(line(), states())
    low = min(best.arrival_pa[0, 1:].min() - 45 * BAR, best.discharge_pa[0, -1] - 50 * BAR)
    assert 0 <= low < 0.01 * BAR
    assert best.power_w[0, 1] <= 32e6 * (1 + 1e-9)
    assert best.discharge_pa[0].max() <= 98 * BAR * (1 + 1e-9)
    assert limit[0] >= 0


@settings(max_examples=25)
@given(st.floats(5e6, 60e6), st.floats(5e6, 60e6), st.floats(1.05, 1.6))
def test_more_power_never_carries_less(a, b, ratio):
    flows = [largest_flow(line(), states(power=p, ratio=ratio))[0].delivered_kg_per_s[0] for p in sorted((a, b))]
    assert flows[1] >= flows[0] * (1 - 1e-6)


def test_a_station_short_of_power_is_named_and_one_short_of_ratio_too():
    n_sections, station = 3, 1
    assert largest_flow(line(), states(power=3e6))[2][0] == n_sections + station
    assert largest_flow(line(), states(power=300e6, ratio=1.1))[2][0] == n_sections + 4 + station


def test_without_a_station_the_pipe_is_named():
    found = largest_flow(line(), states(power=0.0, ratio=1.0))[2][0]
    assert 0 <= found < 3


def test_a_string_out_of_a_stretch_costs_less_than_one_out_of_all():
    """Cross-overs at every site: what an outage costs is set by them (case L04 of the data sheet)."""
    part, whole = np.ones((3, 2), bool), np.ones((3, 2), bool)
    part[0, 1] = False
    whole[:, 1] = False
    both, one, other = (
        largest_flow(line(), states(open_=x))[0].delivered_kg_per_s[0] for x in (np.ones((3, 2), bool), part, whole)
    )
    assert both > one > other


def test_a_cut_line_serves_what_lies_before_the_cut():
    cut = np.ones((3, 2), bool)
    cut[2] = False
    best, share, _ = largest_flow(line(), states(open_=cut))
    assert share[0] == 1.0
    assert best.intake_kg_per_s[0] >= 20.0
    before = np.ones((3, 2), bool)
    before[0] = False
    assert not reach(states(open_=before))[0, 1:].any()


def test_offtakes_beyond_what_flows_are_served_in_part_and_nothing_is_delivered():
    best, share, _ = largest_flow(line(), states(offtake=5000.0))
    assert 0.1 < share[0] < 1.0
    assert best.delivered_kg_per_s[0] == pytest.approx(0.0, abs=5.0)


def test_part_flows_deliver_their_part():
    best, share, _ = largest_flow(line(), states())
    half = part_flow(line(), states(), best, share, 0.5)
    assert half.delivered_kg_per_s[0] == pytest.approx(best.delivered_kg_per_s[0] / 2, rel=1e-4)
    assert 0 < half.fuel_kg_per_s[0] < best.fuel_kg_per_s[0]


def test_like_strings_share_alike_and_unlike_ones_by_their_resistance():
    same = section_resistance(line(), states(), 0, np.array([800.0]))
    one = resistance(400.0, 1.387, 100e3, 1e-5, viscosity_pa_s=1.2e-5)
    assert same[0] == pytest.approx(float(one) / 4)
    unlike = line(diameter_m=np.array([1.387, 1.0]))
    found = section_resistance(unlike, states(), 0, np.array([800.0]))[0]
    x = 800.0 * np.sqrt(found / resistance(650.0, 1.387, 100e3, 1e-5, viscosity_pa_s=1.2e-5))
    assert 400 < x < 800


def test_states_are_solved_by_themselves():
    """A state's numbers do not depend on the others beside it, to the bit: chunks and workers may cut as they like."""
    many = states(7, power=32e6)
    many.power_w[:, 1] = np.linspace(4e6, 60e6, 7)
    together = largest_flow(line(), many)[0].delivered_kg_per_s
    for k in range(7):
        assert largest_flow(line(), states(power=many.power_w[k, 1]))[0].delivered_kg_per_s[0] == together[k]


def test_a_flow_that_cannot_be_is_told_not_raised():
    assert not steady_flow(line(), states(), np.array([9000.0]), np.zeros((1, 4))).feasible[0]
