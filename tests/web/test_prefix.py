"""The site below a path: whatever its pages and scripts name is below it, and is there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from tests.web.conftest import csrf
from web.desk import agents
from web.prefix import BadPrefix, in_page, in_script, prefix_of
from web.services import utc_now

PREFIX = "/hilfe/kunden"
HERE = f"https://help.example{PREFIX}"
NAMED = ("href", "src", "action", "data-chat", "data-style")
IMPORTS = re.compile(r'^(?:import|export)\b[^"\n=]*"([^"]+)";|\bimport\("([^"]+)"\)', re.M)
ROLES = {"anna": "agent", "zhou": "lead", "chen": "editor", "audit": "auditor"}
STARTS = {
    "": ("/", "/app", "/cases", "/verify", "/privacy", "/complaint", "/search?q=提现", "/api/docs"),
    "anna": ("/desk/", "/account"),
    "zhou": ("/console/board", "/console/reports", "/accounts"),
    "chen": ("/editor", "/editor/words", "/editor/flows", "/editor/report"),
    "audit": ("/audit",),
}
MOST = 2  # pages of each kind are enough: they share their template
ENDS = ("/logout", "/log-out", ".xlsx", ".csv")


class Names(HTMLParser):
    """Collects the addresses that a page names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.forms: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A form is sent, not read: its address is looked at, not asked.
        into = self.forms if tag in ("form", "button") else self.found
        for name, value in attrs:
            if name in NAMED and value and (value.startswith("/") or not name.startswith("data-")):
                into.add(value)
            if name == "srcset" and value:
                self.found |= {part.split()[0] for part in value.split(",")}


@pytest.fixture
def below(make):
    return make(base_url=HERE)


def signed_in(app, name: str, role: str):
    with app.extensions["database"].write() as session:
        agents.add(session, name, name, f"{name}-password", utc_now(), role=role)
    client = app.test_client()
    page = client.get(f"{PREFIX}/desk/login").get_data(as_text=True)
    form = {"name": name, "password": f"{name}-password", "csrf_token": csrf(page)}
    answer = client.post(f"{PREFIX}/desk/login", data=form)
    assert answer.status_code == 303, answer.status
    assert urlsplit(answer.headers["Location"]).path.startswith(PREFIX)
    paths = [line for line in answer.headers.getlist("Set-Cookie") if "ath=/" in line]
    assert paths
    assert all(f"Path={PREFIX}/" in line for line in paths), paths
    return client


def kind(path: str) -> str:
    """Name the kind of page that an address is of: /console/rota?week=… has one page a week."""
    return "/".join(path.removeprefix(PREFIX).partition("?")[0].split("/")[:3])


def test_all_that_pages_and_scripts_name_is_below_the_path_and_is_there(below) -> None:
    seen: set[str] = set()
    for name, starts in STARTS.items():
        client = signed_in(below, name, ROLES[name]) if name else below.test_client()
        waiting = [(PREFIX + start, "the list") for start in starts]
        kinds: dict[str, int] = {}
        while waiting:
            path, whence = waiting.pop()
            number = kinds.get(kind(path), 0)
            if path in seen or path.endswith(ENDS) or number >= MOST:
                continue
            seen.add(path)
            kinds[kind(path)] = number + (not path.endswith((".js", ".css", ".svg")))
            answer = client.get(path)
            assert answer.status_code in (200, 302, 303, 308), (
                f"{path} of {whence}: {answer.status}"
            )
            text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
            named: set[str] = set()
            sent: set[str] = set()
            if answer.mimetype == "text/html":
                page = Names(text)
                named, sent = page.found, page.forms
            elif answer.mimetype == "text/javascript":
                named = {one or other for one, other in IMPORTS.findall(text)}
            if "Location" in answer.headers:
                named.add(answer.headers["Location"])
            for one in named | sent:
                there = urlsplit(urljoin(f"https://help.example{path}", one))
                if there.scheme != "https" or there.hostname != "help.example":
                    continue
                inside = there.path == PREFIX or there.path.startswith(f"{PREFIX}/")
                assert inside, f"{path} names {one}"
                if one in named:
                    waiting.append((there.path + (f"?{there.query}" if there.query else ""), path))
    for page in ("/category/", "/faq/", "/editor/faq/", "/console/static/", "/desk/static/"):
        assert any(path.startswith(PREFIX + page) for path in seen), page


def test_a_proxy_may_take_the_path_away_itself(below) -> None:
    client = below.test_client()
    assert client.get("/livez").status_code == 200
    page = client.get("/verify").get_data(as_text=True)
    assert page == client.get(f"{PREFIX}/verify").get_data(as_text=True)


def test_a_conversation_goes_on_below_the_path(below, bot) -> None:
    client = below.test_client()
    opened = client.post(f"{PREFIX}/api/v1/conversations", json={"channel": "help"}).get_json()
    base = f"{PREFIX}/api/v1/conversations/{opened['id']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    body = {"client_id": "client-0001", "text": "怎么提现"}
    assert client.post(f"{base}/messages", json=body, headers=headers).status_code == 201
    stream = client.get(f"{base}/stream", headers=headers)
    assert next(iter(stream.response)).startswith((b"event: state", "event: state"))
    stream.close()
    found = client.get(f"{PREFIX}/api/v1/suggestions?q=提现").get_json()["suggestions"]
    assert client.get(found[0]["url"]).status_code == 200
    assert found[0]["url"].startswith(f"{PREFIX}/faq/")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<a href="/faq/x">', '<a href="/hilfe/faq/x">'),
        ('<a href="/">', '<a href="/hilfe/">'),
        ('<a href="/hilfe/desk">', '<a href="/hilfe/desk">'),
        ('<a href="/hilfebuch">', '<a href="/hilfe/hilfebuch">'),
        ('<a href="//other.example/x">', '<a href="//other.example/x">'),
        ('<img srcset="/pictures/a 1w, /pictures/b 2w">',
         '<img srcset="/hilfe/pictures/a 1w, /hilfe/pictures/b 2w">'),
        ("<p>/faq/x</p>", "<p>/faq/x</p>"),
    ],
)  # fmt: skip
def test_only_addresses_from_the_root_on_are_put_below(text: str, told: str) -> None:
    assert in_page(text, "/hilfe") == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('from "/widget/current/nodes.js";', 'from "/hilfe/widget/current/nodes.js";'),
        ("fetch(`/desk/api${path}`)", "fetch(`/hilfe/desk/api${path}`)"),
        ("new Api(location.origin)", 'new Api((location.origin + "/hilfe"))'),
        ("page.location.origin", "page.location.origin"),
        ("press(`/faq${payload}`)", "press(`/faq${payload}`)"),
        ('base + "/widget/" + name', 'base + "/widget/" + name'),
        ('"/cases"', '"/cases"'),
    ],
)
def test_only_a_scripts_own_addresses_are_put_below(text: str, told: str) -> None:
    assert in_script(text, "/hilfe") == told


def test_a_path_that_cannot_be_is_refused(make) -> None:
    assert prefix_of("https://help.example/") == ""
    with pytest.raises(BadPrefix):
        prefix_of("https://help.example/a b")
    with pytest.raises(BadPrefix, match="a page of ours"):
        make(base_url="https://help.example/desk")
