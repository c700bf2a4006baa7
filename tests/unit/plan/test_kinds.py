"""Numbers of kinds are stored in plans and results: they stay as they are, new ones come last."""

import pytest

from corridor_sim.plan.kinds import Basis, Cause, Occurrence, ReleasePattern, StageKind


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (StageKind, "HOLD TRAVEL QUEUE SPLIT GATHER FORM SAIL SINGLE_TRACK TAKE GIVE"),
        (Basis, "CONSIGNMENT TONNE TEU UNIT PATH"),
        (Cause, "MOVING HANDLING INSPECTION QUEUEING CLOSED DEPARTURE FORMING EQUIPMENT DOCUMENTS DWELL"),
        (ReleasePattern, "EVEN POISSON TIMETABLE"),
        (Occurrence, "POISSON ONCE"),
    ],
)
def test_names_and_numbers(kind, names):
    assert [(k.name, k.value) for k in kind] == [(name, i) for i, name in enumerate(names.split())]


def test_every_cause_has_words_of_its_own():
    labels = [cause.label for cause in Cause]
    assert len(set(labels)) == len(labels)
    assert all(label == label.lower() for label in labels)
