"""The keys of this installation, from its settings."""

from __future__ import annotations

from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.settings import Settings


def vault_of(settings: Settings) -> Vault:
    """Open what seals under SECRET_KEY, and still opens under the earlier ones."""
    return Vault((settings.secret_key, *settings.old_secret_keys))


def keys_of(settings: Settings) -> Keys:
    """Open the keys of what is said in conversations."""
    return Keys(vault_of(settings), seals=settings.seals)
