"""Measurements side by side: ours and another's on one machine in one run.

Each module is a command (`python -m benchmarks.NAME`) that prints a table and writes
what it measured to `results/NAME.json`, with the machine, the versions and the
command. `python -m benchmarks.measured` makes `docs/measured.md` of those files, so no
number on that page is typed by hand.
"""
