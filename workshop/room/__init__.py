"""A session is a list of facts: all that a page shows is folded from its journal.

`journal` keeps the facts, `live` folds them, `views` shows them, `server` only routes.
What nobody wrote down did not happen, so a killed room goes on where it was.
"""
