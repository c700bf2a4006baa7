"""What figures read from a stored result."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from corridor_sim.plots.result_view import ResultView


def test_measured_time_and_footer(view):
    assert view.measured == (datetime(2025, 3, 4, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))
    assert view.years == pytest.approx(28 / 365)
    assert view.months == ["2025-03"]
    assert "Scenario tiny; 4 Mar 2025 to 31 Mar 2025 (warm-up left out); 3 replications; seed 1." in view.footer
    assert "engine vector" in view.footer


def test_periods_that_were_not_kept(view, of_periods):
    assert view.calendar_years == ["2025"]
    coarse = of_periods(["all"])
    assert coarse.months == coarse.calendar_years == []
    assert coarse.measured == view.measured


def test_a_bare_manifest_is_enough(result, network):
    view = ResultView(replace(result, manifest={"case_id": "x"}, scenario_yaml=""), network)
    assert view.measured == (datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))
    assert view.footer.startswith("Scenario not named; 1 Mar 2025")
    assert view.flow_routes == {}
    assert not view.is_background("BOXES")


def test_places_have_words(view):
    assert view.place_name("CUSTOMS") == "customs, Yalama"
    assert view.place_name("RU_SAM>AZ_YAL") == "train path, Samur to Yalama"
    assert view.place_name("unheard of") == "unheard of"
    assert view.places.loc["CRANE", "node"] == "AZ_SUM"
    assert view.places.loc["CRANE", "kind"] == "crane"


def test_results_without_names_fall_back_to_ids(result, network):
    stages = result.stages.drop(columns=["place_name", "place_kind"])
    view = ResultView(replace(result, stages=stages), network)
    assert view.place_name("CRANE") == "CRANE"
    assert view.place_name("RU_SAM>AZ_YAL") == "train path, Samur to Yalama"


def test_flows_and_routes(view):
    assert view.flow_routes == {"BOXES": ("samur", "south"), "TIMBER": ("samur", "south")}
    assert view.flow_name("TIMBER") == "timber to Sumgait and Baku"
    assert view.routes == ["samur"]
    assert view.post_nodes == {"samur_rail": ["RU_SAM", "AZ_YAL"]}


def test_means_are_those_of_the_summary(view, result):
    summary = result.summary().set_index(["kpi", "subject", "period"])["mean"]
    assert view.means("transit_mean_h", "flow")["BOXES"] == summary["transit_mean_h", "flow:BOXES", "all"]
    assert view.means("utilisation_frac", "place", "2025-03")["CRANE"] == pytest.approx(
        summary["utilisation_frac", "place:CRANE", "2025-03"]
    )
    assert view.means("no such", "place").empty


def test_worst_places_by_tonnes_waiting(view, with_kpis):
    assert view.worst_places(3)[0] == "CUSTOMS"
    load_t = view.means("throughput_t", "place") / view.means("throughput_units", "place")
    assert view.waiting_t["CUSTOMS"] == pytest.approx(
        view.means("queue_mean_n", "place")["CUSTOMS"] * load_t["CUSTOMS"]
    )
    crane = with_kpis({("queue_mean_n", "place:CRANE"): 1000.0, ("queue_mean_n", "place:CUSTOMS"): 0.0})
    assert crane.worst_places(5) == ["CRANE", "RU_SAM>AZ_YAL"]
