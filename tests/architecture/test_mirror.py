"""Unit tests mirror the package: every module has its file, or is on a short list that says what covers it instead."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE, UNIT = ROOT / "corridor_sim", ROOT / "tests" / "unit"

WHOLE_COMPILER = "unit/compiler/test_compile.py"
WHOLE_BENCH = "unit/bench/test_measure.py"
ELSEWHERE = {
    "__init__": ("architecture/test_public_names.py", "the public surface, pinned by name and signature"),
    "__main__": ("unit/cli/test_app.py", "two lines that call the command line"),
    "bench/groups/beside_peers": (WHOLE_BENCH, "every group is run, small"),
    "bench/groups/counted": (WHOLE_BENCH, "the same; and benchmarks/drivers/test_counts.py is its gate"),
    "bench/groups/engines": (WHOLE_BENCH, "the same"),
    "bench/groups/gas": (WHOLE_BENCH, "the same"),
    "bench/groups/parts": (WHOLE_BENCH, "the same"),
    "bench/groups/resources": (WHOLE_BENCH, "the same"),
    "bench/groups/sweeps": (WHOLE_BENCH, "the same"),
    "bench/scale": (WHOLE_BENCH, "sizes only"),
    "bench/sides": (WHOLE_BENCH, "what the groups are made of"),
    "analysis/money_and_carbon": ("unit/analysis/test_chains.py", "its KPIs are run and added up there"),
    "analysis/route_choice": ("unit/choice/test_run.py", "sums and words of what a run found"),
    "choice/search": ("unit/choice/test_equilibrium.py", "whole searches, what is conserved and what does not matter"),
    "choice/tables": ("unit/choice/test_equilibrium.py", "the table is what is tested there"),
    "choice/trips": ("unit/choice/test_equilibrium.py", "times against theory, engines and workers"),
    "cli/choice_tables": ("unit/choice/test_run.py", "what the command prints is read there"),
    "scenario/charges": ("unit/analysis/test_chains.py", "every rule and what is refused of them"),
    "cli/calibrate": ("unit/analysis/test_post_calibration.py", "the command is run there as users type it"),
    "cli/comparison_tables": ("unit/cli/test_compare.py", "what the command prints is read there"),
    "cli/inspect": ("unit/cli/test_app.py", "commands are tested as a user types them"),
    "cli/maps": ("unit/cli/test_app.py", "the same"),
    "cli/options": ("unit/cli/test_app.py", "the same"),
    "cli/progress": ("unit/cli/test_app.py", "the same"),
    "cli/line_capacity": ("unit/analysis/test_delay_curve.py", "the command is run there as users type it"),
    "cli/guide": ("examples/test_guides.py", "the command is run there as users type it"),
    "report/guides": ("examples/test_guides.py", "what is generated, and that it is not stale"),
    "cli/inputs": ("unit/report/test_input_workbook.py", "both commands are run there as users type them"),
    "cli/report": ("unit/report/test_page.py", "the command is run there as users type it"),
    "cli/run": ("unit/cli/test_app.py", "the same"),
    "cli/relief": ("unit/cli/test_sweep.py", "the same"),
    "cli/sweep_tables": ("unit/cli/test_sweep.py", "what a sweep prints and writes"),
    "cli/tables": ("unit/cli/test_app.py", "the same"),
    "compiler/calendars": (WHOLE_COMPILER, "small scenarios are compiled and the tables of the plan read"),
    "compiler/context": (WHOLE_COMPILER, "the same"),
    "compiler/disruptions": ("golden/test_golden_plans.py", "windows and rates stand in the baseline's golden plan"),
    "compiler/durations": (WHOLE_COMPILER, "the same as calendars"),
    "compiler/facilities": (WHOLE_COMPILER, "the same"),
    "compiler/flows": (WHOLE_COMPILER, "the same"),
    "compiler/itineraries": (WHOLE_COMPILER, "the same"),
    "compiler/observations": ("unit/analysis/test_calibration.py", "every measure, from file to table"),
    "gas/network": ("validation/test_gas_cases.py", "loops and meshes against pandapipes and STANET"),
    "gas/properties": ("validation/test_gas_cases.py", "thirteen states of GERG-2008; Papay beside it"),
    "plan/gas": ("unit/compiler/test_gas.py", "its fields are what a scenario compiles to; its digest"),
    "plots/gas_feasibility": ("unit/plots/test_gas_figures.py", "the figures of the pipeline together, from one run"),
    "plots/gas_limits": ("unit/plots/test_gas_figures.py", "the same"),
    "plots/gas_phases": ("unit/plots/test_gas_figures.py", "the same"),
    "plots/gas_profile": ("unit/plots/test_gas_figures.py", "the same"),
    "plots/gas_ramp": ("unit/plots/test_gas_figures.py", "the same"),
    "plots/route_choice": ("unit/choice/test_run.py", "drawn by the command; pictures are looked at by eye"),
    "scenario/checks/route_choice": ("unit/scenario/test_route_choice.py", "one wrong thing at a time, from the file"),
    "scenario/checks/policies": ("unit/scenario/policies/test_payments.py", "what cannot be, block by block"),
    "scenario/policies/block": ("unit/scenario/policies/test_payments.py", "which flows feel it"),
    "scenario/policies/expansion": ("unit/scenario/policies/test_payments.py", "every block goes through it"),
    "scenario/checks/gas": ("unit/scenario/test_gas.py", "one wrong number or name at a time, from the file"),
    "engines/protocol": ("conformance/test_refusal.py", "what an engine promises, run on every engine"),
    "engines/registry": ("conformance/test_refusal.py", "the same"),
    "engines/discrete_event/engine": ("conformance/test_queue.py", "every stage with exact times, on every engine"),
    "engines/discrete_event/steps": ("conformance/test_split_gather.py", "one class per stage kind, the same tests"),
    "engines/discrete_event/wake": ("unit/engines/discrete_event/test_facilities.py", "ten lines; the order of ranks"),
    "analysis/sweep_ranking": ("unit/cli/test_sweep.py", "ranks, ties and what is behind the best, as printed"),
    "report/netcdf": ("unit/report/test_sweep.py", "files are written as users do and read back"),
    "report/exports": ("unit/report/test_summary_json.py", "the command is run there, for every ending"),
    "report/qgis_styles": ("unit/report/test_geopackage.py", "styles are read back from the file"),
    "cli/calibration": ("unit/sweep/test_calibrate.py", "the command is run there as users type it"),
    "plots/fit": ("unit/sweep/test_calibrate.py", "drawn there by the command"),
    "report/calibration": ("unit/sweep/test_calibrate.py", "its file is taken again there, its table read"),
    "cli/trust": ("unit/sweep/test_trust.py", "the command is run there as users type it"),
    "plots/route_years": ("unit/plots/test_years.py", "drawn there beside the figure of years"),
    "plots/trust": ("unit/sweep/test_trust.py", "drawn there with and without numbers to name"),
    "report/trust": ("unit/sweep/test_trust.py", "read back there from what the command wrote"),
    "sweep/probe": ("unit/sweep/test_trust.py", "runs its cases, in one process and in two"),
    "plots/sensitivity": ("unit/plots/test_sweep_gallery.py", "every figure, from runs of the tiny corridor"),
    "plots/sweeps": ("unit/plots/test_sweep_gallery.py", "the same"),
    "plan/lane": ("unit/plan/test_lanes.py", "fields of one lane; how it is drawn is tested there"),
    "network/checks": ("unit/network/test_network_loading.py", "layers are broken one way at a time and loaded"),
    "network/layers": ("unit/network/test_network_loading.py", "the same"),
    "network/loading": ("unit/network/test_network_loading.py", "the same"),
    "network/model": ("unit/network/test_network_routes.py", "sections, routes and gauges of a loaded network"),
}
"""Module -> test file (below tests/) that covers it, and why it has none of its own."""


def modules() -> list[str]:
    files = [f for f in PACKAGE.rglob("*.py") if f.name != "__init__.py" or f.parent == PACKAGE]
    return sorted(str(f.relative_to(PACKAGE).with_suffix("")) for f in files if "data" not in f.parts)


def mirror(module: str) -> Path:
    path = Path(module)
    return UNIT / path.parent / f"test_{path.name}.py"


@pytest.mark.parametrize("module", modules())
def test_a_module_has_tests(module):
    if module in ELSEWHERE:
        assert (ROOT / "tests" / ELSEWHERE[module][0]).exists()
        assert not mirror(module).exists(), "it has tests of its own now: take it off the list"
    else:
        assert mirror(module).exists(), f"write {mirror(module).relative_to(ROOT)}"


def test_the_list_of_exceptions_names_modules_that_exist():
    assert set(ELSEWHERE) <= set(modules())
