"""The figure of many years."""

from pathlib import Path

import pytest

from corridor_sim.analysis.year_by_year import route_table
from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.route_years import draw_route_years
from corridor_sim.plots.years import BOUNDS, draw_years
from corridor_sim.report.page import write_report
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate
from tests.support.readable import assert_readable


@pytest.fixture(scope="module")
def years() -> ResultView:
    changes = {
        "run.start": "2025-12-01", "run.end": "2029-01-01", "run.warm_up": "31 d",
        "demand.by_route": {"samur": {2026: 1.2, 2028: 2.4}},
    }  # fmt: skip
    return ResultView(simulate(load_scenario("tiny", overrides=changes), replications=2))


def test_places_by_years_with_their_loads(years: ResultView) -> None:
    figure = draw_years(years)
    assert figure is not None
    cells = figure.axes[-1]
    summary = years.result.summary().set_index(["kpi", "subject", "period"])["mean"]
    expected = [summary["offered_load_frac", "place:CUSTOMS", year] for year in ("2026", "2027", "2028")]
    names = [t.get_text() for t in cells.get_yticklabels()]
    row = next(k for k, name in enumerate(names) if name.startswith(years.place_name("CUSTOMS")[:20]))
    assert cells.images[0].get_array()[row].tolist() == pytest.approx(expected)
    over = {f"{100 * x:.0f}" for x in expected if x >= BOUNDS[3]}
    assert over
    assert over <= {t.get_text() for t in cells.texts}
    assert_readable(figure)


PRICES = """
costs:
  RAIL: {item: rail, rate: 0.02 USD/tkm}
charges:
  rail: {cost: RAIL, kind: transport, on: rail}
"""


def test_routes_by_years_with_intervals(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(load_scenario("tiny").resolved_yaml() + PRICES, encoding="utf-8")
    changes = {"run.start": "2025-01-01", "run.warm_up": "0 d", "run.end": "2028-01-01"}
    view = ResultView(simulate(load_scenario(path, overrides=changes), replications=2))
    figure = draw_route_years(view)
    assert figure is not None
    table = route_table(view.result)
    assert list(figure.axes[1].lines[0].get_ydata()) == pytest.approx(table["cost_usd_per_t"].tolist())
    assert_readable(figure)
    page = report_text(view, tmp_path)
    assert '<section id="route-years">' in page


def report_text(view: ResultView, folder: Path) -> str:
    return write_report(view.result, folder).read_text(encoding="utf-8")


def test_what_is_not_charged_has_no_figure_by_route(years: ResultView) -> None:
    assert draw_route_years(years) is None


def test_one_year_has_no_figure_of_years(view: ResultView) -> None:
    assert draw_years(view) is None
