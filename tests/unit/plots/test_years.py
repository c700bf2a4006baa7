"""The figure of many years."""

import pytest

from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.years import BOUNDS, draw_years
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


def test_one_year_has_no_figure_of_years(view: ResultView) -> None:
    assert draw_years(view) is None
