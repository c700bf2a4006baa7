"""The trust ledger inside the page: what `corridor-sim trust` left in a result folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_sim.sweep.trust import load_ledger

if TYPE_CHECKING:
    from pathlib import Path

TELLS_LITTLE = 0.5
"""Share of the spread that is told of no number above which an answer gets a sentence of its own."""


def trust_section(folder: Path) -> dict[str, Any] | None:
    """Read the ledger of a folder; None when it has none.

    Returns
    -------
    dict or None
        answers and numbers (those worth measuring first) as rows, about, and warnings: sentences.
    """
    ledger = load_ledger(folder)
    if ledger is None:
        return None
    answers = ledger.answers.to_dict("records")
    warnings = [_warning(answer) for answer in answers if answer["rest"] > TELLS_LITTLE]
    numbers = ledger.first().to_dict("records")
    return {"answers": answers, "about": ledger.about, "numbers": numbers, "warnings": warnings}


def _warning(answer: dict[Any, Any]) -> str:
    return (
        f"{answer['answer']}: {100 * answer['rest']:.0f} % of its spread is told of no number: many small effects, or "
        f"queues that several numbers fill together. A number with less than {100 * answer['smallest']:.0f} % of what "
        "differs between cases cannot be told from chance; more cases tell more."
    )
