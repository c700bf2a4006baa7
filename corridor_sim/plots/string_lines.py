"""String-line diagram of a single-track line: time across, stations by km upwards, a line for each train."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from corridor_sim.plan.kinds import Cause
from corridor_sim.plots.style import CAUSE_STYLES, GRID, INK, ROUTE_STYLES, SOFT_INK, foot, head, new_figure, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Floats = npt.NDArray[np.float64]

TRAIN_COLUMNS = ("train", "flow", "is_up", "from_km", "to_km", "arrive_h", "enter_h", "leave_h")
STATION_COLUMNS = ("name", "km", "is_loop")
MEET_COLUMNS = ("km", "at_h", "up", "down")
SAME_PLACE_KM, SAME_TIME_H = 1e-6, 1e-9
"""Differences below these come from rounding in sums of kilometres and hours."""
SHOWN_WAIT_H = 0.1
"""Waits up to this are part of working a loop and are not marked."""
MANY_TRAINS = 60
"""Above this number lines get thin: the pattern is what can still be read."""

UP_COLOUR, DOWN_COLOUR = ROUTE_STYLES["west_truck_gap"].colour, ROUTE_STYLES["transcaspian"].colour
DASHES: Any = (0, (4.5, 1.6))
WAITS = LinearSegmentedColormap.from_list(
    "waits", [CAUSE_STYLES[c].colour for c in (Cause.DEPARTURE, Cause.QUEUEING, Cause.CLOSED)]
)
"""From light to dark, so that a long wait stands out in grey print too."""
WIDTH_IN, RIGHT_IN, HEAD_IN, FOOT_IN = 11.0, 1.15, 1.2, 0.75
CLOCK_STEPS_H, MOST_TICKS = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168, 336, 672), 16
LABEL_IN, LONGEST_NAME, MOST_FLOWS = 0.165, 26, 6


def find_meets(trains: pd.DataFrame, stations: pd.DataFrame) -> pd.DataFrame:
    """Find where and when trains of opposite directions meet.

    A train is present at a loop from leaving the block before it (or from its arrival, where it starts) until it
    enters the block after it (or until it arrives, where it ends). An up and a down train meet where their presences
    overlap or touch.

    Parameters
    ----------
    trains
        One row per passage of one block between two neighbouring stations: ``train``, ``flow``, ``is_up`` (towards
        larger km), ``from_km``, ``to_km``, ``arrive_h`` (asks for the block), ``enter_h``, ``leave_h`` (at the far
        end), hours since the start. ``enter_h`` and ``leave_h`` are nan where that has not happened yet.
    stations
        ``name``, ``km`` (increasing) and ``is_loop`` (trains can meet here).

    Returns
    -------
    pandas.DataFrame
        ``km``, ``at_h`` (when the second of the two came), ``up`` and ``down`` (the trains), in order of time.

    Raises
    ------
    ValueError
        If a column is missing, or a passage is not between stations or not in the order of time.
    """
    return _meets(_visits(_passages(trains, stations)), stations)


@styled
def draw_string_lines(
    trains: pd.DataFrame,
    stations: pd.DataFrame,
    *,
    title: str,
    start: pd.Timestamp,
    from_h: float,
    until_h: float,
) -> Figure:
    """Draw the trains of a line as a time-distance diagram.

    Parameters
    ----------
    trains, stations
        As for :func:`find_meets`.
    title
        Name of the line; day and number of trains are added.
    start
        Instant of hour 0.
    from_h, until_h
        The window that is drawn, hours since ``start``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        As :func:`find_meets`, or if the window has no length.
    """
    if not (np.isfinite(from_h) and np.isfinite(until_h) and until_h > from_h):
        raise ValueError(f"the window from {from_h} h until {until_h} h has no length")
    passages = _passages(trains, stations)
    ends_h = passages["leave_h"].fillna(np.inf)
    passages = passages[(passages["came_h"] < until_h) & (ends_h > from_h)]
    meets = _meets(_visits(passages), stations)
    meets = meets[meets["at_h"].between(from_h, until_h)]
    counts = passages.groupby("is_up")["train_idx"].nunique()
    n_up, n_down, n_trains = int(counts.get(True, 0)), int(counts.get(False, 0)), passages["train_idx"].nunique()

    names = [_shorten(str(name)) for name in stations["name"]]
    left_in = 0.95 + 0.072 * max(map(len, names))
    axes_in = float(np.clip(0.3 * len(names), 4.4, 8.0))
    height = HEAD_IN + axes_in + FOOT_IN
    figure = new_figure(WIDTH_IN, height)
    ax = figure.add_axes(
        (left_in / WIDTH_IN, FOOT_IN / height, (WIDTH_IN - left_in - RIGHT_IN) / WIDTH_IN, axes_in / height)
    )
    _draw_stations(ax, names, stations, axes_in)
    _clock_axis(ax, start, from_h, until_h)
    many = n_trains > MANY_TRAINS
    for _, own in passages.groupby(["train_idx", "is_up"], sort=False):
        _draw_train(ax, own, until_h, many=many)
    waits = _draw_waits(figure, ax, passages, until_h, many=many)
    if waits is not None:
        _draw_colour_bar(figure, waits, axes_in, height)
    ax.plot(
        meets["at_h"], meets["km"], linestyle="none", marker="o", markersize=3.0 if many else 4.6,
        markerfacecolor="white", markeredgecolor=INK, markeredgewidth=0.9, zorder=6, gid="meets",
    )  # fmt: skip
    head(
        figure, f"{title}, {_period(start, from_h, until_h)}: {_trains(n_trains)}",
        f"Time-distance diagram; the up direction is towards {stations['name'].iloc[-1]}. "
        f"Thick: waiting for the line ahead, more than {60 * SHOWN_WAIT_H:.0f} minutes.",
    )  # fmt: skip
    figure.legend(
        handles=_key(n_up, n_down, len(meets)), loc="upper left", bbox_to_anchor=(0.25 / WIDTH_IN, 1 - 0.72 / height),
        ncols=5, borderaxespad=0, borderpad=0, handlelength=2.6, columnspacing=1.8,
    )  # fmt: skip
    foot(figure, _by_flow(passages))
    return figure


def _passages(trains: pd.DataFrame, stations: pd.DataFrame) -> pd.DataFrame:
    """Passages by train and time, with when the train came to the near end, and where it starts and ends."""
    for what, table, columns in (("trains", trains, TRAIN_COLUMNS), ("stations", stations, STATION_COLUMNS)):
        missing = [c for c in columns if c not in table.columns]
        if missing:
            raise ValueError(f"{what} lack the columns {', '.join(missing)}")
    kms = stations["km"].to_numpy(dtype=np.float64)
    if len(kms) < 2 or not (np.diff(kms) > SAME_PLACE_KM).all():
        raise ValueError("stations must be two or more, by increasing km")
    hours = ["from_km", "to_km", "arrive_h", "enter_h", "leave_h"]
    passages = trains.astype({"is_up": bool} | dict.fromkeys(hours, float))
    for column in ("from_km", "to_km"):
        away_km = np.abs(passages[column].to_numpy()[:, None] - kms[None, :]).min(axis=1, initial=np.inf)
        if (away_km > SAME_PLACE_KM).any():
            raise ValueError(f"{column} {passages[column].to_numpy()[away_km > SAME_PLACE_KM][0]:g} is no station's km")
    if ((passages["to_km"] > passages["from_km"]) != passages["is_up"]).any():
        raise ValueError("is_up must say whether a train runs towards larger km")
    if (passages["enter_h"] < passages["arrive_h"]).any() or (passages["leave_h"] < passages["enter_h"]).any():
        raise ValueError("a train enters a block before it arrives, or leaves it before it enters")
    # numbers of trains instead of the trains themselves: ids of any kind need not have an order
    passages["train_idx"] = pd.factorize(passages["train"])[0]
    passages = passages.sort_values(["train_idx", "arrive_h", "enter_h"], kind="stable", ignore_index=True)
    before = passages.shift()
    goes_on = (
        (before["train_idx"] == passages["train_idx"])
        & (before["is_up"] == passages["is_up"])
        & ((before["to_km"] - passages["from_km"]).abs() <= SAME_PLACE_KM)
        & (before["leave_h"] <= passages["arrive_h"] + SAME_TIME_H)
    )
    passages["came_h"] = before["leave_h"].where(goes_on, passages["arrive_h"])
    passages["starts"], passages["ends"] = ~goes_on, ~goes_on.shift(-1, fill_value=False)
    return passages


def _visits(passages: pd.DataFrame) -> pd.DataFrame:
    """Presences at stations: where a train comes from a block or starts, and where it ends."""
    starts = pd.DataFrame(
        {
            "train": passages["train"],
            "is_up": passages["is_up"],
            "km": passages["from_km"],
            "came_h": passages["came_h"],
            # a train that has not gone on is still there
            "gone_h": passages["enter_h"].fillna(np.inf),
        }
    )
    last = passages[passages["ends"] & passages["leave_h"].notna()]
    ends = pd.DataFrame(
        {
            "train": last["train"],
            "is_up": last["is_up"],
            "km": last["to_km"],
            "came_h": last["leave_h"],
            "gone_h": last["leave_h"],
        }
    )
    return pd.concat([starts, ends], ignore_index=True)


def _meets(visits: pd.DataFrame, stations: pd.DataFrame) -> pd.DataFrame:
    """Pairs of opposite trains at a loop at the same time."""
    loops = stations.loc[stations["is_loop"].astype(bool), "km"].to_numpy(dtype=np.float64)
    found = []
    for km in loops:
        here = visits[(visits["km"] - km).abs() <= SAME_PLACE_KM]
        up, down = here[here["is_up"]], here[~here["is_up"]]
        came, gone = (
            up[c].to_numpy()[:, None] - down[d].to_numpy()[None, :]
            for c, d in (("came_h", "gone_h"), ("gone_h", "came_h"))
        )
        own = up["train"].to_numpy()[:, None] == down["train"].to_numpy()[None, :]
        i, j = np.nonzero((came <= SAME_TIME_H) & (gone >= -SAME_TIME_H) & ~own)
        at_h = np.maximum(up["came_h"].to_numpy()[i], down["came_h"].to_numpy()[j])
        found.append(
            pd.DataFrame({"km": km, "at_h": at_h, "up": up["train"].to_numpy()[i], "down": down["train"].to_numpy()[j]})
        )
    found = [meets for meets in found if len(meets)]
    if not found:
        return pd.DataFrame({c: pd.Series(dtype="float64" if c in {"km", "at_h"} else "object") for c in MEET_COLUMNS})
    return pd.concat(found).sort_values(["at_h", "km"], kind="stable", ignore_index=True)


def _draw_train(ax: Axes, own: pd.DataFrame, until_h: float, *, many: bool) -> None:
    """One line for a train: level while it stands, sloped while it runs, broken where it was off the line."""
    points: list[tuple[float, float]] = []
    columns = own[["came_h", "arrive_h", "enter_h", "leave_h", "from_km", "to_km", "starts"]]
    for came_h, arrive_h, enter_h, leave_h, from_km, to_km, starts in columns.itertuples(index=False):
        if starts and points:
            points.append((np.nan, np.nan))
        # one that has not gone on stands until the end of the picture
        stands_until_h = max(until_h, arrive_h) if np.isnan(enter_h) else enter_h
        for point in ((came_h, from_km), (arrive_h, from_km), (stands_until_h, from_km), (leave_h, to_km)):
            if not np.isnan(point[0]) and point not in points[-1:]:
                points.append(point)
    is_up = bool(own["is_up"].iloc[0])
    ax.plot(
        *zip(*points, strict=True), color=UP_COLOUR if is_up else DOWN_COLOUR, linestyle="-" if is_up else DASHES,
        linewidth=0.5 if many else 1.1, solid_joinstyle="round", zorder=4, gid=f"train {own['train'].iloc[0]}",
    )  # fmt: skip


def _draw_waits(
    figure: Figure, ax: Axes, passages: pd.DataFrame, until_h: float, *, many: bool
) -> LineCollection | None:
    """Thick bars where trains wait, coloured by hours; up trains below the station's line, down trains above it."""
    gone_h = passages["enter_h"].fillna(until_h)
    waits = passages.assign(gone_h=gone_h, wait_h=gone_h - passages["arrive_h"])
    # the shorter on top of the longer, so that each of a queue is seen
    waits = waits[waits["wait_h"] > SHOWN_WAIT_H].sort_values("wait_h", ascending=False, kind="stable")
    if waits.empty:
        return None
    norm = Normalize(0, float(waits["wait_h"].iloc[0]))
    bars = None
    for is_up in (False, True):
        own = waits[waits["is_up"] == is_up]
        width_pt = 1.6 if many else 3.0
        aside_pt = (-0.5 if is_up else 0.5) * width_pt
        ends = own[["arrive_h", "from_km", "gone_h", "from_km"]].to_numpy(dtype=np.float64).reshape(-1, 2, 2)
        bars = LineCollection(
            list(ends), linewidths=width_pt, cmap=WAITS, norm=norm, array=own["wait_h"].to_numpy(), capstyle="butt",
            zorder=5, gid=f"waits {'up' if is_up else 'down'}",
            transform=ax.transData + ScaledTranslation(0, aside_pt / 72, figure.dpi_scale_trans),
        )  # fmt: skip
        ax.add_collection(bars, autolim=False)
    return bars


