"""`python -m workshop` is the same as `workshop`: files beside a lesson shadow nothing.

Python puts the current folder before its own modules here, and a learner's `random.py`
would be taken for the real one.
"""

import sys

if not getattr(sys.flags, "safe_path", True):
    del sys.path[0]

from workshop.cli import main

main()
