"""The trust ledger: how much of each headline answer's spread rests on grade A, B and C numbers, and on which ones."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from corridor_sim.analysis.money_and_carbon import LEFT_OUT
from corridor_sim.analysis.spread import LEAST_CASES, Spread, share_out
from corridor_sim.foundation.errors import Problem, ResultError, ScenarioError
from corridor_sim.scenario.provenance import GRADES
from corridor_sim.scenario.uncertain import DEFAULT_HALF_FRAC, uncertain_numbers
from corridor_sim.sweep.probe import as_changes, kpi_columns, run_case, run_probes

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from corridor_sim.results import RunResult
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.uncertain import Uncertain
    from corridor_sim.sweep.probe import Progress

    Floats = npt.NDArray[np.float64]

N_PLACES = 3
"""Places whose queues are headline answers: those where most wait."""
N_NUMBERS = 10
CLEARLY = 0.05
"""By how much more of the variance between cases the logarithm must be predicted to be taken."""
FILE, TABLE, NUMBERS = "trust.json", "trust.csv", "trust-numbers.csv"
NUMBER_COLUMNS = (
    "path", "name", "value", "unit", "grade", "low", "high", "is_stated", "source", "n_places", "answer", "share",
    "share_low", "share_high",
)  # fmt: skip


@dataclass(frozen=True)
class Headline:
    """An answer whose spread is shared out."""

    kpi: str
    subject: str
    name: str
    unit: str
    factor: float = 1.0
    """From the KPI's unit to that shown."""


