"""A small corridor whose times are worked out by hand; one consignment a day, all durations fixed."""

from collections.abc import Callable

import numpy as np
import pytest

from corridor_sim.engines.registry import get_engine
from tests.support.parts import Flow, Hold, Place, Queue, Travel, open_daily
from tests.support.plans import make_plan
from tests.support.running import Run, run

DAYS = 59
POST = Place("post", calendar=open_daily(8, 16, DAYS), node="M", kind="customs")
CRANE = Place("crane", servers=2, node="Q", kind="crane")
STAGES = [
    Hold(2.0),  # released at 0 h of the day: until 2 h
    Travel(10.0, km=400.0, a="N", b="M"),  # until 12 h
    Queue(POST, 5.0),  # 12 to 16 h, then closed, 8 to 9 h of the next day
    Travel(15.0, km=600.0, a="M", b="Q", mode="road"),  # until midnight
    Queue(CRANE, 6.0),  # until 6 h
]
TRANSIT_H = 54.0


@pytest.fixture(scope="package")
def corridor() -> Run:
    """January and February 2025, ten days of warm-up."""
    south = Flow("S", at=24.0 * np.arange(DAYS), stages=STAGES, load_t=50.0, load_teu=2.0, route="west")
    local = Flow("L", at=[360.0], stages=[Hold(1.0)], load_t=7.0, route="background", direction="north")
    plan = make_plan(
        flows=[south, local],
        end_h=24.0 * DAYS,
        warm_up_h=240.0,
        posts=[("border", "M")],
        journeys=[("window", [1, 2, 3], True), ("moving", [1, 3], False)],
    )
    return run(get_engine("des"), plan)


@pytest.fixture(scope="package")
def kpi(corridor) -> Callable[[str, str, str], float]:
    """Value of a KPI by name, subject and period."""
    blocks = corridor.kpis

    def find(name: str, subject: str, period: str = "all") -> float:
        block = next(b for b in blocks if b.kpi == name and subject in b.subjects)
        return float(block.values[block.subjects.index(subject), block.periods.index(period)])

    return find
