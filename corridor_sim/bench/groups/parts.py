"""Parts of the way from a file to figures: load, compile, draws, reductions, the whole run."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_sim.bench.figures import Figure
from corridor_sim.bench.sides import BOTH, VECTOR, Side
from corridor_sim.bench.timing import growth_exponent, time_in_turn
from corridor_sim.bench.workloads import BASELINE, baseline, baseline_changes, feed_forward_files, network
from corridor_sim.compiler import compile_plan
from corridor_sim.network import load_network
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from corridor_sim.bench.scale import Scale

NS = 1e9


def measure_load(scale: Scale) -> Iterator[Figure]:
    """Time reading scenario files (YAML, validation, cross-checks) and the network."""
    with tempfile.TemporaryDirectory() as folder:
        files = feed_forward_files(Path(folder), scale.itineraries)
        yield from _by_itineraries("load", {n: partial(load_scenario, path) for n, path in files.items()}, scale)
    work: dict[str, Callable[[], object]] = {"baseline": partial(load_scenario, BASELINE), "network": load_network}
    timed = time_in_turn(work, scale.repeats)
    for what in work:
        yield Figure("load", what, "", timed.median_s(what), "s")


def measure_compile(scale: Scale) -> Iterator[Figure]:
    """Time compiling scenarios to plans, the network at hand."""
    with tempfile.TemporaryDirectory() as folder:
        files = feed_forward_files(Path(folder), scale.itineraries)
        loaded = {n: load_scenario(path) for n, path in files.items()}
    work = {n: partial(compile_plan, s, network=network()) for n, s in loaded.items()}
    yield from _by_itineraries("compile", work, scale)
    whole = partial(compile_plan, load_scenario(BASELINE), network=network())
    yield Figure("compile", "baseline", "", time_in_turn({"it": whole}, scale.repeats).median_s("it"), "s")


def _by_itineraries(group: str, work: Mapping[int, Callable[[], object]], scale: Scale) -> Iterator[Figure]:
    timed = time_in_turn({str(n): function for n, function in work.items()}, scale.repeats)
    seconds = [timed.median_s(str(n)) for n in work]
    for n, s in zip(work, seconds, strict=True):
        yield Figure(group, "feed-forward", f"{n} itineraries", s, "s")
    size = f"{min(work)} to {max(work)} itineraries"
    yield Figure(group, "time ~ itineraries^p", size, growth_exponent([*work], seconds), "p")


def measure_draws(scale: Scale) -> Iterator[Figure]:
    """Time drawing lanes of the baseline, and how it grows with their number."""
    whole = _fastest(scale)
    sizes = (1, 2, 4)
    sides = {str(n): Side(whole.name, whole.workload, scale, n) for n in sizes}
    timed = time_in_turn({"block": whole.draw} | {n: s.draw for n, s in sides.items()}, scale.long_repeats)
    whole.run()
    n = whole.counted()
    for unit in ("queue", "stage"):
        ns = NS * timed.median_s("block") / n[f"{unit}_events"]
        yield Figure("draws", "baseline", whole.size, ns, f"ns/{unit} event")
    exponent = growth_exponent(sizes, [timed.median_s(str(k)) for k in sizes])
    yield Figure("draws", "time ~ lanes^p", f"{sizes[0]} to {sizes[-1]} lanes", exponent, "p")


def measure_reductions(scale: Scale) -> Iterator[Figure]:
    """Time reducing the events of a block to figures per lane."""
    side = _fastest(scale)
    side.draw()
    side.run()
    timed = time_in_turn({"it": side.reduce}, scale.long_repeats)
    n = side.counted()
    for unit in ("queue", "stage"):
        ns = NS * timed.median_s("it") / n[f"{unit}_events"]
        yield Figure("reductions", f"baseline, events of {side.name}", side.size, ns, f"ns/{unit} event")


def _fastest(scale: Scale) -> Side:
    """Return the baseline on the vectorised engine."""
    return Side(VECTOR, baseline(short=scale.is_quick), scale)


def measure_whole_runs(scale: Scale) -> Iterator[Figure]:
    """Time whole runs of the baseline as a user starts them: compile, draw, run, reduce, collect; no figures drawn."""
    workload = baseline(short=scale.is_quick)
    scenario = load_scenario(BASELINE, overrides=baseline_changes(short=scale.is_quick))
    for engine in BOTH:
        n = Side(engine, workload, scale).block
        run = partial(simulate, scenario, engine=engine, replications=n, network=network())
        events = run().manifest["stage_events"]
        timed = time_in_turn({engine: run}, scale.long_repeats, warm_up=False)
        size = f"{workload.size} x {n}"
        yield Figure("whole", f"baseline, {engine}", size, timed.median_s(engine), "s")
        yield Figure("whole", f"baseline, {engine}", size, NS * timed.median_s(engine) / events, "ns/stage event")
