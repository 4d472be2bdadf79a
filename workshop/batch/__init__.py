"""Work that was handed in is graded in any order, by any number of hands, once.

`desk` grades one submission and knows nothing of the others; `terms` says what decides
its result; `run` hands out what is not in the gradebook yet and records what comes
back, whether the desks are threads here or workers elsewhere (`cluster`).
"""
