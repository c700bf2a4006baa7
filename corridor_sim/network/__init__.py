"""Geodata to Network: nodes, sections, geometry, route search."""
