"""Every shipped scenario has the same times on every engine, to the bit."""

import pytest
import yaml

import corridor_sim as cs
from corridor_sim.engines.registry import ENGINES
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.verification import Verification
from tests.support.shipped import SHIPPED, WINTER
from tests.support.wrong_engines import TickLate

REFERENCE = "des"
OTHERS = sorted(set(ENGINES) - {REFERENCE})
WITH_FREIGHT = [name for name in SHIPPED if cs.load_scenario(name).flows]


def told(done: Verification) -> str:
    return f"{done.verdict}\n{done.first}"


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("name", WITH_FREIGHT)
def test_engines_agree(name, engine):
    scenario = cs.load_scenario(name, overrides=WINTER.get(name, {}))
    n = 1 if name in WINTER else min(scenario.run.replications, 5)
    done = cs.verify(scenario, replications=n, reference=REFERENCE, engine=engine)
    assert done.agrees, told(done)
    assert done.n_events > 1000


@pytest.mark.slow
@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("name", sorted(WINTER))
def test_engines_agree_over_the_whole_horizon(name, engine):
    scenario = cs.load_scenario(name)
    for seed in (scenario.run.seed, 1):
        done = cs.verify(scenario, replications=2, seed=seed, reference=REFERENCE, engine=engine)
        assert done.agrees, told(done)


@pytest.mark.slow
@pytest.mark.parametrize("engine", OTHERS)
def test_engines_agree_under_every_named_override_of_the_baseline(engine):
    text = (data_dir("scenarios") / "baseline-2025.yaml").read_text(encoding="utf-8")
    names = list(yaml.safe_load(text)["overrides"])
    for name in names:
        scenario = cs.load_scenario("baseline-2025", overrides=WINTER["baseline-2025"], named_overrides=[name])
        done = cs.verify(scenario, replications=1, reference=REFERENCE, engine=engine)
        assert done.agrees, f"{name}: {told(done)}"


@pytest.mark.parametrize("name", ["tiny", "baseline-2025"])
def test_a_tick_too_late_would_be_found(name):
    done = cs.verify(cs.load_scenario(name, overrides=WINTER.get(name, {})), replications=1, engine=TickLate())
    assert not done.agrees
    assert done.first is not None
    assert done.first.what == "departure"