@dataclass(frozen=True)
class TrustLedger:
    """The ledger of a scenario.

    Attributes
    ----------
    answers
        One row per headline answer: name, unit, mean, sd, scale (whether the spread of the answer or of its
        logarithm is shared out), share_A .. share_C with _low and _high, luck, rest,
        explained, predicted, smallest.
    numbers
        One row per number and answer on whose spread it has a share: path, name, grade, source, value, low, high,
        is_stated, answer, share, share_low, share_high.
    about
        Scenario, cases, replications, seed, numbers of each grade, default ranges.
    """

    answers: pd.DataFrame
    numbers: pd.DataFrame
    about: dict[str, Any]

    def first(self, n: int = N_NUMBERS) -> pd.DataFrame:
        """Return the numbers worth measuring first: by the mean of their shares over all answers.

        Returns
        -------
        pandas.DataFrame
            path, name, grade, source, value, low, high, is_stated, unit, mean_share, and the answer it weighs most
            on with its share and interval.
        """
        if self.numbers.empty:
            return self.numbers.assign(mean_share=[])
        table = self.numbers.sort_values("share", ascending=False, kind="stable")
        most = table.drop_duplicates("path").set_index("path")
        most["mean_share"] = table.groupby("path")["share"].sum() / len(self.answers)
        return most.sort_values("mean_share", ascending=False, kind="stable").head(n).reset_index()

    def save(self, folder: Path) -> None:
        """Write the tables, and all of it as JSON for the report."""
        folder.mkdir(parents=True, exist_ok=True)
        self.answers.to_csv(folder / TABLE, index=False)
        self.first(len(self.numbers) or 1).to_csv(folder / NUMBERS, index=False)
        content = {
            "about": self.about,
            "answers": json.loads(self.answers.to_json(orient="records")),
            "numbers": json.loads(self.numbers.to_json(orient="records")),
        }
        (folder / FILE).write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def load_ledger(folder: Path) -> TrustLedger | None:
    """Read the ledger that was saved in a folder; None when there is none.

    Raises
    ------
    ResultError
        When the file is no ledger.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        numbers = pd.DataFrame(content["numbers"], columns=list(NUMBER_COLUMNS))
        return TrustLedger(pd.DataFrame(content["answers"]), numbers, dict(content["about"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{path}: is no trust ledger; write it anew with corridor-sim trust") from error


def run_trust(
    scenario: Scenario,
    *,
    cases: int = 200,
    replications: int = 2,
    seed: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> TrustLedger:
    """Draw all uncertain numbers at once from their ranges, run, and share the answers' spread out.

    Parameters
    ----------
    scenario
        Whose answers.
    cases
        Size of the Latin hypercube.
    replications
        Of every case, on the same random numbers in all; two at least, to tell luck from numbers.
    seed
        Of the draws; the scenario's own when absent.
    workers
        Processes; the numbers do not depend on it.
    progress
        Called with (cases done, cases in all).

    Raises
    ------
    ScenarioError
        When the scenario carries no freight or states no uncertain number, or the cases are too few.
    """
    numbers = uncertain_numbers(scenario)
    _check(scenario, numbers, cases, replications)
    seed = scenario.run.seed if seed is None else seed
    headlines = headline_answers(scenario, run_case(scenario, 1, seed))
    points = np.asarray(qmc.LatinHypercube(len(numbers), rng=np.random.default_rng(seed)).random(cases))
    values = run_probes(
        scenario, as_changes(numbers, points), replications=replications, seed=seed, workers=workers, progress=progress,
        wanted=[(h.kpi, h.subject) for h in headlines],
    )  # fmt: skip
    about = {
        "scenario": scenario.name, "title": str(scenario.title), "cases": cases, "replications": replications,
        "seed": seed, "numbers": {g: sum(n.grade == g for n in numbers) for g in GRADES},
        "without_range": {g: sum(n.grade == g and not n.is_stated for n in numbers) for g in GRADES},
        "default_half_frac": DEFAULT_HALF_FRAC,
    }  # fmt: skip
    return ledger_of(numbers, points, values, headlines, about)


def _check(scenario: Scenario, numbers: list[Uncertain], cases: int, replications: int) -> None:
    problems = []
    if not scenario.flows:
        problems.append(Problem("flows", f"{scenario.name} carries no freight, whose answers are looked into"))
    elif not numbers:
        problems.append(Problem("", f"{scenario.name} has no number with a grade", None, "write grade: C beside them"))
    if cases < LEAST_CASES:
        problems.append(Problem("--cases", f"{cases} are too few, expected {LEAST_CASES} at least"))
    if replications < 2:
        problems.append(Problem("--replications", "luck cannot be told from numbers with one, expected 2 at least"))
    if problems:
        raise ScenarioError(problems)


def headline_answers(scenario: Scenario, base: RunResult) -> list[Headline]:
    """Choose the answers: days by route, tonnes, money, carbon, and the queues where most wait in a run of the base."""
    routes = list(dict.fromkeys(f.route for f in scenario.flows.values() if f.route not in LEFT_OUT))
    found = [
        Headline("transit_mean_h", f"route:{r}", f"days, {r.replace('_', ' ')}", "d", 1 / 24) for r in routes
    ]  # fmt: skip
    found += [
        Headline("throughput_t", "all", "tonnes delivered", "Mt", 1e-6),
        Headline("cost_usd_per_t", "all", "cost per tonne", "USD/t"),
        Headline("cost_usd_per_teu", "all", "cost per TEU", "USD/TEU"),
        Headline("co2e_wtw_kg_per_t", "all", "CO2e per tonne", "kg/t"),
    ]
    waiting = {q: float(kpi_columns(base, [("queue_mean_n", f"place:{q}")])[0, 0]) for q in scenario.queues}
    worst = sorted((q for q in waiting if waiting[q] > 0), key=lambda q: -waiting[q])[:N_PLACES]
    found += [Headline("queue_mean_n", f"place:{q}", f"waiting: {scenario.queues[q].name}", "1") for q in worst]
    there = ~np.isnan(kpi_columns(base, [(h.kpi, h.subject) for h in found])[0])
    return [h for h, is_there in zip(found, there, strict=True) if is_there]


def ledger_of(
    numbers: list[Uncertain], points: Floats, values: Floats, headlines: list[Headline], about: dict[str, Any]
) -> TrustLedger:
    """Share the spread of every answer out over numbers and grades.

    Parameters
    ----------
    numbers, points
        What was varied, and (n_cases, n_numbers) where in its range.
    values
        (n_cases, n_replications, n_answers).
    headlines, about
        The answers, and what is said of the run.
    """
    groups = [GRADES.index(n.grade) for n in numbers]
    rows, shares = [], []
    for k, headline in enumerate(headlines):
        own = values[:, :, k] * headline.factor
        found, scale = _on_better_scale(points, own, groups, k)
        row: dict[str, Any] = {"answer": headline.name, "kpi": headline.kpi, "subject": headline.subject}
        row |= {"unit": headline.unit, "mean": float(np.nanmean(own)), "sd": float(np.nanstd(own)), "scale": scale}
        for g, grade in enumerate(GRADES):
            row |= {f"share_{grade}": found.group_share[g], f"share_{grade}_low": found.group_low[g]}
            row |= {f"share_{grade}_high": found.group_high[g]}
        row |= {"luck": found.luck, "rest": found.rest, "explained": found.explained, "predicted": found.predicted}
        rows.append({**row, "smallest": found.smallest})
        for i in np.flatnonzero(found.share > 0):
            known = {n: v for n, v in asdict(numbers[i]).items() if n not in {"paths", "is_whole"}}
            shares.append({
                **known, "n_places": len(numbers[i].paths), "answer": headline.name, "share": found.share[i],
                "share_low": found.low[i], "share_high": found.high[i],
            })  # fmt: skip
    return TrustLedger(pd.DataFrame(rows), pd.DataFrame(shares, columns=list(NUMBER_COLUMNS)), about)


def _on_better_scale(points: Floats, values: Floats, groups: list[int], seed: int) -> tuple[Spread, str]:
    """Share an answer out as it is, or its logarithm where that is clearly better predicted: queues grow by factors."""
    plain = share_out(points, values, groups, len(GRADES), seed=seed)
    if not np.nanmin(values) > 0:
        return plain, "plain"
    log = share_out(points, np.log(values), groups, len(GRADES), seed=seed)
    return (log, "log") if log.predicted > plain.predicted + CLEARLY else (plain, "plain")
