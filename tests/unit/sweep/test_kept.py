"""What is kept of a case is what a run of its scenario has."""

import numpy as np
import pytest

from corridor_sim.blocks import run_lanes
from corridor_sim.compiler import compile_plan
from corridor_sim.network import load_network
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate
from corridor_sim.sweep.file import Answer
from corridor_sim.sweep.kept import Kept, freight_columns

SHORT = {"run.start": "2025-01-01", "run.warm_up": "0 d", "run.end": "2025-01-20", "run.engine": "vector"}
SCENARIO = load_scenario("baseline-2025", overrides=SHORT)
NETWORK = load_network()


@pytest.fixture(scope="module")
def whole():
    plan = compile_plan(SCENARIO, network=NETWORK)

    def columns(kept):
        summary = run_lanes(plan, "vector", SCENARIO.run.seed, [0, 1], wanted=kept.wanted)
        return freight_columns(summary, kept, plan, SCENARIO, NETWORK)

    return columns


@pytest.fixture(scope="module")
def result():
    return simulate(SCENARIO, replications=2)


def test_everything_is_what_a_run_has_cost_and_emissions_included(whole, result):
    labels, values = whole(Kept(periods="months"))
    names = list(result.labels[["kpi", "subject", "period", "unit"]].astype(str).itertuples(index=False, name=None))
    assert sorted(labels) == sorted(names)
    assert any(label.kpi.startswith("cost_") for label in labels)
    order = [labels.index(name) for name in names]
    assert np.array_equal(values[:, order], result.values, equal_nan=True)


def test_the_whole_time_alone_years_and_months(whole):
    everything, years, months = (whole(Kept(periods=p))[0] for p in ("all", "years", "months"))
    assert {label.period for label in everything} == {"all"}
    assert {label.period for label in years} == {"all", "2025"}
    assert {label.period for label in months} == {"all", "2025", "2025-01"}


def test_some(whole):
    asked = Kept((Answer(kpi="cost_usd_per_t", subject="all"), Answer(kpi="queue_mean_h")))
    labels, values = whole(asked)
    assert {label.kpi for label in labels} == {"cost_usd_per_t", "queue_mean_h"}
    assert [label.subject for label in labels if label.kpi == "cost_usd_per_t"] == ["all"]
    assert values.shape == (2, len(labels))
    assert whole(Kept(())) == ((), pytest.approx(np.empty((2, 0))))


@pytest.mark.parametrize(
    "asked",
    [
        ("transit_mean_h", "all"),
        ("transit_p95_h", "route:west_truck_gap"),
        ("time_queueing_h", None),
        ("speed_without_delay_km_per_h", "all"),
        ("queue_mean_n", "place:TRK_AST"),
        ("queue_p95_h", None),
        ("utilisation_frac", "place:TRK_AST"),
        ("throughput_t", None),
        ("throughput_units", "terminal:AZ_AST"),
        ("throughput_consignments", None),
        ("border_time_p80_h", None),
    ],
)
def test_what_is_worked_out_alone_is_what_it_is_among_all(whole, result, asked):
    kpi, subject = asked
    labels, values = whole(Kept((Answer(kpi=kpi, subject=subject),), "months"))
    rows = result.labels[result.labels["kpi"] == kpi]
    if subject is not None:
        rows = rows[rows["subject"] == subject]
    names = list(rows[["kpi", "subject", "period", "unit"]].astype(str).itertuples(index=False, name=None))
    assert names, "the baseline knows what is asked"
    assert sorted(labels) == sorted(names)
    assert np.array_equal(values[:, [labels.index(n) for n in names]], result.values[:, rows.index], equal_nan=True)


def test_an_answer_of_one_month():
    kept = Kept((Answer(kpi="a", subject="b", period="2025-01"), Answer(kpi="c")))
    assert kept.has("a", "b", "2025-01")
    assert kept.has("a", "b", "all")
    assert not kept.has("a", "b", "2025-02")
    assert not kept.has("c", "b", "2025-01")


def test_has():
    assert Kept().has("a", "b", "all")
    assert not Kept().has("a", "b", "2025")
    assert Kept((Answer(kpi="a"),)).has("a", "b", "all")
    assert not Kept((Answer(kpi="a", subject="c"),)).has("a", "b", "all")
