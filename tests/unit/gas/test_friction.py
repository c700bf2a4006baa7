"""Friction laws: the implicit equation is met, laws agree where they should, values of the data sheet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.gas.friction import LAWS, colebrook, hofer, nikuradse_rough, reynolds, russian_norm


@given(st.floats(4e3, 2e8), st.floats(0.02, 1.5), st.floats(1e-6, 1e-3))
def test_colebrook_meets_its_own_equation(number, bore, roughness):
    if roughness / bore > 0.05:
        return
    x = 1 / np.sqrt(float(colebrook(number, bore, roughness)))
    assert x == pytest.approx(-2 * np.log10(roughness / (3.71 * bore) + 2.51 * x / number), rel=1e-9)


@pytest.mark.parametrize(
    ("law", "roughness", "value"),
    [(colebrook, 10e-6, 0.00787), (colebrook, 30e-6, 0.00921), (hofer, 30e-6, 0.00923), (russian_norm, 30e-6, 0.00907)],
)
def test_values_at_45_bcm_in_1420_mm(law, roughness, value):
    number = reynolds(45 * 21.871, 1.387, 1.2e-5)
    assert float(law(number, 1.387, roughness)) == pytest.approx(value, abs=1.5e-5)


def test_rough_pipes_do_not_know_the_reynolds_number():
    assert nikuradse_rough(1e6, 1.0, 5e-5) == nikuradse_rough(1e8, 1.0, 5e-5)
    assert float(colebrook(1e12, 1.0, 5e-5)) == pytest.approx(float(nikuradse_rough(1e6, 1.0, 5e-5)), rel=2e-3)


def test_a_line_at_rest_has_a_finite_friction():
    assert all(np.isfinite(law(reynolds(0.0, 1.0, 1.2e-5), 1.0, 5e-5)) for law in LAWS.values())
