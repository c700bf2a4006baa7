"""The line beside pandapipes; its own side is a chain of pipes, tested live where pandapipes is installed."""

import warnings
from importlib.util import find_spec

import numpy as np
import pytest

from corridor_sim.bench.gas_peer import BAR, INLET_BAR, LENGTHS_M, LinearGas, march, pandapipes_net, solve_pandapipes


def test_pressure_falls_from_pipe_to_pipe_and_with_flow():
    found = march(np.array([200.0, 600.0]), LinearGas())
    assert found.shape == (LENGTHS_M.size, 2)
    assert np.all(np.diff(np.vstack([[INLET_BAR * BAR] * 2, found]), axis=0) < 0)
    assert np.all(found[:, 1] < found[:, 0])


@pytest.mark.skipif(find_spec("pandapipes") is None, reason="pandapipes is not installed: [gas-peer]")
@pytest.mark.parametrize("flow", [50.0, 200.0, 500.0, 650.0])
def test_live_pandapipes_gives_the_same_pressures(flow):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # its dependencies warn of their own
        theirs = solve_pandapipes(pandapipes_net(flow, LinearGas()))
    ours = march(np.array([flow]), LinearGas())[:, 0]
    assert ours == pytest.approx(theirs, rel=3e-6)
