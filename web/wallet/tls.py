"""The certificate that the help center shows the wallet, and the authority it trusts there."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from web.environment import BadSettings

log = logging.getLogger(__name__)


class BadCertificate(ValueError):
    """A certificate, key or authority cannot be used; the message names the file."""


@dataclass(frozen=True, slots=True)
class Files:
    """PEM files.

    certificate: None where none is shown. key: None where the certificate's file holds it.
    authority: None for the system's.
    """

    certificate: Path | None
    key: Path | None = None
    authority: Path | None = None

    def load(self) -> ssl.SSLContext:
        """Make a context that shows the certificate; raises BadCertificate."""
        try:
            context = ssl.create_default_context(cafile=self.authority)
        except (OSError, ValueError) as error:
            raise BadCertificate(f"{self.authority}: {error}") from None
        if self.certificate is not None:
            try:
                # An encrypted key would be asked for at a terminal that nobody sits at.
                context.load_cert_chain(self.certificate, self.key, password=lambda: "")
            except (OSError, ValueError) as error:
                names = " and ".join(str(one) for one in (self.certificate, self.key) if one)
                raise BadCertificate(f"{names}: {error}") from None
        return context

    def mark(self) -> tuple[float, ...]:
        """Return what changes when a file is replaced; raises OSError where one is missing."""
        named = (self.certificate, self.key, self.authority)
        return tuple(one.stat().st_mtime_ns for one in named if one is not None)


class Credentials:
    """A context for new connections, made anew when a file was replaced: certificates live short.

    A replacement that can't be used, or is only half there, leaves the one before in place.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._mark = files.mark()
        self._context = files.load()

    def context(self) -> ssl.SSLContext:
        """Return the context of now."""
        try:
            mark = self._files.mark()
            with self._lock:
                if mark != self._mark:
                    self._context, self._mark = self._files.load(), mark
        except (OSError, BadCertificate) as error:
            log.warning("wallet: the certificate before is kept: %s", error)
        return self._context


def files_from_env(env: Mapping[str, str]) -> Files | None:
    """Take the certificate's files, which have to be usable now; None where none is named.

    Raises BadSettings.
    """
    names = ("XIAOHU_WALLET_CERT", "XIAOHU_WALLET_KEY", "XIAOHU_WALLET_CA")
    cert, key, authority = (Path(env[name]).resolve() if env.get(name) else None for name in names)
    if key is not None and cert is None:
        raise BadSettings("XIAOHU_WALLET_KEY needs XIAOHU_WALLET_CERT, which it belongs to")
    if cert is None and authority is None:
        return None
    files = Files(cert, key, authority)
    try:
        files.load()
    except BadCertificate as error:
        raise BadSettings(f"XIAOHU_WALLET_CERT, _KEY or _CA cannot be used: {error}") from None
    return files
