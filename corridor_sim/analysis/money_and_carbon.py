"""KPIs of cost and emissions: what each chain costs and emits, weighted with what was delivered on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from corridor_sim.analysis.bills import bill_table
from corridor_sim.analysis.chains import LOT_T, Hours, build_chains
from corridor_sim.foundation.time_axis import ALL
from corridor_sim.scenario.charges import ChargeKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.analysis.chains import Chain
    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario

    Floats = npt.NDArray[np.float64]
    _Kpi = tuple[str, str, str, str, Floats]
    """KPI, subject, period, unit, values by replication."""

IN_LINE = ("time_queueing_h", "time_closed_h")
READ = ("throughput_consignments", "throughput_t", "transit_mean_h", "time_moving_h", *IN_LINE)
"""KPIs that cost and emissions are worked out of."""
KINDS: tuple[str, ...] = get_args(ChargeKind)
SECTION_KM = 500.0
"""Section that the facilitation indicator 3 is told of."""
LEFT_OUT = ("background", "sea_reference")
"""Routes that are no part of the subject `all`."""


@dataclass(frozen=True)
class _Totals:
    """What was delivered on some itineraries, in each replication."""

    t: Floats
    teu: Floats
    tkm: Floats
    wtw_kg: Floats
    ttw_kg: Floats
    usd: dict[str, Floats]
    teu_usd: Floats
    """Of it what containers cost."""
    teu_kg: Floats
    """Well to wheel, what containers emit."""
    teu_ttw_kg: Floats
    """Of it tank to wheel."""

    @classmethod
    def of(cls, parts: Sequence[_Totals]) -> _Totals:
        """Add up."""

        def total(name: str) -> Floats:
            return np.asarray(np.sum([getattr(part, name) for part in parts], axis=0), dtype=np.float64)

        usd = {kind: np.sum([part.usd[kind] for part in parts], axis=0) for kind in KINDS}
        return cls(
            t=total("t"), teu=total("teu"), tkm=total("tkm"), wtw_kg=total("wtw_kg"), ttw_kg=total("ttw_kg"),
            usd=usd, teu_usd=total("teu_usd"), teu_kg=total("teu_kg"),
            teu_ttw_kg=total("teu_ttw_kg"),
        )  # fmt: skip


def with_money_and_carbon(result: RunResult, scenario: Scenario, plan: Plan, network: Network) -> RunResult:
    """Return the result with KPIs of cost and emissions and with bills, when the scenario charges or emits.

    They are of consignments delivered, for flows, routes and all cargo of the corridor, over the whole measured time
    (of routes and all cargo by year, too), and of the replications whose stages were kept. Hours waited at a stage in a
    year are those of the whole time, by the hours in line that the flow's trips had in the year beside those of all.
    """
    if not scenario.charges and not scenario.emissions:
        return result
    chains = build_chains(scenario, plan, network)
    columns = _Columns(result)
    waits = _waits(result, plan)
    found: list[_Kpi] = []
    for period in columns.periods:
        hours = _hours(columns, period, waits, plan)
        # the bill is that of the load as stated; what the draft of a ship or a growing train carries is less or more
        full = [
            consignments * columns.load(chain, period)
            for chain, consignments in zip(chains, columns.delivered(plan, period), strict=True)
        ]
        by_flow: dict[str, list[_Totals]] = {}
        for chain, consignments in zip(chains, full, strict=True):
            by_flow.setdefault(chain.flow, []).append(_totals(chain, consignments, hours[chain.flow]))
        totals = _by_subject(scenario, {flow: _Totals.of(parts) for flow, parts in by_flow.items()})
        kept = {s: t for s, t in totals.items() if period == ALL or not s.startswith("flow:")}
        found += [
            (kpi, subject, period, unit, v) for subject in kept for kpi, unit, v in _kpis(scenario, kept[subject])
        ]
        if period == ALL:
            found += _crossings(scenario, plan, chains, full)
    labels = pd.DataFrame([row[:4] for row in found], columns=["kpi", "subject", "period", "unit"])
    for name in labels.columns:
        labels[name] = labels[name].astype(object)
    return replace(
        result,
        labels=pd.concat([result.labels.astype(object), labels], ignore_index=True),
        values=np.hstack([result.values, np.column_stack([row[-1] for row in found])]),
        bills=bill_table(chains, plan) if scenario.charges else None,
    )


class _Columns:
    """KPIs of a result by name, subject and period."""

    def __init__(self, result: RunResult) -> None:
        labels = result.labels
        chosen = labels[labels["kpi"].isin(READ)]
        keys = chosen[["kpi", "subject", "period"]].astype(str).itertuples(index=False, name=None)
        self._column = dict(zip(keys, chosen.index, strict=True))
        self._values = result.values
        self._has_stages = np.isin(np.asarray(result.replications), result.stages["replication"].unique())
        periods = dict.fromkeys(p for kpi, s, p in self._column if s.startswith("itinerary:"))
        self.periods: list[str] = list(periods)
        """The whole measured time, and the years that were kept."""
        self.nothing: Floats = np.zeros(self._values.shape[0])

    def of(self, kpi: str, subject: str, period: str) -> Floats:
        """Values by replication; 0 where there are none."""
        k = self._column.get((kpi, subject, period))
        return self.nothing if k is None else np.nan_to_num(self._values[:, k])

    def load(self, chain: Chain, period: str) -> Floats:
        """Mean load of the consignments delivered of the chain's flow, over the load as stated; 1 where none are."""
        t, n = (self.of(kpi, f"flow:{chain.flow}", period) for kpi in ("throughput_t", "throughput_consignments"))
        return np.asarray(np.divide(t, n * chain.load.t, out=np.ones_like(t), where=n > 0))

    def delivered(self, plan: Plan, period: str) -> list[Floats]:
        """Consignments delivered on each itinerary, by replication; nan where stages were not kept."""
        names = [f"itinerary:{name}" for name in plan.itineraries.id]
        return [np.where(self._has_stages, self.of("throughput_consignments", n, period), np.nan) for n in names]


