"""Compiled functions as they are written: called one by one, none is compiled for a test alone."""

from types import ModuleType

import pytest

from corridor_sim.engines.vectorised import agenda, loop_attended, loop_calendars, loop_pools, loop_tracks


@pytest.fixture
def as_written(monkeypatch) -> ModuleType:
    """Leave what facilities that wake do, and all that it calls, uncompiled; return the module of single tracks."""
    for module in (agenda, loop_calendars, loop_tracks, loop_attended, loop_pools):
        for name, thing in list(vars(module).items()):
            if hasattr(thing, "py_func"):
                monkeypatch.setattr(module, name, thing.py_func)
    return loop_tracks
