"""Measuring the product: workloads of size n, figures as ratios in one run, a table, a gate on counts."""
