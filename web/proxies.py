"""What proxies say of a request, believed where one of ours says it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
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
        self._networks = settings.proxy_addresses

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        believed = is_listed(environ.get("REMOTE_ADDR") or "", self._networks)
        return (self._fixed if believed else self._app)(environ, start)


@lru_cache(4096)
def is_listed(peer: str, networks: tuple[str, ...]) -> bool:
    """Tell whether a peer's address lies in one of the networks."""
    try:
        address = ip_address(peer)
    except ValueError:
        return not peer  # a Unix socket has no address
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in ip_network(one, strict=False) for one in networks)
