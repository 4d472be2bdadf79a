"""A mirror is a plain folder that can be checked without us, and filled again at will.

`build` fills it at home, `check` compares it with its own lists, and whatever serves
files hands it out. Its lists are `SHA256SUMS`, which `sha256sum -c` reads, and
`mirror.json`, which says what makes each kind of machine complete; both are written
when all else is in place. What is there and whole is never fetched again.
"""

DATA = ("digits", "signs", "headlines", "pets", "fruit", "vgg16")
