"""A flow that does nothing but stand for two hours, on which a block's formula shows undisturbed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

import corridor_sim as cs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridor_sim.scenario import Scenario

PLAIN = """
schema_version: 1
name: plain
run: {start: 2025-01-01, end: 2026-01-01}
flows:
  F:
    name: grain
    origin: RU_ASP
    destination: IR_ANZ
    direction: south
    commodity: grain, timber
    route: sea
    annual: 365 kt/yr
    consignment: {kind: ship parcel, load: 1000 t}
    release: even
  G:
    name: boxes
    origin: RU_ASP
    destination: IR_ANZ
    direction: south
    commodity: containers
    route: other
    annual: 365 kt/yr
    consignment: {kind: ship parcel, load: 1000 t, teu: 100}
    release: even
itineraries:
  FI: {flow: F, stages: [{hold: H, at: RU_ASP}, {sea: [RU_ASP, IR_ANZ], class: V}]}
  GI: {flow: G, stages: [{hold: H, at: RU_ASP}, {sea: [RU_ASP, IR_ANZ], class: V}]}
holds: {H: {duration: 2 h, cause: handling}}
travel_classes: {V: {speed: 400 km/d}}
"""


@pytest.fixture
def plain(tmp_path: Path) -> Callable[[str], Scenario]:
    """Load the plain scenario with blocks added, given as YAML."""

    def load(blocks: str = "", **options: object) -> Scenario:
        path = tmp_path / "plain.yaml"
        tree = yaml.safe_load(PLAIN)
        for key, value in (yaml.safe_load(blocks) or {}).items():
            tree[key] = {**tree.get(key, {}), **value}
        path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
        return cs.load_scenario(path, **options)  # type: ignore[arg-type]

    return load
