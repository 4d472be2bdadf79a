"""What drawn headlines say of councils, politics and schools (form: see `topics`)."""

from __future__ import annotations

from workshop.data.topics.shared import Topic

TOPICS: dict[str, Topic] = {
    "council": {
        "weight": 4,
        "WHO": "ratepayer resident councillor trader developer",
        "CHIEF": "mayor councillor planner alderman",
        "SAY": "approve reject delay debate defer consider review scrap oppose back",
        "patterns": """
PLACE council SAY.v3 PROJECT PLAN
council to SAY RIVER PROJECT PLAN
ratepayers to fund MILLION million PLACE PROJECT
COUNT object to PLACE PROJECT PLAN
PROJECT PLAN divides PLACE WHO.p
mayor WANT.v3 PLACE PROJECT PART.p MEND.d
WHO.p of REGION SAY PROJECT PART PLAN
council seeks REGION money to MEND PROJECT PART.p
PLACE WHO.p win fight over PROJECT PART
""",
        "WANT": "want see like need",
        "stories": {
            "rates": {
                "PROJECT": "rates budget parking rubbish recycling",
                "PART": "charge bin fee meter truck",
                "MEND": "raise lower freeze collect",
                "MATTER": "rates budget parking rubbish recycling",
                "THING": "bin truck footpath meter tip",
            },
            "building": {
                "PROJECT": "marina tower mall stadium resort hospital highrise theatre",
                "PART": "roof wall foyer foundation balcony",
                "MEND": "build repair extend redesign",
                "MATTER": "development heritage zoning housing planning",
                "THING": "house unit crane office hall",
            },
            "parks": {
                "PROJECT": "park pool library playground garden beach skatepark",
                "PART": "tree bench swing path toilet fountain",
                "MEND": "plant fix repaint restore",
                "MATTER": "park pool library playground beach",
                "THING": "tree bench lifeguard book toilet",
            },
        },
    },
    "politics": {
        "weight": 3,
        "WHO": "voter backbencher senator candidate delegate",
        "CHIEF": "minister premier treasurer senator governor ambassador",
        "patterns": """
minister for PORTFOLIO SPEAK.v3 PLAN critics
PARTY.n in REGION SPEAK.v PORTFOLIO PLAN
MOOD WHO.p in PLACE to decide PORTFOLIO election
PORTFOLIO minister OPEN.v3 PLACE FACILITY
PARTY leader visits REGION FACILITY over PORTFOLIO PLAN
poll shows REGION WHO.p SPEAK PORTFOLIO PLAN
premier OPEN.v3 MILLION million RIVER FACILITY
PORTFOLIO talks between PLACE and REGION FAIL
""",
        "PARTY": "democrat liberal green independent conservative",
        "OPEN": "open visit promise inspect",
        "FAIL": "fail resume stall begin",
        "stories": {
            "treasury": {
                "PORTFOLIO": "tax budget pension welfare",
                "FACILITY": "mint bank office",
                "MATTER": "tax budget pension deficit",
                "THING": "dollar job pension concession",
            },
            "defence": {
                "PORTFOLIO": "defence treaty border navy",
                "FACILITY": "barracks shipyard airbase",
                "MATTER": "treaty peace border troop",
                "THING": "submarine soldier frigate helicopter",
            },
            "energy": {
                "PORTFOLIO": "energy nuclear carbon electricity",
                "FACILITY": "windfarm substation reactor",
                "MATTER": "nuclear carbon electricity solar",
                "THING": "turbine battery panel reactor",
            },
        },
    },
    "school": {
        "weight": 2,
        "CHIEF": "principal headmaster chancellor",
        "patterns": """
PLACE SCHOOL to TEACH SUBJECT
WHO.p at REGION SCHOOL EXCEL in SUBJECT
COUNT WHO.p miss SUBJECT EXAM in PLACE
SUBJECT WHO.n WIN.v RIVER SCHOOL prize
PLACE SCHOOL WHO.p to strike over EXAM marks
fewer WHO.p choose SUBJECT says REGION SCHOOL CHIEF
SCHOOL EXAM.p too hard PLACE WHO.p say
""",
        "WIN": "win share claim",
        "EXCEL": "excel improve struggle lag",
        "TEACH": "teach drop offer expand",
        "stories": {
            "primary": {
                "WHO": "pupil parent teacher child",
                "SCHOOL": "school kindergarten preschool",
                "SUBJECT": "reading spelling arithmetic swimming handwriting",
                "EXAM": "test lesson lunch excursion",
                "MATTER": "classroom reading preschool lunchbox homework",
                "THING": "teacher classroom computer playground book",
            },
            "university": {
                "WHO": "student lecturer graduate academic tutor",
                "SCHOOL": "university college campus academy",
                "SUBJECT": "physics law nursing engineering latin chemistry history "
                "philosophy",
                "EXAM": "exam lecture seminar degree",
                "MATTER": "fees scholarship campus tuition degree",
                "THING": "scholarship laboratory lecturer dormitory lecture",
            },
        },
    },
}
