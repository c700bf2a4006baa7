"""Border processes and gauge breaks: what itineraries become of them."""

from __future__ import annotations

import pytest

from .conftest import SMALL, Files

PROCESS = """\
border_processes:
  POST:
    name: crossing
    steps:
      - {hold: H1, at: C}
      - {queue: GREEN, at: C, lane: green}
      - {queue: Q1, at: C, lane: plain}
      - {queue: CHECK, at: C, share: 0.3}
"""
QUEUES = """\
  GREEN: {name: green lane, at: C, kind: customs, servers: 1, service: 1 h}
  CHECK: {name: plants, at: C, kind: phytosanitary, servers: 1, service: 2 h}
"""
BASE = SMALL.replace("calendars:\n", QUEUES + "calendars:\n")
AT_POST = BASE.replace("{queue: Q1, at: C}", "{border: POST, at: C}") + PROCESS
GAUGE = """\
gauge_breaks:
  BREAK:
    name: break of gauge
    technologies:
      lift: {kind: container lift, cargo: [containers], cost: FEE, steps: [{queue: Q1, at: C}]}
      tip: {kind: wagon to wagon, cargo: [grain], steps: [{queue: GREEN, at: C}]}
      jack: {kind: bogie exchange, cargo: [any], steps: [{queue: CHECK, at: C}]}
costs:
  FEE: {item: lift, rate: 90 USD/box}
"""
AT_BREAK = BASE.replace("{queue: Q1, at: C}", "{gauge: BREAK, at: C}") + GAUGE


def ways(files: Files, text: str) -> dict[str, tuple[float, list[str]]]:
    """Share and last stages of every itinerary."""
    found = {}
    for key, itinerary in files.load(text).itineraries.items():
        names = [getattr(s, s.kind) for s in itinerary.stages if s.kind in {"hold", "queue"}]
        found[key] = (round(itinerary.share.value, 12), names)
    return found


def test_a_share_of_the_consignments_takes_a_way_of_its_own(files: Files) -> None:
    assert ways(files, AT_POST) == {
        "I1": (0.7, ["H1", "H1", "GREEN"]),
        "I1--CHECK": (0.3, ["H1", "H1", "GREEN", "CHECK"]),
    }


def test_the_lane_is_that_of_the_stage_or_of_the_flow_or_the_first(files: Files) -> None:
    plain = ["H1", "H1", "Q1"]
    assert ways(files, AT_POST.replace("POST, at: C}", "POST, at: C, lane: plain}"))["I1"][1] == plain
    assert ways(files, AT_POST.replace("    route: west\n", "    route: west\n    lane: plain\n"))["I1"][1] == plain
    assert (
        ways(files, AT_POST.replace("    route: west\n", "    route: west\n    lane: other\n"))["I1"][1][2] == "GREEN"
    )


@pytest.mark.parametrize(("share", "n"), [("0", 1), ("1", 1), ("30 %", 2)])
def test_shares_at_the_ends_make_no_second_itinerary(files: Files, share: str, n: int) -> None:
    found = ways(files, AT_POST.replace("share: 0.3", f"share: {share}"))
    assert len(found) == n
    assert ("CHECK" in found["I1"][1]) == (share == "1")


def test_a_chain_is_written_once(files: Files) -> None:
    chains = "chains:\n  END: {name: end, steps: [{hold: H1, at: C}, {queue: Q1, at: C, share: 0.5}]}\n"
    found = ways(files, BASE.replace("{queue: Q1, at: C}", "{chain: END, at: C}") + chains)
    assert found == {"I1": (0.5, ["H1", "H1"]), "I1--Q1": (0.5, ["H1", "H1", "Q1"])}


def test_a_plain_stage_may_be_for_a_share_too(files: Files) -> None:
    found = ways(files, BASE.replace("{queue: Q1, at: C}", "{queue: Q1, at: C, share: 0.25}"))
    assert {key: share for key, (share, _) in found.items()} == {"I1": 0.75, "I1--Q1": 0.25}


