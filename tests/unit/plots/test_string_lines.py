"""String lines: meets where the schedule puts them, lines through the right points, nothing written over another."""

import heapq
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from corridor_sim.plots.string_lines import DOWN_COLOUR, UP_COLOUR, draw_string_lines, find_meets
from corridor_sim.plots.style import save_figure
from tests.support.readable import assert_readable, written

START = pd.Timestamp("2025-03-03", tz="UTC")
COLUMNS = ["train", "flow", "is_up", "from_km", "to_km", "arrive_h", "enter_h", "leave_h"]
LINE = pd.DataFrame({"name": ["Rasht", "Loop", "Astara"], "km": [0.0, 20.0, 50.0], "is_loop": [False, True, False]})
BY_HAND = pd.DataFrame(
    [
        # up 1 runs to the loop and waits an hour for down 2; up 3 starts late and meets nobody
        ("U1", "grain", True, 0.0, 20.0, 1.0, 1.0, 2.0),
        ("U1", "grain", True, 20.0, 50.0, 2.0, 3.0, 4.5),
        ("D2", "steel", False, 50.0, 20.0, 1.0, 1.5, 2.9),
        ("D2", "steel", False, 20.0, 0.0, 2.9, 2.9, 3.9),
        ("U3", "grain", True, 0.0, 20.0, 10.0, 10.0, 11.0),
        ("U3", "grain", True, 20.0, 50.0, 11.0, 11.05, 12.5),
    ],
    columns=COLUMNS,
)

STATIONS = pd.DataFrame(
    {
        "name": ["Rasht", "Khomam", "Anzali", "Kapurchal", "Rezvanshahr", "Talesh", "Lisar", "Lavandevil", "Astara"],
        "km": [0.0, 14.0, 37.0, 52.0, 71.0, 98.0, 117.0, 146.0, 164.0],
        "is_loop": [True, True, True, False, True, True, True, True, True],
    }
)
WORKING_H, HEADWAY_H, KM_PER_H = 0.1, 0.2, 45.0


def dispatch(departures):
    """Trains over STATIONS, first come first served on every section between two loops."""
    loops = STATIONS.loc[STATIONS["is_loop"], "km"].tolist()
    calls = [(at_h, train, 0 if up else len(loops) - 1, up, flow) for train, flow, up, at_h in departures]
    heapq.heapify(calls)
    last = {}  # section -> direction, entry and exit of the train before
    rows = []
    while calls:
        at_h, train, loop, up, flow = heapq.heappop(calls)
        to = loop + 1 if up else loop - 1
        section, run_h = min(loop, to), abs(loops[to] - loops[loop]) / KM_PER_H
        before_up, entered_h, left_h = last.get(section, (up, -np.inf, -np.inf))
        clear_h = max(entered_h, left_h - run_h) + HEADWAY_H if before_up == up else left_h + WORKING_H
        enter_h = max(at_h, clear_h)
        last[section] = (up, enter_h, enter_h + run_h)
        stops = STATIONS["km"][STATIONS["km"].between(*sorted((loops[loop], loops[to])))].tolist()
        for from_km, to_km in pairwise(stops if up else stops[::-1]):
            leave_h = enter_h + abs(to_km - from_km) / KM_PER_H
            rows.append((train, flow, up, from_km, to_km, at_h, enter_h, leave_h))
            at_h = enter_h = leave_h
        if 0 < to < len(loops) - 1:
            heapq.heappush(calls, (leave_h, train, to, up, flow))
    return pd.DataFrame(rows, columns=COLUMNS)


def a_day(n_each_way=10, days=1):
    """Trains each way, evenly over the day, the down ones a little denser in the morning."""
    departures = []
    for k in range(n_each_way * days):
        at_h = 24 * days * k / (n_each_way * days)
        departures.append((f"U{k}", "containers" if k % 3 else "grain", True, at_h + 0.3))
        departures.append((f"D{k}", "steel" if k % 2 else "containers", False, at_h * 0.93 + 0.1))
    return dispatch(departures)


def the(figure, gid):
    found = figure.findobj(lambda artist: artist.get_gid() == gid)
    assert len(found) == 1, gid
    return found[0]


def draw(trains=BY_HAND, stations=LINE, from_h=0.0, until_h=24.0, title="Rasht\N{EN DASH}Astara"):
    return draw_string_lines(trains, stations, title=title, start=START, from_h=from_h, until_h=until_h)


def test_a_meet_is_where_and_when_the_second_train_comes():
    meets = find_meets(BY_HAND, LINE)
    assert meets.to_dict("records") == [{"km": 20.0, "at_h": 2.9, "up": "U1", "down": "D2"}]


