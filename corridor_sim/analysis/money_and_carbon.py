"""KPIs of cost and emissions: what each chain costs and emits, weighted with what was delivered on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from corridor_sim.analysis.bills import bill_table
from corridor_sim.analysis.chains import build_chains
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

KINDS: tuple[str, ...] = get_args(ChargeKind)
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

    @classmethod
    def of(cls, parts: Sequence[_Totals]) -> _Totals:
        """Add up."""

        def total(name: str) -> Floats:
            return np.asarray(np.sum([getattr(part, name) for part in parts], axis=0), dtype=np.float64)

        usd = {kind: np.sum([part.usd[kind] for part in parts], axis=0) for kind in KINDS}
        return cls(
            t=total("t"), teu=total("teu"), tkm=total("tkm"), wtw_kg=total("wtw_kg"), ttw_kg=total("ttw_kg"),
            usd=usd, teu_usd=total("teu_usd"), teu_kg=total("teu_kg"),
        )  # fmt: skip


def with_money_and_carbon(result: RunResult, scenario: Scenario, plan: Plan, network: Network) -> RunResult:
    """Return the result with KPIs of cost and emissions and with bills, when the scenario charges or emits.

    They are of consignments delivered in the measured time, for flows, routes and all cargo of the corridor, over the
    whole measured time, and of the replications whose stages were kept.
    """
    if not scenario.charges and not scenario.emissions:
        return result
    chains = build_chains(scenario, plan, network)
    hours, loads = _by_flow(result, "transit_mean_h"), _mean_loads(result)
    delivered = _delivered(result, plan)
    by_flow: dict[str, list[_Totals]] = {}
    for chain, consignments in zip(chains, delivered, strict=True):
        # the bill is that of the load as stated; what the draft of a ship or a growing train carries is less or more
        mean = loads.get(chain.flow, np.array(np.nan))
        full = consignments * np.nan_to_num(mean / chain.load.t, nan=1.0)
        by_flow.setdefault(chain.flow, []).append(_totals(chain, full, hours.get(chain.flow)))
    totals = _by_subject(scenario, {flow: _Totals.of(parts) for flow, parts in by_flow.items()})
    rows = [(kpi, subject, "all", unit) for subject in totals for kpi, unit, _ in _kpis(scenario, totals[subject])]
    columns = [values for subject in totals for _, _, values in _kpis(scenario, totals[subject])]
    labels = pd.DataFrame(rows, columns=["kpi", "subject", "period", "unit"])
    for name in labels.columns:
        labels[name] = labels[name].astype(object)
    return replace(
        result,
        labels=pd.concat([result.labels.astype(object), labels], ignore_index=True),
        values=np.hstack([result.values, np.column_stack(columns)]),
        bills=bill_table(chains, plan) if scenario.charges else None,
    )


def _mean_loads(result: RunResult) -> dict[str, Floats]:
    """Mean tonnes of the consignments delivered of each flow, by replication; nan where there are none."""
    t, n = _by_flow(result, "throughput_t"), _by_flow(result, "throughput_consignments")
    return {flow: np.divide(t[flow], n[flow], out=np.full_like(t[flow], np.nan), where=n[flow] > 0) for flow in n}


def _by_flow(result: RunResult, kpi: str) -> dict[str, Floats]:
    """Return a KPI of each flow over the whole time, by replication."""
    labels = result.labels
    chosen = labels[(labels["kpi"] == kpi) & (labels["period"] == "all")]
    return {
        str(subject).removeprefix("flow:"): result.values[:, k]
        for k, subject in zip(chosen.index, chosen["subject"], strict=True)
        if str(subject).startswith("flow:")
    }


def _delivered(result: RunResult, plan: Plan) -> list[Floats]:
    """Consignments delivered on each itinerary, by replication; nan where stages were not kept."""
    last = plan.itineraries.first_stage_idx + plan.itineraries.n_stages - 1
    ids = [plan.stages.id[s] for s in last]
    table = result.stages[result.stages["stage_id"].isin(ids)]
    wide = table.pivot_table(index="replication", columns="stage_id", values="departures", observed=True)
    wide = wide.reindex(index=list(result.replications), columns=ids)
    kept = wide.index.isin(result.stages["replication"].unique())
    found = wide.to_numpy(dtype=np.float64) / plan.stages.n_units[last]
    return list(np.where(kept[:, None], np.nan_to_num(found), np.nan).T)


def _totals(chain: Chain, consignments: Floats, hours: Floats | None) -> _Totals:
    trip_h = np.zeros_like(consignments) if hours is None else np.nan_to_num(hours)
    once, per_h = chain.usd(0.0), chain.usd(1.0)
    usd = {k: consignments * (once.get(k, 0.0) + (per_h.get(k, 0.0) - once.get(k, 0.0)) * trip_h) for k in KINDS}
    in_boxes = float(chain.load.teu > 0)
    return _Totals(
        consignments * chain.load.t,
        consignments * chain.load.teu,
        consignments * chain.tkm,
        consignments * chain.wtw_kg,
        consignments * chain.ttw_kg,
        usd,
        in_boxes * np.sum(list(usd.values()), axis=0),
        in_boxes * consignments * chain.wtw_kg,
    )


def _by_subject(scenario: Scenario, flows: Mapping[str, _Totals]) -> dict[str, _Totals]:
    """Totals of flows, of routes and their directions, and of all cargo of the corridor."""
    groups: dict[str, list[_Totals]] = {f"flow:{flow}": [total] for flow, total in flows.items()}
    for flow, total in flows.items():
        model = scenario.flows[flow]
        subjects = [f"route:{model.route}", f"route:{model.route}/{model.direction}"]
        for subject in subjects if model.route in LEFT_OUT else [*subjects, "all"]:
            groups.setdefault(subject, []).append(total)
    return {subject: _Totals.of(parts) for subject, parts in groups.items()}


def _kpis(scenario: Scenario, total: _Totals) -> list[tuple[str, str, Floats]]:
    """KPIs of a subject: name, unit, value by replication."""

    def per(amount: Floats, of: Floats) -> Floats:
        found: Floats = np.divide(amount, of, out=np.full(of.shape, np.nan), where=of > 0)
        return found

    found: list[tuple[str, str, Floats]] = []
    if scenario.charges:
        usd = np.sum(list(total.usd.values()), axis=0)
        found += [
            ("cost_total_usd", "USD", usd),
            ("cost_usd_per_t", "USD/t", per(usd, total.t)),
            ("cost_usd_per_teu", "USD/TEU", per(total.teu_usd, total.teu)),
            ("cost_usd_per_tkm", "USD/tkm", per(usd, total.tkm)),
            *((f"cost_{kind}_usd_per_t", "USD/t", per(total.usd[kind], total.t)) for kind in KINDS),
        ]
    if scenario.emissions:
        found += [
            ("co2e_wtw_total_t", "t", total.wtw_kg / 1000.0),
            ("co2e_ttw_total_t", "t", total.ttw_kg / 1000.0),
            ("co2e_wtw_kg_per_t", "kg/t", per(total.wtw_kg, total.t)),
            ("co2e_ttw_kg_per_t", "kg/t", per(total.ttw_kg, total.t)),
            ("co2e_wtw_kg_per_teu", "kg/TEU", per(total.teu_kg, total.teu)),
            ("co2e_wtw_g_per_tkm", "g/tkm", per(total.wtw_kg * 1000.0, total.tkm)),
        ]
    return found
