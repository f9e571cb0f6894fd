"""The page of all accounts: a lead adds, closes, changes and resets; an auditor looks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy.orm import Session

from web import flows
from web.accounts import factors, roles, staff
from web.accounts.own import page
from web.console import login as signing
from web.desk import agents, sessions
from web.desk.errors import NameTaken
from web.desk.handout import skills
from web.desk.models import Agent
from web.offload import offload
from web.services import services, utc_now

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")


@blueprint.get("")
def listing() -> Any:
    """List the accounts."""
    return _listing(said=request.args.get("said"))


@blueprint.post("")
def add() -> Any:
    """Make an account with a password that its owner has to change."""
    form, web = request.form, services()
    role = form.get("role", "")
    if signing.agent().role != "lead" or role not in roles.GIVEN_BY_LEADS:
        abort(403)
    name, display = form.get("name", "")[:65], form.get("display", "")[:65]
    drawn, now = staff.draw_password(), utc_now()

    def work() -> None:
        with web.database.write() as session:
            staff.add(session, name, display, role, drawn, now, temporary=True)

    try:
        with web.admission.sign_ins.passing():
            offload(work)
    except NameTaken:
        return _listing(error="taken", form=form), 409
    except staff.BadName:
        return _listing(error="name", form=form), 422
    return _listing(given=(name.strip(), drawn))


@blueprint.post("/<int:agent_id>/<verb>")
def change(agent_id: int, verb: str) -> Any:
    """Close, open, reset, sign out; another role or shown name, other skills."""
    web, me, form = services(), signing.agent(), request.form
    drawn = staff.draw_password()

    def work() -> tuple[str, str] | None:
        with web.database.write() as session:
            target = staff.find(session, agent_id)
            staff.allow(me, target)
            return _carry_out(session, target, verb, form, drawn)

    with web.admission.sign_ins.passing():
        given = offload(work)
    web.bus.publish("desk")
    return _listing(given=given) if given else redirect(url_for(".listing", said=verb), 303)


def _carry_out(
    session: Session, target: Agent, verb: str, form: Any, drawn: str
) -> tuple[str, str] | None:
    """Do it; returns the name and password to be handed over after a reset."""
    name = target.name
    if verb in ("close", "open"):
        agents.change(session, name, active=verb == "open")
    elif verb == "role" and form.get("role") in roles.GIVEN_BY_LEADS:
        agents.change(session, name, role=form["role"])
    elif verb == "display":
        agents.change(session, name, display=staff.check_name(form.get("display", "")[:65]))
    elif verb == "skills":
        known = flows.topics(services().flows)
        skills.declare(session, target.id, [one for one in form.getlist("topic") if one in known])
    elif verb == "sign-out":
        sessions.sign_out_everywhere(session, target.id)
    elif verb == "reset":
        staff.reset(session, name, drawn)
        return name, drawn
    else:
        abort(404)
    return None


def _listing(**values: Any) -> str:
    web, now, me = services(), utc_now(), signing.agent()
    with web.database.read() as session:
        rows = [
            {
                "agent": one,
                "sessions": sessions.of_agent(session, one.id, now, web.settings.session_limits),
                "mine": me.id != one.id and roles.may_manage(me.role, one.role),
            }
            for one in agents.everyone(session)
        ]
        having = factors.having(session)
        good_at = skills.of_all(session)
    known: dict[str, Any] = {"said": None, "error": None, "given": None, "form": {}, **values}
    return page(
        "accounts/list.html",
        rows=rows,
        good_at=good_at,
        topics=flows.topics(web.flows),
        having=having,
        given_roles=roles.GIVEN_BY_LEADS,
        **known,
    )
