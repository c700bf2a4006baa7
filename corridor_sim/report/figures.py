"""Figures inside the page: the pictures of a result folder, packed small, each with words for who cannot see it."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CAPTIONS = {
    "map": ("Flows and queues", "Line width: cargo a year. Circles: cargo waiting on average."),
    "flows": ("Where cargo goes", "From origin by route to destination; width: tonnes a year, dark south, pale north."),
    "years": ("Year by year", "Demand, cargo carried and days by year, and which place limits in which year."),
    "route-years": ("Route by route, year by year", "Days, USD per tonne and TEU and CO2e per TEU of every route."),
    "transit-times": ("Transit times by route", "How many trips took how long; lines mark P50, P80 and P95."),
    "time-by-cause": ("Where the days go", "Days of a mean trip by cause, route by route."),
    "time-distance": (
        "Time along the way",
        "Days over distance (UNESCAP), P5 to P95 as a band; a step is time standing.",
    ),
    "cost-distance": ("Dollars along the way", "USD a tonne over distance (UNESCAP), P5 to P95; a step is a charge."),
    "queues": ("Queues over the year", "Number waiting day by day at the places with the most cargo waiting."),
    "utilisation": ("How busy places are", "Share of open time that each place is busy, month by month."),
    "calibration": ("Simulated against observed", "Every target of the calibration, misses kept in."),
    "route-shares": ("Route choice", "Share of each route by period, and what changed against the scenario's volumes."),
    "route-costs": ("What the routes cost", "Generalised cost of every route with its parts, at the equilibrium."),
    "route-convergence": ("The search for the equilibrium", "Tonnes that would still choose otherwise, run by run."),
    "trust": (
        "What the answers rest on",
        "Each answer's spread by how well numbers are known; ten to measure.",
    ),
    "gas-ramp": ("Gas: the ramp", "Gas asked, delivered and possible, year by year."),
    "gas-phases": ("Gas: the phases", "When each phase was planned and when it can deliver."),
    "gas-limits": ("Gas: what limits", "Days of each year by what held the line."),
    "gas-profile": ("Gas: pressure along the line", "Pressure from end to end, station by station."),
    "gas-feasibility": ("Gas: what is feasible", "What the line can carry, by what is built."),
    "comparison": ("Differences from the reference", "Mean difference with its 95 % interval."),
}
"""Title and what to look for, by name of the file."""


class Picture(NamedTuple):
    """A figure ready to be put into a page."""

    name: str
    title: str
    caption: str
    data_uri: str
    width: int
    height: int
    has_svg: bool
    """Whether the folder also has it as SVG."""


def pictures_in(folder: Path, captions: Mapping[str, tuple[str, str]] = CAPTIONS) -> list[Picture]:
    """Pack the figures of a folder, known ones first and in their order."""
    known = list(captions)
    paths = sorted(folder.glob("*.png"), key=lambda p: (known.index(p.stem) if p.stem in known else len(known), p.stem))
    return [_pack(path, *captions.get(path.stem, (_words(path.stem), ""))) for path in paths]


def _pack(path: Path, title: str, caption: str) -> Picture:
    """Read a PNG; lossless WebP of at most 256 colours is a third of its size, and every browser of today reads it."""
    from PIL import Image

    with Image.open(path) as image:
        # figures have few colours; what the palette rounds is the grey of smoothed edges
        packed, buffer = image.convert("RGB").quantize(256, dither=Image.Dither.NONE).convert("RGB"), io.BytesIO()
        packed.save(buffer, "WEBP", lossless=True, quality=60, method=3)
        text = base64.b64encode(buffer.getvalue()).decode("ascii")
        return Picture(
            path.stem, title, caption, f"data:image/webp;base64,{text}", *image.size, path.with_suffix(".svg").exists()
        )


def _words(stem: str) -> str:
    text = stem.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]