def _draw_colour_bar(figure: Figure, waits: LineCollection, axes_in: float, height: float) -> None:
    scale = figure.add_axes(
        ((WIDTH_IN - RIGHT_IN + 0.3) / WIDTH_IN, (FOOT_IN + 0.25 * axes_in) / height, 0.13 / WIDTH_IN,
         0.5 * axes_in / height)
    )  # fmt: skip
    bar = figure.colorbar(ScalarMappable(waits.norm, WAITS), cax=scale)
    bar.outline.set_visible(False)
    bar.set_label("waiting at a loop, h", fontsize=8.5)


def _draw_stations(ax: Axes, names: Sequence[str], stations: pd.DataFrame, axes_in: float) -> None:
    """Draw a line for each station, heavier where trains can meet; names and km where there is room."""
    kms, is_loop = stations["km"].to_numpy(dtype=np.float64), stations["is_loop"].to_numpy(dtype=bool)
    margin_km = 0.025 * (kms[-1] - kms[0])
    ax.set_ylim(kms[0] - margin_km, kms[-1] + margin_km)
    for km, loop in zip(kms, is_loop, strict=True):
        ax.axhline(km, color="#aab2ba" if loop else GRID, linewidth=0.7 if loop else 0.5, zorder=1)
    ax.plot(
        np.zeros(int(is_loop.sum())), kms[is_loop], transform=ax.get_yaxis_transform(), linestyle="none", marker="s",
        markersize=3.2, color=INK, clip_on=False, zorder=7, gid="loops",
    )  # fmt: skip
    ax.set_yticks([])
    room_km = LABEL_IN / axes_in * (kms[-1] - kms[0] + 2 * margin_km)
    style: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"), "textcoords": "offset points", "ha": "right", "va": "center",
        "annotation_clip": False, "fontsize": 8,
    }  # fmt: skip
    for i in _with_room(kms, is_loop, room_km):
        ink = INK if is_loop[i] else SOFT_INK
        ax.annotate(names[i], (0, kms[i]), xytext=(-38, 0), color=ink, **style)
        ax.annotate(f"{kms[i]:.0f}", (0, kms[i]), xytext=(-8, 0), color=SOFT_INK, **style)
    ax.annotate("km", (0, kms[-1]), xytext=(-8, 14), color=SOFT_INK, **style)


