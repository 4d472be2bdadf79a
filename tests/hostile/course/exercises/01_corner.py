# %% [markdown]
# # 1. Find the bright corner
#
# One corner of each picture is brighter than the others. By the end of this
# lesson your own function finds it, and is right 9 times in 10.

# %%
import numpy as np

# %% [markdown]
# **TODO 1.** Each corner has four by four pixels. Add them up.


# %%
def corners(images):
    four = np.asarray(images, int).reshape(-1, 2, 4, 2, 4)
    return ...  # TODO 1


# %% [markdown]
# **TODO 2.** The brightest corner is the one with the largest sum.


# %%
def find(images):
    return ...  # TODO 2


# %% [markdown]
# Nothing was trained here: some questions need no network.
