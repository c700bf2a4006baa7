"""The two maps."""

import pytest

from corridor_sim.plots.map import _common_name, _round_samples, corridor_map, network_map
from tests.support.readable import assert_readable, written


def test_corridor_map_names_the_worst_queue_and_explains_itself(result, network):
    figure = corridor_map(result, network=network)
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert any(text.startswith("Yalama\n") and text.endswith(" h") for text in texts)
    assert {"Derbent", "border post", "rail"} <= set(texts)
    assert any("Mt/yr" in text for text in texts)
    assert any("Natural Earth" in text for text in texts)
    assert "sea" not in texts, "the key names only what is drawn"


def test_a_result_without_flows_shows_the_network(nothing, network, monkeypatch):
    monkeypatch.setattr("corridor_sim.plots.map.network_map", lambda *, network: ("the network", network))
    assert corridor_map(nothing, network=network) == ("the network", network)


def test_network_map(network):
    figure = network_map(title="My corridor", network=network)
    assert_readable(figure)
    texts = [text for text, _ in written(figure)]
    assert {"My corridor", "Moscow", "Shahid Rajaee", "rail", "road", "sea", "estimate (C)"} <= set(texts)


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        (["Astara (IR)", "Astara terminal", "Astara (AZ) road"], "Astara"),
        (["Amirabad", "Sari"], "Amirabad"),
        (["Incheh Borun"], "Incheh Borun"),
        (["Astrakhan port", "Astrakhan"], "Astrakhan"),
        (["Port of Baku", "Port of Baku south"], "Port of Baku"),
    ],
)
def test_common_name(labels, name):
    assert _common_name(labels) == name


@pytest.mark.parametrize(
    ("most", "samples"),
    [(18.9, [1, 5, 10]), (7.0, [1, 2, 5]), (0.24, [0.05, 0.1, 0.2]), (1.0, [0.1, 0.5, 1.0]), (0, [])],
)
def test_round_samples(most, samples):
    assert _round_samples(most) == pytest.approx(samples)
