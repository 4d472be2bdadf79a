# %% [markdown]
# # 7. Sort the fruit
#
# A packing plant sorts apples, bananas and oranges, and takes out what is
# rotten, day and night, by a camera. This is the assessment: more than nine
# photos in ten have to be sorted right. The names below are given, and the
# rest is yours. Nearly all that you need was in lessons 3, 4a and 5b; what is
# new is explained where it is used. Look back as often as you like.

# %%
import keras
import numpy as np
from keras import layers

from workshop import backbones, plots
from workshop.datasets import folders

# %% [markdown]
# ## Load the photos
#
# There are six classes, each with a folder of its own, and the network is the
# base that you know.
#
# **TODO 1.** Load the photos to train on and those to validate with, at the
# size that the base takes; leave the labels whole numbers. Keep the names of
# the classes, in the order in which Keras numbers them, in `class_names`.

# %%
vgg = backbones.vgg16(include_top=False, data="fruit")
base = vgg.model
train_folder, valid_folder = folders("fruit")

train_photos = keras.utils.image_dataset_from_directory(
    train_folder, image_size=vgg.image_size, batch_size=16
)  # TODO 1
valid_photos = keras.utils.image_dataset_from_directory(
    valid_folder, image_size=vgg.image_size, batch_size=16
)  # TODO 1
class_names = train_photos.class_names  # TODO 1

# %%
photos, labels = next(iter(train_photos))
plots.gallery(photos, labels, classes=class_names)

# %% [markdown]
# What tells rotten from fresh, whatever the fruit? And which two of the six
# will be taken for each other most often?
#
# ## Prepare, and vary
#
# **TODO 2.** Write what training, validation and use have in common: `prepare`
# makes of raw photos, of any size and as arrays or tensors, what the base
# takes. Put the layers that vary photos into `augmentation`, and make `train`
# and `validation`. Vary only where it helps, and only in ways in which photos
# to come may differ.


# %%
def prepare(photos):
    return vgg.preprocess(keras.ops.image.resize(photos, vgg.image_size))  # TODO 2


# %%
augmentation = keras.Sequential(
    [
        layers.RandomFlip("horizontal"),
        layers.RandomRotation(0.02),
    ]
)  # TODO 2
train = train_photos.map(
    lambda photos, labels: (prepare(augmentation(photos, training=True)), labels)
).prefetch(2)  # TODO 2

# %%
validation = valid_photos.map(
    lambda photos, labels: (prepare(photos), labels)
).prefetch(2)  # TODO 2

# %% [markdown]
# ## Build
#
# **TODO 3.** Freeze the base, and put a head on it that answers with six
# probabilities.

# %%
base.trainable = False  # TODO 3
model = keras.Sequential(
    [
        base,
        layers.GlobalAveragePooling2D(),
        layers.Dense(len(class_names), activation="softmax"),
    ]
)  # TODO 3

trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
print(f"{trainable:,} of {model.count_params():,} parameters learn")

# %% [markdown]
# ## Train the head
#
# One metric flatters. *Binary accuracy* takes the six outputs for six
# questions with yes or no. How often is it right if the answer is always no?
#
# **TODO 4.** Compile the model, with a loss that fits its labels and a metric
# that counts photos sorted right; as in lesson 5b, `jit_compile=False` spares
# you a wait. Then train the head; at a rate of 0.01 it needs an epoch or two.

# %%
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
    jit_compile=False,
)  # TODO 4
history = model.fit(train, validation_data=validation, epochs=1)  # TODO 4
plots.curves(history)

# %% [markdown]
# *What you should see:* validation accuracy near 0.9, at least above 0.7. If
# it stays below, the head may need wider steps or another epoch, or the photos
# are not what the base was trained with. With many epochs it would rise only a
# little: what a frozen base does not see, no head can learn.
#
# ## Fine-tune
#
# **TODO 5.** Let the base follow, by steps that do not destroy what it knows.
# The loop below visits the layers of its first three blocks, which see edges
# and colours: training is faster where these stay frozen.
#
# At a constant rate, accuracy in validation goes up and down to the end; it
# settles where steps become smaller and smaller. So let `rate` be a schedule:
# `keras.optimizers.schedules.CosineDecay(first, steps)` begins at the learning
# rate `first` and reaches 0 after so many steps. Let it last as long as your
# fine-tuning: `len(train)` is the number of steps of one epoch. An optimizer
# takes it in place of a number. (Or let `rate` be a number, and keep the best
# epoch, as in lesson 4a.)

# %%
before = base.get_weights()
base.trainable = True  # TODO 5
for layer in base.layers[:11]:
    layer.trainable = False  # TODO 5
rate = keras.optimizers.schedules.CosineDecay(0.0005, 4 * len(train))  # TODO 5
model.compile(
    optimizer=keras.optimizers.Adam(rate),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
    jit_compile=False,
)  # TODO 5

# %%
fine_history = model.fit(train, validation_data=validation, epochs=4)  # TODO 5
plots.curves(fine_history)

# %%
pairs = zip(before, base.get_weights(), strict=True)
moved = max(float(np.abs(new - old).max()) for old, new in pairs)
print(f"No weight of the base moved by more than {moved:.4f}")

# %% [markdown]
# ## Use it
#
# **TODO 6.** The belt sends raw photos. Return for each its six probabilities,
# in the order of `class_names`.


# %%
def sort_fruit(photos):
    return model.predict(prepare(photos), verbose=0)  # TODO 6


photos, labels = next(iter(valid_photos.rebatch(10_000)))
answers = np.asarray(sort_fruit(photos))
right = (answers.argmax(axis=1) == labels.numpy()).mean()
print(f"Sorted right: {right:.1%} of the photos for validation")
plots.mistakes(photos, labels, answers, classes=class_names)

# %% [markdown]
# Would you eat these? A plant would ask which mistake costs more: fresh fruit
# thrown away, or rotten fruit sold.
#
# You have built this alone: loaded, prepared and varied, frozen, trained,
# fine-tuned, used. Whether it is good enough is decided by photos that nobody
# has seen: `workshop check 07`. Most tasks in which pictures are sorted into
# classes can be solved in the same six steps.
#
# *To go further:* let the plant ask a person where the network is not sure.
# How many photos must the person look at, until 99 in 100 are sorted right?
