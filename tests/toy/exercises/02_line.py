# %% [markdown]
# # 2. Fit a line
#
# A plant grows towards the light. By the end of this lesson your own function
# foretells its height, and is wrong by less than 1 cm.

# %%
import numpy as np

observed = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
heights = np.array([3.1, 4.9, 7.2, 8.8, 11.0])

# %% [markdown]
# ## Prepare
#
# **TODO 1.** A line has a slope and a beginning, and each needs a column of
# numbers. Beside the weeks, put a column of ones.


# %%
def prepare(weeks):
    columns = [
        weeks,
        ...,  # TODO 1
    ]
    return np.stack(columns, axis=1)


# %% [markdown]
# ## Fit
#
# **TODO 2.** The best line is nearest to all heights. Give `np.linalg.lstsq`
# the observed weeks, prepared, and what it shall come near to.

# %%
weights = np.linalg.lstsq(
    ...,  # TODO 2
    rcond=None,
)[0]
print(f"{weights=}")

# %% [markdown]
# The first number is what the plant grows in a week.
#
# ## Use it
#
# **TODO 3.** To foretell is to prepare the new weeks as the old ones were, and
# to weigh their columns.


# %%
def foretell(weeks):
    rows = prepare(weeks)
    return ...  # TODO 3


print(foretell(np.array([6.0])))

# %% [markdown]
# You have fitted a model to data. Networks do the same with more numbers.
