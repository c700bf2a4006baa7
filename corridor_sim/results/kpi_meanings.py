"""What every KPI means: words, unit and formula, in one place for the command line, the report and the workbook."""

from __future__ import annotations

from typing import NamedTuple

from corridor_sim.foundation.errors import Problem, ScenarioError, nearest
from corridor_sim.plan.kinds import Cause


class KpiMeaning(NamedTuple):
    """One KPI in words."""

    kpi: str
    label: str
    """Short name for a head of a column."""
    unit: str
    meaning: str
    formula: str


_OF = "over the consignments delivered in the period"
_PLACE = "at a place, in the period"
_RELEASE = "time from release at the origin to delivery"
_POST = "hours inside a border post, without moving and waiting for a train path (facilitation indicator 1)"
_MEANINGS = (
    KpiMeaning("throughput_consignments", "consignments", "1", "Consignments delivered, or let through at a place.",
               "count; of a flow by month of delivery, at a place or section when it is left"),
    KpiMeaning("throughput_units", "units", "1", "Units (trucks, part-trains, whole consignments) a place let through.",
               "count of those that left the place in the period"),
    KpiMeaning("throughput_t", "tonnes", "t", "Tonnes delivered, or let through at a place.",
               "sum of the loads, counted as the consignments are"),
    KpiMeaning("throughput_teu", "TEU", "TEU", "Containers delivered, or let through at a place, in 20-foot units.",
               "sum of the TEU, counted as the consignments are"),
    KpiMeaning("released_t", "tonnes released", "t", "Tonnes that set out.", "sum of the loads by month of release"),
    KpiMeaning("stock_end_consignments", "on the way at the end", "1", "Consignments on the way when the period ends.",
               "released and not delivered, just before the end of the period"),
    KpiMeaning("stock_end_t", "tonnes on the way at the end", "t", "Tonnes on the way when the period ends.",
               "sum of the loads released and not delivered, just before the end of the period"),
    KpiMeaning("transit_mean_h", "transit time, mean", "h", f"Mean {_RELEASE}.", f"sum of hours / consignments, {_OF}"),
    KpiMeaning("transit_p50_h", "transit time, P50", "h", f"Half of the trips take no more {_RELEASE}.",
               f"50th percentile {_OF}, of each replication"),
    KpiMeaning("transit_p80_h", "transit time, P80", "h", f"Four of five trips take no more {_RELEASE}.",
               f"80th percentile {_OF}, of each replication"),
    KpiMeaning("transit_p95_h", "transit time, P95", "h", f"19 of 20 trips take no more {_RELEASE}.",
               f"95th percentile {_OF}, of each replication"),
    *(KpiMeaning(f"time_{c.name.lower()}_h", f"time {c.label}", "h",
                 f"Hours of a trip whose cause is: {c.label}. All causes add up to the mean transit time.",
                 f"sum of hours with this cause / consignments, {_OF}") for c in Cause),
    KpiMeaning("speed_with_delay_km_per_h", "speed with delay", "km/h",
               "Speed over the whole trip, standing included (facilitation indicator 4).",
               f"sum of km / sum of transit hours, {_OF}"),
    KpiMeaning("speed_without_delay_km_per_h", "speed without delay", "km/h",
               "Speed while moving (facilitation indicator 4).", f"sum of km / sum of hours moving, {_OF}"),
    KpiMeaning("utilisation_frac", "busy", "1", f"Share of its open time that a place is busy {_PLACE}.",
               "reserved + (1 - reserved) x busy server-hours / available server-hours"),
    KpiMeaning("offered_load_frac", "offered load", "1",
               "Work that arrives at a place beside what it could do; above 1 the queue grows without end.",
               "server-hours of work arriving / available server-hours"),
    KpiMeaning("queue_mean_h", "wait, mean", "h",
               "Mean hours waited for service, those who do not wait included; none where load exceeds capacity.",
               "sum of hours waited / services begun in the period"),
    KpiMeaning("queue_p95_h", "wait, P95", "h", "19 of 20 wait no longer; none where load exceeds capacity.",
               "95th percentile of hours waited over services begun in the period"),
    KpiMeaning("queue_mean_n", "waiting, mean", "1", f"Mean number waiting {_PLACE}.",
               "integral of the number waiting / length of the period"),
    KpiMeaning("queue_longest_n", "waiting, most", "1", f"Largest number waiting at one instant {_PLACE}.",
               "maximum of the number waiting"),
    KpiMeaning("queue_end_n", "waiting at the end", "1", "Number waiting when the period ends.",
               "number waiting just before the end of the period"),
    KpiMeaning("queue_growth_per_year", "growth of the queue", "1/yr",
               "By how many a year the queue grows where load exceeds capacity; told instead of a mean wait.",
               "(waiting at the end - waiting at the begin) / years of the period"),
    KpiMeaning("visit_mean_h", "stay, mean", "h", "Mean hours from arrival at a place to departure from it.",
               "sum of hours stayed / departures in the period"),
    KpiMeaning("border_time_mean_h", "border time, mean", "h", f"Mean {_POST}.",
               "sum of hours / consignments that left the post in the period"),
    KpiMeaning("border_time_p50_h", "border time, P50", "h", f"Half stay no more {_POST}.",
               "50th percentile over those that left the post in the period"),
    KpiMeaning("border_time_p80_h", "border time, P80", "h", f"Four of five stay no more {_POST}.",
               "80th percentile over those that left the post in the period"),
    KpiMeaning("border_time_p95_h", "border time, P95", "h", f"19 of 20 stay no more {_POST}.",
               "95th percentile over those that left the post in the period"),
)  # fmt: skip
_MONEY = tuple(
    KpiMeaning(f"cost_{kind}_usd_per_t", f"cost per tonne, {kind}", "USD/t", f"Of the cost of a tonne: {words}.",
               "sum of these charges / tonnes delivered")
    for kind, words in (
        ("transport", "tariffs and freight rates of all modes"),
        ("handling", "loading, transshipment, change of gauge"),
        ("border", "fees and outlays at borders"), ("equipment", "wagons, containers and their empty way back"),
        ("time", "value of the time of the cargo"),
    )
)  # fmt: skip
_CHARGED = (
    KpiMeaning("cost_total_usd", "cost", "USD", "All charges and the value of time of what was delivered.",
               "sum over consignments delivered of the charges of their chain"),
    KpiMeaning("cost_usd_per_t", "cost per tonne", "USD/t", "Cost of a tonne, origin to destination, time included.",
               "cost / tonnes delivered"),
    KpiMeaning("cost_usd_per_teu", "cost per TEU", "USD/TEU", "Cost of a container of 20 feet, time included.",
               "cost of what went in containers / TEU delivered"),
    KpiMeaning("cost_usd_per_tkm", "cost per tonne-km", "USD/tkm", "Cost of a tonne over a kilometre.",
               "cost / tonne-km of what was delivered"),
    KpiMeaning("cost_500km_20t_usd", "cost of 500 km, 20 t", "USD",
               "What 20 t pay over 500 km with borders and handling, without value of time (facilitation indicator 3).",
               "(cost - value of time) / tonne-km of what was delivered x 20 t x 500 km"),
    KpiMeaning("cost_border_crossing_usd", "cost of the crossing", "USD",
               "Fees and outlays at a border post, of a truck or a rail lot of 20 t (facilitation indicator 2).",
               "charges of the kind border at the post / tonnes delivered over it x 20 t"),
    *_MONEY,
    KpiMeaning("co2e_wtw_total_t", "CO2e, well to wheel", "t", "Greenhouse gases emitted, fuel chain included.",
               "sum over legs and hubs of work x emission factor; empty running, idling, reefers"),
    KpiMeaning("co2e_ttw_total_t", "CO2e, tank to wheel", "t", "Greenhouse gases of what was delivered, no fuel chain.",
               "sum over legs of tonne-km x emission factor"),
    KpiMeaning("co2e_wtw_kg_per_t", "CO2e per tonne", "kg/t", "Well to wheel, of a tonne from origin to destination.",
               "CO2e / tonnes delivered"),
    KpiMeaning("co2e_ttw_kg_per_t", "CO2e per tonne, tank to wheel", "kg/t", "Of a tonne, on the way alone.",
               "CO2e, tank to wheel / tonnes delivered"),
    KpiMeaning("co2e_wtw_kg_per_teu", "CO2e per TEU", "kg/TEU", "Well to wheel, of a container of 20 feet.",
               "CO2e of what went in containers / TEU delivered"),
    KpiMeaning("co2e_ttw_kg_per_teu", "CO2e per TEU, tank to wheel", "kg/TEU", "Of a container, on the way alone.",
               "CO2e, tank to wheel, of what went in containers / TEU delivered"),
    KpiMeaning("co2e_ttw_g_per_tkm", "CO2e per tonne-km, tank to wheel", "g/tkm", "Of a tonne over a kilometre.",
               "CO2e, tank to wheel / tonne-km of what was delivered"),
    KpiMeaning("co2e_wtw_g_per_tkm", "CO2e per tonne-km", "g/tkm", "Well to wheel, of a tonne over a kilometre.",
               "CO2e / tonne-km of what was delivered"),
)  # fmt: skip
_CHOSEN = (
    KpiMeaning("chosen_t", "tonnes that choose it", "t", "Tonnes of a market that take a route in the equilibrium.",
               "expected tonnes by month of release, of the search, not of the replication"),
    KpiMeaning("chosen_share_frac", "share that chooses it", "1", "Share of a route in what a market sends.",
               "tonnes on the route / tonnes on all routes of the market"),
    KpiMeaning("generalised_cost_usd_per_t", "generalised cost", "USD/t",
               "What a tonne's choice of the route goes by, at the equilibrium.",
               "money + value of time x mean + value of reliability x (P95 - mean) + constant of the route"),
)  # fmt: skip
MEANINGS: dict[str, KpiMeaning] = {m.kpi: m for m in (*_MEANINGS, *_CHARGED, *_CHOSEN)}
"""KPIs by name, in the order of the model description."""
SUBJECTS = {
    "all": "all cargo of the corridor: without background traffic and the sea routes for reference",
    "route:NAME, route:NAME/south": "a family of itineraries, both directions or one",
    "flow:ID": "one origin, destination and commodity",
    "itinerary:ID": "one way of a flow, by year and in all",
    "flow:ID@PLACE": "hours of that flow at one place",
    "place:ID": "what is queued for: lanes, cranes, berths, fleets, train paths",
    "section:A-B-MODE": "a stretch of the network, both directions or one",
    "post:NAME, post:NAME/north": "a border post, both directions or one",
    "market:KEY/ROUTE": "goods that choose, by the route they take; not_sent: what stays at home",
    "terminal:NODE": "the places at a node that handle cargo",
}
"""What KPIs are of."""


def meaning_of(kpi: str) -> KpiMeaning:
    """Return the meaning of a KPI; one that is not described is told by its name alone."""
    return MEANINGS.get(kpi, KpiMeaning(kpi, kpi.replace("_", " "), "", "", ""))


def explain_kpi(kpi: str) -> str:
    """Explain a KPI in a few lines.

    Raises
    ------
    ScenarioError
        When there is no such KPI; the nearest one is named.
    """
    if kpi not in MEANINGS:
        hint = nearest(kpi, MEANINGS) or f"KPIs are {', '.join(MEANINGS)}"
        raise ScenarioError([Problem("", f"no KPI is called '{kpi}'", None, hint)])
    m = MEANINGS[kpi]
    unit = "a count or a fraction" if m.unit == "1" else m.unit
    return f"{m.kpi} ({m.label})\n  {m.meaning}\n  unit: {unit}\n  formula: {m.formula}"
