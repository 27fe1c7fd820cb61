"""Benchmarks: the hot paths of the house against bare engines, as ratios from one run."""
