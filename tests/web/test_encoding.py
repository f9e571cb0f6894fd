"""What a thread of the pool encodes never stops the loop that encodes something else."""

from __future__ import annotations

import subprocess
import sys

from tests.product import PATIENCE, ROOT

AT_ONCE = """
from gevent import monkey
monkey.patch_all()
import gevent
from gevent.threadpool import ThreadPool
from search.reading.encoder import installed

encoder = installed()
encoder(["warm"])
pool = ThreadPool(3)
texts = [[f"押金{part}退{number}" for number in range(40)] for part in range(12)]
behind = [pool.spawn(lambda some: len(encoder(some)), some) for some in texts]
here = 0
while not all(one.ready() for one in behind):
    here += len(encoder([f"月卡怎么买{here}"]))
    gevent.sleep(0)
print(sum(one.get() for one in behind), here > 0)
"""


def test_threads_and_the_loop_encode_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AT_ONCE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stdout.split() == ["480", "True"], done.stderr
