"""A grader as many are: the submission runs in its own process, before its checks.

    python naive.py COURSE SCRIPT SEED RESULTS.json

What cheats do must beat it. One that does not would prove nothing about a box.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np

from workshop.data.kinds import Sealed


def sealed_set(seed, count=200):
    """Return pictures of 8 by 8 pixels; a label is the number of the bright corner."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 4, count)
    images = random.integers(0, 100, (count, 2, 4, 2, 4))
    images[np.arange(count), labels // 2, :, labels % 2] += 100
    pictures = images.reshape(count, 8, 8).astype(np.uint8)
    classes = ("top left", "top right", "bottom left", "bottom right")
    return Sealed(pictures, None, labels, classes, np.arange(count), "drawn")


def checks_of(path):
    """Return the functions of an assessment."""
    spec = importlib.util.spec_from_file_location("assessment", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["assessment"] = module
    spec.loader.exec_module(module)
    return [one for one in vars(module).values() if hasattr(one, "__code__")]


def count_passed(checks, script, sealed):
    """Return how many checks pass."""
    names = {"__name__": "__main__"}
    exec(compile(script.read_text("utf-8"), str(script), "exec"), names)
    given = {"sealed": sealed, "goal": 0.9}
    passed = 0
    for check in checks:
        wanted = check.__code__.co_varnames[: check.__code__.co_argcount]
        try:
            check(*((names | given)[name] for name in wanted))
        except Exception:
            continue
        passed += 1
    return passed


def main():
    course, script, seed, results = sys.argv[1:]
    checks = checks_of(Path(course, "assessments", "01_corner.py"))
    passed = count_passed(checks, Path(script), sealed_set(int(seed)))
    Path(results).write_text(json.dumps({"passed": passed, "of": len(checks)}))


if __name__ == "__main__":
    main()
