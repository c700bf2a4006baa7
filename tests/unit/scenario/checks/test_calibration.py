from __future__ import annotations

import pytest

from .conftest import SMALL, Files


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        ("time_d: {itinerary: I2}", "time_d.itinerary: no itinerary 'I2'; itineraries are I1"),
        ("time_d: {itinerary: I1, from: X}", "time_d.from: itinerary I1 does not pass X"),
        ("speed_km_per_h: {itinerary: I1, to: X}", "speed_km_per_h.to: itinerary I1 does not pass X"),
        ("dwell_h: {itinerary: I1, nodes: [C, X]}", "dwell_h.nodes.1: itinerary I1 does not pass X"),
        ("mean_dwell_h: {of: [{itinerary: I2, nodes: C}]}", "mean_dwell_h.of.0.itinerary: no itinerary 'I2'"),
        ("winter_dwell_h: {queue: Q1, hold: H2, months: [jan]}", "winter_dwell_h.hold: no hold 'H2'; holds are H1"),
        ("through_mt: {queues: [Q1, Q2]}", "through_mt.queues.1: no queue 'Q2'; queues are Q1"),
        ("truck_capacity_per_d: {queues: [Q2]}", "truck_capacity_per_d.queues.0: no queue 'Q2'"),
        ("tariff_usd: {cost: X}", "tariff_usd.cost: no cost 'X'; the scenario has no costs"),
        ("flow_mt: {where: {route: [wst]}}", "where.route.0: no flow has the route 'wst'; did you mean 'west'?"),
        ("flow_mt: {where: {flow: [F2]}}", "where.flow.0: no flow 'F2'; flows are F1"),
        ("flow_mt: {where: {counts_in: [iv]}}", "where.counts_in.0: found 'iv', expected i, ii or iii"),
    ],
)
def test_measures_name_what_is_there(files: Files, measure: str, message: str) -> None:
    text = f"calibration:\n  T: {{quantity: q, low: 1, high: 2, unit: d, measure: {{{measure}}}}}\n"
    (problem,) = files.problems(SMALL + text)
    assert problem.startswith("s.yaml:43:")
    assert message in problem


def test_nodes_are_not_checked_where_the_way_is_searched(files: Files) -> None:
    text = SMALL.replace("rail: [A, B, C]", "rail: {from: A, to: C}")
    text += "calibration:\n  T: {quantity: q, low: 1, high: 2, unit: d, measure: {time_d: {itinerary: I1, to: X}}}\n"
    assert "T" in files.load(text).calibration
