"""The guides that come with the package, and the parts of the model description that are made from the code."""

from __future__ import annotations

import ast
import inspect
import re
from importlib.resources import files
from typing import TYPE_CHECKING, get_args

from corridor_sim.foundation.shipped import PACKAGE_DIR
from corridor_sim.plan.kinds import Cause
from corridor_sim.results.kpi_meanings import MEANINGS
from corridor_sim.scenario.itineraries import Stage
from corridor_sim.scenario.structure import SECTIONS, entry_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

GUIDES = ("planner", "researcher", "model")
_PART = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def guide_text(name: str) -> str:
    """Return a guide as Markdown: one of `GUIDES`."""
    return (files("corridor_sim") / "guides" / f"{name}.md").read_text(encoding="utf-8")


def updated(text: str) -> str:
    """Return a guide with its generated parts made anew."""
    return _PART.sub(lambda part: f"{part[1]}{GENERATED[part[2]]()}\n{part[3]}", text)


def update_guides() -> list[Path]:
    """Write the generated parts of the guides anew, in a checkout; returns the files that changed."""
    changed = []
    for name in GUIDES:
        file = PACKAGE_DIR / "guides" / f"{name}.md"
        old = file.read_text(encoding="utf-8")
        if (new := updated(old)) != old:
            file.write_text(new, encoding="utf-8")
            changed.append(file)
    return changed


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads)]
    lines += [["---"] * len(lines[0]), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _stages() -> str:
    """Stages of an itinerary, by the models that read them."""
    found = []
    for tagged in get_args(get_args(Stage)[0]):
        model, tag = get_args(tagged)[:2]
        found.append((f"`{tag.tag.strip('<>')}`", _first_line(model)))
    return _table(("stage", "what it does"), found)


def _causes() -> str:
    return _table(("cause", "KPI"), ((cause.label, f"`time_{cause.name.lower()}_h`") for cause in Cause))


def _sections() -> str:
    rows = ((f"`{section}`", _first_line(entry_model(section))) for section in SECTIONS)
    return _table(("section", "an entry is"), rows)


def _kpis() -> str:
    rows = ((f"`{m.kpi}`", m.unit, m.meaning, m.formula) for m in MEANINGS.values())
    return _table(("KPI", "unit", "meaning", "formula"), rows)


def _validation() -> str:
    """List tests against closed forms and published cases, by what their files say of themselves; in a checkout."""
    folder = PACKAGE_DIR.parent / "tests" / "validation"
    rows = []
    for file in sorted(folder.glob("test_*.py")):
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        rows.append((f"`{file.name}`", text.split("\n\n")[0].replace("\n", " ")))
    return _table(("test", "against what"), rows)


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n")[0]


GENERATED: dict[str, Callable[[], str]] = {
    "stages": _stages,
    "causes": _causes,
    "sections": _sections,
    "kpis": _kpis,
    "validation": _validation,
}
"""What makes each generated part."""
