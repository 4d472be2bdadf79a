"""What all topics of drawn headlines share: lists of words, and patterns."""

from __future__ import annotations

from typing import Any

Topic = dict[str, Any]

SHARED = {
    "COUNT": "two three four five six seven eight nine ten twelve twenty fifty hundred",
    "MILLION": "10 20 2 5 50 3 15 100 12 30 40 25 8 60 200 7 75 18 35 90 120 150 300",
    "REVIEW": "inquiry review funding ban summit overhaul audit rethink report debate "
    "survey moratorium study freeze timetable",
    "PLAN": "plan changes cuts proposal rules reform deal scheme bill strategy delay "
    "decision package trial policy levy blueprint draft",
    "SPEAK": "back oppose welcome reject defend question attack support condemn fear "
    "endorse criticise debate await demand ignore praise applaud dispute resist",
    "STEP": "consider delay reveal abandon approve unveil discuss outline revive "
    "shelve announce review finalise promise examine scrap",
    "DAY": "monday tuesday friday wednesday thursday saturday sunday",
    "MONTH": "july march october february november june april august september may "
    "december january",
    "MOOD": "angry worried hopeful unhappy frustrated upbeat confident relieved "
    "cautious divided furious proud anxious delighted sceptical stunned disappointed",
    "BODY": "council government board union opposition coalition association "
    "federation cabinet alliance commission committee senate lobby",
}

PATTERNS = """
PLACE WHO.p call for MATTER REVIEW
CHIEF SPEAK.v3 MATTER PLAN
WHO.p in PLACE SPEAK MATTER PLAN
MOOD WHO.p SPEAK PLACE MATTER PLAN
REGION WHO.p want more THING.p
COUNT WHO.p attend PLACE MATTER meeting
no MATTER PLAN for PLACE says CHIEF
BODY to spend MILLION million on PLACE THING.p
BODY STEP.v3 MATTER PLAN
CHIEF MOOD about REGION MATTER PLAN
WHO.n from PLACE SPEAK.v new THING.p
PLACE CHIEF SPEAK.v3 REGION MATTER PLAN
RIVER WHO.p to get MILLION million for THING.p
BODY to STEP MATTER PLAN on DAY
CHIEF urges PLACE WHO.p to accept MATTER PLAN
"""
