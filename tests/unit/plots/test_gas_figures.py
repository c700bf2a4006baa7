"""Figures of the gas pipeline: drawn from what a result folder holds, readable, left out of freight runs."""

import pytest

from corridor_sim.plots.gallery import GAS_FIGURES, save_figures
from corridor_sim.plots.gas_feasibility import draw_gas_feasibility
from corridor_sim.plots.gas_limits import draw_gas_limits
from corridor_sim.plots.gas_phases import draw_gas_phases
from corridor_sim.plots.gas_profile import draw_gas_profile
from corridor_sim.plots.gas_ramp import draw_gas_ramp
from corridor_sim.results import load_result
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate
from tests.support.readable import assert_readable, written

NAMES = ["gas-ramp", "gas-phases", "gas-limits", "gas-profile", "gas-feasibility"]


@pytest.fixture(scope="module")
def gas(tmp_path_factory):
    result = simulate(load_scenario("gas-ramp"), replications=3)
    return load_result(result.save(tmp_path_factory.mktemp("gas") / "out"))


@pytest.mark.parametrize("draw", [draw_gas_feasibility, draw_gas_limits, draw_gas_phases])
def test_texts_do_not_touch(gas, draw):
    assert_readable(draw(gas))


def test_the_ramp_names_its_lines_and_phases(gas):
    texts = [text for text, _ in written(draw_gas_ramp(gas))]
    assert {"nominated", "capacity", "delivered"} <= set(texts)
    assert "fiftyfive: 55 bcm/yr" in texts


def test_the_profile_has_a_panel_per_line_and_a_curve_per_phase(gas):
    figure = draw_gas_profile(gas)
    assert [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")] == ["new line", "existing line"]
    legend = figure.axes[0].get_legend()
    assert len(legend.get_texts()) == 3


def test_the_gallery_draws_them_all_and_none_of_freight(gas, tmp_path):
    paths = save_figures(gas, tmp_path)
    assert list(GAS_FIGURES) == NAMES
    assert [p.name for p in paths] == [f"{name}{ending}" for name in NAMES for ending in (".png", ".svg")]


def test_a_freight_run_has_none_of_them(result):
    assert all(draw(result) is None for draw in GAS_FIGURES.values())