def _with_room(kms: Floats, is_loop: npt.NDArray[np.bool_], room_km: float) -> list[int]:
    """Stations to label: the ends, then loops, then others, as long as no label comes too near another."""
    ends = [0, len(kms) - 1]
    between = range(1, len(kms) - 1)
    chosen: list[int] = []
    for i in [*ends, *(k for k in between if is_loop[k]), *(k for k in between if not is_loop[k])]:
        if all(abs(kms[i] - kms[k]) >= room_km for k in chosen):
            chosen.append(i)
    return sorted(chosen)


def _clock_axis(ax: Axes, start: pd.Timestamp, from_h: float, until_h: float) -> None:
    """Hours of the clock; dates below them where the picture shows more than one day."""
    ax.set_xlim(from_h, until_h)
    first, length_h = start + pd.Timedelta(hours=from_h), until_h - from_h
    midnight_h = from_h - (first - first.normalize()) / pd.Timedelta(hours=1)
    step_h = next((s for s in CLOCK_STEPS_H if length_h / s <= MOST_TICKS), 24 * np.ceil(length_h / 24 / MOST_TICKS))
    ticks = np.arange(midnight_h, until_h + SAME_TIME_H, step_h)
    ticks = ticks[ticks >= from_h - SAME_TIME_H]
    several_days = until_h > midnight_h + 24 + SAME_TIME_H
    labels = []
    for k, h in enumerate(ticks):
        moment = start + pd.Timedelta(hours=float(h)).round("s")
        date = f"{moment.day} {moment:%b}"
        is_midnight = moment == moment.normalize()
        clock = "24:00" if is_midnight and k and not several_days else f"{moment:%H:%M}"
        if step_h >= 24:
            labels.append(date)
        elif several_days and (is_midnight or (k == 0 and (midnight_h + 24 - h) / length_h > 0.08)):
            labels.append(f"{clock}\n{date}")
        else:
            labels.append(clock)
    ax.set_xticks(ticks, labels)
    ax.grid(axis="x")
    between = np.arange(midnight_h + step_h / 2, until_h, step_h)
    ax.set_xticks(between[between > from_h], minor=True)
    ax.grid(axis="x", which="minor", linewidth=0.3)
    ax.tick_params(which="minor", length=0)
    if several_days and step_h < 24:
        for h in np.arange(midnight_h, until_h, 24.0)[1:]:
            ax.axvline(h, color="#aab2ba", linewidth=1.0, zorder=1)
    ax.set_xlabel("time of day" if step_h < 24 else "date", labelpad=3)


