"""Places and people of drawn headlines are invented, each region in its own accent.

A town is a first and a last part, and the last parts belong to one region. So a town
at the beginning of a headline says which river may come at its end.
"""

from __future__ import annotations

import numpy as np

TOWNS, SURNAMES = 110, 70  # in each region, in each sport

_STARTS = (
    "al bar bel bram cal cor dal dern el fal far gar hal har hol kel kin lan lar mar "
    "mel mor nar nor or pel quar ral red ros sel stan tam tel thor ul van wel wes win"
)
_REGIONS = {  # region: last parts of its towns; rivers; teams
    "northdale": ("thorpe garth wick dale", "esker tarn gelt swale", "ravens wolves"),
    "southshire": ("hurst combe stead bourne", "itch avern rill lode", "stags swans"),
    "highmark": ("ridge crag fell tor", "scree spate cleft linn", "eagles rams"),
    "seaboard": ("haven mouth port cove", "brine fleet drift kelp", "sharks gulls"),
    "goldplain": ("field acre lea worth", "ochre maize loam furrow", "bulls hawks"),
    "lakeland": ("mere water pool marsh", "reed heron alder osier", "otters pikes"),
    "oakwold": ("holt grove shaw glade", "acorn bracken moss fern", "boars foxes"),
    "westisles": ("ness holm skerry sound", "tide curragh eddy foam", "seals terns"),
}
_ROOTS = (
    "ack al and ash bart ben birk brad bur carl cav chal clay dav dun ed ell fen gil "
    "grim had hask hen hod jack kemp lang led mad mat nel ock pat pen rad rob rus sand "
    "shel stod tal tip wad wal wil yar"
)
_TAILS = "ard berg by den er ers ford ham ington ley man ner ridge son ton wood"


def regions() -> list[dict[str, list[str]]]:
    """Return the lists PLACE, REGION, RIVER and TEAM of every region."""
    random = np.random.default_rng(6)
    found = []
    for name, (ends, rivers, teams) in _REGIONS.items():
        towns = [start + end for start in _STARTS.split() for end in ends.split()]
        chosen = random.permutation(towns)[:TOWNS].tolist()
        lists = {"PLACE": chosen, "REGION": [name]}
        found.append(lists | {"RIVER": rivers.split(), "TEAM": teams.split()})
    return found


def surnames(count: int) -> list[list[str]]:
    """Return `count` lists of 70 surnames that share no name."""
    names = [root + tail for root in _ROOTS.split() for tail in _TAILS.split()]
    mixed = np.random.default_rng(7).permutation(names).tolist()
    return [mixed[i * SURNAMES : (i + 1) * SURNAMES] for i in range(count)]
