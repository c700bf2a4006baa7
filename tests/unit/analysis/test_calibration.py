"""Every measure on a corridor whose numbers are worked out by hand: two loads a day, all durations fixed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import corridor_sim as cs
from corridor_sim.analysis.calibration import COLUMNS, NOTHING, Simulated, select_flows, with_calibration
from corridor_sim.scenario.observations import FlowSelection

SCENARIO = """
schema_version: 1
name: by-hand
run: {start: 2024-12-01, warm_up: 31 d, end: 2026-01-01, replications: 1, seed: 1}
flows:
  T:
    name: tea
    origin: RU_DER
    destination: AZ_YAL
    direction: south
    commodity: tea
    route: west
    counts_in: [i, ii]
    annual: 365 kt/yr
    consignment: {kind: truck group, load: 500 t, teu: 10}
    release: {timetable: {every: 12 h, first: 2024-12-01}}
  B:
    name: coffee
    origin: RU_DER
    destination: RU_SAM
    direction: north
    commodity: coffee
    route: east
    annual: 100 kt/yr
    consignment: {kind: wagon group, load: 1000 t}
    release: {timetable: {every: 24 h, first: 2024-12-01}}
itineraries:
  Ta:
    flow: T
    share: 1
    stages:
      - {hold: PAPERS, at: RU_DER}
      - {rail: [RU_DER, RU_SAM, AZ_YAL], class: SLOW}
      - {queue: LANE, at: AZ_YAL}
      - {hold: PAPERS, at: AZ_YAL}
  Ba:
    flow: B
    share: 1
    stages:
      - {rail: [RU_DER, RU_SAM], class: SLOW}
travel_classes: {SLOW: {speed: 240 km/d}}
holds: {PAPERS: {duration: 5 h, cause: documents}}
queues:
  LANE:
    name: lane
    at: AZ_YAL
    kind: border lanes
    servers: [{n: 1}, {n: 1, from: 2025-07-01}]
    service: 3 h/unit
    reserved: 0.25
    calendar: DAYS
