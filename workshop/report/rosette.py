"""Every key has a figure of its own, as bank notes have: for the eye, not for proof.

Certificates of one room show the same figure and those of another room another one.
It is drawn from the key's fingerprint by few numbers, so it must not be compared in
place of the fingerprint itself.
"""

from __future__ import annotations

import math

_STEPS = 240
_RINGS = (
    ("outer", 86, 20, 9, 6),
    ("middle", 54, 16, 7, 5),
    ("inner", 26, 13, 5, 4),
)
"""Each with its radius, half its width, the least number of waves, and its copies."""


def rosette(fingerprint: str) -> str:
    """Return the figure of a fingerprint (hex digits) as SVG, coloured by its page."""
    numbers = bytes.fromhex(fingerprint)
    rings = "".join(
        _ring(*ring, numbers[4 * place : 4 * place + 4])
        for place, ring in enumerate(_RINGS)
    )
    return (
        '<svg class="rosette" viewBox="-112 -112 224 224" aria-hidden="true">'
        f"{rings}</svg>"
    )


def _ring(
    name: str, radius: float, width: float, least: int, copies: int, numbers: bytes
) -> str:
    """Return one wave around the centre, and the same one turned a few times."""
    waves, ripples = least + numbers[0] % 6, 2 + numbers[1] % 2
    share = -0.4 + 0.8 * numbers[2] / 255
    points = " ".join(
        _point(step, radius, width, waves, ripples, share) for step in range(_STEPS)
    )
    path = f'<path id="{name}" d="M{points}Z"/>'
    step = 360 / waves / copies
    turned = "".join(
        f'<use href="#{name}" transform="rotate({step * turn:.2f})"/>'
        for turn in range(1, copies)
    )
    return f'<g class="{name}">{path}{turned}</g>'


def _point(
    step: int, radius: float, width: float, waves: int, ripples: int, share: float
) -> str:
    angle = 2 * math.pi * step / _STEPS
    wave = math.cos(waves * angle) + share * math.cos(waves * ripples * angle)
    distance = radius + width * wave / (1 + abs(share))
    return f"{distance * math.cos(angle):.1f} {distance * math.sin(angle):.1f}"
