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
    # policies and shocks: three weeks around what they are about
    "payments": {"run.start": "2025-05-01", "run.warm_up": "5 d", "run.end": "2025-05-22"},
    "corridor-2045": {"run.start": "2027-12-20", "run.warm_up": "12 d", "run.end": "2028-01-20"},
}
"""Short horizons of scenarios that take long."""
