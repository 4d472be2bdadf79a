"""Sets are drawn elsewhere, and nothing that happens there stays."""

import threading

import numpy as np
import pytest

from workshop import data
from workshop.room.drawing import Drawer, Undrawn

pytestmark = pytest.mark.slow


@pytest.fixture
def drawer():
    made = Drawer()
    yield made
    made.close()


def test_a_set_is_what_would_be_drawn_here(drawer):
    shown, graded = drawer.draw("digits", b"secret", "drawn")
    here = data.sealed("digits", b"secret", "drawn")
    assert np.array_equal(shown.images, here[0].images)
    assert np.array_equal(graded.labels, here[1].labels)


def test_data_that_cannot_be_had_is_told_and_the_next_is_drawn(drawer):
    with pytest.raises(data.DataError):
        drawer.draw("nothing", b"secret", "drawn")
    assert drawer.draw("digits", b"secret", "drawn")


def test_a_process_that_was_killed_is_begun_again(drawer):
    drawer.draw("digits", b"secret", "drawn")
    drawer._process.kill()
    drawer._process.join()
    assert drawer.draw("digits", b"secret", "drawn")


def test_who_waits_when_the_room_closes_waits_no_more(drawer):
    found = []

    def ask():
        try:
            drawer.draw("signs", b"secret", "drawn")
        except Undrawn as error:
            found.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    while drawer._process is None or not drawer._process.is_alive():
        pass
    drawer.close()
    for thread in threads:
        thread.join(60)
    assert len(found) == 3
