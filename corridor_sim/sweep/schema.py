"""JSON Schema of sweep files, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_sim.scenario.schema import layout, tidy
from corridor_sim.sweep.file import SweepFile

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_FILE = "sweep.schema.json"
"""Name of the schema in the folder of the shipped sweeps."""


def sweep_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a sweep file."""
    schema = SweepFile.model_json_schema(by_alias=True)
    tidy(schema)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "corridor_sim sweep, schema_version 1"}
    return head | schema


def write_sweep_schema(folder: Path) -> Path:
    """Write the schema into a folder and return its path."""
    path = folder / SCHEMA_FILE
    path.write_text(layout(sweep_schema()), encoding="utf-8")
    return path
