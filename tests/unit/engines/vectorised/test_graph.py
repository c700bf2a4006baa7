from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings

from corridor_sim.engines.vectorised.graph import SHARED, StageGraph
from corridor_sim.plan.kinds import StageKind
from tests.properties.strategies import plans
from tests.support.parts import (
    Flow,
    Form,
    Formation,
    Gather,
    Hold,
    Loop,
    Place,
    Queue,
    Route,
    Run,
    Sail,
    Ship,
    Split,
    Track,
    Travel,
)
from tests.support.plans import make_plan

P, Q, R = Place("P"), Place("Q"), Place("R")
SHIP, TRAIN = Ship("ship", (5.0,), 1.0), Formation("train", 2, 1.0)


def graph_of(*ways, facilities=()):
    flows = [Flow(f"F{i}", at=[0], stages=stages) for i, stages in enumerate(ways)]
    return StageGraph(make_plan(flows=flows, facilities=facilities))


def queues(*places):
    return [Queue(p, 1.0) for p in places]


def parts_of(graph):
    """Rows of facilities, part by part; cyclic ones as sets."""
    rows = [[graph.facilities[f].row for f in part.facilities] for part in graph.parts]
    return [set(r) if part.is_cyclic else r for r, part in zip(rows, graph.parts, strict=True)]


def test_facilities_are_what_stages_share():
    graph = graph_of([*queues(P), Hold(1.0), Form(TRAIN)], [Sail(SHIP), *queues(Q, P)])
    found = {(f.kind, f.row): f.stages for f in graph.facilities}
    assert found == {
        (StageKind.QUEUE, 0): (0, 5), (StageKind.FORM, 0): (2,), (StageKind.SAIL, 0): (3,), (StageKind.QUEUE, 1): (4,)
    }  # fmt: skip
    assert all(graph.facilities[f].stages.count(s) == 1 for s, f in graph.facility_of.items())


def test_parts_come_after_those_that_feed_them():
    assert parts_of(graph_of(queues(R, Q), queues(Q, P), facilities=[P, Q, R])) == [[2], [1], [0]]


def test_both_directions_make_a_circle_with_what_lies_before_and_after():
    graph = graph_of(queues(P, Q), queues(Q, P), queues(P, R), [Sail(SHIP), *queues(Q)], facilities=[P, Q, R, SHIP])
    assert parts_of(graph) == [[0], {0, 1}, [2]]


def test_a_facility_that_is_used_again_is_a_circle_by_itself():
    assert parts_of(graph_of([*queues(P), Hold(1.0), *queues(P)])) == [{0}]
    assert parts_of(graph_of(queues(P), queues(P))) == [[0]]


def test_who_feeds_comes_first_in_a_round():
    graph = graph_of(queues(P, Q, R), queues(Q, P), queues(R, Q), facilities=[R, Q, P])
    (part,) = graph.parts
    assert [graph.facilities[f].row for f in part.facilities] == [2, 1, 0]


def test_what_lies_on_the_way_to_the_next_facility():
    """Splits and gathers too, but never the next itinerary."""
    graph = graph_of([Hold(1.0), *queues(P), Split(2), Hold(1.0), Gather(), *queues(R), Hold(1.0)], [Hold(1.0)])
    assert graph.on_the_way(0) == range(1)
    assert graph.after == {1: range(2, 5), 5: range(6, 7)}
    assert graph.next_shared(1) == 5
    assert graph.next_shared(5) is None
    assert graph.on_the_way(7) == range(7, 8)


def test_the_way_ends_at_a_facility_of_the_units():
    graph = graph_of([*queues(P), Hold(1.0), Split(2), *queues(Q), Gather(), Hold(1.0), *queues(R)])
    assert graph.after == {0: range(1, 3), 3: range(4, 6), 6: range(0)}
    assert [graph.next_shared(s) for s in (0, 3, 6)] == [3, 6, None]


def test_the_next_of_two_neighbours_and_of_the_last_of_all():
    graph = graph_of(queues(P, Q))
    assert graph.next_shared(0) == 1
    assert len(graph.after[0]) == len(graph.after[1]) == 0
    assert graph.next_shared(1) is None


