"""Every engine gives the times of the reference to the bit, on random plans full of ties, several lanes at once."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from corridor_sim.engines.protocol import Engine
from corridor_sim.engines.registry import DEFAULT_ENGINE, ENGINES, HELD_TO_ONE_WAY, get_engine
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.plan.plan import Plan
from corridor_sim.results.events import LaneEvents
from tests.properties.strategies import plans
from tests.support.wrong_engines import FAULTS

REFERENCE = "des"
OTHERS = sorted({*ENGINES, *HELD_TO_ONE_WAY} - {REFERENCE, DEFAULT_ENGINE})
REPLICATIONS = (0, 1, 2)


class Case:
    """A plan and a seed; shown as text that says what the plan is."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan, self.seed = plan, seed

    def __repr__(self) -> str:
        return f"seed {self.seed}, {self.plan.dump()}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return Case(draw(plans()), draw(st.integers(0, 99)))


def differences(engine: Engine, case: Case) -> list[str]:
    """Times at which an engine differs from the reference, a line each, earliest first; none: the same bits."""
    plan = case.plan
    lanes = draw_lanes(plan, RandomStreams(case.seed), REPLICATIONS)
    reference, other = (e.run(plan, lanes) for e in (get_engine(REFERENCE), engine))
    found = [
        (np.fmin(a, b), f"replication {r}, {plan.stages.id[s]}, row {k}, {column}: {a!r} in the reference, {b!r} here")
        for row, r in enumerate(REPLICATIONS)
        for s, column, k, a, b in _different(reference.lane(plan, lanes, row), other.lane(plan, lanes, row))
    ]
    return [line for _, line in sorted(found)]


def _different(a: LaneEvents, b: LaneEvents) -> Iterator[tuple[int, str, int, float, float]]:
    """Stage, column, row and both times wherever they differ."""
    for column in ("arrive_h", "start_h", "depart_h"):
        left, right = getattr(a, column), getattr(b, column)
        for at in np.flatnonzero(left.view(np.int64) != right.view(np.int64)).tolist():
            stage = int(np.searchsorted(a.ptr, at, side="right")) - 1
            yield stage, column, at - int(a.ptr[stage]), float(left[at]), float(right[at])


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=500)
@given(case=cases())
def test_an_engine_has_the_times_of_the_reference(name, case):
    assert differences(get_engine(name), case)[:5] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=10_000)
@given(case=cases())
def test_an_engine_has_the_times_of_the_reference_in_ten_thousand_plans(name, case):
    assert differences(get_engine(name), case)[:5] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(fault):
    """The plans are rich enough to show a misread rule; no more of them are tried than in the test above."""
    tried = settings(max_examples=500, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    try:
        find(cases(), lambda case: differences(fault(), case) != [], settings=tried)
    except NoSuchExample:
        pytest.fail(f"{fault.__name__} was not found")
