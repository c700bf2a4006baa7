import numpy as np
import pandas as pd
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.random_streams import RandomStreams
from corridor_sim.plan.lanes import draw_lanes
from corridor_sim.results import collect as collecting
from corridor_sim.results import kpi_values
from corridor_sim.results.collect import Collector, default_keep
from corridor_sim.results.reductions import reduce_lanes
from corridor_sim.results.reductions.stages import STAGE_COLUMNS
from tests.support.running import collect, run

TABLES = ("labels", "stages", "queues", "transit_times", "journeys")


def assert_same(a, b):
    assert a.replications == b.replications
    assert np.asarray(a.values).tobytes() == np.asarray(b.values).tobytes()
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(a, name), getattr(b, name), check_exact=True)


def block(plan, replications):
    """Several lanes in one block."""
    lanes = draw_lanes(plan, RandomStreams(1), replications)
    return reduce_lanes(plan, lanes, get_engine("des").run(plan, lanes))


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


@pytest.mark.parametrize("order", [(2, 0, 1), (1, 2, 0)])
def test_the_order_in_which_lanes_finish_does_not_matter(plan, runs, result, order):
    assert_same(collect(plan, [runs[i].summary for i in order]), result)


@pytest.mark.parametrize("blocks", [[[0, 1, 2]], [[2], [0, 1]], [[2, 0], [1]]])
def test_nor_does_the_size_of_the_blocks(plan, result, blocks):
    assert_same(collect(plan, [block(plan, b) for b in blocks]), result)


def test_replications_with_gaps(plan, runs, result):
    found = collect(plan, [runs[2].summary, runs[0].summary])
    assert found.replications == (0, 2)
    assert np.array_equal(found.values, result.values[[0, 2]], equal_nan=True)
    assert found.stages["replication"].unique().tolist() == [0, 2]


def test_no_replication_twice(plan, runs):
    with pytest.raises(ValueError, match=r"replications \[1\] were added before"):
        collect(plan, [runs[1].summary, runs[1].summary])


def test_nothing_added(plan):
    with pytest.raises(ValueError, match="no replication"):
        collect(plan, [])


@pytest.mark.parametrize(
    ("keep", "periods"), [("months", {"all", "2025", "2025-01"}), ("years", {"all", "2025"}), ("all", {"all"})]
)
def test_periods_that_are_kept(plan, runs, result, keep, periods):
    collector = Collector(plan, keep)
    for done in runs:
        collector.add(done.summary)
    found = collector.result({"case_id": "x"})
    assert set(found.labels["period"]) == periods
    chosen = result.labels["period"].isin(periods).to_numpy()
    pd.testing.assert_frame_equal(found.labels, result.labels[chosen].reset_index(drop=True))
    assert np.array_equal(found.values, result.values[:, chosen], equal_nan=True)
    pd.testing.assert_frame_equal(found.stages, result.stages)
    assert found.manifest["periods_kept"] == keep


def test_months_are_kept_up_to_a_thousand_replications():
    assert [default_keep(n, 8760.0) for n in (1, 1000, 1001, 10_000)] == ["months", "months", "all", "all"]
    assert [default_keep(n, 87_600.0) for n in (1, 1000, 1001)] == ["years", "years", "all"]


def test_a_period_nobody_knows(plan):
    with pytest.raises(ValueError, match="one of months, years, all, not 'weeks'"):
        Collector(plan, "weeks")


@pytest.mark.parametrize("order", [range(4), (3, 1, 0, 2)])
def test_details_are_those_of_the_first_replications_by_number(plan, monkeypatch, order):
    """KPIs and transit times are of all of them."""
    monkeypatch.setattr(collecting, "DETAILED", 2)
    lanes = [run(get_engine("des"), plan, replication=r).summary for r in range(4)]
    found, first = collect(plan, [lanes[i] for i in order]), collect(plan, lanes[:2])
    for name in ("stages", "journeys", "queues"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(first, name))
    assert found.manifest["detailed_replications"] == 2
    assert found.replications == (0, 1, 2, 3)
    assert len(found.values) == 4
    everything = sum(lane.transit_counts.sum() for lane in lanes)
    assert found.transit_times["count"].sum() == everything


@pytest.fixture
def spilling(monkeypatch, tmp_path, result):
    """A limit that two of three replications fit in, and a temporary folder of one's own."""
    monkeypatch.setattr(kpi_values, "MEMORY_LIMIT_BYTES", 2 * result.values[0].nbytes)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("n_replications", [None, 3])
def test_beyond_the_limit_the_result_is_the_same_to_the_bit(plan, runs, result, spilling, n_replications):
    collector = Collector(plan, n_replications=n_replications)
    for i in (1, 2, 0):
        collector.add(runs[i].summary)
    found = collector.result({"case_id": "test"})
    assert isinstance(found.values, np.memmap)
    assert_same(found, result)
    pd.testing.assert_frame_equal(found.summary(), result.summary(), check_exact=True)
    pd.testing.assert_frame_equal(found.kpis, result.kpis, check_exact=True)
    assert list(spilling.iterdir()) == []


def test_queue_bands_do_not_depend_on_how_many_days_are_worked_on_at_once(plan, runs, result, monkeypatch):
    monkeypatch.setattr(kpi_values, "BLOCK_BYTES", 100)
    assert_same(collect(plan, [done.summary for done in runs]), result)


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
    from tests.support.parts import Flow, Place, Queue
    from tests.support.plans import make_plan

    plan = make_plan(
        flows=[Flow("A", at=[5.0], stages=[Queue(Place("g"), 1.0)])], end_h=72.0, start="2025-01-30T00:00:00+00:00"
    )
    result = collect(plan, [run(get_engine("des"), plan).summary])
    assert result.queues["date"].tolist() == pd.date_range("2025-01-30", periods=3).tolist()
    assert set(result.labels["period"]) == {"all", "2025", "2025-01", "2025-02"}


@pytest.mark.parametrize("n", [1, 3])
def test_any_number_of_replications(plan, runs, n):
    assert len(collect(plan, [done.summary for done in runs[:n]]).summary()) > 100
