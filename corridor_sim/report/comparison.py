"""The report of a comparison: what each case changes against the reference, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from corridor_sim.analysis.comparison import Comparison
from corridor_sim.foundation.errors import ResultError
from corridor_sim.plots.style import BACKGROUND, order_routes, route_style
from corridor_sim.report.answers import Answer
from corridor_sim.report.figures import pictures_in
from corridor_sim.report.kpi_tables import Cell, Column, KpiTable, Row
from corridor_sim.report.page import write_page
from corridor_sim.results.kpi_meanings import meaning_of

if TYPE_CHECKING:
    from pathlib import Path

H_PER_DAY = 24.0
N_PLACES = 3
LEAST_D = 0.05
LEAST_N = 0.05
"""Consignments waiting below which the same holds."""
SAME = 1e-9
ORDER = ("all", "route", "flow", "post", "place")
"""Days below which a difference is not told in words."""
Names = Mapping[str, str]
"""Names of subjects in words."""
_MEASURES = (
    (
        "days",
        "transit_mean_h",
        "Days from release to delivery, mean",
        Column("transit_mean_h", "", "d", 1 / H_PER_DAY, 2),
    ),
    (
        "late",
        "transit_p95_h",
        "Days that 19 of 20 trips need at most",
        Column("transit_p95_h", "", "d", 1 / H_PER_DAY, 2),
    ),
    ("tonnes", "throughput_t", "Tonnes delivered in the measured time", Column("throughput_t", "", "kt", 1e-3, 1)),
    ("dollars", "cost_usd_per_t", "Dollars a tonne", Column("cost_usd_per_t", "", "USD/t", 1.0, 1)),
    ("waits", "queue_mean_n", "Waiting at places, mean number", Column("queue_mean_n", "", "number", 1.0, 2)),
    ("borders", "border_time_mean_h", "Hours at border posts, mean", Column("border_time_mean_h", "", "h", 1.0, 1)),
)
"""Key of the table, KPI, title, and how its numbers are shown."""


def is_comparison(folder: Path) -> bool:
    """Whether a folder holds a comparison."""
    return (folder / "comparison.csv").is_file()


def load_comparison(folder: Path) -> tuple[Comparison, dict[str, Any]]:
    """Read a folder that ``compare`` wrote: the comparison, and what its manifest says.

    Raises
    ------
    ResultError
        When a file is missing or cannot be read.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        table, means = (
            pd.read_csv(folder / name, dtype={"period": str, "unit": str}) for name in ("comparison.csv", "means.csv")
        )
        cases = tuple(name for name in manifest["compared"] if name != manifest["reference"])
        return Comparison(manifest["reference"], cases, table, means), manifest
    except (OSError, ValueError, KeyError) as error:
        raise ResultError(f"{folder}: is no whole comparison: {error}") from error


def names_in(folder: Path) -> dict[str, str]:
    """Read the names of places and flows from the cases that were kept beside the comparison, if any were."""
    names: dict[str, str] = {}
    for file in sorted(folder.glob("cases/*/subjects.csv")):
        table = pd.read_csv(file, keep_default_na=False)
        names |= {str(s): str(n) for s, n in zip(table["subject"], table["name"], strict=True) if n}
    return names


def write_comparison_report(folder: Path) -> Path:
    """Write ``report.html`` of a comparison into its folder, with the figures that are there.

    Raises
    ------
    ResultError
        When the folder cannot be read or written.
    """
    found, manifest = load_comparison(folder)
    names = names_in(folder)
    context = {
        "title": str(manifest.get("question") or "Cases compared"),
        "reference": found.reference,
        "cases": found.cases,
        "paired": found.paired,
        "n": int(found.table["n"].max()),
        "answers": comparison_answers(found, names, _first_subject(found, manifest)),
        "tables": comparison_tables(found, names),
        "pictures": pictures_in(folder),
    }
    return write_page(folder, "comparison.html.j2", context)


