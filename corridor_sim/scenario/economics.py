"""Prices and emission factors."""

from corridor_sim.scenario.base import Sourced, Text
from corridor_sim.scenario.quantities import FreeQ


class Cost(Sourced):
    """A tariff or price."""

    item: Text
    """What is paid for."""

    country: Text | None = None
    """Country or countries it holds in."""

    mode: Text | None = None
    """Mode it holds for: rail, road, sea, port, terminal, border, all."""

    rate: FreeQ
    """Price per what its unit says, such as USD/tkm, USD/TEU-km, USD/h."""

    price_base: Text | None = None
    """Year and currency of the price."""


class EmissionFactor(Sourced):
    """Greenhouse gas per transport work or handling; in the unit of `wtw`."""

    item: Text
    """What emits."""

    ttw: FreeQ | None = None
    """Tank to wheel: burning the fuel."""

    wtt: FreeQ | None = None
    """Well to tank: making the fuel."""

    wtw: FreeQ | None = None
    """Well to wheel: both, such as 95 g/tkm of CO2 equivalent."""
