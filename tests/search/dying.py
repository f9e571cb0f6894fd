"""Fits the content as web and bot have it done, in forks that die at their n-th access to a file.

Reads n, a line each (0: live to the end), and prints how many accesses there were, if it came to
the end, and the exit code. The moments are counted, not timed: a busy machine has the same ones.
"""

from __future__ import annotations

import os
import signal
import sys

from search import Settings, live

ACCESSES = ("open", "os.", "shutil.", "fcntl.", "mmap.")


def fit(last: int) -> None:
    """Fit, and end the process; last: the access before which it is killed."""
    seen = 0

    def count(event: str, _: object) -> None:
        nonlocal seen
        if event.startswith(ACCESSES):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    live.fit(Settings.from_env())  # at no low priority, that another process may hold up for good
    print("seen", seen, flush=True)
    os._exit(0)


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            fit(int(line))
        print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
