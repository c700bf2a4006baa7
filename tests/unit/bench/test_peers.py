"""Every peer's tandem gives the departures that follow from the recursion of a single server."""

import numpy as np
import pytest

from corridor_sim.bench.peers import PEERS, is_installed


def recursion(release_h, work_h):
    """Lindley: a departure is the work after the later of the own arrival and the departure of the one before."""
    departures = []
    arrive = release_h
    for work in work_h:
        left, last = [], 0.0
        for a, s in zip(arrive, work, strict=True):
            last = max(a, last) + s
            left.append(last)
        departures.append(left)
        arrive = left
    return np.array(departures)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("peer", PEERS)
def test_departures(peer):
    if not is_installed(peer):
        pytest.skip("not installed")
    rng = np.random.default_rng(1)
    release_h = np.cumsum(rng.exponential(1.25, 60))
    work_h = rng.exponential(1.0, (3, 60))
    assert np.allclose(PEERS[peer](release_h, work_h), recursion(release_h, work_h), rtol=0, atol=1e-9)


def test_simpy_is_always_there():
    assert is_installed("simpy")
    assert not is_installed("no_such_package")
