"""Figures of a comparison: years where there are years, else differences of all routes."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from corridor_sim.analysis.comparison import Comparison, compare
from corridor_sim.plots.comparison import CASE_STYLES, comparison_figures
from corridor_sim.results import RunResult
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate
from tests.support.readable import written


@pytest.fixture(scope="module")
def runs() -> dict[str, RunResult]:
    changes = {"as it stands": {}, "more": {"demand.growth": 1.3}, "less": {"demand.growth": 0.8}}
    return {name: simulate(load_scenario("tiny", overrides=c), replications=3) for name, c in changes.items()}


def over_years(result: RunResult, n: int) -> RunResult:
    """The same month, as if it had been so many years, each a little longer."""
    whole = (result.labels["period"] == "all").to_numpy()
    labels = [result.labels[whole].assign(period=p) for p in ("all", *(str(2026 + k) for k in range(n)))]
    values = [result.values[:, whole] * (1 + 0.1 * k) for k in range(n + 1)]
    return replace(result, labels=pd.concat(labels, ignore_index=True), values=np.hstack(values))


def found(runs: dict[str, RunResult], n_years: int) -> Comparison:
    return compare({name: over_years(r, n_years) for name, r in runs.items()})


def overlaps(figure) -> list[tuple[str, str]]:
    boxes = written(figure)
    return [(a, b) for (a, box), (b, other) in combinations(boxes, 2) if box.overlaps(other)]


@pytest.mark.parametrize("n_years", [3, 10, 20])
def test_lines_by_year(runs, n_years):
    comparison = found(runs, n_years)
    figures = comparison_figures(comparison, ["route:samur"], "What do thirty per cent more change?")
    figure = figures["comparison-route-samur"]
    upper = figure.axes[0]
    more = next(line for line in upper.lines if line.get_label() == "more")
    means = comparison.means.query("case == 'more' and kpi == 'transit_mean_h' and subject == 'route:samur'")
    np.testing.assert_allclose(more.get_ydata(), means.query("period != 'all'")["mean"] / 24)
    assert not overlaps(figure)


def test_a_difference_that_may_be_none_is_an_open_marker(runs):
    same = compare({name: over_years(runs["more"], 3) for name in ("a", "b")})
    lower = comparison_figures(same, ["all"])["comparison-all"].axes[1]
    markers = [line for line in lower.lines if line.get_marker() == CASE_STYLES[1][2] and len(line.get_xdata())]
    assert [line.get_markerfacecolor() for line in markers] == ["white"]


def test_one_year_shows_the_differences_of_all_routes(runs):
    figure = comparison_figures(compare(runs), ["flow:BOXES"])["comparison"]
    names = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert names == ["flow BOXES", "All cargo of the corridor", "Samur"]
    assert not overlaps(figure)
