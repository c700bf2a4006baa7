"""Calibration of a scenario: a known truth is found again, within the ranges, whatever the workers."""

from pathlib import Path

import pandas as pd
import pytest

import corridor_sim as cs
from corridor_sim.cli.app import run_command
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import Scenario
from corridor_sim.scenario.uncertain import uncertain_numbers, value_at
from corridor_sim.sweep.calibrate import Effort, calibrate, changes_of
from corridor_sim.sweep.probe import run_case

CUSTOMS, PAPERS = "queues.CUSTOMS.service", "holds.PAPERS.duration"
NUMBERS = {
    CUSTOMS: "{gamma: {mean: %s h, cv: 0.5}, range: [2, 9], source: made up, grade: C}",
    PAPERS: "{lognormal: {mean: %s h, cv: 0.5}, range: [6, 36], source: made up, grade: C}",
}
TARGETS = """
calibration:
  DOOR: {{quantity: boxes, measure: {{time_d: {{itinerary: BOXES_RAIL}}}}, low: {0}, mid: {1}, high: {2}, unit: d, set: calibration, grade: A}}
  BORDER: {{quantity: customs, measure: {{dwell_h: {{itinerary: TIMBER_RAIL, nodes: [AZ_YAL]}}}}, statistic: mean, low: {3}, mid: {4}, high: {5}, unit: h, set: calibration, grade: A}}
  CHECK: {{quantity: timber, measure: {{time_d: {{itinerary: TIMBER_RAIL}}}}, low: 1, mid: 2, high: 3, unit: d, set: crosscheck, grade: C}}
"""  # noqa: E501
EFFORT = Effort(cases=24, screening=24, steps=6, replications=2, final_replications=2)
TRUE_H = {CUSTOMS: 6.0, PAPERS: 24.0}


def scenario_of(folder: Path, values: dict[str, float], observed: list[float]) -> Scenario:
    text = cs.load_scenario("tiny").resolved_yaml() + TARGETS.format(*observed)
    path = folder / f"s{len(list(folder.iterdir()))}.yaml"
    path.write_text(text, encoding="utf-8")
    overrides = {p: NUMBERS[p] % v for p, v in values.items()}
    return cs.load_scenario(path, overrides=overrides)


def observed_of(scenario: Scenario) -> list[float]:
    table = run_case(scenario, 2, scenario.run.seed).calibration
    assert table is not None
    rows = table.set_index("target")
    door, border = rows.loc["DOOR", "p50"], rows.loc["BORDER", "mean"]
    return [door * 0.95, door, door * 1.05, border * 0.9, border, border * 1.1]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("calibrate")
    truth = scenario_of(folder, TRUE_H, [1, 2, 3, 1, 2, 3])
    return scenario_of(folder, {CUSTOMS: 4.0, PAPERS: 10.0}, observed_of(truth))


def test_the_truth_is_found_from_its_own_observations(scenario: Scenario) -> None:
    found = calibrate(scenario, list(TRUE_H), effort=EFFORT)
    after = found.parameters.set_index("path")
    assert after.loc[CUSTOMS, "after"] == pytest.approx(6.0, rel=0.08)
    assert after.loc[PAPERS, "after"] == pytest.approx(24.0, rel=0.08)
    assert found.fit.loss_after < 0.1 < found.fit.loss_before
    assert after.loc[CUSTOMS, "known"] > 0.7
    assert after.loc[PAPERS, "known"] > 0.2
    table = found.targets.set_index("target")
    assert table.loc[["DOOR", "BORDER"], "inside_after"].all()
    assert not table.loc[["DOOR", "BORDER"], "inside_before"].any()
    assert list(table["is_fitted"]) == [True, True, False]
    # what is written can be taken again, and means the same
    again = cs.load_scenario(scenario.file, overrides={**{p: NUMBERS[p] % 5 for p in TRUE_H}, **found.changes})
    for path in TRUE_H:
        section, key, field = path.split(".")
        number = getattr(getattr(again, section)[key], field)
        assert number.mean == pytest.approx(after.loc[path, "after"], rel=1e-5)
        assert number.range is not None
        assert number.range[0] <= number.mean <= number.range[1]