calendars: {DAYS: {hours: daily 00-24}}
trucks_per_unit: 5
costs: {TOLL: {item: toll, country: AZ, mode: road, rate: 20 USD}}
calibration:
"""
TARGETS = {
    "time": "{time_d: {itinerary: Ta}}",
    "window": "{time_d: {itinerary: Ta, from: RU_DER, to: AZ_YAL}}",
    "stops": "{time_d: {itinerary: Ta, from: RU_DER, to: AZ_YAL, include_stops: true}}",
    "per_day": "{speed_km_per_d: {itinerary: Ta, from: RU_DER, to: AZ_YAL}}",
    "per_hour": "{speed_km_per_h: {itinerary: Ta}}",
    "moving": "{moving_km_per_h: {itinerary: Ta}}",
    "dwell": "{dwell_h: {itinerary: Ta, nodes: [AZ_YAL]}}",
    "mean_dwell": "{mean_dwell_h: {of: [{itinerary: Ta, nodes: [AZ_YAL]}, {itinerary: Ta, nodes: RU_DER}]}}",
    "winter": "{winter_dwell_h: {queue: LANE, hold: PAPERS, months: [dec, jan]}}",
    "volume": "{flow_mt: {where: {route: west}}}",
    "volume_i": "{flow_mt: {where: {counts_in: [i]}}}",
    "volume_all": "{flow_mt: {where: {}}}",
    "summer": "{flow_mt: {where: {direction: south}, months: [jun, jul]}}",
    "part": "{flow_mt: {where: {flow: T}, months: {jun: 0.5}}}",
    "boxes": "{flow_kteu: {where: {route: [west, east]}}}",
    "through": "{through_mt: {queues: LANE}}",
    "trucks": "{trucks_per_d: {queues: LANE}}",
    "load": "{load_per_truck_t: {queues: LANE}}",
    "capacity": "{truck_capacity_per_d: {queues: LANE}}",
    "capacity_later": '{truck_capacity_per_d: {queues: LANE, "on": 2025-08-01}}',
    "tariff": "{tariff_usd: {cost: TOLL, quantity: 3}}",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("scenario") / "by-hand.yaml"
    rows = [
        f"  {k}: {{quantity: q, measure: {measure}, low: 1, mid: 2, high: 3, unit: d, source: made up, grade: C}}"
        for k, measure in TARGETS.items()
    ]
    file.write_text(SCENARIO + "\n".join(rows) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def scenario(file):
    return cs.load_scenario(file)


@pytest.fixture(scope="module")
def result(scenario):
    return cs.simulate(scenario, replications=2)


@pytest.fixture(scope="module")
def km(result):
    network = cs.load_network()
    return sum(network.section(a, b, "rail").km for a, b in (("RU_DER", "RU_SAM"), ("RU_SAM", "AZ_YAL")))


@pytest.fixture(scope="module")
def table(result):
    return result.calibration.set_index("target")


def test_columns_and_rows(result):
    assert result.calibration.columns.tolist() == list(COLUMNS)
    assert result.calibration["target"].tolist() == list(TARGETS)
    assert result.calibration["measure"].tolist() == [t.split(":")[0].strip("{") for t in TARGETS.values()]
    assert set(result.calibration["grade"]) == {"C"}


def test_times(table, km):
    run_h = km / 10.0
    assert table.loc["time", "p50"] == pytest.approx((5 + run_h + 3 + 5) / 24, rel=1e-6)
    assert table.loc["window", "p50"] == pytest.approx(run_h / 24, rel=1e-6)
    assert table.loc["stops", "mean"] == pytest.approx((5 + run_h) / 24, rel=1e-6)


def test_speeds(table, km):
    run_h = km / 10.0
    assert table.loc["per_day", "p50"] == pytest.approx(240.0, rel=1e-6)
    assert table.loc["per_hour", "p50"] == pytest.approx(km / (run_h + 13), rel=1e-6)
    assert table.loc["moving", "p50"] == pytest.approx(10.0, rel=1e-6)


def test_dwell(table):
    assert table.loc["dwell", "p50"] == pytest.approx(8.0)
    assert table.loc["mean_dwell", "p50"] == pytest.approx((8 + 5) / 2)
    assert table.loc["winter", "p50"] == pytest.approx(3 + 5)


def test_volumes(table):
    """730 loads of 500 t a year, 365 of 1000 t beside them."""
    assert table.loc["volume", "p50"] == pytest.approx(0.365)
    assert table.loc["volume_i", "p50"] == pytest.approx(0.365)
    assert table.loc["volume_all", "p50"] == pytest.approx(0.73)
    assert table.loc["summer", "p50"] == pytest.approx(122 * 500 / 1e6)
    assert table.loc["part", "p50"] == pytest.approx(30 * 500 / 1e6)
    assert table.loc["boxes", "p50"] == pytest.approx(7.3)
    assert table.loc["through", "p50"] == pytest.approx(0.365)


def test_trucks(table):
    """Two groups of five a day load 4 h each (a quarter reserved) of 24 or 48: the reserved quarter counts as trucks.

    One lane half of the year, two in the other half: 8 of 36.16 h are used on average, three quarters of it by cargo.
    """
    server_h = 24 * (1 + 184 / 365)
    own = 8 / server_h * 0.75
    trucks = 10 * (0.25 + own) / own
    assert table.loc["trucks", "p50"] == pytest.approx(trucks, rel=1e-3)
    assert table.loc["load", "p50"] == pytest.approx(1000 / trucks, rel=1e-3)
    assert table.loc["capacity", "p50"] == pytest.approx(5 * 24 / 3)
    assert table.loc["capacity_later", "p50"] == pytest.approx(2 * 5 * 24 / 3)
    assert table.loc["tariff", "p50"] == 60


def test_inside_is_judged_by_the_median(table):
    inside = (table["p50"] >= 1) & (table["p50"] <= 3)
    assert table["inside"].tolist() == inside.tolist()


def test_fixed_durations_leave_no_spread(table):
    spread = table["p95"] - table["p05"]
    assert spread.abs().max() < 1e-3


def test_without_targets_there_is_no_table():
    plain = cs.load_scenario("tiny")
    assert cs.simulate(plain, replications=1).calibration is None


@pytest.mark.parametrize(
    ("conditions", "chosen"),
    [
        ({}, ["T", "B"]),
        ({"route": ["west"]}, ["T"]),
        ({"counts_in": ["ii", "iii"]}, ["T"]),
        ({"direction": "north"}, ["B"]),
        ({"flow": ["B"]}, ["B"]),
        ({"direction": "north", "flow": ["T"]}, []),
    ],
)
def test_selecting_flows(scenario, conditions, chosen):
    assert select_flows(scenario, FlowSelection(**conditions)) == chosen


class TestSimulated:
    def test_of_replications(self):
        x = Simulated.of_replications(np.array([1.0, np.nan, 3.0]))
        assert (x.mean, x.p50) == (2, 2)

    def test_of_nothing(self):
        assert Simulated.of_replications(np.array([np.nan])) is NOTHING

    def test_the_fast_are_the_short(self):
        x = Simulated(10.0, 5.0, 10.0, 20.0).turned(lambda h: 100 / h)
        assert (x.mean, x.p05, x.p50, x.p95) == (10, 5, 10, 20)


@pytest.mark.parametrize("kept", [["all"], ["all", "2025"]], ids=["all", "years"])
def test_without_months_a_year_is_a_year(scenario, result, table, kept):
    """Volumes of whole years come from the whole; what takes single months is missing, and never zero."""
    chosen = result.labels["period"].isin(kept).to_numpy()
    labels = result.labels[chosen].reset_index(drop=True)
    coarse = replace(result, labels=labels, values=result.values[:, chosen], calibration=None)
    found = with_calibration(coarse, scenario, cs.compile_plan(scenario)).calibration.set_index("target")
    of_months = ["winter", "summer", "part"]
    assert found.loc[of_months, ["mean", "p05", "p50", "p95"]].isna().all(axis=None)
    assert not found.loc[of_months, "inside"].any()
    pd.testing.assert_frame_equal(found.drop(of_months), table.drop(of_months), rtol=1e-12)


def test_without_months_a_part_of_a_year_is_no_year(file):
    short = cs.load_scenario(file, overrides={"run.end": "2025-12-01"})
    result = cs.simulate(short, replications=1)
    chosen = (result.labels["period"] == "all").to_numpy()
    coarse = replace(result, labels=result.labels[chosen].reset_index(drop=True), values=result.values[:, chosen])
    found = with_calibration(coarse, short, cs.compile_plan(short)).calibration.set_index("target")
    assert np.isnan(found.loc["volume", "mean"])


@pytest.mark.parametrize(
    "horizon",
    [
        {"run.start": "2025-05-01", "run.end": "2025-07-01", "run.warm_up": "10 d"},
        {"run.start": "2025-01-01", "run.end": "2025-01-03", "run.warm_up": "1 h"},
    ],
    ids=["no winter", "two days"],
)
def test_a_horizon_too_short_for_some_targets_still_gives_a_table(horizon):
    """What cannot be measured is missing, and not inside; the run is not lost for it."""
    result = cs.simulate(cs.load_scenario("baseline-2025", overrides=horizon), replications=1)
    table = result.calibration.set_index("measure")
    assert len(table) == 50
    if "05" in horizon["run.start"]:
        assert np.isnan(table.loc["winter_dwell_h", "p50"])
        assert not table.loc["winter_dwell_h", "inside"]
