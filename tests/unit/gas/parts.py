"""A small gas plan to test with: one line of three sections, two phases, one year."""

from dataclasses import replace

import numpy as np

from corridor_sim.foundation.distributions import Distribution
from corridor_sim.plan.gas import GasEvents, GasLine, GasPhases, GasPlan

BAR = 1e5
FIXED = np.array(Distribution.fixed(0.0).parameters)


def line(**changes):
    """Sites a - b (station) - c - d, one string of 1420 mm from phase 1, a second one from phase 2."""
    stands = np.zeros((3, 3, 2), dtype=bool)
    stands[1:, :, 0] = True
    stands[2, :, 1] = True
    made = GasLine(
        id="main", name="main", site_idx=np.arange(4), length_m=np.array([100e3, 80e3, 60e3]), rise_m=np.zeros(3),
        strings=("one", "two"), diameter_m=np.array([1.387, 1.387]), roughness_m=np.array([1e-5, 1e-5]),
        efficiency=np.ones(2), stands=stands,
        limit_pa=np.where(stands.any(axis=2), 98 * BAR, 0.0),
        stations=("CS",), station_site=np.array([1]), station_phase=np.array([1]), n_units=np.array([3]),
        n_spare=np.array([1]), unit_power_w=np.array([16e6]), unit_out_frac=np.array([0.05]),
        unit_repair_h=np.array([120.0]), max_ratio=np.array([1.4]), compressor_efficiency=np.array([0.84]),
        driver_efficiency=np.array([0.34]), offtakes=("town",), offtake_site=np.array([2]),
        offtake_kg_per_s=np.full((1, 3, 12), 20.0), feed_pa=90 * BAR, delivery_pa=50 * BAR, least_pa=45 * BAR,
        station_loss_in_pa=1.3 * BAR, station_loss_out_pa=1.2 * BAR, friction="colebrook",
    )  # fmt: skip
    return replace(made, **changes)


def no_events():
    none = np.zeros(0, dtype=np.int64)
    return GasEvents((), (), none, none, none, none, np.zeros(0), np.zeros((0, 2), dtype=np.int64), np.zeros((0, 6)))


def event(cause="break", first=0, n=3, rate=2 / 8760, window=(1, 366), slot=0, hours=72.0):
    one = lambda x: np.array([x])  # noqa: E731
    return GasEvents(
        ("event",), (cause,), one(0), one(slot), one(first), one(n), one(rate), np.array([window]),
        np.array([Distribution.fixed(hours).parameters]),
    )  # fmt: skip


def plan(n_days=365, **changes):
    days = np.arange(n_days)
    date = np.datetime64("2025-01-01") + days
    made = GasPlan(
        name="small", start="2025-01-01T00:00:00+00:00", n_days=n_days,
        month=date.astype("datetime64[M]").astype(int) % 12,
        day_of_year=(date - date.astype("datetime64[Y]")).astype(int) + 1,
        year=date.astype("datetime64[Y]").astype(int) + 1970,
        sites=("a", "b", "c", "d"), site_km=np.array([0.0, 100, 180, 240]), lines=(line(),),
        phases=GasPhases(
            ("one", "two"), ("first", "second"), np.array([400.0, 900.0]), np.array([240.0, 4800.0]), np.zeros(2),
            np.zeros(2), np.array([Distribution.fixed(0.0).parameters, Distribution.fixed(48.0).parameters]),
            np.array([1e9, 2e9]),
        ),
        events=no_events(), delivery_phase=np.zeros(0, dtype=int), delivery_flow=np.zeros(0, dtype=int),
        meters=("border",), meter_site=np.array([3]),
        meter_kg_per_s=np.array([[np.inf, 900.0, 1500.0]]),
        nominated_kg_per_s=np.where(days < 200, 400.0, 900.0) * (days >= 10),
        planned_state=(days >= 10).astype(int) + (days >= 200), cold_rate_per_h=0.0, cold_window=np.array([1, 366]),
        cold_duration=FIXED, cold_nomination_factor=1.0, cold_offtake_factor=1.0, swap_kg_per_s=np.zeros(n_days),
        swap_is_netted=False, ground_k=np.full(12, 285.0), ambient_k=np.full(12, 285.0), loss_frac=0.003,
        opex_frac_per_year=0.03, fuel_usd_per_kg=0.15, gwp_methane=28.0,
    )  # fmt: skip
    return replace(made, **changes)
