"""Scenario and Network to Plan: one build function per kind of thing."""
