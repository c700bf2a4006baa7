"""Fitting a border post: what made the observations is found again, and what cannot be fitted is said."""

from pathlib import Path

import pytest

import corridor_sim as cs
from corridor_sim.analysis.post_calibration import Observed, calibrate_post, times_at_post, with_times
from corridor_sim.cli.app import run_command
from corridor_sim.cli.calibrate import FITS_FRAC, _runner
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.scenario import Scenario

POST, PATH = "samur_rail", "queues.CUSTOMS.service"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return cs.load_scenario("tiny", overrides={"queues.CUSTOMS.service": {"gamma": {"mean": "5 h", "cv": 0.5}}})


def closed_form(scenario: Scenario) -> tuple[float, float]:
    """A post without a queue: the mean is that of the time, and its 95th percentile one of a normal distribution."""
    time = scenario.queues["CUSTOMS"].service
    assert time.mean is not None
    assert time.cv is not None
    return time.mean, time.mean * (1 + 1.645 * time.cv)


def test_factor_and_spread_are_found_again(scenario: Scenario) -> None:
    truth = with_times(scenario, {PATH: times_at_post(scenario, POST, "south")[PATH].__class__(
        "gamma", "h", mean=8.0, cv=0.9)})  # fmt: skip
    mean_h, p95_h = closed_form(truth)
    found = calibrate_post(scenario, Observed(POST, "south", mean_h, 95, p95_h), closed_form)
    assert found.before_h == closed_form(scenario)
    assert found.scale == pytest.approx(8 / 5, rel=0.03)
    assert found.cv == pytest.approx(0.9, rel=0.08)
    assert found.misfit_frac < 0.02
    assert not found.at_bound


def test_means_stay_within_their_ranges() -> None:
    service = {"gamma": {"mean": "5 h", "cv": 0.5}, "range": [4, 6]}
    scenario = cs.load_scenario("tiny", overrides={"queues.CUSTOMS.service": service})
    found = calibrate_post(scenario, Observed(POST, "south", 20.0, 95, 40.0), closed_form)
    assert found.scale == pytest.approx(1.2)
    assert "the factor on the means, 0.8 to 1.2 by their ranges" in found.at_bound
    assert found.misfit_frac > 0.5


def test_the_fit_holds_when_it_is_simulated(scenario: Scenario) -> None:
    observed = Observed(POST, "south", 0.0, 95, 0.0)
    run = _runner(observed, replications=2, seed=3)
    truth = cs.load_scenario("tiny", overrides={"queues.CUSTOMS.service": {"gamma": {"mean": "4 h", "cv": 1.0}}})
    mean_h, p95_h = run(truth)
    found = calibrate_post(scenario, Observed(POST, "south", mean_h, 95, p95_h), run)
    assert found.misfit_frac < FITS_FRAC
    again = cs.load_scenario("tiny", overrides=dict(found.changes))
    assert run(again) == pytest.approx(found.after_h, rel=0.01)  # what is written has five digits


def test_posts_that_cannot_be_fitted(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"no border post 'samur_ral'; did you mean 'samur_rail'\?"):
        times_at_post(scenario, "samur_ral", "south")
    with pytest.raises(ScenarioError, match="nothing going north takes time there"):
        times_at_post(scenario, POST, "north")
    with pytest.raises(ScenarioError, match="nobody crosses there in the measured time"):
        calibrate_post(scenario, Observed(POST, "south", 9, 95, 30), lambda _: (float("nan"), float("nan")))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mean", "9 h"], "give one percentile beside the mean"),
        (["--mean", "9 h", "--p95", "30 h", "--p50", "7 h"], "give one percentile beside the mean"),
        (["--mean", "9 km", "--p95", "30 h"], "--mean: "),
        (["--mean", "9 h", "--p95", "7 h"], "--p95: lies below the mean of 9 h"),
        (["--mean", "9 h", "--p95", "30 h", "--direction", "west"], "'west' is no direction"),
        (["--mean", "9 h", "--p95", "30 h", "--out", "nowhere/fit.yaml"], "is no folder"),
    ],
)
def test_options_that_make_no_sense(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["calibrate-post", "tiny", POST, *arguments]) == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_the_command_writes_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "fit.yaml"
    options = ["--mean", "12 h", "--p95", "40 h", "--replications", "1", "--out", str(out)]
    assert run_command(["calibrate-post", "tiny", POST, *options]) == 0
    assert "observed" in capsys.readouterr().out
    text = out.read_text(encoding="utf-8")
    assert "changes:\n" in text
    assert "grade: C" in text
