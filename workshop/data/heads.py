"""A head is a dozen ellipsoids and plates; fur frays its outline and roughens it.

Every animal has the same parts. What differs is how long, wide, pricked or curly they
are, so one function builds a mouse and a bear, and all that lies between.
"""

from __future__ import annotations

import numpy as np

from workshop.data.breeds import Breed, Look
from workshop.data.paint import Array, Camera, Relief, rotation, stack

HEAD, EAR, INNER, NOSE, EYE, BODY, COLLAR, MANE = range(1, 9)
SIDES = (-1, 1)


def build(
    look: Look, camera: Camera, body: Camera, breed: Breed, noise: Array
) -> Relief:
    """Return the relief of portraits; the body is seen by a camera of its own.

    `noise` (n, SIDE, SIDE) frays outlines.
    """
    relief = Relief(len(camera.scale))
    fuzz = np.clip(noise, -1.5, 1.5) * (0.7 * look["fuzz"][:, None, None])
    _body(relief, look, body, fuzz)
    if breed.mane:
        _mane(relief, camera, noise)
    if breed.ears == "tall":
        _talls(relief, look, camera)
    elif breed.ears == "round":
        _rounds(relief, look, camera, fuzz)
    _skull(relief, look, camera, fuzz)
    _muzzle(relief, look, camera)
    if breed.ears == "plate":
        _plates(relief, look, camera)
    elif breed.ears == "lobe":
        _lobes(relief, look, camera, fuzz)
    _eyes(relief, look, camera)
    return relief


def eye_places(look: Look, side: int) -> Array:
    """Return where eyes lie (n, 3) on the skull, in the axes of the head."""
    x, y = look["apart"], look["above"]
    round_ = (x / look["wide"]) ** 2 + (y / look["high"]) ** 2
    return stack(side * x, y, look["deep"] * np.sqrt(np.maximum(1 - round_, 0.05)))


def nose_place(look: Look) -> Array:
    """Return where the nose lies (n, 3), in the axes of the head."""
    y = -look["drop"] + 0.55 * look["tip"]
    return stack(0, y, look["long"] - 0.25 * look["nose"])


def _body(relief: Relief, look: Look, body: Camera, fuzz: Array) -> None:
    neck = look["neck"]
    relief.ellipsoid(
        body,
        stack(0, -1.0, -0.55),
        stack(neck, 1.1, 0.75 * neck),
        BODY,
        blend=0.3,
        fuzz=fuzz,
    )
    relief.ellipsoid(
        body,
        stack(0, -2.6, -0.5),
        stack(1.45 * neck + 0.1, 1.5, neck),
        BODY,
        blend=0.5,
        fuzz=fuzz,
    )


def _mane(relief: Relief, camera: Camera, noise: Array) -> None:
    relief.ellipsoid(
        camera,
        stack(0, -0.1, -0.35),
        stack(1.55, 1.55, 0.75),
        MANE,
        blend=0.1,
        fuzz=np.clip(noise, -1.5, 1.5) * np.float32(0.15),
    )


def _skull(relief: Relief, look: Look, camera: Camera, fuzz: Array) -> None:
    wide, high, deep = look["wide"], look["high"], look["deep"]
    zero = np.zeros_like(wide)
    relief.ellipsoid(
        camera,
        stack(zero, 0, 0),
        stack(wide, high, deep),
        HEAD,
        fuzz=fuzz * np.float32(0.5),
    )
    cheek, fluff = look["cheek"], look["fluff"]
    for side in SIDES:
        relief.ellipsoid(
            camera,
            stack(side * (0.45 + 0.25 * fluff) * wide, -0.38 - 0.05 * fluff, 0.3),
            stack(cheek + 0.3 * fluff, cheek, 0.5),
            HEAD,
            blend=0.3,
            fuzz=fuzz,
        )
    top = look["top"]
    if top.max() > 0:
        relief.ellipsoid(
            camera,
            stack(zero, 0.45 * high + 0.3 * top, 0.05),
            stack((0.55 + 0.3 * top) * wide, 0.4 + 0.3 * top, 0.55 + 0.15 * top),
            HEAD,
            blend=0.25,
            fuzz=fuzz,
        )


def _muzzle(relief: Relief, look: Look, camera: Camera) -> None:
    long, base, tip, drop = (look[name] for name in ("long", "base", "tip", "drop"))
    for share, wide in ((0.0, base), (0.5, (base + tip) / 2), (1.0, tip)):
        z = 0.6 + share * (long - tip - 0.6)
        relief.ellipsoid(
            camera,
            stack(0, -drop + 0.08 * (1 - share), z),
            stack(wide, 0.82 * wide, tip + (1 - share) * 0.2),
            HEAD,
            blend=0.25,
        )
    for side in SIDES:
        relief.ellipsoid(
            camera,
            stack(side * 0.42 * tip, -drop - 0.22 * tip, long - 0.95 * tip),
            stack(0.72 * tip, 0.62 * tip, 0.85 * tip),
            HEAD,
            blend=0.06,
        )
    relief.ellipsoid(
        camera,
        stack(0, -drop - 0.75 * tip, long - 1.35 * tip),
        stack(0.6 * tip, 0.45 * tip, 0.8 * tip),
        HEAD,
        blend=0.03,
    )
    nose = look["nose"]
    relief.ellipsoid(
        camera,
        nose_place(look),
        stack(nose, 0.75 * nose, 0.6 * nose),
        NOSE,
        blend=0.02,
    )


