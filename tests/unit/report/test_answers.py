"""The answers say what the KPIs say, and name a fault before all else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from corridor_sim.plots.result_view import ResultView
from corridor_sim.report.answers import answers, gains


def said(view):
    return {a.key: a for a in answers(view)}


def with_kpi(result, kpi, subject, value):
    chosen = (result.labels["kpi"] == kpi) & (result.labels["subject"] == subject)
    assert chosen.any()
    values = np.array(result.values)
    values[:, chosen.to_numpy()] = value
    return ResultView(replace(result, values=values))


def test_the_five_questions_are_answered_from_the_kpis(view):
    found = said(view)
    assert list(found) == ["days", "carried", "limits", "helps", "sure"]
    days = view.means("transit_mean_h", "route")["samur"] / 24
    assert found["days"].headline == f"{days:.1f} days"
    kt = view.means("throughput_t", "route")["samur"] / view.years / 1000
    assert found["carried"].headline.startswith(f"{kt:.3g} kt")
    assert view.place_name(view.worst_places(1)[0]) in found["limits"].headline
    assert "3 replications" in found["sure"].lines[0]


def test_gains_of_a_route_add_up_to_its_queueing(view):
    """The bounds are parts of one whole: the queueing of the mean trip."""
    queueing = view.means("time_queueing_h", "route")["samur"] / 24
    assert sum(g.days for g in gains(view) if g.route == "samur") == pytest.approx(queueing, rel=1e-3)


def test_an_overloaded_place_is_named_first(result):
    found = said(with_kpi(result, "offered_load_frac", "place:CRANE", 1.37))
    assert found["limits"].headline == "1 place gets more work than it can do"
    assert "load 137 %" in found["limits"].lines[0]
    assert "grows by" in found["limits"].lines[0]


def test_a_key_to_turn_is_named(view):
    assert any("queues.CUSTOMS.servers (now 1)" in line for line in said(view)["helps"].lines)


def test_a_wide_interval_is_called_wide(result):
    rows = ((result.labels["kpi"] == "transit_mean_h") & (result.labels["subject"] == "all")).to_numpy()
    values = np.array(result.values)
    values[:, rows] = np.array([40.0, 60.0, 80.0])[:, None]
    assert "wide" in said(ResultView(replace(result, values=values)))["sure"].headline


def test_one_replication_says_so(result):
    one = replace(result, values=np.array(result.values[:1]), replications=(0,))
    assert said(ResultView(one))["sure"].headline.startswith("One replication")


def test_nothing_delivered(result):
    nothing = replace(
        result, labels=result.labels.iloc[:0], values=result.values[:, :0], stages=result.stages.iloc[:0], trace=None
    )
    found = said(ResultView(nothing))
    assert found["days"].headline == "Nothing was delivered"
    assert found["limits"].headline == "Nothing waits"


def test_keys_of_fleets_that_are_listed_by_date_are_named(result):
    text = result.scenario_yaml.replace(
        "    servers: 1\n", "    servers:\n    - n: 4\n    - {n: 1, from: 2025-12-27}\n"
    )
    assert text != result.scenario_yaml
    lines = said(ResultView(replace(result, scenario_yaml=text)))["helps"].lines
    assert any("queues.CUSTOMS.servers (now 4 + 1)" in line for line in lines)


def test_chance_stands_beside_the_observations_that_are_met(result):
    table = pd.DataFrame({"set": "calibration", "p50": [1.0, 2.0, 3.0], "inside": [True, False, True]})
    assert said(ResultView(replace(result, calibration=table)))["sure"].headline.endswith("; 2 of 3 observations met")
    assert "observations" not in said(ResultView(result))["sure"].headline
