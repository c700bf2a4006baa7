"""The scenarios that come with the package, and cuts of those that take long."""

from __future__ import annotations

from corridor_sim.foundation.shipped import data_dir

SHIPPED = sorted(p.stem for p in data_dir("scenarios").glob("*.yaml"))
WINTER = {
    # two months: ice, holidays, works and the turn of the year
    "baseline-2025": {"run.start": "2024-12-10", "run.warm_up": "22 d", "run.end": "2025-02-10"},
    # the others share most of it: a month around what they are about, the opening, the peak, the programmes of 2028
    "rasht-astara-opening": {"run.start": "2029-12-20", "run.warm_up": "12 d", "run.end": "2030-01-20"},
    "border-reform": {"run.start": "2025-12-20", "run.warm_up": "12 d", "run.end": "2026-01-20"},
    "gap-trucks": {"run.start": "2024-12-20", "run.warm_up": "12 d", "run.end": "2025-01-20"},
    "route-choice-2025": {"run.start": "2025-09-01", "run.warm_up": "30 d", "run.end": "2025-11-01"},
    # policies and shocks: weeks in which what they are about is there
    "payments": {"run.start": "2025-05-01", "run.warm_up": "5 d", "run.end": "2025-05-22"},
    "tariff-cut": {"run.start": "2029-11-20", "run.warm_up": "10 d", "run.end": "2029-12-10"},
    "caspian-low-water": {"run.start": "2028-10-01", "run.warm_up": "10 d", "run.end": "2028-10-21"},
    "ice-winter": {"run.start": "2025-12-10", "run.warm_up": "10 d", "run.end": "2026-01-01"},
    "east-west": {"run.start": "2025-10-01", "run.warm_up": "5 d", "run.end": "2025-10-18"},
    "bushehr-cargo": {"run.start": "2026-03-20", "run.warm_up": "10 d", "run.end": "2026-04-20"},
    "disruptions-2026": {"run.start": "2026-02-20", "run.warm_up": "10 d", "run.end": "2026-03-15"},
    "transit-fees": {"run.start": "2025-06-20", "run.warm_up": "5 d", "run.end": "2025-07-08"},
    "shahid-rajaee-closure": {"run.start": "2025-04-20", "run.warm_up": "10 d", "run.end": "2025-05-10"},
    "corridor-2045": {"run.start": "2027-12-20", "run.warm_up": "12 d", "run.end": "2028-01-20"},
}
"""Short horizons of scenarios that take long."""
POLICIES = (
    "payments", "tariff-cut", "caspian-low-water", "ice-winter", "east-west", "bushehr-cargo", "disruptions-2026",
    "shahid-rajaee-closure", "transit-fees",
)  # fmt: skip
"""Scenarios of policies and shocks: tests/examples/test_policy_scenarios.py runs them and pins what they say."""
