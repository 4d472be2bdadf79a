# %% [markdown]
# # 5b. Let in one dog only
#
# The door of lesson 5a opens for every dog, and the neighbours' dogs have
# found out. It should open for ours. No network has ever seen our dog, and we
# have few photos of it: too few to learn from them what a dog is. So we start
# with a network that knows, and teach it the rest. In the end it is right
# about more than eight photos in ten.

# %%
import keras
import numpy as np
from keras import layers

from workshop import backbones, plots
from workshop.datasets import folders

# %% [markdown]
# ## The data
#
# The photos lie in folders, and a photo's label is the name of its folder.
# Keras numbers the names by the alphabet: 0 is `not_ours`, 1 is `ours`.
#
# VGG16 is a network of 13 convolutions that others have trained on many
# classes; `include_top=False` leaves out the layers that name these. What
# remains is the *base*.

# %%
vgg = backbones.vgg16(include_top=False)
base = vgg.model

# %%
train_folder, valid_folder = folders("pets")


def load(folder):
    return keras.utils.image_dataset_from_directory(
        folder, label_mode="binary", image_size=vgg.image_size, batch_size=10
    )


train_photos = load(train_folder)
valid_photos = load(valid_folder)

# %%
photos, answers = next(iter(train_photos))
plots.gallery(photos, answers[:, 0], classes=train_photos.class_names)

# %% [markdown]
# By what would you tell our dog? Is its colour enough?
#
# ## Prepare, and vary
#
# A pre-trained network must see photos as it saw them in its training. VGG16
# wants blue before red, and each colour around zero.
#
# **TODO 1.** Let `vgg.preprocess` do this to the photos, which have the right
# size by now. Training, validation and use will all call `prepare`.


# %%
def prepare(photos):
    photos = keras.ops.image.resize(photos, vgg.image_size)
    return vgg.preprocess(photos)  # TODO 1


# %% [markdown]
# Few photos are soon known by heart, so training shows them in ever new ways.
# No layer here mirrors them: a dog may have its marks on one side, and in the
# mirror it is another dog.
#
# **TODO 2.** For training, vary the photos with `augmentation`, called with
# `training=True`, then prepare them. For validation only prepare them. The
# answers stay beside their photos.

# %%
augmentation = keras.Sequential(
    [
        layers.RandomRotation(0.05),
        layers.RandomTranslation(0.05, 0.05),
        layers.RandomZoom(0.1),
    ]
)


# %%
def for_training(photos, answers):
    return prepare(augmentation(photos, training=True)), answers  # TODO 2


def for_validation(photos, answers):
    return prepare(photos), answers  # TODO 2


# %%
train = train_photos.map(for_training)
validation = valid_photos.map(for_validation)

# %% [markdown]
# ## Build
#
# The base turns a photo into a small map of features, which tell fur from
# grass and one ear from another.
#
# **TODO 3.** The first steps of a new layer are rough, and would ruin what the
# base knows. Freeze the base: make it not trainable.

# %%
base.trainable = False  # TODO 3
print(f"A photo becomes a map of {base.output_shape[1:]}")

# %% [markdown]
# On top goes a new *head*. It takes the mean of each feature over the map, and
# ends in one number, the *score*: above 0 it means ours, below 0 not ours.
# Such a score, before any activation, is called a *logit*.
#
# **TODO 4.** Make the score: a dense layer of a single unit, without
# activation, called with `features`.
#
# Guess before you run: how many numbers does the frozen network still learn?


# %%
def build(base):
    photos = keras.Input((*vgg.image_size, 3))
    features = layers.GlobalAveragePooling2D()(base(photos, training=False))
    score = layers.Dense(1)(features)  # TODO 4
    return keras.Model(photos, score)


model = build(base)
trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
print(f"{trainable:,} of {model.count_params():,} parameters learn")

# %% [markdown]
# One for each feature, and the bias. So few can be learned from few photos.
#
# **TODO 5.** Name the loss and the metric. The loss is
# `keras.losses.BinaryCrossentropy`, told that it gets logits. The metric is
# `keras.metrics.BinaryAccuracy`; its `threshold` is the score above which the
# answer counts as yes, and it is 0.5 unless you say what it should be here.
#
# `jit_compile=False` spares a translation into machine code, which would take
# longer here than it saves.


# %%
def set_up(network, learning_rate):
    network.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),  # TODO 5
        metrics=[keras.metrics.BinaryAccuracy(threshold=0)],  # TODO 5
        jit_compile=False,
    )


# %% [markdown]
# ## Train the head
#
# Beside it we train the same network from scratch: the same layers, and none
# of the knowledge. Guess first: how many photos out of 100 will each get
# right?

# %%
set_up(model, learning_rate=0.01)
history = model.fit(train, validation_data=validation, epochs=4)

# %%
newborn = keras.models.clone_model(base)
newborn.trainable = True
scratch = build(newborn)
set_up(scratch, learning_rate=0.001)
scratch_history = scratch.fit(train, validation_data=validation, epochs=4)

# %%
plots.curves(history)
plots.curves(scratch_history)

# %% [markdown]
# *What you should see:* validation accuracy of the pre-trained network above
# 0.8, and mostly above 0.85. The one from scratch had the same photos and the
# same number of steps, and lies behind by 0.05 at least, mostly by over 0.1.
#
# Given more steps it would catch up: our dog is drawn, and a hundred drawn
# photos show all its marks. With twenty photos it would stay behind.
#
# ## Fine-tune
#
# The head stands well now, and its gradients are small. So the base may follow
# our dog, if only a little: steps as wide as the head's would undo in one
# epoch what it learned from all its pictures.
#
# **TODO 6.** Make the base trainable again. Then set up `model` anew, at a
# learning rate of 0.0001: what can be trained is decided when a model is
# compiled. Then fit as above, for 6 epochs more, as `fine_history`, and with
# `callbacks=[best]`: now and then a step goes wrong, and `best` puts the
# weights of the best epoch back, as in lesson 4a.

# %%
before = base.get_weights()
best = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=5, restore_best_weights=True
)

# %%
base.trainable = True  # TODO 6
set_up(model, learning_rate=0.0001)  # TODO 6
fine_history = model.fit(
    train, validation_data=validation, epochs=6, callbacks=[best]
)  # TODO 6
plots.curves(fine_history)

# %%
pairs = zip(before, base.get_weights(), strict=True)
moved = max(float(np.abs(new - old).max()) for old, new in pairs)
print(f"No weight of the base moved by more than {moved:.4f}")

# %% [markdown]
# *What you should see:* a training loss that goes on falling from where it
# was, and a validation loss that is no worse. A jump upwards means that the
# steps are too wide.
#
# ## Use it
#
# **TODO 7.** The door sees raw photos. Prepare them, let the model predict,
# and return for each photo the probability that it is ours:
# `keras.ops.sigmoid` turns scores into probabilities.


# %%
def is_ours(photos):
    scores = model.predict(prepare(photos), verbose=0)[:, 0]  # TODO 7
    return keras.ops.sigmoid(scores)  # TODO 7


photos, answers = next(iter(valid_photos.rebatch(1_000)))
plots.mistakes(photos, answers, is_ours(photos), classes=train_photos.class_names)

# %% [markdown]
# Would you have known better? The photos are few, and each teaches little:
# what a dog is came with the base, and which dog is ours was all there was to
# learn. Have it judged on new ones: `workshop check 05b`.
#
# *To go further:* find out with how few photos it still works:
# `train_photos.take(2).cache()` shows the same 20 in every epoch. Or put
# photos of a pet of yours, and of others, into two such folders. Next come
# words: a network that writes headlines.
