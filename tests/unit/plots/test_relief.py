"""The figure of relief."""

import pandas as pd

from corridor_sim.plots.relief import MOST_ROWS, draw_relief


def table(n: int, days: float = 0.1) -> pd.DataFrame:
    rows = [
        {
            "place": f"P{k}", "name": "a place with a name that is much longer than what fits beside a bar in a figure",
            "days": days / (k + 1), "days_half": 0.01, "tonnes_per_year": 100.0 * k, "tonnes_half": 50.0,
            "route": "west_rail", "route_days": 0.2, "moves_to": "P1" if k % 2 else "", "moves_t": 12.0,
        }
        for k in range(n)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_best_places_are_drawn():
    figure = draw_relief(table(20), title="t", footer="f")
    labels = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert len(labels) == MOST_ROWS
    assert labels[0].endswith("...\nP0")
    texts = [t.get_text() for t in figure.axes[1].texts]
    assert texts[0] == "west rail: 4.8 h\nno other queue grows for sure"
    assert texts[1] == "west rail: 4.8 h\nqueue moves to P1 (+12 t waiting)"


def test_nothing_to_draw():
    assert draw_relief(table(3, days=-1.0), title="t", footer="f") is None
