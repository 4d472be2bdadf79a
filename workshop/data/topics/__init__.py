"""Drawn headlines are made of lists of words and of patterns, as an author writes them.

A pattern is a line of words; CAPITALS stand for a word of the list of that name, which
is looked for in the story, then in the topic, then in what all topics share. After the
dot stands the form: p plural, n the number of the headline, v a verb that agrees with
it, v3 a verb of one subject, d past. Words stand in order of their frequency, stories
too. All places and people are invented (see `names`).
"""

from workshop.data.topics import city, law, learning, outdoors, shared, sport, trades
from workshop.data.topics.shared import PATTERNS, SHARED, Topic

__all__ = ["MODULES", "PATTERNS", "SHARED", "TOPICS", "Topic"]

MODULES = (shared, outdoors, city, law, learning, trades, sport)
TOPICS = {
    name: topic
    for module in (outdoors, city, law, learning, trades, sport)
    for name, topic in module.TOPICS.items()
}
