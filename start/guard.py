"""Ends the supervisor's children when the supervisor itself was killed and could not.

A process of its own reads the pipe that only the supervisor writes to: "+12" for a group of
processes that began, "-12" for one that ended. When the pipe ends, so do the groups that are left,
on Linux and macOS alike.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time

GRACE = 5.0  # seconds between asking and killing
LOOK = 0.05  # seconds between two looks at whether a group is still there


class Guard:
    """The supervisor's side; starts the process again when that is killed."""

    def __init__(self, grace=GRACE):
        self._grace = grace
        self._groups = set()
        self._process = None

    @property
    def pid(self):
        """The guarding process' id, or None before the first group."""
        return self._process.pid if self._process else None

    def watch(self, group):
        """End this group of processes if the supervisor dies."""
        self._groups.add(group)
        self._tell(f"+{group}\n")

    def forget(self, group):
        """Leave this group alone: it ended."""
        self._groups.discard(group)
        self._tell(f"-{group}\n")

    def keep_up(self):
        """Start the guarding process again if it is gone."""
        if self._process is not None and self._process.poll() is not None:
            self._begin()

    def close(self):
        """End the guarding process, and with it the groups that were not forgotten."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process.wait()

    def _begin(self):
        self._process = subprocess.Popen(
            [sys.executable, "-S", __file__, str(self._grace)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._send("".join(f"+{group}\n" for group in self._groups))

    def _tell(self, line):
        if self._process is None or self._process.poll() is not None:
            self._begin()
        else:
            self._send(line)

    def _send(self, text):
        with contextlib.suppress(OSError):  # it is gone; keep_up sees to it
            os.write(self._process.stdin.fileno(), text.encode())


def signal_group(group, number):
    """Send a signal to a group; says whether there is such a group still."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # how macOS says that only dead ones are left
        return False
    return True


def _guard(lines, grace):
    groups = set()
    for line in lines:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    left = {group for group in groups if signal_group(group, signal.SIGTERM)}
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        time.sleep(LOOK)
        left = {group for group in left if signal_group(group, 0)}
    for group in left:
        signal_group(group, signal.SIGKILL)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # it ends when the pipe does
    _guard(sys.stdin, float(sys.argv[1]))