def _first_subject(found: Comparison, manifest: Mapping[str, Any]) -> str:
    """Return what the comparison is about: the first subject that it was asked to show, else all cargo."""
    known = set(found.table["subject"])
    return next((str(s) for s in manifest.get("subjects", ()) if s in known), "all")


def comparison_tables(found: Comparison, names: Names) -> list[KpiTable]:
    """Make a table for each measure that the results have, the reference first, then every case's difference."""
    tables = []
    for key, kpi, title, shown in _MEASURES:
        rows = _rows(found, kpi, shown, names)
        if rows:
            columns = (
                shown._replace(head=found.reference),
                *(shown._replace(head=f"{case}, difference") for case in found.cases),
            )
            about = f"{meaning_of(kpi).meaning} In brackets: not sure, zero lies within the 95 % interval."
            tables.append(KpiTable(key, title, about, "subject", columns, rows))
    return tables


def _rows(found: Comparison, kpi: str, shown: Column, names: Names) -> tuple[Row, ...]:
    table = found.table[(found.table["kpi"] == kpi) & (found.table["period"] == "all")]
    records: dict[str, dict[str, dict[Any, Any]]] = {}
    for row in table.to_dict("records"):
        if _is_told(str(row["subject"]), kpi):
            records.setdefault(str(row["subject"]), {})[str(row["case"])] = row
    rows = []
    for subject, by_case in sorted(records.items(), key=lambda item: _rank(item[0])):
        reference = next(iter(by_case.values()))["reference_mean"] * shown.factor
        cells = [Cell(f"{reference:,.{shown.digits}f}", reference)]
        cells += [_difference(by_case.get(case), shown) for case in found.cases]
        rows.append(Row(subject, _name(subject, names), subject, tuple(cells)))
    if kpi == "queue_mean_n":  # hundreds of places: those where something surely changes
        rows = [r for r in rows if any(case["differs"] for case in records[r.subject].values())]
    return tuple(rows)


def _rank(subject: str) -> int:
    """Rank all cargo first, then routes, flows, posts, places, each in the order of the results."""
    kind = subject.partition(":")[0]
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _is_told(subject: str, kpi: str) -> bool:
    if kpi == "throughput_t":
        return subject == "all" or subject.startswith("route:")
    return "@" not in subject


def _difference(row: Mapping[Any, Any] | None, shown: Column) -> Cell:
    """One difference with its interval, in brackets where it is not sure."""
    if row is None or pd.isna(row["difference"]):
        return Cell("–", None)  # noqa: RUF001  # the dash of a table
    value, half = (x * shown.factor for x in (row["difference"], row["ci_high"] - row["difference"]))
    if abs(value) + half < SAME:
        return Cell("same", 0.0)
    text = f"{value:+,.{shown.digits}f}" + ("" if pd.isna(half) else f" ± {half:,.{shown.digits}f}")
    about = f"mean {row['mean'] * shown.factor:,.4g} {shown.unit}, {row['n']} replications"
    return Cell(text if row["differs"] else f"({text})", value, about)


def _name(subject: str, names: Names) -> str:
    kind, _, rest = subject.partition(":")
    if not rest:
        return "All cargo of the corridor"
    if subject in names:
        return f"{names[subject][:1].upper()}{names[subject][1:]}"
    name, _, way = rest.partition("/")
    words = name if kind == "place" else name.replace("_", " ")
    if kind == "route" and name != BACKGROUND:
        words = route_style(name, [name]).label
    return f"{words[:1].upper()}{words[1:]}" + (f", {way}bound" if way else "")


