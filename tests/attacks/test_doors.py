"""Attacks on the doors: roles, forged requests, scripts in texts, redirects, foreign hosts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask

from tests.attacks.conftest import Member, known, visitor
from web.helpcenter import articles

SCRIPTS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "[点我](javascript:window.hit=1)",
    "[点我](data:text/html,<script>window.hit=1</script>)",
    '![x](x" onerror="window.hit=1)',
    "</textarea><script>window.hit=1</script>",
    "{{ 7*7 }}<a href='javascript:window.hit=1'>x</a>",
    "`</code><script>window.hit=1</script>`",
    "\"><iframe srcdoc='<script>parent.hit=1</script>'>",
)
OURS = re.compile(
    r"/[\w/.%-]*(?:\?[^\"]*)?|#[\w-]*|tel:[\d+-]+|mailto:[\w@.]+|https?://[\w.:-]+/\S*"
)


class Harm(HTMLParser):
    """Collects what could run: inline scripts, handlers, and addresses that are programs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("iframe", "object", "embed", "base"):
            self.found.append(tag)
        if tag == "script" and not (given.get("src") or "").startswith("/"):
            self.found.append(f"script {given}")
        self.found += [name for name in given if name.startswith("on") or name == "srcdoc"]
        for name in ("href", "src", "action", "formaction"):
            address = given.get(name)
            if address is not None and not OURS.fullmatch(address):
                self.found.append(address)


def harm(page: str) -> list[str]:
    reader = Harm()
    reader.feed(page)
    return reader.found


STAFF = ("/desk", "/editor", "/accounts", "/account", "/audit")


def staff_routes(app: Flask) -> list[tuple[str, str]]:
    """List (method, address) of all that the staff's parts have."""
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(STAFF) or "static" in rule.endpoint:
            continue
        filled = "1" if "int:" in rule.rule else "x" * 20
        address = re.sub(r"<[^>]+>", filled, rule.rule)
        found += [(method, address) for method in rule.methods - {"HEAD", "OPTIONS"}]
    return found


def test_no_staffs_page_is_open_to_a_stranger_in_any_spelling(app: Flask) -> None:
    client = app.test_client()
    open_ones = set()
    spellings = ("{}", "{}/", "/{}", "/.{}", "{}%2f", "{}%00", "{};x", "/./{}", "/x/..{}")
    for method, address in staff_routes(app):
        for spelling in spellings:
            path = spelling.format(address)
            got = client.open(path, method=method)
            assert got.status_code < 500, (method, path)
            if got.status_code == 200 and got.request.path != "/":  # "//desk" names a host
                open_ones.add(address)
    # The words of the guided flows are what customers read as well.
    assert open_ones <= {"/desk/login", "/editor/login", "/account/code", "/desk/flow-words.js"}


def test_each_role_is_kept_to_its_parts(build: Callable[..., Flask]) -> None:
    app = build()
    parts = {
        "agent": {"/desk", "/account"},
        "editor": {"/editor", "/account"},
        "publisher": {"/editor", "/account"},
        "auditor": {"/accounts", "/audit", "/account"},
    }
    for role, allowed in parts.items():
        member = Member(app, role, role, role)
        entered = set()
        for method, address in staff_routes(app):
            if method != "GET" or "stream" in address:
                continue
            got = member.client.get(address)
            part = next(one for one in STAFF if address == one or address.startswith(f"{one}/"))
            outside = part not in allowed and not address.startswith(
                ("/desk/login", "/editor/login")
            )
            if outside:
                assert got.status_code in (302, 303, 403), (role, address, got.status_code)
            elif got.status_code == 200:
                entered.add(part)
        assert "/account" in entered


def test_an_account_that_was_closed_or_changed_is_out_at_once(build: Callable[..., Flask]) -> None:
    from web.desk import agents

    app = build()
    anna = Member(app, "anna", "安娜")
    assert anna.get("/queue").status_code == 200
    with app.extensions["database"].write() as session:
        agents.named(session, "anna").role = "editor"
    assert anna.get("/queue").status_code == 403
    with app.extensions["database"].write() as session:
        agents.named(session, "anna").active = False
    assert anna.get("/queue").status_code == 401


