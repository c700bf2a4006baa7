"""Reference of all keys of a scenario file, from the models: what each means, its unit, default and forms."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from corridor_sim.foundation.errors import Problem, ScenarioError, nearest
from corridor_sim.foundation.units import CANONICAL, EXAMPLES, WORDS
from corridor_sim.scenario.base import Form
from corridor_sim.scenario.distributions import PARAMETERS, Distribution, Drawn
from corridor_sim.scenario.flows import AnnualVolume
from corridor_sim.scenario.itineraries import STAGES
from corridor_sim.scenario.periods import Reader
from corridor_sim.scenario.quantities import Dimension, FreeUnit, Quantity
from corridor_sim.scenario.structure import ROOT, below, fields_of, has_free_keys, members, models_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

_WIDTH = 100
_MAPPING = "{value, unit, source, grade, range, note}"
_PLAIN = {int: "whole number", float: "number", str: "text", bool: "true or false"}
_BOUNDS = (("ge", "at least"), ("gt", "above"), ("le", "at most"), ("lt", "below"))


@dataclass(frozen=True)
class Entry:
    """One key of the reference."""

    key: str
    field: FieldInfo

    @property
    def default(self) -> str:
        """The default as it would be written, or ``required``."""
        if self.field.is_required():
            return "none, the key is required"
        return _write_default(self.field.get_default(call_default_factory=True))


def reference_keys() -> list[str]:
    """List all keys as dotted paths without ids, such as ``queues.service``."""
    return list(dict.fromkeys(entry.key for entry in _walk("", ROOT)))


def explain(key: str) -> str:
    """Explain a key of the scenario file.

    Parameters
    ----------
    key
        Dotted path with or without ids: ``queues.service``, ``queues.LANE_AST_N.service``, ``run.seed``, ``flows``.

    Raises
    ------
    ScenarioError
        When there is no such key; the nearest one is named.
    """
    name, entries = _find(key)
    blocks = [_explain_one(name, entry) for entry in entries]
    return "\n".join(dict.fromkeys(blocks))


def _walk(prefix: str, kinds: tuple[Any, ...]) -> Iterator[Entry]:
    """Yield the fields below a place, depth first; ids and positions leave no trace in the key."""
    for model in models_at(_inside(kinds)):
        for name, field in fields_of(model).items():
            key = f"{prefix}.{name}" if prefix else name
            yield Entry(key, field)
            yield from _walk(key, members(field.annotation))


def _inside(kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """Go through mappings by id and lists to what they hold."""
    found: list[Any] = []
    for kind in kinds:
        if get_origin(kind) is dict:
            found += _inside(members(get_args(kind)[1]))
        elif get_origin(kind) is tuple:
            found += _inside(members(get_args(kind)[0]))
        else:
            found.append(kind)
    return tuple(found)


def _find(key: str) -> tuple[str, list[Entry]]:
    """Find the fields that a key names, leaving out ids and positions."""
    kinds: tuple[Any, ...] = ROOT
    names: list[str] = []
    fields: list[FieldInfo] = []
    for part in filter(None, key.split(".")):
        models = models_at(_inside(kinds))
        found = [fields_of(model)[part] for model in models if part in fields_of(model)]
        if found:
            names.append(part)
            fields, kinds = found, tuple(kind for field in found for kind in members(field.annotation))
        elif names and (has_free_keys(kinds) or part.isdigit()) and not _is_typo(part, key, models):
            kinds = tuple(below(kinds, part)) or kinds
        else:
            same_end = [k for k in reference_keys() if k.endswith(f".{key}")]
            hint = f"did you mean {' or '.join(same_end[:4])}?" if same_end else ""
            hint = hint or nearest(".".join([*names, part]), reference_keys()) or _list_keys(models)
            raise ScenarioError([Problem("", f"no key '{key}' in a scenario file", None, hint)])
    if not fields:
        raise ScenarioError([Problem("", "no key given", None, _list_keys(models_at(ROOT)))])
    return ".".join(names), [Entry(".".join(names), field) for field in fields]


def _is_typo(part: str, key: str, models: list[Any]) -> bool:
    """Whether the last part of a key is a misspelt field rather than the id of an entry."""
    return key.endswith(part) and any(nearest(part, fields_of(model)) for model in models)


def _list_keys(models: list[Any]) -> str:
    keys = [key for model in models for key in fields_of(model)]
    return f"keys here are {', '.join(dict.fromkeys(keys))}" if keys else ""


def _explain_one(name: str, entry: Entry) -> str:
    about = " ".join((entry.field.description or "").split())
    rows = [("form", form_of(entry.field)), ("default", entry.default)]
    keys = _keys_below(entry.field)
    if keys:
        rows.append(("keys", keys))
    lines = [name, *_wrapped(about, "  ")]
    for label, text in rows:
        lines += _wrapped(f"{label}: {text}", "  ", "           "[: len(label) + 4])
    return "\n".join(lines)


def _wrapped(text: str, indent: str, further: str | None = None) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=further or indent)


def _keys_below(field: FieldInfo) -> str:
    keys = [key for model in models_at(_inside(members(field.annotation))) for key in fields_of(model)]
    return ", ".join(dict.fromkeys(keys))


def form_of(field: FieldInfo) -> str:
    """Say what may be written for a field: kind, unit and accepted forms."""
    special = next((item for item in field.metadata if _special(item)), None)
    if special is not None:
        return _special(special)
    bounds = [
        f"{words} {getattr(item, name):,}"
        for item in field.metadata
        for name, words in _BOUNDS
        if getattr(item, name, None) is not None
    ]
    form = _form(field.annotation)
    return f"{form}, {' and '.join(bounds)}" if bounds else form


def _special(item: Any) -> str:
    """Form of the values that are read by a function of ours, an empty text for other metadata."""
    if isinstance(item, AnnualVolume):
        return f"{_special(item.dimension)}; or by year {{2025: 330 kt/yr, 2030: 400 kt/yr}}"
    if isinstance(item, Drawn):
        families = ", ".join(
            f"{family} {{{', '.join(form)}}}" for family, forms in PARAMETERS.items() for form in forms
        )
        return f"{_special(item.dimension)}; or a distribution: {families}, beside it source, grade, range, note"
    if isinstance(item, Dimension):
        names = (item.name, *item.others)
        if CANONICAL[item.name] in {"1", "fraction"}:
            return f"{WORDS[item.name]}; a number, a text such as {EXAMPLES[item.name]}, or {_MAPPING}"
        unit = " or ".join(dict.fromkeys(CANONICAL[name] for name in names))
        examples = EXAMPLES[item.name] if not item.words else item.words.split("such as ")[-1]
        bare = f"a bare number is in {CANONICAL[item.name]}"
        return f"{WORDS[item.name]} in {unit} ({bare}); a number, a text such as {examples}, or {_MAPPING}"
    if isinstance(item, FreeUnit):
        return f"a number with a unit that is kept as written, such as 0.016 USD/tkm, or {_MAPPING}"
    if isinstance(item, Form):
        return item.text
    return item.form.rstrip(".") if isinstance(item, Reader) else ""


def _form(annotation: Any) -> str:
    """Say what may be written for an annotation."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        special = next((_special(item) for item in inner[1:] if _special(item)), "")
        return special or _form(inner[0])
    if origin is Literal:
        return f"one of {', '.join(str(option) for option in inner)}" if len(inner) > 1 else str(inner[0])
    if origin is dict:
        return "entries by key"
    if origin is tuple:
        stages = {model.__name__ for model in STAGES.values()}
        if any(model.__name__ in stages for model in models_at(_inside(members(annotation)))):
            return f"list of stages, each named by one of {', '.join(STAGES)}"
        return f"list of: {_form(inner[0])}"
    options = members(annotation)
    if len(options) > 1 or (options and options[0] is not annotation):
        forms = [_form(part) for part in inner if part is not type(None)] if origin is not None else []
        return " or ".join(dict.fromkeys(forms)) or "any value"
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    return "mapping" if models_at(options) else "any value"


def _write_default(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, Quantity):
        return f"{value.value:g}" if value.unit in {"1", "fraction"} else f"{value.value:g} {value.unit}"
    if isinstance(value, Distribution):
        return f"{value.mean_value:g} {value.unit}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, str):
        return value or "empty"
    pattern = getattr(value, "pattern", None)
    if pattern is not None:
        return str(pattern)
    always = getattr(value, "always", None) or getattr(value, "yearly", None)
    return "always" if always else "empty"
