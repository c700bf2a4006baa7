"""Single track: both directions share it, trains follow each other or wait for the other way, and meet at loops."""

import itertools

import numpy as np
import pytest

from corridor_sim.engines.discrete_event.engine import DiscreteEventEngine
from corridor_sim.engines.discrete_event.tracks import Loop as Rule
from tests.support.audit import audit
from tests.support.parts import Disruption, Flow, Gather, Hold, Loop, Run, Split, Track, exponential, open_daily
from tests.support.plans import make_plan
from tests.support.running import TICK, run

TRACK = Track("track", working=0.5)


def both(south, north, **more):
    """One flow each way over stages; the southbound first in ties."""
    flows = [Flow("S", at=south[0], stages=south[1]), Flow("N", at=north[0], stages=north[1], direction="north")]
    return make_plan(flows=flows, **more)


def line(n_loops, tracks=2, working=0.25, **more):
    loops = [None, *(Loop(f"loop{i}", tracks) for i in range(n_loops)), None]
    return [Track(f"track{i}", near, far, working, **more) for i, (near, far) in enumerate(itertools.pairwise(loops))]


def there(tracks, hours, gap=0.25):
    return [Run(track, hours, gap) for track in tracks]


def back(tracks, hours, gap=0.25):
    return [Run(track, hours, gap, back=True) for track in reversed(tracks)]


def test_a_train_alone_runs_for_its_time(engine):
    plan = make_plan(flows=[Flow("A", at=[1, 9], stages=[Run(TRACK, 2.0, 0.5)])])
    assert run(engine, plan).stage(0) == [(1, 1, 3), (9, 9, 11)]


def test_followers_enter_and_leave_a_headway_apart(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 0, 0, 5], stages=[Run(TRACK, 2.0, 0.5)])])
    assert run(engine, plan).stage(0) == [(0, 0, 2), (0, 0.5, 2.5), (0, 1, 3), (5, 5, 7)]


def test_the_headway_is_that_of_the_train_ahead(engine):
    flows = [Flow("A", at=[0], stages=[Run(TRACK, 2.0, 1.0)]), Flow("B", at=[0, 0], stages=[Run(TRACK, 2.0, 0.25)])]
    done = run(engine, make_plan(flows=flows))
    assert done.stage(1) == [(0, 1, 3), (0, 1.25, 3.25)]


def test_no_headway_takes_a_tick(engine):
    plan = make_plan(flows=[Flow("A", at=[0, 0], stages=[Run(TRACK, 2.0, 0.0)])])
    assert run(engine, plan).stage(0) == [(0, 0, 2), (0, TICK, 2 + TICK)]


def test_nobody_overtakes_a_slow_train_on_the_way(engine):
    """The fast one leaves a headway after the slow one, and the next a headway after that."""
    flows = [
        Flow("slow", at=[0], stages=[Run(TRACK, 4.0, 0.5)]),
        Flow("fast", at=[1, 1, 8], stages=[Run(TRACK, 1.0, 0.25)]),
    ]
    done = run(engine, make_plan(flows=flows))
    assert done.stage(0) == [(0, 0, 4)]
    assert done.stage(1) == [(1, 1, 4.5), (1, 1.25, 4.75), (8, 8, 9)]


def test_one_the_other_way_waits_until_the_track_is_clear_and_the_working_time(engine):
    plan = both(([0, 1], [Run(TRACK, 2.0, 0.25)]), ([0.5], [Run(TRACK, 1.0, 0.25, back=True)]))
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, 2), (1, 4, 6)]
    assert done.stage(1) == [(0.5, 2.5, 3.5)]


def test_it_waits_for_the_last_of_those_that_follow_each_other(engine):
    plan = both(([0, 0.25], [Run(TRACK, 2.0, 0.25)]), ([0.5], [Run(TRACK, 1.0, 0.25, back=True)]))
    assert run(engine, plan).stage(1) == [(0.5, 2.75, 3.75)]


def test_a_headway_says_nothing_to_those_the_other_way(engine):
    plan = both(([0], [Run(TRACK, 1.0, 4.0)]), ([0], [Run(TRACK, 0.25, 4.0, back=True)]))
    assert run(engine, plan).stage(1) == [(0, 1.5, 1.75)]


