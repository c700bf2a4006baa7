import numpy as np
import pandas as pd
import pytest

from corridor_sim.results.collect import collect
from corridor_sim.results.reductions.stages import STAGE_COLUMNS


def test_values_are_labelled(result, runs):
    row = result.labels[
        (result.labels["kpi"] == "throughput_t")
        & (result.labels["subject"] == "flow:A")
        & (result.labels["period"] == "all")
    ]
    assert len(row) == 1
    assert row["unit"].item() == "t"
    for r, done in enumerate(runs):
        block = next(b for b in done.kpis if b.kpi == "throughput_t" and "flow:A" in b.subjects)
        assert result.values[r, row.index[0]] == block.values[block.subjects.index("flow:A"), 0]


def test_labels_are_unique(result):
    assert not result.labels.duplicated(["kpi", "subject", "period"]).any()
    assert result.values.shape == (3, len(result.labels))


def test_the_order_in_which_lanes_finish_does_not_matter(plan, runs, result):
    shuffled = collect(plan, [runs[i].summary for i in (2, 0, 1)], {})
    assert shuffled.replications == (0, 1, 2)
    assert np.array_equal(shuffled.values, result.values, equal_nan=True)
    pd.testing.assert_frame_equal(shuffled.stages, result.stages)


def test_stages(result, plan, runs):
    assert len(result.stages) == 3 * len(plan.stages)
    first = result.stages[result.stages["replication"] == 1].reset_index(drop=True)
    assert first["stage_id"].tolist() == list(plan.stages.id)
    assert first["place_id"].tolist() == ["train", "", "gate", "", "ship", "", ""]
    assert first["flow_id"].tolist() == ["A"] * 5 + ["B"] * 2
    assert np.array_equal(first[list(STAGE_COLUMNS)].to_numpy(), runs[1].summary.stages[0], equal_nan=True)
    assert first["utilisation_frac"].notna().tolist() == [False, False, True, False, False, False, False]


def test_queues_by_place_and_date(result):
    assert result.queues["place"].unique().tolist() == ["gate"]
    assert result.queues["date"].tolist() == pd.date_range("2025-01-01", periods=31).tolist()
    assert (result.queues["p05"] <= result.queues["mean"]).all()


def test_transit_times_are_all_replications_together(result, runs):
    rows = result.transit_times[result.transit_times["subject"] == "all"]
    assert rows["count"].sum() == sum(done.summary.transit_counts[0, -1].sum() for done in runs)
    assert (rows["high_h"] - rows["low_h"] == 12).all()
    assert (result.transit_times["count"] > 0).all()


def test_journeys(result):
    assert result.journeys["journey_id"].tolist() == ["j"] * 3
    assert result.journeys["replication"].tolist() == [0, 1, 2]
    assert result.journeys["n"].min() > 0


def test_a_horizon_that_starts_within_a_month():
    from corridor_sim.engines.registry import get_engine
    from tests.support.parts import Flow, Place, Queue
    from tests.support.plans import make_plan
    from tests.support.running import run

    plan = make_plan(
        flows=[Flow("A", at=[5.0], stages=[Queue(Place("g"), 1.0)])], end_h=72.0, start="2025-01-30T00:00:00+00:00"
    )
    result = collect(plan, [run(get_engine("des"), plan).summary], {"case_id": "x"})
    assert result.queues["date"].tolist() == pd.date_range("2025-01-30", periods=3).tolist()
    assert set(result.labels["period"]) == {"all", "2025", "2025-01", "2025-02"}


@pytest.mark.parametrize("n", [1, 3])
def test_any_number_of_replications(plan, runs, n):
    assert len(collect(plan, [done.summary for done in runs[:n]], {"case_id": "x"}).summary()) > 100
