"""Which requests of the staff are recorded: one table, by route, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request
from flask_login import current_user

from web.audit import chain
from web.audit.chain import Deed
from web.desk import agents
from web.desk.errors import NotFound
from web.desk.models import Conversation
from web.services import services, utc_now

SIGN_IN = (
    "console.enter", "editor.enter", "own_account.enter", "own_passkeys.enter",
    "own_passkeys.second",
)  # fmt: skip
# route → what it is called in the record
DEEDS = {
    "console.leave": "sign-out", "editor.leave": "sign-out",
    "own_account.change_password": "own-password", "own_account.confirm": "own-factor",
    "own_account.drop": "own-factor-off", "own_account.renew": "own-codes",
    "own_account.end": "own-session-end",
    "own_passkeys.add": "own-passkey", "own_passkeys.remove": "own-passkey-off",
    "accounts.add": "account-add", "accounts.change": "account-change",
    "desk_calls.take": "number-reveal", "desk_calls.number": "number-reveal",
    "desk_blocks.place": "block", "desk_blocks.lift": "unblock",
    "desk_handling.find": "case-search", "desk_handling.search": "case-search",
    "desk_handling.take_over": "take-over",
    "desk_wallet.look": "wallet-look", "desk_wallet.ask": "wallet-ask",
    "desk_wallet.confirm": "wallet-confirm", "desk_wallet.decline": "wallet-decline",
    "desk_wallet.withdraw": "wallet-withdraw",
    "editor_api.save": "content-save", "editor_api.delete": "content-delete",
    "editor_api.move": "content-move", "editor_api.roll_back": "content-rollback",
    "editor_pictures.add": "picture-add",
    "editor_api.restore": "content-rollback",
    "editor_review_api.publish": "content-publish", "editor_review_api.close": "draft-close",
    "editor_review_api.say": "draft-comment",
    "editor_words_api.save": "content-save", "editor_further_api.save": "content-save",
    "editor_flows_api.save": "content-save", "editor_flows_api.delete": "content-delete",
    "editor_notices_api.announce": "announcement", "editor_notices_api.end": "announcement-end",
    "editor_improvements.take": "content-save", "editor_improvements.close": "proposal-close",
    "editor_report.markdown": "export", "editor_report.table": "export",
    "editor_report.workbook": "export",
    "audit.table": "export", "lead_reports.take": "export", "lead_reports.words": "read-ratings",
    "lead_reviews.take": "review-draw", "lead_reviews.ask": "review-ask",
    "lead_reviews.show": "review-read", "lead_reviews.judge": "review",
    "lead_reviews.leave_out": "review-pass",
    "lead_rota.save": "rota-week", "lead_rota.differ": "rota-day", "lead_rota.undo": "rota-undo",
}  # fmt: skip
# Reads that are recorded where the conversation is not the reader's own.
READS = {
    "desk_api.show": "read", "desk_handling.before": "read-history",
    "desk_calls.attachment": "read-picture",
}  # fmt: skip
ONCE = timedelta(minutes=10)  # in which reading the same again is the same reading


def register(app: Flask) -> None:
    """Record before the answer leaves: what can't be recorded isn't answered."""

    @app.before_request
    def remember() -> None:
        if request.endpoint in DEEDS and current_user.is_authenticated:
            g.doer = current_user.agent  # gone after a sign-out

    @app.after_request
    def record(response: Response) -> Response:
        endpoint = request.endpoint or ""
        if endpoint in SIGN_IN and request.method == "POST":
            _sign_in(response.status_code)
        elif endpoint in DEEDS and response.status_code < 400 and "doer" in g:
            _write(_deed(g.doer, DEEDS[endpoint]))
        elif response.status_code == 422 and current_user.is_authenticated:
            _held(response)
        elif endpoint in READS and response.status_code < 400 and current_user.is_authenticated:
            _read(READS[endpoint])
        return response


def _sign_in(status: int) -> None:
    if current_user.is_authenticated and status < 400:
        _write(_deed(current_user.agent, "sign-in"))
        return
    action = {401: "sign-in-wrong", 429: "sign-in-slowed"}.get(status)
    if action is None:
        return
    with services().database.read() as session:
        try:
            who = agents.named(session, request.form.get("name", "")[:64]).name
        except NotFound:
            who = ""  # what was typed there may have been a password
    _write(Deed(who, action, address=request.remote_addr or ""))


def _held(response: Response) -> None:
    """Record that a message of the staff was held; its kinds, never its words."""
    told = response.get_json(silent=True)
    if isinstance(told, dict) and told.get("type", "").endswith(":forbidden-ask"):
        deed = _deed(current_user.agent, "held")
        _write(replace(deed, reason=" ".join(told.get("kinds", ()))[:200], about=""))


def _read(action: str) -> None:
    web, now = services(), utc_now()
    deed = _deed(current_user.agent, action)
    with web.database.read() as session:
        found = session.get(Conversation, (request.view_args or {}).get("conversation_id", ""))
        if found is None or found.agent_id == current_user.agent.id:
            return
        if chain.lately(session, deed, now, ONCE):
            return
    _write(deed)


def _deed(who: Any, action: str) -> Deed:
    named = [str(value) for value in (request.view_args or {}).values()]
    extra = request.form.get("name", "") if action == "account-add" else ""
    extra = extra or (request.form.get("role", "") if action == "account-change" else "")
    if action == "review-draw":
        extra = " ".join(g.get("drawn", ()))
    if action == "review-ask":
        extra = request.form.get("number", "").strip().upper()[:40]
    if action.startswith("rota-"):
        extra = _of_rota(request.form)
    reason = request.args.get("reason", "") or request.form.get("reason", "")
    if "said" in g:
        extra, reason = g.said  # the body is read once, by its route
    return Deed(
        who=who.name,
        role=who.role,
        action=action,
        object=" ".join([*named, *([extra] if extra else [])]),
        address=request.remote_addr or "",
        reason=reason,
        about=(request.view_args or {}).get("conversation_id", ""),
    )


def _of_rota(form: Mapping[str, str]) -> str:
    """Say what of a rota was changed: from which day on, or which day, how and with whom."""
    told = [form.get(name, "")[:12] for name in ("since", "day", "kind")]
    if form.get("kind") == "swapped":
        told.append(form.get("with", "")[:12])
    return " ".join(one for one in told if one)


def _write(deed: Deed) -> None:
    with services().database.write() as session:
        chain.append(session, deed, utc_now())
