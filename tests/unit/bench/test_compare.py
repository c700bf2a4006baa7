"""Two reports beside each other."""

import math

import pytest

from corridor_sim.bench.compare import compare_reports
from corridor_sim.bench.figures import Figure
from corridor_sim.bench.report import Report
from corridor_sim.foundation.errors import ResultError


def report(cpu: str = "x", **values: float | None) -> Report:
    units = {"time": "s", "speed": "times des", "sorts": "sorts"}
    figures = [
        Figure("g", k, "s", v, units[k], better="higher" if k == "speed" else "lower") for k, v in values.items()
    ]
    return Report(tuple(figures), {"machine": {"cpu": cpu}, "versions": {}, "date": "2026-01-01"}, is_quick=False)


def worse(old: Report, new: Report, threshold: float = 1.15) -> dict[str, float]:
    return {c.new.what: c.ratio for c in compare_reports(old, new, threshold).beyond}


def test_a_figure_is_worse_in_its_own_sense():
    old = report(time=10.0, speed=100.0)
    assert worse(old, report(time=12.0, speed=125.0)) == {"time": 1.2}
    assert worse(old, report(time=8.0, speed=80.0)) == {"speed": 1.25}
    assert worse(old, report(time=11.0, speed=90.0)) == {}
    assert set(worse(old, report(time=11.0, speed=90.0), 1.05)) == {"time", "speed"}


def test_the_worst_comes_first():
    changes = compare_reports(report(time=1.0, speed=4.0), report(time=2.0, speed=1.0), 1.15).changes
    assert [c.new.what for c in changes] == ["speed", "time"]


def test_times_of_different_machines_are_not_judged():
    old, new = report("a", time=1.0, sorts=100.0), report("b", time=9.0, sorts=130.0)
    assert worse(old, new) == {"sorts": 1.3}
    assert not compare_reports(old, new, 1.15).is_same_machine


def test_from_nothing_to_something():
    assert worse(report(sorts=0.0), report(sorts=1.0)) == {"sorts": math.inf}
    assert worse(report(sorts=0.0), report(sorts=0.0)) == {}


def test_what_is_not_measured_any_more_is_told():
    found = compare_reports(report(time=1.0, sorts=1.0), report(time=1.0, sorts=None), 1.15)
    assert [f.what for f in found.missing] == ["sorts"]


def test_reports_without_a_common_figure():
    with pytest.raises(ResultError, match="no figure in common"):
        compare_reports(report(time=1.0), report(sorts=1.0), 1.15)
