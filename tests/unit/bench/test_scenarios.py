"""Workloads are what they say they are."""

import numpy as np
import pytest

from corridor_sim.bench.scenarios import LINE, LOAD_FRAC
from corridor_sim.bench.workloads import feed_forward, tandem
from corridor_sim.plan.kinds import StageKind


def places_visited(plan, direction: str) -> set[str]:
    flows = [f for f, d in enumerate(plan.flows.direction) if d == direction]
    stages = [s for i in np.flatnonzero(np.isin(plan.itineraries.flow_idx, flows)) for s in plan.stage_range(int(i))]
    return {plan.places.id[plan.stages.target_idx[s]] for s in stages if plan.stages.kind[s] == StageKind.QUEUE}


def test_a_tandem_is_queues_in_series_at_the_stated_load():
    plan = tandem(3, 200).plan
    assert [StageKind(k) for k in plan.stages.kind] == [StageKind.QUEUE] * 3
    assert plan.places.id == ("Q0", "Q1", "Q2")
    rate_per_h = 200 / 744
    assert plan.stages.service_mean_h * rate_per_h == pytest.approx([LOAD_FRAC] * 3)
    assert tandem(3, 200).draw(range(1)).n_consignments[0] == pytest.approx(200, abs=60)


def test_a_feed_forward_line_shares_no_equipment_between_directions():
    plan = feed_forward(1000).plan
    south, north = places_visited(plan, "south"), places_visited(plan, "north")
    assert len(south) == len(north) == 11
    assert not south & north


def test_a_feed_forward_line_has_what_makes_it_realistic():
    plan = feed_forward(1000).plan
    servers = {len(s) for s in plan.places.server_from_h}
    assert {1, 3, 8} <= servers
    calendars = plan.facility_calendars
    assert sum(not c.is_always_open for c in calendars) == 8
    travel = plan.stages.kind == StageKind.TRAVEL
    assert 0 < np.mean(plan.stages.service_draw_idx[travel] >= 0) < 1
    assert len(plan.flows) == 6
    assert plan.stages.node[0] == LINE[0]


@pytest.mark.parametrize("n", [500, 2000])
def test_the_load_does_not_depend_on_the_size(n):
    plan = feed_forward(n).plan
    station_1 = plan.places.id.index("STATION1_SOUTH")
    stage = plan.stages.target_idx.tolist().index(station_1)
    per_h = n / 2 * 0.75 / 8760  # through and short trains pass it
    assert plan.stages.service_mean_h[stage] * per_h / 2 == pytest.approx(LOAD_FRAC)


def test_copies_multiply_itineraries_not_consignments():
    one, four = feed_forward(1000), feed_forward(1000, copies=4)
    assert len(four.plan.itineraries) == 4 * len(one.plan.itineraries) == 24
    assert four.draw(range(1)).n_consignments[0] == pytest.approx(one.draw(range(1)).n_consignments[0], rel=0.2)
