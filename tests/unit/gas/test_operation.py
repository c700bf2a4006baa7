"""Days of operation: mass, shortfalls with causes, linepack as a buffer of hours, events that are results."""

import numpy as np
import pytest

from corridor_sim.foundation.errors import ConservationError
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.gas import operation
from corridor_sim.gas.draws import draw_gas
from corridor_sim.gas.operation import DAILY, SHORTFALL_CAUSES, limit_names, operate
from tests.unit.gas.parts import event, plan


def run(made, n=3):
    return operate(made, draw_gas(made, RandomStreams(1), tuple(range(n))), tuple(range(n)), keep_daily=True)


def test_mass_closes_every_day_and_over_the_run():
    years = run(plan(events=event(rate=6 / 8760)))
    assert years.worst_balance.max() < 1e-9
    s = years.sums_kg
    held = s["intake"] - s["delivered"] - s["offtake"] - s["fuel"] - s["loss"]
    assert years.daily["linepack"][:, -1] == pytest.approx(held.sum(axis=1), rel=1e-6)


def test_gas_that_appears_is_an_error(monkeypatch):
    made = plan()
    lanes = draw_gas(made, RandomStreams(1), (0,))
    honest = operation.solve_days

    def too_much(*args):
        solved = honest(*args)
        solved.offtake_kg_per_s[:] += 1e4
        return solved

    monkeypatch.setattr(operation, "solve_days", too_much)
    with pytest.raises(ConservationError, match="gas is lost or made"):
        operate(made, lanes, (0,), keep_daily=False)


def test_nothing_flows_before_the_first_phase():
    assert run(plan()).daily["delivered"][:, :10].max() == 0


def test_shortfall_is_what_is_nominated_and_not_delivered_and_each_kg_has_a_cause():
    years = run(plan(events=event(rate=6 / 8760)))
    s = years.sums_kg
    assert s["shortfall"] == pytest.approx(s["nominated"] - s["delivered"])
    assert years.shortfall_kg.sum(axis=2) == pytest.approx(s["shortfall"], rel=1e-3)
    assert (years.shortfall_kg >= 0).all()


def test_a_phase_that_slips_is_named_as_the_cause():
    """The second phase is two days late."""
    years = run(plan(meter_kg_per_s=np.array([[np.inf, 500.0, 1500.0]])))
    late = years.shortfall_kg[0, 0, SHORTFALL_CAUSES.index("phase late")]
    assert late == pytest.approx(2 * 400.0 * 86400)


def test_a_cut_of_the_line_is_a_result_and_hours_of_linepack_come_first():
    made = plan(events=event(cause="break", first=2, n=1, rate=0.0, window=(100, 104)))
    given = run(made, 1).daily["delivered"][0]
    wanted = 400.0 * 86400
    assert given[98] == pytest.approx(wanted, rel=1e-6)
    assert given[101:104].max() == 0
    assert np.isfinite(given).all()


def test_the_meter_bounds_what_is_delivered():
    made = plan(meter_kg_per_s=np.array([[np.inf, 300.0, 300.0]]))
    years = run(made, 1)
    assert years.daily["delivered"].max() <= 300.0 * 86400 * (1 + 1e-6)
    assert years.limit_days[0, 0, limit_names(made).index("meter border")] > 300


def test_a_new_line_is_filled_before_it_delivers():
    years = run(plan(nominated_kg_per_s=np.where(np.arange(365) >= 10, 900.0, 0.0)), 1)
    given, pack = years.daily["delivered"][0], years.daily["linepack"][0]
    assert given[10] < 0.9 * 900 * 86400 < given[11] < given[12] * 1.001
    assert pack[10] > 0


def test_a_swap_is_netted_or_excluded():
    swap = np.full(365, 50.0)
    meter = np.array([[np.inf, 380.0, 380.0]])
    none = run(plan(meter_kg_per_s=meter), 1).sums_kg
    net = run(plan(meter_kg_per_s=meter, swap_kg_per_s=swap, swap_is_netted=True), 1).sums_kg
    out = run(plan(meter_kg_per_s=meter, swap_kg_per_s=swap), 1).sums_kg
    assert net["delivered"][0, 0] > none["delivered"][0, 0]
    assert net["swap"][0, 0] > 0
    assert out["delivered"][0, 0] == none["delivered"][0, 0]
    assert out["swap_lost"][0, 0] > 0.9 * 340 * 86400 * 50


def test_a_cold_day_asks_for_more():
    from corridor_sim.foundation.distributions import Distribution

    made = plan(cold_rate_per_h=24 / 8760, cold_duration=np.array(Distribution.fixed(240.0).parameters),
                cold_nomination_factor=1.5)  # fmt: skip
    assert run(made, 1).sums_kg["nominated"][0, 0] > 1.1 * run(plan(), 1).sums_kg["nominated"][0, 0]


def test_blocks_of_lanes_do_not_change_a_number():
    made = plan(events=event(rate=6 / 8760))
    whole = run(made, 5)
    for k in range(5):
        one = operate(made, draw_gas(made, RandomStreams(1), (k,)), (k,), keep_daily=True)
        for name, values in one.sums_kg.items():
            assert np.array_equal(values[0], whole.sums_kg[name][k]), name
        for name in DAILY:
            assert np.array_equal(one.daily[name][0], whole.daily[name][k]), name
