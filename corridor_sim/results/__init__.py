"""What comes out of a run: events, per-lane reductions, run results and their storage."""
