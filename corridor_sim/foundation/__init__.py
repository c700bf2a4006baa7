"""Errors, units, random streams, calendars and the time axis: numpy only, nothing of the corridor."""
