"""Queue history: how many wait at the worst places, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib import dates as mpl_dates
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from corridor_sim.plots.style import SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.plots.result_view import ResultView

mdates: Any = mpl_dates  # its functions have no types
LINE, FILL = "#a5330a", "#f3c4ae"
ROW_IN, HEAD_IN, FOOT_IN = 1.4, 1.5, 0.85


@styled
def draw_queues(view: ResultView, n_places: int = 5) -> Figure | None:
    """Draw the number waiting per day at the places with the most cargo waiting.

    Parameters
    ----------
    view
        The result.
    n_places
        How many places; fewer are drawn when fewer have queues.

    Returns
    -------
    matplotlib.figure.Figure or None
        None when nobody ever waits.
    """
    table = view.result.queues
    known = set(table["place"].astype(str))
    places = [p for p in view.worst_places(len(known)) if p in known][:n_places]
    if not places or view.measured is None:
        return None
    start, end = (pd.Timestamp(t).tz_localize(None) for t in view.measured)
    height = HEAD_IN + FOOT_IN + ROW_IN * len(places)
    figure = new_figure(9.2, height)
    grid = figure.add_gridspec(
        len(places), 1, left=0.075, right=0.975, top=1 - HEAD_IN / height, bottom=FOOT_IN / height, hspace=0.45
    )
    for row, place in enumerate(places):
        ax = figure.add_subplot(grid[row])
        days = table[(table["place"].astype(str) == place) & (table["date"] >= start) & (table["date"] < end)]
        _draw_place(ax, view, place, days)
        _date_axis(ax, start, end)
        ax.tick_params(labelbottom=row == len(places) - 1)
    n, n_runs = view.n_detailed, len(view.result.replications)
    averaged = f"{n} replication{'s' if n != 1 else ''}" if n == n_runs else f"the first {n} replications"
    head(
        figure, f"Queues at the {_words(len(places))} with the most cargo waiting",
        "Number waiting: consignments, or the units that one was split into; mean of each day. "
        f"{_truck_note(view)}\nChosen and sorted by the tonnes that wait on average. Each row has its own scale.",
    )  # fmt: skip
    figure.legend(
        handles=[
            Line2D([], [], color=LINE, linewidth=1.2, label=f"mean of {averaged}"),
            Patch(facecolor=FILL, label="P5 to P95 of the replications"),
        ],
        loc="upper left", bbox_to_anchor=(0.25 / 9.2, 1 - 0.86 / height), ncols=2, borderaxespad=0, borderpad=0,
    )  # fmt: skip
    foot(figure, view.footer)
    return figure


def _draw_place(ax: Axes, view: ResultView, place: str, days: pd.DataFrame) -> None:
    dates = days["date"].to_numpy() + np.timedelta64(12, "h")
    ax.fill_between(dates, days["p05"].to_numpy(), days["p95"].to_numpy(), color=FILL, linewidth=0)
    ax.plot(dates, days["mean"].to_numpy(), color=LINE, linewidth=1.1)
    top = float(days[["mean", "p95"]].to_numpy().max(initial=0.0))
    ax.set_ylim(0, 1.08 * top if top > 0 else 1)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.set_ylabel("waiting [number]")
    ax.grid()
    name = view.place_name(place)
    ax.set_title(name[:1].upper() + name[1:], pad=4)
    ax.set_title(_story(view, place), loc="right", pad=4, fontsize=8.5, fontweight="normal", color=SOFT_INK)


def _story(view: ResultView, place: str) -> str:
    """Tonnes and hours waited; where more work arrives than can be done, that instead of hours."""
    words = [f"{_tonnes(float(view.waiting_t[place]))} waiting on average"]
    wait = view.means("queue_mean_h", "place").get(place, np.nan)
    growth = view.means("queue_growth_per_year", "place").get(place, np.nan)
    if np.isfinite(wait):
        words.append(f"mean wait {wait:.0f} h" if wait >= 1.5 else f"mean wait {wait:.1f} h")
    if np.isfinite(growth):
        words.append(f"over capacity, grows by {growth:,.0f} a year")
    return "; ".join(words)


def _date_axis(ax: Axes, start: pd.Timestamp, end: pd.Timestamp) -> None:
    """Months on the axis; years in a long run, days in a short one."""
    ax.set_xlim(mdates.date2num(start), mdates.date2num(end))
    n_days = (end - start).days
    if n_days > 820:
        ax.xaxis.set_major_locator(mdates.YearLocator())
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    elif n_days > 70:
        step = 1 if n_days < 400 else 3
        ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=range(1, 13, step)))
        ax.xaxis.set_major_formatter(
            lambda x, _: f"{mdates.num2date(x):%b}" + (f"\n{mdates.num2date(x):%Y}" if _new_year(x, start) else "")
        )
    else:
        ax.xaxis.set_major_locator(mdates.DayLocator(interval=max(1, n_days // 10)))
        ax.xaxis.set_major_formatter(lambda x, _: f"{mdates.num2date(x).day} {mdates.num2date(x):%b}")


def _new_year(x: float, start: pd.Timestamp) -> bool:
    moment = mdates.num2date(x)
    return moment.month == 1 or (moment.year, moment.month) == (start.year, start.month)


def _tonnes(t: float) -> str:
    return f"{t / 1000:.1f} kt" if t >= 950 else f"{t:.0f} t"


def _truck_note(view: ResultView) -> str:
    n = view.scenario.get("trucks_per_unit")
    return f"A group of {n} trucks counts as one." if n and n != 1 else ""


def _words(n: int) -> str:
    number = {1: "place", 2: "two places", 3: "three places", 4: "four places", 5: "five places"}
    return number.get(n, f"{n} places")
