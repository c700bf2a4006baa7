"""The gas pipeline: time of a segment and day over whole runs, and of a line beside pandapipes."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.bench.figures import Figure, skipped
from corridor_sim.bench.gas_peer import LinearGas, march, pandapipes_net, solve_pandapipes
from corridor_sim.bench.timing import growth_exponent, time_in_turn
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor_sim.bench.scale import Scale

GROUP = "gas"
SCENARIO = "gas-ramp"
NS, US = 1e9, 1e6
FLOW_KG_PER_S = 500.0
SAME_TO = 1e-5
"""How near the pressures of both must be."""


def measure_gas(scale: Scale) -> Iterator[Figure]:
    """Time the base ramp as a user runs it, and one steady line beside pandapipes."""
    changes = {"run.end": "2027-01-01"} if scale.is_quick else {}
    scenario = load_scenario(SCENARIO, overrides=changes)
    sizes = (2, 4) if scale.is_quick else (250, 1000)
    days = (scenario.run.end - scenario.run.start).days
    runs = {str(n): partial(simulate, scenario, replications=n) for n in sizes}
    timed = time_in_turn(runs, scale.long_repeats)
    segment_days = {n: simulate(scenario, replications=1).manifest["segment_days"] * n for n in sizes[:1]}
    segments = segment_days[sizes[0]] / sizes[0]
    for n in sizes:
        seconds = timed.median_s(str(n))
        yield Figure(GROUP, "base ramp, whole run", f"{days} days x {n}", seconds, "s")
        yield Figure(GROUP, "base ramp", f"{days} days x {n}", NS * seconds / (segments * n), "ns/segment-day")
    exponent = growth_exponent(sizes, [timed.median_s(str(n)) for n in sizes])
    yield Figure(GROUP, "time ~ lanes^p", f"{sizes[0]} to {sizes[-1]} lanes", exponent, "p", 1.05)
    yield from _beside_pandapipes(scale)


def _beside_pandapipes(scale: Scale) -> Iterator[Figure]:
    """Time a line of four pipes at a given flow; both must give the same pressures."""
    gas, n_many = LinearGas(), 10_000
    one, many = np.array([FLOW_KG_PER_S]), np.full(n_many, FLOW_KG_PER_S)
    ours = time_in_turn({"1": partial(march, one, gas), "many": partial(march, many, gas)}, scale.repeats)
    yield Figure(GROUP, "line of four pipes", "1 flow", US * ours.median_s("1"), "us/line")
    yield Figure(GROUP, "line of four pipes", f"{n_many} flows", US * ours.median_s("many") / n_many, "us/line")
    if find_spec("pandapipes") is None:
        yield skipped(GROUP, "the same in pandapipes", "not installed: [gas-peer]")
        return
    net = pandapipes_net(FLOW_KG_PER_S, gas)
    if not np.allclose(solve_pandapipes(net), march(one, gas)[:, 0], rtol=SAME_TO, atol=0.0):
        raise AssertionError("pandapipes gives other pressures on the same line")
    theirs = time_in_turn({"it": partial(solve_pandapipes, net)}, scale.repeats)
    yield Figure(GROUP, "the same in pandapipes", "1 flow", US * theirs.median_s("it"), "us/line")
