"""KPIs across lanes: statistics, calibration, border indicators, bottlenecks."""
