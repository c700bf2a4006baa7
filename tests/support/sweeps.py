"""A small sweep of the tiny corridor, as a file."""

from pathlib import Path
from typing import Any

import yaml

SMALL: dict[str, Any] = {
    "schema_version": 1,
    "name": "small",
    "base": "tiny",
    "changes": {"run.engine": "des", "run.end": "2025-03-15"},
    "parameters": {
        "officers": {"path": "queues.CUSTOMS.servers", "values": [1, 2, 3]},
        "growth": {"path": "demand.growth", "range": {"from": 0.8, "to": 1.2, "step": 0.2}},
    },
    "replications": 3,
    "kpis": [
        {"kpi": "transit_mean_h", "subject": "all", "name": "days to Baku", "unit": "d", "better": "low"},
        {"kpi": "queue_mean_h"},
    ],
}


def write_sweep(folder: Path, **changes: Any) -> Path:
    """Write the small sweep with top-level keys replaced; None leaves a key out."""
    content = {key: value for key, value in (SMALL | changes).items() if value is not None}
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path
