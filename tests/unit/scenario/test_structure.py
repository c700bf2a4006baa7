from __future__ import annotations

from corridor_sim.scenario.flows import Flow
from corridor_sim.scenario.resources import Queue
from corridor_sim.scenario.structure import (
    SECTIONS,
    entry_model,
    field_at,
    fields_of,
    has_free_keys,
    is_tag,
    kinds_at,
    models_at,
    valid_keys,
)


def test_sections_have_entries() -> None:
    assert {"flows", "itineraries", "queues", "calibration"} <= set(SECTIONS)
    assert "run" not in SECTIONS
    assert "templates" not in SECTIONS
    assert entry_model("queues") is Queue
    assert entry_model("run") is None
    assert entry_model("nothing") is None


def test_what_may_stand_where() -> None:
    assert models_at(kinds_at(("flows", "F1"))) == [Flow]
    assert has_free_keys(kinds_at(("flows",)))
    assert "servers" in valid_keys(("queues", "Q1"))
    assert valid_keys(("itineraries", "I1", "stages", 0, "<hold>")) == ["hold", "at", "share", "lane"]
    assert set(valid_keys(("itineraries", "I1", "stages", 0))) > {"hold", "rail", "queue"}
    assert valid_keys(("queues", "Q1", "at")) == []


def test_keys_are_those_of_the_file_with_provenance_last() -> None:
    keys = list(fields_of(Queue))
    assert keys[0] == "name"
    assert keys[-3:] == ["source", "grade", "note"]
    assert "class" in valid_keys(("itineraries", "I1", "stages", 0, "<travel>"))


def test_fields_and_tags() -> None:
    field = field_at(("run", "seed"))
    assert field is not None
    assert field.default == 0
    assert field_at(("run", "sed")) is None
    assert is_tag("<hold>")
    assert not is_tag("hold")
    assert not is_tag(3)
