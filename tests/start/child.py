"""A small child for the supervisor: answers /livez and /readyz as web and bot do.

--fail-while PATH: end with 3 at once while that file exists. --fork: listen in a process of its own
too, as gunicorn's workers do. --stubborn: do not end when asked.
"""

import argparse
import os
import signal
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Health(BaseHTTPRequestHandler):
    """Shows the word of this start."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("X-Start-Nonce", os.environ["XIAOHU_START_NONCE"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--fail-while", type=Path)
    parser.add_argument("--fork", action="store_true")
    parser.add_argument("--stubborn", action="store_true")
    options = parser.parse_args()
    if options.fail_while and options.fail_while.exists():
        raise SystemExit(3)
    if options.stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if ":" in options.host:
        ThreadingHTTPServer.address_family = socket.AF_INET6
    server = ThreadingHTTPServer((options.host, options.port), Health)
    if options.fork:
        os.fork()
    server.serve_forever()


if __name__ == "__main__":
    main()
