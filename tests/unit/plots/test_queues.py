"""Queue history of the worst places."""

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib import dates

from corridor_sim.plots.queues import draw_queues
from corridor_sim.plots.result_view import ResultView
from tests.support.readable import assert_readable, written


def test_worst_first_and_warm_up_left_out(view, result):
    figure = draw_queues(view, n_places=2)
    assert_readable(figure)
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles[0] == "Customs, Yalama"
    assert len(titles) == 2
    x = figure.axes[0].get_lines()[0].get_xdata()
    assert dates.num2date(figure.axes[0].get_xlim()[0]).day == 4
    assert len(x) == 28
    days = result.queues[(result.queues["place"] == "CUSTOMS") & (result.queues["date"] >= "2025-03-04")]
    np.testing.assert_allclose(figure.axes[0].get_lines()[0].get_ydata(), days["mean"])


def test_the_key_says_of_which_replications(view, result, network):
    assert "mean of 3 replications" in [text for text, _ in written(draw_queues(view))]
    some = replace(result, stages=result.stages[result.stages["replication"] < 2])
    assert "mean of the first 2 replications" in [text for text, _ in written(draw_queues(ResultView(some, network)))]


def test_months_on_the_axis_of_a_long_run(result, network):
    days = result.queues[result.queues["place"] == "CUSTOMS"]
    moved = [days.assign(date=days["date"] + np.timedelta64(31 * k, "D")) for k in range(9)]
    queues = type(days)({c: np.concatenate([m[c].to_numpy() for m in moved]) for c in days.columns})
    long = replace(result, queues=queues, manifest={**result.manifest, "end_h": 24.0 * 31 * 9})
    figure = draw_queues(ResultView(long, network))
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert {"Apr", "May", "Nov"} <= set(texts)


def test_overload_is_told_instead_of_a_mean_wait(with_kpis):
    key = "place:CUSTOMS"
    view = with_kpis({("offered_load_frac", key): 1.2, ("queue_growth_per_year", key): 250.0})
    texts = " ".join(text for text, _ in written(draw_queues(view)))
    assert "over capacity, grows by 250 a year" in texts


def test_no_queue_no_figure(nothing, network, with_kpis):
    assert draw_queues(ResultView(nothing, network)) is None
    places = ("CUSTOMS", "CRANE", "RU_SAM>AZ_YAL")
    assert draw_queues(with_kpis({("queue_mean_n", f"place:{p}"): 0.0 for p in places})) is None


def test_years_stand_on_the_axis_of_a_long_run(result, network):
    days = pd.date_range("2025-03-01", "2032-01-01", freq="D")
    queues = pd.DataFrame({"place": "CUSTOMS", "date": days, "mean": 2.0, "p05": 1.0, "p95": 4.0})
    long = replace(result, queues=queues, manifest={**result.manifest, "end_h": 24.0 * days.size})
    figure = draw_queues(ResultView(long, network))
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert {"2026", "2029", "2031"} <= set(texts)
    assert "Aug" not in texts
