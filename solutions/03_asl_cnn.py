# %% [markdown]
# # 3. Look for shapes, not at pixels
#
# The network of lesson 2 has weights for every pixel, so a hand a little
# further to the left is news to it. The one you build now slides small kernels
# over the picture and finds an edge wherever it is. It needs less than a sixth
# of the parameters, and does better wherever the other left room for it.

# %%
import keras
import numpy as np
from keras import layers

from workshop import plots
from workshop.datasets import classes, load

# %%
(x_train, y_train), (x_test, y_test) = load("signs")
letters = classes("signs")

# %% [markdown]
# ## Make a kernel by hand
#
# A *kernel* is a small table of numbers. Lay it on a corner of the picture,
# multiply every pixel by the number that lies on it, and add up: that is the
# first pixel of the answer. Move it on by one pixel for the next.
#
# **TODO 1.** Write a kernel that finds vertical edges, where it is bright on
# one side and dark on the other, as `np.array([[…], […], […]])`. It answers 0
# to an even area, however bright, and 0 to a horizontal edge. What must its
# numbers add up to?

# %%
kernel = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])  # TODO 1


def slide(images, kernel):
    shape = np.shape(kernel)
    under = np.lib.stride_tricks.sliding_window_view(images, shape, (1, 2))
    answers = np.abs((under * kernel).sum(axis=(-2, -1)))
    return answers / answers.max(axis=(1, 2), keepdims=True)


# %%
square = np.pad(np.full((1, 12, 12), 255, np.uint8), ((0, 0), (8, 8), (8, 8)))
examples = np.concatenate([square, x_train[:5]])
plots.gallery(examples, title="Before")
plots.gallery(slide(examples, kernel), title="Where the kernel answers")

# %% [markdown]
# *What you should see:* of the square, the left and the right side remain, and
# the other two vanish. Both are bright, since signs are dropped here. Of a
# hand, the sides of upright fingers remain. A convolution layer slides many
# kernels, and finds their numbers in training.
#
# ## Prepare the images
#
# **TODO 2.** A convolution must know which pixels are neighbours, so squares
# stay squares. It also wants to know the number of *channels*: three for
# colours, one for grey. Turn images of shape (n, 28, 28) into (n, 28, 28, 1),
# and scale the pixels down to 0–1.


# %%
def prepare(images):
    return images[..., None] / 255  # TODO 2


# %% [markdown]
# ## Build the convolutions
#
# A convolution layer is told how many kernels it has and how wide they are.
# With `padding="same"` they may stick out at the rim, and the picture keeps
# its size. *Max pooling* of 2 keeps the largest of four neighbours: that there
# is an edge matters more than where exactly. On the smaller picture, a kernel
# sees more of the hand, and combines edges into corners, corners into fingers.
#
# **TODO 3.** Alternate three `layers.Conv2D` with three `layers.MaxPooling2D`,
# six lines in all. The convolutions have 16, 32 and 64 kernels of 3 by 3
# pixels, padding and the ReLU activation.

# %%
convolutions = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(16, 3, padding="same", activation="relu"),  # TODO 3
        layers.MaxPooling2D(),  # TODO 3
        layers.Conv2D(32, 3, padding="same", activation="relu"),  # TODO 3
        layers.MaxPooling2D(),  # TODO 3
        layers.Conv2D(64, 3, padding="same", activation="relu"),  # TODO 3
        layers.MaxPooling2D(),  # TODO 3
    ]
)

# %% [markdown]
# ## Build the network
#
# What the convolutions found goes, as one row, into a dense layer. Two other
# layers help it to learn:
#
# **TODO 4.** *Batch normalisation* brings what it is given to one scale in
# every batch, so that the layers behind it meet no surprises. Put a
# `layers.BatchNormalization` into the first gap. *Dropout* silences units at
# random, others in each step, so that none can rely on what its neighbours
# know by heart. Put a `layers.Dropout` of 0.5 into the second.

# %%
model = keras.Sequential(
    [
        convolutions,
        layers.BatchNormalization(),  # TODO 4
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),  # TODO 4
        layers.Dense(24, activation="softmax"),
    ]
)

# %% [markdown]
# ## Count before you look
#
# The sides are halved by every pooling, and what is left over is dropped. A
# kernel has a number for each of its pixels in *every* channel that comes in,
# and one more, its bias. How large the picture is does not matter.
#
# **TODO 5.** Work out on paper the shape (rows, columns, channels) in which a
# picture leaves the convolutions, and how many parameters the kernels of the
# second convolution layer have together. Then run the cell and compare.

# %%
predicted_shape = (3, 3, 64)  # TODO 5
predicted_parameters = 32 * (3 * 3 * 16 + 1)  # TODO 5

print(f"predicted: {predicted_shape=}, {predicted_parameters=:,}")
model.summary(expand_nested=True)

# %% [markdown]
# Which layer has the most parameters, and what would it have without any
# pooling? The network of lesson 2 has 676,888.
#
# ## Train it
#
# **TODO 6.** Compile the model as in lesson 2, but let Adam take small steps:
# `keras.optimizers.Adam(0.0003)`. With its usual 0.001, what this network
# makes of strangers' hands leaps up and down from epoch to epoch. Then train
# it: with the prepared pictures and their labels, in batches of 64, for 8
# epochs, and the prepared test pictures with their labels as validation data.
# Keep what `fit` returns as `history`.
#
# Guess first: with dropout in training only, which accuracy will lead in the
# first epochs, training or validation?

# %%
model.compile(
    optimizer=keras.optimizers.Adam(0.0003),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)  # TODO 6
history = model.fit(
    prepare(x_train),
    y_train,
    batch_size=64,
    epochs=8,
    validation_data=(prepare(x_test), y_test),
)  # TODO 6

# %%
plots.curves(history)

# %% [markdown]
# *What you should see:* at the end, training accuracy above 0.8. Validation
# may lead in the first epochs, since dropout rests while it is measured. Where
# lesson 2 left room, validation accuracy is now clearly higher.
#
# ## Use it


# %%
def read(images):
    return model.predict(prepare(images), verbose=0)


answers = read(x_test)
print(f"Right: {(answers.argmax(axis=1) == y_test).mean():.1%} of the test pictures")
plots.mistakes(x_test, y_test, answers, letters)

# %% [markdown]
# Which of these mistakes would you make, too?
#
# Every kernel is used at every place. So the network needs few parameters, and
# what it learned about one place it knows about all of them. Such knowledge
# does not come from pictures: you built it in. Have the network judged by
# `workshop check 03`.
#
# *To go further:* how few kernels are enough? And what do the kernels of the
# first layer look like: `convolutions.layers[0].get_weights()[0]` holds them,
# with the pixels in its first two dimensions. The next lesson makes pictures
# that nobody has taken.
