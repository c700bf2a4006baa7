"""Relief of a corridor whose bottleneck is known."""

import pytest

from corridor_sim.foundation.errors import ResultError
from corridor_sim.scenario import load_scenario
from corridor_sim.scenario.variants import Variants
from corridor_sim.sweep.relief import load_relief, place_name, relief_cases, run_relief

TINY = load_scenario("tiny", overrides={"run.engine": "des"})


@pytest.fixture(scope="module")
def relief(tmp_path_factory):
    return run_relief(TINY, out=tmp_path_factory.mktemp("relief") / "out", replications=6)


def test_the_border_is_what_holds_the_tiny_corridor_back(relief):
    assert relief.table["place"].iloc[0] == "CUSTOMS"
    best = relief.table.iloc[0]
    assert best["days"] > best["days_half"] > 0
    assert best["route"] == "samur"
    assert set(relief.table["place"]) <= {"CUSTOMS", "CRANE", "RU_SAM>AZ_YAL"}


def test_the_days_are_those_of_the_runs_themselves(relief):
    """One route and one direction: the days of a tonne are the mean over flows, weighted by tonnes."""
    sweep = relief.sweep
    case = list(sweep.cases["place"]).index("CUSTOMS")
    gains = []
    for r in range(6):
        tonnes = {f: sweep.values("throughput_t", f"flow:{f}")[0, r] for f in ("BOXES", "TIMBER")}
        hours = {f: sweep.values("transit_mean_h", f"flow:{f}")[:, r] for f in tonnes}
        gains.append(sum(tonnes[f] * (hours[f][0] - hours[f][case]) for f in tonnes) / sum(tonnes.values()) / 24)
    assert relief.table.set_index("place").loc["CUSTOMS", "days"] == pytest.approx(sum(gains) / 6)


def test_it_can_be_read_again(relief, tmp_path):
    again = load_relief(relief.sweep.folder)
    assert list(again.table["place"]) == list(relief.table["place"])
    with pytest.raises(ResultError, match="holds no relief"):
        load_relief(tmp_path)


def test_ten_per_cent_more_capacity_everywhere():
    base = load_scenario("baseline-2025")
    cases, variants = relief_cases(base, 0.1), Variants(base)
    made = variants.make(cases["TRK_AST"]).scenario.queues["TRK_AST"]
    assert made.service.mean_value == pytest.approx(base.queues["TRK_AST"].service.mean_value / 1.1)
    paths = variants.make(cases["RU_SAM>AZ_YAL"]).scenario.train_paths["RU_SAM>AZ_YAL"]
    assert paths.trains_per_day.value == pytest.approx(1.1 * base.train_paths["RU_SAM>AZ_YAL"].trains_per_day.value)
    line = variants.make(cases["IR_SRI-IR_GAR"]).scenario.single_tracks["IR_SRI-IR_GAR"]
    assert line.run_speed.value == pytest.approx(1.1 * base.single_tracks["IR_SRI-IR_GAR"].run_speed.value)
    assert line.headway.value == pytest.approx(base.single_tracks["IR_SRI-IR_GAR"].headway.value / 1.1)
    ship = variants.make(cases["SVC_NSA_SRJ"]).scenario.services["SVC_NSA_SRJ"]
    assert ship.capacity.value == pytest.approx(1650)
    for changes in cases.values():
        variants.make(changes)


def test_names():
    base = load_scenario("baseline-2025")
    assert place_name(base, "BTH_AMI") == "berth, Amirabad, both ways"
    assert place_name(base, "RU_SAM>AZ_YAL") == "train paths RU_SAM to AZ_YAL"
    assert place_name(base, "IR_SRI-IR_GAR") == "single track IR_SRI - IR_GAR"
    assert place_name(base, "SVC_NSA_SRJ") == "sailings SVC_NSA_SRJ"
