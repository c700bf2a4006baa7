"""How many lanes are computed at once, and what is said when none fits."""

import pytest

import corridor_sim as cs
from corridor_sim import blocks
from corridor_sim.blocks import BASE_BYTES, MIB, MOST_LANES, bytes_per_lane, cut_into_blocks, lanes_at_once, run_block
from corridor_sim.engines.registry import get_engine
from corridor_sim.foundation.errors import UnsupportedFeatureError


@pytest.fixture(scope="module")
def plan():
    return cs.compile_plan(cs.load_scenario("tiny"))


def at_once(plan, n, workers=1, max_memory_mib=4096.0, chunk=None, engine="vector"):
    return lanes_at_once(plan, get_engine(engine), n, workers, max_memory_mib=max_memory_mib, chunk=chunk)


def memory_for(plan, lanes):
    return (BASE_BYTES + lanes * bytes_per_lane(plan)) / MIB


@pytest.fixture
def worth_it(monkeypatch):
    """As if it were a plan for which worker processes pay."""
    monkeypatch.setattr(blocks, "WORTH_PROCESSES", 0.0)
    monkeypatch.setattr(blocks, "MOST_EVENTS", 0.0)


def test_a_small_run_stays_in_one_process(plan):
    assert at_once(plan, 10, workers=2) == 10


def test_lanes_are_shared_evenly_by_workers(plan, worth_it):
    assert at_once(plan, 10, workers=2) == 5
    assert at_once(plan, 2 * MOST_LANES + 2, workers=2) == (MOST_LANES + 2) // 2
    assert at_once(plan, 1, workers=2) == 1


def test_no_more_than_are_of_use(plan, worth_it):
    assert at_once(plan, 1000) <= MOST_LANES


def test_many_lanes_of_a_small_plan_together(plan):
    assert MOST_LANES < at_once(plan, 10_000) < 10_000


def test_no_more_than_fit_the_memory(plan):
    assert at_once(plan, 1000, max_memory_mib=memory_for(plan, 3.5)) <= 3


def test_the_engine_for_single_lanes_gets_single_lanes(plan):
    assert at_once(plan, 10, engine="des") == 1


def test_what_was_asked_for_is_kept_when_it_fits(plan):
    assert at_once(plan, 100, chunk=7) == 7


def test_a_chunk_that_does_not_fit_is_refused_with_one_that_does(plan):
    with pytest.raises(UnsupportedFeatureError, match=r"a chunk of 3 would fit: --chunk 3"):
        at_once(plan, 100, chunk=7, max_memory_mib=memory_for(plan, 3.5))


@pytest.mark.parametrize(("workers", "hint"), [(1, "give at least .* MiB with --max-memory"), (2, "fewer --workers")])
def test_too_little_for_one_lane_is_refused(plan, workers, hint):
    with pytest.raises(UnsupportedFeatureError, match=hint):
        at_once(plan, 4, workers=workers, max_memory_mib=memory_for(plan, 0.5))


def test_a_default_is_found_on_this_machine(plan):
    assert 1 <= at_once(plan, 8, max_memory_mib=None) <= 8


def test_blocks_cover_all_lanes_once(plan):
    found = cut_into_blocks(plan, "vector", 1, 10, 4, trace=False)
    assert [b.replications for b in found] == [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9)]


def test_memory_of_a_lane_is_enough_for_it(plan):
    """The estimate is more than what the events of a lane take."""
    import numpy as np

    from corridor_sim.foundation.arena import Arena
    from corridor_sim.foundation.random_streams import RandomStreams
    from corridor_sim.plan.lanes import draw_lanes

    arena = Arena()
    get_engine("vector").run(plan, draw_lanes(plan, RandomStreams(1), range(4), arena), arena)
    assert arena.n_bytes / 4 < bytes_per_lane(plan)
    assert np.isfinite(bytes_per_lane(plan))


def test_a_block_comes_back_with_what_was_asked(plan):
    (block,) = cut_into_blocks(plan, "vector", 1, 2, 2, trace=True)
    result = run_block(block)
    assert result.summary.replications == (0, 1)
    assert [set(t["replication"]) for t in result.traces] == [{0}, {1}]
    assert result.work