def test_cargo_takes_the_first_technology_that_it_may_use(files: Files) -> None:
    assert ways(files, AT_BREAK) == {"I1": (1, ["H1", "Q1"])}
    no_boxes = AT_BREAK.replace(", teu: 60", "").replace("0.1 h/TEU", "3 h")
    assert ways(files, no_boxes.replace("commodity: containers", "commodity: oil, grain"))["I1"][1] == ["H1", "GREEN"]
    assert ways(files, no_boxes.replace("commodity: containers", "commodity: coal"))["I1"][1] == ["H1", "CHECK"]


def test_technologies_may_share_the_cargo(files: Files) -> None:
    found = ways(files, AT_BREAK.replace("BREAK, at: C}", "BREAK, at: C, by: {lift: 0.75, jack: 0.25}}"))
    assert found == {"I1--lift": (0.75, ["H1", "Q1"]), "I1--jack": (0.25, ["H1", "CHECK"])}
    one = ways(files, AT_BREAK.replace("BREAK, at: C}", "BREAK, at: C, by: jack}"))
    assert one == {"I1": (1, ["H1", "CHECK"])}


def test_the_resolved_scenario_loads_to_the_same(files: Files) -> None:
    scenario = files.load(AT_POST)
    assert files.load(scenario.resolved_yaml()).digest == scenario.digest


@pytest.mark.parametrize(
    ("text", "old", "new", "message"),
    [
        (AT_POST, "{border: POST", "{border: PST", "no border process 'PST'; did you mean 'POST'?"),
        (AT_POST, "POST, at: C}", "POST, at: C, lane: gren}", "no lane 'gren' there; did you mean 'green'?"),
        (AT_POST, "{border: POST, at: C}", "{border: POST, at: B}", "is B, but the first step is at C"),
        (AT_POST, "share: 0.3", "share: 3", "3 is too large, expected at most 1"),
        (AT_POST, "{queue: CHECK, at: C, share", "{queue: CHEK, at: C, share", "no queue 'CHEK'; did you mean"),
        (AT_POST, "{hold: H1, at: C}\n      - {queue: GREEN", "{split: 2, at: C, share: 0.1}\n      - {queue: GREEN",
         "only a queue or a hold can be for a share"),
        (AT_BREAK, "{gauge: BREAK", "{gauge: BRK", "no gauge break 'BRK'"),
        (AT_BREAK, "BREAK, at: C}", "BREAK, at: C, by: tip}", "'tip' does not take containers; it takes grain"),
        (AT_BREAK, "BREAK, at: C}", "BREAK, at: C, by: lft}", "no technology 'lft' there; did you mean 'lift'?"),
        (AT_BREAK, "BREAK, at: C}", "BREAK, at: C, by: {lift: 0.5, jack: 0.4}}", "the shares sum to 0.9, expected 1"),
        (AT_BREAK, "BREAK, at: C}", "BREAK, at: C, by: {lift: 2}}", "found 2, expected a share above 0 and up to 1"),
        (AT_BREAK, "cost: FEE", "cost: FE", "no cost 'FE'; did you mean 'FEE'?"),
        (AT_BREAK.replace("cargo: [any]", "cargo: [coal]"), "cargo: [containers]", "cargo: [tea]",
         "no technology there takes containers"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_in(files: Files, text: str, old: str, new: str, message: str) -> None:
    assert old in text
    problems = files.problems(text.replace(old, new, 1))
    assert any(message in problem for problem in problems), problems


def test_too_many_ways(files: Files) -> None:
    steps = "".join(f"      - {{queue: CHECK, at: C, share: 0.{k + 1}}}\n" for k in range(6))
    problems = files.problems(AT_POST + steps)
    assert any("goes 128 different ways, expected 32 at most" in problem for problem in problems), problems
