"""Peak memory of a process of its own."""

import sys

import pytest

from corridor_sim.bench import memory

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell")


def hold(n_mib: int) -> None:
    """Touch so much memory and give it back."""
    block = bytearray(n_mib << 20)
    block[:: 1 << 12] = b"x" * len(block[:: 1 << 12])


def test_what_was_given_back_counts_too():
    small, large = memory.peak_mib(hold, 1), memory.peak_mib(hold, 201)
    assert large - small == pytest.approx(200, rel=0.2)


def test_the_peak_of_the_parent_does_not_count():
    before = memory.own_peak_mib()
    hold(300 + int(before))
    assert memory.peak_mib(hold, 1) < before + 200


def test_without_the_status_file_the_system_is_asked(monkeypatch, tmp_path):
    told = memory.own_peak_mib()
    monkeypatch.setattr(memory, "STATUS", tmp_path / "none")
    assert memory.own_peak_mib() == pytest.approx(told, rel=0.5)
