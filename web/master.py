"""gunicorn's master, which replaces its workers on SIGHUP while they go on serving."""

from __future__ import annotations

import signal

from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer


class Master(Arbiter):
    """Told to reload, it lets a worker go only once a new one serves at the same socket.

    gunicorn's own tells the old one to go as soon as the new one is made, which then loads for
    seconds, and ends altogether when the new one cannot begin.
    """

    def __init__(self, app: object) -> None:
        super().__init__(app)
        self._leaving: set[int] = set()
        self._told: set[int] = set()
        self._made: dict[int, float] = {}  # what each worker's sign of life said before its first

    def reload(self) -> None:
        """Begin to replace the workers; `manage_workers` ends it."""
        self._leaving |= set(self.WORKERS)

    def manage_workers(self) -> None:
        """Keep as many workers as there should be; those that leave are not counted."""
        self._leaving &= set(self.WORKERS)
        if not self._leaving:
            super().manage_workers()
            return
        fresh = [pid for pid in self.WORKERS if pid not in self._leaving]
        for _ in range(len(fresh), self.num_workers):
            self.spawn_worker()
        if len(fresh) >= self.num_workers and all(map(self._serves, fresh)):
            for pid in self._leaving - self._told:
                self._told.add(pid)
                self.kill_worker(pid, signal.SIGTERM)

    def spawn_worker(self) -> int:
        """Make a worker and return its process id."""
        pid: int = super().spawn_worker()
        self._made[pid] = self.WORKERS[pid].tmp.last_update()
        return pid

    def reap_workers(self) -> None:
        """Look after workers that ended; a new one that could not begin leaves the others be."""
        try:
            super().reap_workers()
        except HaltServer as error:
            if not self._leaving - self._told:
                raise
            self.log.error("reload given up, what ran before goes on: %s", error.reason)
            self._leaving.clear()
            self.reap_workers()
        ended = self._made.keys() - self.WORKERS.keys()
        self._told -= ended
        for pid in ended:
            del self._made[pid]

    def _serves(self, pid: int) -> bool:
        return bool(self.WORKERS[pid].tmp.last_update() != self._made.get(pid))
