"""Route choice: shares by period, what changed against the scenario's volumes, generalised cost, the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from corridor_sim.analysis.route_choice import PARTS, by_route, convergence_sentence
from corridor_sim.foundation.time_axis import MONTHS
from corridor_sim.plots.style import ALARM, INK, OTHER_ROUTES, ROUTE_STYLES, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.results import RunResult

NOT_SENT = "not sent"
KNOWN = {
    "western": (ROUTE_STYLES["west_truck_gap"].colour, ""),
    "road": (ROUTE_STYLES["west_road"].colour, ""),
    "transcaspian": (ROUTE_STYLES["transcaspian"].colour, ""),
    "eastern": (ROUTE_STYLES["east"].colour, ""),
    "suez": ("#8b929a", ""),
    "cape": ("#d5d9dd", ""),
    NOT_SENT: ("#ffffff", "////"),
}
"""Colour and hatch of routes that go by these names; others by their place."""
PART_COLOURS = {"money": "#c3c9d0", "time": "#0063a6", "reliability": "#d1420b", "constant": "#0a9a76"}
PART_WORDS = {
    "money": "money", "time": "value of the mean time", "reliability": "value of P95 minus mean",
    "constant": "constant of the route",
}  # fmt: skip
PANEL_IN, WIDTH_IN = 2.25, 11.6


@styled
def draw_route_shares(result: RunResult) -> Figure | None:
    """Draw the shares of the routes period by period, and the tonnes that changed, one row per market.

    Returns
    -------
    matplotlib.figure.Figure or None
        None for a run without route choice.
    """
    table = _measured(result)
    if table is None:
        return None
    markets = list(dict.fromkeys(table["market"]))
    styles = _styles(table["route"])
    figure = new_figure(WIDTH_IN, 1.75 + PANEL_IN * len(markets))
    name = result.manifest.get("title") or result.manifest.get("scenario", "")
    head(
        figure, f"Who goes where: {name}",
        "Left: share of each route in what is sent. Right: change against the scenario's own volumes; below 0: loses.",
    )  # fmt: skip
    height = figure.get_size_inches()[1]
    grid = figure.add_gridspec(
        len(markets), 2, left=0.055, right=0.985, top=1 - 1.2 / height, bottom=0.62 / height, hspace=0.48, wspace=0.13
    )
    for k, market in enumerate(markets):
        own = table[table["market"] == market]
        _shares(figure.add_subplot(grid[k, 0]), own, styles)
        _changes(figure.add_subplot(grid[k, 1]), own, styles)
    patches = [Patch(facecolor=c, hatch=h, edgecolor="#999999", linewidth=0.5, label=r) for r, (c, h) in styles.items()]
    figure.legend(
        handles=patches,
        loc="upper right",
        bbox_to_anchor=(0.99, 1 - 0.55 / height),
        ncols=len(patches),
        columnspacing=1.2,
        handlelength=1.4,
    )
    foot(figure, _footer(result))
    return figure


def _shares(ax: Axes, own: pd.DataFrame, styles: dict[str, tuple[str, str]]) -> None:
    wide = own[own["kind"] != "none"].pivot_table(index="period", columns="route", values="share", sort=False)
    x, below = np.arange(len(wide)), np.zeros(len(wide))
    for route in [r for r in styles if r in wide.columns]:
        colour, hatch = styles[route]
        values = wide[route].to_numpy()
        ax.bar(x, values, 0.92, bottom=below, color=colour, hatch=hatch, edgecolor="white", linewidth=0.3)
        below = below + values
    ax.set_title(str(own["market_name"].iloc[0]))
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    _period_axis(ax, list(wide.index))


def _changes(ax: Axes, own: pd.DataFrame, styles: dict[str, tuple[str, str]]) -> None:
    kt = own.assign(change=(own["tonnes"] - own["volumes_t"]) / 1e3)
    wide = kt.pivot_table(index="period", columns="route", values="change", sort=False)
    x = np.arange(len(wide))
    for sign in (1, -1):
        ends = np.zeros(len(wide))
        for route in [r for r in styles if r in wide.columns]:
            colour, hatch = styles[route]
            values = np.where(np.sign(wide[route]) == sign, wide[route], 0.0)
            edge = "#999999" if hatch else "white"
            ax.bar(x, values, 0.92, bottom=ends, color=colour, hatch=hatch, edgecolor=edge, linewidth=0.3)
            ends = ends + values
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_title("change, kt", fontweight="normal")
    ax.yaxis.set_major_locator(MaxNLocator(5))
    _period_axis(ax, list(wide.index))


def _period_axis(ax: Axes, periods: list[str]) -> None:
    step = -(-len(periods) // 12)
    ax.set_xticks(range(0, len(periods), step), [_word(p, k == 0) for k, p in enumerate(periods[::step])])
    ax.tick_params(axis="x", labelsize=7, length=0)
    ax.set_xlim(-0.6, len(periods) - 0.4)
    ax.grid(axis="y")


def _word(period: str, is_first: bool) -> str:
    """Name a period: years as they are, months by three letters, the first and each January with its year."""
    year, _, month = period.partition("-")
    if not month:
        return year
    word = MONTHS[int(month) - 1].capitalize()
    return f"{word}\n{year}" if is_first or month == "01" else word


@styled
def draw_route_costs(result: RunResult) -> Figure | None:
    """Draw the generalised cost of every route with its parts, one panel per market.

    Returns
    -------
    matplotlib.figure.Figure or None
        None for a run without route choice.
    """
    table = result.route_choice
    if table is None:
        return None
    routes = by_route(table)
    routes = routes[routes["kind"] != "none"]
    markets = list(dict.fromkeys(routes.index.get_level_values("market")))
    sizes = [len(routes.loc[m]) for m in markets]
    height = 1.75 + sum(0.34 * n + 0.62 for n in sizes)
    figure = new_figure(WIDTH_IN, height)
    name = result.manifest.get("title") or result.manifest.get("scenario", "")
    head(
        figure, f"What the routes cost: {name}",
        "Generalised cost, USD per tonne, mean of the measured time at the equilibrium; the figures behind: its sum, "
        "share of the route, mean days and P95.",
    )  # fmt: skip
    grid = figure.add_gridspec(
        len(markets), 1, left=0.115, right=0.985, top=1 - 1.25 / height, bottom=0.6 / height,
        height_ratios=[n + 0.4 for n in sizes], hspace=0.62,
    )  # fmt: skip
    for k, market in enumerate(markets):
        _costs(figure.add_subplot(grid[k]), routes.loc[market])
    patches = [Patch(facecolor=PART_COLOURS[part], label=PART_WORDS[part]) for part in PARTS]
    figure.legend(handles=patches, loc="upper right", bbox_to_anchor=(0.99, 1 - 0.6 / height), ncols=len(PARTS))
    foot(figure, _footer(result))
    return figure


def _costs(ax: Axes, rows: pd.DataFrame) -> None:
    y = np.arange(len(rows))[::-1]
    right, left = np.zeros(len(rows)), np.zeros(len(rows))
    for part in PARTS:
        values = rows[f"{part}_usd_per_t"].fillna(0.0).to_numpy()
        start = np.where(values >= 0, right, left)
        ax.barh(y, values, 0.66, left=start, color=PART_COLOURS[part])
        right, left = right + np.maximum(values, 0), left + np.minimum(values, 0)
    reach = float(right.max())
    for at, end, row in zip(y, right, rows.to_dict("records"), strict=True):
        text = "cannot be taken"
        if not np.isnan(row["usd_per_t"]):
            days = f"{row['mean_h'] / 24:.0f} d, P95 {row['p95_h'] / 24:.0f} d"
            text = f"{row['usd_per_t']:.0f}    {100 * row['share']:.1f} %    {days}"
        ax.text(end + 0.008 * reach, at, text, va="center", fontsize=8, color=INK)
    ax.set_yticks(y, [str(r) for r in rows.index])
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_xlim(1.02 * min(float(left.min()), 0.0), 1.3 * reach)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_title(str(rows["market_name"].iloc[0]))


@styled
def draw_convergence(result: RunResult) -> Figure | None:
    """Draw the gap after every run of the search.

    Returns
    -------
    matplotlib.figure.Figure or None
        None for a run without route choice.
    """
    runs = result.route_choice_convergence
    if runs is None:
        return None
    said: dict[str, Any] = result.manifest["route_choice"]
    figure = new_figure(7.6, 3.9)
    head(figure, "Search for the equilibrium", convergence_sentence(said).replace(". Give", ".\nGive"))
    ax = figure.add_axes((0.09, 0.19, 0.88, 0.56))
    gap = 100 * runs["gap_frac"].to_numpy(dtype=float)
    ax.plot(runs["iteration"], gap, color="#0063a6", marker="o", markersize=4)
    ax.axhline(100 * said["gap_asked"], color=ALARM, linestyle="--", linewidth=1)
    ax.text(
        float(runs["iteration"].iloc[0]), 100 * said["gap_asked"], "allowed", va="bottom", ha="left", color=ALARM,
        fontsize=8.5,
    )  # fmt: skip
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter("{x:g} %")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("run of the engine", color=SOFT_INK)
    ax.set_title("tonnes that would still choose otherwise", fontweight="normal")
    ax.grid(axis="y")
    foot(figure, _footer(result))
    return figure


def _measured(result: RunResult) -> pd.DataFrame | None:
    table = result.route_choice
    return None if table is None else table[table["measured"].astype(bool)]


def _styles(routes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Colour and hatch by route: known names in their order, then others, then what is not sent."""
    given = list(dict.fromkeys(routes))
    others = [r for r in given if r not in KNOWN]
    extra = {r: (OTHER_ROUTES[k % len(OTHER_ROUTES)][0], "") for k, r in enumerate(others)}
    first = {r: style for r, style in KNOWN.items() if r in given and r != NOT_SENT}
    return first | extra | ({NOT_SENT: KNOWN[NOT_SENT]} if NOT_SENT in given else {})


def _footer(result: RunResult) -> str:
    m = result.manifest
    changes = f", with {', '.join(m['changes'])}" if m.get("changes") else ""
    return f"corridor_sim, scenario {m.get('scenario', '')}{changes}, seed {m.get('seed', '')}; simulated, not observed"
