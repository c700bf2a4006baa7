"""KPI tables as the report and the workbook show them: routes, border posts, places, flows; units in the heads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from corridor_sim.plan.kinds import Cause
from corridor_sim.plots.style import BACKGROUND, route_style
from corridor_sim.results.kpi_meanings import meaning_of

if TYPE_CHECKING:
    from corridor_sim.plots.result_view import ResultView

H_PER_DAY = 24.0
LEAST_WAITING_N = 0.005
"""Places where fewer wait on average, and that nothing else is to be said of, are left out of the table of places."""


class Column(NamedTuple):
    """One KPI as a column: what is shown is the mean of the KPI times a factor."""

    kpi: str
    head: str
    unit: str
    factor: float = 1.0
    digits: int = 1
    with_interval: bool = False
    is_yearly: bool = False
    """Divided by the measured years."""
    suffix: str = ""
    """Part of the subject, such as ``/south``."""

    @property
    def title(self) -> str:
        """What the column means, for a tooltip."""
        meaning = meaning_of(self.kpi)
        if not meaning.formula:
            return f"KPI {self.kpi}"
        return f"{meaning.meaning} KPI {self.kpi}: {meaning.formula}."


class Cell(NamedTuple):
    """One number: as text, as value to sort by, and what more is known of it."""

    text: str
    value: float | None
    title: str = ""


@dataclass(frozen=True)
class Row:
    """One subject."""

    subject: str
    name: str
    note: str
    """Its id, or what kind of thing it is."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class KpiTable:
    """Subjects of one kind and their KPIs."""

    key: str
    title: str
    caption: str
    first: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


_DAYS = (
    Column("transit_mean_h", "days, mean", "d", 1 / H_PER_DAY, with_interval=True),
    Column("transit_p50_h", "days, P50", "d", 1 / H_PER_DAY),
    Column("transit_p95_h", "days, P95", "d", 1 / H_PER_DAY),
)
_CARRIED = Column("throughput_t", "carried", "kt/yr", 1e-3, 0, with_interval=True, is_yearly=True)
_CAUSES = tuple(Column(f"time_{c.name.lower()}_h", c.label, "d", 1 / H_PER_DAY) for c in Cause)
_POST_COLUMNS = tuple(
    Column(kpi, f"{way}bound, {words}", "h", digits=digits, with_interval=words == "mean", suffix=f"/{way}")
    for way in ("south", "north")
    for kpi, words, digits in (
        ("border_time_mean_h", "mean", 1), ("border_time_p50_h", "P50", 1), ("border_time_p95_h", "P95", 0),
    )
)  # fmt: skip
_PLACE_COLUMNS = (
    Column("queue_mean_n", "waiting, mean", "number", with_interval=True),
    Column("queue_longest_n", "waiting, most", "number", digits=0),
    Column("queue_mean_h", "wait, mean", "h", with_interval=True),
    Column("queue_p95_h", "wait, P95", "h", digits=0),
    Column("utilisation_frac", "busy", "%", 100, 0),
    Column("offered_load_frac", "offered load", "%", 100, 0),
    Column("queue_growth_per_year", "growth", "1/yr", digits=0),
    Column("throughput_t", "cargo", "kt/yr", 1e-3, 0, is_yearly=True),
)


_MONEY_COLUMNS = (
    Column("cost_usd_per_t", "cost per tonne", "USD/t", digits=0, with_interval=True),
    Column("cost_transport_usd_per_t", "transport", "USD/t", digits=0),
    Column("cost_handling_usd_per_t", "handling", "USD/t"),
    Column("cost_border_usd_per_t", "border", "USD/t"),
    Column("cost_equipment_usd_per_t", "equipment", "USD/t"),
    Column("cost_time_usd_per_t", "value of time", "USD/t"),
    Column("cost_usd_per_teu", "cost per TEU", "USD/TEU", digits=0, with_interval=True),
    Column("cost_500km_20t_usd", "500 km, 20 t (TFI3)", "USD", digits=0),
    Column("cost_total_usd", "cost", "million USD/yr", 1e-6, 0, is_yearly=True),
    Column("co2e_wtw_kg_per_t", "CO2e per tonne", "kg/t", digits=0),
    Column("co2e_ttw_kg_per_t", "of it tank to wheel", "kg/t", digits=0),
    Column("co2e_wtw_kg_per_teu", "CO2e per TEU", "kg/TEU", digits=0, with_interval=True),
    Column("co2e_wtw_g_per_tkm", "CO2e per tonne-km", "g/tkm"),
    Column("co2e_wtw_total_t", "CO2e", "kt/yr", 1e-3, 0, is_yearly=True),
)


class Means:
    """Statistics of the whole measured time, by KPI and subject."""

    def __init__(self, view: ResultView) -> None:
        table = view.result.summary()
        table = table[table["period"] == "all"]
        keys = zip(table["kpi"].astype(str), table["subject"].astype(str), strict=True)
        columns = ["mean", "ci_high", "p05", "p95", "n"]
        self._rows = dict(zip(keys, table[columns].to_numpy(dtype=float).tolist(), strict=True))
        self._years = view.years

    def has(self, kpi: str, subject: str) -> bool:
        """Whether there is such a KPI."""
        return (kpi, subject) in self._rows

    def factor(self, column: Column) -> float:
        """By what the KPI is multiplied to be shown in the column."""
        return column.factor / self._years if column.is_yearly else column.factor

    def cell(self, column: Column, subject: str) -> Cell:
        """One number of a table, its interval and the spread over replications in the tooltip."""
        row = self._rows.get((column.kpi, f"{subject}{column.suffix}"))
        if row is None:
            return Cell("–", None)  # noqa: RUF001  # the dash of a table
        factor, n = self.factor(column), row[-1]
        mean, high, low, most = (value * factor for value in row[:-1])
        half = high - mean
        text = f"{mean:,.{column.digits}f}"
        if math.isnan(half):
            return Cell(text, mean, "one replication: no interval")
        if column.with_interval:
            text += f" ± {half:,.{column.digits}f}"
        about = f"mean of {n:.0f} replications {mean:,.4g} {column.unit}, 95 % interval ± {half:,.2g}; "
        return Cell(text, mean, f"{about}replications from {low:,.4g} (P5) to {most:,.4g} (P95)")


