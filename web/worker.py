"""gunicorn's gevent worker, with an end that owes nobody an answer."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any, cast

import gevent
import gevent.pool
import gevent.server
from gunicorn.workers.ggevent import GeventWorker

from web.admission import Busy, Gate
from web.desk.guessing import network
from web.patience import Patient
from web.proxies import is_listed

if TYPE_CHECKING:
    from web.services import Services

log = logging.getLogger(__name__)
GRACE = 7.0  # seconds that requests under way get; supervisors kill after ten
LOOK = 0.05
TURN = 0.001


class Worker(GeventWorker):
    """Told to stop, it takes no new connection, ends its streams and finishes what it began.

    gunicorn's own waits for streams and idle connections as for requests, so that its grace is
    either too short for a turn or a delay of each stop.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._requests = 0
        # What computes in a thread gives the interpreter back to the loop after so long: five times
        # a request or more, each time after five milliseconds as Python has it, is what one sees.
        sys.setswitchinterval(TURN)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        """Serve one request, counted."""
        self._requests += 1
        if req.body is not None:
            req.body = Patient(req.body)
        try:
            return super().handle_request(listener_name, req, sock, addr)
        finally:
            self._requests -= 1

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer an error; an idle connection that is closed at the end is none."""
        if not isinstance(exc, gevent.GreenletExit):
            super().handle_error(req, client, addr, exc)

    def run(self) -> None:
        """Serve until told to stop."""
        servers = [self._server(listener) for listener in self.sockets]
        while self.alive:
            self.notify()
            gevent.sleep(LOOK * 4)
        for server in servers:
            server.close()
        try:
            self._end()
        finally:
            for server in servers:
                server.stop(timeout=0.1)  # what is left are idle connections

    def _server(self, listener: Any) -> gevent.server.StreamServer:
        listener.setblocking(1)
        pool = gevent.pool.Pool(self.worker_connections)

        gate = Gate("connections", self.worker_connections)

        def serve(client: Any, address: Any) -> None:
            """Serve a connection, unless its peer holds half of all that there can be."""
            peer = str(address[0]) if isinstance(address, tuple) and address else ""
            who = "" if self._is_proxy(peer) else network(peer)
            try:
                with gate.passing(who=who):
                    self.handle(listener, client, address)
            except Busy:
                client.close()

        server = gevent.server.StreamServer(listener, handle=serve, spawn=pool)
        if self.cfg.workers > 1:
            server.max_accept = 1
        server.start()
        return server

    def _is_proxy(self, peer: str) -> bool:
        """Tell whether a connection is of a proxy of ours, behind which everybody is."""
        settings = self.wsgi.extensions["settings"]
        return bool(settings.proxies) and is_listed(peer, settings.proxy_addresses)

    def _end(self) -> None:
        """Give what is under way its time, then hand over what is still owed."""
        parts = cast("Services", self.wsgi.extensions["services"])
        parts.assistant.stop_taking()
        parts.bus.end_streams()
        deadline = time.monotonic() + GRACE
        while self._requests and time.monotonic() < deadline:
            self.notify()
            gevent.sleep(LOOK)
        parts.assistant.hand_over()
