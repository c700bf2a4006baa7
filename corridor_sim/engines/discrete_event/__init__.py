"""The discrete-event engine: readable SimPy processes, one lane at a time; the reference."""
