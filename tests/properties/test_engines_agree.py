"""Every engine gives the times of the reference to the bit, on random plans full of ties, several lanes at once."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, note, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from corridor_sim.engines.protocol import Engine
from corridor_sim.engines.registry import ENGINES, get_engine
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.plan.plan import Plan
from corridor_sim.results.events import LaneEvents
from tests.properties.strategies import plans
from tests.support.wrong_engines import FAULTS

REFERENCE = "des"
OTHERS = sorted(set(ENGINES) - {REFERENCE})
REPLICATIONS = (0, 1, 2)
seeds = st.integers(0, 99)


def differences(engine: Engine, plan: Plan, seed: int) -> list[str]:
    """Stages at which an engine differs from the reference, a line per lane, stage and time; none: the same bits."""
    lanes = draw_lanes(plan, RandomStreams(seed), REPLICATIONS)
    reference, other = (e.run(plan, lanes) for e in (get_engine(REFERENCE), engine))
    return [
        f"replication {r}, {plan.stages.id[s]}, {column}: {a.tolist()} in the reference, {b.tolist()} here"
        for row, r in enumerate(REPLICATIONS)
        for s, column, a, b in _by_stage(reference.lane(plan, lanes, row), other.lane(plan, lanes, row))
        if a.tobytes() != b.tobytes()
    ]


def _by_stage(a: LaneEvents, b: LaneEvents) -> list[tuple[int, str, np.ndarray, np.ndarray]]:
    return [
        (s, column, getattr(a, column)[a.rows(s)], getattr(b, column)[b.rows(s)])
        for s in range(a.ptr.size - 1)
        for column in ("arrive_h", "start_h", "depart_h")
    ]


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=300)
@given(plan=plans(), seed=seeds)
def test_an_engine_has_the_times_of_the_reference(name, plan, seed):
    note(plan.dump())
    assert differences(get_engine(name), plan, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=10_000)
@given(plan=plans(), seed=seeds)
def test_an_engine_has_the_times_of_the_reference_in_ten_thousand_plans(name, plan, seed):
    note(plan.dump())
    assert differences(get_engine(name), plan, seed) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(fault):
    """The plans are rich enough to show a misread rule; no more of them are tried than in the test above."""
    tried = settings(max_examples=300, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    try:
        find(st.tuples(plans(), seeds), lambda example: differences(fault(), *example) != [], settings=tried)
    except NoSuchExample:
        pytest.fail(f"{fault.__name__} was not found")
