from __future__ import annotations

from .conftest import SMALL, Files


def test_costs_and_emission_factors(files: Files) -> None:
    text = SMALL + (
        "costs:\n  RAIL: {item: tariff, mode: rail, rate: {value: 0.016, unit: USD/tkm, range: [0.013, 0.02]}}\n"
        "emission_factors:\n  TRUCK: {item: truck, ttw: 77 g/tkm, wtw: 95 g/tkm}\n"
    )
    scenario = files.load(text)
    assert scenario.costs["RAIL"].rate.unit == "USD/tkm"
    assert scenario.costs["RAIL"].rate.range == (0.013, 0.02)
    factor = scenario.emission_factors["TRUCK"]
    assert factor.wtw is not None
    assert (factor.wtw.value, factor.wtt) == (95, None)
