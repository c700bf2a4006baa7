"""Loops and stretches of single-track lines, as they stand in the plan."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor_sim as cs
from corridor_sim.compiler.lines import Line, Lines, Stretch
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.plan.kinds import StageKind
from corridor_sim.plan.plan import Plan
from tests.unit.compiler.test_compile import minimal, plan_of

KEY = "RU_DER-RU_SAM"
"""37 km in the shipped network; RU_SAM-AZ_YAL after it: 11 km."""
PATHS = {
    f"{a}>{b}": {"trains_per_day": 12, "train_net": "4000 t"} for a, b in (("RU_DER", "RU_SAM"), ("RU_SAM", "RU_DER"))
}
HERE = [{"rail": ["RU_DER", "RU_SAM"], "class": "V"}]


def track(**more: Any) -> dict[str, Any]:
    loops = {} if "loops_at" in more else {"loop_every": "12 km"}
    return {**loops, "run_speed": "37 km/h", "headway": "15 min", "working": "6 min", **more}


def laid(tmp_path: Path, key: str = KEY, more: dict[str, Any] | None = None, **line: Any) -> Plan:
    return plan_of(tmp_path, minimal(HERE, single_tracks={key: track(**line)}, **(more or {})))


def test_loops_are_spread_evenly_as_near_to_the_distance_as_can_be(tmp_path: Path) -> None:
    plan = laid(tmp_path)
    assert plan.loops.id == (f"{KEY}/loop 12 km", f"{KEY}/loop 25 km")
    assert plan.loops.n_tracks.tolist() == [2, 2]
    t = plan.tracks
    assert t.id == (f"{KEY}/1", f"{KEY}/2", f"{KEY}/3")
    assert t.from_km.tolist() == pytest.approx([0, 37 / 3, 74 / 3])
    assert t.to_km.tolist() == pytest.approx([37 / 3, 74 / 3, 37])
    assert (t.near_loop_idx.tolist(), t.far_loop_idx.tolist()) == ([-1, 0, 1], [0, 1, -1])
    assert (set(t.node), set(t.to_node), set(t.section_id)) == ({"RU_DER"}, {"RU_SAM"}, {"RU_DER-RU_SAM-rail"})


def test_a_distance_longer_than_the_section_leaves_no_loop(tmp_path: Path) -> None:
    plan = laid(tmp_path, loop_every="200 km")
    assert len(plan.loops) == 0
    assert plan.tracks.to_km.tolist() == [37]
    assert (plan.tracks.near_loop_idx.tolist(), plan.tracks.far_loop_idx.tolist()) == ([-1], [-1])


def test_loops_lie_where_they_are_said_to(tmp_path: Path) -> None:
    plan = laid(tmp_path, loops_at=["5 km", "30 km"], loop_tracks=3)
    assert plan.loops.n_tracks.tolist() == [3, 3]
    assert plan.tracks.from_km.tolist() == [0, 5, 30]
    assert plan.tracks.to_km.tolist() == [5, 30, 37]


def test_distances_are_from_the_first_end_of_the_key(tmp_path: Path) -> None:
    plan = laid(tmp_path, "RU_SAM-RU_DER", loops_at=["5 km"])
    assert plan.tracks.to_km.tolist() == [5, 37]
    assert set(plan.tracks.node) == {"RU_SAM"}
    # the train runs against it: the last stretch comes first
    runs = np.flatnonzero(plan.stages.kind == StageKind.SINGLE_TRACK)
    assert plan.stages.target_idx[runs].tolist() == [1, 0]
    assert plan.stages.side[runs].tolist() == [1, 1]


def test_working_time_is_as_said_where_no_other_traffic_runs(tmp_path: Path) -> None:
    assert laid(tmp_path).tracks.working_h.tolist() == pytest.approx([0.1] * 3, abs=1e-6)


def test_other_traffic_lengthens_working_time_and_headway_but_not_the_run(tmp_path: Path) -> None:
    """Of each train's time on the track, run and working, other trains take as much again where half is reserved."""
    plan = laid(tmp_path, reserved=0.5)
    assert plan.tracks.working_h.tolist() == pytest.approx([2 * (1 / 3 + 0.1) - 1 / 3] * 3, abs=1e-6)
    runs = plan.stages.kind == StageKind.SINGLE_TRACK
    assert plan.stages.service_mean_h[runs].tolist() == pytest.approx([1 / 3] * 3)
    assert plan.stages.occupancy_mean_h[runs].tolist() == pytest.approx([0.5] * 3)


def test_with_two_speeds_the_time_on_the_track_is_the_mean_of_both_ways(tmp_path: Path) -> None:
    plan = laid(tmp_path, loops_at=["18.5 km"], run_speed_back="18.5 km/h", reserved=0.2)
    assert plan.tracks.working_h.tolist() == pytest.approx([(0.75 + 0.1) / 0.8 - 0.75] * 2, abs=1e-6)


