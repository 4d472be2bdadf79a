# %% [markdown]
# # Hands, as the course we follow trains a dense net
#
# Two hidden layers of 512 units, RMSprop, batches of 32, twenty epochs, labels
# as rows of zeros and a one.
# The data are ours, so that both see the same.

# %%
import keras
from keras import layers

from workshop.datasets import load

# %%
(x_train, y_train), (x_test, y_test) = load("signs")

# %%
x_train = x_train.reshape(len(x_train), 784) / 255
x_test = x_test.reshape(len(x_test), 784) / 255
y_train = keras.utils.to_categorical(y_train, 24)
y_test = keras.utils.to_categorical(y_test, 24)

# %%
model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(512, activation="relu"),
        layers.Dense(24, activation="softmax"),
    ]
)
model.compile(
    optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"]
)

# %%
history = model.fit(
    x_train,
    y_train,
    batch_size=32,
    epochs=20,
    verbose=1,
    validation_data=(x_test, y_test),
)


# %%
def read(images):
    return model.predict(images.reshape(len(images), 784) / 255, verbose=0)
