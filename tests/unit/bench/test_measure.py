"""Every group gives figures; how large they are decides nothing here."""

from dataclasses import replace

import pytest

from corridor_sim.bench import measure as module
from corridor_sim.bench.groups import GROUPS, ON_REQUEST, gas
from corridor_sim.bench.groups.beside_peers import check_departures
from corridor_sim.bench.measure import measure
from corridor_sim.bench.scale import FULL, QUICK, lanes_of_block
from corridor_sim.bench.sides import REFERENCE, Side
from corridor_sim.bench.workloads import tandem

SMALL = replace(QUICK, repeats=1, tandem=(2, 40), n_feed_forward=60, growing=(40, 80), worker_s=0.1)
WITH_TARGETS = ("engines", "growth", "peers")
FAST = ("gas", "load", "compile", "draws", "reductions")
SLOW = tuple(sorted(set(GROUPS) - set(FAST) - set(WITH_TARGETS) - ON_REQUEST))


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(module, "QUICK", SMALL)
    # what pandapipes imports changes matplotlib for all tests after it; test_gas_peer compares with it in a process
    monkeypatch.setattr(gas, "find_spec", lambda _: None)


def check(group: str) -> list:
    begun = []
    report = measure([group], is_quick=True, begin=begun.append)
    assert begun == [group]
    assert {f.group for f in report.figures} == {group}
    assert all(f.unit for f in report.figures if f.value is not None)
    assert all(f.note for f in report.figures if f.value is None and f.unit == "")
    assert len({f.key for f in report.figures}) == len(report.figures)
    return list(report.figures)


@pytest.mark.parametrize("group", FAST)
def test_group(group):
    assert any(f.value is not None for f in check(group))


@pytest.mark.slow
@pytest.mark.parametrize("group", SLOW)
def test_group_that_takes_longer(group):
    assert any(f.value is not None for f in check(group))


def test_every_target_of_the_design_has_a_row():
    by_group = {group: check(group) for group in WITH_TARGETS}
    assert all(any(f.value is not None for f in found) for found in by_group.values())
    figures = [f for found in by_group.values() for f in found]
    targets = {(f.what, f.target) for f in figures if f.target is not None}
    assert ("engine des", 1.25) in targets
    assert ("des, time ~ lanes^p", 1.05) in targets
    assert {("baseline, vector, with draws", 120.0), ("feed-forward, vector, with draws", 40.0)} <= targets
    assert {("baseline, vector", 100.0), ("feed-forward, vector", 250.0)} <= targets


def test_blocks_cover_all_lanes():
    work = tandem(2, 40)
    assert [lanes_of_block(FULL, n) for n in (1, 1_000_000, 10**9)] == [16, 16, 1]
    side = Side(REFERENCE, work, SMALL, n_lanes=3)
    side.draw_and_run()
    assert len(side.events.arrive_h[0]) == 1  # of the last block
    assert side.size.endswith("x 3")


def test_other_departures_are_refused(monkeypatch):
    from corridor_sim.bench.groups import beside_peers

    work = tandem(2, 40)
    side = Side(REFERENCE, work, SMALL)
    side.draw()
    monkeypatch.setitem(beside_peers.PEERS, "wrong", lambda _, work_h: work_h)
    with pytest.raises(AssertionError, match="wrong gives other departures"):
        check_departures(work, {REFERENCE: side}, ["wrong"])
