from __future__ import annotations

from corridor_sim.scenario.provenance import GRADES, PROVENANCE_KEYS, PROVENANCE_SCHEMA, Provenance

from .conftest import SMALL, Files


def test_the_schema_knows_every_key() -> None:
    assert set(PROVENANCE_SCHEMA) == set(PROVENANCE_KEYS)
    assert PROVENANCE_SCHEMA["grade"]["enum"] == list(GRADES)


def test_nothing_is_known_unless_it_is_said() -> None:
    assert Provenance() == Provenance(None, None, None, None)


def test_what_stands_beside_a_number_is_kept(files: Files) -> None:
    annual = files.load(SMALL).flows["F1"].annual
    assert (annual.source, annual.grade, annual.range) == ("guess", "C", (80_000, 120_000))
