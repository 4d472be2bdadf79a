"""Other people's programs run in boxes, and a box is all that a program can reach.

An outer bubblewrap box has no network, a read-only root with Python in it, and nothing
of the person who grades. In it a server (`zygote`) forks one inner box for each
submission: namespaces, limits and a filter of its own (`inside`). A warm server has
imported TensorFlow before; a cold one starts Python anew in each box. What holds a
program is the same in both. Linux only; `outer.problem` says what is missing.
"""
