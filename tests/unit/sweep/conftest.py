"""One finished sweep that many tests read."""

import pytest

from corridor_sim.results.sweep_result import SweepResult
from corridor_sim.sweep import run_sweep
from tests.support.sweeps import write_sweep


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    folder = tmp_path_factory.mktemp("finished")
    return run_sweep(write_sweep(folder), out=folder / "out")
