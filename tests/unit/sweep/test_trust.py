"""The trust ledger: a function with known shares through the machinery, the tiny corridor through the command."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

import corridor_sim as cs
from corridor_sim.cli.app import run_command
from corridor_sim.foundation.errors import ResultError, ScenarioError
from corridor_sim.plots.trust import draw_trust
from corridor_sim.report.trust import trust_section
from corridor_sim.scenario.uncertain import Uncertain
from corridor_sim.sweep.trust import Headline, ledger_of, load_ledger, run_trust

ABOUT = {"scenario": "made", "cases": 200, "replications": 1, "seed": 1, "numbers": {"A": 10, "B": 10, "C": 10},
         "default_half_frac": {"A": 0.05, "B": 0.15, "C": 0.3}}  # fmt: skip


def number(k: int) -> Uncertain:
    return Uncertain(f"costs.N{k}.rate", (f"costs.N{k}.rate",), f"number {k}", 1.0, "1", "ABC"[k % 3], 0.0, 1.0, True)


def test_shares_of_a_known_function_by_grade_and_number() -> None:
    numbers = [number(k) for k in range(30)]
    points = np.asarray(qmc.LatinHypercube(30, rng=np.random.default_rng(2)).random(200))
    one = 3 * points[:, 2] + 1 * points[:, 0]  # C nine parts, A one
    two = 2 * points[:, 1] + 2 * points[:, 2]  # B and C alike
    values = np.stack([one, 24 * two], axis=1)[:, None, :]
    headlines = [Headline("a", "all", "one", "1"), Headline("b", "all", "two", "d", 1 / 24)]
    ledger = ledger_of(numbers, points, values, headlines, ABOUT)
    found = ledger.answers.set_index("answer")
    assert found.loc["one", ["share_A", "share_B", "share_C"]].to_numpy(float) == pytest.approx([0.1, 0, 0.9], abs=0.03)
    assert found.loc["two", ["share_A", "share_B", "share_C"]].to_numpy(float) == pytest.approx([0, 0.5, 0.5], abs=0.06)
    assert found.loc["two", "mean"] == pytest.approx(2, abs=0.02)
    first = ledger.first()
    assert list(first["path"]) == ["costs.N2.rate", "costs.N1.rate", "costs.N0.rate"]
    assert first["mean_share"].to_numpy() == pytest.approx([0.7, 0.25, 0.05], abs=0.04)
    assert first["answer"].iloc[0] == "one"


def test_a_queue_that_grows_by_factors_is_shared_out_as_its_logarithm() -> None:
    points = np.asarray(qmc.LatinHypercube(30, rng=np.random.default_rng(2)).random(200))
    values = np.exp(6 * points[:, 0] + 3 * points[:, 1])[:, None, None]
    ledger = ledger_of([number(k) for k in range(30)], points, values, [Headline("q", "all", "queue", "1")], ABOUT)
    row = ledger.answers.iloc[0]
    assert row["scale"] == "log"
    assert row[["share_A", "share_B"]].to_numpy(float) == pytest.approx([0.8, 0.2], abs=0.02)
    assert row["mean"] == pytest.approx(values.mean())


def test_the_same_ledger_whatever_the_workers() -> None:
    scenario = cs.load_scenario("tiny", overrides={"run.end": "2025-03-15"})
    one, two = (run_trust(scenario, cases=20, replications=2, workers=w) for w in (1, 2))
    pd.testing.assert_frame_equal(one.answers, two.answers)
    pd.testing.assert_frame_equal(one.numbers, two.numbers)


def test_demand_carries_the_tonnes_of_the_tiny_corridor() -> None:
    ledger = run_trust(cs.load_scenario("tiny"), cases=30)
    tonnes = ledger.answers.set_index("answer").loc["tonnes delivered"]
    assert tonnes["explained"] > 0.95
    assert tonnes[["share_C", "luck", "rest"]].sum() == pytest.approx(1, abs=1e-6)
    assert ledger.first()["path"].iloc[0] == "flows.TIMBER.annual"


def test_the_command_writes_tables_figure_and_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r"
    assert run_command(["run", "tiny", "--replications", "2", "--no-figures", "--quiet", "--out", str(out)]) == 0
    assert run_command(["trust", "tiny", "--cases", "20", "--workers", "1", "--out", str(out)]) == 0
    assert "Worth measuring first" in capsys.readouterr().out
    assert {"trust.csv", "trust-numbers.csv", "trust.json", "trust.png", "trust.svg", "report.html"} <= {
        p.name for p in out.iterdir()
    }
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '<section id="trust">' in page
    assert "tonnes a year, timber to Sumgait and Baku" in page


def test_a_folder_without_a_ledger_and_one_with_a_broken_one(tmp_path: Path) -> None:
    assert trust_section(tmp_path) is None
    (tmp_path / "trust.json").write_text('{"answers": []}', encoding="utf-8")
    with pytest.raises(ResultError, match="is no trust ledger"):
        load_ledger(tmp_path)


def test_a_warning_where_little_is_told(tmp_path: Path) -> None:
    points = np.asarray(qmc.LatinHypercube(30, rng=np.random.default_rng(2)).random(60))
    noise = np.random.default_rng(3).normal(size=(60, 1, 1))
    ledger = ledger_of([number(k) for k in range(30)], points, noise, [Headline("a", "all", "noise", "1")], ABOUT)
    ledger.save(tmp_path)
    section = trust_section(tmp_path)
    assert section is not None
    assert "noise:" in section["warnings"][0]
    assert draw_trust(ledger.answers, ledger.first(), ledger.about).axes


@pytest.mark.parametrize(
    ("scenario", "options", "message"),
    [
        ("tiny", {"cases": 5}, "5 are too few"),
        ("tiny", {"cases": 20, "replications": 1}, "luck cannot be told"),
        ("gas-ramp", {}, "carries no freight"),
    ],
)
def test_what_is_refused(scenario: str, options: dict[str, int], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        run_trust(cs.load_scenario(scenario), **options)
