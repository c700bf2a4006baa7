"""Counts are the same every time, and the gate turns red when an engine works more than it did."""

import sys
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from corridor_sim.bench.counts import counts, exceeded
from corridor_sim.bench.workloads import feed_forward, tandem
from corridor_sim.engines.registry import ENGINES, get_engine
from corridor_sim.results.events import Events

WORK = tandem(3, 100)
LANES = WORK.draw(range(2))


@dataclass
class Slow:
    """An engine with a planted slowdown: it gives the same events, and works more for them."""

    name: str
    fault: str
    supported: frozenset = frozenset()

    def run(self, plan, lanes) -> Events:
        engine = get_engine(self.name)
        events = engine.run(plan, lanes)
        if self.fault == "everything twice":
            return engine.run(plan, lanes)
        if self.fault == "sorts again":
            sys.modules[PLANTED].sort_again(events)
        return events


PLANTED = "corridor_sim.planted"
SORTING = """
import numpy as np

def sort_again(events):
    for times in events.arrive_h:
        np.argsort(times, axis=1, kind="stable")
        times.argsort(axis=1)
"""


@pytest.fixture
def _planted(monkeypatch) -> None:
    """A module of the package that sorts for nothing."""
    module = ModuleType(PLANTED)
    exec(SORTING, vars(module))  # noqa: S102
    monkeypatch.setitem(sys.modules, PLANTED, module)


def found_by(engine) -> dict[str, int]:
    return counts(engine, WORK.plan, LANES)


@pytest.fixture(params=ENGINES)
def engine_name(request) -> str:
    return request.param


def test_counts_are_the_same_every_time(engine_name):
    engine = get_engine(engine_name)
    assert found_by(engine) == found_by(engine)


def test_events_are_those_of_the_plan(engine_name):
    n = int(LANES.n_consignments.sum()) * 3  # all get through
    found = found_by(get_engine(engine_name))
    assert found["stage_events"] == found["queue_events"] == n
    work = feed_forward(200)
    line = counts(get_engine(engine_name), work.plan, work.draw(range(1)))
    assert 0 < line["queue_events"] < line["stage_events"]


def test_the_gate_is_green_for_the_same_work(engine_name):
    expected = found_by(get_engine(engine_name))
    assert exceeded(expected, found_by(Slow(engine_name, "none"))) == []


def test_the_gate_turns_red_when_everything_is_done_twice(engine_name):
    expected = found_by(get_engine(engine_name))
    lines = exceeded(expected, found_by(Slow(engine_name, "everything twice")))
    assert any(line.startswith("array_passes") and "2.00 times" in line for line in lines)
    if engine_name == "des":
        assert any(line.startswith("scheduled") and "2.00 times" in line for line in lines)


@pytest.mark.usefixtures("_planted")
def test_the_gate_turns_red_when_arrivals_are_sorted_once_more(engine_name):
    expected = found_by(get_engine(engine_name))
    slow = found_by(Slow(engine_name, "sorts again"))
    assert slow["sorts"] == expected["sorts"] + 2 * 3
    assert any(line.startswith("sorts") for line in exceeded(expected, slow))


def test_numpy_is_put_back_even_when_the_engine_fails():
    class Broken:
        def run(self, *_):
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        found_by(Broken())
    import corridor_sim.foundation.calendars as module

    assert module.np is np


def test_what_an_engine_tells_of_its_parts_is_summed():
    class Telling:
        def run(self, plan, lanes):
            events = get_engine("des").run(plan, lanes)
            parts = [SimpleNamespace(solved=n, sweeps=1, windows=2) for n in (100, 7)]
            return SimpleNamespace(arrive_h=events.arrive_h, work=parts)

    found = found_by(Telling())
    assert (found["solved"], found["sweeps"], found["windows"]) == (107, 2, 4)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ({"sorts": 102, "stage_events": 50}, None),
        ({"sorts": 90, "stage_events": 50}, None),
        ({"sorts": 103, "stage_events": 50}, "sorts: 103, 1.03 times the expected 100"),
        ({"sorts": 100, "stage_events": 49}, "stage_events: 49, expected exactly 50"),
        ({"stage_events": 50}, "sorts: not counted any more"),
        ({"sorts": 100, "stage_events": 50, "merges": 4}, "merges: 4, nothing expected is on record"),
    ],
)
def test_what_the_gate_says(found, message):
    lines = exceeded({"sorts": 100, "stage_events": 50}, found)
    assert [message in line for line in lines] == ([] if message is None else [True])
