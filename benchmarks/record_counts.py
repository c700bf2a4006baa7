"""Write the counts of this commit into ``counts.json``: ``python -m benchmarks.record_counts``."""

import json
from pathlib import Path

from corridor_sim.bench.groups.counted import all_counts

FILE = Path(__file__).with_name("counts.json")


def recorded() -> dict[str, dict[str, int]]:
    """Counts on record, by engine and workload."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def main() -> None:
    FILE.write_text(json.dumps(all_counts(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
