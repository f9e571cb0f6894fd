"""The page on which a guided flow is written, tried on a phone, checked way by way, and saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from faq import checking, flowfacts, flowforms, words
from faq.editable import FLOW
from faq.errors import FaqError, Refused
from faq.findings import Finding
from faq.flows import FACTS
from flows import Flow, talk, walking
from flows.flow import ENDS, EXPECTS, RESULTS
from flows.reading import read_flow, read_steps
from search import fill
from search.errors import BadContent
from web import announcements
from web.api.requests import body
from web.desk import cards
from web.editor import desk, flowpage, way
from web.editor.flowbodies import FlowBody, WalkBody
from web.editor.page import page
from web.editor.refusals import refuse
from web.helpcenter import articles
from web.offload import offload
from web.publishing import comparing
from web.services import services, utc_now

pages = Blueprint("editor_flows", __name__, url_prefix="/editor", template_folder="templates")
blueprint = Blueprint("editor_flows_api", __name__, url_prefix="/editor/api")
blueprint.register_error_handler(FaqError, refuse)
MOST = 60  # answers of a try-out
LARGEST = 256 * 1024  # bytes: a flow of many steps has its room


@blueprint.before_request
def take_long_ones() -> None:
    """Take bodies longer than others': the whole flow is sent each time."""
    request.max_content_length = LARGEST


@pages.get("/flows/new")
def begin() -> AnyResponse | str:
    """Ask for a new flow's name; with it, open the flow for writing."""
    name, faq = request.args.get("name", "").strip(), request.args.get("faq", "")
    taken = bool(name) and (name in services().flows or _open(name).text is not None)
    if not name or taken or not FLOW.fullmatch(f"flows/{name}.yml"):
        return page("editor/flow-new.html", name=name, faq=faq, taken=taken, faqs=_faqs())
    return redirect(f"/editor/flows/{name}/edit?faq={faq}")


@pages.get("/flows/<name>/edit")
def edit(name: str) -> str:
    """Show one flow for writing."""
    path = _path(name)
    stored, draft = way.stands(path)
    text, faq = stored.text, request.args.get("faq", "")
    if text is None:
        if faq not in dict(_faqs()):
            abort(404)
        said = words.table("new-flow")
        text = flowforms.new(
            name, dict(_faqs())[faq], faq, said["asks"], said["solved"], said["unsolved"]
        )
    try:
        form = offload(lambda: flowforms.form_of(text))
    except Refused:
        form = None  # broken by hand: only the whole text can fix it
    flows, names = services().flows, cards.names("customer")
    fields = {field: names[field] for field in flowfacts.FIELDS if field in names}
    return page(
        "editor/flow-edit.html",
        name=name,
        title=form["name"] if form else name,
        first=form["faq"] if form else "",
        form=json.dumps(form, ensure_ascii=False).replace("<", "\\u003c"),
        broken=form is None,
        text=text,
        version=stored.version,
        base=desk.store().read(path).version,
        draft=draft,
        new=stored.text is None,
        starting=flowpage.starting().get(name, []),
        faqs=_faqs(),
        others=[(other, flow.title) for other, flow in flows.items() if other != name],
        ends=list(ENDS),
        expects=EXPECTS,
        facts=FACTS,
        fields=fields,
        results=RESULTS,
        review=services().settings.review,
        here=announcements.HERE,
    )


@blueprint.post("/flows/<name>/judge")
def judge(name: str) -> Response:
    """Say what is wrong with a flow as it stands, where, where its ways lead, what it changes."""
    path, sent = _path(name), body(FlowBody)
    stored, _ = way.stands(path)
    text = _written(sent, stored.text or sent.text or "")
    found = desk.judge_text(path, text)
    flow = _read(name, text)
    published = desk.store().read(path).text
    variables = services().variables
    parts = offload(lambda: comparing.compare(path, published, text, variables, str))
    return jsonify(
        {
            "findings": _placed(found, flow),
            "ways": _ways(flow) if flow is not None else None,
            "text": text,
            "differing": [
                {"mark": line.mark, "parts": [list(part) for part in line.parts]}
                for part in comparing.worth_showing(parts)
                for line in part.lines
            ][:200],
        }
    )


@blueprint.post("/flows/<name>/walk")
def walk(name: str) -> Response:
    """Walk a flow as it stands, as a customer would."""
    path, sent = _path(name), body(WalkBody)
    stored, _ = way.stands(path)
    flow = _read(name, _written(sent, stored.text or sent.text or ""))
    if flow is None:
        return jsonify({"told": None})
    notices = announcements.current(desk.data(), utc_now())
    faq = sent.faq or flow.faq
    normalise = checking.normaliser()
    found = offload(
        lambda: talk.tell(flow, faq, sent.answers[:MOST], normalise, announced=bool(notices))
    )
    told = [_shown(one, [notice.title for notice in notices]) for one in found.told]
    buttons = [
        {"title": button.title, **_pressed(button.payload)}
        for button in (found.asking.buttons if found.asking else ())
    ]
    return jsonify(
        {
            "told": told,
            "buttons": buttons,
            "step": _place(flow, found.asking.line) if found.asking else None,
            "expects": found.asking.expects if found.asking else None,
            "end": found.end,
            "card": found.card,
            "taken": found.taken,
        }
    )


