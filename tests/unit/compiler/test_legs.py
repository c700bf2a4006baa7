"""Legs over single track: the runs, the rest of the commercial time, and consignments of several trains."""

from pathlib import Path
from typing import Any

import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.plan.kinds import Basis, Cause, StageKind
from corridor_sim.plan.plan import Plan
from tests.unit.compiler.test_compile import minimal, plan_of
from tests.unit.compiler.test_lines import KEY, track

THERE, BACK = ["RU_DER", "RU_SAM"], ["RU_SAM", "RU_DER"]
RUN, TRAVEL = StageKind.SINGLE_TRACK, StageKind.TRAVEL


def leg(
    tmp_path: Path, nodes: list[str], *, line: dict[str, Any] | None = None, train_net: str | None = None, **path: Any
) -> Plan:
    """A leg at 20 km/h (1.85 h) over a line whose runs take 0.5 h at 37 km/h each of its two halves."""
    more: dict[str, Any] = {"single_tracks": {KEY: track(loops_at=["18.5 km"], **(line or {}))}}
    if train_net:
        a, b = nodes[:2]
        more["train_paths"] = {f"{a}>{b}": {"trains_per_day": 12, "train_net": train_net, **path}}
    return plan_of(tmp_path, minimal([{"rail": nodes, "class": "V"}], **more))


def kinds(plan: Plan) -> list[StageKind]:
    return [StageKind(k) for k in plan.stages.kind]


def test_runs_over_the_stretches_then_the_rest_of_the_commercial_time(tmp_path: Path) -> None:
    plan = leg(tmp_path, THERE)
    s = plan.stages
    assert kinds(plan) == [RUN, RUN, TRAVEL]
    assert s.service_mean_h.tolist() == pytest.approx([0.5, 0.5, 0.85])
    assert s.occupancy_mean_h.tolist() == pytest.approx([0.25, 0.25, 0])
    assert {Basis(b) for b in s.service_basis} == {Basis.UNIT}
    assert {Cause(c) for c in s.cause} == {Cause.MOVING}
    assert (s.target_idx.tolist(), s.side.tolist()) == ([0, 1, -1], [0, 0, 0])
    assert s.id == (f"I/00/single_track/{KEY}/1", f"I/01/single_track/{KEY}/2", "I/02/travel/RU_DER>RU_SAM")


def test_kilometres_of_a_leg_are_those_of_the_section(tmp_path: Path) -> None:
    plan = leg(tmp_path, THERE)
    assert plan.stages.km.sum() == pytest.approx(37)
    assert set(plan.stages.section_id) == {"RU_DER-RU_SAM-rail"}
    assert set(plan.stages.mode) == {"rail"}


def test_on_the_way_back_the_last_stretch_comes_first_at_the_speed_of_that_way(tmp_path: Path) -> None:
    s = leg(tmp_path, BACK, line={"run_speed_back": "74 km/h"}).stages
    assert (s.target_idx.tolist(), s.side.tolist()) == ([1, 0, -1], [1, 1, 0])
    assert s.service_mean_h.tolist() == pytest.approx([0.25, 0.25, 1.35])


def test_only_the_sections_with_meets_are_run_over(tmp_path: Path) -> None:
    plan = leg(tmp_path, [*THERE, "AZ_YAL"])
    assert kinds(plan) == [RUN, RUN, TRAVEL, TRAVEL]
    assert plan.stages.service_mean_h[3] == pytest.approx(11 / 20)


def test_a_class_that_is_faster_than_trains_run(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        leg(tmp_path, THERE, line={"run_speed": "19 km/h"})
    (problem,) = caught.value.problems
    text = str(problem)
    assert "itineraries.I.stages.0: V is faster than trains run between RU_DER and RU_SAM" in text
    assert f"raise single_tracks.{KEY}.run_speed" in text


def test_the_speed_of_the_other_way_says_nothing_about_this_one(tmp_path: Path) -> None:
    leg(tmp_path, THERE, line={"run_speed_back": "19 km/h"})
    with pytest.raises(ScenarioError, match="V is faster than trains run between RU_SAM and RU_DER"):
        leg(tmp_path, BACK, line={"run_speed_back": "19 km/h"})


def test_a_consignment_of_several_train_loads_runs_as_several_trains(tmp_path: Path) -> None:
    """1000 t in trains of 330 t: three of them, one consignment again before the rest of the time."""
    plan = leg(tmp_path, THERE, train_net="330 t")
    assert kinds(plan) == [StageKind.SPLIT, RUN, RUN, StageKind.GATHER, TRAVEL]
    assert plan.stages.n_units.tolist() == [1, 3, 3, 3, 1]
    assert plan.stages.node == ("RU_DER", "RU_DER", "RU_DER", "RU_SAM", "RU_DER")
    assert len(plan.places) == 0


@pytest.mark.parametrize(("train_net", "trains"), [("4000 t", 1), ("700 t", 1), ("600 t", 2), ("500 t", 2)])
def test_trains_are_whole_and_one_at_least(tmp_path: Path, train_net: str, trains: int) -> None:
    assert max(leg(tmp_path, THERE, train_net=train_net).stages.n_units) == trains


def test_trains_are_counted_in_containers_where_the_path_knows_them(tmp_path: Path) -> None:
    """50 TEU."""
    assert max(leg(tmp_path, THERE, train_net="330 t", train_teu=100).stages.n_units) == 1
    assert max(leg(tmp_path, THERE, train_net="4000 t", train_teu=25).stages.n_units) == 2


def test_the_trains_of_a_way_are_those_of_its_own_path(tmp_path: Path) -> None:
    """Nothing is known about trains the other way."""
    data = minimal(
        [{"rail": BACK, "class": "V"}],
        single_tracks={KEY: track(loops_at=["18.5 km"])},
        train_paths={"RU_DER>RU_SAM": {"trains_per_day": 12, "train_net": "330 t"}},
    )
    assert kinds(plan_of(tmp_path, data)) == [RUN, RUN, TRAVEL]


def test_units_of_a_split_consignment_are_trains_already(tmp_path: Path) -> None:
    data = minimal(
        [{"split": 4, "at": "RU_DER"}, {"rail": THERE, "class": "V"}, {"gather": 4, "at": "RU_SAM"}],
        single_tracks={KEY: track(loops_at=["18.5 km"])},
        train_paths={"RU_DER>RU_SAM": {"trains_per_day": 12, "train_net": "100 t"}},
    )
    plan = plan_of(tmp_path, data)
    assert kinds(plan) == [StageKind.SPLIT, RUN, RUN, TRAVEL, StageKind.GATHER]
    assert plan.stages.n_units.tolist() == [1, 4, 4, 4, 4]


def test_the_travel_time_of_a_leg_varies_by_one_factor_and_its_runs_do_not(tmp_path: Path) -> None:
    data = minimal([{"rail": [*THERE, "AZ_YAL"], "class": "V"}], single_tracks={KEY: track(loops_at=["18.5 km"])})
    data["travel_classes"]["V"]["speed"] = {"lognormal": {"mean": "480 km/d", "cv": 0.2}}
    plan = plan_of(tmp_path, data)
    assert plan.draws.stream == ("F/I/V@RU_DER>AZ_YAL#1",)
    assert plan.stages.service_draw_idx.tolist() == [-1, -1, 0, 0]
