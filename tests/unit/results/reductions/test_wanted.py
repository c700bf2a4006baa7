"""What is wanted of the KPIs; that their numbers stay the same is tested in tests/unit/sweep/test_kept.py."""

import numpy as np

from corridor_sim.results.reductions.blocks import Block
from corridor_sim.results.reductions.wanted import EVERYTHING, Wanted

SOME = Wanted(frozenset({("queue_mean_n", "place:A"), ("throughput_units", "terminal:X"), ("transit_mean_h", None)}))
PLACES = ["place:A", "place:B"]


def block(kpi, subjects=("place:A", "place:B")):
    return Block(kpi, "1", subjects, ("all",), np.arange(float(len(subjects)))[None, :, None])


def test_everything():
    assert EVERYTHING.is_all
    assert EVERYTHING.any_of(["x"])
    assert EVERYTHING.rows(PLACES, ["x"]) == [0, 1]
    assert EVERYTHING.including("terminal:") is EVERYTHING
    assert len(EVERYTHING.cut([block("a"), block("b")])) == 2


def test_rows_and_beginnings():
    assert not SOME.is_all
    assert SOME.any_of(["queue_"])
    assert not SOME.any_of(["time_", "border_"])
    assert SOME.rows(PLACES, ["queue_"]) == [0]
    assert SOME.rows(PLACES, ["transit_"]) == [0, 1]
    assert SOME.rows(PLACES, ["throughput_"]) == []
    assert SOME.including("terminal:").rows(PLACES, ["throughput_"]) == [0, 1]


def test_blocks_are_cut():
    cut = SOME.cut([block("queue_mean_n"), block("queue_p95_h"), block("transit_mean_h"), block("throughput_units")])
    assert [(b.kpi, b.subjects) for b in cut] == [("queue_mean_n", ("place:A",)), ("transit_mean_h", tuple(PLACES))]
    assert cut[0].values.tolist() == [[[0.0]]]
