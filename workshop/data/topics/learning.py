"""What drawn headlines say of health, science and the arts (form: see `topics`)."""

from __future__ import annotations

from workshop.data.topics.shared import Topic

TOPICS: dict[str, Topic] = {
    "health": {
        "weight": 3,
        "WHO": "nurse doctor patient midwife surgeon carer",
        "CHIEF": "professor physician surgeon",
        "patterns": """
PLACE HOSPITAL short of WHO.p
WHO.p warn of ILL outbreak in PLACE
new CURE GIVE.v3 hope to ILL PATIENT.p
COUNT PATIENT.p with ILL in RIVER HOSPITAL
CURE HELP.v3 PLACE PATIENT.p RECOVER from ILL
ILL kills COUNT PATIENT.p in REGION HOSPITAL
REGION HOSPITAL runs out of ILL CURE
study LINK.v3 ILL to FOOD
WHO.p at PLACE HOSPITAL strike over ILL CURE
FOOD may PREVENT ILL study of PATIENT.p SHOW.v3
""",
        "GIVE": "give bring offer",
        "HELP": "help let",
        "RECOVER": "recover survive escape",
        "LINK": "link connect tie",
        "PREVENT": "prevent cause delay cure",
        "SHOW": "show suggest find",
        "stories": {
            "infection": {
                "ILL": "flu measles malaria pneumonia meningitis cholera",
                "CURE": "vaccine antibiotic jab antiviral",
                "PATIENT": "child toddler traveller pupil",
                "HOSPITAL": "hospital clinic ward quarantine",
                "FOOD": "mosquitoes travel crowding handshakes birds",
                "MATTER": "vaccine flu quarantine hygiene immunisation",
                "THING": "vaccine nurse mask clinic syringe",
            },
            "chronic": {
                "ILL": "cancer diabetes asthma arthritis obesity dementia",
                "CURE": "drug therapy implant tablet",
                "PATIENT": "adult smoker pensioner man woman",
                "HOSPITAL": "hospital hospice surgery sanatorium",
                "FOOD": "sugar salt smoking fish coffee olives",
                "MATTER": "cancer smoking dental diabetes ageing",
                "THING": "bed doctor scanner dentist specialist",
            },
            "birth": {
                "ILL": "prematurity infertility jaundice colic",
                "CURE": "ultrasound incubator supplement treatment",
                "PATIENT": "baby mother twin newborn",
                "HOSPITAL": "maternity nursery infirmary",
                "FOOD": "iron milk stress caffeine",
                "MATTER": "maternity childcare midwifery adoption",
                "THING": "cot midwife incubator creche",
            },
        },
    },
    "science": {
        "weight": 3,
        "CHIEF": "professor scientist researcher",
        "FIND": "discover study find describe explain observe track photograph",
        "patterns": """
WHO.p FIND RARE OBJECT.p near PLACE
OBJECT.n FOUND.v clues to PUZZLE
RARE OBJECT.p may explain PUZZLE say PLACE WHO.p
REGION WHO.p STEP OBJECT TOOL
TOOL HELP.v3 WHO.p FIND OBJECT.p
WHO.n from RIVER laboratory SOLVE.v PUZZLE of RARE OBJECT.p
COUNT RARE OBJECT.p found by PLACE TOOL
new TOOL SHOW.v3 REGION WHO.p how OBJECT.p BEGIN
""",
        "FOUND": "offer hold yield give",
        "HELP": "help let",
        "SOLVE": "solve ponder study",
        "SHOW": "show teach tell",
        "stories": {
            "space": {
                "WHO": "astronomer astronaut engineer physicist",
                "OBJECT": "planet comet star galaxy asteroid moon meteorite nebula",
                "RARE": "distant giant dying bright tiny",
                "TOOL": "telescope probe satellite rover rocket",
                "PUZZLE": "gravity sunspots darkness orbits",
                "BEGIN": "form collide spin explode",
                "MATTER": "space rocket satellite observatory",
                "THING": "telescope rocket antenna satellite",
            },
            "fossils": {
                "WHO": "palaeontologist geologist digger curator",
                "OBJECT": "dinosaur fossil skull footprint mammoth skeleton bone",
                "RARE": "ancient buried feathered huge toothed",
                "TOOL": "dig scan drill excavation",
                "PUZZLE": "extinction evolution flight migration",
                "BEGIN": "walk hunt nest vanish",
                "MATTER": "fossil museum cave excavation",
                "THING": "museum shovel curator cabinet",
            },
            "sea": {
                "WHO": "biologist diver ecologist marine",
                "OBJECT": "whale coral shark turtle squid dolphin seal octopus",
                "RARE": "stranded endangered blue spotted pregnant",
                "TOOL": "submarine sonar tag aquarium",
                "PUZZLE": "bleaching strandings songs currents",
                "BEGIN": "breed sing feed dive",
                "MATTER": "reef whaling marine netting",
                "THING": "boat tank sanctuary beacon",
            },
            "genes": {
                "WHO": "geneticist chemist botanist biochemist",
                "OBJECT": "gene protein cell enzyme virus molecule orchid",
                "RARE": "mutant ageing sticky silent hidden",
                "TOOL": "microscope genome laser sequencer",
                "PUZZLE": "ageing memory sleep heredity",
                "BEGIN": "divide fold mutate repair",
                "MATTER": "cloning genome patent embryo",
                "THING": "microscope freezer laboratory grant",
            },
        },
    },
    "arts": {
        "weight": 2,
        "WHO": "artist fan critic audience",
        "CHIEF": "director curator producer",
        "patterns": """
ARTIST.n WIN.v PLACE AWARD for WORK
PLACE FESTIVAL opens with WORK by REGION ARTIST.p
WORK by RIVER ARTIST SELL.v3 for MILLION million
COUNT ARTIST.p to PERFORM at PLACE FESTIVAL
FESTIVAL PRAISE.v3 STRANGE WORK by young ARTIST
REGION ARTIST PLANS STRANGE new WORK
STRANGE WORK draws COUNT to PLACE VENUE
""",
        "WIN": "win claim share",
        "AWARD": "award prize medal fellowship",
        "SELL": "sell go",
        "PRAISE": "honour feature celebrate",
        "PLANS": "plans finishes cancels records",
        "STRANGE": "strange bold quiet long short lost modern",
        "stories": {
            "music": {
                "ARTIST": "singer band pianist choir drummer orchestra",
                "WORK": "album song symphony opera concert tour",
                "FESTIVAL": "concert eisteddfod gala",
                "PERFORM": "sing play perform",
                "VENUE": "auditorium club stadium",
                "MATTER": "music orchestra noise ticket",
                "THING": "piano stage choir concert",
            },
            "painting": {
                "ARTIST": "painter sculptor potter photographer",
                "WORK": "portrait sculpture mural landscape exhibition sketch",
                "FESTIVAL": "biennale triennale",
                "PERFORM": "exhibit paint compete",
                "VENUE": "gallery museum studio",
                "MATTER": "gallery painting museum heritage",
                "THING": "gallery statue easel mural",
            },
            "film": {
                "ARTIST": "actor director comedian screenwriter",
                "WORK": "film comedy drama documentary sequel cartoon",
                "FESTIVAL": "screening premiere",
                "PERFORM": "star appear compete",
                "VENUE": "cinema theatre multiplex",
                "MATTER": "film television theatre censorship",
                "THING": "camera cinema stage script",
            },
        },
    },
}
