"""Delay against trains a day of a line alone."""

from pathlib import Path

import numpy as np
import pytest

import corridor_sim as cs
from corridor_sim.analysis.delay_curve import find_line, line_alone, scott_of
from corridor_sim.cli.app import run_command
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.network import load_network
from corridor_sim.scenario import Scenario

LINE = "RU_DER-RU_SAM"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("line") / "s.yaml"
    text = cs.load_scenario("tiny").resolved_yaml()
    track = "{loop_every: 12 km, run_speed: 40 km/h, headway: 15 min, working: 6 min, reserved: 0.2}"
    path.write_text(f"{text}\nsingle_tracks:\n  {LINE}: {track}\n", encoding="utf-8")
    return cs.load_scenario(path)


def test_one_train_a_month_is_never_late(scenario: Scenario) -> None:
    result = cs.simulate(line_alone(scenario, LINE, 0.05), replications=2)
    found = result.summary().query("kpi == 'transit_mean_h' and subject == 'all' and period == 'all'")["mean"]
    section = load_network().section("RU_DER", "RU_SAM", "rail")
    assert section is not None
    assert found.iloc[0] == pytest.approx(section.km / 40, abs=1e-4)  # ticks of the grid, one per stage


def test_scotts_trains_leave_other_traffic_its_share(scenario: Scenario) -> None:
    network = load_network()
    section = network.section("RU_DER", "RU_SAM", "rail")
    assert section is not None
    stretch_h = section.km / round(section.km / 12) / 40
    assert scott_of(scenario, network, LINE) == pytest.approx(24 * 0.7 / (stretch_h + 0.1) * 0.8)


def test_a_line_that_is_none(scenario: Scenario) -> None:
    assert find_line(scenario, "RU_SAM-RU_DER")[0] == LINE
    with pytest.raises(ScenarioError, match="did you mean 'RU_DER-RU_SAM'"):
        find_line(scenario, "RU_DER-RU_SAMM")
    with pytest.raises(ScenarioError, match="the scenario has none"):
        find_line(cs.load_scenario("tiny"), LINE)


def test_delay_grows_with_the_trains_and_without_bound(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--line", LINE, "--replications", "2", "--out", str(tmp_path)]
    assert run_command(["line-capacity", scenario.file, *options]) == 0
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines() if "%" in line and "±" in line]
    means = np.array([float(row[3].split("±")[0]) for row in rows])
    assert len(rows) == 13
    assert (np.diff(means[::3]) > 0).all()
    assert means[-1] > 5 * means[6]
    assert (tmp_path / f"line-capacity-{LINE}.png").read_bytes().startswith(b"\x89PNG")
