"""Which role looks after which content file."""

from __future__ import annotations

from faq.editable import EDITABLE


def is_of(name: str, role: str) -> bool:
    """Tell whether a role writes a content file: safety words are a lead's, hours anybody's."""
    known = EDITABLE.get(name)
    if known is not None and known.shared:
        return True
    return (known is not None and known.lead) == (role == "lead")


def publisher_of(name: str) -> str:
    """Return the role that publishes a content file where changes are reviewed."""
    known = EDITABLE.get(name)
    return "lead" if known is not None and known.lead else "publisher"
