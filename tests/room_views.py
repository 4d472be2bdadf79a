"""Views of a room as its server would give them, for tests of the pages alone."""

import random
import time

STATES = ("before", "running", "paused", "overrun", "ended")
PLAN = (
    ("Welcome, set-up", None, 10),
    ("Read handwritten digits", "01_mnist", 40),
    ("Read letters from hands", "02_asl", 45),
    ("Coffee", None, 10),
    ("Look for shapes, not at pixels", "03_asl_cnn", 50),
    ("Teach with pictures nobody took", "04a_augmentation", 35),
    ("Lunch", None, 40),
    ("Open a door for dogs", "05a_doggy_door", 35),
    ("Let in one dog only", "05b_transfer", 45),
    ("Questions, certificates", None, 10),
)
ON, LESSONS = 2, tuple((title, stem) for title, stem, _ in PLAN if stem)
CHECKS = (
    (1, "Images become rows of 784 small numbers, from 0 to 1"),
    (2, "Each label is written as a row with a single 1 in it"),
    (3, "Two hidden layers with an activation combine the pixels"),
    (3, "The network ends in 24 outputs, one for each letter"),
    (4, "The loss fits the labels and the outputs"),
    (5, "Training accuracy passes 80 %, validated on prepared pictures"),
    (6, "The epoch is named in which the validation loss was lowest"),
    (7, "`honest_accuracy` comes true, to 5 points, on unseen pictures"),
    (None, "`read` takes raw images and gives 24 probabilities for each"),
    (None, "The network reads 80 % of the signs it has never seen"),
)
ODD = (
    "<script>alert(1)</script>",
    "=1+1",
    "محمد الأمين",
    "אברהם לוי",
    "Maximiliane Friederike von und zu Hohenlohe-Waldenburg-Schillingsfürst",
    "Nomnoblankinthisnamesoitcannotbreakanywhereatallunlessitmust",
    "Zoë Ångström",
)
FIRST = (
    "Ann",
    "Ben",
    "Chloé",
    "Dmitri",
    "Ewa",
    "Farid",
    "Grace",
    "Hugo",
    "Ines",
    "Jun",
)
LAST = ("Adams", "Baker", "Castro", "Diaz", "Evans", "Fofana", "Garcia", "Ito", "Khan")
LINKS = {"projector": "/projector#" + "p" * 32}
QUESTIONS = {"02_asl": ["Whose hands does the app meet?", "What is a logit?"]}
JOIN = {"code": "ABC-DEF", "address": "http://192.168.178.20:8600"}
ADDRESS = JOIN["address"]
FETCH = f"from urllib.request import*;exec(urlopen('{ADDRESS}/go').read())"
INSTALL = (
    {"system": "macOS, Linux", "command": f'python3 -c "{FETCH}" ABC-DEF'},
    {"system": "Windows", "command": f'py -c "{FETCH}" ABC-DEF'},
)
PROPOSAL = {
    "text": "4 minutes behind: shorten lunch by 5 minutes.",
    "minutes": 5,
    "action": "shorten",
    "body": {"entry": 6, "minutes": 35},
}
ADVICE = {
    "lesson": "02_asl",
    "check": "check_4",
    "title": CHECKS[4][1],
    "text": "The loss expects whole numbers, but the labels are rows. "
    "Use categorical_crossentropy.",
    "people": 9,
}


def clock(state):
    """Return the clock in one of STATES."""
    left = {"running": 1514, "overrun": -135, "paused": 1514}.get(state, 0)
    now, going = time.time(), state in ("running", "overrun", "paused")
    return {
        "now": now,
        "state": "running" if state == "overrun" else state,
        "entry": ON if going else None,
        "ends": now + left if state in ("running", "overrun") else None,
        "left": left,
        "behind": 4 if going else 0,
        "finish": now + 9000 if going else None,
    }


def agenda(state):
    start = time.time() - 4000
    return [_entry(i, part, state, start + 2400 * i) for i, part in enumerate(PLAN)]


def _entry(i, part, state, starts):
    title, stem, minutes = part
    where = "past" if i < ON else "now" if i == ON else "coming"
    where = {"before": "coming", "ended": "past"}.get(state, where)
    return {
        "title": title,
        "lesson": stem,
        "minutes": minutes,
        "teaching": 15 if stem else 0,
        "planned": minutes,
        "starts": None if state == "before" else starts,
        "ends": None if state == "before" else starts + minutes * 60,
        "state": "skipped" if i == 5 and where == "coming" else where,
        "took": minutes + 4 if where == "past" else None,
        "measured": minutes + 6 if stem else None,
    }


