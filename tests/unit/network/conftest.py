"""Small layers that a test can break."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from corridor_sim.network import Network, load_network

Row = dict[str, Any]


def point(node_id: str, lon: float, lat: float, kind: str = "rail_station") -> Row:
    properties = {"id": node_id, "name": node_id, "country": "RU", "kind": kind, "source": "test", "grade": "C"}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def line(a: Row, b: Row, mode: str, km: float, *, gauge_mm: int | None = None, tag: str = "", status: str = "") -> Row:
    ends = a["properties"]["id"], b["properties"]["id"]
    section_id = "-".join([*ends, mode, *([tag] if tag else [])])
    properties = {"section_id": section_id, "from": ends[0], "to": ends[1], "mode": mode, "km": km}
    properties |= {"gauge_mm": gauge_mm, "tracks": None, "status": status, "source": "test", "grade": "C"}
    coordinates = [a["geometry"]["coordinates"], b["geometry"]["coordinates"]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": coordinates}}


def write_layer(path: Path, rows: list[Row]) -> None:
    text = ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{text}\n]}}\n', encoding="utf-8")


class Layers:
    """A sound network of five nodes on the equator (one degree is 111.3 km), to be changed and loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        a, b, c = point("AA", 0, 0), point("BB", 1, 0), point("CC", 2, 0, "gauge_terminal")
        d, e = point("DD", 3, 0), point("EE", 9, 0, "seaport")
        self.nodes = {"AA": a, "BB": b, "CC": c, "DD": d, "EE": e}
        rows = [
            line(a, b, "rail", 111, gauge_mm=1520),
            line(b, c, "rail", 111, gauge_mm=1520),
            line(c, d, "rail", 111, gauge_mm=1435),
            line(a, c, "rail", 250, gauge_mm=1520),
            line(a, d, "sea", 334, tag="suez"),
            line(a, d, "sea", 380, tag="cape"),
            line(a, b, "road", 111),
            line(c, d, "road", 111),
            line(b, c, "road", 111, status="planned; money missing"),
        ]
        self.sections = {r["properties"]["section_id"]: r for r in rows}

    def copy_of(self, section_id: str) -> Row:
        return deepcopy(self.sections[section_id])

    def load(self) -> Network:
        write_layer(self.folder / "nodes.geojson", list(self.nodes.values()))
        write_layer(self.folder / "sections.geojson", list(self.sections.values()))
        return load_network(self.folder)


@pytest.fixture
def layers(tmp_path: Path) -> Layers:
    return Layers(tmp_path)


@pytest.fixture(scope="session")
def shipped_network() -> Network:
    return load_network()
