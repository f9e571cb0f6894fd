"""Whether a child lives: asked again and again at the address that it really listens on.

Each start of a child is given a word of its own, which only this start can show; so an answer of
an earlier start, or of somebody else's program at the same port, counts for nothing.
"""

import http.client
import secrets
import threading
import time

VARIABLE = "XIAOHU_START_NONCE"
HEADER = "X-Start-Nonce"
ALIVE, READY = "/livez", "/readyz"


class Pulse(threading.Thread):
    """Asks one start of one child, in a thread so that the supervisor waits for no answer.

    nonce: the word that this start shows. first: when it first showed it (monotonic seconds), None
    before. ready: whether it ever said that it is ready.
    """

    def __init__(self, address, pace):
        super().__init__(daemon=True)
        self.nonce = secrets.token_urlsafe(12)
        self.first = None
        self.ready = False
        self._address = address
        self._pace = pace
        self._ended = threading.Event()
        self._silent_since = time.monotonic()
        self._unanswered = 0

    def run(self):
        """Ask until `end`, closely until the child is ready."""
        while not self._ended.wait(self._pace.ask if self.ready else self._pace.look):
            status = self._status(ALIVE)
            if status is None:
                self._unanswered += 1
                continue
            self._unanswered = 0
            self._silent_since = time.monotonic()
            self.first = self.first or self._silent_since
            if not self.ready:
                self.ready = self._status(READY) == http.client.OK

    def end(self):
        """Ask no more."""
        self._ended.set()

    def silence(self, now):
        """Return the seconds without an answer; 0 before several questions went unanswered.

        So a supervisor that was itself held up (a laptop's lid, Ctrl-Z) blames nobody for it.
        """
        return now - self._silent_since if self._unanswered >= self._pace.questions else 0.0

    def _status(self, path):
        """Ask once; returns the status, or None when this start does not answer."""
        connection = http.client.HTTPConnection(
            self._address.asked, self._address.port, timeout=self._pace.answer
        )
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            shown = answer.getheader(HEADER)
            answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return answer.status if shown == self.nonce else None
