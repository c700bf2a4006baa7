"""The first page in words: how many days, how much, what limits, what would help, how sure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor_sim.analysis.year_by_year import FULL_FRAC, year_table, years_of
from corridor_sim.plots.style import BACKGROUND, route_style
from corridor_sim.report.gas import gas_answers
from corridor_sim.report.inputs import GRADE_WORDS, grade_counts, inputs_of
from corridor_sim.results.reductions.flows import NOT_OF_THE_CORRIDOR

if TYPE_CHECKING:
    import pandas as pd

    from corridor_sim.plots.result_view import ResultView

H_PER_DAY = 24.0
N_PLACES = 4
"""Places named as limits, and as remedies."""
LEAST_GAIN_D = 0.05
"""Days of a mean trip below which a queue is not worth naming."""
SOME_YEARS = 2
"""Years beyond which they are told one by one; a winter lies in two."""
WIDE = 0.1
"""Half an interval beside its mean above which it is called wide."""


class Answer(NamedTuple):
    """A question of a planner, its answer in a few words, and what stands behind it."""

    key: str
    question: str
    headline: str
    lines: tuple[str, ...]


class Gain(NamedTuple):
    """Queueing at one place as a part of the mean trip of one route."""

    route: str
    place: str
    days: float
    """Days of the mean trip: what could be saved there at most."""


def answers(view: ResultView) -> list[Answer]:
    """Answer the questions that a planner comes with, from the stored result alone."""
    gas = gas_answers(view, Answer)
    if view.result.stages.empty and gas:
        return gas
    found = [_days(view), _money(view), _carried(view), _limits(view), _helps(view), _sure(view)]
    return [*(answer for answer in found if answer is not None), *gas]


def _statistics(view: ResultView, kpi: str, subject: str) -> dict[str, float]:
    """Mean and half of the interval of one KPI; empty when it is not there."""
    table = view.result.summary()
    row = table[(table["kpi"] == kpi) & (table["subject"] == subject) & (table["period"] == "all")]
    if row.empty:
        return {}
    mean, high = float(row["mean"].iloc[0]), float(row["ci_high"].iloc[0])
    return {"mean": mean, "half": high - mean}


def _mean(view: ResultView, kpi: str, subject: str) -> float:
    return _statistics(view, kpi, subject).get("mean", math.nan)


def _days(view: ResultView) -> Answer:
    question = "How many days?"
    if not view.routes:
        return Answer("days", question, "Nothing was delivered", ())
    whole = _mean(view, "transit_mean_h", "all") / H_PER_DAY
    own = [_mean(view, "transit_mean_h", f"route:{r}") / H_PER_DAY for r in view.routes if r not in NOT_OF_THE_CORRIDOR]
    headline = f"{min(own, default=whole):.1f} days"
    lines = []
    if len(own) > 1:
        headline = f"{min(own):.1f} to {max(own):.1f} days, by route"
        lines.append(f"Mean of all trips: {whole:.1f} days; a truck counts as much as a train.")
    if len(overloaded(view)):
        lines.append("Some queues grow without end: with them, days depend on how long one looks.")
    for route in view.routes:
        mean, low, high = (
            _mean(view, kpi, f"route:{route}") / H_PER_DAY
            for kpi in ("transit_mean_h", "transit_p50_h", "transit_p95_h")
        )
        label = route_style(route, view.routes).label
        lines.append(f"{label}: {mean:.1f} days; half of the trips within {low:.1f}, 19 of 20 within {high:.1f}.")
    return Answer("days", question, headline, tuple(lines))


def _money(view: ResultView) -> Answer | None:
    """Answer with cost and emissions; None when the scenario says nothing of what is charged."""
    cost = view.means("cost_usd_per_t", "route")
    routes = [r for r in view.routes if r in cost.index]
    own = [float(cost[r]) for r in routes if r not in NOT_OF_THE_CORRIDOR]
    if not own:
        return None
    per_teu, carbon = view.means("cost_usd_per_teu", "route"), view.means("co2e_wtw_kg_per_t", "route")
    time = view.means("cost_time_usd_per_t", "route")
    lines = []
    for route in routes:
        box = f", {per_teu[route]:,.0f} USD/TEU in containers" if route in per_teu else ""
        gas = f"; {carbon[route]:,.0f} kg CO2e/t" if route in carbon else ""
        label = route_style(route, view.routes).label
        lines.append(f"{label}: {cost[route]:,.0f} USD/t, of it {time[route]:,.1f} time{box}{gas}.")
    most = f" to {max(own):,.0f}" if len(own) > 1 else ""
    return Answer(
        "money", "How many dollars?", f"{min(own):,.0f}{most} USD a tonne{', by route' * bool(most)}", tuple(lines)
    )


def _carried(view: ResultView) -> Answer:
    t = view.means("throughput_t", "route")
    all_t = _mean(view, "throughput_t", "all")
    headline = f"{_tonnes(all_t / view.years)} a year"
    parts = [
        f"{route_style(r, view.routes).label}: {_tonnes(float(t[r]) / view.years)} a year."
        for r in view.routes
        if r in t
    ]
    left, released = _mean(view, "stock_end_t", "all"), _mean(view, "released_t", "all")
    if released > 0:
        parts.append(f"On the way at the end: {_tonnes(left)}, {100 * left / released:.1f} % of what set out.")
    return Answer("carried", "How much is carried?", headline, tuple(parts))


def _tonnes(t: float) -> str:
    if math.isnan(t):
        return "nothing"
    return f"{t / 1e6:.2f} Mt" if t >= 1e6 else f"{t / 1e3:.3g} kt"


def overloaded(view: ResultView) -> pd.Series[float]:
    """Places whose offered load exceeds capacity over the whole time, the worst first."""
    load = view.means("offered_load_frac", "place")
    return load[load > 1].sort_values(ascending=False)


def _limits(view: ResultView) -> Answer:
    question, over, lines = "What limits?", overloaded(view), []
    growth = view.means("queue_growth_per_year", "place")
    for place, load in list(over.items())[:N_PLACES]:
        rise = f", the queue grows by {growth[str(place)]:,.0f} a year" if place in growth else ""
        lines.append(f"{_capital(view.place_name(str(place)))}: load {100 * load:.0f} % of capacity{rise}.")
    lines += _limits_by_year(view)
    worst = [p for p in view.worst_places(N_PLACES + len(over)) if p not in over.index][:N_PLACES]
    wait, busy = view.means("queue_mean_h", "place"), view.means("utilisation_frac", "place")
    for place in worst:
        hours = f", mean wait {_hours(float(wait[place]))}" if place in wait else ""
        full = f", busy {100 * busy[place]:.0f} % of its open time" if place in busy else ""
        name = _capital(view.place_name(place))
        lines.append(f"{name}: {_tonnes(float(view.waiting_t[place]))} waiting on average{hours}{full}.")
    if len(over):
        n = len(over)
        headline = f"{n} place{'s get' if n > 1 else ' gets'} more work than {'they' if n > 1 else 'it'} can do"
    elif worst:
        headline = f"Most cargo waits at: {view.place_name(worst[0])}"
        lines.append("No place gets more work over the whole time than it can do.")
    else:
        headline = "Nothing waits"
    return Answer("limits", question, headline, tuple(lines))


def _limits_by_year(view: ResultView) -> list[str]:
    """Say from which year on some place cannot keep up, in a run of several years."""
    if view.result.stages.empty or len(years_of(view.result)) <= SOME_YEARS:
        return []
    years = year_table(view.result)
    full = years[years["limit_load_frac"] >= FULL_FRAC]
    if full.empty:
        return ["In no single year does a place get more work than it can do."]
    first = full.iloc[0]
    name = view.place_name(str(first["limit"]))
    return [
        f"First year in which a place cannot keep up: {full.index[0]}, {name} ({100 * first['limit_load_frac']:.0f} %)."
    ]


def gains(view: ResultView) -> list[Gain]:
    """Queueing of the mean trip of each route by place, longest first.

    Hours queued by the consignments of all flows of a route at a place, over the consignments of the route.
    """
    number = view.means("throughput_consignments", "flow")
    of_route = view.means("throughput_consignments", "route")
    total: dict[tuple[str, str], float] = {}
    for subject, hours in view.means("time_queueing_h", "flow").items():
        flow, at, place = str(subject).partition("@")
        route = view.flow_routes.get(flow, ("", ""))[0]
        if at and route and route != BACKGROUND and of_route.get(route, 0.0) > 0:
            part = float(hours) * float(number.get(flow, 0.0)) / float(of_route[route])
            total[route, place] = total.get((route, place), 0.0) + part / H_PER_DAY
    found = [Gain(route, place, days) for (route, place), days in total.items() if days > 0]
    return sorted(found, key=lambda g: (-g.days, g.route, g.place))


def _helps(view: ResultView) -> Answer:
    question = "What would help?"
    chosen: list[Gain] = []
    for gain in gains(view):  # one place once, for the route that waits there longest
        if gain.days >= LEAST_GAIN_D and gain.place not in {g.place for g in chosen}:
            chosen.append(gain)
    if not chosen:
        return Answer(
            "helps", question, "Shorter queues would change little: trips hardly wait in them", _next(view, [])
        )
    lines = [
        f"{_capital(view.place_name(g.place))}: up to {g.days:.1f} days off a mean trip, {_route(view, g.route)}"
        f"{_lever(view, g.place)}."
        for g in chosen[:N_PLACES]
    ]
    headline = f"Up to {chosen[0].days:.1f} days less at: {view.place_name(chosen[0].place)}"
    return Answer("helps", question, headline, (*lines, *_next(view, chosen)))


def _route(view: ResultView, route: str) -> str:
    return route_style(route, view.routes).label


def _lever(view: ResultView, place: str) -> str:
    """Name the key of the scenario to turn, where a place has servers."""
    queue = (view.scenario.get("queues") or {}).get(place)
    servers = queue.get("servers") if isinstance(queue, dict) else None
    groups = servers if isinstance(servers, list) else [servers]
    numbers = [g.get("n", g.get("value")) if isinstance(g, dict) else g for g in groups]
    if not all(isinstance(n, int) for n in numbers):
        return ""
    return f"; try queues.{place}.servers (now {' + '.join(map(str, numbers))})"


def _next(view: ResultView, chosen: list[Gain]) -> tuple[str, ...]:
    moving, whole = _mean(view, "time_moving_h", "all"), _mean(view, "transit_mean_h", "all")
    lines = []
    if whole > 0:
        queueing = _mean(view, "time_queueing_h", "all")
        lines.append(
            f"Of a mean trip {100 * moving / whole:.0f} % is moving, {100 * queueing / whole:.0f} % queueing; "
            "the rest is handling, papers, closed hours and waiting for departures."
        )
    if chosen:
        lines.append(
            "These are upper bounds: a queue that is cut may come back at the next place. Run the remedy on the same "
            "random numbers and compare: corridor-sim run ... --set KEY=VALUE, then corridor-sim compare."
        )
    return tuple(lines)


def _sure(view: ResultView) -> Answer:
    n = len(view.result.replications)
    lines: list[str] = []
    days, tonnes = _statistics(view, "transit_mean_h", "all"), _statistics(view, "throughput_t", "all")
    half = days.get("half", math.nan)
    if n == 1:
        headline = "One replication: chance is not told apart from effect"
    elif days and days["mean"] > 0 and not math.isnan(half):
        wide = half / days["mean"] > WIDE
        headline = (
            f"± {half / H_PER_DAY:.2g} days from chance{', wide: run more replications' if wide else ''}{_met(view)}"
        )
        lines.append(
            f"{n} replications: the mean is {days['mean'] / H_PER_DAY:.2f} ± {half / H_PER_DAY:.2g} days and "
            f"{tonnes['mean'] / view.years / 1e6:.3g} ± {tonnes['half'] / view.years / 1e6:.2g} Mt a year "
            "(95 % interval)."
        )
    else:
        headline = f"{n} replications"
    return Answer("sure", "How sure?", headline, (*lines, *_calibration(view), *_grades(view), _CHANCE))


_CHANCE = "The intervals tell of chance alone. What the inputs may be wrong by is not in them."


def _targets(view: ResultView) -> tuple[int, int] | None:
    """Targets inside their observed range, and how many there are; None of a scenario without any."""
    table: Any = view.result.calibration
    if table is None:
        return None
    table = table[(table["set"] == "calibration") & table["p50"].notna()]
    return int(table["inside"].astype(bool).sum()), len(table)


def _met(view: ResultView) -> str:
    """Chance is the smaller part of what one does not know: the observations that are met stand beside it."""
    targets = _targets(view)
    return f"; {targets[0]} of {targets[1]} observations met" if targets and targets[1] else ""


def _calibration(view: ResultView) -> list[str]:
    targets = _targets(view)
    if targets is None:
        return ["This scenario was not held against observations."]
    changed = " (of the scenario as changed)" if view.result.manifest.get("changes") else ""
    return [f"Against observations: {targets[0]} of {targets[1]} targets are inside their observed range{changed}."]


def _grades(view: ResultView) -> list[str]:
    inputs = inputs_of(view.scenario)
    if not inputs:
        return ["Its inputs name no sources."]
    counted = ", ".join(f"{n} {GRADE_WORDS[g]} ({g})" for g, n in grade_counts(inputs).items())
    return [f"Inputs with a source: {counted}."]


def _hours(hours: float) -> str:
    return f"{hours:.1f} h" if hours < 48 else f"{hours / H_PER_DAY:.1f} days"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
