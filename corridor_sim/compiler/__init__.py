"""Scenario and Network to Plan: one build function per kind of thing."""

from corridor_sim.compiler.compile import compile_plan

__all__ = ["compile_plan"]