def _hours(columns: _Columns, period: str, waits: Mapping[int, Floats], plan: Plan) -> dict[str, Hours]:
    """Mean hours of the consignments of each flow, by replication: of trips, without moving, and waited at stages."""
    rows: dict[str, dict[int, Floats]] = {flow: {} for flow in plan.flows.id}
    for s, itinerary in enumerate(plan.stages.itinerary_idx):
        if s in waits:
            rows[plan.flows.id[plan.itineraries.flow_idx[itinerary]]][s] = waits[s]
    found = {}
    for flow, waited in rows.items():
        trip = columns.of("transit_mean_h", f"flow:{flow}", period)
        in_line, whole = (sum(columns.of(k, f"flow:{flow}", p) for k in IN_LINE) for p in (period, ALL))
        part = np.divide(in_line, whole, out=np.zeros_like(trip), where=np.asarray(whole) > 0)
        own = waited if period == ALL else {s: part * h for s, h in waited.items()}
        found[flow] = Hours(trip, trip - columns.of("time_moving_h", f"flow:{flow}", period), own)
    return found


def _waits(result: RunResult, plan: Plan) -> dict[int, Floats]:
    """Mean hours in line and before closed doors at each stage where somebody waited, by replication."""
    table = result.stages
    waited = table[(table["queue_h"] > 0) | (table["closed_h"] > 0)]
    hours = (waited["queue_h"].fillna(0.0) + waited["closed_h"].fillna(0.0)).to_numpy(dtype=np.float64)
    row = {stage: s for s, stage in enumerate(plan.stages.id)}
    place = {replication: k for k, replication in enumerate(result.replications)}
    found: dict[int, Floats] = {}
    for stage, replication, h in zip(waited["stage_id"], waited["replication"], hours, strict=True):
        own = found.setdefault(row[str(stage)], np.zeros(len(place)))
        own[place[replication]] = h
    return found


def _totals(chain: Chain, consignments: Floats, hours: Hours) -> _Totals:
    by_kind, (wtw, ttw) = chain.usd(hours), chain.kg(hours)
    usd = {k: consignments * by_kind.get(k, 0.0) for k in KINDS}
    in_boxes = float(chain.load.teu > 0)
    return _Totals(
        consignments * chain.load.t,
        consignments * chain.load.teu,
        consignments * chain.tkm,
        consignments * wtw,
        consignments * ttw,
        usd,
        in_boxes * np.sum(list(usd.values()), axis=0),
        in_boxes * consignments * wtw,
        in_boxes * consignments * ttw,
    )