def _eyes(relief: Relief, look: Look, camera: Camera) -> None:
    for side in SIDES:
        place = eye_places(look, side)
        eye = look["eye"]
        place[:, 2] -= 0.45 * eye
        relief.ellipsoid(camera, place, stack(eye, eye, eye * 0.8), EYE, blend=0.01)


def _plates(relief: Relief, look: Look, camera: Camera) -> None:
    """Add ears that are pricked, or fold over so that the tip hangs forward."""
    zero = np.zeros_like(look["wide"])
    for number, side in enumerate(SIDES):
        folded = look.get(f"fold{number}", look["fold"]) > 0.5
        ear, lap, lean = look["ear"], look["lap"], look["lean"]
        high = 0.86 * look["high"] * np.sqrt(np.maximum(1 - look["side"] ** 2, 0.1))
        foot = stack(side * look["side"], high, -0.15)
        up = foot + stack(side * lean, 1 - 0.4 * lean, -0.1) * ear[:, None]
        outer = foot + stack(side * lap * 0.8, -lap * 0.75, -0.05)
        corners = np.stack([outer, foot + stack(-side * lap, lap * 0.15, 0.05), up], 1)
        corners = np.where(folded[:, None, None], 0.3 * corners, corners)  # hidden
        bow = 0.12 * np.minimum(ear, 1.2)
        relief.plate(camera, corners, EAR, bow=bow, inner=INNER, inset=0.16)
        if folded.any():
            own = rotation(zero, zero - 0.5, zero + side * 0.55)
            flap = foot + stack(side * (0.14 + 0.2 * lean), 0.10 - 0.25 * ear, 0.30)
            size = stack(0.9 * lap, 0.28 + 0.3 * ear, 0.17) * folded[:, None]
            flap, size = np.where(folded[:, None], flap, 0), np.maximum(size, 0.01)
            relief.ellipsoid(camera, flap, size, EAR, blend=0.05, own=own)


def _rounds(relief: Relief, look: Look, camera: Camera, fuzz: Array) -> None:
    for side in SIDES:
        high = look["high"] * np.sqrt(np.maximum(1 - look["side"] ** 2, 0.1))
        ear, lap = look["ear"], look["lap"]
        place = stack(
            side * (look["side"] * look["wide"] + 0.35 * lap), high + 0.4 * ear, -0.1
        )
        relief.ellipsoid(
            camera, place, stack(lap, ear, 0.22), EAR, blend=0.02, fuzz=fuzz
        )
        place = place + stack(0, -0.05, 0.16 + 0 * ear)
        inside = stack(0.62 * lap, 0.62 * ear, 0.12)
        relief.ellipsoid(camera, place, inside, INNER, blend=0.02)


def _talls(relief: Relief, look: Look, camera: Camera) -> None:
    """Add long ears that stand up, as a rabbit's."""
    for side in SIDES:
        ear, lap = 0.5 * look["ear"], look["lap"]
        lean = side * look["lean"]
        own = rotation(0 * ear, 0 * ear - 0.15, -lean)
        x = side * look["side"] + np.sin(lean) * ear
        y = 0.75 * look["high"] + np.cos(lean) * ear
        outer, inner = stack(lap, ear, 0.14), stack(0.55 * lap, 0.82 * ear, 0.08)
        relief.ellipsoid(camera, stack(x, y, -0.25), outer, EAR, blend=0.02, own=own)
        relief.ellipsoid(camera, stack(x, y, -0.12), inner, INNER, blend=0.02, own=own)


def _lobes(relief: Relief, look: Look, camera: Camera, fuzz: Array) -> None:
    """Add ears that hang at the sides of the head: a root and a leaf."""
    zero = np.zeros_like(look["wide"])
    for side in SIDES:
        ear, lap = look["ear"], look["lap"]
        x = side * look["side"] * look["wide"]
        own = rotation(zero, zero, side * (0.22 + 0 * zero))
        relief.ellipsoid(
            camera,
            stack(x, 0.42 * look["high"], 0.0),
            stack(0.6 * lap, 0.32, 0.3),
            EAR,
            blend=0.1,
            fuzz=fuzz,
            own=own,
        )
        relief.ellipsoid(
            camera,
            stack(x + side * 0.16, 0.4 - 0.62 * ear, 0.05),
            stack(0.8 * lap, 0.62 * ear, 0.28),
            EAR,
            blend=0.15,
            fuzz=fuzz,
            own=own,
        )
