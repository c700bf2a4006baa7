from __future__ import annotations

import json
from typing import TYPE_CHECKING

from corridor_sim.foundation.shipped import data_dir
from corridor_sim.scenario.scenario import ScenarioFile
from corridor_sim.scenario.schema import SCHEMA_FILE, json_schema, schema_text, write_schema
from corridor_sim.scenario.structure import SECTIONS, fields_of

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shipped_schema_is_fresh() -> None:
    shipped = (data_dir("scenarios") / SCHEMA_FILE).read_text(encoding="utf-8")
    assert shipped == schema_text(), "run: python -c 'from corridor_sim.scenario.schema import *; ...write_schema(...)'"


def test_writing(tmp_path: Path) -> None:
    assert json.loads(write_schema(tmp_path).read_text(encoding="utf-8")) == json_schema()


def test_it_describes_the_file_as_written() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(fields_of(ScenarioFile))
    assert {"import", "templates", "overrides"} <= set(schema["properties"])
    travel = schema["$defs"]["TravelStage"]["properties"]
    assert {"class", "rail", "road", "sea", "via"} == set(travel)
    assert "from" in schema["$defs"]["ServerGroup"]["properties"]
    assert '"pattern"' not in json.dumps(schema["$defs"]["Flow"]["properties"]["release"])


def test_entries_may_name_a_template_and_carry_free_keys() -> None:
    schema = json_schema()
    for section in SECTIONS:
        reference = schema["properties"][section]["additionalProperties"]["$ref"]
        entry = schema["$defs"][reference.rsplit("/", 1)[1]]
        assert "template" in entry["properties"]
        assert entry["patternProperties"] == {"^x-": True}
        assert "required" not in entry


def test_numbers_are_number_text_or_mapping() -> None:
    schema = json_schema()
    kinds = [form["type"] for form in schema["$defs"]["quantity_mass"]["anyOf"]]
    assert kinds == ["number", "string", "object"]
    service = schema["$defs"]["Queue"]["properties"]["service"]["$ref"].rsplit("/", 1)[1]
    assert any("gamma" in form.get("properties", {}) for form in schema["$defs"][service]["anyOf"])


def test_all_references_lead_somewhere() -> None:
    schema = json_schema()

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [name for item in value.values() for name in references(item)]
        return [name for item in value for name in references(item)] if isinstance(value, list) else []

    used = {name.rsplit("/", 1)[1] for name in references(schema)}
    assert used <= set(schema["$defs"])
    assert not [word for word in ("x-name", "x-model") if f'"{word}"' in schema_text()]
