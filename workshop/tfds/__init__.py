"""Importing this package makes the kit's data sets known to `tfds.load`.

It is for lessons on pipelines and loads TensorFlow Datasets; nothing else imports it.
"""

from workshop.tfds.builders import Digits, Fruit, Pets, Photos, Signs
from workshop.tfds.headlines import Headlines

__all__ = ["Digits", "Fruit", "Headlines", "Pets", "Photos", "Signs"]
