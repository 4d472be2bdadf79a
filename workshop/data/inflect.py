"""A word is listed once, and its plural or past is made by rule or looked up."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


_PLURALS = _pairs(
    "man:men woman:women child:children fisherman:fishermen batsman:batsmen "
    "crewman:crewmen signalman:signalmen railwayman:railwaymen mouse:mice "
    "dairyman:dairymen yachtsman:yachtsmen gunman:gunmen brigade:brigades "
    "thief:thieves midwife:midwives mastitis:mastitis bloat:bloat oats:oats "
    "citrus:citrus octopus:octopuses calf:calves wolf:wolves louse:lice lice:lice "
    "salmon:salmon audience:audiences cattle:cattle furniture:furniture rust:rust "
    "clothing:clothing mildew:mildew evidence:evidence gold:gold second:seconds "
    "customs:customs fees:fees brothers:brothers birdlife:birdlife "
    "insurance:insurance flooding:floods"
)
_PASTS = _pairs(
    "hit:hit beat:beat burn:burnt steal:stole sell:sold build:built find:found "
    "see:saw give:gave take:took win:won lose:lost fight:fought make:made "
    "rise:rose "
    "fall:fell dig:dug mine:mined grow:grew leave:left rob:robbed plan:planned "
    "drop:dropped jump:jumped slide:slid climb:climbed repaint:repainted "
    "rebuild:rebuilt plant:planted fix:fixed rent:rented enter:entered "
    "freeze:frozen burgle:burgled cut:cut"
)
_VOWELS = "aeiou"


def inflected(word: str, form: str) -> str:
    """Return a word in a form: "" as it is, p plural, 3 third person, d past."""
    if form == "p":
        return _PLURALS.get(word) or with_s(word)
    if form == "3":
        return with_s(word)
    if form == "d":
        return _PASTS.get(word) or _past(word)
    return word


def with_s(word: str) -> str:
    """Return the regular plural of a noun, or the third person of a verb."""
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "go")) else "s")


def _past(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ied"
    return word + "ed"