def _crossings(scenario: Scenario, plan: Plan, chains: Sequence[Chain], delivered: Sequence[Floats]) -> list[_Kpi]:
    """Cost of crossing each border post, of a truck or a rail lot of 20 t (facilitation indicator 2).

    All charges of the kind `border` at the post's nodes, of consignments delivered, over their tonnes.
    """
    if not scenario.charges:
        return []
    usd: dict[str, Floats] = {}
    t: dict[str, Floats] = {}
    for chain, consignments in zip(chains, delivered, strict=True):
        paid = [(plan.stages.node[item.stage], item.usd) for item in chain.bill if item.kind == "border"]
        for post, model in scenario.border_posts.items():
            here = sum(amount for node, amount in paid if node in model.nodes)
            if here:
                for subject in (f"post:{post}", f"post:{post}/{scenario.flows[chain.flow].direction}"):
                    usd[subject] = usd.get(subject, 0.0) + consignments * here
                    t[subject] = t.get(subject, 0.0) + consignments * chain.load.t
    return [("cost_border_crossing_usd", s, ALL, "USD", LOT_T * _per(usd[s], t[s])) for s in usd]


def _by_subject(scenario: Scenario, flows: Mapping[str, _Totals]) -> dict[str, _Totals]:
    """Totals of flows, of routes and their directions, and of all cargo of the corridor."""
    groups: dict[str, list[_Totals]] = {f"flow:{flow}": [total] for flow, total in flows.items()}
    for flow, total in flows.items():
        model = scenario.flows[flow]
        subjects = [f"route:{model.route}", f"route:{model.route}/{model.direction}"]
        for subject in subjects if model.route in LEFT_OUT else [*subjects, "all"]:
            groups.setdefault(subject, []).append(total)
    return {subject: _Totals.of(parts) for subject, parts in groups.items()}


def _per(amount: Floats, of: Floats) -> Floats:
    found: Floats = np.divide(amount, of, out=np.full(of.shape, np.nan), where=of > 0)
    return found


def _kpis(scenario: Scenario, total: _Totals) -> list[tuple[str, str, Floats]]:
    """KPIs of a subject: name, unit, value by replication."""
    found: list[tuple[str, str, Floats]] = []
    if scenario.charges:
        usd = np.sum(list(total.usd.values()), axis=0)
        found += [
            ("cost_total_usd", "USD", usd),
            ("cost_usd_per_t", "USD/t", _per(usd, total.t)),
            ("cost_usd_per_teu", "USD/TEU", _per(total.teu_usd, total.teu)),
            ("cost_usd_per_tkm", "USD/tkm", _per(usd, total.tkm)),
            ("cost_500km_20t_usd", "USD", SECTION_KM * LOT_T * _per(usd - total.usd["time"], total.tkm)),
            *((f"cost_{kind}_usd_per_t", "USD/t", _per(total.usd[kind], total.t)) for kind in KINDS),
        ]
    if scenario.emissions:
        found += [
            ("co2e_wtw_total_t", "t", total.wtw_kg / 1000.0),
            ("co2e_ttw_total_t", "t", total.ttw_kg / 1000.0),
            ("co2e_wtw_kg_per_t", "kg/t", _per(total.wtw_kg, total.t)),
            ("co2e_ttw_kg_per_t", "kg/t", _per(total.ttw_kg, total.t)),
            ("co2e_wtw_kg_per_teu", "kg/TEU", _per(total.teu_kg, total.teu)),
            ("co2e_ttw_kg_per_teu", "kg/TEU", _per(total.teu_ttw_kg, total.teu)),
            ("co2e_ttw_g_per_tkm", "g/tkm", _per(total.ttw_kg * 1000.0, total.tkm)),
            ("co2e_wtw_g_per_tkm", "g/tkm", _per(total.wtw_kg * 1000.0, total.tkm)),
        ]
    return found
