"""The command line, corridor-sim."""
