"""The gate: deterministic counts of the engines beside those on record in ``counts.json``. Times decide nothing."""

import pytest

from benchmarks.record_counts import FILE, recorded
from corridor_sim.bench.counts import exceeded
from corridor_sim.bench.groups.counted import all_counts

UPDATE = f"\nif the change is meant, record it: python -m benchmarks.record_counts (rewrites {FILE.name}), and say why"


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, int]]:
    return all_counts()


def test_no_count_grew(found: dict[str, dict[str, int]]) -> None:
    on_record = recorded()
    lines = [f"{what}: {line}" for what in found for line in exceeded(on_record.get(what, {}), found[what])]
    assert not lines, "\n".join(["counts grew:", *lines]) + UPDATE


def test_everything_on_record_is_still_counted(found: dict[str, dict[str, int]]) -> None:
    assert set(recorded()) <= set(found), UPDATE