def quiz(state):
    """Return a question that is "open" or "answered"; None for an empty state."""
    if not state:
        return None
    told = {
        "answer": 1,
        "because": "It knows the slope where the network stands, not where the valley "
        "lies. So the optimizer takes a small step downhill, and asks again.",
    }
    return {
        "key": "01_mnist/1",
        "lesson": "01_mnist",
        "number": 1,
        "question": "What does the gradient tell the optimizer?",
        "choices": [
            "How many images of the batch were read wrongly",
            "Which way, and how steeply, the loss changes with each parameter",
            "Which values of the parameters have the lowest loss",
        ],
        "state": state,
        "votes": 26,
        "counts": [4, 19, 3],
        **(told if state == "answered" else {}),
    }


def messages(count):
    texts = (
        "The Wi-Fi is slow: everything you need is on this laptop.",
        "We go on at quarter past.",
    )
    return [
        {"id": i, "at": time.time() - 300 * i - 60, "text": texts[i]}
        for i in range(count)
    ]


def leaderboard():
    return [
        {"nickname": name, "reached": 6 - i}
        for i, name in enumerate(("gradient", "ReLU Lu", "<b>bold</b>", "Σ", "dropout"))
    ]


def person(number, seed=1):
    """Return an attendee: some are stuck, some ask for help, some have odd names."""
    chance = random.Random(f"{seed}/{number}")
    plain = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    name = ODD[number // 4 % len(ODD)] if number % 4 == 2 and number < 28 else plain
    lessons = {"01_mnist": _work("p" * 10, 5)}
    letters = "p" * chance.randrange(11)
    lessons["02_asl"] = _work((letters + chance.choice("fwrb")).ljust(10, "-")[:10], 3)
    stuck = number % 9 == 3 and len(letters) < 10
    return {
        "id": number,
        "name": name,
        "here": number % 11 != 5,
        "seen": time.time() - 5,
        "hand": time.time() - 61 * number if number % 13 in (2, 7) else None,
        "done": letters == "p" * 10,
        "lessons": lessons,
        "stuck": _stuck(chance, len(letters)) if stuck else None,
    }


def _work(letters, tries):
    reached = letters == "p" * 10
    return {
        "outcome": "passed" if reached else "failed" if "f" in letters else "waiting",
        "checks": letters,
        "tries": tries,
        "reached": reached,
        "minutes": 17.4 if reached else None,
        "graded": "passed" if reached and tries > 4 else "",
        "at": time.time() - 40,
    }


def _stuck(chance, position):
    return {
        "lesson": "02_asl",
        "check": f"check_{position}",
        "title": CHECKS[position][1],
        "minutes": chance.randrange(6, 30),
        "tries": chance.randrange(3, 9),
    }


def board_lesson(number, title, stem, state):
    hardest = {"check": "check_7", "title": CHECKS[7][1], "people": 9}
    checks = [
        {"name": f"check_{i}", "title": text, "todo": todo}
        for i, (todo, text) in enumerate(CHECKS)
    ]
    return {
        "stem": stem,
        "title": title,
        "open": number < 2 and state != "before",
        "released": number == 0 and state != "before",
        "checks": checks,
        "solved": (22, 7, 0, 0, 0, 0)[number] if state != "before" else 0,
        "working": 18 if number == 1 and state != "before" else 0,
        "median": (17.4, 26.0, None, None, None, None)[number],
        "planned": 25,
        "hardest": hardest if number == 1 and state != "before" else None,
        "questions": 3,
    }


def my_lesson(number, title, stem, state):
    going = state != "before"
    graded = {"outcome": "passed", "score": "97 %", "place": "attendee"}
    outcome = ("passed", "failed")[number] if number < 2 and going else ""
    return {
        "stem": stem,
        "title": title,
        "open": number < 2 and going,
        "released": number == 0 and going,
        "outcome": outcome,
        "passed": (10, 5)[number] if outcome else 0,
        "total": 10,
        "failed": [CHECKS[5][1], CHECKS[7][1]] if outcome == "failed" else [],
        "reached": outcome == "passed",
        "graded": {**graded, "at": time.time() - 900} if outcome == "passed" else None,
        "attempts": 3,
        "handed_in": time.time() - 800 if outcome == "passed" else None,
        "stretch": "Reach 98 % with half of the units." if number == 0 else "",
    }