def test_tracks_that_share_a_loop_are_one_part():
    """Nobody runs over two of them: who enters one makes room at the loop for those who want the other."""
    loop, other = Loop("loop"), Loop("other")
    west, east, far = Track("west", far=loop), Track("east", near=loop), Track("far", near=other)
    graph = graph_of(*([Run(track, 1.0)] for track in (west, far, east)), facilities=[west, east, far])
    assert parts_of(graph) == [{0, 1}, [2]]
    assert [part.wakes for part in graph.parts] == [True, True]


def test_three_tracks_in_a_row_are_one_part_where_the_loops_between_join_them():
    first, second = Loop("first"), Loop("second")
    line = [Track("a", far=first), Track("b", near=first, far=second), Track("c", near=second)]
    graph = graph_of(*([Run(track, 1.0)] for track in line), facilities=line)
    assert parts_of(graph) == [{0, 1, 2}]
    unused = graph_of([Run(line[0], 1.0)], [Run(line[2], 1.0)], facilities=line)
    assert parts_of(unused) == [[0], [2]]


def test_only_parts_with_single_tracks_wake():
    graph = graph_of([*queues(P, Q), Form(TRAIN), Run(Track("T"), 1.0)], queues(Q, P))
    assert [(part.is_cyclic, part.wakes) for part in graph.parts] == [(True, False), (False, False), (False, True)]


def test_where_nobody_meets_there_are_no_parts():
    graph = graph_of([Hold(1.0), Split(2), Gather()], [Travel(1.0)])
    assert graph.parts == ()
    assert graph.on_the_way(0) == range(3)
    assert graph.on_the_way(3) == range(3, 4)


def test_plans_without_stages_or_flows():
    for flows in ([], [Flow("A", at=[0])], [Flow("A", at=[0], routes=[Route([]), Route([Hold(1.0)])])]):
        assert StageGraph(make_plan(flows=flows)).parts == ()


def reached(edges, first):
    """Facilities that a consignment may come to after one of them."""
    found, ahead = set(), [first]
    while ahead:
        for following in edges[ahead.pop()] - found:
            found.add(following)
            ahead.append(following)
    return found


def tracks_of(graph):
    return [i for i, f in enumerate(graph.facilities) if f.kind is StageKind.SINGLE_TRACK]


def wakes(graph, facility):
    """Single tracks, and places that serve by classes."""
    kind, row = graph.facilities[facility].kind, graph.facilities[facility].row
    return kind in (StageKind.SINGLE_TRACK, StageKind.TAKE) or (kind is StageKind.QUEUE and row in graph.plan.attended)


def loops_of(graph, facility):
    tracks, row = graph.plan.tracks, graph.facilities[facility].row
    return {int(tracks.near_loop_idx[row]), int(tracks.far_loop_idx[row])} - {-1}


@settings(max_examples=150)
@given(plan=plans())
def test_parts_are_those_that_reach_each_other_in_an_order_in_which_they_can_be_computed(plan):
    graph = StageGraph(plan)
    edges = {f: set() for f in range(len(graph.facilities))}
    for i in range(len(plan.itineraries)):
        used = [graph.facility_of[s] for s in plan.stage_range(i) if graph.kinds[s] in SHARED]
        for a, b in pairwise(used):
            edges[a].add(b)
    for s in np.flatnonzero(plan.stages.blocks).tolist():
        edges[graph.facility_of[s]].add(graph.facility_of[s - 1])  # a server is held until the pool has room
    for a, b in product(tracks_of(graph), repeat=2):
        if a != b and loops_of(graph, a) & loops_of(graph, b):
            edges[a].add(b)
    reach = {f: reached(edges, f) for f in edges}
    position = {f: k for k, part in enumerate(graph.parts) for f in part.facilities}
    assert sorted(f for part in graph.parts for f in part.facilities) == sorted(edges)
    for a in edges:
        assert graph.parts[position[a]].is_cyclic == (a in reach[a])
        for b in reach[a]:
            assert position[a] <= position[b]
            assert (position[a] == position[b]) == (a in reach[b])
        assert graph.parts[position[a]].wakes == any(wakes(graph, f) for f in graph.parts[position[a]].facilities)
