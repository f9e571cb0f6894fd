"""Who the staff's identities come from, where that is a provider of OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from web.desk.agents import ROLES
from web.environment import BadSettings, choice, listed

NEAR = ("localhost", "127.0.0.1", "::1")  # where a provider may be asked without TLS


@dataclass(frozen=True)
class Provider:
    """What the operator set.

    claim: of the ID token, that lists a person's groups. roles: {group: role here}, the first one
    counts that a person is in; empty leaves roles to the accounts. creates: whether a person who
    has no account here gets one, with the role of their group.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)
    creates: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Provider | None:
        """Read XIAOHU_OIDC_…; None where no issuer is set. Raises BadSettings."""
        issuer = env.get("XIAOHU_OIDC_ISSUER", "").strip()
        if not issuer:
            return None
        client_id = env.get("XIAOHU_OIDC_CLIENT_ID", "").strip()
        secret = env.get("XIAOHU_OIDC_CLIENT_SECRET", "").strip()
        if not client_id or not secret:
            raise BadSettings(
                "XIAOHU_OIDC_ISSUER needs XIAOHU_OIDC_CLIENT_ID and XIAOHU_OIDC_CLIENT_SECRET"
            )
        if not is_safe(issuer):
            raise BadSettings(f"XIAOHU_OIDC_ISSUER={issuer!r} is no https address")
        roles = {}
        for pair in listed(env, "XIAOHU_OIDC_ROLES"):
            group, _, role = pair.rpartition("=")
            if not group or role not in ROLES:
                raise BadSettings(
                    f"XIAOHU_OIDC_ROLES: {pair!r} is no GROUP=ROLE with one of {', '.join(ROLES)}"
                )
            roles[group] = role
        creates = choice(env, "XIAOHU_OIDC_CREATE", ("off", "on")) == "on"
        if creates and not roles:
            raise BadSettings("XIAOHU_OIDC_CREATE=on needs XIAOHU_OIDC_ROLES: whose role is whose")
        claim = env.get("XIAOHU_OIDC_ROLE_CLAIM", "").strip() or "groups"
        return cls(issuer, client_id, secret, claim, roles, creates)

    def role_of(self, claims: Mapping[str, object]) -> str | None:
        """Return the role of a person's groups; None when none of them has one."""
        found: object = claims
        for part in self.claim.split("."):  # realm_access.roles, as some providers nest them
            found = found.get(part) if isinstance(found, Mapping) else None
        groups = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return next((role for group, role in self.roles.items() if group in groups), None)


def is_safe(address: str) -> bool:
    """Tell whether secrets may go to an address: over TLS, or to this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in NEAR)


def local_sign_in(env: Mapping[str, str]) -> tuple[str, ...] | None:
    """Take the accounts that may still sign in here; None for all. Raises BadSettings."""
    found = tuple(one.casefold() for one in listed(env, "XIAOHU_LOCAL_SIGN_IN"))
    if found in ((), ("all",)):
        return None
    if not env.get("XIAOHU_OIDC_ISSUER", "").strip():
        raise BadSettings("XIAOHU_LOCAL_SIGN_IN needs XIAOHU_OIDC_ISSUER: nobody could sign in")
    return found
