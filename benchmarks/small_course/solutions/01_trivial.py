# %% [markdown]
# # 1. Add prices
#
# A till adds prices. By the end of this lesson your own function adds them,
# and answers for any list of prices.

# %%
prices = [3, 4, 5]

# %% [markdown]
# ## Look at them
#
# **TODO 1.** Before adding, know what is large. Find the dearest price.

# %%
dearest = max(prices)  # TODO 1
print(f"{dearest=}")

# %% [markdown]
# ## Add them
#
# **TODO 2.** A till takes one price after another. Return the sum of them all.


# %%
def total(prices):
    return sum(prices)  # TODO 2


print(total(prices))