def test_trains_that_touch_meet_and_trains_that_miss_do_not():
    touching = BY_HAND.copy()
    touching.loc[1, ["enter_h", "leave_h"]] = [2.9, 4.4]
    assert find_meets(touching, LINE)["at_h"].tolist() == [2.9]
    touching.loc[1, ["enter_h", "leave_h"]] = [2.89, 4.39]
    assert find_meets(touching, LINE).empty


def test_trains_meet_only_at_loops():
    no_loop = LINE.assign(is_loop=False)
    assert list(find_meets(BY_HAND, no_loop).columns) == ["km", "at_h", "up", "down"]
    assert find_meets(BY_HAND, no_loop).empty
    assert find_meets(BY_HAND.iloc[:0], LINE).empty


def test_a_train_that_ends_or_starts_at_a_loop_meets_there():
    rows = [("U1", "a", True, 0.0, 20.0, 0.0, 0.0, 1.0), ("D2", "a", False, 20.0, 0.0, 0.5, 1.1, 2.1)]
    trains = pd.DataFrame(rows, columns=COLUMNS)
    assert find_meets(trains, LINE).to_dict("records") == [{"km": 20.0, "at_h": 1.0, "up": "U1", "down": "D2"}]


def test_a_train_that_turns_does_not_meet_itself():
    rows = [(7, "a", True, 0.0, 20.0, 0.0, 0.0, 1.0), (7, "a", False, 20.0, 0.0, 1.0, 1.0, 2.0)]
    assert find_meets(pd.DataFrame(rows, columns=COLUMNS), LINE).empty


def test_a_train_that_has_not_gone_on_is_still_met():
    waiting = BY_HAND.iloc[:4].copy()
    waiting.loc[1, ["enter_h", "leave_h"]] = np.nan
    assert find_meets(waiting, LINE)["at_h"].tolist() == [2.9]
    x, y = the(draw(waiting), "train U1").get_data()
    assert list(zip(x, y, strict=True)) == [(1, 0), (2, 20), (24, 20)]


def test_meets_of_a_day_are_all_crossings_and_all_at_loops():
    trains = a_day()
    meets = find_meets(trains, STATIONS)
    assert trains["train"].nunique() == 20
    assert set(meets["km"]) <= set(STATIONS.loc[STATIONS["is_loop"], "km"])
    assert meets["at_h"].is_monotonic_increasing
    assert not meets.duplicated(["up", "down"]).any(), "two trains pass each other once"
    ends = trains.groupby("train").agg(first_h=("arrive_h", "min"), last_h=("leave_h", "max"), up=("is_up", "first"))
    up, down = ends[ends["up"]], ends[~ends["up"]]
    # on one line, an up and a down train that are both on it for a time and go all the way must pass each other
    both = {
        (u, d)
        for u, a in up.iterrows()
        for d, b in down.iterrows()
        if a["first_h"] <= b["last_h"] and b["first_h"] <= a["last_h"]
    }
    assert set(zip(meets["up"], meets["down"], strict=True)) == both


def test_lines_go_through_arrival_entry_and_exit():
    figure = draw()
    x, y = the(figure, "train U1").get_data()
    assert list(zip(x, y, strict=True)) == [(1, 0), (2, 20), (3, 20), (4.5, 50)]
    x, y = the(figure, "train D2").get_data()
    assert list(zip(x, y, strict=True)) == [(1, 50), (1.5, 50), (2.9, 20), (3.9, 0)]
    x, y = the(figure, "meets").get_data()
    assert (list(x), list(y)) == ([2.9], [20.0])


def test_a_line_breaks_where_its_train_was_elsewhere():
    again = BY_HAND.iloc[:2].assign(**{c: BY_HAND[c].iloc[:2] + 10 for c in ("arrive_h", "enter_h", "leave_h")})
    x, _ = the(draw(pd.concat([BY_HAND, again])), "train U1").get_data()
    np.testing.assert_array_equal(x, [1, 2, 3, 4.5, np.nan, 11, 12, 13, 14.5])


def test_directions_differ_in_colour_and_in_dashes():
    figure = draw()
    up, down = the(figure, "train U1"), the(figure, "train D2")
    assert (up.get_color(), down.get_color()) == (UP_COLOUR, DOWN_COLOUR)
    assert up.is_dashed() is False
    assert down.is_dashed() is True
    grey = [sum(int(to_hex(c)[k : k + 2], 16) for k in (1, 3, 5)) for c in (UP_COLOUR, DOWN_COLOUR)]
    assert grey[0] != grey[1]


def test_waits_are_thick_and_short_ones_are_not_marked():
    figure = draw()
    up, down = the(figure, "waits up"), the(figure, "waits down")
    assert [segment.tolist() for segment in up.get_segments()] == [[[2, 20], [3, 20]]]
    assert [segment.tolist() for segment in down.get_segments()] == [[[1, 50], [1.5, 50]]]
    assert up.get_array().tolist() == [1.0]
    assert "waiting at a loop, h" in [text for text, _ in written(figure)]


