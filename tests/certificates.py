"""Certificates that several tests sign: of a few lessons, or of a whole course."""

from workshop.certificate import Certificate, Reached

MOMENT = "2026-05-04T10:00:00+00:00"
DIGITS = Reached("01_mnist", "Read digits", "97 %", "attendee", "drawn", MOMENT)
BOXED = Reached("07_fruit", "Sort the fruit", "", "box", "real", MOMENT)
ANN = Certificate("Ann Lee", "Keras & co.", "7f3a", "2026-05-04", (DIGITS, BOXED), "1")
NAMES = [
    "Zoë",
    "فاطمة بنت محمد",
    "山田 太郎",
    "👩‍🚀",
    "</script><b>",
    "\u202eeeL nnA",
    "\x1b[31m",
]