def test_without_working_time_it_enters_as_the_other_leaves(engine):
    track = Track("track")
    plan = both(([0], [Run(track, 2.0, 0.25)]), ([0.5], [Run(track, 1.0, 0.25, back=True)]))
    assert run(engine, plan).stage(1) == [(0.5, 2, 3)]


def test_requests_are_served_in_their_order_though_others_could_follow_sooner(engine):
    """Those at 3 and 3.5 could follow the train ahead; the one the other way asked at 1."""
    plan = both(([0, 3, 3.5], [Run(TRACK, 4.0, 0.25)]), ([1, 3.25], [Run(TRACK, 1.0, 0.25, back=True)]))
    done = run(engine, plan)
    assert done.stage(1) == [(1, 4.5, 5.5), (3.25, 10.5, 11.5)]
    assert done.stage(0) == [(0, 0, 4), (3, 6, 10), (3.5, 12, 16)]


@pytest.mark.parametrize("first", ["S", "N"])
def test_a_tie_between_both_ends_goes_to_the_flow_that_comes_first_in_the_plan(engine, first):
    stages = {"S": [Run(TRACK, 2.0, 0.25)], "N": [Run(TRACK, 1.0, 0.25, back=True)]}
    hours = {"S": 2.0, "N": 1.0}
    order = sorted(stages, key=lambda name: name != first)
    done = run(engine, make_plan(flows=[Flow(name, at=[3], stages=stages[name]) for name in order]))
    clear = 3 + hours[first] + 0.5
    assert done.stage(0) == [(3, 3, 3 + hours[first])]
    assert done.stage(1) == [(3, clear, clear + hours[order[1]])]


def test_a_tie_does_not_depend_on_how_long_one_has_been_on_the_way(engine):
    early, late = [Hold(3.0), Run(TRACK, 2.0, 0.25)], [Run(TRACK, 1.0, 0.25, back=True)]
    done = run(engine, both(([0], early), ([3], late)))
    assert done.stage(1) == [(3, 3, 5)]
    done = run(engine, make_plan(flows=[Flow("N", at=[3], stages=late), Flow("S", at=[0], stages=early)]))
    assert done.stage(0) == [(3, 3, 4)]
    assert done.stage(2) == [(3, 4.5, 6.5)]


def test_all_requests_of_an_instant_are_known_before_one_enters(engine):
    """The later flow comes from a stage that ends at this instant; the rank still decides."""
    flows = [
        Flow("N", at=[1], stages=[Hold(2.0), Run(TRACK, 1.0, 0.25, back=True)]),
        Flow("S", at=[3], stages=[Run(TRACK, 2.0, 0.25)]),
    ]
    assert run(engine, make_plan(flows=flows)).stage(1) == [(3, 3, 4)]


def test_units_run_one_behind_the_other_in_their_order(engine):
    stages = [Split(3), Run(TRACK, 2.0, 0.25), Gather(), Hold(1.0)]
    done = run(engine, make_plan(flows=[Flow("A", at=[0], stages=stages)]))
    t = TICK
    assert done.stage(1) == [(t, t, 2 + t), (t, 0.25 + t, 2.25 + t), (t, 0.5 + t, 2.5 + t)]
    assert done.stage(3) == [(2.5 + 2 * t, 2.5 + 2 * t, 3.5 + 2 * t)]


def test_a_closed_track_lets_in_at_the_opening_and_a_headway_on(engine):
    track = Track("track", calendar=open_daily(8, 16, 10))
    plan = make_plan(flows=[Flow("A", at=[4, 5, 16], stages=[Run(track, 2.0, 0.5)])])
    assert run(engine, plan).stage(0) == [(4, 8, 10), (5, 8.5, 10.5), (16, 32, 34)]


def test_a_run_takes_open_time(engine):
    """Who is on the way when it closes stands there over night; so does the one who waits for a clear track."""
    track = Track("track", working=0.5, calendar=open_daily(8, 16, 10))
    plan = both(([15], [Run(track, 2.0, 0.5)]), ([15.5], [Run(track, 1.0, 0.5, back=True)]))
    done = run(engine, plan)
    assert done.stage(0) == [(15, 15, 33)]
    assert done.stage(1) == [(15.5, 33.5, 34.5)]


