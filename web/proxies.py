"""What proxies say of a request, believed where one of ours says it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from web.settings import Settings


class BehindProxies:
    """Takes address, host and scheme from X-Forwarded-… of listed peers, and of nobody else.

    Whoever reaches web past the proxy would otherwise choose the address by which limits count.
    """

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app = app
        count = settings.proxies
        self._fixed = ProxyFix(app, x_for=count, x_proto=count, x_host=count)
        self._networks = [ip_network(one, strict=False) for one in settings.proxy_addresses]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        believed = self._is_ours(environ.get("REMOTE_ADDR") or "")
        return (self._fixed if believed else self._app)(environ, start)

    def _is_ours(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return not peer  # a Unix socket has no address
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self._networks)
