# %% [markdown]
# # 4a. Teach with pictures nobody took
#
# A network knows the hands that it has seen, where it saw them. The next one
# is nearer, leans, is at the edge of the picture. We cannot ask more people
# to sign, but we can show each picture in other ways, never twice alike.
# Where the hands to come are new, the same network then reads some ten more
# in a hundred.

# %%
from pathlib import Path

import keras
import tensorflow as tf
from keras import layers

from workshop import plots
from workshop.datasets import classes, load

letters = classes("signs")

# %% [markdown]
# ## The data
#
# These are the signs of lessons 2 and 3. This time their pixels stay between
# 0 and 255; they become decimal numbers and get a channel, no more.


# %%
def prepare(images):
    return images[..., None].astype("float32")


(x_train, y_train), (x_test, y_test) = load("signs")

print(f"{x_train.shape=}, {x_test.shape=}")
first = [(y_train == number).argmax() for number in range(24)]
plots.gallery(x_train[first], y_train[first], classes=letters)

# %% [markdown]
# ## Choose
#
# Keras has layers that change pictures at random, each within limits. Here
# are seven.

# %%
candidates = {
    "moved": layers.RandomTranslation(0.1, 0.1),
    "tilted": layers.RandomRotation(0.04),
    "turned": layers.RandomRotation(0.5),
    "zoomed": layers.RandomZoom(0.15),
    "mirrored": layers.RandomFlip("horizontal"),
    "upside down": layers.RandomFlip("vertical"),
    "lit": layers.RandomBrightness(0.2),
}

# %%
one = prepare(x_train[[first[letters.index("U")]]])
rows = [layer(one, training=True)[0] for _ in range(4) for layer in candidates.values()]
plots.gallery(rows, 4 * list(candidates))

# %% [markdown]
# Each column shows one hand, a U. A transform is of use if the letter stays
# that letter, *and* if hands like this will come. Compare the column "turned"
# with the H further up.
#
# **TODO 1.** Choose. Write a dict: the names of the transforms that you want,
# and for each your reason in a few words.

# %%
chosen = ...  # TODO 1

# %% [markdown]
# **TODO 2.** Put the layers that you chose into a `keras.Sequential`, so that
# a picture goes through all of them, one after another.
#
# **TODO 3.** `vary` will get a batch of training pairs. Return the same
# pairs: the images varied, the labels as they came. Such layers act in
# training and rest in use. Say which this is: call `augmentation` with
# `training=True`.

# %%
augmentation = ...  # TODO 2


def vary(images, labels):
    return ...  # TODO 3


# %% [markdown]
# ## Make the data sets
#
# A `tf.data.Dataset` hands out pairs of images and labels, batch by batch.
#
# **TODO 4.** Shuffle the training pairs (`shuffle` is told how many to mix:
# all of them), put them in batches of 64, and map `vary` over the batches.
# `map` acts anew in every epoch, so that no picture comes twice.
#
# **TODO 5.** Validation stands for the hands to come, and nobody varies
# those. Which of the three steps does it need? Use batches of 256.

# %%
train = tf.data.Dataset.from_tensor_slices((prepare(x_train), y_train))
train = ...  # TODO 4

validation = tf.data.Dataset.from_tensor_slices((prepare(x_test), y_test))
validation = ...  # TODO 5

images, labels = next(iter(train))
plots.gallery(images[:20], labels[:20], classes=letters)

# %% [markdown]
# Can you still read them all? Where you cannot, the network cannot either.
#
# ## Build
#
# This is the network of lesson 3, and one layer more: the first scales the
# pixels, so that nobody who uses the finished file can forget to.

# %%
convolutions = keras.Sequential(
    [
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
    ]
)

# %%
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Rescaling(1 / 255),
        convolutions,
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(24, activation="softmax"),
    ]
)

# %% [markdown]
# ## Train
#
# Validation goes up and down, and the last epoch is seldom the best. A
# *callback* looks on during training, and acts.
#
# **TODO 6.** Make a `keras.callbacks.EarlyStopping` that watches the accuracy
# in validation (`monitor`), waits 5 epochs for a better one (`patience`), and
# puts the best weights back (`restore_best_weights`).
#
# Guess first: which of the two accuracies will be ahead this time?

# %%
best = ...  # TODO 6

model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(train, validation_data=validation, epochs=8, callbacks=[best])
plots.curves(history)

# %% [markdown]
# *What you should see:* validation keeps up with training, or leads. Training
# is measured on varied pictures and with dropout, which is harder, and what
# never comes twice cannot be remembered.
#
# ## Keep it
#
# **TODO 7.** Save the model to `file`. A `.keras` file holds the layers and
# their weights; to use it, you need to bring only `prepare` along.

# %%
file = Path("signs.keras")
...  # TODO 7

few, labels = prepare(x_test[:500]), y_test[:500]
for name, layer in candidates.items():
    answers = model.predict(layer(few, training=True), verbose=0)
    print(f"{name:12} {(answers.argmax(axis=1) == labels).mean():.0%} right")

# %% [markdown]
# These are test pictures again, changed by each of the seven. What the
# network was not told to overlook usually harms it more. Which surprises you?
#
# ## Use it


# %%
def read(images):
    return model.predict(prepare(images), verbose=0)


answers = read(x_test)
print(f"Right: {(answers.argmax(axis=1) == y_test).mean():.1%} of the test pictures")
plots.mistakes(x_test, y_test, answers, letters)

# %% [markdown]
# You have told the network something about the world: what may change about a
# hand while the letter stays. You chose the best epoch by the test pictures,
# so they are no longer quite unseen. `workshop check 04a` has others.
#
# *To go further:* mirror the hands as well. Who gains by it, and what does it
# cost the others? Next, the file that you have saved goes to work.
