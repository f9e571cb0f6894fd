"""What each role may enter, and whose accounts it looks after."""

from __future__ import annotations

from web.desk.agents import ROLES

# The first part of a path → the roles that may enter.
# The longer ones stand first: drafts, versions and hours are of editors and leads, safety words
# of leads.
PARTS = {
    "/editor/hours": ("editor", "publisher", "lead"),
    "/editor/api/hours": ("editor", "publisher", "lead"),
    "/editor/safety": ("lead",),
    "/editor/api/safety": ("lead",),
    "/editor/drafts": ("editor", "publisher", "lead"),
    "/editor/api/drafts": ("editor", "publisher", "lead"),
    "/editor/versions": ("editor", "publisher", "lead"),
    "/editor/api/restore": ("editor", "publisher", "lead"),
    "/editor/api/token": ("editor", "publisher", "lead"),
    "/desk": ("agent", "lead"),
    "/console": ("lead",),
    "/editor": ("editor", "publisher"),
    "/accounts": ("lead", "auditor"),
    "/audit": ("auditor",),
    "/account": ROLES,
}
HOMES = {
    "agent": "/desk",
    "lead": "/desk",
    "editor": "/editor",
    "publisher": "/editor",
    "auditor": "/audit",
}
# Whoever is watched doesn't appoint the watcher: auditors are made by the operator's command.
GIVEN_BY_LEADS = ("agent", "lead", "editor", "publisher")


def part_of(path: str) -> str | None:
    """Return the part that a path lies in; None outside of all."""
    return next((part for part in PARTS if path == part or path.startswith(part + "/")), None)


def may_manage(actor: str, target: str) -> bool:
    """Tell whether one role may change the accounts of another."""
    return actor == "lead" and target in GIVEN_BY_LEADS
