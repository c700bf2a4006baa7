"""A small scenario that tests change one piece of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

settings.register_profile("unhurried", deadline=None)  # machines are shared; slowness is not a failure here
settings.load_profile("unhurried")

SMALL = """\
schema_version: 1
name: small
run:
  start: 2025-01-01
  warm_up: 5 d
  end: 2025-03-01
flows:
  F1:
    name: boxes
    origin: A
    destination: C
    direction: south
    commodity: containers
    route: west
    annual: {value: 100, unit: kt/yr, range: [80, 120], source: guess, grade: C}
    consignment: {kind: train, load: 1000 t, teu: 60}
    profile: FLAT
itineraries:
  I1:
    flow: F1
    share: 1
    stages:
      - {hold: H1, at: A}
      - {rail: [A, B, C], class: V1}
      - {queue: Q1, at: C}
month_profiles:
  FLAT: {jan: 0.5, feb: 0.5, mar: 0, apr: 0, may: 0, jun: 0, jul: 0, aug: 0, sep: 0, oct: 0, nov: 0, dec: 0}
travel_classes:
  V1: {speed: 40 km/h}
holds:
  H1: {duration: 2 h, cause: documents}
queues:
  Q1:
    name: crane
    at: C
    kind: crane
    servers: 2
    service: {gamma: {mean: 0.1 h/TEU, cv: 0.5}}
    calendar: DAY
calendars:
  DAY: {hours: daily 06-22}
"""


class Files:
    """Writes files into the working folder and loads scenarios from it, so that messages show bare names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def load(self, text: str = SMALL, **options: object) -> Scenario:
        self.write("s.yaml", text)
        return load_scenario("s.yaml", **options)  # type: ignore[arg-type]

    def problems(self, text: str = SMALL, **options: object) -> list[str]:
        """Load a text that must fail, and return its problems as shown to the user."""
        with pytest.raises(ScenarioError) as caught:
            self.load(text, **options)
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.chdir(tmp_path)
    return Files(tmp_path)


@pytest.fixture
def changed(files: Files) -> Callable[..., list[str]]:
    """Problems of the small scenario after replacing pieces of its text, given as (old, new) in turn."""

    def problems(*pieces: str) -> list[str]:
        text = SMALL
        for old, new in zip(pieces[::2], pieces[1::2], strict=True):
            assert old in text
            text = text.replace(old, new, 1)
        return files.problems(text)

    return problems
