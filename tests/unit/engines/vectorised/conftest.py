"""Compiled functions as they are written: called one by one, none is compiled for a test alone."""

from types import ModuleType

import pytest

from corridor_sim.engines.vectorised import agenda, loop_calendars, loop_tracks


@pytest.fixture
def as_written(monkeypatch) -> ModuleType:
    """Return the module of single tracks with all that it calls uncompiled."""
    for module in (agenda, loop_calendars, loop_tracks):
        for name, thing in list(vars(module).items()):
            if hasattr(thing, "py_func"):
                monkeypatch.setattr(module, name, thing.py_func)
    return loop_tracks
