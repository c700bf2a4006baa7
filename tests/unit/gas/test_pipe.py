"""One pipe: closed forms both ways, limits, elevation, linepack."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.gas.pipe import (
    FLOOR_PA,
    GRAVITY_M_PER_S2,
    flow_between,
    linepack,
    mean_pressure,
    outlet_pressure,
    resistance,
)
from corridor_sim.gas.properties import reference_gas

BAR, GAS, T = 1e5, reference_gas(), 288.15


def r_of(flow, length_m=100e3):
    return resistance(flow, 1.387, length_m, 1e-5, viscosity_pa_s=GAS.viscosity_pa_s)


@given(st.floats(40, 120), st.floats(0.3, 0.98))
def test_flow_and_outlet_pressure_are_each_others_inverse(inlet_bar, ratio):
    flow = flow_between(inlet_bar * BAR, ratio * inlet_bar * BAR, 1.387, 100e3, 1e-5, T, GAS)
    outlet = outlet_pressure(inlet_bar * BAR, flow, r_of(flow), T, GAS, steps=40)
    assert float(outlet) == pytest.approx(ratio * inlet_bar * BAR, rel=1e-6)


@given(st.floats(100, 900), st.floats(100, 900))
def test_more_flow_loses_more_pressure(a, b):
    low, high = sorted((a, b))
    assert outlet_pressure(98 * BAR, low, r_of(low), T, GAS) >= outlet_pressure(98 * BAR, high, r_of(high), T, GAS)


def test_two_halves_are_the_whole():
    whole = outlet_pressure(98 * BAR, 700.0, r_of(700.0), T, GAS)
    half = r_of(700.0, 50e3)
    joined = outlet_pressure(outlet_pressure(98 * BAR, 700.0, half, T, GAS), 700.0, half, T, GAS)
    assert float(joined) == pytest.approx(float(whole), rel=1e-4)


def test_gas_that_does_not_get_there_is_no_nan():
    assert float(outlet_pressure(50 * BAR, 5000.0, r_of(5000.0), T, GAS)) == FLOOR_PA


def test_a_column_at_rest_weighs_what_its_gas_weighs():
    top = float(outlet_pressure(50 * BAR, 0.0, r_of(1.0), T, GAS, rise_m=1000.0))
    zrt = float(GAS.z(49 * BAR, T)) * GAS.specific_constant_j_per_kg_k * T
    assert top == pytest.approx(50 * BAR * np.exp(-GRAVITY_M_PER_S2 * 1000 / zrt), rel=1e-3)


def test_up_and_down_again_is_level():
    r = r_of(300.0, 50e3)
    up = outlet_pressure(80 * BAR, 300.0, r, T, GAS, rise_m=400.0)
    back = outlet_pressure(up, 300.0, r, T, GAS, rise_m=-400.0)
    level = outlet_pressure(80 * BAR, 300.0, r_of(300.0), T, GAS)
    assert float(back) == pytest.approx(float(level), rel=3e-3)


def test_losses_of_fittings_add_to_those_of_the_pipe():
    plain = resistance(300.0, 1.0, 1e3, 1e-5, viscosity_pa_s=1.2e-5)
    with_losses = resistance(300.0, 1.0, 1e3, 1e-5, viscosity_pa_s=1.2e-5, loss_coefficient=2.0)
    assert float(with_losses - plain) == pytest.approx(2.0 / (np.pi / 4) ** 2)


def test_linepack_of_the_data_sheet():
    """890 km of 1420 mm at 86 bar hold 138 mcm, and 1.86 mcm more per bar."""
    volume = np.pi / 4 * 1.387**2 * 890e3
    at = [float(linepack(p * BAR, p * BAR, volume, T, GAS)) / 0.689714e6 for p in (86, 87)]
    assert at[0] == pytest.approx(138, rel=0.01)
    assert at[1] - at[0] == pytest.approx(1.86, rel=0.05)


def test_mean_pressure_lies_between():
    assert 70 * BAR < float(mean_pressure(98 * BAR, 70 * BAR)) < 98 * BAR
    assert float(mean_pressure(98 * BAR, 70 * BAR)) > 84 * BAR