def kpi_tables(view: ResultView) -> list[KpiTable]:
    """Make all tables that a result has something for."""
    if view.result.stages.empty:
        return []
    means = Means(view)
    tables = (make(view, means) for make in (_routes, _money, _posts, _places, _flows))
    return [t for t in tables if t.rows]


def _row(means: Means, columns: tuple[Column, ...], subject: str, name: str, note: str = "") -> Row:
    return Row(subject, name, note, tuple(means.cell(c, subject) for c in columns))


def _by_route(view: ResultView, means: Means, columns: tuple[Column, ...]) -> tuple[Row, ...]:
    """Rows of all routes, each direction and all cargo, where there is a value in the first column."""
    rows = [("all", "All cargo of the corridor", "without background and sea reference")]
    for route in view.routes:
        label = route_style(route, view.routes).label
        rows.append((f"route:{route}", label, "both directions"))
        rows += [(f"route:{route}/{way}", label, f"{way}bound") for way in ("south", "north")]
    return tuple(_row(means, columns, *row) for row in rows if means.has(columns[0].kpi, row[0]))


def _routes(view: ResultView, means: Means) -> KpiTable:
    columns = (_CARRIED, *_DAYS, *(c for c in _CAUSES if _is_used(view, c.kpi)))
    return KpiTable(
        "routes", "Routes: tonnes, days, and where the days go",
        "Days from release to delivery, mean of all trips; the causes add up to the mean days.",
        "route", columns, _by_route(view, means, columns),
    )  # fmt: skip


def _money(view: ResultView, means: Means) -> KpiTable:
    columns = tuple(c for c in _MONEY_COLUMNS if means.has(c.kpi, "all"))
    return KpiTable(
        "money", "Dollars and emissions of what was delivered",
        "All charges and the value of time, from origin to destination; CO2 equivalent well to wheel.",
        "route", columns, _by_route(view, means, columns) if columns else (),
    )  # fmt: skip


def _is_used(view: ResultView, kpi: str) -> bool:
    return bool((view.means(kpi, "route") > 0).any())


def _posts(view: ResultView, means: Means) -> KpiTable:
    posts = sorted({s.partition("/")[0] for s in view.means("border_time_mean_h", "post").index})
    rows = [_row(means, _POST_COLUMNS, f"post:{p}", _words(p), "") for p in posts]
    return KpiTable(
        "posts", "Border posts: hours inside",
        "Hours at the post, without moving and without waiting for a train path (facilitation indicator 1).",
        "post", _POST_COLUMNS, tuple(rows),
    )  # fmt: skip


def _places(view: ResultView, means: Means) -> KpiTable:
    waiting = view.means("queue_mean_n", "place").sort_values(ascending=False, kind="stable")
    load = view.means("offered_load_frac", "place")
    rows = [
        _row(means, _PLACE_COLUMNS, f"place:{p}", _upper(view.place_name(str(p))), str(p))
        for p, n in waiting.items()
        if n >= LEAST_WAITING_N or load.get(p, 0.0) > 1
    ]
    return KpiTable(
        "places", "Places: who waits where",
        "The most waited for first. Load above 100 %: the queue grows without end, and a mean wait would say nothing.",
        "place", _PLACE_COLUMNS, tuple(rows),
    )  # fmt: skip


def _flows(view: ResultView, means: Means) -> KpiTable:
    columns = (_CARRIED, *_DAYS, Column("time_queueing_h", "queueing", "d", 1 / H_PER_DAY, 2),
               Column("speed_with_delay_km_per_h", "speed with delay", "km/h"),
               Column("stock_end_t", "on the way at the end", "kt", 1e-3))  # fmt: skip
    rows = []
    for flow in view.means("throughput_t", "flow").index:
        route, way = view.flow_routes.get(str(flow), ("", ""))
        family = "background" if route == BACKGROUND else route_style(route, view.routes).label if route else ""
        name = f"{_upper(view.flow_name(str(flow)))}"
        rows.append(_row(means, columns, f"flow:{flow}", name, ", ".join(w for w in (str(flow), family, way) if w)))
    return KpiTable(
        "flows", "Flows: one origin, destination and commodity each", "Background traffic is listed, too.",
        "flow", columns, tuple(rows),
    )  # fmt: skip


def _words(name: str) -> str:
    return _upper(name.replace("_", " "))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def calibration_rows(table: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of the calibration table with the value that is compared, in words for the page."""
    rows = []
    for row in table.to_dict("records"):
        value = row["mean"] if row.get("statistic") == "mean" else row["p50"]
        if pd.isna(value):
            continue
        observed = f"{row['observed_low']:g} to {row['observed_high']:g}"
        texts = {k: row.get(k, "") for k in ("target", "quantity", "unit", "grade", "source")}
        inside = bool(row["inside"])
        rows.append({**texts, "observed": observed, "value": float(value), "text": f"{value:.3g}", "inside": inside})
    return rows
