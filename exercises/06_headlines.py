# %% [markdown]
# # 6. Continue a headline
#
# A newsroom wants its text editor to suggest the next word of a headline. The
# old way is to count which word followed which, and it looks one word back. By
# the end of this lesson a network of your own remembers all the words so far,
# and you know how unsure both are, as a number of words.

# %%
import keras
import numpy as np
import tensorflow as tf
from keras import layers

from workshop import plots
from workshop.datasets import texts
from workshop.perplexity import compare

# %% [markdown]
# ## The data
#
# Headlines are lists of words, and nobody has labelled them. No label is
# needed: each word is the answer to the words before it.

# %%
train, test = texts("headlines")

print(f"{len(train):,} training headlines, {len(test):,} test headlines")
print(*train[:10], sep="\n")

# %% [markdown]
# Cover the end of one with your hand: how much of it could you have guessed,
# and from which words? Often the one that helps stands far away.
#
# ## Turn words into numbers
#
# A full stop of its own will tell the network where a headline ends.
# `TextVectorization` gives each word a number, the most frequent ones first.
# The empty word, number 0, fills up short headlines. All words too rare for
# the list share number 1, `[UNK]`.
#
# **TODO 1.** The layer must see words before it can number them. Let it
# `adapt` to the training headlines with their full stops. The test headlines
# stay unseen, words and all.


# %%
def closed(headlines):
    return [headline + " ." for headline in headlines]


numbers = layers.TextVectorization(max_tokens=8000, standardize=None)
...  # TODO 1
vocabulary = numbers.get_vocabulary()

print(f"{len(vocabulary):,} entries, the first words are", *vocabulary[2:10])
print(train[0], "becomes", numbers(closed(train[:1])).numpy())

# %% [markdown]
# ## Turn headlines into questions
#
# One headline holds many questions. What follows its first word? Its first
# two? Its first three? The network reads from left to right and answers after
# every word, so a headline asks them all at once.
#
# **TODO 2.** Return two tables, first the questions, then the answers. The
# questions are all words of a row but the last; the answer to each is the word
# that follows it.


# %%
def questions(headlines):
    rows = numbers(headlines)
    return ...  # TODO 2


asked, answers = questions(closed(train[:1]))
for place in range(asked.shape[1]):
    beginning = " ".join(vocabulary[n] for n in asked[0, : place + 1])
    print(f"{beginning} -> {vocabulary[answers[0, place]]}")

# %% [markdown]
# Do the answers say what you would expect? If an arrow points to a word that
# stands before it already, the network would learn to copy.
#
# A *pipeline* prepares batches while the network trains. Headlines with
# equally many words share a batch, so there is hardly anything to fill up.
#
# **TODO 3.** Give the pipeline its next two steps: cut the data set into
# batches of 64 headlines, and map each batch to its questions and answers.


# %%
def pipeline(headlines):
    in_order = sorted(headlines, key=lambda headline: headline.count(" "))
    dataset = tf.data.Dataset.from_tensor_slices(closed(in_order))
    dataset = ...  # TODO 3
    return dataset.cache().shuffle(1000).prefetch(2)


training, validation = pipeline(train), pipeline(test)

# %% [markdown]
# The answers are whole numbers. Other losses want each of them as a row of 0
# and 1, one column for each word. What would that cost?

# %%
places = sum(batch.shape[0] * batch.shape[1] for _, batch in training)
print(f"{places:,} whole numbers fill {places * 8 / 1e6:.1f} MB")
print(f"as rows they would fill {places * len(vocabulary) * 4 / 1e9:.1f} GB")

# %% [markdown]
# ## Build the network
#
# Word 17 is not half of word 34: these numbers are names. An *embedding* gives
# each word a place of its own in a space of 64 dimensions, and training moves
# words that act alike towards each other.
#
# **TODO 4.** Put an embedding first, of as many words as the vocabulary holds
# and 64 dimensions. With `mask_zero=True` filled places are never counted.
#
# **TODO 5.** An *LSTM* reads the words one by one and keeps a memory of the
# headline so far. Add one of 64 units. It must return its whole sequence, an
# output after every word, because every word asks a question.

