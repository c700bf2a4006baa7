"""All figures of a sweep, under names that stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from corridor_sim.analysis.sensitivity import linear_effects, main_effects, morris_effects, sobol_indices
from corridor_sim.foundation.errors import ResultError
from corridor_sim.foundation.time_axis import ALL
from corridor_sim.plots.sensitivity import draw_morris, draw_sobol, draw_tornado
from corridor_sim.plots.style import save_figure
from corridor_sim.plots.sweeps import draw_heat_map, draw_response, sweep_footer
from corridor_sim.results.sweep_answers import answers_of

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from corridor_sim.results.sweep_answers import SweepAnswer
    from corridor_sim.results.sweep_result import SweepResult

MOST_FIGURES = 6
"""Answers that get figures of their own, the first of the file."""


def save_sweep_figures(result: SweepResult) -> list[Path]:
    """Write the figures that fit the design into the sweep's folder, as PNG and SVG; returns the files."""
    answers = answers_of(result)[:MOST_FIGURES]
    paths: list[Path] = []
    response = draw_response(result, answers)
    if response is not None:
        paths += save_figure(response, result.folder, "response")
    for answer in answers:
        name = figure_name(answer)
        for kind, figure in (
            ("heat", draw_heat_map(result, answer)),
            ("sensitivity", draw_sensitivity(result, answer)),
        ):
            if figure is not None:
                paths += save_figure(figure, result.folder, f"{kind}-{name}")
    return paths


def figure_name(answer: SweepAnswer) -> str:
    """Part of the names of an answer's figures."""
    when = "" if answer.period == ALL else answer.period
    return re.sub(r"[^a-z0-9]+", "-", f"{answer.kpi} {answer.subject} {when}".lower()).strip("-")


def sensitivity_table(result: SweepResult, answer: SweepAnswer) -> pd.DataFrame | None:
    """Sensitivity of an answer by the way that fits the design, one row per parameter; None where none does.

    The first column, parameter, names it in words.
    """
    m = result.manifest
    design, options = m["design"], m["design_options"] or {}
    points, values = result.points, answer.values
    try:
        if design == "product" and all(len(p["levels"]) > 1 for p in m["parameters"]):
            table = main_effects([p["levels"] for p in m["parameters"]], values)
        elif design in {"lhs", "sobol"}:
            table = linear_effects(points, values)
        elif design == "morris":
            table = morris_effects(points, values, levels=options["morris"]["levels"], seed=m["seed"] % 2**32)
        elif design == "saltelli":
            second = bool(options["saltelli"].get("second_order", False))
            table = sobol_indices(values, len(m["parameters"]), second_order=second, seed=m["seed"] % 2**32)
        else:
            return None
    except ResultError:
        return None
    table.insert(0, "parameter", [p["name"] for p in m["parameters"]])
    return table


def draw_sensitivity(result: SweepResult, answer: SweepAnswer) -> Figure | None:
    """Draw the sensitivity of an answer by the way that fits the design."""
    table = sensitivity_table(result, answer)
    if table is None:
        return None
    names, title, footer = list(table["parameter"]), _title(answer), sweep_footer(result)
    if "first" in table:
        return draw_sobol(table, names, title=title, footer=footer)
    if "mu_star" in table:
        return draw_morris(table, names, title=title, unit=answer.unit, footer=footer)
    ends = [_ends(p) for p in result.manifest["parameters"]]
    return draw_tornado(table, names, ends, title=title, unit=answer.unit, footer=footer)


def _title(answer: SweepAnswer) -> str:
    return f"What moves: {answer.name}"


def _ends(parameter: dict[str, Any]) -> str:
    """From where to where a parameter is moved, in words."""
    if parameter["levels"]:
        low, high = parameter["levels"][0], parameter["levels"][-1]
    else:
        low, high = "P5", "P95"
    unit = f" {parameter['unit']}" if parameter["unit"] else ""
    return f"{low} to {high}{unit}"
