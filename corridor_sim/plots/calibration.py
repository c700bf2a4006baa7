"""Calibration: what a run says beside what was observed, every target on the scale of its observed range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from corridor_sim.plots.style import ALARM, BAND, INK, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.result_view import ResultView

INSIDE, GUIDE = "#0063a6", "#d3d9df"
SHOWN = (-1.5, 3.5)
"""Ends of the axis, in widths of the observed range from its low end; what lies beyond gets an arrow."""
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Times and speeds",
        ("time_d", "speed_km_per_d", "speed_km_per_h", "moving_km_per_h", "dwell_h", "mean_dwell_h", "winter_dwell_h"),
    ),
    ("Volumes and counts", ()),
    ("Tariffs", ("tariff_usd",)),
)
"""Groups by kind of measure; the empty one takes the rest."""
ROW_IN, HEAD_IN, FOOT_IN = 0.218, 1.38, 1.15
NAMES_IN, AXES_IN, NUMBERS_IN = 4.35, 4.0, 2.45


@styled
def draw_calibration(view: ResultView) -> Figure | None:
    """Draw simulated P5, P50 and P95 against the observed range of every target.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when the result holds no calibration table.
    """
    table = view.result.calibration
    if table is None or table.empty:
        return None
    groups = [(name, rows) for name, rows in _grouped(table) if len(rows)]
    n_lines = sum(len(rows) + 1.6 for _, rows in groups)
    width, height = 0.25 + NAMES_IN + AXES_IN + NUMBERS_IN, HEAD_IN + FOOT_IN + ROW_IN * n_lines
    figure = new_figure(width, height)
    ax = figure.add_axes(
        ((0.25 + NAMES_IN) / width, FOOT_IN / height, AXES_IN / width, n_lines * ROW_IN / height)
    )  # fmt: skip
    ax.set_xlim(*SHOWN)
    ax.set_ylim(n_lines, 0)
    ax.axvspan(0, 1, color=BAND, linewidth=0, zorder=0)
    y = 0.0
    for name, rows in groups:
        y += 0.85
        n_inside = int(_inside(rows).sum())
        _write(ax, -NAMES_IN, y, f"{name}: {n_inside} of {len(rows)} inside", fontweight="bold", fontsize=9)
        y += 0.75
        for k, (_, row) in enumerate(rows.iterrows()):
            _draw_row(ax, y + 0.5 + k, row)
        y += len(rows)
    _dress(ax)
    counted = table[table["set"].astype(str) != "crosscheck"]
    head(
        figure, "Calibration: simulated against observed",
        f"{int(_inside(counted).sum())} of {len(counted)} simulated values lie inside the observed range. Bars: "
        "simulated P5 to P95 (times: of trips; volumes: of replications).\nEvery target is scaled so that its observed "
        "range is the grey band. In brackets: quality of the observation, A official to C estimate.",
    )  # fmt: skip
    foot(figure, view.footer)
    return figure


def _grouped(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Split targets by kind of measure; those that are only cross-checks come last."""
    kind = table["measure"].astype(str)
    named = {m for _, measures in GROUPS for m in measures}
    cross = table["set"].astype(str) == "crosscheck"
    parts = []
    for name, measures in GROUPS:
        chosen = kind.isin(measures) if measures else ~kind.isin(named)
        parts.append((name, table[chosen & ~cross]))
    return [*parts, ("Cross-checks, not counted in the fit", table[cross])]


def _inside(table: pd.DataFrame) -> pd.Series[bool]:
    return table["inside"].astype(bool)


def _compared(row: pd.Series[Any]) -> str:
    """Column that is compared with the observation: a mean with an observed mean, else the median."""
    return "mean" if row["statistic"] == "mean" else "p50"


