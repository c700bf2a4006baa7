"""Figures of sweeps, from runs of the tiny corridor."""

import pytest

from corridor_sim.plots.sweep_gallery import draw_sensitivity, save_sweep_figures, sensitivity_table
from corridor_sim.results.sweep_answers import answers_of
from corridor_sim.sweep import run_sweep
from tests.support.sweeps import SMALL, write_sweep

UNIFORM = {"scale": True, "distribution": {"uniform": [0.8, 1.2]}}
SPREAD = {"growth": {"path": "demand.growth"} | UNIFORM, "customs": {"path": "queues.CUSTOMS.service"} | UNIFORM}
ONE = {"growth": SMALL["parameters"]["growth"]}
THREE = SMALL["parameters"] | {"crane": {"path": "queues.CRANE.servers", "values": [1, 2]}}


def swept(folder, **changes):
    return run_sweep(write_sweep(folder, replications=2, **changes), out=folder / "out")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"response", "heat-transit-mean-h-all", "sensitivity-transit-mean-h-all"}),
        ({"parameters": ONE}, {"response", "sensitivity-transit-mean-h-all"}),
        ({"parameters": THREE}, {"heat-transit-mean-h-all", "sensitivity-transit-mean-h-all"}),
        ({"parameters": SPREAD, "design": {"lhs": {"n": 6}}}, {"sensitivity-transit-mean-h-all"}),
        ({"parameters": SPREAD, "design": {"sobol": {"n": 6}}}, {"sensitivity-transit-mean-h-all"}),
        ({"parameters": SPREAD, "design": {"morris": {"trajectories": 3}}}, {"sensitivity-transit-mean-h-all"}),
        ({"parameters": SPREAD, "design": {"saltelli": {"n": 4}}}, {"sensitivity-transit-mean-h-all"}),
        ({"parameters": SPREAD, "design": {"lhs": {"n": 2}}}, set()),  # too few for a fit
        ({"design": {"cases": [{"officers": 1, "growth": 1.0}]}}, set()),
    ],
    ids=["two", "one", "three", "lhs", "sobol", "morris", "saltelli", "too-few", "cases"],
)
def test_every_design_has_the_figures_that_fit_it(tmp_path, changes, expected):
    paths = save_sweep_figures(swept(tmp_path, **changes))
    assert {p.stem for p in paths} == expected
    assert all(p.stat().st_size > 1000 for p in paths)


def test_the_sensitivity_of_a_product(tmp_path):
    result = swept(tmp_path)
    (answer,) = answers_of(result)
    table = sensitivity_table(result, answer)
    assert list(table["parameter"]) == ["officers", "growth"]
    assert table["effect"][0] < 0 < table["effect"][1]  # officers help, cargo hinders
    figure = draw_sensitivity(result, answer)
    assert "days to Baku" in figure.texts[0].get_text()
    labels = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert labels[0].startswith("officers\n1 to 3")
