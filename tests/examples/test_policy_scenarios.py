"""What each policy and shock does, on a horizon of weeks: the headline of its scenario, pinned to the number.

The reading over the whole horizon stands in the scenario's own description. A changed pin is a changed answer: say in
the commit why.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

import corridor_sim as cs
from tests.support.shipped import POLICIES


class Headline(NamedTuple):
    """One difference: of a case from the reference, on the same random numbers."""

    span: tuple[str, str, str]
    """Start, warm-up and end of the short run."""
    case: str
    kpi: str
    subject: str
    reference: float
    difference: float


HEADLINES = {
    "payments": Headline(
        ("2025-05-01", "30 d", "2025-07-01"),
        "all-linked",
        "transit_mean_h",
        "route:transcaspian",
        681.44971,
        -212.461639,
    ),
    "tariff-cut": Headline(
        ("2029-11-20", "10 d", "2029-12-20"), "strong-answer", "throughput_t", "route:west_road", 292215, 10080
    ),
    "caspian-low-water": Headline(
        ("2028-10-01", "15 d", "2028-11-05"), "fall-30-cm", "throughput_consignments", "route:transcaspian", 90, 10
    ),
    "ice-winter": Headline(
        ("2025-12-01", "31 d", "2026-02-01"), "extreme", "transit_mean_h", "route:transcaspian", 397.949809, 282.285378
    ),
    "east-west": Headline(
        ("2025-10-01", "5 d", "2025-10-25"), "four-times", "transit_mean_h", "flow:WR05", 66.5790801, 3.59407745
    ),
    "bushehr-cargo": Headline(
        ("2026-02-01", "60 d", "2026-05-15"), "by-gulf", "cost_usd_per_t", "route:project_cargo", 438.826445, 43.8481944
    ),
    "disruptions-2026": Headline(
        ("2026-02-20", "20 d", "2026-04-01"),
        "all-events",
        "cost_usd_per_t",
        "route:transcaspian",
        82.5107371,
        12.3443064,
    ),
    "shahid-rajaee-closure": Headline(
        ("2025-04-15", "11 d", "2025-05-15"),
        "three-weeks",
        "queue_mean_n",
        "place:IR_SIR>IR_SRJ",
        1.19035969,
        229.771095,
    ),
    "transit-fees": Headline(
        ("2025-06-01", "55 d", "2025-08-15"), "discounts-end", "cost_usd_per_t", "route:east", 101.945187, 25.158008
    ),
}


def value(scenario: cs.Scenario, kpi: str, subject: str) -> float:
    table = cs.simulate(scenario, replications=1).kpis
    return float(table.query("kpi == @kpi and subject == @subject and period == 'all'")["value"].iloc[0])


@pytest.mark.parametrize("name", HEADLINES)
def test_headline(name: str) -> None:
    pinned = HEADLINES[name]
    span = dict(zip(("run.start", "run.warm_up", "run.end"), pinned.span, strict=True))
    said = cs.load_scenario(name).comparison
    assert said is not None
    assert pinned.case in said.cases
    names = [] if said.reference is None else [said.reference]
    reference, case = (cs.load_scenario(name, overrides=span, named_overrides=n) for n in (names, [pinned.case]))
    base = value(reference, pinned.kpi, pinned.subject)
    assert base == pytest.approx(pinned.reference, rel=1e-6)
    assert value(case, pinned.kpi, pinned.subject) - base == pytest.approx(pinned.difference, rel=1e-6)


def test_every_policy_scenario_has_a_headline() -> None:
    assert set(HEADLINES) == set(POLICIES)
