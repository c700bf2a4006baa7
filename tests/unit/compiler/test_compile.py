"""From scenario to plan: what the tables hold, and what does not fit the network."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import corridor_sim as cs
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.plan.kinds import Basis, Cause, StageKind
from corridor_sim.plan.plan import Plan

TINY = yaml.safe_load((data_dir("scenarios") / "tiny.yaml").read_text(encoding="utf-8"))


def plan_of(tmp_path: Path, data: dict[str, Any]) -> Plan:
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return cs.compile_plan(cs.load_scenario(path))


def minimal(stages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """One flow over the given stages for ten days."""
    first, last = stages[0], stages[-1]
    ends = [next(v for k, v in s.items() if k in ("at", "rail", "road", "sea")) for s in (first, last)]
    origin = ends[0] if isinstance(ends[0], str) else ends[0][0] if isinstance(ends[0], list) else ends[0]["from"]
    destination = ends[1] if isinstance(ends[1], str) else ends[1][-1] if isinstance(ends[1], list) else ends[1]["to"]
    return {
        "schema_version": 1,
        "name": "case",
        "run": {"start": "2025-01-01", "end": "2025-01-11"},
        "flows": {
            "F": {
                "name": "goods", "origin": origin, "destination": destination, "direction": "south",
                "commodity": "goods",
                "route": "r", "annual": "365 kt/yr", "consignment": {"kind": "train", "load": "1000 t", "teu": 50},
                "release": "even",
            }
        },
        "itineraries": {"I": {"flow": "F", "stages": stages}},
        "travel_classes": {"V": {"speed": "480 km/d"}},
        **more,
    }  # fmt: skip


def queue(**more: Any) -> dict[str, Any]:
    return {"name": "post", "at": "AZ_YAL", "kind": "customs", "servers": 1, "service": "2 h", **more}


def test_rail_leg_becomes_path_and_travel_for_each_section(tmp_path: Path) -> None:
    paths = {"RU_DER>RU_SAM": {"trains_per_day": 12, "reserved": 0.5, "train_net": "4000 t", "train_teu": 100}}
    plan = plan_of(tmp_path, minimal([{"rail": ["RU_DER", "RU_SAM", "AZ_YAL"], "class": "V"}], train_paths=paths))
    s = plan.stages
    assert [StageKind(k) for k in s.kind] == [StageKind.QUEUE, StageKind.TRAVEL, StageKind.TRAVEL]
    assert s.km.tolist() == [0, 37, 11]
    assert s.service_mean_h.tolist() == pytest.approx([0, 37 / 20, 11 / 20])
    # 12 paths a day, half of them reserved: a headway of 2 h becomes 4 h for the corridor's trains
    assert s.occupancy_mean_h[0] == pytest.approx(4)
    assert s.occupancy_basis[0] == Basis.PATH
    assert (s.path_t[0], s.path_teu[0]) == (4000, 100)
    assert plan.places.section_id == ("RU_DER-RU_SAM-rail",)
    # no speed variation: nothing is drawn
    assert len(plan.draws) == 0


def test_route_is_found_on_the_graph(tmp_path: Path) -> None:
    found = plan_of(tmp_path, minimal([{"rail": {"from": "RU_MOW", "to": "RU_AST"}, "class": "V"}]))
    assert found.stages.node[0] == "RU_MOW"
    assert found.stages.to_node[-1] == "RU_AST"
    assert found.stages.km.sum() == pytest.approx(1541)


def test_reserved_traffic_lengthens_occupancy_not_service(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, minimal([{"queue": "Q", "at": "AZ_YAL"}], queues={"Q": queue(reserved=0.2)}))
    assert plan.stages.service_mean_h[0] == 2
    assert plan.stages.occupancy_mean_h[0] == pytest.approx(2.5)
    assert plan.stages.cause[0] == Cause.INSPECTION


def test_stage_occupancy_takes_the_place_of_the_fleets_own(tmp_path: Path) -> None:
    fleet = queue(kind="ship fleet", service="0 h", occupancy={"gamma": {"mean": "280 h", "cv": 0.2}})
    stages = [{"queue": "Q", "at": "AZ_YAL", "occupancy": "100 h"}, {"queue": "Q", "at": "AZ_YAL"}]
    plan = plan_of(tmp_path, minimal(stages, queues={"Q": fleet}))
    assert plan.stages.occupancy_mean_h.tolist() == [100, 280]
    assert plan.stages.cause[0] == Cause.HANDLING
    # the same draw is not shared between two visits, and streams are named after what they drive
    assert plan.draws.stream == ("F/I/Q/occupancy#1", "F/I/Q/occupancy#2")


def test_dated_servers_and_paths(tmp_path: Path) -> None:
    servers = [{"n": 2}, {"n": 1, "from": "2025-01-03", "until": "2025-01-05"}]
    plan = plan_of(tmp_path, minimal([{"queue": "Q", "at": "AZ_YAL"}], queues={"Q": queue(servers=servers)}))
    assert plan.places.server_from_h[0].tolist() == [0, 0, 48]
    assert plan.places.server_until_h[0].tolist() == [np.inf, np.inf, 120]


def test_calendar_of_shifts_holidays_and_dated_disruptions(tmp_path: Path) -> None:
    data = minimal(
        [{"queue": "Q", "at": "AZ_YAL"}],
        queues={"Q": queue(calendar="C")},
        calendars={"C": {"hours": "mon-fri 08-20", "factors": [{"during": "01-06..01-06", "factor": 0.5}]}},
        disruptions={
            "D": {"during": "2025-01-07..2025-01-07", "targets": [{"Q": {"base": 0.5, "slope": 0.5}}], "factor": 0.2}
        },
    )
    calendar = plan_of(tmp_path, data).facility_calendars[0]
    day = 24.0
    # 1 January 2025 is a Wednesday, the 4th and 5th a weekend, the 6th a holiday, the 7th disrupted
    assert [calendar.rate_at(h) for h in (7, 8, 19.9, 20, 3 * day + 12)] == [0, 1, 1, 0, 0]
    assert calendar.rate_at(5 * day + 12) == 0.5
    assert calendar.rate_at(6 * day + 12) == pytest.approx(0.6)
    assert calendar.rate_at(11 * day) == 1  # open after the horizon: work begun always ends


def test_month_profile_and_parcel_profile_keep_the_tonnes(tmp_path: Path) -> None:
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    data = minimal(
        [{"hold": "H", "at": "AZ_YAL"}],
        holds={"H": {"duration": "1 h", "cause": "documents"}},
        month_profiles={"P": dict(zip(months, [0.2, 0.3] + [0.05] * 10, strict=True))},
        parcel_profiles={"D": dict.fromkeys(months, 0.5) | {"feb": 2}},
    )
    data["run"] = {"start": "2025-01-01", "end": "2025-03-01"}
    data["flows"]["F"] |= {"profile": "P", "parcel_profile": "D"}
    plan = plan_of(tmp_path, data)
    # 365 kt: 73 kt in January in parcels of 500 t, 109.5 kt in February in parcels of 2000 t
    assert plan.flows.release_t_h[0].tolist() == [0, 744, 1416]
    assert plan.flows.release_cum[0].tolist() == pytest.approx([0, 146, 146 + 54.75])
    assert plan.flows.load_factor[0].tolist() == [0.5, 2]


def test_timetables(tmp_path: Path) -> None:
    hold = {"holds": {"H": {"duration": "1 h", "cause": "documents"}}}
    data = minimal([{"hold": "H", "at": "AZ_YAL"}], **hold)
    data["flows"]["F"]["release"] = {"timetable": {"departures": ["2024-12-01", "2025-01-01", "2025-01-02T06:00"]}}
    assert plan_of(tmp_path, data).flows.release_t_h[0].tolist() == [0, 30]
    data["flows"]["F"]["release"] = {"timetable": {"every": "5 d", "first": "2025-01-03T12:00"}}
    assert plan_of(tmp_path, data).flows.release_t_h[0].tolist() == [60, 180]
    data["flows"]["F"]["release"] = "timetable"
    data["flows"]["F"]["annual"] = "73 kt/yr"
    # two in ten days, spread over the days and put at noon
    assert plan_of(tmp_path, data).flows.release_t_h[0].tolist() == [60, 180]


def test_itineraries_outside_the_horizon_get_no_stages_but_are_checked(tmp_path: Path) -> None:
    hold = {"holds": {"H": {"duration": "1 h", "cause": "documents"}}}
    data = minimal([{"hold": "H", "at": "AZ_YAL"}], **hold)
    later = {"flow": "F", "valid_from": "2030-01-01", "stages": [{"hold": "H", "at": "AZ_YAL"}]}
    data["itineraries"]["I"]["valid_until"] = "2029-12-31"
    data["itineraries"]["LATER"] = later
    assert plan_of(tmp_path, data).itineraries.id == ("I",)
    later["stages"] = [{"rail": ["AZ_YAL", "AZ_SUMM"], "class": "V"}, {"rail": ["AZ_SUMM", "AZ_YAL"], "class": "V"}]
    with pytest.raises(ScenarioError, match="did you mean 'AZ_SUM'"):
        plan_of(tmp_path, data)


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([{"rail": ["TM_AKY", "IR_INB", "IR_GOR"], "class": "V"}], None),
        ([{"rail": ["IR_AST", "IR_RAS"], "class": "V"}, {"rail": ["IR_RAS", "IR_QAZ"], "class": "V"}], None),
        ([{"rail": ["RU_DER", "AZ_BIL"], "class": "V"}], "no rail section between RU_DER and AZ_BIL"),
        ([{"road": {"from": "RU_MOW", "to": "IN_NSA"}, "class": "V"}], "road"),
        ([{"sea": ["RU_LED", "IN_NSA"], "class": "V"}], "via"),
        ([{"sea": ["RU_LED", "IN_NSA"], "via": "suez", "class": "V"}], None),
        (
            [{"hold": "H", "at": "AZ_YAL"}, {"rail": ["AZ_SUM", "AZ_BIL"], "class": "V"}],
            "the one before it ends at AZ_YAL",
        ),
        ([{"hold": "H", "at": "AZ_YALL"}], "did you mean 'AZ_YAL'"),
        ([{"sail": "S", "at": "IR_SRJ"}], "never fits on S"),
    ],
)
def test_what_does_not_fit_the_network(tmp_path: Path, stages: list[dict[str, Any]], message: str | None) -> None:
    data = minimal(
        stages,
        holds={"H": {"duration": "1 h", "cause": "documents"}},
        services={"S": {"at": "IR_SRJ", "capacity": "40 TEU", "every": "7 d", "first": "2025-01-01"}},
    )
    if message is None:
        plan_of(tmp_path, data)
        return
    with pytest.raises(ScenarioError, match=message) as caught:
        plan_of(tmp_path, data)
    assert all(p.location is not None for p in caught.value.problems)


def test_a_change_of_gauge_needs_a_gauge_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = cs.load_network()
    monkeypatch.setitem(network._nodes, "IR_INB", replace(network.node("IR_INB"), kind="rail_border"))
    data = minimal([{"rail": ["TM_AKY", "IR_INB", "IR_GOR"], "class": "V"}])
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    with pytest.raises(ScenarioError, match="gauge changes from 1520 to 1435 mm at IR_INB"):
        cs.compile_plan(cs.load_scenario(path), network=network)
    data["queues"] = {"Q": queue(at="IR_INB", kind="gauge change")}
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    cs.compile_plan(cs.load_scenario(path), network=network)


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    data = minimal([{"rail": ["RU_DER", "RU_SAMM"], "class": "V"}], queues={"Q": queue(at="NOWHERE")})
    data["train_paths"] = {"RU_DER>AZ_BIL": {"trains_per_day": 10, "train_net": "3000 t"}}
    with pytest.raises(ScenarioError) as caught:
        plan_of(tmp_path, data)
    assert len(caught.value.problems) == 4  # origin or destination, the leg, the queue, the train path


def test_tiny_is_as_it_reads() -> None:
    plan = cs.compile_plan(cs.load_scenario("tiny"))
    assert plan.flows.id == tuple(TINY["flows"])
    assert plan.time_axis.end_h == 31 * 24
    assert plan.warm_up_h == 72


def test_upgrades_hold_from_their_date_and_multiply(tmp_path: Path) -> None:
    upgrades = {
        "A": {"name": "a", "from": "2025-01-04", "factor": 2, "targets": ["Q"]},
        "B": {"name": "b", "from": "2025-01-08", "factor": 1.5, "targets": ["Q"]},
        "LATER": {"name": "after the run", "from": "2030-01-01", "factor": 9, "targets": ["Q"]},
    }
    queues = {"Q": {"name": "q", "at": "RU_DER", "kind": "crane", "servers": 1, "service": "1 h"}}
    plan = plan_of(tmp_path, minimal([{"queue": "Q", "at": "RU_DER"}], queues=queues, upgrades=upgrades))
    row = plan.places.calendar_idx[0]
    times, rates = plan.calendars.times_h[row], plan.calendars.rates[row]
    at = [rates[np.searchsorted(times, h, side="right") - 1] for h in (0.0, 71.0, 73.0, 167.0, 169.0, 239.0)]
    assert at == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
