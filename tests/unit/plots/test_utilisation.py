"""Utilisation by place and month."""

from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.utilisation import FRAME, draw_utilisation
from tests.support.readable import assert_readable, written


def frames(figure):
    patches = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    return sum(to_hex(p.get_edgecolor()) == FRAME for p in patches)


def test_busiest_first_with_numbers(view):
    figure = draw_utilisation(view)
    assert_readable(figure)
    share = view.means("utilisation_frac", "place").sort_values(ascending=False)
    labels = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert labels[0] == "Customs, Yalama"
    assert len(labels) == 3
    assert f"{100 * share.iloc[0]:.0f}" in [text for text, _ in written(figure)]
    assert frames(figure) == 0


def test_overload_is_framed(with_kpis):
    figure = draw_utilisation(with_kpis({("offered_load_frac", "place:CUSTOMS"): 1.3}))
    assert frames(figure) == 1
    assert any("Amber frame" in text for text, _ in written(figure))


def test_long_runs_have_a_column_a_year(result, network):
    months = [f"{y}-{m:02}" for y in range(2025, 2029) for m in range(1, 13)]
    chosen = result.labels["kpi"].isin(["utilisation_frac", "offered_load_frac"]) & (result.labels["period"] == "all")
    rows, values = result.labels[chosen], result.values[:, chosen.to_numpy()]
    periods = ["all", "2025", "2026", "2027", "2028", *months]
    labels = pd.concat([rows.assign(period=p) for p in periods], ignore_index=True)
    long = replace(result, labels=labels, values=values.repeat(1, axis=0)[:, list(range(len(rows))) * len(periods)])
    figure = draw_utilisation(ResultView(long, network))
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == ["2025", "2026", "2027", "2028", "all"]


@pytest.mark.parametrize("periods", [["all"], ["all", "2025"]])
def test_without_months_there_are_years_or_the_whole(of_periods, periods):
    figure = draw_utilisation(of_periods(periods))
    assert_readable(figure)
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == [*periods[1:], "all"]
    assert "place, period:" in [text for text, _ in written(figure)]


def test_nothing_used(nothing, network):
    assert draw_utilisation(ResultView(nothing, network)) is None
