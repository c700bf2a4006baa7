"""Styles of map layers as QGIS reads them (QML): line widths and circles that follow the fields."""

from __future__ import annotations

import math
from typing import Any

from corridor_sim.plots.style import MODE_COLOURS

WIDEST_MM, LARGEST_MM = 4.0, 9.0
"""Width of the strongest flow and diameter of the largest queue."""


def line_style(frame: Any) -> str:
    """Write lines in the colour of their mode, as wide as the corridor's cargo is heavy."""
    per_mt = WIDEST_MM / max(float(frame["corridor_mt_per_year"].max()), 1e-9)
    width = f'max(0.2, {per_mt:.6f} * "corridor_mt_per_year")'
    categories = "".join(
        f'<category symbol="{k}" value="{mode}" label="{mode}" render="true"/>' for k, mode in enumerate(MODE_COLOURS)
    )
    symbols = "".join(
        f'<symbol type="line" name="{k}" alpha="1"><layer class="SimpleLine" enabled="1">'
        '<Option type="Map">'
        f'<Option type="QString" name="line_color" value="{_rgb(colour)}"/>'
        '<Option type="QString" name="line_width" value="0.5"/>'
        '<Option type="QString" name="line_width_unit" value="MM"/>'
        '<Option type="QString" name="capstyle" value="round"/></Option>'
        f"{_driven('outlineWidth', width)}</layer></symbol>"
        for k, colour in enumerate(MODE_COLOURS.values())
    )
    renderer = (
        f'<renderer-v2 type="categorizedSymbol" attr="mode" symbollevels="0" enableorderby="0"><categories>{categories}'
        f"</categories><symbols>{symbols}</symbols></renderer-v2>"
    )
    return _qml(renderer)


def point_style(frame: Any) -> str:
    """Write circles whose area is the cargo waiting."""
    per_root_t = LARGEST_MM / math.sqrt(max(float(frame["waiting_mean_t"].max()), 1e-9))
    size = f'max(0.4, {per_root_t:.6f} * sqrt("waiting_mean_t"))'
    symbol = (
        '<symbol type="marker" name="0" alpha="0.6"><layer class="SimpleMarker" enabled="1"><Option type="Map">'
        '<Option type="QString" name="name" value="circle"/>'
        f'<Option type="QString" name="color" value="{_rgb("#d1420b")}"/>'
        f'<Option type="QString" name="outline_color" value="{_rgb("#7a2505")}"/>'
        f'<Option type="QString" name="size" value="2"/></Option>{_driven("size", size)}</layer></symbol>'
    )
    return _qml(
        f'<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0"><symbols>{symbol}</symbols></renderer-v2>'
    )


def _driven(name: str, expression: str) -> str:
    """Let a property follow an expression over the fields."""
    text = expression.replace("&", "&amp;").replace('"', "&quot;")
    return (
        '<data_defined_properties><Option type="Map"><Option type="QString" name="name" value=""/>'
        f'<Option type="Map" name="properties"><Option type="Map" name="{name}">'
        '<Option type="bool" name="active" value="true"/>'
        f'<Option type="QString" name="expression" value="{text}"/><Option type="int" name="type" value="3"/>'
        "</Option></Option>"
        '<Option type="QString" name="type" value="collection"/></Option></data_defined_properties>'
    )


def _qml(renderer: str) -> str:
    return f'<!DOCTYPE qgis><qgis version="3.22" styleCategories="Symbology">{renderer}</qgis>'


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"
