"""质检: conversations drawn or asked for, judged by the form of data/review.yml, one by one."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from flask import Blueprint, abort, g, redirect, request, url_for

from web.console import login as signing
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.measures import spans
from web.desk.reviews import draw, lists, records
from web.lead.pages import page
from web.services import services, utc_now

blueprint = Blueprint("lead_reviews", __name__, url_prefix="/console/reviews")
DAYS = 7
LONGEST_SPAN = 92
MOST_EACH = 20


@blueprint.get("")
def listing() -> str:
    """Show what waits, what was judged, and the draw."""
    return _listing()


@blueprint.post("/draw")
def take() -> Any:
    """Draw some conversations of each agent of some days; the record has seed, days and number."""
    form, now = request.form, utc_now()
    first, last = _day(form.get("first", "")), _day(form.get("last", ""))
    each = _number(form.get("each", ""), MOST_EACH)
    if not 0 <= (last - first).days < LONGEST_SPAN:
        abort(422)
    seed = form.get("seed", "").strip()[:32] or secrets.token_hex(4)
    span = spans.whole(first, last, services().contacts.hours.zone)
    with services().database.write() as session:
        drawn = draw.draw(session, seed, span, each, signing.agent(), now)
    g.drawn = (seed, f"{first}_{last}", str(each), str(len(drawn)))
    return redirect(url_for(".listing", seed=seed, drawn=len(drawn)), 303)


@blueprint.post("/ask")
def ask() -> Any:
    """Put a case on the list by its number."""
    number = request.form.get("number", "")[:40]
    try:
        with services().database.write() as session:
            found = records.ask_for(session, number, signing.agent(), utc_now()).id
    except NotFound:
        return _listing(said="no-case", number=number), 404
    except WrongState:
        return _listing(said="in-hand", number=number), 409
    return redirect(url_for(".show", review_id=found), 303)


@blueprint.get("/<int:review_id>")
def show(review_id: int) -> str:
    """Show a review with its thread, to be judged or as it was judged."""
    return _show(review_id)


@blueprint.post("/<int:review_id>")
def judge(review_id: int) -> Any:
    """Give the points; leads on to the next one that waits."""
    form = services().review()
    given = {one.id: request.form.get(one.id, "") for one in form.criteria}
    points = {name: int(value) for name, value in given.items() if _is_number(value)}
    words = request.form.get("words", "")[:2000]
    me = signing.agent()
    try:
        with services().database.write() as session:
            records.judge(session, review_id, me, form, points, words, utc_now())
    except records.Incomplete:
        return _show(review_id, said="incomplete", given=points, words=words), 422
    except NotYours:
        return _show(review_id, said="own"), 403
    except WrongState:
        return _show(review_id, said="over"), 409
    services().bus.publish("desk")
    return _on()


@blueprint.post("/<int:review_id>/pass")
def leave_out(review_id: int) -> Any:
    """Take it off the list unjudged."""
    try:
        with services().database.write() as session:
            records.pass_over(session, review_id, signing.agent(), utc_now())
    except WrongState:
        return _show(review_id, said="over"), 409
    return _on()


def _on() -> Any:
    with services().database.read() as session:
        following = lists.next_waiting(session, signing.agent().id)
    if following is None:
        return redirect(url_for(".listing"), 303)
    return redirect(url_for(".show", review_id=following), 303)


def _listing(**said: Any) -> str:
    web, today = services(), utc_now().astimezone(services().contacts.hours.zone).date()
    with web.database.read() as session:
        waiting, judged = lists.waiting(session), lists.judged(session)
    return page(
        "lead/reviews.html",
        waiting=waiting,
        judged=judged,
        form=web.review(),
        zone=web.contacts.hours.zone,
        today=today,
        first=today - dt.timedelta(days=DAYS - 1),
        **{"said": None, "number": "", **said},
    )


def _show(review_id: int, **said: Any) -> str:
    web = services()
    with web.database.read() as session:
        sheet = lists.sheet(session, review_id)
    return page(
        "lead/review.html",
        sheet=sheet,
        review=sheet.line.review,
        form=web.review(),
        own=sheet.line.review.agent_id == signing.agent().id,
        zone=web.contacts.hours.zone,
        **{"said": None, "given": {}, "words": "", **said},
    )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        abort(422)


def _number(text: str, most: int) -> int:
    if not _is_number(text) or not 1 <= int(text) <= most:
        abort(422)
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
