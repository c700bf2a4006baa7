import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from tests.support.parts import Flow, Gather, Hold, Place, Queue, Split
from tests.support.plans import make_plan
from tests.support.running import TICK, run

COLUMNS = [
    "replication", "flow_id", "consignment_idx", "unit_idx", "stage_id", "arrive_h", "start_h", "depart_h", "tonnes",
]  # fmt: skip


@pytest.fixture(scope="module")
def trace():
    stages = [Split(2), Queue(Place("gate"), 2.0), Gather()]
    flows = [Flow("A", at=[0, 90], stages=stages, load_t=10.0), Flow("B", at=[50], stages=[Hold(200.0)], load_t=3.0)]
    return run(get_engine("des"), make_plan(flows=flows, end_h=91.0), replication=4).trace


def test_columns_are_those_of_the_contract(trace):
    assert trace.columns.tolist() == COLUMNS
    assert (trace["replication"] == 4).all()
    assert trace["consignment_idx"].dtype == np.int64


def test_rows_go_consignment_by_consignment_in_order_of_arrival(trace):
    keys = trace[["consignment_idx", "arrive_h", "unit_idx"]].to_records(index=False).tolist()
    assert keys == sorted(keys)
    own = trace[trace["consignment_idx"] == 0]
    assert own["stage_id"].tolist() == [
        f"Aa/{s}" for s in ("00/split", "01/queue", "01/queue", "02/gather", "02/gather")
    ]
    assert own["arrive_h"].tolist() == [0, TICK, TICK, 1 + TICK, 2 + TICK]


def test_tonnes_are_those_of_the_unit(trace):
    assert trace["tonnes"].tolist() == [10, 5, 5, 5, 5, 10, 5, 5, 3]


def test_what_did_not_happen_is_missing(trace):
    last = trace.iloc[-1]
    assert last["flow_id"] == "B"
    assert last["start_h"] == 50
    assert np.isnan(last["depart_h"])
    assert len(trace[trace["consignment_idx"] == 1]) == 3


def test_no_events():
    empty = run(get_engine("des"), make_plan(flows=[Flow("A", at=[], stages=[Hold(1.0)])])).trace
    assert empty.columns.tolist() == COLUMNS
    assert len(empty) == 0
