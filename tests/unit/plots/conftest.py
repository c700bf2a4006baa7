"""A small result to draw: the shipped tiny corridor, run once, and variations of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from corridor_sim.network import Network, load_network
from corridor_sim.plots.result_view import ResultView
from corridor_sim.results import RunResult
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate

TARGETS = [
    # target, quantity, unit, low, mid, high, p05, p50, p95, set, measure
    ("T1", "Derbent to Baku, containers", "d", 2.0, 2.5, 3.0, 1.8, 2.4, 3.4, "calibration", "time_d"),
    ("T2", "Yalama border", "h", 4.0, None, 8.0, 5.0, 21.0, 60.0, "calibration", "dwell_h"),
    ("T3", "a year's tonnes", "Mt", 0.1, 0.2, 0.3, 0.05, 0.05, 0.05, "calibration", "flow_mt"),
    ("X1", "tonnes, other count", "Mt", 0.1, 0.2, 0.3, None, None, None, "crosscheck", "flow_mt"),
]


@pytest.fixture(scope="session")
def network() -> Network:
    return load_network()


@pytest.fixture(scope="session")
def result() -> RunResult:
    return simulate(load_scenario("tiny"), replications=3)


@pytest.fixture(scope="session")
def calibrated(result: RunResult) -> RunResult:
    columns = ["target", "quantity", "unit", "observed_low", "observed_mid", "observed_high", "p05", "p50", "p95"]
    table = pd.DataFrame(TARGETS, columns=[*columns, "set", "measure"]).assign(statistic="median", mean=float("nan"))
    table["inside"] = table["p50"].between(table["observed_low"], table["observed_high"])
    return replace(result, calibration=table.assign(grade="B"))


@pytest.fixture(scope="session")
def view(result: RunResult, network: Network) -> ResultView:
    return ResultView(result, network)


PRICES = """
costs:
  RAIL: {item: rail, rate: {value: 0.03, unit: USD/tkm, range: [0.025, 0.04]}}
  FEE: {item: fee, rate: {value: 100, unit: USD per truck or per 20 t rail lot}}
  VOT: {item: inventory, rate: {value: 0.12, unit: per year of cargo value}}
charges:
  rail: {cost: RAIL, kind: transport, on: rail}
  fee: {cost: FEE, kind: border, at: [CUSTOMS]}
  inventory: {cost: VOT, kind: time, during: trip}
"""


@pytest.fixture(scope="session")
def charged(network: Network, tmp_path_factory: pytest.TempPathFactory) -> ResultView:
    """The tiny corridor with prices."""
    path = tmp_path_factory.mktemp("charged") / "charged.yaml"
    path.write_text(load_scenario("tiny").resolved_yaml() + PRICES, encoding="utf-8")
    return ResultView(simulate(load_scenario(path), replications=3), network)


@pytest.fixture(scope="session")
def nothing(result: RunResult) -> RunResult:
    """A result of a run in which nothing happened."""
    labels = result.labels.iloc[:0]
    return replace(
        result,
        labels=labels,
        values=result.values[:, :0],
        stages=result.stages.iloc[:0],
        queues=result.queues.iloc[:0],
        transit_times=result.transit_times.iloc[:0],
        journeys=result.journeys.iloc[:0],
    )


@pytest.fixture(scope="session")
def of_periods(result: RunResult, network: Network) -> Callable[[list[str]], ResultView]:
    """Make a view of the result with the KPIs of some periods, as a run of thousands of replications keeps them."""

    def keep(periods: list[str]) -> ResultView:
        chosen = result.labels["period"].isin(periods).to_numpy()
        labels = result.labels[chosen].reset_index(drop=True)
        return ResultView(replace(result, labels=labels, values=result.values[:, chosen]), network)

    return keep


@pytest.fixture
def with_kpis(result: RunResult, network: Network) -> Callable[[dict[tuple[str, str], float]], ResultView]:
    """Make a view of the result with some KPIs of the whole time set to other values."""

    def change(source: RunResult, changes: dict[tuple[str, str], float]) -> ResultView:
        values = source.values.copy()
        labels = source.labels
        for (kpi, subject), value in changes.items():
            row = (labels["kpi"] == kpi) & (labels["subject"] == subject) & (labels["period"] == "all")
            assert row.any(), f"no KPI {kpi} of {subject}"
            values[:, row.to_numpy()] = value
        return ResultView(replace(source, values=values), network)

    return partial(change, result)
