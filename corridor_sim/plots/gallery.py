"""All figures of a result, under names that stay."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from corridor_sim.plots.calibration import draw_calibration
from corridor_sim.plots.causes import draw_time_by_cause
from corridor_sim.plots.distance_charts import draw_cost_distance, draw_time_distance
from corridor_sim.plots.gas_feasibility import draw_gas_feasibility
from corridor_sim.plots.gas_limits import draw_gas_limits
from corridor_sim.plots.gas_phases import draw_gas_phases
from corridor_sim.plots.gas_profile import draw_gas_profile
from corridor_sim.plots.gas_ramp import draw_gas_ramp
from corridor_sim.plots.map import draw_corridor_map
from corridor_sim.plots.queues import draw_queues
from corridor_sim.plots.result_view import ResultView
from corridor_sim.plots.route_choice import draw_convergence, draw_route_costs, draw_route_shares
from corridor_sim.plots.route_years import draw_route_years
from corridor_sim.plots.sankey import draw_sankey
from corridor_sim.plots.style import save_figure
from corridor_sim.plots.transit import draw_transit_times
from corridor_sim.plots.utilisation import draw_utilisation
from corridor_sim.plots.years import draw_years

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from corridor_sim.network import Network
    from corridor_sim.results import RunResult

FIGURES: dict[str, Callable[[ResultView], Figure | None]] = {
    "map": draw_corridor_map,
    "flows": draw_sankey,
    "years": draw_years,
    "route-years": draw_route_years,
    "transit-times": draw_transit_times,
    "time-by-cause": draw_time_by_cause,
    "time-distance": draw_time_distance,
    "cost-distance": draw_cost_distance,
    "queues": draw_queues,
    "utilisation": draw_utilisation,
    "calibration": draw_calibration,
}
"""Figures by name, in the order in which a planner looks at them."""

GAS_FIGURES: dict[str, Callable[[RunResult], Figure | None]] = {
    "gas-ramp": draw_gas_ramp,
    "gas-phases": draw_gas_phases,
    "gas-limits": draw_gas_limits,
    "gas-profile": draw_gas_profile,
    "gas-feasibility": draw_gas_feasibility,
}
"""Figures of the gas pipeline."""

CHOICE_FIGURES: dict[str, Callable[[RunResult], Figure | None]] = {
    "route-shares": draw_route_shares,
    "route-costs": draw_route_costs,
    "route-convergence": draw_convergence,
}
"""Figures of route choice."""


def save_figures(result: RunResult, folder: Path, *, network: Network | None = None) -> list[Path]:
    """Write every figure that a result can show, as PNG and SVG.

    Parameters
    ----------
    result
        Fresh or loaded.
    folder
        An existing folder.
    network
        The network it was run on; the shipped one by default.

    Returns
    -------
    list of pathlib.Path
        The files, in the order of `FIGURES`, `CHOICE_FIGURES`, `GAS_FIGURES`; what a result cannot show (no queue, no
        calibration) is left out.
    """
    drawings: list[tuple[str, Callable[[], Figure | None]]] = []
    if not result.stages.empty:
        view = ResultView(result, network)
        drawings += [(name, partial(draw, view)) for name, draw in FIGURES.items()]
    drawings += [(name, partial(draw, result)) for name, draw in CHOICE_FIGURES.items()]
    if result.gas is not None:
        drawings += [(name, partial(draw, result)) for name, draw in GAS_FIGURES.items()]
    paths: list[Path] = []
    for name, draw in drawings:
        figure = draw()
        if figure is not None:
            paths += save_figure(figure, folder, name)
    return paths
