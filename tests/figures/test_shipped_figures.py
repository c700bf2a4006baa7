"""Figures of all shipped scenarios can be read: nothing collides, nothing is cut."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import pytest

import corridor_sim as cs
from corridor_sim.analysis.comparison import compare
from corridor_sim.network import load_network
from corridor_sim.plots.comparison import comparison_figures
from corridor_sim.plots.gallery import FIGURES, GAS_FIGURES
from corridor_sim.plots.map import network_map
from corridor_sim.plots.result_view import ResultView
from corridor_sim.scenario import load_cases
from corridor_sim.simulation import simulate_cases
from tests.support.readable import faults
from tests.support.shipped import SHIPPED, WINTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from corridor_sim.results import RunResult

YEARS = {"corridor-2045": {"run.start": "2026-12-20", "run.warm_up": "12 d", "run.end": "2031-01-01"}}
"""Years enough for the figure of years."""
COMPARED = [name for name in SHIPPED if cs.load_scenario(name).comparison is not None]


@cache
def result_of(name: str) -> RunResult:
    horizon = YEARS.get(name) or WINTER.get(name, {})
    return cs.simulate(cs.load_scenario(name, overrides=horizon), replications=2)


def assert_all_readable(result: RunResult) -> None:
    drawings = {}
    if not result.stages.empty:
        drawings |= {name: partial(draw, ResultView(result)) for name, draw in FIGURES.items()}
    if result.gas is not None:
        drawings |= {name: partial(draw, result) for name, draw in GAS_FIGURES.items()}
    figures = {name: draw() for name, draw in drawings.items()}
    assert any(figure is not None for figure in figures.values())
    assert_no_faults(figures)


def assert_no_faults(figures: Mapping[str, Figure | None]) -> None:
    found = [f"{name}: {fault}" for name, figure in figures.items() if figure for fault in faults(figure)]
    assert not found, "\n".join(found)


def test_figures_of_the_baseline():
    assert_all_readable(result_of("baseline-2025"))


@pytest.mark.all_figures
@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "baseline-2025"])
def test_figures(name: str):
    assert_all_readable(result_of(name))


@pytest.mark.all_figures
@pytest.mark.parametrize("name", COMPARED)
def test_figures_of_comparisons(name: str):
    cases = load_cases(name, overrides=WINTER.get(name, {}))
    asked = next(iter(cases.values())).comparison
    found = compare(simulate_cases(cases, replications=2))
    figures = comparison_figures(found, asked.subjects or ("all",), asked.question)
    assert figures
    assert_no_faults(figures)


def test_the_map_of_the_network():
    assert faults(network_map(title="Freight corridor", network=load_network())) == []
