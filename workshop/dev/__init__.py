"""Authors' tools: what a lesson promises is proved by a machine, or it is not promised.

Every module finds `Problem`s in one part of a lesson and changes nothing; only
`derive` and `scaffold` say what is to be written, and only `commands` writes it.
"""
