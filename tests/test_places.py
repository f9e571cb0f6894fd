"""Facts that several places must know: a place that was forgotten is told by its name.

CONTRIBUTING.md says where each of them is added first; these tests say what comes after.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from faq import words
from faq.exchange import column_of
from search.fields import Written, fields_of
from web.api.bodies import EventOut, NewConversation
from web.desk import cards, events
from web.desk.masking.table import compiled
from web.desk.transitions import TRANSITIONS

ROOT = Path(__file__).resolve().parent.parent
SHOWN = list(cards.WRITTEN)
TYPES = get_args(EventOut.model_fields["type"].annotation)
# Events that one of the two sides shows in a way of its own, or that are no news to it.
BESIDE = {
    "web/console/static": {"message", "notice", "call_connected"},
    "web/widget/templates/widget": {
        "message", "notice", "attachment", "call_connected", "ticket_opened",
    },
}  # fmt: skip


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def block(text: str, name: str) -> str:
    """Return the braces after a name in a script or template."""
    found = re.search(rf"\b{name}\s*(?::|=)\s*\{{", text)
    assert found, name
    depth, at = 1, found.end()
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return text[found.end() : at]


NEW_FIELD = """
import json
from web.desk import cards
cards.WRITTEN["invented"] = cards.Field("手机型号", "机型", "所用手机")
from flask import Flask
from web import flows
from web.api.contact_bodies import CardFields
from web.desk.corrections import EDITABLE
from web.widget.views import MADE, blueprint
app = Flask("a field more")
app.register_blueprint(blueprint)
app.context_processor(lambda: {"brand": {}})
with app.app_context():
    chat = MADE["contact-words.js"]()
desk = flows.as_module({}).get_data(as_text=True)
print(json.dumps([list(CardFields.model_fields), list(EDITABLE), chat, desk]))
"""


def test_a_new_field_of_the_card_is_a_line_of_its_table_and_known_everywhere() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", NEW_FIELD],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    taken, editable, chat, desk = json.loads(done.stdout)
    assert taken == editable == [*SHOWN, "invented"]
    assert '"invented"' in block(block(chat, "card"), "field")
    assert "机型" in desk


def test_a_field_of_the_card_without_one_of_its_names_is_told_with_its_row() -> None:
    with pytest.raises(TypeError, match=r"card\.yml, device: .*letter"):
        cards.read_field("device", {"customer": "手机型号", "agent": "机型"})


def test_every_field_of_an_faq_has_its_chinese_name() -> None:
    named = words.table("table.columns").keys() | words.table("fields").keys()
    nameless = [
        item.attribute
        for item in fields_of(Written)
        if not {item.attribute, column_of(item)} & named
    ]
    assert nameless == [], "faq/words.yml, fields"


def written() -> set[str]:
    """Find the kinds of events that the code writes by name."""
    found = {rule.event for rule in TRANSITIONS.values()}
    for path in [*(ROOT / "web/desk").glob("*.py"), *(ROOT / "web/assistant").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "events.append"):
                continue
            kind = node.args[2] if len(node.args) > 2 else None
            if isinstance(kind, ast.Constant):
                found.add(kind.value)
    return found


def test_every_event_that_is_written_is_declared_or_internal() -> None:
    assert written() - set(TYPES) - set(events.INTERNAL) == set(), "EventOut in web/api/bodies.py"


def test_the_transcript_tells_every_event_that_customers_see() -> None:
    told = set(re.findall(r'"(\w+)": "', read("web/api/templates/api/transcript.txt")))
    assert set(TYPES) - told == {"message", "notice"}, "web/api/templates/api/transcript.txt"


@pytest.mark.parametrize("folder", BESIDE)
def test_both_sides_have_words_for_every_event(folder: str) -> None:
    said: set[str] = set()
    for name in ("words.js", "contact-words.js"):
        said |= set(re.findall(r"\b([a-z_]+):", block(read(f"{folder}/{name}"), "event")))
    assert set(TYPES) - said == BESIDE[folder], f"{folder}/words.js, event"


def test_every_kind_of_secret_has_a_rule_and_every_rule_a_kind() -> None:
    table = compiled()
    ruled = {rule["kind"] for rule in table["rules"]}
    assert ruled ^ set(table["kinds"]) == set(), "web/desk/masking/rules.yml, kinds and rules"


def test_the_browser_knows_every_channel_that_the_api_takes() -> None:
    taken = set(get_args(NewConversation.model_fields["channel"].annotation))
    found = re.search(r"const CHANNELS = \[([^\]]*)\]", read("web/widget/static/held.js"))
    assert found
    assert set(re.findall(r'"(\w+)"', found[1])) == taken, "web/widget/static/held.js"


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("web/console/static/words.js", r"\bchannel: \{([^}]*)\}"),
        ("web/lead/templates/lead/words.html", r"macro channel\(name\) -%}\s*\{\{ \{([^}]*)\}"),
    ],
)
def test_agents_and_leads_read_a_name_of_every_channel(path: str, names: str) -> None:
    found = re.search(names, read(path))
    assert found, path
    taken = set(get_args(NewConversation.model_fields["channel"].annotation))
    assert set(re.findall(r'"?(\w+)"?:', found[1])) == taken, f"{path}, channel"


def test_the_dark_that_a_device_wants_and_the_dark_that_a_page_asks_for_are_the_same() -> None:
    sheet = read("web/widget/static/launcher.css")
    wanted, asked = ':host(:not([theme="light"])) .root {', ':host([theme="dark"]) .root {'
    first, second = (
        sorted(line.strip() for line in sheet.split(selector)[1].split("}")[0].split(";"))
        for selector in (wanted, asked)
    )
    assert first == second, "web/widget/static/launcher.css"
    assert any(line.startswith("--paper:") for line in first)
