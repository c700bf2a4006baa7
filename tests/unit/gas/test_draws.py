"""Draws: by name and replication, phases in order, outages as long and as frequent as asked for."""

from dataclasses import replace

import numpy as np
import pytest

from corridor_sim.foundation.distributions import Distribution
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.gas.draws import draw_gas
from tests.unit.gas.parts import event, line, plan


def drawn(made, n=4, seed=3, first=0, **more):
    return draw_gas(made, RandomStreams(seed), tuple(range(first, first + n)), **more)


def test_lanes_are_the_same_in_any_block():
    made = plan(events=event())
    whole, part = drawn(made, 6), drawn(made, 2, first=4)
    assert np.array_equal(whole.start_h[4:], part.start_h)
    assert np.array_equal(whole.closed[0][4:], part.closed[0])
    assert np.array_equal(whole.units_out[0][4:], part.units_out[0])


def test_a_phase_never_starts_before_the_one_before_it():
    phases = replace(
        plan().phases, slip=np.array([Distribution.fixed(9000.0).parameters, Distribution.fixed(0.0).parameters])
    )
    start = drawn(plan(phases=phases)).start_h
    assert np.all(start[:, 1] == start[:, 0])


def test_a_phase_waits_for_its_pipes():
    ready = np.array([[0.0, 6000.0]] * 4)
    assert drawn(plan(), ready_h=ready).start_h[0].tolist() == [240.0, 6000.0]


def test_the_state_is_the_phase_reached():
    state = drawn(plan()).state
    assert state[0, 9] == 0
    assert state[0, 10] == 1
    assert state[0, -1] == 2


def test_sets_are_out_for_their_share_of_the_time():
    long = plan(n_days=4000)
    out = drawn(long, 20).units_out[0]
    assert out.mean() / 3 == pytest.approx(0.05, abs=0.005)
    assert out.max() <= 3


def test_another_station_leaves_the_draws_of_the_first():
    more = line(
        stations=("CS", "CS2"), station_site=np.array([1, 2]), station_phase=np.array([1, 1]),
        n_units=np.array([3, 2]), n_spare=np.array([1, 0]), unit_power_w=np.array([16e6, 5e6]),
        unit_out_frac=np.array([0.05, 0.1]), unit_repair_h=np.array([120.0, 50.0]), max_ratio=np.array([1.4, 1.2]),
        compressor_efficiency=np.full(2, 0.84), driver_efficiency=np.full(2, 0.34),
    )  # fmt: skip
    assert np.array_equal(drawn(plan()).units_out[0][..., 0], drawn(plan(lines=(more,))).units_out[0][..., 0])


def test_breaks_come_as_often_as_they_should_and_hit_one_section():
    made = plan(n_days=3650, events=event(rate=4 / 8760, hours=24.0))
    closed = drawn(made, 20).closed[0]
    assert closed.sum() / 200 == pytest.approx(4.0, rel=0.1)
    assert closed.sum(axis=2).max() <= 2
    by_section = closed.reshape(20, 3650, 3, 2)[..., 0].sum(axis=(0, 1)).astype(float)
    assert by_section / by_section.sum() == pytest.approx([100 / 240, 80 / 240, 60 / 240], abs=0.07)


def test_maintenance_closes_the_stretch_every_year_on_its_days():
    made = plan(events=event(cause="maintenance", rate=0.0, window=(180, 186)))
    lanes = drawn(made, 1)
    assert lanes.closed[0][0].any(axis=1).sum() == 7
    assert lanes.closed[0][0][180, [0, 2, 4]].all()
    assert set(lanes.cause[0]) == {0, 1}


def test_cold_spells_stay_in_their_window_but_for_their_last_days():
    made = plan(cold_rate_per_h=12 / 8760, cold_window=np.array([335, 59]),
                cold_duration=np.array(Distribution.fixed(120.0).parameters))  # fmt: skip
    cold = drawn(made, 30).cold
    assert cold.any()
    assert not cold[:, 70:330].any()
