"""An IDX file is read only when every number in its header holds.

Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits": two
zero bytes, the type (8 for unsigned bytes), the number of axes, each axis as a
big-endian 32-bit number, then the values.
"""

from __future__ import annotations

import math
import struct

import numpy as np
import numpy.typing as npt


def read(content: bytes) -> npt.NDArray[np.uint8]:
    """Return the unsigned bytes of an IDX file; ValueError says what is off."""
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise ValueError(f"it begins with {content[:4].hex() or 'nothing'}, not 000008")
    axes = content[3]
    start = 4 + 4 * axes
    if axes == 0 or len(content) < start:
        raise ValueError(f"its header of {axes} axes is cut short")
    shape = struct.unpack(f">{axes}I", content[4:start])
    expected = start + math.prod(shape)
    if len(content) != expected:
        raise ValueError(f"it has {len(content):,} bytes where {expected:,} belong")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
