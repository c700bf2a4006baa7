"""Server-hours: shares of visits that reach from one month into the next, in lanes of different calendars."""

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from corridor_sim.foundation.calendars import ALWAYS_OPEN, Calendar
from corridor_sim.foundation.time_axis import TimeAxis
from corridor_sim.foundation.time_grid import to_grid
from corridor_sim.results.reductions.bins import Cells
from corridor_sim.results.reductions.calendars import LaneCalendars
from corridor_sim.results.reductions.periods import Periods
from corridor_sim.results.reductions.work import BusyHours, available_h

END_H, WARM_UP_H = 1416.0, 48.0
NIGHTS = Calendar([0.0, *np.arange(8.0, END_H, 12.0)], [0.0, *([1.0, 0.0] * 59)[:117], 1.0])
SLOW = Calendar([0.0, 700.0, 800.0], [1.0, 0.25, 1.5])


@pytest.fixture
def cells():
    """Three lanes, January and February 2025, two days of warm-up."""
    return Cells(3, Periods.of(TimeAxis(datetime(2025, 1, 1, tzinfo=UTC), END_H, WARM_UP_H)).bins)


def expected(calendar, starts, hours, edges_h):
    edges = calendar.open_time(edges_h)
    begin = calendar.open_time(starts)
    return np.diff([np.minimum(begin + hours, e).sum() - np.minimum(begin, e).sum() for e in edges])


@pytest.mark.parametrize("longest", [2.0, 900.0])
def test_hours_are_taken_where_they_are_worked(cells, longest):
    rng = np.random.default_rng(3)
    calendars = [ALWAYS_OPEN, NIGHTS, SLOW]
    starts = to_grid(rng.uniform(0, END_H, (3, 500)))
    hours = to_grid(rng.uniform(0.1, longest, (3, 500)))
    starts[:, ::9] = np.inf  # these never start
    busy = BusyHours(cells, LaneCalendars.of(calendars), [hours])
    for part in (slice(0, 100), slice(100, 500)):
        busy.add(cells.of(starts[:, part]), starts[:, part], hours[:, part])
    total = busy.total()
    for lane, calendar in enumerate(calendars):
        began = starts[lane] < END_H
        worked = expected(calendar, starts[lane][began], hours[lane][began], cells.bins.edges_h)
        assert total[lane, 1:-1].tolist() == worked.tolist()


def test_one_number_for_all_gives_the_same_bits(cells):
    starts = to_grid(np.random.default_rng(4).uniform(0, END_H, (3, 50)))
    totals = []
    for hours in (np.broadcast_to(np.float64(30.25), starts.shape), np.full(starts.shape, 30.25)):
        busy = BusyHours(cells, LaneCalendars.of([SLOW] * 3), [hours])
        busy.add(cells.of(starts), starts, hours)
        totals.append(busy.total())
    assert totals[0].tobytes() == totals[1].tobytes()


def test_open_server_hours():
    """Two servers, the second from hour 700 on, where work is slow."""
    places = SimpleNamespace(server_from_h=[np.array([0.0, 700.0])], server_until_h=[np.array([np.inf, 750.0])])
    plan = SimpleNamespace(places=places, end_h=END_H)
    found = available_h(plan, 0, LaneCalendars.of([SLOW, ALWAYS_OPEN]), np.array([WARM_UP_H, 744.0, END_H]))
    assert found[1].tolist() == [744 - 48 + 44, END_H - 744 + 6]
    assert found[0].tolist() == [700 - 48 + 2 * 44 / 4, 56 / 4 + (END_H - 800) * 1.5 + 6 / 4]