def test_workers_do_not_change_a_number(scenario: Scenario) -> None:
    effort = Effort(cases=8, steps=1, replications=1, final_replications=1)
    one, two = (calibrate(scenario, [CUSTOMS], effort=effort, workers=w) for w in (1, 2))
    pd.testing.assert_frame_equal(one.parameters, two.parameters)
    assert one.changes == two.changes


def test_ranges_hold_when_the_observations_ask_for_more(tmp_path: Path) -> None:
    far = scenario_of(tmp_path, {CUSTOMS: 4.0, PAPERS: 10.0}, [9, 10, 11, 90, 100, 110])
    found = calibrate(far, list(TRUE_H), effort=Effort(cases=8, steps=8, replications=1, final_replications=1))
    for row in found.parameters.to_dict("records"):
        assert row["low"] <= row["after"] <= row["high"]
    share = (found.parameters["after"] - found.parameters["low"]) / (found.parameters["high"] - found.parameters["low"])
    assert share.max() > 0.8


def test_the_command_screens_writes_and_its_override_is_taken(scenario: Scenario, tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(scenario.resolved_yaml(), encoding="utf-8")
    out = tmp_path / "c"
    options = ["--cases", "12", "--screening", "24", "--steps", "2", "--replications", "1", "--final", "1"]
    assert run_command(["calibrate", str(base), *options, "--workers", "1", "--quiet", "--out", str(out)]) == 0
    assert {p.name for p in out.iterdir()} == {
        "calibrated.yaml", "calibration.md", "targets.csv", "parameters.csv", "fit.png", "fit.svg",
    }  # fmt: skip
    assert set(pd.read_csv(out / "parameters.csv")["path"]) == set(TRUE_H)
    page = (out / "calibration.md").read_text(encoding="utf-8")
    assert "| DOOR |" in page
    assert "| CHECK (shown only) |" in page
    wider = base.read_text(encoding="utf-8").replace(
        "schema_version: 1", "schema_version: 1\nimport: [c/calibrated.yaml]"
    )
    wider = wider[: wider.index("overrides:")] if "overrides:" in wider else wider
    (tmp_path / "taken.yaml").write_text(wider, encoding="utf-8")
    taken = cs.load_scenario(tmp_path / "taken.yaml", named_overrides=["calibrated"])
    fitted = pd.read_csv(out / "parameters.csv").set_index("path")["after"]
    assert taken.queues["CUSTOMS"].service.mean == pytest.approx(fitted[CUSTOMS], rel=1e-5)


def test_every_number_of_the_baseline_is_written_so_that_it_is_read_again() -> None:
    """Ranges stand in the unit of the value: what is written must, too."""
    base = cs.load_scenario("baseline-2025")
    numbers = [n for n in uncertain_numbers(base) if not n.path.startswith(("demand", "disruptions"))]
    wanted = {path: n.at(0.9) for n in numbers for path in n.paths}
    again = cs.load_scenario("baseline-2025", overrides=dict(changes_of(base, wanted)))
    for path, value in wanted.items():
        found = value_at(again, path)
        now = getattr(found, "n", None) or getattr(found, "value", None) or found.mean_value  # type: ignore[union-attr]
        assert float(now) == pytest.approx(value, rel=1e-5), path


def test_the_shipped_override_is_within_all_ranges() -> None:
    cs.load_scenario("baseline-2025", named_overrides=["calibrated"])


def test_what_is_refused(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="no target of the set calibration"):
        calibrate(cs.load_scenario("tiny"))
    with pytest.raises(ScenarioError, match=r"queues.CUSTOM.service: no uncertain number .*did you mean"):
        calibrate(scenario, ["queues.CUSTOM.service"])
