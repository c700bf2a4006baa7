"""Geodata to Network: nodes, sections, geometry, route search."""

from corridor_sim.network.layers import layer_frame
from corridor_sim.network.loading import load_network
from corridor_sim.network.model import Network, Node, Section

__all__ = ["Network", "Node", "Section", "layer_frame", "load_network"]
