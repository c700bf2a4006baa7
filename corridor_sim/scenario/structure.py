"""The shape of a scenario as its models tell it: which keys may stand where."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from corridor_sim.scenario.base import Internal, Model, Sourced
from corridor_sim.scenario.scenario import ScenarioFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic.fields import FieldInfo

ROOT: tuple[Any, ...] = (ScenarioFile,)
"""Where every path begins."""


def is_tag(step: Any) -> bool:
    """Whether a step of an error's place is the tag of a union, not a key of the file."""
    return isinstance(step, str) and step.startswith("<") and step.endswith(">")


def key_of(name: str, field: FieldInfo) -> str:
    """Return the key of a field in the YAML."""
    return field.alias or name


def fields_of(model: type[Model]) -> dict[str, FieldInfo]:
    """List the fields of a model by their keys in the YAML, provenance last."""
    fields = {
        key_of(name, field): field
        for name, field in model.model_fields.items()
        if not any(isinstance(item, Internal) for item in field.metadata)
    }
    last = [key for key in Sourced.model_fields if key in fields]
    return {key: fields[key] for key in (*(key for key in fields if key not in last), *last)}


def members(annotation: Any) -> tuple[Any, ...]:
    """Split an annotation into what it may be: unions taken apart, metadata and None dropped."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return members(get_args(annotation)[0])
    if origin is Union or origin is types.UnionType:
        return tuple(member for part in get_args(annotation) for member in members(part))
    return () if annotation is type(None) else (annotation,)


def models_at(kinds: Iterable[Any]) -> list[type[Model]]:
    """List the models among what may stand at a place."""
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Model)]


def has_free_keys(kinds: Iterable[Any]) -> bool:
    """Whether a mapping with free keys (entries by id) stands at a place."""
    return any(get_origin(kind) is dict for kind in kinds)


def below(kinds: Sequence[Any], step: str | int) -> tuple[Any, ...]:
    """Return what may stand one key, position or union tag below a place."""
    if is_tag(step):
        named = [m for m in models_at(kinds) if f"<{getattr(m, 'kind', '')}>" == step]
        return tuple(named) or tuple(kinds)
    found: list[Any] = []
    for kind in kinds:
        origin = get_origin(kind)
        if origin is dict:
            found += members(get_args(kind)[1])
        elif origin in {tuple, list} and (isinstance(step, int) or str(step).isdigit()):
            found += members(get_args(kind)[0])
        elif isinstance(kind, type) and issubclass(kind, Model):
            field = fields_of(kind).get(str(step))
            if field is not None:
                found += members(field.annotation)
    return tuple(found)


def kinds_at(steps: Iterable[str | int], root: tuple[Any, ...] = ROOT) -> tuple[Any, ...]:
    """Return what may stand at the end of a path from the root; of another kind of file, ``root`` is its model."""
    kinds = root
    for step in steps:
        kinds = below(kinds, step)
    return kinds


def valid_keys(steps: Iterable[str | int], root: tuple[Any, ...] = ROOT) -> list[str]:
    """List the keys that a mapping at a path may have; empty when they are free or no mapping is expected."""
    keys: dict[str, None] = {}
    for model in models_at(kinds_at(steps, root)):
        keys.update(dict.fromkeys(fields_of(model)))
    return list(keys)


def field_at(steps: Sequence[str | int], root: tuple[Any, ...] = ROOT) -> FieldInfo | None:
    """Return the field that a path ends at, or None."""
    for model in models_at(kinds_at(steps[:-1], root)):
        field = fields_of(model).get(str(steps[-1]))
        if field is not None:
            return field
    return None


def entry_model(section: str) -> type[Model] | None:
    """Return the model of a section's entries (``queues`` -> Queue); None when the section has no entries by key."""
    field = fields_of(ScenarioFile).get(section)
    if field is None or get_origin(field.annotation) is not dict:
        return None
    models = models_at(members(get_args(field.annotation)[1]))
    return models[0] if models else None


SECTIONS: tuple[str, ...] = tuple(key for key in fields_of(ScenarioFile) if entry_model(key) is not None)
"""Sections that hold entries by key: flows, itineraries, queues, ..."""
