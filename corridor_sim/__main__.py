"""``python -m corridor_sim``: the command line."""

from corridor_sim.cli.app import main

main()