def test_nobody_waits_no_colour_bar():
    figure = draw(BY_HAND.iloc[4:])
    assert len(figure.axes) == 1
    assert_readable(figure)


def test_a_day_of_twenty_trains(tmp_path):
    trains = a_day()
    figure = draw(trains, STATIONS, until_h=24.0)
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert "Rasht\N{EN DASH}Astara, Mon 3 Mar 2025: 20 trains" in texts
    assert {"up: 10 trains", "down: 10 trains", "00:00", "12:00", "24:00", *STATIONS["name"]} <= set(texts)
    assert "Trains by flow: containers 11, steel 5, grain 4." in texts
    n_meets = len(find_meets(trains, STATIONS).query("at_h <= 24"))
    assert f"meet ({n_meets})" in texts
    assert len(the(figure, "meets").get_xdata()) == n_meets
    png, svg = save_figure(figure, tmp_path, "string_lines")
    assert png.stat().st_size > 20_000
    assert svg.exists()


def test_only_trains_of_the_window_count():
    figure = draw(from_h=9.0, until_h=12.0)
    texts = [text for text, _ in written(figure)]
    assert "Rasht\N{EN DASH}Astara, Mon 3 Mar 2025, 09:00 to 12:00: 1 train" in texts
    assert {"up: 1 train", "down: 0 trains", "meet (0)"} <= set(texts)
    empty = draw(from_h=30.0, until_h=48.0)
    assert_readable(empty)
    assert "No train in this time." in [text for text, _ in written(empty)]


def test_what_came_before_the_window_is_still_met_in_it():
    # up 1 has stood since 2.0, in the block before 1.0 to 2.0
    assert the(draw(from_h=2.5), "meets").get_xdata().tolist() == [2.9]
    assert the(draw(from_h=2.95), "meets").get_xdata().tolist() == []


@pytest.mark.parametrize(
    ("from_h", "until_h", "period", "label"),
    [
        (12.0, 36.0, "3 Mar to 4 Mar 2025, 12:00 to 12:00", "00:00\n4 Mar"),
        (0.0, 72.0, "3 Mar to 5 Mar 2025", "00:00\n4 Mar"),
        (0.0, 24.0 * 14, "3 Mar to 16 Mar 2025", "7 Mar"),
        (24.0 * 300, 24.0 * 310, "28 Dec 2025 to 6 Jan 2026", "1 Jan"),
        (0.0, 2.0, "00:00 to 02:00", "01:30"),
        (0.0, 8760.0, "3 Mar 2025 to 2 Mar 2026", "31 Mar"),
    ],
)
def test_dates_stand_below_the_clock_where_days_change(from_h, until_h, period, label):
    figure = draw(from_h=from_h, until_h=until_h)
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert any(period in text for text in texts)
    assert label in texts


def test_many_stations_are_labelled_where_there_is_room():
    kms = np.concatenate([np.arange(0, 300, 3.0), [300.0]])
    is_loop = np.arange(kms.size) % 4 == 0
    names = [f"Station {k}" if k % 7 else f"Junction with a long name {k}" for k in range(kms.size)]
    stations = pd.DataFrame({"name": names, "km": kms, "is_loop": is_loop})
    rows = [("U", "a", True, kms[k], kms[k + 1], k * 0.1, k * 0.1, (k + 1) * 0.1) for k in range(kms.size - 1)]
    figure = draw(pd.DataFrame(rows, columns=COLUMNS), stations)
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert {"Station 4", "Station 100"} <= set(texts)
    assert "Station 1" not in texts, "the end before it has the room"


def test_more_than_sixty_trains_are_drawn_thin():
    busy = a_day(n_each_way=34)
    figure = draw(busy, STATIONS)
    assert_readable(figure)
    assert the(figure, "train U0").get_linewidth() < the(draw(), "train U1").get_linewidth()


@pytest.mark.parametrize(
    ("trains", "stations", "words"),
    [
        (BY_HAND.drop(columns=["flow", "is_up"]), LINE, "trains lack the columns flow, is_up"),
        (BY_HAND, LINE.drop(columns="km"), "stations lack the columns km"),
        (BY_HAND, LINE.iloc[::-1], "increasing km"),
        (BY_HAND, LINE.iloc[:1], "two or more"),
        (BY_HAND.assign(to_km=21.0), LINE, "to_km 21 is no station's km"),
        (BY_HAND.assign(is_up=True), LINE, "is_up must say"),
        (BY_HAND.assign(enter_h=0.5), LINE, "before it arrives"),
    ],
)
def test_wrong_tables_are_refused(trains, stations, words):
    with pytest.raises(ValueError, match=words):
        find_meets(trains, stations)
    with pytest.raises(ValueError, match=words):
        draw(trains, stations)


def test_a_window_without_length_is_refused():
    with pytest.raises(ValueError, match="no length"):
        draw(from_h=5.0, until_h=5.0)