def comparison_answers(found: Comparison, names: Names, subject: str = "all") -> list[Answer]:
    """Say in words what each case changes: days, tonnes, where waiting changes; and how sure it is."""
    days = [f"{case}: {_days_in_words(found, case, subject, names)}" for case in found.cases]
    headline = _most(found, "transit_mean_h", subject, names, _Unit(1 / H_PER_DAY, "days", 2))
    carried = _most(found, "throughput_t", subject, names, _Unit(1e-3, "kt", 0))
    tonnes = [f"{case}: {_tonnes_in_words(found, case, subject)}" for case in found.cases]
    places = [f"{case}: {_places_in_words(found, case, names)}" for case in found.cases]
    n, pairs = (
        int(found.table["n"].max()),
        "on the same random numbers" if found.paired else "on different random numbers",
    )
    whole = found.table[found.table["period"] == "all"]
    differs = f"{int(whole['differs'].sum()):,} of {len(whole):,} differences over the whole time are sure."
    about = (
        differs,
        "An interval tells of chance alone; of differences that are none, one in twenty looks sure by chance.",
    )
    return [
        Answer("days", "What changes in days?", headline, tuple(days)),
        Answer("tonnes", "What changes in what is carried?", carried, tuple(tonnes)),
        Answer(
            "places", "Where does waiting change?", "Places where the mean number waiting changes most", tuple(places)
        ),
        Answer("sure", "How sure?", f"{n} replications, {pairs}", about),
    ]


def _whole(found: Comparison, kpi: str, subject: str, case: str) -> dict[Any, Any] | None:
    rows = found.of(kpi, subject, "all")
    return next((r for r in rows.to_dict("records") if r["case"] == case), None)


class _Unit(NamedTuple):
    """How a difference is written."""

    factor: float
    unit: str
    digits: int


def _most(found: Comparison, kpi: str, subject: str, names: Names, shown: _Unit) -> str:
    """Name the case that surely changes a KPI of a subject most, and by how much."""
    rows = ((case, _whole(found, kpi, subject, case)) for case in found.cases)
    sure = [(case, row) for case, row in rows if row is not None and row["differs"]]
    most = max(sure, key=lambda pair: abs(pair[1]["difference"]), default=None)
    if most is None:
        return "Nothing that is sure"
    about = "" if subject == "all" else f", {_name(subject, names)}"
    return f"{most[0]}: {most[1]['difference'] * shown.factor:+,.{shown.digits}f} {shown.unit}{about}"


def _days_in_words(found: Comparison, case: str, subject: str, names: Names) -> str:
    shown = _Unit(1 / H_PER_DAY, "d", 2)
    row = _whole(found, "transit_mean_h", subject, case)
    about = "all cargo" if subject == "all" else _name(subject, names)
    text = f"{about} " + ("not told" if row is None else _change(row, shown))
    subjects = {str(s).removeprefix("route:") for s in found.table["subject"] if str(s).startswith("route:")}
    for route in order_routes(s for s in subjects if "/" not in s and f"route:{s}" != subject):
        own = _whole(found, "transit_mean_h", f"route:{route}", case)
        if own is not None and own["differs"] and abs(own["difference"]) / H_PER_DAY >= LEAST_D:
            text += f"; {route_style(route, subjects).label} {_change(own, shown)}"
    return f"{text}."


def _tonnes_in_words(found: Comparison, case: str, subject: str) -> str:
    row = _whole(found, "throughput_t", subject, case)
    return (
        "not told."
        if row is None
        else f"{_change(row, _Unit(1e-3, 'kt', 0))} of {row['reference_mean'] / 1e3:,.0f} kt."
    )


def _change(row: Mapping[Any, Any], shown: _Unit) -> str:
    if not row["differs"]:
        return "no sure difference"
    half = (row["ci_high"] - row["difference"]) * shown.factor
    interval = "" if pd.isna(half) else f" ± {half:,.{shown.digits}f}"
    return f"{row['difference'] * shown.factor:+,.{shown.digits}f}{interval} {shown.unit}".rstrip()


def _places_in_words(found: Comparison, case: str, names: Names) -> str:
    t = found.table
    rows = t[(t["case"] == case) & (t["kpi"] == "queue_mean_n") & (t["period"] == "all") & t["differs"]]
    rows = rows.assign(size=rows["difference"].abs())
    rows = rows[rows["size"] >= LEAST_N]
    rows = rows.sort_values("size", ascending=False).head(N_PLACES)
    words = [f"{_name(str(r['subject']), names)} {_change(r, _Unit(1.0, '', 1))}" for r in rows.to_dict("records")]
    return f"{'; '.join(words)}." if words else "nowhere surely."
