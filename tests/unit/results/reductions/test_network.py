"""Sections, terminals, border posts and journeys of the corridor of conftest.py."""

import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from corridor_sim.results.reductions.network import JOURNEY_STATISTICS, is_border_stage
from tests.support.parts import Flow, Gather, Place, Queue, Split, Travel
from tests.support.plans import make_plan
from tests.support.running import run


def test_sections_in_all_and_by_direction(kpi):
    """N-M is left at 12 h of the day of release, M-Q at midnight of the next."""
    assert kpi("throughput_t", "section:N-M-rail") == 49 * 50
    assert kpi("throughput_t", "section:N-M-rail/N>M", "2025-02") == 28 * 50
    assert kpi("throughput_consignments", "section:M-Q-road") == 49


def test_opposite_directions_share_a_section():
    flows = [
        Flow("S", at=[0], stages=[Travel(1.0, a="N", b="M")], load_t=5.0),
        Flow("B", at=[0, 1], stages=[Travel(1.0, a="M", b="N")], load_t=3.0),
    ]
    plan = make_plan(flows=flows, facilities=[Place("unused")])
    names = list(plan.stages.section_id)
    assert names == ["N-M-rail", "M-N-rail"]  # the builder names by direction; the compiler by section
    done = run(get_engine("des"), plan)
    block = next(b for b in done.kpis if "section:N-M-rail" in b.subjects and b.kpi == "throughput_t")
    assert dict(zip(block.subjects, block.values[:, 0], strict=True)) == {
        "section:M-N-rail": 6, "section:M-N-rail/M>N": 6, "section:N-M-rail": 5, "section:N-M-rail/N>M": 5,
    }  # fmt: skip


def test_units_count_as_parts_of_a_consignment():
    stages = [Split(4), Travel(1.0), Gather()]
    done = run(
        get_engine("des"), make_plan(flows=[Flow("A", at=[0], stages=stages, load_t=8.0)], facilities=[Place("u")])
    )
    block = next(b for b in done.kpis if b.kpi == "throughput_consignments" and "section:N-M-rail" in b.subjects)
    assert block.values[0, 0] == 1


def test_border_time_is_all_but_movement(kpi):
    """21 h at the post, 16 of them closed."""
    for subject in ("post:border", "post:border/south"):
        assert kpi("border_time_mean_h", subject) == pytest.approx(21.0)
        assert kpi("border_time_p95_h", subject) == pytest.approx(21.0)
        assert kpi("throughput_consignments", subject) == 49
    assert kpi("throughput_consignments", "post:border/north") == 0
    assert np.isnan(kpi("border_time_mean_h", "post:border/north"))


def test_waiting_for_a_train_path_is_no_border_time():
    path, post = Place("A>B", kind="train path"), Place("post", kind="customs")
    plan = make_plan(flows=[Flow("A", at=[0], stages=[Queue(path, 0.0, 1.0), Queue(post, 1.0), Travel(1.0)])])
    assert [is_border_stage(plan, s) for s in range(3)] == [False, True, False]


def test_terminals_are_nodes_that_handle_cargo(kpi, corridor):
    assert kpi("throughput_t", "terminal:Q") == 49 * 50
    subjects = {s for b in corridor.kpis for s in b.subjects if s.startswith("terminal:")}
    assert subjects == {"terminal:Q"}


def test_journeys(corridor):
    """The window from the first departure to the last arrival, and the sum of the moves alone."""
    window, moving = (dict(zip(JOURNEY_STATISTICS, row, strict=True)) for row in corridor.summary.journeys[0])
    assert window == pytest.approx({"n": 49, "mean": 46.0, "p05": 46.0, "p50": 46.0, "p95": 46.0})
    assert moving == pytest.approx({"n": 49, "mean": 25.0, "p05": 25.0, "p50": 25.0, "p95": 25.0})
