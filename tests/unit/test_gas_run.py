"""Gas runs from file to KPIs: workers and chunks change no number; blocks cover every lane once."""

import numpy as np
import pandas as pd
import pytest

from corridor_sim.gas_run import KEPT_DAILY, cut_gas
from corridor_sim.simulation import simulate
from tests.unit.gas.parts import plan
from tests.unit.scenario.test_gas import load


@pytest.mark.parametrize(("n", "at_once", "workers"), [(1, None, 1), (7, 2, 1), (1000, None, 2), (250, None, 3)])
def test_blocks_cover_every_lane_once(n, at_once, workers):
    blocks = cut_gas(plan(), 1, n, at_once, workers)
    assert [r for b in blocks for r in b.replications] == list(range(n))
    assert sum(len(b.replications) for b in blocks if b.keep_daily) == min(n, KEPT_DAILY)


def test_workers_and_chunks_change_no_number(tmp_path):
    scenario = load(tmp_path)
    first = simulate(scenario, replications=6)
    for options in ({"chunk": 1}, {"chunk": 4}, {"workers": 2}):
        other = simulate(scenario, replications=6, **options)
        assert np.array_equal(first.values, other.values, equal_nan=True), options
        pd.testing.assert_frame_equal(first.gas, other.gas)


def test_fewer_replications_are_the_first_of_more(tmp_path):
    scenario = load(tmp_path)
    few, many = simulate(scenario, replications=2), simulate(scenario, replications=5)
    both = few.labels.merge(many.labels)
    assert len(both) == len(few.labels)
    keys = list(few.labels.columns)
    wide = [
        pd.DataFrame(r.values[:2].T, index=pd.MultiIndex.from_frame(r.labels[keys])).loc[
            lambda t: ~t.index.duplicated()
        ]
        for r in (few, many)
    ]
    pd.testing.assert_frame_equal(wide[0], wide[1].loc[wide[0].index])
