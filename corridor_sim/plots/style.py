"""One style for all figures: palettes that colour-blind readers and grey printers can tell apart, sizes, footers."""

from __future__ import annotations

from functools import wraps
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from corridor_sim.plan.kinds import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

P = ParamSpec("P")
R = TypeVar("R")

DPI = 150
HEAD_CHARACTERS_PER_IN = 8.2
FOOT_CHARACTERS_PER_IN = 16.0
"""Of the type of `foot`, wide letters allowed for."""
INK, SOFT_INK, GRID, BAND = "#222222", "#666666", "#dddddd", "#e4e8ec"
ALARM = "#b30000"
"""Ink of what a planner must not miss: misses, overloads."""
RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.edgecolor": "#888888",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "svg.hashsalt": "corridor_sim",  # the same figure gives the same bytes
    "path.simplify": True,
}


class CauseStyle(NamedTuple):
    """How the time of one cause is drawn."""

    colour: str
    hatch: str
    """Tells fills of like lightness apart in grey print."""


CAUSE_STYLES: dict[Cause, CauseStyle] = {
    Cause.MOVING: CauseStyle("#c3c9d0", ""),
    Cause.HANDLING: CauseStyle("#0063a6", ""),
    Cause.INSPECTION: CauseStyle("#62bdf0", ""),
    Cause.DOCUMENTS: CauseStyle("#0a9a76", "////"),
    Cause.DWELL: CauseStyle("#43276b", "...."),
    Cause.FORMING: CauseStyle("#f2e34c", ""),
    Cause.EQUIPMENT: CauseStyle("#d383b3", "xxxx"),
    Cause.DEPARTURE: CauseStyle("#eda020", "\\\\\\\\"),
    Cause.QUEUEING: CauseStyle("#d1420b", ""),
    Cause.CLOSED: CauseStyle("#5a1f06", ""),
}
"""Causes in the order of drawing: moving, work, standing still; queues and closed hours last, most visible."""


class RouteStyle(NamedTuple):
    """Name and colour of a route family."""

    label: str
    colour: str
    tint: str
    """Pale variant, for the other direction."""


ROUTE_STYLES: dict[str, RouteStyle] = {
    "west_truck_gap": RouteStyle("West, truck gap Astara\N{EN DASH}Rasht", "#0063a6", "#8fc1e3"),
    "west_rail": RouteStyle("West, rail to Azerbaijan", "#43276b", "#b3a2cf"),
    "west_road": RouteStyle("West, road", "#c03a08", "#f2ab8c"),
    "transcaspian": RouteStyle("Trans-Caspian", "#0a9a76", "#8bd3bf"),
    "east": RouteStyle("East", "#c28f00", "#f0d68c"),
    "sea_reference": RouteStyle("Sea, Suez and Cape (reference)", "#555b62", "#b4bac1"),
}
"""Route families in the order of all figures."""
OTHER_ROUTES = (("#3b6e22", "#a8cf95"), ("#9c2c67", "#dfa0c0"), ("#1d7d8c", "#94cdd6"), ("#7a4a21", "#cfae90"))
BACKGROUND = "background"
"""Route of traffic that fills the tracks but is no corridor cargo; left out of figures by route."""
BACKGROUND_STYLE = RouteStyle("Background traffic", "#6b6b6b", "#c9c9c9")
"""Where it is asked for by name."""

MODE_COLOURS = {"rail": "#8c2d04", "road": "#3d3d3d", "sea": "#08519c"}


def order_routes(routes: Iterable[str]) -> list[str]:
    """Bring route families into the order of all figures; unknown ones follow by name, background is left out."""
    known = list(ROUTE_STYLES)
    given = {r for r in routes if r != BACKGROUND}
    return sorted(given, key=lambda r: (known.index(r) if r in known else len(known), r))


