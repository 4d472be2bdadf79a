"""How the server of boxes measures what a box holds."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="boxes need Linux"
)


def test_a_process_that_has_just_ended_holds_nothing():
    from workshop.box import keeper

    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        assert keeper._proportional(ended.pid) == 0


def test_shared_pages_are_counted_once():
    from workshop.box import keeper

    assert 0 < keeper._proportional(os.getpid()) < 1.05 * keeper._resident(os.getpid())
