# %% [markdown]
# # 1. Read handwritten digits
#
# For a century, weather stations wrote their readings into books by hand, and
# nobody has time to type them all. By the end of this lesson, a network of
# your own reads such digits, and gets more than nine in ten right.

# %%
import keras
from keras import layers

from workshop import plots
from workshop.datasets import load

# %% [markdown]
# ## The data
#
# The network learns from the training images. It never learns from the test
# images, so they show what it can do with digits that are new to it.

# %%
(x_train, y_train), (x_test, y_test) = load("digits")

print(f"{x_train.shape=}, {x_test.shape=}")
print(f"pixels from {x_train.min()} to {x_train.max()}, labels {y_train[:10]}")
plots.gallery(x_train[:20], y_train[:20])

# %% [markdown]
# Which would you misread? No rule survives so many hands, so we write none:
# the network finds its own.
#
# ## Prepare the images
#
# **TODO 1.** Our network takes rows of numbers. Reshape the images, any number
# of them, so that each square of 28 by 28 becomes one row of 784 pixels.
#
# **TODO 2.** Networks learn best from small numbers. Scale the pixels from
# 0–255 down to 0–1.


# %%
def prepare(images):
    rows = images.reshape(-1, 784)  # TODO 1
    return rows / 255  # TODO 2


# %% [markdown]
# ## Build the network
#
# It ends in ten outputs; softmax turns them into ten probabilities.
#
# **TODO 3.** One pixel says nothing; combinations of pixels do. Between input
# and outputs, add a dense layer of 512 units. Its activation is ReLU, which
# lets each unit speak up for its own combination, or else keep silent.

# %%
model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(512, activation="relu"),  # TODO 3
        layers.Dense(10, activation="softmax"),
    ]
)

# %% [markdown]
# The *loss* is one number for how wrong the answers are. The *gradient* says,
# for each of the network's parameters, which way the loss rises. The
# *optimizer* moves them all a step the other way; ours is Adam, and its
# learning rate sets the size of the step.
#
# **TODO 4.** Name the loss. The labels are whole numbers, and for these Keras
# has the *sparse* form of *categorical crossentropy*.

# %%
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.001),
    loss="sparse_categorical_crossentropy",  # TODO 4
    metrics=["accuracy"],
)

# %% [markdown]
# ## Train it
#
# An *epoch* shows the network every training image once, in *batches*, with a
# step after each. *Validation* tries it on the test images after every epoch.
# Guess first: which of loss and accuracy will rise? And which will level off
# first, training or validation?
#
# **TODO 5.** Call `model.fit` with the prepared training images and their
# labels, in batches of 256, for 10 epochs. As validation data give it a pair:
# the test images, prepared in the same way, and their labels.

# %%
history = model.fit(
    prepare(x_train),
    y_train,
    batch_size=256,
    epochs=10,
    validation_data=(prepare(x_test), y_test),
)  # TODO 5
plots.curves(history)

# %% [markdown]
# *What you should see:* at the end, training accuracy above 0.97, validation
# accuracy above 0.95. Accuracy rises and loss falls; validation may even lead
# at first, as it comes after the epoch and training is measured during it.
# Then training overtakes, and validation levels off. The gap is *overfitting*:
# the network remembers its images, which helps with no others.
#
# ## Use it


# %%
def read(images):
    return model.predict(prepare(images), verbose=0)


answers = read(x_test)
print(f"Right: {(answers.argmax(axis=1) == y_test).mean():.1%} of the test images")
plots.mistakes(x_test, y_test, answers)

# %% [markdown]
# These are its worst mistakes: wrong, and sure of it. Which would you forgive?
#
# You have trained a network: the loss says how wrong it is, the gradient which
# way is better, the optimizer takes the step. Images it never learned from say
# what it is worth. Have it judged on some: in a terminal, `workshop check 01`;
# in a notebook, `from workshop import check; check("01_mnist")`.
#
# *To go further:* find the smallest network that still passes. Next come
# hands, which a network like this one remembers well and understands little.
