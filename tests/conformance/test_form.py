"""Trains and convoys: they leave when full, or a maximum wait after their first arrival."""

from tests.support.parts import Flow, Form, Formation, Hold, Place, Queue
from tests.support.plans import make_plan
from tests.support.running import TICK, run

UNUSED = Place("unused")


def leaves(engine, formation, *arrivals):
    flows = [Flow(f"F{i}", at=at, stages=[Form(formation)]) for i, at in enumerate(arrivals)]
    done = run(engine, make_plan(flows=flows, end_h=100.0, facilities=[UNUSED]))
    assert done.summary.n_events == sum(len(at) for at in arrivals)
    return [done.starts(i) for i in range(len(arrivals))]


def test_full_trains_leave_at_once_and_others_after_the_maximum_wait(engine):
    done = run(engine, make_plan(flows=[Flow("A", at=[0, 3, 5], stages=[Form(Formation("train", 2, 10.0))])]))
    assert done.stage(0) == [(0, 3, 3 + TICK), (3, 3, 3 + TICK), (5, 15, 15 + TICK)]


def test_the_wait_runs_from_the_first_arrival(engine):
    assert leaves(engine, Formation("train", 3, 10.0), [2, 9, 13]) == [[12, 12, 23]]


def test_one_who_comes_as_the_wait_runs_out_goes_along(engine):
    assert leaves(engine, Formation("train", 3, 10.0), [0, 10]) == [[10, 10]]
    assert leaves(engine, Formation("train", 3, 10.0), [0, 10 + TICK]) == [[10, 20 + TICK]]


def test_one_who_comes_as_the_wait_runs_out_may_fill_it(engine):
    assert leaves(engine, Formation("train", 3, 10.0), [0, 10, 10, 10]) == [[10, 10, 10, 20]]


def test_the_clock_of_a_train_that_left_does_not_send_the_next(engine):
    assert leaves(engine, Formation("train", 2, 10.0), [0, 4, 5]) == [[4, 4, 15]]


def test_many_at_one_instant_form_several_trains(engine):
    assert leaves(engine, Formation("train", 2, 10.0), [0] * 5) == [[0, 0, 0, 0, 10]]


def test_ties_are_broken_by_rank(engine):
    assert leaves(engine, Formation("train", 2, 10.0), [5], [5], [5]) == [[5], [5], [15]]


def test_flows_form_trains_together(engine):
    assert leaves(engine, Formation("train", 2, 10.0), [0, 6], [1, 20]) == [[1, 16], [1, 30]]


def test_a_train_of_one_leaves_at_once(engine):
    assert leaves(engine, Formation("train", 1, 10.0), [0, 7]) == [[0, 7]]


def test_no_patience_at_all(engine):
    """With no wait allowed, those who come at the same instant still go together."""
    assert leaves(engine, Formation("train", 3, 0.0), [0, 0, 4]) == [[0, 0, 4]]


def test_it_leaves_when_the_last_comes_from_another_stage(engine):
    train, gate = Formation("train", 2, 50.0), Place("gate")
    flows = [Flow("A", at=[0, 0], stages=[Queue(gate, 3.0), Form(train), Hold(1.0)])]
    done = run(engine, make_plan(flows=flows))
    assert done.stage(1) == [(3, 6, 6 + TICK), (6, 6, 6 + TICK)]
    assert done.stage(2) == [(6 + TICK, 6 + TICK, 7 + TICK)] * 2


def test_a_train_still_forming_at_the_end_has_not_left(engine):
    flows = [Flow("A", at=[0, 95], stages=[Form(Formation("train", 9, 10.0))])]
    done = run(engine, make_plan(flows=flows, end_h=100.0, facilities=[UNUSED]))
    assert done.stage(0) == [(0, 10, 10 + TICK), (95, None, None)]
    assert done.summary.n_events == 2
