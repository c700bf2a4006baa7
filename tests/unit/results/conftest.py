import pytest

from corridor_sim.engines.registry import get_engine
from tests.support.parts import (
    Flow,
    Form,
    Formation,
    Gather,
    Hold,
    Place,
    Queue,
    Sail,
    Ship,
    Split,
    Travel,
    gamma,
    poisson_flow,
)
from tests.support.plans import make_plan
from tests.support.running import collect, run

MANIFEST = {"case_id": "test", "scenario": "test", "seed": 1}


@pytest.fixture(scope="package")
def plan():
    gate = Place("gate", servers=2)
    stages = [
        Form(Formation("train", 2, 5.0)),
        Split(2),
        Queue(gate, gamma(2.0, 0.5)),
        Gather(),
        Sail(Ship("ship", (100.0, 700.0), 50.0)),
    ]
    flows = [
        poisson_flow("A", 0.05, 744.0, stages=stages, route="west"),
        Flow("B", at=[1.0, 300.0], stages=[Hold(1.0), Travel(4.0)], route="east", direction="north"),
    ]
    return make_plan(flows=flows, end_h=744.0, warm_up_h=48.0, journeys=[("j", [0, 1, 2], True)])


@pytest.fixture(scope="package")
def runs(plan):
    return [run(get_engine("des"), plan, replication=r) for r in range(3)]


@pytest.fixture(scope="package")
def result(plan, runs):
    import pandas as pd

    trace = pd.concat([done.trace for done in runs], ignore_index=True)
    return collect(plan, [done.summary for done in runs], dict(MANIFEST), trace=trace, scenario_yaml="name: test\n")
