"""Two ways from Derbent to Samur, one of them through a gate with a queue: small enough to solve by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import corridor_sim as cs

if TYPE_CHECKING:
    from pathlib import Path

    from corridor_sim.scenario import Scenario

SERVICE_H, BYPASS_H, TRAVEL_KM_PER_H = 4.0, 60.0, 40.0
GATE = """\
schema_version: 1
name: gate
run: {start: 2025-01-01, end: 2026-01-01, replications: 2, seed: 5}
flows:
  GATE:
    name: through the gate
    origin: RU_DER
    destination: RU_SAM
    direction: south
    commodity: timber
    route: gate
    annual: 1000 kt/yr
    consignment: {kind: train, load: 1000 t}
  ROUND:
    name: round the gate
    origin: RU_DER
    destination: RU_SAM
    direction: south
    commodity: timber
    route: round
    annual: 1000 kt/yr
    consignment: {kind: train, load: 1000 t}
itineraries:
  GATE_R:
    flow: GATE
    stages: [{queue: GATE, at: RU_DER}, {rail: [RU_DER, RU_SAM], class: V}]
  ROUND_R:
    flow: ROUND
    stages: [{hold: ROUND, at: RU_DER}, {rail: [RU_DER, RU_SAM], class: V}]
travel_classes:
  V: {speed: 40 km/h}
holds:
  ROUND: {duration: 60 h, cause: dwell}
queues:
  GATE: {name: gate, at: RU_DER, kind: other, servers: 1, service: 4 h/consignment}
costs:
  RAIL: {item: rail, rate: 0.02 USD/tkm}
  TOLL: {item: toll, rate: 1 USD/t}
  VOT: {item: inventory, rate: {value: 0.5, unit: per year of cargo value}}
charges:
  rail: {cost: RAIL, kind: transport, on: rail}
  toll: {cost: TOLL, kind: handling, at: [GATE]}
  inventory: {cost: VOT, kind: time, during: trip}
route_choice:
  period: year
  gap: 0.002
  replications: 4
  settle: 30 d
  markets:
    M:
      name: timber
      value_of_time: 2.4 USD/t/d
      value_of_reliability: 0 USD/t/d
      scale: 0.5 t/USD
      alternatives:
        gate: {flows: [GATE]}
        round: {flows: [ROUND]}
"""


def gate(folder: Path, *changes: tuple[str, str], **overrides: object) -> Scenario:
    """Load the two ways, with pieces of the text replaced and values by dotted path (dots as two underscores)."""
    text = GATE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "gate.yaml"
    path.write_text(text, encoding="utf-8")
    return cs.load_scenario(path, overrides={key.replace("__", "."): value for key, value in overrides.items()})