# %%
model = keras.Sequential(
    [
        keras.Input(shape=(None,), dtype="int64"),
        ...,  # TODO 4
        ...,  # TODO 5
        layers.Dropout(0.2),
        layers.Dense(len(vocabulary), activation="softmax"),
    ]
)
model.summary()

# %% [markdown]
# ## Train it
#
# The *sparse* loss takes whole numbers. A network that knew nothing would give
# every word the same probability, and its loss would be the logarithm of the
# number of words.
#
# Guess first: how far will the loss fall in the first epoch? And can it ever
# fall to 0, as it nearly did with digits?

# %%
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.01),
    loss="sparse_categorical_crossentropy",
)
print(f"A network that knows nothing has a loss of {np.log(len(vocabulary)):.2f}")
history = model.fit(training, validation_data=validation, epochs=4, verbose=2)
plots.curves(history)

# %% [markdown]
# *What you should see:* both losses fall, and end well below that of a network
# that knows nothing. They do not come near 0. Many words may follow "five",
# and no network can know which one the writer chose.
#
# ## Ask it
#
# The model answers after every word, also inside a beginning that somebody has
# typed. Shorter beginnings are filled up at their end.
#
# **TODO 6.** Return one row of probabilities for each beginning: the answer
# that the model gave at the place of its last word.


# %%
def next_word(contexts):
    rows = numbers(contexts).numpy()
    answers = model.predict(rows, verbose=0)
    last = (rows > 0).sum(axis=1) - 1
    return ...  # TODO 6


beginning = " ".join(test[0].split()[:3])
plots.bars(next_word([beginning])[0], vocabulary, title=f"{beginning} …")

# %% [markdown]
# Which of these would you have thought of? Now measure it. The *perplexity*
# says what the loss says, here without the full stops: 50 means as unsure as
# among 50 words that are all equally likely. The old way, which looks one word
# back, is measured alike.

# %%
scores = compare(next_word, vocabulary, train, test[:300])

# %% [markdown]
# Lower is better. What the network gains over counted pairs comes from words
# further back, and from words that act alike. Where most words were seen only
# once or twice, it gains little, and more headlines would help it most. Which
# of the two cases is yours?
#
# ## Let it write
#
# Always taking the likeliest word gives one dull headline. Drawing a word by
# its probability gives many. A *temperature* is the dial between the two:
# raise all probabilities to the power of 1 / temperature, and scale them so
# that they add up to 1 again.
#
# **TODO 7.** Do so, and return them. Which temperatures will be dull, below 1
# or above?


# %%
def heated(probabilities, temperature):
    powers = ...  # TODO 7
    return ...  # TODO 7


for temperature in (0.5, 1.0, 2.0):
    print(temperature, heated(np.array([0.6, 0.3, 0.1]), temperature).round(2))

# %% [markdown]
# Now a word can be drawn. The first two entries of the vocabulary are no
# words, so they get no chance.


# %%
def draw(words, temperature):
    chances = next_word([words])[0]
    chances[:2] = 0
    return np.random.choice(vocabulary, p=heated(chances, temperature))


print(beginning, "…", *[draw(beginning, 1.0) for _ in range(5)])

# %% [markdown]
# And so it can write: draw a word, append it, ask again, until the full stop
# comes.


# %%
def continue_headline(words, temperature):
    while len(words.split()) < 12 and (word := draw(words, temperature)) != ".":
        words = f"{words} {word}"
    return words


for temperature in (0.2, 0.7, 1.0, 1.5):
    print(f"{temperature}: {continue_headline(test[0].split()[0], temperature)}")

# %% [markdown]
# A cold network repeats what it has read most often, a hot one babbles. Find
# the temperature at which you would print its headlines.
#
# Words became numbers, numbers places in space, and a memory carried what was
# said at the beginning to the end. Larger networks that write are trained on
# this very question: which word comes next? Have yours judged on headlines it
# has never seen: `workshop check 06`, or in a notebook
# `from workshop import check; check("06_headlines")`.
#
# *To go further:* how few units still pass? And what does a second LSTM add?
# Last comes the assessment, which you do alone.
