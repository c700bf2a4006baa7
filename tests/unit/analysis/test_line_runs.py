"""Runs along a line, read from a trace: small timetables whose meets and waits can be worked out by hand."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from corridor_sim.analysis.line_capacity import scott_trains_per_day
from corridor_sim.analysis.line_runs import (
    RUN_COLUMNS,
    LineRuns,
    line_capacity,
    line_runs,
    single_track_lines,
)
from corridor_sim.engines.discrete_event.engine import DiscreteEventEngine
from corridor_sim.foundation.errors import ResultError
from corridor_sim.plan.plan import Plan
from tests.support.running import TICK, run
from tests.unit.compiler.test_compile import minimal, plan_of

LINE, THERE, BACK = "RU_DER-RU_SAM", ["RU_DER", "RU_SAM"], ["RU_SAM", "RU_DER"]
"""37 km in the shipped network; RU_SAM-AZ_YAL after it: 11 km."""
SOME_TICKS = 10 * TICK
"""Releases that fall together, and the ends of stages, are told apart by a few ticks."""
TEN_DAYS_H = 240.0


def close(*hours: float) -> Any:
    return pytest.approx(list(hours), abs=SOME_TICKS)


def timetable(*hours: float) -> dict[str, Any]:
    start = pd.Timestamp("2025-01-01")
    return {"timetable": {"departures": [f"{start + pd.Timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ}" for h in hours]}}


def two_ways(tmp_path: Path, nodes: list[str], up: list[float], down: list[float], **more: Any) -> Plan:
    """Trains from the first node to the last at some hours, and back at others."""
    data = minimal([{"rail": nodes, "class": "V"}], **more)
    there = data["flows"].pop("F")
    for name, ends, hours in (("UP", nodes, up), ("DOWN", nodes[::-1], down)):
        if hours:
            own = {"origin": ends[0], "destination": ends[-1], "release": timetable(*hours)}
            data["flows"][name] = there | own
    data["itineraries"] = {
        f"I_{name}": {"flow": name, "stages": [{"rail": nodes if name == "UP" else nodes[::-1], "class": "V"}]}
        for name in data["flows"]
    }
    return plan_of(tmp_path, data)


def single(**more: Any) -> dict[str, Any]:
    """One loop half-way at 37 km/h: half an hour for each of two stretches."""
    track = {"loops_at": ["18.5 km"], "run_speed": "37 km/h", "headway": "15 min", "working": "6 min", **more}
    return {"single_tracks": {LINE: track}}


def trace_of(plan: Plan) -> pd.DataFrame:
    return run(DiscreteEventEngine(), plan).trace


def runs_of(plan: Plan, nodes: list[str]) -> LineRuns:
    return line_runs(plan, trace_of(plan), nodes)


@pytest.fixture
def meet(tmp_path: Path) -> Plan:
    """One train each way; they meet at the loop.

    The up train sets out at 30 h, the down train a quarter of an hour later. Both reach the loop after half an hour.
    The far stretch is clear at 30.75 h and may be entered 6 minutes later: the up train waits 0.35 h. The near one is
    free again for the down train at 30.6 h, before it comes.
    """
    return two_ways(tmp_path, THERE, [30.0], [30.25], **single())


def test_a_run_is_a_row_for_each_stretch_between_stations_and_loops(meet: Plan) -> None:
    runs = runs_of(meet, THERE)
    assert (runs.nodes, runs.name) == (("RU_DER", "RU_SAM"), LINE)
    assert runs.start == pd.Timestamp("2025-01-01")
    assert tuple(runs.trains.columns) == RUN_COLUMNS
    up, down = (runs.trains[runs.trains["is_up"] == side] for side in (True, False))
    assert (set(up["flow"]), set(down["flow"])) == ({"UP"}, {"DOWN"})
    assert up["train"].nunique() == down["train"].nunique() == 1
    assert set(up["train"]) != set(down["train"])
    assert up[["from_km", "to_km"]].to_numpy().tolist() == [[0, 18.5], [18.5, 37]]
    assert down[["from_km", "to_km"]].to_numpy().tolist() == [[37, 18.5], [18.5, 0]]
    assert up["arrive_h"].tolist() == close(30, 30.5)
    assert up["enter_h"].tolist() == close(30, 30.85)
    assert up["leave_h"].tolist() == close(30.5, 31.35)
    assert down["arrive_h"].tolist() == down["enter_h"].tolist() == close(30.25, 30.75)
    assert down["leave_h"].tolist() == close(30.75, 31.25)


def test_runs_come_in_the_order_in_which_they_enter(meet: Plan) -> None:
    assert runs_of(meet, THERE).trains["enter_h"].is_monotonic_increasing
    assert runs_of(meet, THERE).trains.index.tolist() == [0, 1, 2, 3]


def test_loops_are_stations_at_which_trains_can_meet(meet: Plan) -> None:
    stations = runs_of(meet, THERE).stations
    assert stations["name"].tolist() == ["RU_DER", "km 18", "RU_SAM"]
    assert stations["km"].tolist() == [0, 18.5, 37]
    assert stations["is_loop"].all()


def test_a_line_read_from_its_other_end_is_turned_round(tmp_path: Path) -> None:
    plan = two_ways(tmp_path, THERE, [30.0], [30.25], **single(loops_at=["5 km", "30 km"]))
    there, back = runs_of(plan, THERE), runs_of(plan, BACK)
    assert there.stations["km"].tolist() == [0, 5, 30, 37]
    assert back.stations["km"].tolist() == [0, 7, 32, 37]
    assert back.stations["name"].tolist() == ["RU_SAM", "km 7", "km 32", "RU_DER"]
    assert there.tracks["track_id"].tolist() == back.tracks["track_id"].tolist()[::-1]
    assert back.tracks[["from_km", "to_km"]].to_numpy().tolist() == [[0, 7], [7, 32], [32, 37]]
    hours = ["train", "flow", "arrive_h", "enter_h", "leave_h"]
    pd.testing.assert_frame_equal(back.trains[hours], there.trains[hours])
    assert (back.trains["is_up"] != there.trains["is_up"]).all()
    for column in ("from_km", "to_km"):
        assert (back.trains[column] + there.trains[column]).tolist() == pytest.approx([37.0] * len(there.trains))


def test_the_key_of_the_line_need_not_be_in_the_order_of_the_nodes(tmp_path: Path) -> None:
    """Loops are said from the first end of the key, shown from the first of the nodes."""
    track = single(loops_at=["5 km"])["single_tracks"][LINE]
    plan = two_ways(tmp_path, THERE, [30.0], [], single_tracks={"RU_SAM-RU_DER": track})
    runs = runs_of(plan, THERE)
    assert runs.stations["km"].tolist() == [0, 32, 37]
    assert runs.trains["is_up"].tolist() == [True, True]
    assert runs.trains[["from_km", "to_km"]].to_numpy().tolist() == [[0, 32], [32, 37]]
    assert runs_of(plan, BACK).trains["is_up"].tolist() == [False, False]


def test_tracks_tell_headway_and_working_time(tmp_path: Path) -> None:
    tracks = runs_of(two_ways(tmp_path, THERE, [30.0], [], **single()), THERE).tracks
    assert tracks.columns.tolist() == ["track_id", "from_km", "to_km", "headway_h", "working_h"]
    assert tracks["track_id"].tolist() == [f"{LINE}/1", f"{LINE}/2"]
    assert tracks[["from_km", "to_km"]].to_numpy().tolist() == [[0, 18.5], [18.5, 37]]
    assert tracks["headway_h"].tolist() == close(0.25, 0.25)
    assert tracks["working_h"].tolist() == close(0.1, 0.1)


def test_other_traffic_is_part_of_headway_and_working_time(tmp_path: Path) -> None:
    """Where half is reserved, each train takes its run, working and headway twice."""
    tracks = runs_of(two_ways(tmp_path, THERE, [30.0], [], **single(reserved=0.5)), THERE).tracks
    assert tracks["headway_h"].tolist() == close(0.5, 0.5)
    assert tracks["working_h"].tolist() == close(0.7, 0.7)


def test_a_section_with_train_paths_is_one_stretch_and_asked_for_with_its_path(tmp_path: Path) -> None:
    """Twelve paths a day, one in 2 h: a train that follows half an hour later waits 1.5 h for its path, then runs."""
    paths = {"RU_DER>RU_SAM": {"trains_per_day": 12, "train_net": "1000 t"}}
    runs = runs_of(two_ways(tmp_path, THERE, [30.0, 30.5], [40.0], train_paths=paths), THERE)
    assert runs.stations["km"].tolist() == [0, 37]
    assert len(runs.tracks) == 0
    assert line_capacity(runs, 0.0, TEN_DAYS_H).empty
    up, down = (runs.trains[runs.trains["is_up"] == side] for side in (True, False))
    assert up[["from_km", "to_km"]].to_numpy().tolist() == [[0, 37]] * 2
    assert down[["from_km", "to_km"]].to_numpy().tolist() == [[37, 0]]
    assert up["arrive_h"].tolist() == close(30, 30.5)
    assert up["enter_h"].tolist() == close(30, 32)
    # 37 km at 480 km/d
    assert up["leave_h"].tolist() == close(31.85, 33.85)
    # no path is needed the other way: the train asks for the section when it runs
    assert down[["arrive_h", "enter_h", "leave_h"]].to_numpy()[0].tolist() == close(40, 40, 41.85)


def test_a_line_of_several_sections_goes_on_where_the_one_before_ends(tmp_path: Path) -> None:
    nodes = [*THERE, "AZ_YAL"]
    plan = two_ways(tmp_path, nodes, [30.0], [50.0], **single())
    runs = runs_of(plan, nodes)
    assert runs.name == "RU_DER-RU_SAM-AZ_YAL"
    assert runs.stations["name"].tolist() == ["RU_DER", "km 18", "RU_SAM", "AZ_YAL"]
    assert runs.stations["km"].tolist() == [0, 18.5, 37, 48]
    up, down = (runs.trains[runs.trains["is_up"] == side] for side in (True, False))
    assert up[["from_km", "to_km"]].to_numpy().tolist() == [[0, 18.5], [18.5, 37], [37, 48]]
    assert down[["from_km", "to_km"]].to_numpy().tolist() == [[48, 37], [37, 18.5], [18.5, 0]]
    back = runs_of(plan, nodes[::-1])
    assert back.stations["km"].tolist() == [0, 11, 29.5, 48]
    assert back.tracks[["from_km", "to_km"]].to_numpy().tolist() == [[11, 29.5], [29.5, 48]]
    own = back.trains[back.trains["is_up"]]
    assert own[["from_km", "to_km"]].to_numpy().tolist() == [[0, 11], [11, 29.5], [29.5, 48]]


def test_runs_that_have_not_ended_are_left_out(meet: Plan) -> None:
    cut = replace(meet, end_h=31.3)
    assert len(runs_of(cut, THERE).trains) == 3
    assert runs_of(cut, THERE).trains["leave_h"].notna().all()


def test_runs_are_those_of_one_replication(meet: Plan) -> None:
    trace = trace_of(meet)
    later = trace.assign(replication=3, **{c: trace[c] + 24 for c in ("arrive_h", "start_h", "depart_h")})
    both = pd.concat([trace, later], ignore_index=True)
    first, other = line_runs(meet, both, THERE), line_runs(meet, both, THERE, 3)
    assert len(first.trains) == len(other.trains) == 4
    assert (other.trains["enter_h"] - first.trains["enter_h"]).tolist() == pytest.approx([24.0] * 4)


def test_a_replication_that_the_trace_does_not_have(meet: Plan) -> None:
    with pytest.raises(ResultError, match="the trace has no replication 7"):
        line_runs(meet, trace_of(meet), THERE, replication=7)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        (["RU_DER", "RU_SAMM"], "no train runs from RU_DER to RU_SAMM or back; did you mean 'RU_SAM'?"),
        (["RU_DERR", "RU_SAM"], "no train runs from RU_DERR to RU_SAM or back; did you mean 'RU_DER'?"),
        (["RU_DER", "RU_SAM", "ZZZZ"], "no train runs from RU_SAM to ZZZZ or back"),
    ],
)
def test_a_section_that_no_train_runs_on(meet: Plan, nodes: list[str], message: str) -> None:
    with pytest.raises(ResultError, match=f"^{re.escape(message)}$"):
        line_runs(meet, trace_of(meet), nodes)


def test_single_track_lines_are_named_once_in_the_order_of_the_scenario(tmp_path: Path) -> None:
    lines = single()["single_tracks"]
    lines |= {"AZ_YAL-RU_SAM": {**lines[LINE], "loops_at": ["5 km"]}}
    plan = two_ways(tmp_path, [*THERE, "AZ_YAL"], [30.0], [], single_tracks=lines)
    assert len(plan.tracks) == 4
    assert single_track_lines(plan) == [LINE, "AZ_YAL-RU_SAM"]


def test_without_meets_no_line_is_single(tmp_path: Path) -> None:
    assert single_track_lines(two_ways(tmp_path, THERE, [30.0], [])) == []


def test_the_busiest_day_is_the_first_of_those_with_the_most_passages(tmp_path: Path) -> None:
    plan = two_ways(tmp_path, THERE, [5.0, 30.0, 33.0, 80.0, 90.0, 100.0], [10.0, 15.0], **single())
    runs = runs_of(plan, THERE)
    # trains by day: 3, 2, none, 2, 1
    assert [runs.busiest_day_h(h) for h in (0.0, 24.0, 48.0, 96.0)] == [0.0, 24.0, 72.0, 96.0]
    assert runs.busiest_day_h() == 0.0


def test_there_is_no_busiest_day_when_nobody_runs(meet: Plan) -> None:
    words = f"no train runs on {LINE} in the time that is reported"
    runs = runs_of(meet, THERE)
    assert runs.busiest_day_h(30.0) == 24.0
    with pytest.raises(ResultError, match=words):
        runs.busiest_day_h(48.0)
    # the run ends before the first train has come to the loop
    nobody = runs_of(replace(meet, end_h=30.1), THERE)
    assert len(nobody.trains) == 0
    with pytest.raises(ResultError, match=words):
        nobody.busiest_day_h()
    assert line_capacity(nobody, 0.0, 30.1)["trains_per_day"].tolist() == [0, 0]


def test_capacity_of_a_line_on_which_two_trains_meet(meet: Plan) -> None:
    """Over ten days; pushed together the two trains take a run and working time each, 1.2 h."""
    table = line_capacity(runs_of(meet, THERE), 0.0, TEN_DAYS_H)
    assert table["track_id"].tolist() == [f"{LINE}/1", f"{LINE}/2"]
    assert table[["from_km", "to_km"]].to_numpy().tolist() == [[0, 18.5], [18.5, 37]]
    assert table["trains_per_day"].tolist() == pytest.approx([0.2, 0.2])
    assert table["run_up_h"].tolist() == table["run_down_h"].tolist() == close(0.5, 0.5)
    # the up train waits 0.35 h before the far stretch, nobody before the near one
    assert table["wait_mean_h"].tolist() == close(0, 0.175)
    assert table["wait_p95_h"].tolist() == close(0, 0.95 * 0.35)
    assert table["occupied_frac"].tolist() == close(1.2 / TEN_DAYS_H, 1.2 / TEN_DAYS_H)
    assert table["scott_trains_per_day"].tolist() == pytest.approx([0.7 * 24 / 0.6] * 2, rel=1e-3)


def test_capacity_counts_the_mean_run_of_both_ways(tmp_path: Path) -> None:
    """Twice as fast on the way up: the up train waits at the loop from 30.25 h until 6 minutes after 30.625 h."""
    speeds = {"run_speed": "74 km/h", "run_speed_back": "37 km/h"}
    plan = two_ways(tmp_path, THERE, [30.0], [30.125], **single(**speeds))
    table = line_capacity(runs_of(plan, THERE), 0.0, TEN_DAYS_H)
    assert table["run_up_h"].tolist() == close(0.25, 0.25)
    assert table["run_down_h"].tolist() == close(0.5, 0.5)
    assert table["wait_mean_h"].tolist() == close(0, 0.475 / 2)
    assert table["occupied_frac"].tolist() == close(0.95 / TEN_DAYS_H, 0.95 / TEN_DAYS_H)
    by_hand = scott_trains_per_day(0.25, 0.1, run_back_h=0.5)
    assert table["scott_trains_per_day"].tolist() == pytest.approx([by_hand] * 2, rel=1e-3)
    back = line_capacity(runs_of(plan, BACK), 0.0, TEN_DAYS_H)
    assert (back["run_up_h"].tolist(), back["run_down_h"].tolist()) == (close(0.5, 0.5), close(0.25, 0.25))
    same = ["track_id", "trains_per_day", "wait_mean_h", "wait_p95_h", "occupied_frac", "scott_trains_per_day"]
    pd.testing.assert_frame_equal(back[same].iloc[::-1].reset_index(drop=True), table[same])


def test_other_traffic_counts_as_spacing(tmp_path: Path) -> None:
    """A single train takes its headway: half an hour instead of a quarter, where half is reserved."""
    plan = two_ways(tmp_path, THERE, [30.0], [], **single(reserved=0.5))
    table = line_capacity(runs_of(plan, THERE), 0.0, 24.0 * 2)
    assert table["trains_per_day"].tolist() == [0.5, 0.5]
    assert table["occupied_frac"].tolist() == close(0.5 / 48, 0.5 / 48)
    assert table["run_down_h"].isna().all()
    # run and working time, 0.6 h, twice
    assert table["scott_trains_per_day"].tolist() == pytest.approx([0.7 * 24 / 1.2] * 2, rel=1e-3)


def test_capacity_counts_the_trains_that_enter_in_its_time(tmp_path: Path) -> None:
    runs = runs_of(two_ways(tmp_path, THERE, [5.0, 30.0, 40.0, 60.0], [], **single()), THERE)
    for from_h, until_h, n in ((0.0, 24.0, 1), (24.0, 48.0, 2), (0.0, 48.0, 3), (0.0, TEN_DAYS_H, 4)):
        table = line_capacity(runs, from_h, until_h)
        assert table["trains_per_day"].tolist() == pytest.approx([n * 24 / (until_h - from_h)] * 2)


def test_a_line_without_trains_in_its_time_has_no_figures_but_is_free(meet: Plan) -> None:
    table = line_capacity(runs_of(meet, THERE), 48.0, TEN_DAYS_H)
    assert table["trains_per_day"].tolist() == table["occupied_frac"].tolist() == [0, 0]
    rest = ["run_up_h", "run_down_h", "wait_mean_h", "wait_p95_h", "scott_trains_per_day"]
    assert np.isnan(table[rest].to_numpy()).all()