def route_style(route: str, others: Iterable[str] = ()) -> RouteStyle:
    """Name and colours of a route family; those of a scenario's own families go by their place among ``others``."""
    if route in ROUTE_STYLES:
        return ROUTE_STYLES[route]
    if route == BACKGROUND:
        return BACKGROUND_STYLE
    own = [r for r in order_routes([*others, route]) if r not in ROUTE_STYLES]
    colour, tint = OTHER_ROUTES[own.index(route) % len(OTHER_ROUTES)]
    label = route.replace("_", " ")
    return RouteStyle(label[:1].upper() + label[1:], colour, tint)


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Let a function draw in the style of the product, whatever the settings around it."""

    @wraps(draw)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(RC)
            return draw(*args, **kwargs)

    return inside


def new_figure(width_in: float, height_in: float) -> Figure:
    """Make a figure that no window and no global list knows of."""
    figure = Figure(figsize=(width_in, height_in), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def head(figure: Figure, title: str, subtitle: str, *, left_in: float = 0.25, top_in: float = 0.16) -> None:
    """Write a figure's title and a line that says how to read it, at the upper left."""
    width, height = figure.get_size_inches()
    size = min(13.0, 13.0 * (width - 2 * left_in) * HEAD_CHARACTERS_PER_IN / len(title))  # a question may be long
    figure.text(
        left_in / width, 1 - top_in / height, title, ha="left", va="top", fontsize=size, fontweight="bold", color=INK
    )
    figure.text(
        left_in / width, 1 - (top_in + 0.27) / height, subtitle, ha="left", va="top", fontsize=9, color=SOFT_INK,
        linespacing=1.35,
    )  # fmt: skip


def foot(figure: Figure, line: str, *, left_in: float = 0.25, bottom_in: float = 0.12) -> None:
    """Write the lines that say which run a figure shows, at the lower left, broken where they are too long."""
    width, height = figure.get_size_inches()
    n_characters = int((width - 2 * left_in) * FOOT_CHARACTERS_PER_IN)
    text = "\n".join(part for whole in line.split("\n") for part in wrap(whole, n_characters))
    figure.text(
        left_in / width, bottom_in / height, text, ha="left", va="bottom", fontsize=7.5, color=SOFT_INK, linespacing=1.3
    )


def draw_key(
    figure: Figure, handles: Sequence[Any], *, top_in: float = 1.02, left_in: float = 0.25, ncols: int = 5
) -> None:
    """Draw a key of labelled handles under the title, in rows from left to right."""
    width, height = figure.get_size_inches()
    rows = -(-len(handles) // ncols)
    # matplotlib fills columns first; readers read rows first
    order = [handles[k] for column in range(ncols) for r in range(rows) if (k := r * ncols + column) < len(handles)]
    figure.legend(
        handles=order, loc="upper left", bbox_to_anchor=(left_in / width, 1 - top_in / height),
        ncols=min(ncols, len(handles)), fontsize=8.5, handlelength=1.7, handleheight=1.0, columnspacing=1.6,
        borderaxespad=0, borderpad=0,
    )  # fmt: skip


def decimal_years(dates: Iterable[Any]) -> list[float]:
    """Turn dates into years with decimals, for axes."""
    return [d.year + (d.day_of_year - 1 + d.hour / 24) / 365.25 for d in map(pd.Timestamp, dates)]


def gas_footer(manifest: dict[str, Any]) -> str:
    """Say which gas run a figure shows."""
    changes = f", with {shorten(', '.join(manifest['changes']), 32, placeholder=' ...')}" if manifest["changes"] else ""
    n = manifest["replications"]
    return (
        f"corridor_sim, scenario {manifest['scenario']}{changes}: {n} replication{'s' if n > 1 else ''}, "
        f"seed {manifest['seed']}. bcm: 1e9 m3 at 20 \N{DEGREE SIGN}C. Dates, costs and assets are estimates (grade C)."
    )


@styled
def save_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG (150 dpi) and SVG.

    Returns
    -------
    list of pathlib.Path
        The two files.
    """
    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    figure.savefig(paths[0], dpi=DPI, metadata={"Software": None})
    figure.savefig(paths[1], metadata={"Date": None})
    return paths
