"""The scenarios that come with the package, and cuts of those that take long."""

from __future__ import annotations

from corridor_sim.foundation.shipped import data_dir

SHIPPED = sorted(p.stem for p in data_dir("scenarios").glob("*.yaml"))
WINTER = {
    "baseline-2025": {"run.start": "2024-12-10", "run.warm_up": "22 d", "run.end": "2025-02-10"},
    # the railway opens in the middle of it
    "rasht-astara-opening": {"run.start": "2029-12-10", "run.warm_up": "22 d", "run.end": "2030-02-10"},
    "border-reform": {"run.start": "2025-12-10", "run.warm_up": "22 d", "run.end": "2026-02-10"},
    "gap-trucks": {"run.start": "2024-12-10", "run.warm_up": "22 d", "run.end": "2025-02-10"},
    # several programmes of 2028 are there
    "corridor-2045": {"run.start": "2027-12-10", "run.warm_up": "22 d", "run.end": "2028-02-10"},
}
"""Two months of winter: ice, holidays, works and the turn of the year."""
