"""The planner's report: one HTML page that needs no network, and files for other programs."""
