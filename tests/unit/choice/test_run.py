"""The run that follows the search, and what its folder keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from typer.testing import CliRunner

import corridor_sim as cs
from corridor_sim.analysis.route_choice import by_route, diverted
from corridor_sim.choice.run import simulate_with_choice
from corridor_sim.cli.app import app
from tests.support.choices import gate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def short(tmp_path: Path) -> Path:
    gate(tmp_path, ("end: 2026-01-01", "end: 2025-05-01"), ("period: year", "period: month"))
    return tmp_path / "gate.yaml"


def test_a_scenario_without_choice_is_run_as_it_is() -> None:
    scenario = cs.load_scenario("tiny")
    result = simulate_with_choice(scenario, replications=1)
    assert result.route_choice is None
    assert result.manifest["scenario_digest"] == scenario.digest


def test_the_folder_keeps_choice_search_and_scenario(short: Path, tmp_path: Path) -> None:
    told: list[int] = []
    result = simulate_with_choice(cs.load_scenario(short), replications=2, looking=lambda k, _: told.append(k))
    assert result.route_choice is not None
    assert result.route_choice_convergence is not None
    assert told == list(result.route_choice_convergence["iteration"])
    again = cs.load_result(result.save(tmp_path / "out"))
    assert again.manifest["route_choice"]["converged"]
    kpis = again.summary().set_index(["kpi", "subject", "period"])["mean"]
    routes = by_route(result.route_choice)
    assert kpis["chosen_t", "market:M/gate", "all"] == pytest.approx(routes["tonnes"]["M", "gate"])
    assert kpis["chosen_share_frac"].xs("all", level="period").sum() == pytest.approx(1)
    march = result.route_choice.query("route == 'round' and period == '2025-03'")["usd_per_t"].iloc[0]
    assert kpis["generalised_cost_usd_per_t", "market:M/round", "2025-03"] == pytest.approx(march)
    for name in ("route_choice", "route_choice_convergence"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(result, name), check_dtype=False, rtol=1e-5)


def test_what_was_run_runs_again_without_a_search_and_searches_no_more(short: Path, tmp_path: Path) -> None:
    """The resolved scenario has its tonnes worked in: run as it is it gives the same, a new search stops at once."""
    result = simulate_with_choice(cs.load_scenario(short), replications=2)
    resolved = result.save(tmp_path / "out") / "scenario.resolved.yaml"
    again = cs.load_scenario(resolved)
    assert again.digest == result.manifest["scenario_digest"]
    kpis = result.kpis[~result.kpis["subject"].str.startswith("market:")].reset_index(drop=True)
    pd.testing.assert_frame_equal(cs.simulate(again, replications=2).kpis, kpis)
    found = cs.find_equilibrium(again)
    assert len(found.convergence) == 1
    assert result.route_choice is not None
    pd.testing.assert_series_equal(found.table["volumes_t"], result.route_choice["volumes_t"])
    pd.testing.assert_series_equal(found.table["tonnes"], result.route_choice["tonnes"], rtol=1e-9)


def test_the_command_tells_who_goes_where(short: Path, tmp_path: Path) -> None:
    out = CliRunner().invoke(app, ["run", str(short), "--out", str(tmp_path / "out"), "--workers", "1"])
    assert out.exit_code == 0, out.output
    text = " ".join(out.output.split())
    for part in ("Route choice: timber", "Search for the equilibrium", "Equilibrium after", "go by simulated routes"):
        assert part in text
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert names >= {"route_choice.csv", "route_choice_convergence.csv"}
    assert names >= {"route-shares.png", "route-costs.png", "route-convergence.png"}
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["route_choice"]["converged"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "What the routes cost" in page


def test_a_search_that_fails_is_said(short: Path, tmp_path: Path) -> None:
    command = ["run", str(short), "--out", str(tmp_path / "out"), "--workers", "1", "--no-figures"]
    out = CliRunner().invoke(app, [*command, "--set", "route_choice.iterations=1", "--set", "costs.TOLL.rate=9 USD/t"])
    assert out.exit_code == 0, out.output
    assert "NO equilibrium within 1 run of the engine" in " ".join(out.output.split())


def test_sums_by_route_and_what_became_of_all(short: Path) -> None:
    table = cs.find_equilibrium(cs.load_scenario(short)).table
    routes = by_route(table)
    said = diverted(table)
    assert routes["share"].sum() == pytest.approx(1)
    assert routes["tonnes"].sum() == pytest.approx(routes["volumes_t"].sum()) == pytest.approx(said["volumes_t"])
    assert said["volumes_t"] == pytest.approx(said["simulated_t"] + said["reference_t"] + said["not_sent_t"])
    assert said["moved_t"] == pytest.approx(routes["change_t"].abs().sum() / 2)
