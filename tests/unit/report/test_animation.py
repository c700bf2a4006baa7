"""Consignments on the map move when the trace says, along the lines that they take."""

import base64
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from corridor_sim.plots.result_view import ResultView
from corridor_sim.report import animation
from corridor_sim.report.animation import NEVER, TICK_H, animation_data, trips_of


@pytest.fixture(scope="module")
def data(view):
    return animation_data(view)


def times_of(data):
    flat = np.frombuffer(base64.b64decode(data["times"]), dtype="<u2").astype(float)
    tables, read = [], 0
    for itinerary in data["itineraries"]:
        size = itinerary["n"] * len(itinerary["moves"]) * 2
        tables.append(flat[read : read + size].reshape(itinerary["n"], -1, 2))
        read += size
    assert read == flat.size
    return tables


def test_the_moves_of_a_consignment_are_those_of_the_trace(view):
    trace = view.result.trace
    first = trace[trace["replication"] == 0]
    n = 0
    for trips in trips_of(view, trace):
        assert all(move.ends[1] == after.ends[0] for move, after in zip(trips.moves, trips.moves[1:], strict=False))
        n += np.count_nonzero(~np.isnan(trips.times_h[..., 0]))
    stages = view.result.stages
    moving = stages[(stages["replication"] == 0) & (stages["kind"] == "travel")]["stage_id"]
    assert n == (first["stage_id"].isin(moving) & (first["unit_idx"] == 0)).sum()


def test_times_survive_their_packing(view, data):
    begin_h = float(view.result.manifest["warm_up_h"])
    shown = 0
    for trips, table in zip(trips_of(view, view.result.trace), times_of(data), strict=True):
        ends = trips.times_h[..., 1]
        kept = trips.times_h[np.where(np.isnan(ends), np.inf, ends).max(axis=1) > begin_h]
        there = (table[..., 1] != NEVER) & ~np.isnan(kept[..., 1]) & (kept[..., 0] > begin_h)
        assert np.allclose(table[there] * TICK_H + begin_h, kept[there], atol=TICK_H / 2 + 1e-9)
        shown += there.sum()
    assert shown > 10


def test_every_line_has_a_mode_and_a_shape(data):
    assert {line["mode"] for line in data["lines"]} <= {"rail", "road", "sea"}
    assert all(len(line["points"]) > 1 for line in data["lines"])
    used = {abs(m) for i in data["itineraries"] for m in i["moves"]}
    assert used == set(range(1, len(data["lines"]) + 1))


def test_many_consignments_are_thinned_and_the_page_says_so(view, data):
    with mock.patch.object(animation, "MOST_MOVES", 20):
        thin = animation_data(view)
    assert sum(i["n"] * len(i["moves"]) for i in thin["itineraries"]) < 40
    assert "One of" in thin["note"]
    assert "One of" not in data["note"]


def test_no_trace_no_animation(result):
    assert animation_data(ResultView(replace(result, trace=None))) is None
