"""Engines: time per event, with draws and without, and how many times faster than the discrete-event engine."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from corridor_sim.bench.figures import Figure
from corridor_sim.bench.sides import BOTH, REFERENCE, VECTOR, Side
from corridor_sim.bench.timing import growth_exponent, time_in_turn
from corridor_sim.bench.workloads import Workload, baseline, feed_forward, tandem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor_sim.bench.scale import Scale

GROUP, GROWTH = "engines", "growth"
TARGETS = {"baseline": (120.0, 100.0), "feed-forward": (40.0, 250.0)}
"""Of the vectorised engine, draws included: at most ns per queue event, at least times the discrete-event engine."""
LANES_EXPONENT, CONSIGNMENTS_EXPONENT = 1.05, 1.1
NS = 1e9


def measure_engines(scale: Scale) -> Iterator[Figure]:
    """Time every engine on every workload, in turn on the same draws."""
    yield from _on(tandem(*scale.tandem), scale, scale.repeats)
    yield from _on(feed_forward(scale.n_feed_forward), scale, scale.repeats)
    yield from _on(baseline(short=scale.is_quick), scale, scale.long_repeats)


def _on(workload: Workload, scale: Scale, repeats: int) -> Iterator[Figure]:
    sides = [Side(name, workload, scale) for name in BOTH]
    for side in sides:
        side.load()
    work = {f"{s.name}/{step}": getattr(s, step) for s in sides for step in ("draw", "draw_and_run")}
    timed = time_in_turn(work, repeats, warm_up=repeats >= scale.repeats)
    both = {}
    for side in sides:
        draw, whole = (timed.seconds[f"{side.name}/{step}"] for step in ("draw", "draw_and_run"))
        n = side.counted()
        both[side.name] = [s / n["queue_events"] for s in whole]
        yield from _times(side, median(draw), median(whole), n)
    ratio = median(a / b for a, b in zip(both[REFERENCE], both[VECTOR], strict=True))
    _, target = TARGETS.get(workload.name, (None, None))
    yield Figure(GROUP, f"{workload.name}, vector", sides[-1].size, ratio, "times des", target, better="higher")


def _times(side: Side, draw_s: float, whole_s: float, n: dict[str, int]) -> Iterator[Figure]:
    what, size = f"{side.workload.name}, {side.name}", side.size
    target = TARGETS.get(side.workload.name, (None, None))[0] if side.name == VECTOR else None
    run_s = whole_s - draw_s
    yield Figure(GROUP, f"{what}, with draws", size, NS * whole_s / n["queue_events"], "ns/queue event", target)
    yield Figure(GROUP, f"{what}, with draws", size, NS * whole_s / n["stage_events"], "ns/stage event")
    yield Figure(GROUP, f"{what}, no draws", size, NS * run_s / n["queue_events"], "ns/queue event")
    yield Figure(GROUP, f"{what}, no draws", size, NS * run_s / n["stage_events"], "ns/stage event")


def measure_growth(scale: Scale) -> Iterator[Figure]:
    """Fit how time grows with lanes and with consignments, draws included, on the feed-forward line."""
    for engine in BOTH:
        yield _growth_in_lanes(engine, scale)
        yield _growth_in_consignments(engine, scale)


def _growth_in_lanes(engine: str, scale: Scale) -> Figure:
    workload = feed_forward(scale.growing[1])
    block = Side(engine, workload, scale).block
    sizes = [1, 2, 4] if block == 1 else [max(block // 4, 1), block, 4 * block]
    exponent = _fit([Side(engine, workload, scale, n) for n in sizes], sizes, scale.repeats)
    what = f"{engine}, time ~ lanes^p"
    return Figure(GROWTH, what, f"{sizes[0]} to {sizes[-1]} lanes", exponent, "p", LANES_EXPONENT)


def _growth_in_consignments(engine: str, scale: Scale) -> Figure:
    sizes = scale.growing
    n_lanes = Side(engine, feed_forward(sizes[-1]), scale).block
    sides = [Side(engine, feed_forward(n), scale, n_lanes) for n in sizes]
    exponent = _fit(sides, sizes, scale.repeats)
    what = f"{engine}, time ~ consignments^p"
    return Figure(GROWTH, what, f"{sizes[0]} to {sizes[-1]} a year", exponent, "p", CONSIGNMENTS_EXPONENT)


def _fit(sides: list[Side], sizes: list[int] | tuple[int, ...], repeats: int) -> float:
    timed = time_in_turn({str(n): side.draw_and_run for n, side in zip(sizes, sides, strict=True)}, repeats)
    return growth_exponent(sizes, [timed.median_s(str(n)) for n in sizes])
