"""Demand of the plan: expected releases over time, timetables, load factors."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_sim.foundation.time_axis import MONTHS
from corridor_sim.foundation.time_grid import scalar_to_grid
from corridor_sim.plan.kinds import ReleasePattern
from corridor_sim.plan.tables import FlowTable, Ragged
from corridor_sim.scenario.policies.demand import demand_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor_sim.compiler.context import Context
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.flows import Flow

DEPARTURE_HOUR_UTC = 12
"""Hour of the day at which timetabled trains without dates of their own leave; any other would do as well."""


def build_flows(context: Context) -> FlowTable:
    """Build the demand."""
    s = context.scenario
    flows = list(s.flows.values())
    plans = [_releases(context, key) for key in s.flows]
    months = [_months(context, key) for key in s.flows]
    return FlowTable(
        id=tuple(s.flows),
        name=tuple(f.name for f in flows),
        route=tuple(f.route for f in flows),
        direction=tuple(f.direction for f in flows),
        commodity=tuple(f.commodity for f in flows),
        counts_in=tuple(" ".join(f.counts_in) for f in flows),
        origin=tuple(f.origin for f in flows),
        destination=tuple(f.destination for f in flows),
        consignment_kind=tuple(f.consignment.kind for f in flows),
        load_t=np.array([f.consignment.load.value for f in flows]),
        load_teu=np.array([f.consignment.teu.value for f in flows]),
        pattern=np.array([p[0] for p in plans], dtype=np.int64),
        release_t_h=Ragged.of([p[1] for p in plans]),
        release_cum=Ragged.of([p[2] for p in plans]),
        load_from_h=Ragged.of([m[0] for m in months]),
        load_factor=Ragged.of([m[1] for m in months]),
    )


def tonnes_by_month(context: Context, key: str) -> dict[str, float]:
    """Return the tonnes of a flow that are expected to be released in each month of the horizon, t.

    Those of a timetable with departures of its own are what its trains carry.
    """
    flow, axis = context.scenario.flows[key], context.axis
    starts = axis.month_starts()
    found = dict.fromkeys((f"{m:%Y-%m}" for m in starts[:-1]), 0.0)
    if flow.release.timetable is None:
        for piece in _pieces(context, key):
            found[f"{piece.month[0]:%Y-%m}"] += _expected_t(context, key, piece) * _share(context, piece)
        return found
    _, times, _ = _releases(context, key)
    begin_h, factor = _months(context, key)
    edges = [axis.hours(m) for m in starts]
    carried = [flow.consignment.load.value * factor[np.searchsorted(begin_h, t, side="right") - 1] for t in times]
    tonnes, _ = np.histogram(times, edges, weights=carried)
    return dict(zip(found, tonnes.tolist(), strict=True))


def _months(context: Context, key: str) -> tuple[list[float], list[float]]:
    """Pieces of the load factor: one per month where the flow has a parcel profile, else one in all."""
    s, axis = context.scenario, context.axis
    flow, demand = s.flows[key], s.demand
    # a timetable with departures of its own keeps them: growth then makes the trains heavier, not more
    is_fixed = flow.release.timetable is not None
    pieces = list(_pieces(context, key)) if is_fixed else []
    is_bent = flow.route in demand.by_route or any(piece.factor != 1.0 for piece in pieces)
    if flow.parcel_profile is None and not (is_fixed and is_bent):
        return [0.0], [float(demand.growth) if is_fixed else 1.0]
    if is_fixed:
        times = [max(axis.hours(p.start), 0.0) for p in pieces]
        return times, [demand.factor(flow.route, p.start.year) * p.factor * _parcel(s, flow, p) for p in pieces]
    months = [_Piece(*ends, 1.0, ends) for ends in pairwise(axis.month_starts())]
    return [max(axis.hours(m.start), 0.0) for m in months], [_parcel(s, flow, m) for m in months]


class _Piece(NamedTuple):
    """Part of a month in which demand is spread evenly."""

    start: datetime
    stop: datetime
    factor: float
    """What tariff cuts, demand shifts and route choice make of the month's demand in it."""
    month: tuple[datetime, datetime]


