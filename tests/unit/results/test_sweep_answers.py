"""Answers in the unit to be shown."""

import numpy as np
import pytest

from corridor_sim.results.sweep_answers import answers_of, shown_factor
from corridor_sim.sweep import run_sweep
from tests.support.sweeps import write_sweep


def test_units():
    assert shown_factor("h", "d") == pytest.approx(1 / 24)
    assert shown_factor("t", "Mt") == 1e-6
    assert shown_factor("1", "%") == 100
    assert shown_factor("frac", "") == 1
    with pytest.raises(ValueError, match="cannot be shown"):
        shown_factor("h", "t")


def test_answers_are_the_kpis_of_one_subject(tmp_path):
    parameters = {"growth": {"path": "demand.growth", "values": [1.0]}}
    result = run_sweep(write_sweep(tmp_path, parameters=parameters), out=tmp_path / "out")
    (answer,) = answers_of(result)
    assert (answer.name, answer.unit, answer.better) == ("days to Baku", "d", "low")
    assert np.allclose(24 * answer.values, result.values("transit_mean_h", "all"))
    assert answer.means["n"] == [3]
    everything = run_sweep(write_sweep(tmp_path, parameters=parameters, kpis="all"), out=tmp_path / "all")
    assert answers_of(everything) == []
