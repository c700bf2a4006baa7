from __future__ import annotations

import pytest

from corridor_sim.scenario.observations import FlowVolume, ItineraryWindow, QueueVolume, WinterDwell

from .conftest import SMALL, Files

TARGET = "calibration:\n  T: {quantity: q, measure: %s, low: 1, mid: 2, high: 3, unit: d, period: 2025}\n"


@pytest.mark.parametrize(
    ("text", "kind", "model"),
    [
        ("{time_d: {itinerary: I1, from: A, to: C, include_stops: true}}", "time_d", ItineraryWindow),
        ("{through_mt: {queues: Q1, months: [jan, feb]}}", "through_mt", QueueVolume),
        ("{winter_dwell_h: {queue: Q1, hold: H1, months: {dec: 1, jan: 0.5}}}", "winter_dwell_h", WinterDwell),
        ("{flow_mt: {where: {route: west, counts_in: []}}}", None, FlowVolume),
        ("{flow_kteu: {where: {route: [west]}, months: {jan: 1}}}", "flow_kteu", FlowVolume),
    ],
)
def test_measures(files: Files, text: str, kind: str | None, model: type) -> None:
    if kind is None:
        assert files.problems(SMALL + TARGET % text) == [
            "s.yaml:43:61: calibration.T.measure.flow_mt.where.counts_in: holds 0 entries, expected at least 1"
        ]
        return
    target = files.load(SMALL + TARGET % text).calibration["T"]
    assert target.measure.kind == kind
    assert isinstance(target.measure.of, model)
    assert (target.period, target.set) == ("2025", "calibration")


def test_lists_of_months_weigh_one(files: Files) -> None:
    target = files.load(SMALL + TARGET % "{through_mt: {queues: Q1, months: [jan, feb]}}").calibration["T"]
    assert target.measure.through_mt is not None
    assert target.measure.through_mt.months == {"jan": 1.0, "feb": 1.0}
    assert target.measure.through_mt.queues == ("Q1",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "43:20: calibration.T.measure: measure is missing, expected one of time_d, speed_km_per_d"),
        ("{tme_d: {itinerary: I1}}", "43:30: calibration.T.measure.tme_d: unknown key; did you mean 'time_d'?"),
        (
            "{through_mt: {queues: [Q1], months: {janu: 1}}}",
            "43:72: calibration.T.measure.through_mt.months.janu: found 'janu', expected jan, feb",
        ),
    ],
)
def test_measures_that_cannot_be_read(files: Files, text: str, message: str) -> None:
    (problem,) = files.problems(SMALL + TARGET % text)
    assert problem.startswith(f"s.yaml:{message}")


def test_the_observed_range_is_in_order(files: Files) -> None:
    text = (SMALL + TARGET % "{dwell_h: {itinerary: I1, nodes: [C]}}").replace("mid: 2", "mid: 4")
    assert files.problems(text) == ["s.yaml:43:3: calibration.T: low <= mid <= high does not hold: 1 <= 4 <= 3"]
