"""One child process that is kept running, whatever becomes of it."""

import signal
import subprocess
import time
from dataclasses import dataclass

from start.environments import ROOT, say
from start.guard import signal_group
from start.ports import trouble
from start.pulse import VARIABLE, Pulse


@dataclass(frozen=True)
class Pace:
    """How long everything may take, in seconds.

    look: between two looks at the children; ask: between two questions to one that is ready;
    answer: for an answer. hung: without any answer, after which a child is killed; begin: the same
    before its first answer, when it loads; questions: that must go unanswered besides. A child that
    died is started again after first_pause, each time twice as many up to longest_pause, and after
    first_pause again once it had answered for a good spell. stop: from being asked to being killed.
    """

    look: float = 0.2
    ask: float = 3.0
    answer: float = 5.0
    hung: float = 30.0
    begin: float = 300.0
    questions: int = 3
    first_pause: float = 1.0
    longest_pause: float = 30.0
    good: float = 60.0
    stop: float = 10.0


class Service:
    """A child: its command, its environment and the address that it listens at."""

    def __init__(self, name, command, env, address, pace=None):
        self.name = name
        self.address = address
        self.pace = pace or Pace()
        self.process = None
        self.pulse = None
        self._command = command
        self.env = env
        self._pause = self.pace.first_pause
        self._again_at = None
        self._told = None

    @property
    def ready(self):
        """Whether this start of the child said that it is ready."""
        return self.pulse is not None and self.pulse.ready

    def start(self, guard):
        """Start the child in a group of its own, so that Ctrl-C reaches only the supervisor."""
        problem = trouble([self.address])
        if problem:
            self._wait(problem)
            return
        self.pulse = Pulse(self.address, self.pace)
        env = {**self.env, VARIABLE: self.pulse.nonce}
        try:
            self.process = subprocess.Popen(
                self._command, env=env, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:
            self._wait(f"cannot be started ({error.strerror})")
            return
        self._again_at = None
        guard.watch(self.process.pid)
        self.pulse.start()

    def watch(self, now, guard):
        """Start the child again when it died or hangs, after a growing pause."""
        if self._again_at is not None:
            if now >= self._again_at:
                self.start(guard)
            return
        code = self.process.poll()
        if code is not None:
            early = "" if self.pulse.first else " before it answered; its last lines say why"
            self._ended(f"stopped ({_how(code)}){early}", now, guard)
            return
        silence = self.pulse.silence(now)
        if silence > (self.pace.hung if self.pulse.first else self.pace.begin):
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self._ended(f"did not answer for {silence:.0f} s and was killed", now, guard)

    def stop(self):
        """Ask the child to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def kill(self, deadline, guard):
        """Wait until the deadline, then end the child and all that it started."""
        if self.process is None:
            return
        self.pulse.end()
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._bury(guard)

    def _ended(self, what, now, guard):
        self._bury(guard)
        if self.pulse.first is not None and now - self.pulse.first >= self.pace.good:
            self._pause = self.pace.first_pause
        self._told = None
        self._wait(what)

    def _bury(self, guard):
        """Leave none of the child's own children: one would hold the port."""
        self.pulse.end()
        signal_group(self.process.pid, signal.SIGKILL)
        guard.forget(self.process.pid)

    def _wait(self, why):
        if why != self._told:  # the same trouble is told once, not at each attempt
            say(f"{self.name} {why}, again in {self._pause:g} s")
        self._told = why
        self._again_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, self.pace.longest_pause)


def _how(code):
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
