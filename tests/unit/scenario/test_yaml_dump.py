from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.scenario.yaml_dump import to_yaml
from corridor_sim.scenario.yaml_tree import Source, from_python, parse_yaml, plain

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=20),
    st.sampled_from(
        ["NO", "yes", "2025-01-01", "12:30", "1e3", "007", "~", "null", "", " x", "<<", "- a", "a: b", "#"]
    ),
)
KEYS = st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), min_size=1, max_size=12).filter(
    lambda key: key != "<<"
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_what_is_written_reads_the_same(value: dict[str, object]) -> None:
    tree = from_python(value, Source("f.yaml"))
    again, problems = parse_yaml(to_yaml(tree), Source("g.yaml"))
    assert not problems
    assert plain(again, free_keys=True) == value


def test_the_scenarios_own_facts_come_first() -> None:
    tree = from_python({"flows": {"b": 1, "a": "2025-01-01"}, "name": "x", "run": {"seed": 1}}, Source("f.yaml"))
    assert to_yaml(tree) == "name: x\nrun:\n  seed: 1\nflows:\n  b: 1\n  a: 2025-01-01\n"