def _pieces(context: Context, key: str) -> Iterator[_Piece]:
    """Yield the months of the horizon, cut where a tariff cut or a demand shift bends the demand for a flow."""
    demand = context.scenario.demand
    for start, stop in pairwise(context.axis.month_starts()):
        since, of_month = start, demand.flow_factor(key, start)
        for until, factor in demand_pieces(context.scenario, key, start, stop):
            yield _Piece(since, until, factor * of_month, (start, stop))
            since = until


def _parcel(s: Scenario, flow: Flow, piece: _Piece) -> float:
    """Factor on the load of a consignment: of its month, and of the level of the sea in the middle of it."""
    if flow.parcel_profile is None:
        return 1.0
    start, stop = piece.month
    levels = [v for v in s.sea_levels.values() if v.enabled and flow.parcel_profile in v.parcel_profiles]
    by_month = float(getattr(s.parcel_profiles[flow.parcel_profile], MONTHS[start.month - 1]))
    return by_month * math.prod(v.load_factor(start + (stop - start) / 2) for v in levels)


def _expected_t(context: Context, key: str, piece: _Piece) -> float:
    """Tonnes of a whole month, were all of it as this part: a month has its share of the year's tonnes."""
    s, (start, stop) = context.scenario, piece.month
    flow = s.flows[key]
    profile = None if flow.profile is None else s.month_profiles[flow.profile]
    days_in_year = (datetime(start.year + 1, 1, 1, tzinfo=UTC) - datetime(start.year, 1, 1, tzinfo=UTC)).days
    weight = (stop - start).days / days_in_year if profile is None else getattr(profile, MONTHS[start.month - 1])
    return float(flow.annual_t(start.year) * s.demand.factor(flow.route, start.year) * weight * piece.factor)


def _share(context: Context, piece: _Piece) -> float:
    """Share of its month that a part is, as far as it lies in the horizon."""
    axis, (start, stop) = context.axis, piece.month
    begin, end = max(axis.hours(piece.start), 0.0), min(axis.hours(piece.stop), axis.end_h)
    return max(end - begin, 0.0) / (axis.hours(stop) - axis.hours(start))


def _expected(context: Context, key: str) -> tuple[list[float], list[float]]:
    """Return the cumulative number of consignments expected up to the borders of the months, or of parts of them.

    Tonnes of a month are spread evenly over it. Loads that follow a parcel profile or the level of a sea change the
    number of consignments, never the tonnes.
    """
    s, axis = context.scenario, context.axis
    flow = s.flows[key]
    times, cum = [0.0], [0.0]
    for piece in _pieces(context, key):
        share = _share(context, piece)
        if share > 0.0:
            load_t = flow.consignment.load.value * _parcel(s, flow, piece)
            times.append(min(axis.hours(piece.stop), axis.end_h))
            cum.append(cum[-1] + _expected_t(context, key, piece) / load_t * share)
    return times, cum


def _releases(context: Context, key: str) -> tuple[ReleasePattern, list[float], list[float]]:
    """Pattern, breakpoints and expected number released up to each; a timetable is its departures."""
    release = context.scenario.flows[key].release
    if release.pattern != "timetable":
        return ReleasePattern[release.pattern.upper()], *_expected(context, key)
    axis, timetable = context.axis, release.timetable
    if timetable is None:
        times = _spread(context, key)
    elif timetable.departures:
        times = [scalar_to_grid(axis.hours(d)) for d in timetable.departures]
    else:
        assert timetable.every is not None  # noqa: S101  # the model has departures or every
        first, every_h = context.hours(timetable.first, 0.0), timetable.every.value
        n = int((axis.end_h - first) / every_h) + 1
        times = [scalar_to_grid(first + k * every_h) for k in range(n)]
    times = [t for t in times if 0 <= t < axis.end_h]
    return ReleasePattern.TIMETABLE, times, list(np.arange(1.0, len(times) + 1))


def _spread(context: Context, key: str) -> list[float]:
    """Departures that follow the month profile at equal expected distances, at noon of their day."""
    t_h, cum = _expected(context, key)
    at = np.interp(np.arange(0.5, cum[-1]), cum, t_h)
    days = [context.axis.moment(float(h)).replace(hour=0, minute=0, second=0, microsecond=0) for h in at]
    noon = timedelta(hours=DEPARTURE_HOUR_UTC)
    return sorted(scalar_to_grid(context.axis.hours(d + noon)) for d in days)
