"""Engines: functions from a plan to the events of its lanes."""
