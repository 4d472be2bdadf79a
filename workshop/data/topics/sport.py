"""What drawn headlines say of sport; the form is explained in `topics`."""

from __future__ import annotations

from workshop.data.topics.shared import Topic

TOPICS: dict[str, Topic] = {
    "sport": {
        "weight": 7,
        "WHO": "fan player supporter captain",
        "CHIEF": "coach selector captain umpire",
        "patterns": """
NAME FEAT.v3 in REGION OPEN
NAME and NAME in PLACE OPEN SCORE
TEAM BEAT REGION TEAM in OPEN SCORE
INJURY rules NAME out of PLACE OPEN
NAME SHINE.v3 as TEAM BEAT REGION
TEAM sign PLACE KIND NAME
coach SPEAK.v3 NAME after TEAM OPEN SCORE
KIND NAME to miss REGION OPEN with INJURY
RIVER KIND NAME FEAT.v3 at PLACE OPEN
TEAM lose KIND NAME to INJURY before PLACE OPEN
MOOD NAME eyes REGION OPEN SCORE
NAME takes COUNT PRIZE.p at PLACE OPEN
""",
        "BEAT": "beat thrash edge crush down outclass upset stun",
        "SHINE": "shine star impress return debut",
        "INJURY": "knee ankle hamstring shoulder back thumb illness groin",
        "stories": {
            "football": {
                "KIND": "striker defender goalkeeper midfielder winger fullback",
                "FEAT": "score tackle dribble equalise",
                "OPEN": "derby shield cup semifinal",
                "SCORE": "win thriller shootout draw",
                "PRIZE": "goal point card penalty",
                "MATTER": "football stadium transfer league",
                "THING": "stand pitch goalpost ticket",
            },
            "cricket": {
                "KIND": "bowler batsman spinner wicketkeeper opener",
                "FEAT": "bat bowl declare dominate",
                "OPEN": "test series innings friendly",
                "SCORE": "collapse century chase washout",
                "PRIZE": "wicket catch run over",
                "MATTER": "cricket pitch umpiring tour",
                "THING": "pitch bat sightscreen pavilion",
            },
            "tennis": {
                "KIND": "server baseliner wildcard lefthander",
                "FEAT": "advance serve retire triumph",
                "OPEN": "open quarterfinal singles doubles",
                "SCORE": "upset final comeback tiebreak",
                "PRIZE": "set game title ace",
                "MATTER": "tennis ranking racquet court",
                "THING": "court racquet umpire roof",
            },
            "cycling": {
                "KIND": "sprinter climber rider pursuiter",
                "FEAT": "sprint climb crash attack",
                "OPEN": "tour stage criterium velodrome",
                "SCORE": "finish lead breakaway podium",
                "PRIZE": "jersey stage second lap",
                "MATTER": "cycling doping helmet velodrome",
                "THING": "velodrome bicycle helmet cycleway",
            },
            "swimming": {
                "KIND": "swimmer diver freestyler butterflyer",
                "FEAT": "swim qualify win medal",
                "OPEN": "relay heats nationals medley",
                "SCORE": "gold silver bronze record",
                "PRIZE": "medal record gold heat",
                "MATTER": "swimming pool doping olympic",
                "THING": "pool lane goggle lifeguard",
            },
            "golf": {
                "KIND": "golfer amateur veteran putter",
                "FEAT": "lead putt birdie slip",
                "OPEN": "masters classic matchplay round",
                "SCORE": "lead playoff eagle bogey",
                "PRIZE": "stroke hole trophy birdie",
                "MATTER": "golf course handicap caddie",
                "THING": "fairway green bunker clubhouse",
            },
        },
    },
}