def test_lines_have_calendars_with_their_dated_disruptions(tmp_path: Path) -> None:
    """One that names both directions, or the line and a direction, hits once."""
    for targets in ([KEY], ["RU_DER>RU_SAM"], ["RU_SAM>RU_DER"], ["RU_DER>RU_SAM", "RU_SAM>RU_DER"]):
        more = {
            "calendars": {"C": {"hours": "mon-fri 08-20"}}, "train_paths": PATHS,
            "disruptions": {"D": {"during": "2025-01-02..2025-01-02", "targets": targets, "factor": 0.5}},
        }  # fmt: skip
        plan = laid(tmp_path, more=more, calendar="C")
        assert len(plan.facility_calendars) == 3
        for calendar in plan.facility_calendars:
            assert [calendar.rate_at(h) for h in (7, 12, 24 + 7, 24 + 12)] == [0, 1, 0, 0.5]


@pytest.mark.parametrize(
    "targets", [[KEY], ["RU_DER>RU_SAM"], ["RU_SAM>RU_DER"], [KEY, "RU_SAM>RU_DER", "RU_DER>RU_SAM"]]
)
def test_a_drawn_disruption_hits_each_track_of_a_line_once(tmp_path: Path, targets: list[str]) -> None:
    queue = {"name": "post", "at": "AZ_YAL", "kind": "customs", "servers": 1, "service": "2 h"}
    drawn = {"rate": "12 1/yr", "duration": "6 h", "factor": 0.0, "targets": targets}
    plan = laid(tmp_path, more={"queues": {"Q": queue}, "train_paths": PATHS, "disruptions": {"D": drawn}})
    assert plan.places.id == ("Q",)
    assert plan.disruptions.target_idx[0].tolist() == [1, 2, 3]


def test_what_is_hit_by_a_key_or_by_a_path_of_either_direction() -> None:
    line = Line("A", "B", None, (Stretch(4, 1.0), Stretch(5, 1.0)))  # type: ignore[arg-type]
    lines = Lines(None, None, {("A", "B"): line, ("B", "A"): line})  # type: ignore[arg-type]
    assert [lines.rows_of(target) for target in ("A-B", "A>B", "B>A")] == [(4, 5)] * 3
    assert [lines.rows_of(target) for target in ("A>C", "A", "A-C")] == [()] * 3


@pytest.mark.parametrize("places", [["20 km", "10 km"], ["10 km", "10 km"], ["0 km"], ["37 km"], ["10 km", "50 km"]])
def test_loops_that_do_not_lie_in_order_on_the_section(tmp_path: Path, places: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        laid(tmp_path, loops_at=places)
    (problem,) = caught.value.problems
    assert problem.location is not None
    message = "loops must lie in order between 0 and 37 km, the length of the section"
    assert f"single_tracks.{KEY}.loops_at: {message}" in str(problem)


def test_a_line_that_is_no_section_of_the_network(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        laid(tmp_path, "RU_DER-AZ_BIL")
    (problem,) = caught.value.problems
    assert "single_tracks.RU_DER-AZ_BIL: the network has no rail section between RU_DER and AZ_BIL" in str(problem)


def test_without_meets_nothing_is_laid_and_trains_take_their_paths(tmp_path: Path) -> None:
    plan = laid(tmp_path, meets=False, more={"train_paths": PATHS})
    assert (len(plan.loops), len(plan.tracks)) == (0, 0)
    assert plan.places.id == ("RU_DER>RU_SAM", "RU_SAM>RU_DER")
    assert [StageKind(k) for k in plan.stages.kind] == [StageKind.QUEUE, StageKind.TRAVEL]
    assert plan.stages.km.tolist() == [0, 37]


def test_with_meets_the_paths_of_the_section_are_no_places(tmp_path: Path) -> None:
    more = {"train_paths": PATHS | {"RU_SAM>AZ_YAL": {"trains_per_day": 12, "train_net": "4000 t"}}}
    plan = laid(tmp_path, more=more)
    assert plan.places.id == ("RU_SAM>AZ_YAL",)


def test_the_lines_of_the_baseline_are_whole() -> None:
    """Stretches follow each other from end to end, and every loop joins two of them."""
    plan = cs.compile_plan(cs.load_scenario("baseline-2025"))
    t = plan.tracks
    assert len(t) > len(plan.loops) > 20
    starts = t.near_loop_idx < 0
    assert (t.from_km[starts] == 0).all()
    assert (t.from_km[~starts] == t.to_km[np.flatnonzero(~starts) - 1]).all()
    assert t.near_loop_idx[~starts].tolist() == t.far_loop_idx[t.far_loop_idx >= 0].tolist()
    assert t.near_loop_idx[~starts].tolist() == list(range(len(plan.loops)))
    assert (t.working_h > 0).all()
