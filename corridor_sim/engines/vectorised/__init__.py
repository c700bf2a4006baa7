"""The vectorised engine: all lanes of a block at once, in numpy; the core for throughput runs."""