def _draw_row(ax: Axes, y: float, row: pd.Series[float]) -> None:
    low, high = float(row["observed_low"]), float(row["observed_high"])
    span = high - low if high > low else max(abs(high), 1.0) * 0.1
    p05, p50, p95, mid = ((float(row[c]) - low) / span for c in ("p05", _compared(row), "p95", "observed_mid"))
    known = np.isfinite(p50)
    hit = known and 0 <= p50 <= 1
    ax.axhline(y, color=GUIDE, linewidth=0.5, zorder=0.5)
    colour = INSIDE if hit else ALARM
    if np.isfinite(mid):
        ax.plot([mid], [y], marker="|", color=INK, markersize=7, markeredgewidth=1.0, zorder=2)
    if known:
        a, b = (float(np.clip(v, *SHOWN)) for v in (p05, p95))
        ax.plot([a, b], [y, y], color=colour, linewidth=2.2, alpha=0.55, solid_capstyle="butt", zorder=3)
        if SHOWN[0] <= p50 <= SHOWN[1]:
            ax.plot([p50], [y], marker="o" if hit else "D", color=colour, markersize=4.6 if hit else 4.4, zorder=4)
        for beyond, edge, marker in ((p95 > SHOWN[1], SHOWN[1], ">"), (p05 < SHOWN[0], SHOWN[0], "<")):
            if beyond:
                ax.plot([edge], [y], marker=marker, color=colour, markersize=5, clip_on=False, zorder=4)
    ink = INK if hit else ALARM
    name = _shorten(f"{row['target']}  {row['quantity']}", 66)
    _write(ax, -NAMES_IN, y, name, fontsize=8, color=ink)
    observed, simulated = (
        f"{_number(low)}\N{EN DASH}{_number(high)}",
        _number(float(row[_compared(row)])) if known else "none",
    )
    _write(ax, AXES_IN + 0.12, y, f"{observed} {row['unit']}", fontsize=8, color=SOFT_INK)
    _write(ax, AXES_IN + 1.85, y, simulated, fontsize=8, color=ink, ha="right", fontweight="normal" if hit else "bold")
    grade = str(row["grade"])
    _write(ax, AXES_IN + 1.95, y, f"({grade})" if grade not in {"", "nan"} else "", fontsize=8, color=SOFT_INK)


def _write(ax: Axes, x_in: float, y: float, text: str, **style: Any) -> None:
    """Write beside the axes: x in inches from their left edge, y in rows."""
    look: dict[str, Any] = {"ha": "left", "color": INK, **style}
    ax.annotate(
        text, (0, y), xycoords=("axes fraction", "data"), xytext=(x_in * 72, 0), textcoords="offset points",
        va="center", annotation_clip=False, **look,
    )  # fmt: skip


def _dress(ax: Axes) -> None:
    for x_in, text, side in (
        (-NAMES_IN, "target", "left"),
        (AXES_IN + 0.12, "observed", "left"),
        (AXES_IN + 1.85, "simulated", "right"),
    ):
        ax.annotate(
            text, (0, 1), xycoords="axes fraction", xytext=(x_in * 72, 3), textcoords="offset points", ha=side,
            va="bottom", fontsize=8, color=SOFT_INK, annotation_clip=False,
        )  # fmt: skip
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks(
        [-1, 0, 1, 2, 3],
        ["one range\nbelow", "observed\nlow", "observed\nhigh", "one range\nabove", "two ranges\nabove"],
        fontsize=8,
    )  # fmt: skip
    ax.set_xlabel("position relative to the observed range", labelpad=5)
    ax.grid(axis="x")
    ax.legend(
        handles=[
            Patch(facecolor=BAND, label="observed range"),
            Line2D([], [], color=INK, marker="|", linestyle="none", markersize=7, label="observed, middle"),
            Line2D([], [], color=INSIDE, marker="o", markersize=4.6, linewidth=2.2, label="simulated, inside"),
            Line2D([], [], color=ALARM, marker="D", markersize=4.4, linewidth=2.2, label="outside"),
        ],
        loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=8, columnspacing=1.2, borderaxespad=0.3,
        handlelength=1.6,
    )  # fmt: skip


def _number(x: float) -> str:
    if not np.isfinite(x):
        return ""
    if abs(x) >= 1000:
        return f"{x:,.0f}"
    return f"{x:.3g}"


def _shorten(text: str, n: int) -> str:
    return text if len(text) <= n else f"{text[: n - 1].rstrip(' ,(')}\N{HORIZONTAL ELLIPSIS}"
