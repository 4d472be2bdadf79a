"""What a check may see of a learner's variable: plain data, never the object.

`wire` turns values into bounded bytes and back, `describe` and `server` run beside the
learner's code (in a child, or in a notebook's kernel), `values` holds what a check
receives in the grader. A check cannot tell which kind of source it is looking at.
"""
