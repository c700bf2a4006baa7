"""Every KPI is explained, with the unit that it has."""

from types import SimpleNamespace

import numpy as np
import pytest

from corridor_sim.analysis import money_and_carbon
from corridor_sim.choice.run import KPIS as CHOSEN
from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.results.kpi_meanings import MEANINGS, explain_kpi, meaning_of
from corridor_sim.scenario import load_scenario
from corridor_sim.simulation import simulate


def test_every_kpi_of_a_run_has_a_meaning_and_its_unit():
    labels = simulate(load_scenario("tiny"), replications=1).labels
    units = labels.drop_duplicates("kpi").set_index("kpi")["unit"].astype(str).to_dict()
    assert {kpi: MEANINGS[kpi].unit for kpi in units} == units
    others = {kpi: m.unit for kpi, m in MEANINGS.items() if kpi not in units}
    chosen = {kpi: unit for kpi, unit, _ in CHOSEN}
    assert others == charged_and_emitted() | chosen, "a KPI without a meaning, or a meaning of a KPI that no run has"


def charged_and_emitted() -> dict[str, str]:
    """KPIs of cost and emissions, which the tiny corridor lacks, as the analysis names them."""
    one = np.ones(1)
    total = money_and_carbon._Totals(one, one, one, one, one, dict.fromkeys(money_and_carbon.KINDS, one), one, one, one)
    scenario = SimpleNamespace(charges=True, emissions=True)
    by_post = {"cost_border_crossing_usd": "USD"}
    return {kpi: unit for kpi, unit, _ in money_and_carbon._kpis(scenario, total)} | by_post


def test_explain_says_meaning_unit_and_formula():
    text = explain_kpi("queue_mean_h")
    assert "unit: h" in text
    assert "services begun" in text
    with pytest.raises(ScenarioError, match="did you mean 'queue_mean_h'"):
        explain_kpi("queue_meen_h")


def test_what_is_not_described_goes_by_its_name():
    assert meaning_of("profit_per_t").label == "profit per t"
