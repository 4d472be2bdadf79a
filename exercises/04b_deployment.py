# %% [markdown]
# # 4b. Put the network to work
#
# A trained network is a file, and whoever uses it has nothing else: no
# notebook, no training data, often no Python. By the end of this lesson yours
# reads photos of any size, says so when it does not know, and answers a
# browser.

# %%
import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from workshop import models, plots
from workshop.datasets import classes, photos

LETTERS = classes("signs")

# %% [markdown]
# ## Load the model
#
# The kit brings a network that was trained as in lesson 4a. To use your own,
# write `Path("signs.keras")` instead; the photos are drawn, so it should have
# learned from drawn signs.
#
# **TODO 1.** Load the model in `file`: `keras.models.load_model` finds layers
# and weights in it.

# %%
file = models.signs()
model = ...  # TODO 1
print(f"{file.name}: {file.stat().st_size:,} bytes, {model.input_shape=}")

# %% [markdown]
# ## The photos
#
# Nobody takes photos of 28 by 28 grey pixels. These stand for what users
# send.

# %%
images, names = photos("photos")

print(f"{len(images)} photos, the first of shapes {[x.shape for x in images[:4]]}")
plots.gallery(images[:20], names[:20])

# %% [markdown]
# The network knows small grey squares with a hand in the middle. A photo has
# to become one in the same way as the training pictures did.
#
# **TODO 2.** Photos are wide or tall, and a hand must not be squeezed. Cut
# the square out of the middle: `top` and `left` are where it begins.
#
# **TODO 3.** `grey` is that square without its colours. Return it as 28 by 28
# pixels: `tf.image.resize` takes it, the new size and a `method`. Choose
# "area", in which every new pixel is the mean of all those that it stands for.
# The result is a tensor; its method `numpy` makes an array of it.


# %%
def square(photo):
    height, width = photo.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return ...  # TODO 2


def prepare(photo):
    grey = tf.image.rgb_to_grayscale(square(photo))
    return ...  # TODO 3


# %%
samples = np.stack([prepare(photo) for photo in images])
print(f"{samples.shape=}, pixels from {samples.min():.0f} to {samples.max():.0f}")
plots.gallery(samples[:20], names[:20])

# %% [markdown]
# The pixels stay between 0 and 255: the first layer of the network scales
# them.
#
# ## Know when not to answer
#
# The network shares out its probabilities among 24 letters, whatever it is
# shown. Guess first: how sure will it be of a bare wall, and how sure of
# noise?

# %%
wall = np.full((120, 160, 3), (200, 190, 170), np.uint8)
noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
for name, photo in {"wall": wall, "noise": noise}.items():
    picture = prepare(photo)
    sure = model.predict(picture[None], verbose=0).max()
    print(f"{name}: {sure:.0%} sure, contrast {picture.std():.1f}")

# %%
expected = model.predict(samples, verbose=0)
right = np.array([LETTERS[i] for i in expected.argmax(axis=1)]) == names
print(f"hands: contrast from {samples.std(axis=(1, 2, 3)).min():.1f}")
for limit in (0.3, 0.5, 0.7, 0.9):
    sure = expected.max(axis=1) >= limit
    print(f"{limit}: {(sure & right).sum()} right, {(sure & ~right).sum()} wrong")

# %% [markdown]
# A limit on the probability alone may let a wall in, or shut hands out. But a
# wall has no *contrast*: the standard deviation of its pixels is small.
#
# **TODO 4.** Choose two limits: a contrast that every hand reaches, and no
# wall and no noise; and a probability below which you would rather not answer.
# Not to know counts as wrong in the end, so shut out more mistakes than right
# answers. In `translate`, let `known` say whether both are reached.

# %%
FAINTEST, LEAST_SURE = ...  # TODO 4


def translate(photo):
    picture = prepare(photo)
    probabilities = model.predict_on_batch(picture[None])[0]
    best, sure = probabilities.argmax(), float(probabilities.max())
    known = ...  # TODO 4
    return (LETTERS[best] if known else "don't know"), sure


# %%
print(translate(wall), translate(noise))
plots.gallery(images[:20], names[:20], [translate(photo)[0] for photo in images[:20]])

# %% [markdown]
# ## Export
#
# A `.keras` file needs Keras. Servers take a *SavedModel*; phones and small
# machines run *LiteRT*. The last file is *quantised*: each weight takes one
# byte in place of four.
#
# **TODO 5.** Export the model into `saved` with the format "tf_saved_model",
# and into `lite` with the format "litert". The third call shows how.

# %%
saved, lite, small = Path("signs_saved"), Path("signs.tflite"), Path("small.tflite")
...  # TODO 5

fewer_bits = {"optimizations": [tf.lite.Optimize.DEFAULT]}
model.export(small, format="litert", verbose=False, **fewer_bits)

# %% [markdown]
# Never trust an export that you have not asked. `models.ask` starts a fresh
# process that has nothing but the file, and brings back what it answers.
# Guess first: which of the four will differ from the model in this script?
#
# **TODO 6.** For each file, find the largest difference, up or down, between
# any of its `answers` and the `expected` ones.

# %%
table = {}
for path in (file, saved, lite, small):
    answers = models.ask(path, samples)
    right = np.array([LETTERS[i] for i in answers.argmax(axis=1)]) == names
    difference = ...  # TODO 6
    table[path.name] = models.size(path), float(right.mean()), float(difference)

for name, (size, accuracy, difference) in table.items():
    print(f"{name:14} {size:9,} bytes  {accuracy:.1%} right  {difference:.7f} apart")

# %% [markdown]
# *What you should see:* the first three differ by less than 0.001, and the
# quantised file by more. It is the smallest by far, and hardly less often
# right.
#
# ## Serve
#
# A server that speaks the protocol of TensorFlow Serving takes JSON: an
# object with the key "instances", and a list of inputs below it.
#
# **TODO 7.** Write the body of a request for one photo, as JSON text. The
# network's input is what `prepare` makes of it, as nested lists: `json.dumps`
# writes the text, and an array's method `tolist` makes lists of it.


# %%
def request(photo):
    return ...  # TODO 7


model.save("served.keras")
keras.utils.save_img("photo.png", images[0], scale=False)
print(f"A request takes {len(request(images[0])):,} characters.")
print(f"workshop serve served.keras --classes {''.join(LETTERS)}")

# %% [markdown]
# Run the printed command in a second terminal, in this folder, and open the
# address that it names. Drop `photo.png` on the page, then a photo of your own
# hand before a bright wall: the network has met drawn hands only. Any program
# can ask, too: it sends what `request` returns to the address that ends in
# `:predict`.
#
# You have put a network to work. What prepares a photo belongs to it as much
# as its weights do; it may say that it does not know; and an export is trusted
# once a fresh process has been asked. `workshop check 04b` asks yours.
#
# *To go further:* put an augmentation layer into a model, export it as
# SavedModel, and ask it twice about the same photo. Next comes a network that
# others trained.
