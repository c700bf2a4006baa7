"""Phases with everything in service."""

import numpy as np

from corridor_sim.gas.steady import steady_lines
from tests.unit.gas.parts import plan


def test_a_phase_more_carries_more_and_a_line_that_does_not_stand_nothing():
    (line,) = steady_lines(plan())
    assert line.capacity_kg_per_s[0].max() == 0
    assert line.limit[0].max() == -1
    assert np.all(line.capacity_kg_per_s[2] > line.capacity_kg_per_s[1])
    assert line.installed_w.tolist() == [0.0, 48e6, 48e6]
