"""Feasibility of one string: what moves it, which way."""

import numpy as np

from corridor_sim.gas.feasibility import span_capacity, station_power


def test_closer_stations_and_more_pressure_carry_more():
    by_spacing = span_capacity(98e5, np.array([80e3, 120e3, 200e3]), 1.4)
    assert np.all(np.diff(by_spacing) < 0)
    by_pressure = span_capacity(np.array([54e5, 98e5, 118e5]), 120e3, 1.4)
    assert np.all(np.diff(by_pressure) > 0)


def test_power_grows_with_flow_and_ratio():
    assert station_power(98e5, 1.4, 1000.0) > station_power(98e5, 1.3, 1000.0) > station_power(98e5, 1.3, 900.0)
