"""Compiled plans as text: a change of a plan shows as a diff. UPDATE_GOLDEN=1 writes them anew."""

import json
import os
from dataclasses import fields
from pathlib import Path

import pytest

import corridor_sim as cs
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.plan.plan import Plan
from corridor_sim.plan.tables import Ragged, Table

HERE = Path(__file__).parent
SHIPPED = sorted(data_dir("scenarios").glob("*.yaml"))
SCENARIOS = [*SHIPPED, HERE / "everything.yaml"]
AS_TEXT = [path for path in SCENARIOS if path.stem in {"baseline-2025", "tiny", "everything", "gas-ramp"}]
"""Kept whole; of the others, which share most of the baseline, only the digest."""
DIGESTS = HERE / "digests.json"


def compiled(path: Path) -> Plan:
    return cs.compile_plan(cs.load_scenario(path))


@pytest.mark.parametrize("path", AS_TEXT, ids=lambda p: p.stem)
def test_plan_equals_its_golden_text(path: Path) -> None:
    golden = HERE / f"{path.stem}.plan.txt"
    text = compiled(path).dump()
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert golden.is_file(), f"no golden plan for {path.stem}: run with UPDATE_GOLDEN=1 and look at what it writes"
    expected = golden.read_text(encoding="utf-8")
    if text != expected:
        changed = [(a, b) for a, b in zip(expected.splitlines(), text.splitlines(), strict=False) if a != b][:5]
        pytest.fail(f"the plan of {path.stem} changed; first differences: {changed}")


def test_plans_have_their_golden_digests() -> None:
    found = {path.stem: compiled(path).digest for path in SHIPPED if path not in AS_TEXT}
    if os.environ.get("UPDATE_GOLDEN"):
        DIGESTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(DIGESTS.read_text(encoding="utf-8"))


def test_every_column_of_every_table_is_used_by_some_golden_plan() -> None:
    """A column that never differs from empty or zero is not tested by any golden plan."""
    untouched = {}
    for path in SCENARIOS:
        plan = compiled(path)
        for f in fields(plan):
            table = getattr(plan, f.name)
            if not isinstance(table, Table):
                continue
            for column in fields(table):
                key = f"{f.name}.{column.name}"
                values = getattr(table, column.name)
                values = values.values if isinstance(values, Ragged) else values
                untouched[key] = untouched.get(key, True) and not any(v not in ("", 0) for v in values)
    assert [key for key, never in untouched.items() if never] == []


def test_digest_is_the_same_in_two_compilations_and_changes_with_a_number() -> None:
    path = HERE / "everything.yaml"
    first, again = compiled(path), compiled(path)
    assert first.digest == again.digest
    other = cs.compile_plan(cs.load_scenario(path, overrides={"queues.FLEET.servers": 6}))
    assert other.digest != first.digest
