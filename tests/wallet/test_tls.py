"""Mutual TLS with a real server: who shows no certificate gets nothing, nor do impostors."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug.serving import make_server

from sandbox.__main__ import Quiet
from sandbox.app import create_app
from sandbox.store import Store
from tests.wallet.conftest import SECRET
from web.environment import BadSettings
from web.settings import Settings
from web.wallet.client import Wallet, WalletDown
from web.wallet.tls import Credentials, Files

PEM = serialization.Encoding.PEM


class Authority:
    """A throw-away authority that signs certificates."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign(name, self.key, authority=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(PEM))

    def issue(self, name: str) -> tuple[Path, Path]:
        """Write a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        files = self.folder / f"{name}-cert.pem", self.folder / f"{name}-key.pem"
        files[0].write_bytes(self._sign(name, key).public_bytes(PEM))
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        files[1].write_bytes(key.private_bytes(PEM, form, plain))
        return files

    def _sign(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, authority: bool = False
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = subject if authority else self.certificate.subject
        here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        of = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        signs = x509.KeyUsage(
            not authority, False, False, False, False, authority, authority, False, False
        )
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(signs, critical=True)
            .add_extension(here, critical=False)
            .add_extension(own, critical=False)
            .add_extension(of, critical=False)
            .sign(self.key, hashes.SHA256())
        )


class Seeing(Quiet):
    """Notes whose certificate came with each request."""

    names: list[str]

    def make_environ(self) -> Any:
        subject = dict(pair[0] for pair in self.connection.getpeercert()["subject"])  # type: ignore[attr-defined]
        self.names.append(subject["commonName"])
        return super().make_environ()


@dataclass
class Guarded:
    """A wallet that lets nobody in without a certificate. names: who came."""

    url: str
    authority: Authority
    names: list[str]


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    authority = Authority(tmp_path, "wallets-authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("wallet"))
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    store = Store()
    store.fill(datetime.now(UTC))
    handler = type("Handler", (Seeing,), {"names": []})
    server = make_server(
        "127.0.0.1", 0, create_app(store, SECRET), threaded=True,
        request_handler=handler, ssl_context=context,
    )  # fmt: skip
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Guarded(f"https://127.0.0.1:{server.server_port}", authority, handler.names)
    server.shutdown()
    server.server_close()
    thread.join()
    store.close()


@pytest.fixture
def asking(guarded: Guarded) -> Iterator[Callable[[Files | None], Wallet]]:
    opened: list[Wallet] = []

    def build(files: Files | None) -> Wallet:
        context = Credentials(files).context if files is not None else None
        opened.append(Wallet(guarded.url, SECRET, 5.0, context=context))
        return opened[-1]

    yield build
    for wallet in opened:
        wallet.close()


def status(wallet: Wallet) -> str:
    return wallet.account("sandbox-01", wallet.deadline())[0].Status


def test_who_shows_the_certificate_is_answered(guarded: Guarded, asking: Any) -> None:
    cert, key = guarded.authority.issue("help-center")
    assert status(asking(Files(cert, key, guarded.authority.file))) == "active"
    assert guarded.names == ["help-center"]


def test_who_shows_none_or_a_strangers_gets_nothing(
    guarded: Guarded, asking: Any, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path, "strangers-authority")
    for files in (
        Files(None, None, guarded.authority.file),
        Files(*stranger.issue("impostor"), guarded.authority.file),
    ):
        with pytest.raises(WalletDown):
            status(asking(files))
    assert guarded.names == []


def test_a_wallet_that_another_authority_vouches_for_is_not_spoken_to(
    guarded: Guarded, asking: Any, tmp_path: Path
) -> None:
    cert, key = guarded.authority.issue("help-center")
    other = Authority(tmp_path, "another-authority")
    for trusted in (other.file, None):
        with pytest.raises(WalletDown, match="SSLCertVerificationError"):
            status(asking(Files(cert, key, trusted)))
    assert guarded.names == []


def test_a_certificate_that_was_replaced_is_shown_from_then_on(
    guarded: Guarded, asking: Any
) -> None:
    cert, key = guarded.authority.issue("help-center")
    wallet = asking(Files(cert, key, guarded.authority.file))
    status(wallet)
    for fresh, old in zip(guarded.authority.issue("next-year"), (cert, key), strict=True):
        fresh.replace(old)
    wallet.close()  # connections that are open go on with what they showed
    wallet.forget("sandbox-01")
    status(wallet)
    cert.write_text("half a file")
    wallet.close()
    wallet.forget("sandbox-01")
    status(wallet)
    assert guarded.names == ["help-center", "next-year", "next-year"]


def test_what_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    cert, key = Authority(tmp_path, "authority").issue("help-center")
    env = {
        "XIAOHU_VAR": str(tmp_path),
        "XIAOHU_WALLET_URL": "https://wallet.example",
        "XIAOHU_WALLET_SECRET": SECRET,
    }
    tls = Settings.from_env(
        {**env, "XIAOHU_WALLET_CERT": str(cert), "XIAOHU_WALLET_KEY": str(key)}
    ).wallet_tls
    assert tls == Files(cert, key, None)
    for wrong in (
        {"XIAOHU_WALLET_CERT": str(cert)},  # its key is not in it
        {"XIAOHU_WALLET_KEY": str(key)},
        {"XIAOHU_WALLET_CA": str(tmp_path / "nothing.pem")},
        {
            "XIAOHU_WALLET_CERT": str(cert),
            "XIAOHU_WALLET_KEY": str(key),
            "XIAOHU_WALLET_URL": "http://wallet.example",
        },
    ):
        with pytest.raises(BadSettings, match="XIAOHU_WALLET_C"):
            Settings.from_env({**env, **wrong})
