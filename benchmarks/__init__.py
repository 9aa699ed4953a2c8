"""Timings, as ratios in one run: `make bench`. They are no tests: a machine may be busy."""