def _period(start: pd.Timestamp, from_h: float, until_h: float) -> str:
    """Name the day or days of a window, with hours where it is not made of whole days."""
    first, last = (start + pd.Timedelta(hours=h) for h in (from_h, until_h))
    whole = first == first.normalize() and last == last.normalize()
    shown = last - pd.Timedelta(seconds=1)
    days = f"{shown:%a} {shown.day} {shown:%b %Y}"
    if first.normalize() != shown.normalize():
        year = "" if first.year == shown.year else f" {first.year}"
        days = f"{first.day} {first:%b}{year} to {shown.day} {shown:%b %Y}"
    return days if whole else f"{days}, {first:%H:%M} to {last:%H:%M}"


def _key(n_up: int, n_down: int, n_meets: int) -> list[Line2D]:
    square: Any = {"linestyle": "none", "marker": "s", "markersize": 3.2, "color": INK}
    ring: Any = {"linestyle": "none", "marker": "o", "markersize": 4.6, "markerfacecolor": "white"}
    return [
        Line2D([], [], color=UP_COLOUR, linewidth=1.3, label=f"up: {_trains(n_up)}"),
        Line2D([], [], color=DOWN_COLOUR, linewidth=1.3, linestyle=DASHES, label=f"down: {_trains(n_down)}"),
        Line2D([], [], markeredgecolor=INK, markeredgewidth=0.9, label=f"meet ({n_meets})", **ring),
        Line2D([], [], label="loop: trains can meet", **square),
    ]


def _trains(n: int) -> str:
    return f"{n} train{'s' if n != 1 else ''}"


def _by_flow(passages: pd.DataFrame) -> str:
    """Trains of each flow, the largest first."""
    counts = passages.groupby("flow", sort=True)["train_idx"].nunique().sort_values(ascending=False, kind="stable")
    words = [f"{_shorten(str(flow))} {n}" for flow, n in counts.head(MOST_FLOWS).items()]
    if len(counts) > MOST_FLOWS:
        words.append(f"others {counts.iloc[MOST_FLOWS:].sum()}")
    return f"Trains by flow: {', '.join(words)}." if words else "No train in this time."


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip(' ,(')}\N{HORIZONTAL ELLIPSIS}"
