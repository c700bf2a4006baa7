"""What users rely on. A change here is a change of the contract: say so in CHANGELOG.md."""

import inspect
from dataclasses import fields

import pytest

import corridor_sim as cs
from corridor_sim.results import RunResult

PUBLIC = {
    "Equilibrium", "RunResult", "SweepResult", "__version__", "compare", "compile_plan", "find_equilibrium",
    "load_network", "load_result", "load_scenario", "load_sweep", "run_sweep", "simulate", "verify",
}  # fmt: skip
SIGNATURES = {
    "simulate": "scenario *engine *replications *seed *workers *trace *max_memory_mib *chunk *progress *network "
    "*coupling",
    "find_equilibrium": "scenario *engine *replications *seed *workers *max_memory_mib *iterations *gap *start "
    "*progress *network",
    "load_scenario": "path *overrides *named_overrides",
    "load_result": "folder",
    "load_sweep": "folder",
    "run_sweep": "path *out *workers *dask *resume *replace *recompute *yes *fail_fast *progress",
    "load_network": "folder",
    "compare": "results reference *months *confidence",
    "compile_plan": "scenario *network",
    "verify": "scenario *replications *seed *workers *reference *engine *progress *network",
}


def test_names():
    assert set(cs.__all__) == PUBLIC
    assert set(dir(cs)) >= PUBLIC
    assert all(getattr(cs, name) is not None for name in PUBLIC)


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures(name):
    parameters = inspect.signature(getattr(cs, name)).parameters.values()
    text = " ".join(("*" if p.kind is p.KEYWORD_ONLY else "") + p.name for p in parameters)
    assert text == SIGNATURES[name]


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match="has no attribute 'simulat'"):
        cs.simulat  # noqa: B018


def test_result():
    names = {f.name for f in fields(RunResult)} | {n for n in vars(RunResult) if not n.startswith("_")}
    assert names >= {
        "kpis",
        "summary",
        "stages",
        "gas",
        "trace",
        "save",
        "manifest",
        "calibration",
        "queues",
        "journeys",
    }


def test_the_simulate_name_is_the_function_whatever_was_imported_before():
    """`import corridor_sim.simulation` must not hide `cs.simulate`."""
    import corridor_sim.simulation

    assert cs.simulate is corridor_sim.simulation.simulate
