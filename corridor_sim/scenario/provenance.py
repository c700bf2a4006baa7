"""Where a number comes from: source, grade, range and note, as they stand beside it in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GRADES = ("A", "B", "C")
PROVENANCE_KEYS = ("unit", "source", "grade", "range", "note")
PROVENANCE_SCHEMA: dict[str, Any] = {
    "unit": {"type": "string", "description": "Unit of the bare numbers beside it."},
    "source": {"type": ["string", "number"], "description": "Where the number comes from."},
    "grade": {"enum": list(GRADES), "description": "A official, B press or study, C estimate."},
    "range": {
        "type": "array",
        "items": {"type": ["number", "string"]},
        "minItems": 2,
        "maxItems": 2,
        "description": "Lowest and highest plausible value, in the unit of the value.",
    },
    "note": {"type": ["string", "number"], "description": "Free remark."},
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What stands beside a value: source, grade, range (canonical) and note."""

    source: str | None = None
    grade: str | None = None
    range: tuple[float, float] | None = None
    note: str | None = None
