"""Cross-checks inside a scenario: what its parts say about each other. The network's part is the compiler's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_sim.scenario.checks.calendars import check_calendars
from corridor_sim.scenario.checks.calibration import check_calibration
from corridor_sim.scenario.checks.dates import check_dates
from corridor_sim.scenario.checks.gas import check_gas
from corridor_sim.scenario.checks.identifiers import check_identifiers
from corridor_sim.scenario.checks.policies import check_policies
from corridor_sim.scenario.checks.references import check_references
from corridor_sim.scenario.checks.route_choice import check_route_choice
from corridor_sim.scenario.checks.shares import check_profiles, check_shares
from corridor_sim.scenario.checks.stages import check_stages

if TYPE_CHECKING:
    from corridor_sim.scenario.checks.context import Context

CHECKS = (
    check_identifiers,
    check_references,
    check_dates,
    check_shares,
    check_profiles,
    check_stages,
    check_calendars,
    check_calibration,
    check_gas,
    check_route_choice,
    check_policies,
)
"""All cross-checks; each reports every problem it finds."""


def run_checks(context: Context) -> None:
    """Make all cross-checks."""
    for check in CHECKS:
        check(context)
    context.report_missing()