def test_headway_and_working_time_pass_while_it_is_closed(engine):
    track = Track("track", working=0.5, calendar=open_daily(8, 16, 10))
    follow = make_plan(flows=[Flow("A", at=[15.75, 15.75], stages=[Run(track, 0.25, 0.5)])])
    assert run(engine, follow).stage(0) == [(15.75, 15.75, 16), (15.75, 32, 32.25)]
    meet = both(([15.5], [Run(track, 0.5, 0.5)]), ([15.5], [Run(track, 1.0, 0.5, back=True)]))
    assert run(engine, meet).stage(1) == [(15.5, 32, 33)]


def test_at_the_opening_the_first_request_of_the_night_goes_first(engine):
    track = Track("track", working=0.5, calendar=open_daily(8, 16, 10))
    plan = both(([5], [Run(track, 2.0, 0.5)]), ([4], [Run(track, 1.0, 0.5, back=True)]))
    done = run(engine, plan)
    assert done.stage(1) == [(4, 8, 9)]
    assert done.stage(0) == [(5, 9.5, 11.5)]


def test_a_slow_track_takes_longer(engine):
    track = Track("track", working=0.5, calendar=[(0, 1.0), (10, 0.5), (20, 1.0)])
    plan = make_plan(flows=[Flow("A", at=[8, 11], stages=[Run(track, 4.0, 0.5)])])
    assert run(engine, plan).stage(0) == [(8, 8, 14), (11, 11, 19)]


def test_a_drawn_disruption_stops_trains_on_the_track_and_before_it(engine):
    slide = Disruption("slide", [(10.0, 10.0)], duration=5.0, factor=0.0, targets=["track"])
    plan = both(([9, 11], [Run(TRACK, 2.0, 0.5)]), ([12], [Run(TRACK, 1.0, 0.5, back=True)]), disruptions=[slide])
    done = run(engine, plan)
    assert done.stage(0) == [(9, 9, 16), (11, 15, 17)]
    assert done.stage(1) == [(12, 17.5, 18.5)]


def test_two_trains_meet_at_a_loop(engine):
    """Both set out at once, and the loop halfway has a track for each; there they wait until the other has come in."""
    tracks = line(1)
    done = run(engine, both(([0], there(tracks, 1.0)), ([0], back(tracks, 1.5))))
    assert done.stage(0) == [(0, 0, 1)]
    assert done.stage(2) == [(0, 0, 1.5)]
    assert done.stage(1) == [(1, 1.75, 2.75)]
    assert done.stage(3) == [(1.5, 1.5, 3)]


def test_a_loop_takes_one_train_less_of_a_direction_than_it_has_tracks(engine):
    """Three tracks: two southbound stand there, the third sets out a tick after the first has gone on."""
    tracks = line(1, tracks=3)
    late = Flow("N", at=[0], stages=[Run(tracks[1], 10.0, 0.25, back=True), Run(tracks[0], 1.0, 0.25, back=True)])
    plan = make_plan(flows=[late, Flow("S", at=[0, 0, 0], stages=there(tracks, 1.0, 0.5))])
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, 10)]
    assert done.starts(2)[:2] == [0, 0.5]
    assert done.stage(3)[:2] == [(1, 10.25, 11.25), (1.5, 10.75, 11.75)]
    # the northbound came to the loop at 10 and was the only one who could go on to the other track
    assert done.stage(1) == [(10, 10, 11)]
    assert done.stage(2)[2] == (0, 11.25, 12.25)


def test_room_that_is_made_counts_from_a_tick_later(engine):
    """Two tracks: the next southbound sets out a tick after the one before has left the loop."""
    tracks = line(1)
    plan = make_plan(flows=[Flow("S", at=[0, 0], stages=there(tracks, 2.0))])
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, 2), (0, 2 + TICK, 4 + TICK)]
    assert done.stage(1) == [(2, 2, 4), (4 + TICK, 4 + TICK, 6 + TICK)]


@pytest.mark.parametrize("way", [there, back])
def test_room_that_is_made_counts_from_a_tick_later_for_one_who_comes_at_that_instant(engine, way):
    """Whichever of the two tracks decides first."""
    plan = make_plan(flows=[Flow("A", at=[0, 2], stages=way(line(1), 2.0))], facilities=line(1))
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, 2), (2, 2 + TICK, 4 + TICK)]
    assert done.starts(1) == [2, 4 + TICK]


