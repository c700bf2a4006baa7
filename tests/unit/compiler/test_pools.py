"""Closed pools, as they stand in the plan."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.plan.kinds import Cause, StageKind
from corridor_sim.plan.plan import Plan
from tests.unit.compiler.test_compile import minimal, plan_of

BASES = [
    {"at": "RU_DER", "n": 30},
    {"at": "RU_SAM", "n": 4, "keep": 2, "empty_to": "RU_DER", "empty_time": "20 h"},
]
TRIP = [
    {"take": "W", "at": "RU_DER", "n": 3},
    {"rail": ["RU_DER", "RU_SAM"], "class": "V"},
    {"give": "W", "at": "RU_SAM", "n": 3},
]


def laid(tmp_path: Path, kind: str = "wagons", bases: list[dict[str, Any]] | None = None) -> Plan:
    pools = {"W": {"name": "wagons", "kind": kind, "bases": bases or BASES}}
    return plan_of(tmp_path, minimal(TRIP, pools=pools))


def test_bases_stand_in_order(tmp_path: Path) -> None:
    p = laid(tmp_path).pools
    assert (p.id, p.kind, p.node) == (("W",), ("wagons",), ("RU_DER RU_SAM",))
    assert p.stock[0].tolist() == [30, 4]
    assert p.keep[0].tolist() == [math.inf, 2]
    assert p.home[0].tolist() == [-1, 0]
    assert p.empty_h[0][1] == 20


def test_stages_say_how_much_and_at_which_base(tmp_path: Path) -> None:
    s = laid(tmp_path).stages
    taken, given = (np.flatnonzero(s.kind == kind) for kind in (StageKind.TAKE, StageKind.GIVE))
    assert s.side[taken].tolist() == [0]
    assert s.side[given].tolist() == [1]
    assert s.amount[[*taken, *given]].tolist() == [3, 3]
    assert s.blocks.sum() == 0


@pytest.mark.parametrize(("kind", "cause"), [("wagons", Cause.EQUIPMENT), ("yard", Cause.QUEUEING)])
def test_waiting_for_room_is_queueing_and_for_equipment_has_its_name(tmp_path: Path, kind: str, cause: Cause) -> None:
    s = laid(tmp_path, kind).stages
    assert s.cause[s.kind == StageKind.TAKE].tolist() == [cause]


def test_a_base_at_no_node_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"pools\.W\.bases\.2\.at: the network has no node 'RU_DERR'"):
        laid(tmp_path, bases=[*BASES, {"at": "RU_DERR"}])
