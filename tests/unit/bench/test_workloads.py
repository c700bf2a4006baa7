"""Workloads are compiled once and draw the same lanes every time."""

import numpy as np

from corridor_sim.bench.workloads import baseline, baseline_changes, feed_forward_files, tandem
from corridor_sim.scenario import load_scenario


def test_a_workload_is_made_once():
    assert tandem(2, 50) is tandem(2, 50)


def test_lanes_do_not_depend_on_what_is_drawn_beside_them():
    work = tandem(2, 50)
    one, three = work.draw(range(1)), work.draw(range(3))
    n = one.n_consignments[0]
    assert np.array_equal(one.service_h[0][0, :n], three.service_h[0][0, :n])


def test_a_short_baseline_has_the_same_corridor():
    short = baseline(short=True)
    assert short.plan.end_h == 61 * 24.0
    assert len(short.plan.itineraries) > 60
    assert not baseline_changes(short=False)


def test_files_have_the_number_of_itineraries_that_was_asked_for(tmp_path):
    files = feed_forward_files(tmp_path, [6, 12])
    assert {n: len(load_scenario(path).itineraries) for n, path in files.items()} == {6: 6, 12: 12}
