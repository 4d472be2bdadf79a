# %% [markdown]
# # 2. Read letters from hands
#
# With the American manual alphabet, a name is spelled with one hand, and an
# app should read along. By the end of this lesson your network reads more than
# eight in ten of the pictures it learned from. And you can say, to within five
# points, what it is worth on those it has never seen.

# %%
import keras
import numpy as np
from keras import layers

from workshop import plots
from workshop.datasets import classes, load

# %% [markdown]
# ## The data
#
# Two letters are movements, J and Z, and no picture can hold them. The other
# 24 are numbered from 0.

# %%
(x_train, y_train), (x_test, y_test) = load("signs")
letters = classes("signs")

print(f"{x_train.shape=}, {x_test.shape=}, labels {y_train[:8]}")
plots.gallery(x_train[:20], y_train[:20], classes=letters)

# %% [markdown]
# Form some of them with your own hand. Which two would you mix up?
#
# ## Set pictures aside
#
# Before anything is learned, one training picture in ten is set aside, drawn
# at random. The network will learn neither from these nor from the test.

# %%
order = np.random.default_rng(seed=2).permutation(len(x_train))
aside, kept = np.split(order, [len(order) // 10])
x_aside, y_aside = x_train[aside], y_train[aside]
x_kept, y_kept = x_train[kept], y_train[kept]

print(f"{len(kept):,} to learn from, {len(aside):,} aside, {len(x_test):,} to test")

# %% [markdown]
# ## Prepare the images
#
# **TODO 1.** As in lesson 1, the network takes rows of small numbers. Return
# the images as rows of 784 pixels, scaled from 0–255 down to 0–1.


# %%
def prepare(images):
    return images.reshape(-1, 784) / 255  # TODO 1


# %% [markdown]
# ## Write a label in two ways
#
# A label is a number and yet no amount: G, number 6, is not twice D, number 3.
# So the loss compares the 24 probabilities with a row of 24 numbers that holds
# a 1 at the true letter and 0 elsewhere. Such a row is called *one-hot*. The
# *sparse* loss does the same with the number alone.
#
# **TODO 2.** See that it is the same. Make one-hot rows of `y_kept`, one for
# each label; `keras.utils.to_categorical` can do it.
#
# Guess first: which loss will be the larger one, for a network that knows
# nothing and gives every letter 1/24?

# %%
one_hot = keras.utils.to_categorical(y_kept, len(letters))  # TODO 2

guess = np.full((len(y_kept), 24), 1 / 24)
rows = keras.losses.categorical_crossentropy(one_hot, guess)
numbers = keras.losses.sparse_categorical_crossentropy(y_kept, guess)
print(f"loss {np.mean(rows):.4f} from rows, {np.mean(numbers):.4f} from numbers")
size = np.asarray(one_hot).nbytes
print(f"bytes: {size:,} for the rows, {y_kept.nbytes:,} for the numbers")

# %% [markdown]
# Only the true letter counts: both are −log(1/24). Remember this number. A
# network whose loss stays near it has learned nothing.
#
# ## Build the network
#
# **TODO 3.** Hands vary more than digits, so this network is deeper. Give it
# two hidden layers of 512 units with ReLU, one after the other, and then one
# output for each letter, with softmax.

# %%
model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(512, activation="relu"),  # TODO 3
        layers.Dense(512, activation="relu"),  # TODO 3
        layers.Dense(24, activation="softmax"),  # TODO 3
    ]
)
print(f"{model.count_params():,} parameters for {len(x_kept):,} pictures")

# %% [markdown]
# Far more parameters than pictures: room enough to know every one by heart.
#
# **TODO 4.** Call `model.compile` with the optimizer `"adam"`, the metric
# `"accuracy"`, and the loss that fits the labels you will train with: the
# numbers `y_kept`, or the rows `one_hot`.

# %%
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)  # TODO 4

# %% [markdown]
# ## Train it
#
# **TODO 5.** Call `model.fit` with `x_kept`, prepared, and their labels, in
# batches of 64, for 12 epochs. Its validation data are the test pictures,
# prepared in the same way, and their labels. Both kinds of labels must have
# the form that your loss takes.
#
# Guess first: will one of the four curves turn round, and which?

# %%
history = model.fit(
    prepare(x_kept),
    y_kept,
    batch_size=64,
    epochs=12,
    validation_data=(prepare(x_test), y_test),
)  # TODO 5
plots.curves(history)

# %% [markdown]
# *What you should see:* at the end, training accuracy above 0.8, and a
# training loss that is still falling.
#
# ## Read the curves
#
# While both losses fall, the network learns what the letters have in common.
# Where only the training loss falls, it learns its own pictures by heart. The
# lowest validation loss stands between the two.
#
# **TODO 6.** In which epoch, counted from 1, was it lowest? The dictionary
# `history.history` has one value for each epoch in its list `"val_loss"`.
# `np.argmin` finds the place of the smallest, counted from 0.

# %%
best_epoch = int(np.argmin(history.history["val_loss"])) + 1  # TODO 6
print(f"Lowest validation loss: epoch {best_epoch}")

# %% [markdown]
# ## Use it
#
# An app meets people whom nobody photographed for its training. How often will
# it be right? You have two measures, both of pictures that the network did not
# learn from. Guess first: will they agree?
#
# **TODO 7.** Let `share_right` measure the pictures set aside, and those of
# the test. Put the number you would promise to a new user into
# `honest_accuracy`, and the other into `flattering_accuracy`.


# %%
def read(images):
    return model.predict(prepare(images), verbose=0)


def share_right(images, labels):
    return (read(images).argmax(axis=1) == labels).mean()


flattering_accuracy = share_right(x_aside, y_aside)  # TODO 7
honest_accuracy = share_right(x_test, y_test)  # TODO 7
print(f"Right: {honest_accuracy:.1%}, or does {flattering_accuracy:.1%} sound better?")
plots.mistakes(x_test, y_test, read(x_test), letters)

# %% [markdown]
# Who signs? In the drawn pictures the answer is known: a few people sign all
# of the training, and everybody in the test is new. A picture set aside has
# siblings of the same hand, in the same light, that the network knows by
# heart. So it looks clever there, and is not. For the photographs, nobody
# wrote down who signs; there, two measures that agree prove little.
#
# How data are split decides what is measured: ask it of every accuracy you
# are told, and of your own. For yours, ask `workshop check 02`.
#
# *To go further:* close the gap with a dense network, by fewer units, fewer
# epochs or dropout, and see how little it moves (the check of TODO 5 may then
# object). The next network looks at shapes rather than pixels.
