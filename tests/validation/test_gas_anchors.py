"""Lines that exist carry, in the model, what they are known to carry (data sheet: grades A and B)."""

import pytest

from corridor_sim.foundation.gas_volumes import bcm_per_year_of_kg_per_s
from corridor_sim.gas.feasibility import AVAILABILITY, span_capacity, station_power
from corridor_sim.gas.pipe import flow_between
from corridor_sim.gas.properties import reference_gas

BAR, KM = 1e5, 1e3


@pytest.mark.parametrize(
    ("name", "bar", "spacing_km", "bore_m", "roughness_m", "celsius", "low", "high"),
    [
        ("Ukhta-Torzhok-2, 45 bcm/y", 98, 120, 1.387, 10e-6, 15, 43, 48),
        ("Bovanenkovo-Ukhta string, 57.5", 118, 138, 1.387, 10e-6, 5, 51, 58),
        ("Yamal-Europe, 33", 84, 143, 1.387, 30e-6, 15, 31, 34),
        ("Power of Siberia, 38", 98, 240, 1.387, 10e-6, 5, 32, 38),
        ("TANAP, 31", 95, 269, 1.387, 10e-6, 15, 28, 31),
    ],
)
def test_yearly_capacity_at_ratios_of_practice(name, bar, spacing_km, bore_m, roughness_m, celsius, low, high):
    """Bovanenkovo and Power of Siberia lie in permafrost, the others are taken at 15 degrees."""
    carried = [
        float(
            span_capacity(
                bar * BAR,
                spacing_km * KM,
                r,
                diameter_m=bore_m,
                roughness_m=roughness_m,
                temperature_k=273.15 + celsius,
            )
        )
        for r in (1.35, 1.45)
    ]
    assert low - 0.5 <= carried[0] < carried[1] <= high + 0.5, (name, carried)


@pytest.mark.parametrize(
    ("length_km", "bore_m", "carried"),
    [
        (480, 1.195, (9.2, 5.9, 5.4, 3.7, 2.9)),
        (200, 1.195, (14.3, 9.2, 8.4, 5.8, 4.6)),
        (210, 0.996, (8.7, 5.6, 5.1, 3.5, 2.8)),
    ],
)
def test_the_existing_line_by_section(length_km, bore_m, carried):
    for (inlet, outlet), bcm in zip([(54, 25), (40, 25), (35, 20), (25, 15), (20, 12)], carried, strict=True):
        flow = flow_between(
            inlet * BAR, outlet * BAR, bore_m, length_km * KM, 50e-6, 288.15, reference_gas(), efficiency=0.95
        )
        assert AVAILABILITY * float(bcm_per_year_of_kg_per_s(flow)) == pytest.approx(bcm, rel=0.02, abs=0.06)


@pytest.mark.parametrize(("ratio", "bcm", "mw"), [(1.25, 38.5, 31), (1.35, 43.8, 48), (1.45, 47.6, 66)])
def test_one_string_at_98_bar_and_its_stations(ratio, bcm, mw):
    carried = float(span_capacity(98 * BAR, 120 * KM, ratio))
    assert carried == pytest.approx(bcm, rel=0.01)
    flow = carried / AVAILABILITY * 21.871
    assert float(station_power(98 * BAR, ratio, flow)) / 1e6 == pytest.approx(mw, rel=0.03)