@blueprint.put("/flows/<name>")
def save(name: str) -> Response:
    """Save a flow over the version that the editor saw; nothing bad is saved."""
    path, sent = _path(name), body(FlowBody)
    before, _ = way.expect(path, sent.version)
    text = _written(sent, before.text or sent.text or "")
    wish = way.Wish.to_save(path, text, sent)
    kept = way.carry_out(wish, lambda: desk.judge_text(path, text))
    flow = _read(name, text)
    return jsonify({**kept.as_json(), "findings": _placed(kept.findings, flow)})


@blueprint.delete("/flows/<name>")
def delete(name: str) -> Response:
    """Delete a flow of the version that the editor saw; nothing may lead to it any more."""
    path, sent = _path(name), body(FlowBody)
    users = [faq.question for faq in flowpage.starting().get(name, [])]
    users += [flow.title for flow in services().flows.values() if name in flow.links]
    if users:
        raise Refused(words.say("flow-used", users="、".join(users)))
    gone = way.carry_out(way.Wish(path, None, sent.version, reason=sent.reason), list)
    return jsonify({"deleted": name, **gone.as_json()})


def _path(name: str) -> str:
    path = f"flows/{name}.yml"
    if not FLOW.fullmatch(path):
        abort(404)
    return path


def _open(name: str) -> Any:
    return way.stands(f"flows/{name}.yml")[0] if FLOW.fullmatch(f"flows/{name}.yml") else None


def _faqs() -> list[tuple[str, str]]:
    live = desk.engine()
    faqs = live.generation.content.faqs.values() if live is not None else ()
    return [(faq.id, faq.question) for faq in faqs]


def _written(sent: FlowBody, before: str) -> str:
    """Return the file as the form says; its whole text where that was edited."""
    if sent.form is None:
        if sent.text is None:
            raise Refused("neither a form nor a text")
        return sent.text.replace("\r\n", "\n").rstrip() + "\n"
    form = sent.form.model_dump()
    text: str = offload(lambda: flowforms.apply(before, form))
    return text


def _read(name: str, text: str) -> Flow | None:
    """Read a flow's text; None where it cannot be read, which its findings say."""
    data = desk.data()

    def work() -> Flow | None:
        steps = data / "steps.yml"
        try:
            shared = read_steps(steps, steps.read_bytes()) if steps.is_file() else {}
            return read_flow(data / _path(name), text.encode(), shared)
        except (BadContent, OSError):
            return None

    found: Flow | None = offload(work)
    return found


def _placed(found: list[Finding], flow: Flow | None) -> list[dict[str, Any]]:
    """Show findings, each with the number of its step from 0, None where it is of the whole."""
    shown = desk.as_json(found)
    for one in shown:
        one["step"] = _place(flow, one["line"]) if flow is not None else None
    return shown


def _place(flow: Flow, line: int) -> int | None:
    before = [number for number, step in enumerate(flow.steps) if step.line <= line]
    return before[-1] if before else None


def _ways(flow: Flow) -> dict[str, Any]:
    """Say how long the ways are and how they end, each end with an answer that leads there."""
    found = walking.ways(flow)
    ends = []
    for end, (slot, value) in found.ends.items():
        step = flow.step(slot or "")
        title = (*step.choice(value).titles, value)[0] if step is not None else ""
        ends.append({"end": end, "step": _place(flow, step.line) if step else None, "title": title})
    return {"shortest": found.shortest, "longest": found.longest, "ends": ends}


def _shown(one: talk.Told, notices: list[str]) -> dict[str, Any]:
    variables = services().variables
    if one.kind == "notices":
        return {"kind": "said", "html": "", "text": "\n".join(notices)}
    if one.kind == "faq":
        live = desk.engine()
        faq = live.generation.content.find(one.text) if live is not None else None
        if faq is None:
            return {"kind": "missing", "html": "", "text": one.text}
        shown = services().pictures.shown
        places = services().settings.link_places
        told = articles.render(faq.short, variables, shown, places)
        return {"kind": "faq", "html": told, "text": ""}
    text = one.text if one.kind == "mine" else fill(one.text, variables)
    return {"kind": one.kind, "html": "", "text": text}


def _pressed(payload: str) -> Mapping[str, Any]:
    """Take a button's payload apart; one that answers nothing leads out of the flow."""
    if payload.startswith("/reply"):
        return {"value": json.loads(payload.removeprefix("/reply"))["value"]}
    return {"value": None}
