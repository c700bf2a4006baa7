"""What fits on board does not depend on how decimals are rounded."""

import numpy as np
import pytest

from corridor_sim.plan.room import load_millionths, room_millionths


@pytest.mark.parametrize(("room", "parts"), [(0.3, 3), (600 * 0.1, 10), (6000 * (1 - 0.9), 7), (1.0, 3), (1e9, 6)])
def test_the_parts_of_a_whole_fit_where_the_whole_does(room, parts):
    assert load_millionths(np.full(parts, room / parts)).sum() <= room_millionths(room)


def test_a_thousandth_too_much_does_not_fit():
    assert load_millionths(300.001) > room_millionths(300.0)


def test_decimals_are_exact():
    assert load_millionths(0.1) == 100_000
    assert room_millionths(6000 * (1 - 0.9)) == 600_000_000
