"""What figures ask of a stored result: means of KPIs, months, places and routes in words, the line under a figure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from corridor_sim.foundation.time_axis import is_month
from corridor_sim.network import load_network
from corridor_sim.plots.style import BACKGROUND, order_routes

if TYPE_CHECKING:
    from corridor_sim.network import Network
    from corridor_sim.results import RunResult

H_PER_YEAR = 8760.0
MAX_CHANGES = 60
"""Characters of the changes that fit in the footer."""
PLACE_COLUMNS = ("place_id", "place_name", "place_kind", "node")


class ResultView:
    """A result as figures see it; everything comes from what a result folder holds, and the shipped network.

    Parameters
    ----------
    result
        Fresh or loaded.
    network
        The network whose nodes the stages name; the shipped one by default.
    """

    def __init__(self, result: RunResult, network: Network | None = None) -> None:
        self.result = result
        self.network = load_network() if network is None else network

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The stored scenario text as plain data; empty when none is stored."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(self.result.scenario_yaml, Loader=loader) or {}  # noqa: S506  # a safe loader either way

    @cached_property
    def _means(self) -> dict[tuple[str, str], pd.Series[float]]:
        table = self.result.summary()
        return {
            (str(kpi), str(period)): pd.Series(rows["mean"].to_numpy(), index=rows["subject"].astype(str).to_numpy())
            for (kpi, period), rows in table.groupby(["kpi", "period"], sort=False, observed=True)
        }

    def means(self, kpi: str, of: str, period: str = "all") -> pd.Series[float]:
        """Mean over replications of one KPI for all subjects of a kind (``place``, ``route``, ...), by their names."""
        series = self._means.get((kpi, period), pd.Series(dtype=float))
        prefix = f"{of}:"
        chosen = series[[s.startswith(prefix) for s in series.index]]
        chosen.index = pd.Index([s.removeprefix(prefix) for s in chosen.index], dtype=object)
        return chosen

    @cached_property
    def months(self) -> list[str]:
        """Months of the measured time, such as ``2025-01``, if they were kept."""
        return sorted(p for p in self.result.labels["period"].astype(str).unique() if is_month(p))

    @cached_property
    def calendar_years(self) -> list[str]:
        """Years that the measured time touches, such as ``2025``, if they were kept."""
        periods = self.result.labels["period"].astype(str).unique()
        return sorted(p for p in periods if p != "all" and not is_month(p))

    @cached_property
    def n_detailed(self) -> int:
        """Replications whose stages, journeys and daily queues were kept: of thousands the first ones."""
        return int(self.result.stages["replication"].nunique())

    @cached_property
    def measured(self) -> tuple[datetime, datetime] | None:
        """Begin and end of the measured time, UTC; None when neither manifest nor months tell."""
        manifest = self.result.manifest
        if {"start", "warm_up_h", "end_h"} <= manifest.keys():
            start = datetime.fromisoformat(str(manifest["start"]))
            start = start if start.tzinfo else start.replace(tzinfo=UTC)
            return start + timedelta(hours=manifest["warm_up_h"]), start + timedelta(hours=manifest["end_h"])
        if not self.months:
            return None
        last = pd.Timestamp(self.months[-1], tz="UTC") + pd.offsets.MonthBegin(1)
        return pd.Timestamp(self.months[0], tz="UTC").to_pydatetime(), last.to_pydatetime()

    @property
    def years(self) -> float:
        """Length of the measured time in years of 365 days."""
        if self.measured is None:
            return 1.0
        return (self.measured[1] - self.measured[0]) / timedelta(hours=H_PER_YEAR)

    @property
    def period_text(self) -> str:
        """Measured time in words, last day included."""
        if self.measured is None:
            return "measured time not stored"
        start, end = self.measured
        return f"{_day(start)} to {_day(end - timedelta(seconds=1))}"

    @property
    def footer(self) -> str:
        """Which run a figure shows: scenario, time, replications, seed, engine, versions."""
        m, n = self.result.manifest, len(self.result.replications)
        changes = ", ".join(m.get("changes") or [])
        words = [
            (f"Scenario {m['scenario']}" if m.get("scenario") else "Scenario not named")
            + (f" with {changes if len(changes) <= MAX_CHANGES else changes[:MAX_CHANGES] + '...'}" if changes else ""),
            f"{self.period_text} (warm-up left out)",
            f"{n} replication{'s' if n != 1 else ''}",
        ]
        words += [f"seed {m['seed']}"] if "seed" in m else []
        version = str((m.get("versions") or {}).get("corridor-sim", ""))
        source = f"Source: corridor_sim{f' {version}' if version[:1].isdigit() else ''}"
        source += f", engine {m['engine']}" if m.get("engine") else ""
        source += f", scenario digest {str(m['scenario_digest'])[:12]}" if m.get("scenario_digest") else ""
        return f"{'; '.join(words)}.\n{source}. Simulated, not observed."

    @cached_property
    def places(self) -> pd.DataFrame:
        """Places with servers by id: name in words, kind, node where they are mostly waited for."""
        stages = self.result.stages
        table = stages[[c for c in PLACE_COLUMNS if c in stages.columns]].copy()
        table["waited"] = (stages["queue_h"] * stages["arrivals"]).fillna(0.0)
        table = table[table["place_id"].astype(str) != ""]
        # a fleet is waited for at several nodes: it stands where most of the waiting is done
        waited = table.groupby(["place_id", "node"], observed=True, sort=False)["waited"].transform("sum")
        table = table.assign(waited=waited).sort_values("waited", ascending=False, kind="stable")
        table = table.drop_duplicates("place_id").sort_index().set_index("place_id")
        for column in ("place_name", "place_kind"):
            if column not in table.columns:
                table[column] = ""
        rows = [
            (str(place), self._place_words(str(place), row.place_name, row.place_kind), row.place_kind, row.node)
            for place, row in zip(table.index, table.itertuples(), strict=True)
        ]
        return pd.DataFrame(rows, columns=["place_id", "name", "kind", "node"]).set_index("place_id")

    def _place_words(self, place: str, name: object, kind: object) -> str:
        if str(kind) == "train path" or (not name and ">" in place):
            a, _, b = place.partition(">")
            return f"train path, {self.node_label(a)} to {self.node_label(b)}"
        words = str(name or place).removesuffix(", both ways")
        return words[:1].lower() + words[1:] if words[1:2].islower() else words

    def place_name(self, place: str) -> str:
        """Name of a place in words; its id when the result holds none."""
        return str(self.places["name"].get(place, place))

    def node_label(self, node: str) -> str:
        """Short name of a node; its id when the network lacks it."""
        return self.network.node(node).label if node in self.network.node_ids else node

    @cached_property
    def flow_routes(self) -> dict[str, tuple[str, str]]:
        """Route family and direction of each flow, from the stored scenario."""
        flows = self.scenario.get("flows") or {}
        return {str(k): (str(f.get("route", "")), str(f.get("direction", ""))) for k, f in flows.items()}

    def flow_name(self, flow: str) -> str:
        """Name of a flow in words; its id when the result holds none."""
        return str(((self.scenario.get("flows") or {}).get(flow) or {}).get("name") or flow)

    def is_background(self, flow: str) -> bool:
        """Whether a flow fills the tracks but is no corridor cargo."""
        return self.flow_routes.get(flow, ("", ""))[0] == BACKGROUND

    @cached_property
    def routes(self) -> list[str]:
        """Route families with consignments delivered, in the order of all figures, without background."""
        count = self.means("throughput_consignments", "route")
        return order_routes(r for r, n in count.items() if n > 0 and "/" not in str(r))  # type: ignore[misc]

    @property
    def post_nodes(self) -> dict[str, list[str]]:
        """Nodes of each border post, from the stored scenario."""
        posts = self.scenario.get("border_posts") or {}
        return {str(k): [str(n) for n in p.get("nodes", [])] for k, p in posts.items()}

    @cached_property
    def waiting_t(self) -> pd.Series[float]:
        """Cargo waiting on average at each place, t: mean number waiting times mean load of what passes there."""
        number = self.means("queue_mean_n", "place")
        load = self.means("throughput_t", "place") / self.means("throughput_units", "place")
        return (number * load.reindex(number.index)).replace([np.inf, -np.inf], np.nan).dropna()

    def worst_places(self, n: int) -> list[str]:
        """Return the places with the most cargo waiting on average, the worst first."""
        waiting = self.waiting_t[self.waiting_t > 0].sort_values(ascending=False, kind="stable")
        return [str(p) for p in waiting.index[:n]]


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
