"""What drawn headlines say of weather, fire and nature (form: see `topics`)."""

from __future__ import annotations

from workshop.data.topics.shared import Topic

TOPICS: dict[str, Topic] = {
    "weather": {
        "weight": 3,
        "CHIEF": "forecaster meteorologist bureau",
        "LOSS": "homes roads farms schools shops crops roofs bridges orchards sheds",
        "HURT": "hit batter threaten miss pound soak isolate damage surprise punish",
        "AFTER": "cleanup damage bill repairs relief recovery insurance",
        "patterns": """
PERIL.n HURT.v PLACE LOSS
REGION braces for more PERIL.p
WHO.p in PLACE count cost of PERIL.p
PERIL warning for PLACE and PLACE
COUNT LOSS lost as PERIL.p HURT REGION
PLACE AFTER begins after WILD PERIL
WILD PERIL.n HURT.v RIVER WHO.p on DAY
CHIEF says REGION PERIL.p will EASE by DAY
PERIL leaves PLACE WHO.p without SUPPLY
""",
        "stories": {
            "storm": {
                "WHO": "resident homeowner shopkeeper volunteer tourist camper",
                "PERIL": "storm gale cyclone hailstorm thunderstorm squall tornado",
                "MATTER": "storm cyclone shelter insurance cleanup",
                "THING": "shelter siren sandbag generator warning",
                "WILD": "severe wild violent freak savage destructive",
                "EASE": "weaken pass ease return",
                "SUPPLY": "power electricity phones roofs trains",
            },
            "flood": {
                "WHO": "resident farmer evacuee householder villager caravanner",
                "PERIL": "flood downpour deluge torrent flooding",
                "MATTER": "flood levee dam drainage evacuation",
                "THING": "levee pump boat sandbag bridge",
                "WILD": "sudden muddy record rising devastating",
                "EASE": "peak recede rise fall",
                "SUPPLY": "water food bridges roads",
            },
            "drought": {
                "WHO": "farmer grower irrigator grazier gardener",
                "PERIL": "drought heatwave duststorm fire",
                "MATTER": "drought water irrigation rainfall stockfeed",
                "THING": "tank bore dam pipeline loan",
                "WILD": "long bitter crippling worst endless",
                "EASE": "break worsen continue deepen",
                "SUPPLY": "rain water feed hay income",
            },
            "snow": {
                "WHO": "skier motorist hiker snowboarder lodge",
                "PERIL": "blizzard snowfall avalanche frost snowstorm",
                "MATTER": "snow ski avalanche chairlift alpine",
                "THING": "chairlift plough chain snowgun hut",
                "WILD": "heavy early late icy freezing",
                "EASE": "melt settle thicken thaw",
                "SUPPLY": "heating buses beds flights",
            },
        },
    },
    "fire": {
        "weight": 2,
        "WHO": "firefighter crew volunteer brigade homeowner",
        "CHIEF": "commander superintendent warden",
        "BATTLE": "fight contain battle monitor extinguish control watch attack",
        "patterns": """
WHO.p BATTLE BLAZE in PLACE SITE
BLAZE.n DESTROY.v COUNT SITE.p near PLACE
CAUSE blamed for PLACE SITE BLAZE
COUNT flee as BLAZE.n NEAR.v REGION SITE.p
PLACE SITE BLAZE FOUND to be CAUSE
WHO.p save COUNT SITE.p from RIVER BLAZE
RIVER BLAZE.p under control WHO.p say
""",
        "stories": {
            "bush": {
                "BLAZE": "bushfire grassfire wildfire",
                "SITE": "forest park ranch plantation valley reserve",
                "DESTROY": "burn blacken destroy scorch consume",
                "NEAR": "near approach threaten encircle",
                "CAUSE": "lightning campers arsonists sparks",
                "FOUND": "thought believed suspected",
                "MATTER": "bushfire hazard burning firebreak backburning",
                "THING": "tanker helicopter hydrant firebreak lookout",
            },
            "house": {
                "BLAZE": "fire blaze explosion inferno",
                "SITE": "house factory warehouse hotel flat garage kitchen school",
                "DESTROY": "gut destroy damage ruin wreck",
                "NEAR": "engulf reach sweep",
                "CAUSE": "wiring candles heater cooking smoking",
                "FOUND": "ruled confirmed declared",
                "MATTER": "alarm sprinkler insurance wiring safety",
                "THING": "alarm sprinkler ladder extinguisher engine",
            },
        },
    },
    "nature": {
        "weight": 2,
        "WHO": "ranger conservationist bushwalker volunteer",
        "CHIEF": "ranger zookeeper ecologist",
        "patterns": """
ANIMAL.n ESCAPE.v from PLACE ZOO
rare ANIMAL.p RETURN to RIVER HABITAT
WHO.p COUNT_UP ANIMAL.p in REGION HABITAT
PLACE ZOO welcomes COUNT baby ANIMAL.p
ANIMAL.n BITE.v PLACE AGE near HABITAT
WHO.p save COUNT ANIMAL.p from REGION HABITAT
PLACE HABITAT closed after ANIMAL SIGHTING
AGE rescued from RIVER HABITAT by ANIMAL WHO.p
""",
        "ESCAPE": "escape vanish wander",
        "RETURN": "return flock",
        "COUNT_UP": "count tag release feed",
        "AGE": "hiker swimmer tourist boy girl surfer angler",
        "BITE": "bite chase attack surprise",
        "SIGHTING": "sighting attack scare birth",
        "stories": {
            "bird": {
                "ANIMAL": "eagle parrot pelican owl penguin swan heron cockatoo",
                "ZOO": "aviary sanctuary",
                "HABITAT": "wetland marsh lagoon estuary",
                "MATTER": "wetland birdlife nesting pesticide",
                "THING": "nest birdbox hide pond",
            },
            "reptile": {
                "ANIMAL": "crocodile snake lizard python tortoise",
                "ZOO": "zoo terrarium",
                "HABITAT": "swamp creek billabong mangrove",
                "MATTER": "crocodile culling venom swamp",
                "THING": "trap sign antivenom boardwalk",
            },
            "mammal": {
                "ANIMAL": "kangaroo koala wombat elephant tiger bear monkey lion",
                "ZOO": "zoo circus park",
                "HABITAT": "forest bushland scrub reserve",
                "MATTER": "wildlife culling logging fencing",
                "THING": "corridor fence keeper enclosure",
            },
        },
    },
}
