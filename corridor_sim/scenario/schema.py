"""JSON Schema of the scenario file as it is written, for editors: completion, hints and early warnings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corridor_sim.scenario.base import Sourced
from corridor_sim.scenario.flows import Timetable
from corridor_sim.scenario.resources import ServerGroup
from corridor_sim.scenario.scenario import SCHEMA_VERSION, ScenarioFile
from corridor_sim.scenario.structure import SECTIONS, entry_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA_FILE = "scenario.schema.json"
"""Name of the schema in the folder of the shipped scenarios."""

_WIDTH = 118
_FREE = {"^x-": True}
_TEMPLATE = {"type": "string", "description": "Name of a template; the keys given here win over the template's."}
_MANY = ("anyOf", "allOf", "oneOf", "prefixItems")
_BY_NAME = ("properties", "patternProperties", "$defs")
_ONE = ("items", "additionalProperties")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file, or of a file that one imports."""
    schema = ScenarioFile.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = schema["$defs"]
    _add_models(schema, definitions)
    for section in SECTIONS:
        model = entry_model(section)
        if model is not None:
            _allow_template(definitions[model.__name__])
    tidy(schema)
    # A file that is only imported holds any part; one that is run has a name and a version, the rest may be imported.
    del schema["required"]
    schema["if"] = {"anyOf": [{"required": ["run"]}, {"required": ["import"]}]}
    schema["then"] = {"required": ["schema_version", "name"]}
    _hoist(schema, definitions)
    head: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"corridor_sim scenario, schema_version {SCHEMA_VERSION}",
    }
    schema["$defs"] = {name: definitions[name] for name in sorted(definitions)}
    return head | schema


def schema_text() -> str:
    """Return the JSON Schema as the text of its file."""
    return layout(json_schema())


def layout(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return _layout(schema, 0) + "\n"


def tidy(schema: dict[str, Any]) -> None:
    """Allow free ``x-`` keys everywhere, and leave out what tells a reader nothing."""
    for part in _parts(schema):
        part.pop("title", None)
        if part.get("additionalProperties") is False:
            part.setdefault("patternProperties", {}).update(_FREE)
        _simplify(part)


def _layout(value: Any, indent: int) -> str:
    """Write JSON with short objects and lists on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    pad = " " * (indent + 1)
    if isinstance(value, list):
        rows = [pad + _layout(item, indent + 1) for item in value]
        return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"
    rows = [f"{pad}{json.dumps(key)}: {_layout(item, indent + 1)}" for key, item in value.items()]
    return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"


def write_schema(folder: Path) -> Path:
    """Write the schema into a folder and return its path."""
    path = folder / SCHEMA_FILE
    path.write_text(schema_text(), encoding="utf-8")
    return path


def _add_models(schema: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Define the models that hand-written forms name (``x-model``), and refer to them."""
    for model in (ServerGroup, Timetable):
        own = model.model_json_schema(by_alias=True)
        definitions.update(own.pop("$defs", {}))
        definitions[model.__name__] = own
    for part in list(_parts(schema)):
        name = part.pop("x-model", None)
        if name is not None:
            part["$ref"] = f"#/$defs/{name}"


def _allow_template(definition: dict[str, Any]) -> None:
    """Let an entry name a template, which may then hold the keys it would have to have."""
    definition["properties"]["template"] = dict(_TEMPLATE)
    required = definition.pop("required", None)
    if required:
        definition["anyOf"] = [{"required": ["template"]}, {"required": required}]


def _simplify(part: dict[str, Any]) -> None:
    """Leave out that a key may be empty and defaults that say nothing; put provenance last."""
    if not isinstance(part.get("default"), str | int | float) or part["default"] == "":
        part.pop("default", None)
    options = [option for option in part.get("anyOf", []) if option != {"type": "null"}]
    if len(options) == 1 and len(part["anyOf"]) > 1:
        del part["anyOf"]
        part.update(options[0] | part)
    elif options:
        part["anyOf"] = options
    properties = part.get("properties")
    if properties is not None:
        for key in [key for key in Sourced.model_fields if key in properties]:
            properties[key] = properties.pop(key)


def _children(schema: dict[str, Any]) -> Iterator[tuple[dict[str, Any] | list[Any], Any, dict[str, Any]]]:
    """Yield the schemas directly inside a schema, with the container and key that hold them."""
    for name in _BY_NAME:
        for key, child in schema.get(name, {}).items():
            if isinstance(child, dict):
                yield schema[name], key, child
    for name in _MANY:
        for place, child in enumerate(schema.get(name, [])):
            if isinstance(child, dict):
                yield schema[name], place, child
    for name in _ONE:
        child = schema.get(name)
        if isinstance(child, dict):
            yield schema, name, child


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and all schemas inside it."""
    yield schema
    for _, _, child in _children(schema):
        yield from _parts(child)


def _hoist(schema: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Move the schemas that name themselves (``x-name``) into the definitions and refer to them."""
    for container, key, child in list(_children(schema)):
        _hoist(child, definitions)
        name = child.pop("x-name", None)
        if name is None:
            continue
        reference: Any = {"$ref": f"#/$defs/{name}"}
        reference |= {word: child.pop(word) for word in ("description", "default") if word in child}
        definitions[name] = child
        container[key] = reference
