"""The auditor's page: what was done, by whom, filtered; the check of the chain; a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Select, select

from web.accounts.own import page
from web.audit import chain
from web.audit.models import AuditEntry
from web.offload import offload
from web.services import services

blueprint = Blueprint("audit", __name__, url_prefix="/audit", template_folder="templates")
SHOWN = 200
EXPORTED = 100_000
COLUMNS = ("id", "at", "who", "role", "address", "action", "object", "reason", "hash")


@blueprint.get("")
def listing() -> Any:
    """Show the newest entries that fit, and on wish the check of the chain."""
    database = services().database
    with database.read() as session:
        entries = list(session.scalars(_wanted().limit(SHOWN)))
        reasons = {entry.id: chain.reason_of(session, entry) for entry in entries}
    verdict = None
    if "verify" in request.args:

        def work() -> chain.Verdict:
            with database.read() as session:
                return chain.verify(session)

        verdict = offload(work)
    filters = {name: request.args.get(name, "")[:200] for name in ("who", "action", "object")}
    return page(
        "audit/list.html", entries=entries, reasons=reasons, filters=filters, verdict=verdict
    )


@blueprint.get("/table.csv")
def table() -> Response:
    """Give the entries that fit as a table."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    with services().database.read() as session:
        for entry in session.scalars(_wanted().limit(EXPORTED)):
            told = {"reason": chain.reason_of(session, entry)}
            writer.writerow([_cell(told.get(name, getattr(entry, name))) for name in COLUMNS])
    head = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=head)


def _wanted() -> Select[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    for column in (AuditEntry.who, AuditEntry.action, AuditEntry.object):
        wish = request.args.get(column.key, "").strip()[:200]
        if wish:
            query = query.where(column.startswith(wish, autoescape=True))
    return query


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
