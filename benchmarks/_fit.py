"""The chance to pass a goal is read off a beta-binomial fit, not off a bell curve.

A trained network answers n sealed inputs and is right on k of them. Two things vary:
the network's true share of right answers from training to training (beta), and the luck
of the inputs it is asked (binomial). Together they are the beta-binomial distribution;
the fit is by moments (Skellam 1948, A probability distribution derived from the
binomial distribution). Where k varies no more than luck alone would, the fit is the
binomial, which errs on the safe side. A goal can then be judged at counts that no run
has reached.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fit:
    """Counts of right answers among `n`: mean share, and correlation of two answers.

    `correlation` is 0 for a plain binomial, 1 where a run is all right or all wrong.
    """

    n: int
    share: float
    correlation: float

    def at_least(self, count: int) -> float:
        """Return the probability of `count` right answers or more."""
        below = sum(math.exp(self._log_probability(k)) for k in range(max(count, 0)))
        return max(0.0, 1.0 - below)

    def _log_probability(self, k: int) -> float:
        n, p = self.n, self.share
        ways = _log_ways(n, k)
        if self.correlation == 0:
            return ways + k * math.log(p) + (n - k) * math.log1p(-p)
        weight = (1 - self.correlation) / self.correlation
        a, b = p * weight, (1 - p) * weight
        return ways + _log_beta(k + a, n - k + b) - _log_beta(a, b)


def fit(counts: Sequence[int], n: int) -> Fit:
    """Return the fit to the counts of right answers of several runs, each among `n`.

    ValueError for fewer than two runs or a count outside 0..n. A share of exactly 0 or
    1 is moved half an answer inwards, or nothing could ever go wrong.
    """
    if len(counts) < 2 or not all(0 <= k <= n for k in counts):
        raise ValueError(f"at least two counts from 0 to {n} are needed: {counts}")
    half = 0.5 / (n * len(counts))
    share = min(max(statistics.mean(counts) / n, half), 1 - half)
    spread = statistics.variance([k / n for k in counts]) * n / (share * (1 - share))
    correlation = (spread - 1) / (n - 1) if n > 1 else 0.0
    return Fit(n, share, min(max(correlation, 0.0), 0.999))


def needed(goal: float, n: int) -> int:
    """Return the smallest count that reaches `goal`, a share from 0 to 1, among n."""
    return math.ceil(goal * n - 1e-9)


def highest_goal(fitted: Fit, demand: float) -> float:
    """Return the highest goal, in whole per cent, passed with probability `demand`."""
    for percent in range(100, 0, -1):
        if fitted.at_least(needed(percent / 100, fitted.n)) >= demand:
            return percent / 100
    return 0.0


def normal_chance_below(values: Sequence[float], goal: float) -> float:
    """Return the chance of a value of at most `goal`, by a normal fit."""
    deviation = statistics.stdev(values)
    if deviation == 0:
        return float(values[0] <= goal)
    return statistics.NormalDist(statistics.mean(values), deviation).cdf(goal)


def _log_ways(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
