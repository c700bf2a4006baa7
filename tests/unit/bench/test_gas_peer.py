"""The line beside pandapipes; its own side is a chain of pipes, compared live where pandapipes is installed."""

import json
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from corridor_sim.bench.gas_peer import BAR, INLET_BAR, LENGTHS_M, LinearGas, march

FLOWS = [50.0, 200.0, 500.0, 650.0]
CODE = """
import json, sys
from corridor_sim.bench.gas_peer import LinearGas, pandapipes_net, solve_pandapipes
found = [solve_pandapipes(pandapipes_net(flow, LinearGas())).tolist() for flow in json.loads(sys.argv[1])]
print(json.dumps(found))
"""


def test_pressure_falls_from_pipe_to_pipe_and_with_flow():
    found = march(np.array([200.0, 600.0]), LinearGas())
    assert found.shape == (LENGTHS_M.size, 2)
    assert np.all(np.diff(np.vstack([[INLET_BAR * BAR] * 2, found]), axis=0) < 0)
    assert np.all(found[:, 1] < found[:, 0])


@pytest.mark.skipif(find_spec("pandapipes") is None, reason="pandapipes is not installed: [gas-peer]")
def test_live_pandapipes_gives_the_same_pressures():
    """In a process of its own: what pandapipes imports changes matplotlib for everybody."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, json.dumps(FLOWS)], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    theirs = np.array(json.loads(done.stdout.splitlines()[-1])).T
    assert march(np.array(FLOWS), LinearGas()) == pytest.approx(theirs, rel=3e-6)
