"""The live board: who waits, who is there, what is late. It names cases, never anybody's words."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from web.desk.measures import floor
from web.lead import shield
from web.lead.pages import page
from web.offload import offload
from web.services import services, utc_now

blueprint = Blueprint("lead_board", __name__, url_prefix="/console")


@blueprint.get("")
@blueprint.get("/")
def home() -> Any:
    """Lead to the board."""
    return redirect(url_for(".board"))


@blueprint.get("/board")
def board() -> str:
    """Show the board; its script keeps it live."""
    return _page("lead/board.html")


@blueprint.get("/api/board")
def now() -> str:
    """Give the board's parts as they are now."""
    return _page("lead/floor.html")


def _page(template: str) -> str:
    return page(template, floor=_look(), held=_held(), zone=services().contacts.hours.zone)


def _held() -> list[shield.Held]:
    web, at = services(), utc_now()
    with web.database.read() as session:
        return shield.held(session, at)


def _look() -> floor.Floor:
    web, at = services(), utc_now()
    goals, hours, silence = web.goals(), web.contacts.hours, web.settings.silence

    def work() -> floor.Floor:
        with web.database.read() as session:
            return floor.look(session, at, goals, hours, silence)

    return offload(work)