def test_who_has_no_room_ahead_lets_others_go_first(engine):
    """The second southbound asked before the northbound, but nobody could take it in at the loop."""
    tracks = line(1)
    blocked = Flow("B", at=[0], stages=[Run(tracks[1], 20.0, 0.25, back=True), Run(tracks[0], 1.0, 0.25, back=True)])
    plan = make_plan(flows=[blocked, Flow("S", at=[0, 0.5], stages=there(tracks, 1.0))])
    done = run(engine, plan)
    assert done.stage(2) == [(0, 0, 1), (0.5, 21.25, 22.25)]
    assert done.stage(1) == [(20, 20, 21)]


def test_a_plan_of_other_tracks_runs_beside_it(engine):
    """Lines that share no loop have nothing to do with each other."""
    one, two = line(1), [Track("far0", far=Loop("far"), working=0.25), Track("far1", near=Loop("far"), working=0.25)]
    alone = run(engine, both(([0, 0], there(one, 1.0)), ([0], back(one, 1.5))))
    flows = [
        Flow("S", at=[0, 0], stages=there(one, 1.0)), Flow("N", at=[0], stages=back(one, 1.5), direction="north"),
        Flow("X", at=[0, 0], stages=there(two, 3.0)),
    ]  # fmt: skip
    beside = run(engine, make_plan(flows=flows))
    assert [beside.stage(s) for s in range(4)] == [alone.stage(s) for s in range(4)]


def test_a_horizon_cuts_a_run_and_leaves_the_rest_waiting(engine):
    plan = both(([0], [Run(TRACK, 20.0, 0.5)]), ([1], [Run(TRACK, 1.0, 0.5, back=True)]), end_h=10.0)
    done = run(engine, plan)
    assert done.stage(0) == [(0, 0, None)]
    assert done.stage(1) == [(1, None, None)]


def test_a_stretch_that_is_always_taken_passes_what_the_closed_form_says(engine):
    """Trains alternate: each takes its run and the working time, so 24 * 60 / (30 + 5) = 41.1 trains pass in a day."""
    days, taken = 10, (30 + 5) / 60
    track = Track("track", working=5 / 60)
    at = [k * taken for k in range(500)]
    plan = both((at, [Run(track, 0.5, 0.25)]), (at, [Run(track, 0.5, 0.25, back=True)]), end_h=24.0 * days)
    done = run(engine, plan)
    starts = np.array([t for stage in (0, 1) for t in done.starts(stage) if t is not None])
    assert starts.size == pytest.approx(days * 24 * 60 / 35, abs=1)
    entered = sorted((t, stage) for stage in (0, 1) for t in done.starts(stage) if t is not None)
    assert all(a != b for (_, a), (_, b) in itertools.pairwise(entered))


def rush(n_loops=4, n_trains=25, tracks=2):
    """Everybody sets out at once, from both ends."""
    own = line(n_loops, tracks)
    at = [0.0] * n_trains
    return both((at, there(own, exponential(1.0))), (at, back(own, exponential(1.0))), end_h=2000.0)


@pytest.mark.parametrize("tracks", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_everyone_gets_through_a_rush_from_both_ends(engine, tracks, seed):
    plan = rush(tracks=tracks)
    done = run(engine, plan, seed=seed)
    assert None not in done.departs(4) + done.departs(9)
    assert audit(plan, done.lane, done.trace) == []


def test_without_the_rule_of_loops_trains_lock_each_other(monkeypatch):
    """Loops that fill up with trains of one direction: in the end nobody moves, and most are still on the line."""

    def has_room(loop, side, now_h):
        left = [n if at_h == now_h else 0 for n, at_h in zip(loop._n_left, loop._left_h, strict=True)]
        return sum(loop._taken) + sum(left) < loop._n_tracks

    plan = rush()
    monkeypatch.setattr(Rule, "has_room", has_room)
    done = run(DiscreteEventEngine(), plan)
    moved = np.concatenate([done.events.start_h, done.events.depart_h])
    on_the_line = sum(a is not None and d is None for s in range(10) for a, _, d in done.stage(s))
    assert on_the_line == 50 - sum(d is not None for s in (4, 9) for d in done.departs(s)) > 10
    assert np.nanmax(moved) < 100.0 < plan.end_h
    assert "takes more of a loop than one direction may" in "\n".join(audit(plan, done.lane, done.trace))