@pytest.mark.parametrize("how", ["signed out", "closed", "another role"])
def test_a_stream_that_is_open_tells_nothing_after_its_session_has_ended(
    build: Callable[..., Flask], how: str
) -> None:
    from web.desk import agents, sessions

    app = build()
    anna, xiaolin = Member(app, "anna", "安娜"), visitor(app)
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    assert anna.post(f"/conversations/{xiaolin.id}/claim").status_code == 200
    told = anna.client.get("/desk/api/stream")
    frames = iter(told.response)
    assert b"event: queue" in next(frames)
    with app.extensions["database"].write() as session:
        account = agents.named(session, "anna")
        if how == "signed out":
            sessions.sign_out_everywhere(session, account.id)
        account.active = how != "closed"
        account.role = "editor" if how == "another role" else "agent"
    xiaolin.post("鹦鹉螺八八九九")
    assert "鹦鹉螺八八九九" not in b"".join(frames).decode()  # which ends


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_no_change_is_made_by_a_request_without_the_pages_token(
    app: Flask, anna: Member, chen: Member, zhou: Member, kind: str
) -> None:
    changed = []
    for member in (anna, chen, zhou):
        for method, address in staff_routes(app):
            if method == "GET" or address.endswith("/logout"):
                continue
            data = "{}" if "json" in kind else "name=x"
            headers = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
            got = member.client.open(
                address, method=method, data=data, content_type=kind, headers=headers
            )
            if got.status_code not in (302, 303, 400, 401, 403, 404, 405):
                changed.append((method, address, got.status_code))
            if got.status_code in (302, 303):
                assert got.headers["Location"].startswith("/"), address
    assert changed == []


@pytest.mark.parametrize(
    "wish",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/desk//evil.example/..",
     "/desk\\@evil.example", "javascript:alert(1)", "/desk\r\nLocation: //evil.example",
     "/%09/evil.example", "/desk/../../evil"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(app: Flask, anna: Member, wish: str) -> None:
    got = anna.client.get("/desk/login", query_string={"next": wish})
    assert got.status_code in (302, 303)
    assert re.match(r"/desk(?:$|/)", got.headers["Location"]), got.headers["Location"]
    assert "\\" not in got.headers["Location"]
    assert "\n" not in got.headers["Location"]


def test_a_foreign_host_stands_in_no_page_link_or_redirect(app: Flask) -> None:
    client = app.test_client()
    for path in ("/", "/faq/pay-failed", "/category/payment", "/search?q=退款", "/sitemap.xml",
                 "/robots.txt", "/privacy", "/verify", "/desk", "/no-such", "/widget.js",
                 "/api/v1/openapi.json"):  # fmt: skip
        got = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in got.get_data(as_text=True), path
        assert "evil.example" not in str(got.headers), path


@pytest.mark.parametrize("text", SCRIPTS)
def test_an_article_with_a_script_is_text(text: str) -> None:
    assert harm(str(articles.render(text, {}))) == []


def test_names_and_words_of_customers_are_text_in_every_page_and_file(
    app: Flask, anna: Member
) -> None:
    xiaolin = known(app, "script", "<b onclick=alert(1)>小林</b>")
    for text in SCRIPTS:
        xiaolin.say(text, client_id=f"script-{SCRIPTS.index(text):04}")
    pages = [
        xiaolin.client.get("/search", query_string={"q": SCRIPTS[1]}),
        xiaolin.client.post("/verify", data={"asked": SCRIPTS[1]}),
        xiaolin.client.post("/complaint", data={"problem": SCRIPTS[6]}),
        xiaolin.client.get(f"/no/{SCRIPTS[0]}"),
        anna.client.get("/desk"),
    ]
    for page in pages:
        assert harm(page.get_data(as_text=True)) == []
    evidence = xiaolin.client.post(f"{xiaolin.base}/evidence", json={}, headers=xiaolin.headers)
    assert b"<script>window" not in evidence.get_data()


def test_a_strange_picture_and_the_logo_can_run_nothing(app: Flask) -> None:
    logo = app.test_client().get("/favicon.svg")
    assert "sandbox" in logo.headers["Content-Security-Policy"]
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    customer = visitor(app)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    path = f"{customer.base}/attachments?client_id=picture-0001"
    for kind in ("image/png", "image/svg+xml", "text/html"):
        headers = {**customer.headers, "Content-Type": kind}
        got = customer.client.post(path, data=svg, headers=headers)
        assert (got.status_code, got.get_json()["reason"]) == (422, "kind")


def test_every_page_forbids_foreign_scripts_and_frames(app: Flask, anna: Member) -> None:
    for client, path in (
        (app.test_client(), "/"), (app.test_client(), "/verify"), (app.test_client(), "/privacy"),
        (app.test_client(), "/desk/login"), (anna.client, "/desk"), (anna.client, "/account"),
        (app.test_client(), "/app"),
    ):  # fmt: skip
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy, path
        assert "unsafe-inline" not in policy, path
        assert "object-src 'none'" in policy, path
        assert "base-uri 'none'" in policy, path
