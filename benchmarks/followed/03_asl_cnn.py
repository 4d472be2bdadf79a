# %% [markdown]
# # Hands, as the course we follow trains convolutions
#
# Three convolutions of 75, 50 and 25 kernels with batch normalisation and
# pooling, a dense layer of 512, RMSprop, batches of 32, twenty epochs, labels as
# rows of zeros and a one.
# The data are ours, so that both see the same.

# %%
import keras
from keras import layers

from workshop.datasets import load

# %%
(x_train, y_train), (x_test, y_test) = load("signs")

# %%
x_train = x_train.reshape(len(x_train), 28, 28, 1) / 255
x_test = x_test.reshape(len(x_test), 28, 28, 1) / 255
y_train = keras.utils.to_categorical(y_train, 24)
y_test = keras.utils.to_categorical(y_test, 24)

# %%
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(75, 3, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(50, 3, padding="same", activation="relu"),
        layers.Dropout(0.2),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(25, 3, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2, padding="same"),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.3),
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
    return model.predict(images.reshape(len(images), 28, 28, 1) / 255, verbose=0)
