"""Figures of a sweep: response curves with bands, and heat maps of two parameters."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.plots.style import INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_sim.results.sweep_answers import SweepAnswer
    from corridor_sim.results.sweep_result import SweepResult

    Floats = npt.NDArray[np.float64]

LINES = ("#0063a6", "#c03a08", "#0a9a76", "#43276b", "#c28f00", "#555b62")
MARKERS = "osD^vP"
MOST_PANELS = 6
CHARACTERS_PER_IN = 12.5
FEW_LEVELS = 12
"""Heat maps write their numbers into the cells up to so many levels."""


def sweep_footer(result: SweepResult) -> str:
    """Line that says which sweep a figure shows."""
    m = result.manifest
    n = m["replications"]
    times = f"{n} replications" if isinstance(n, int) else "replications by precision"
    same = "common" if m["common_random_numbers"] else "different"
    return (
        f"{m['name']} on {m['base']}: {len(result.cases)} cases, {times} each on {same} random numbers, "
        f"seed {m['seed']}"
    )


def _wrapped(text: str, width_in: float) -> str:
    """Break a label into lines that fit so many inches."""
    return fill(text, max(int(width_in * CHARACTERS_PER_IN), 12))


def label_of(parameter: dict[str, object]) -> str:
    """Name of a parameter with its unit, for an axis."""
    unit = "factor on the base's" if parameter["scale"] else parameter["unit"]
    return f"{parameter['name']} [{unit}]" if unit not in {"", "1"} else str(parameter["name"])


@styled
def draw_response(result: SweepResult, answers: Sequence[SweepAnswer]) -> Figure | None:
    """Draw answers over the first parameter, one line per value of the second, panel by panel.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where the design is no full product of one or two parameters, or the first is no number.
    """
    parameters = result.manifest["parameters"]
    if result.manifest["design"] != "product" or len(parameters) > 2 or not _numbers(parameters[0]["levels"]):
        return None
    shown = list(answers)[:MOST_PANELS]
    if not shown or len(parameters[0]["levels"]) < 2:
        return None
    n_columns = min(len(shown), 2)
    n_rows = -(-len(shown) // n_columns)
    height = 1.8 + 2.8 * n_rows
    figure = new_figure(4.9 * n_columns + (0 if n_columns > 1 else 1.6), height)
    grid = figure.add_gridspec(
        n_rows, n_columns, left=0.1, right=0.97, top=1 - 1.35 / height, bottom=0.9 / height, hspace=0.68, wspace=0.27
    )
    lines: list[object] = [] if len(parameters) < 2 else parameters[1]["levels"]
    for k, answer in enumerate(shown):
        ax = figure.add_subplot(grid[k // n_columns, k % n_columns])
        _draw_lines(ax, parameters[0]["levels"], lines, answer)
        ax.set_xlabel(_wrapped(label_of(parameters[0]), 4.0))
        ax.set_title(_headed(answer))
    head(
        figure, result.manifest["title"] or result.manifest["name"],
        "Means over replications; bands are their 95 % intervals."
        + (f" Lines: {label_of(parameters[1])}." if lines else ""),
    )  # fmt: skip
    if lines:
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="upper left", bbox_to_anchor=(0.02, 1 - 0.62 / height), ncols=len(lines),
            columnspacing=1.0, handlelength=1.4,
        )  # fmt: skip
    foot(figure, sweep_footer(result))
    return figure


def _draw_lines(ax: Axes, x: Sequence[float], lines: Sequence[object], answer: SweepAnswer) -> None:
    shape = (len(x), max(len(lines), 1))
    found = {name: answer.means[name].reshape(shape) for name in ("mean", "ci_low", "ci_high")}
    for k in range(shape[1]):
        colour = LINES[k % len(LINES)]
        ax.fill_between(x, found["ci_low"][:, k], found["ci_high"][:, k], color=colour, alpha=0.16, linewidth=0)
        label = str(lines[k]) if lines else None
        ax.plot(x, found["mean"][:, k], color=colour, marker=MARKERS[k % len(MARKERS)], markersize=4, label=label)
    ax.grid(axis="y")
    if len(x) <= FEW_LEVELS:
        ax.set_xticks(list(x))
    if float(np.nanmin(found["ci_low"])) > 0 and float(np.nanmin(found["mean"])) < 0.4 * float(
        np.nanmax(found["mean"])
    ):
        ax.set_ylim(bottom=0)


@styled
def draw_heat_map(result: SweepResult, answer: SweepAnswer) -> Figure | None:
    """Draw an answer over two parameters as shades, one panel per value of a third.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where the design is no full product of two or three parameters.
    """
    parameters = result.manifest["parameters"]
    if result.manifest["design"] != "product" or len(parameters) not in {2, 3}:
        return None
    shape = [len(p["levels"]) for p in parameters]
    panels = parameters[2]["levels"] if len(parameters) == 3 else [None]
    if len(panels) > MOST_PANELS:
        return None
    cube = answer.means["mean"].reshape(*shape[:2], len(panels))
    half = (answer.means["ci_high"] - answer.means["mean"]).reshape(cube.shape)
    left_in = 0.75 + 0.075 * max(len(str(v)) for v in parameters[0]["levels"])
    width = max(7.6, 1.6 + len(panels) * (0.9 + 0.78 * shape[1]))
    height = 2.4 + max(0.5 * shape[0], 1.2)
    figure = new_figure(width, height)
    grid = figure.add_gridspec(
        1,
        len(panels),
        left=left_in / width,
        right=1 - 0.95 / width,
        top=1 - 1.15 / height,
        bottom=1.0 / height,
        wspace=0.12,
    )
    limits = float(np.nanmin(cube)), float(np.nanmax(cube))
    image = None
    for k, level in enumerate(panels):
        ax = figure.add_subplot(grid[k])
        image = ax.imshow(
            cube[:, :, k], cmap="cividis_r", vmin=limits[0], vmax=limits[1], aspect="auto", origin="lower"
        )
        _cells(ax, cube[:, :, k], half[:, :, k], limits)
        ax.set_xticks(range(shape[1]), [str(v) for v in parameters[1]["levels"]])
        ax.set_yticks(range(shape[0]), [str(v) for v in parameters[0]["levels"]] if k == 0 else [""] * shape[0])
        ax.tick_params(length=0)
        if level is not None:
            ax.set_title(f"{parameters[2]['name']}: {level}" if len(panels) < 3 else f"{level}", pad=5)
    figure.axes[0].set_ylabel(_wrapped(label_of(parameters[0]), height - 2.2))
    figure.supxlabel(label_of(parameters[1]), fontsize=9, y=0.45 / height)
    bar = figure.add_axes((1 - 0.78 / width, 1.0 / height, 0.12 / width, (height - 2.15) / height))
    if image is not None:
        figure.colorbar(image, cax=bar).outline.set_visible(False)
    third = f" Panels: {label_of(parameters[2])}." if len(panels) > 1 else ""
    head(
        figure, _headed(answer),
        f"Mean over replications ± half of its 95 % interval.{third}",
    )  # fmt: skip
    foot(figure, sweep_footer(result))
    return figure


def _cells(ax: Axes, means: Floats, half: Floats, limits: tuple[float, float]) -> None:
    """Write the numbers into the cells, dark on light and light on dark."""
    if max(means.shape) > FEW_LEVELS:
        return
    middle = (limits[0] + limits[1]) / 2
    for row, column in np.ndindex(*means.shape):
        mean, h = float(means[row, column]), float(half[row, column])
        text = "-" if np.isnan(mean) else f"{_number(mean)}\n± {_number(h)}"
        ax.text(
            column, row, text, ha="center", va="center", fontsize=7.5, color=INK if mean < middle else "white",
            linespacing=1.2,
        )  # fmt: skip


def _number(value: float) -> str:
    if np.isnan(value):
        return "?"
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2
    return f"{value:.{digits}f}"


def _numbers(levels: Sequence[object]) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in levels)


def _headed(answer: SweepAnswer) -> str:
    return _capital(answer.name) + (f" [{answer.unit}]" if answer.unit != "1" else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
