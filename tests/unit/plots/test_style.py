"""Palettes that everybody can read, and a style that stays inside our figures."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest

from corridor_sim.plan.kinds import Cause
from corridor_sim.plots.style import CAUSE_STYLES, ROUTE_STYLES, new_figure, order_routes, route_style, styled

# Machado, Oliveira and Fernandes (2009): what a reader without red or green cones sees, linear RGB
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


def lab(colour: str, vision: str) -> np.ndarray:
    """CIE L*a*b* of a colour as a reader sees it (D65)."""
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.asarray(VISION[vision]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
def test_causes_differ_for_every_reader(vision):
    assert set(CAUSE_STYLES) == set(Cause)
    for a, b in combinations(CAUSE_STYLES.values(), 2):
        assert np.linalg.norm(lab(a.colour, vision) - lab(b.colour, vision)) > 14, (a, b)


def test_causes_differ_in_grey():
    """Two fills of like lightness differ by their hatch."""
    for a, b in combinations(CAUSE_STYLES.values(), 2):
        lightness = abs(lab(a.colour, "normal")[0] - lab(b.colour, "normal")[0])
        assert lightness > 4 or a.hatch != b.hatch, (a, b)


@pytest.mark.parametrize("vision", VISION)
def test_routes_differ_for_every_reader(vision):
    for a, b in combinations([s.colour for s in ROUTE_STYLES.values()], 2):
        assert np.linalg.norm(lab(a, vision) - lab(b, vision)) > 12, (a, b)


def test_routes_have_one_order_and_own_ones_a_colour():
    assert order_routes(["zeta", "east", "background", "west_rail", "alpha"]) == ["west_rail", "east", "alpha", "zeta"]
    alpha, zeta = (route_style(r, ["zeta", "east", "alpha"]) for r in ("alpha", "zeta"))
    assert alpha.colour != zeta.colour
    assert alpha.label == "Alpha"
    assert route_style("east", ["alpha"]) is ROUTE_STYLES["east"]


def test_style_is_not_left_behind():
    before = dict(mpl.rcParams)

    @styled
    def draw():
        assert mpl.rcParams["axes.spines.top"] is False
        return new_figure(2, 1)

    with mpl.rc_context({"axes.facecolor": "black"}):
        assert draw().add_subplot().get_facecolor() == (0, 0, 0, 1)  # outside: the user's own settings
        assert styled(lambda: new_figure(1, 1).add_subplot())().get_facecolor() == (1, 1, 1, 1)
    assert dict(mpl.rcParams) == before
