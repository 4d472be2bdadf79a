"""What drawn headlines say of police and courts; the form is explained in `topics`."""

from __future__ import annotations

from workshop.data.topics.shared import Topic

TOPICS: dict[str, Topic] = {
    "police": {
        "weight": 4,
        "WHO": "officer detective resident neighbour shopkeeper witness",
        "CHIEF": "inspector sergeant commissioner constable",
        "HUNT": "hunt seek question arrest charge identify release pursue",
        "patterns": """
police HUNT CROOK.p over PLACE CRIME
CROOK.n ROB.v PLACE SHOP
police HUNT AGE CROOK after RIVER CRIME
PLACE CRIME COUNT charged
CRIME CROOK.p strike again in PLACE
WHO.n WITNESS.v PLACE SHOP CRIME
police find LOOT in REGION SHOP
AGE faces CRIME charges over PLACE LOOT
CROOK.n who ROB.d PLACE SHOP GIVE.v up
police appeal for help to find RIVER SHOP CROOK.p
""",
        "AGE": "teenager man woman boy girl couple brothers pensioner student father "
        "mother",
        "WITNESS": "see film report interrupt foil describe",
        "GIVE": "give own turn",
        "stories": {
            "robbery": {
                "CROOK": "robber bandit gunman thief gang",
                "CRIME": "robbery heist raid holdup hijacking",
                "SHOP": "bank jeweller bakery pharmacy newsagent casino kiosk",
                "ROB": "rob raid loot target storm",
                "LOOT": "cash jewels gold watches rings diamonds",
                "MATTER": "robbery policing banknote security weapon",
                "THING": "camera patrol guard safe shutter",
            },
            "theft": {
                "CROOK": "thief burglar vandal prowler looter",
                "CRIME": "theft burglary vandalism graffiti trespass",
                "SHOP": "school church farm museum club garden shed",
                "ROB": "vandalise burgle ransack deface enter",
                "LOOT": "bicycles tools copper computers statues cattle",
                "MATTER": "burglary graffiti curfew vandalism patrol",
                "THING": "lock fence light camera whistle",
            },
            "drugs": {
                "CROOK": "dealer smuggler grower courier supplier",
                "CRIME": "drug cannabis heroin smuggling importation",
                "SHOP": "airport harbour flat nursery nightclub motel",
                "ROB": "use supply rent visit leave",
                "LOOT": "cannabis heroin tablets chemicals plants scales",
                "MATTER": "drug cannabis customs needle rehabilitation",
                "THING": "scanner dog search customs raid",
            },
        },
    },
    "court": {
        "weight": 3,
        "WHO": "lawyer victim juror barrister relative",
        "CHIEF": "judge magistrate prosecutor coroner",
        "RULE": "jail fine clear release sentence acquit convict bail",
        "patterns": """
court RULE.v3 CULPRIT over PLACE CASE
CULPRIT.n DENY.v PLACE CASE charges
CHIEF tells CASE CULPRIT to TELL
jury RULE.v3 AGE CULPRIT in REGION CASE trial
CULPRIT.n WIN.v appeal over CASE sentence
COUNT years jail for PLACE CASE CULPRIT
RIVER CULPRIT to STAND trial for CASE in MONTH
CASE case against PLACE CULPRIT ADJOURN.d until MONTH
WHO.p of REGION CULPRIT to testify in CASE trial
""",
        "AGE": "former young elderly local retired",
        "DENY": "deny admit face fight contest",
        "WIN": "win lose drop await",
        "STAND": "stand face avoid",
        "ADJOURN": "adjourn dismiss delay postpone",
        "stories": {
            "fraud": {
                "CULPRIT": "accountant banker manager cashier broker treasurer",
                "CASE": "fraud embezzlement forgery tax bribery",
                "TELL": "repay resign apologise cooperate",
                "MATTER": "fraud tax superannuation investor liability",
                "THING": "auditor regulator refund penalty settlement",
            },
            "driving": {
                "CULPRIT": "driver motorist motorcyclist truckie cyclist",
                "CASE": "speeding joyriding crash racing licence",
                "TELL": "walk slow surrender apologise",
                "MATTER": "speeding licence helmet seatbelt road",
                "THING": "camera licence breathalyser fine demerit",
            },
            "violence": {
                "CULPRIT": "attacker boxer bouncer kidnapper prisoner",
                "CASE": "assault stabbing kidnapping brawl riot",
                "TELL": "reform apologise listen stand",
                "MATTER": "sentencing parole prison knife bail",
                "THING": "prison cell warder parole shelter",
            },
        },
    },
}
