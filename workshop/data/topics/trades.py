"""What drawn headlines say of farming, transport and business (form: see `topics`)."""

from __future__ import annotations

from workshop.data.topics.shared import Topic

TOPICS: dict[str, Topic] = {
    "farming": {
        "weight": 3,
        "CHIEF": "agronomist breeder auctioneer",
        "patterns": """
WHO.p HARVEST REGION CROP after GOOD season
CROP prices FALL as WHO.p in PLACE HARVEST
PEST.p THREATEN RIVER CROP harvest
GOOD CROP season for PLACE WHO.p
WHO.n in PLACE LOSE.v CROP to PEST.p
PLACE CROP EXPORT.p worth MILLION million
REGION WHO.p fear PEST.p will THREATEN CROP
CROP glut leaves MOOD RIVER WHO.p with FULL sheds
""",
        "GOOD": "bumper poor record wet early late dry fair",
        "FALL": "fall soar rise slump recover steady plunge",
        "THREATEN": "threaten damage ruin spoil invade",
        "LOSE": "lose protect sell",
        "EXPORT": "export shipment sale import",
        "FULL": "full empty crowded",
        "stories": {
            "grain": {
                "WHO": "grower farmer harvester miller",
                "CROP": "wheat barley oats canola rice maize",
                "HARVEST": "harvest sow store",
                "PEST": "locust mouse weevil rust",
                "MATTER": "wheat grain seed silo",
                "THING": "silo harvester tractor railway",
            },
            "stock": {
                "WHO": "grazier shearer drover farmer",
                "CROP": "wool lamb cattle beef mutton goat",
                "HARVEST": "shear muster sell",
                "PEST": "dingo fox wolf lice",
                "MATTER": "livestock wool saleyard abattoir",
                "THING": "saleyard fence abattoir woolshed",
            },
            "fruit": {
                "WHO": "orchardist picker winemaker packer",
                "CROP": "apple grape cherry citrus banana peach mango",
                "HARVEST": "pick prune pack",
                "PEST": "fruitfly parrot bat mildew",
                "MATTER": "fruit wine orchard cannery",
                "THING": "picker cannery cellar net",
            },
            "dairy": {
                "WHO": "dairyman milker cheesemaker farmer",
                "CROP": "milk cheese butter cream yoghurt",
                "HARVEST": "deliver dump bottle",
                "PEST": "mastitis tick clover bloat",
                "MATTER": "dairy milk cheese quota",
                "THING": "cow quota creamery vat",
            },
        },
    },
    "transport": {
        "weight": 3,
        "CHIEF": "operator controller spokesman",
        "patterns": """
VEHICLE.n BREAK.v on REGION ROUTE
COUNT hurt as VEHICLE.p collide near PLACE ROUTE
DRIVER.n hurt in RIVER VEHICLE CRASH
PLACE ROUTE closed after VEHICLE CRASH
new VEHICLE.p for PLACE to REGION ROUTE
DRIVER.p to strike over VEHICLE PAY on DAY
VEHICLE passengers stuck at PLACE STATION for COUNT hours
VEHICLE DRIVER TELL.v3 inquiry of REGION CRASH
RIVER ROUTE upgrade delays PLACE VEHICLE DRIVER.p
""",
        "PAY": "pay rosters safety hours uniforms",
        "TELL": "tell remind",
        "stories": {
            "rail": {
                "WHO": "commuter passenger conductor railwayman",
                "VEHICLE": "train tram locomotive carriage",
                "BREAK": "derail stall stop halt",
                "ROUTE": "railway line tunnel viaduct",
                "DRIVER": "driver guard signalman conductor",
                "CRASH": "derailment collision delay",
                "STATION": "station platform depot",
                "MATTER": "rail timetable station ticket",
                "THING": "train carriage platform signal",
            },
            "air": {
                "WHO": "passenger pilot steward traveller",
                "VEHICLE": "plane jet helicopter glider airliner",
                "BREAK": "crash land skid overheat",
                "ROUTE": "runway airstrip flightpath",
                "DRIVER": "pilot steward captain navigator",
                "CRASH": "crash landing scare",
                "STATION": "airport terminal hangar",
                "MATTER": "airport runway airline luggage",
                "THING": "runway flight terminal radar",
            },
            "road": {
                "WHO": "motorist truckie cyclist commuter",
                "VEHICLE": "truck bus car van motorcycle semitrailer",
                "BREAK": "overturn crash swerve jackknife",
                "ROUTE": "highway freeway bypass roundabout",
                "DRIVER": "driver motorist passenger pedestrian",
                "CRASH": "crash smash rollover pileup",
                "STATION": "tollgate roadhouse layby",
                "MATTER": "highway toll bypass petrol",
                "THING": "road lane bridge roundabout",
            },
            "ship": {
                "WHO": "sailor fisherman yachtsman wharfie",
                "VEHICLE": "ferry yacht trawler tanker freighter",
                "BREAK": "sink drift capsize leak",
                "ROUTE": "harbour strait channel jetty",
                "DRIVER": "skipper sailor crewman deckhand",
                "CRASH": "sinking grounding rescue",
                "STATION": "wharf dock pier",
                "MATTER": "harbour port fishing ferry",
                "THING": "lighthouse ferry buoy tug",
            },
        },
    },
    "business": {
        "weight": 3,
        "CHIEF": "chairman economist director",
        "patterns": """
FIRM.n CUT.v COUNT jobs at PLACE PLANT
GOODS prices MOVE.d on STRONG demand
FIRM profit MOVE.v3 MILLION per cent
REGION PLANT to MAKE GOODS for FIRM
FIRM GAIN.v3 MILLION million GOODS contract
STRONG GOODS sales lift RIVER FIRM
FIRM closes PLACE PLANT as GOODS price MOVE.v3
BOSS of REGION FIRM SPEAK.v3 GOODS merger
""",
        "CUT": "cut create axe add",
        "MOVE": "rise fall jump drop climb slide",
        "STRONG": "strong weak record steady slow",
        "GAIN": "win lose sign chase",
        "BOSS": "chairman head founder owner",
        "stories": {
            "mining": {
                "WHO": "miner driller prospector shareholder",
                "FIRM": "miner explorer smelter",
                "PLANT": "mine quarry pit refinery",
                "GOODS": "gold coal nickel copper uranium zinc iron",
                "MAKE": "mine refine dig",
                "MATTER": "mining coal uranium royalty",
                "THING": "shaft drill smelter conveyor",
            },
            "shops": {
                "WHO": "retailer shopper trader grocer",
                "FIRM": "retailer grocer supermarket franchise",
                "PLANT": "store warehouse outlet bakery",
                "GOODS": "furniture bread shoe toy clothing",
                "MAKE": "stock sell bake",
                "MATTER": "retail trading grocery price",
                "THING": "shop checkout discount aisle",
            },
            "makers": {
                "WHO": "worker welder machinist shareholder",
                "FIRM": "carmaker steelmaker brewer papermaker",
                "PLANT": "factory plant mill foundry",
                "GOODS": "steel paper beer engine glass",
                "MAKE": "make weld assemble",
                "MATTER": "manufacturing wage tariff import",
                "THING": "robot furnace forklift boiler",
            },
        },
    },
}
