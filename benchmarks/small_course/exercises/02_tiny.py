# %% [markdown]
# # 2. Train a tiny network
#
# A lamp is on where its two switches differ. By the end of this lesson a
# network of a few numbers has learned the rule from 64 rows.

# %%
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(1)

# %% [markdown]
# ## The data
#
# Each row holds the places of two switches, read with a little noise.

# %%
random = np.random.default_rng(1)
switches = random.integers(0, 2, (64, 2))
rows = switches + random.normal(0, 0.05, (64, 2))
on = switches[:, 0] != switches[:, 1]

# %% [markdown]
# ## Build and train
#
# **TODO 1.** One line cannot part the four corners. Add a hidden layer of 16
# units with the hyperbolic tangent as its activation.

# %%
model = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        ...,  # TODO 1
        layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.1), loss="binary_crossentropy")

# %% [markdown]
# **TODO 2.** Train on the rows in batches of 4, for 4 epochs.

# %%
history = model.fit(
    rows,
    on,
    batch_size=4,
    epochs=...,  # TODO 2
    verbose=0,
)

# %% [markdown]
# ## Use it


# %%
def lit(places):
    return model.predict(places, verbose=0)[:, 0] > 0.5


print(lit(np.array([[0.0, 1.0], [1.0, 1.0]])))
