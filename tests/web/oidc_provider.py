"""A small provider of OpenID Connect on a port of its own: real HTTP, real signatures."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "help-center", "what provider and help center share"


class Provider:
    """Vouches for whoever `who` says; `spoil` changes claims, `sign` how they are signed."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.shown = self.key  # the half that is published
        self.who: dict[str, Any] = {}
        self.spoil: Callable[[dict[str, Any]], None] = lambda claims: None
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.codes: dict[str, dict[str, str]] = {}
        self.names_itself = ""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def get(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(request, 200, {
                "issuer": self.names_itself or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "end_session_endpoint": f"{self.url}/leave",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            })  # fmt: skip
        elif parts.path == "/keys":
            self._json(request, 200, {"keys": [self.shown.as_dict(private=False)]})
        else:
            self._json(request, 404, {})

    def authorize(self, place: str) -> str:
        """Do what a browser does at the provider; returns where it is sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.url}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def post(self, request: BaseHTTPRequestHandler) -> None:
        raw = request.rfile.read(int(request.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        who = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {who}":
            self._json(request, 401, {"error": "invalid_client"})
        elif (
            asked is None
            or form["redirect_uri"] != asked["redirect_uri"]
            or create_s256_code_challenge(form["code_verifier"]) != asked["code_challenge"]
        ):
            self._json(request, 400, {"error": "invalid_grant"})
        else:
            now = int(time.time())
            claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300,
                      "nonce": asked["nonce"], **self.who}  # fmt: skip
            self.spoil(claims)
            told = {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(claims)}
            self._json(request, 200, told)

    def _json(self, request: BaseHTTPRequestHandler, status: int, told: Any) -> None:
        raw = json.dumps(told).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        request.wfile.write(raw)
