"""The domain, the lexicon and the content fit together."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = re.compile(r"(?<![.\w])utter_[a-z_]+")


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    merged: dict[str, Any] = {"responses": {}, "forms": {}, "slots": {}, "intents": []}
    for path in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        part = yaml.safe_load(path.read_text("utf-8"))
        for key in ("responses", "forms", "slots"):
            twice = set(merged[key]) & set(part.get(key) or {})
            assert not twice, f"{path.name} says {twice} again"
            merged[key].update(part.get(key) or {})
        merged["intents"] += [next(iter(intent)) for intent in part.get("intents") or []]
    return merged


def payloads(responses: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, button["payload"].replace("{{", "{").replace("}}", "}"))
        for name, variants in responses.items()
        for variant in variants
        for button in variant.get("buttons") or []
    ]


def test_every_button_names_an_intent_and_a_step(domain: dict[str, Any]) -> None:
    for name, payload in payloads(domain["responses"]):
        intent, brace, entities = payload[1:].partition("{")
        assert intent in domain["intents"], name
        values = json.loads(brace + entities) if brace else {}
        if intent == "reply":
            assert name == f"utter_ask_{values['slot']}"
            assert values["slot"] in domain["slots"]


def test_every_step_has_its_question_with_buttons(domain: dict[str, Any]) -> None:
    for form in domain["forms"].values():
        for slot in form["required_slots"]:
            assert slot in domain["slots"]
            [question] = domain["responses"][f"utter_ask_{slot}"]
            assert question["text"]
            assert question["buttons"]


def test_what_a_free_question_expects_is_said(domain: dict[str, Any]) -> None:
    for name, [question] in domain["responses"].items():
        values = [payload for said, payload in payloads({name: [question]}) if "/reply" in payload]
        if name.startswith("utter_ask_") and all('"skip"' in payload for payload in values):
            kinds = ("amount", "order_number", "time", "error_text", "free")
            assert question["custom"]["expects"] in kinds


def test_every_response_that_code_names_exists_and_none_is_idle(domain: dict[str, Any]) -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "actions").glob("*.py"))
    named = {name for name in SPOKEN.findall(code) if not name.endswith("_")}
    assert named <= set(domain["responses"])
    by_pattern = ("utter_ask_", "utter_card_", "utter_title_", "utter_smalltalk_")
    idle = set(domain["responses"]) - named - {"utter_default"}
    assert {name for name in idle if not name.startswith(by_pattern)} == set()


def test_every_topic_of_small_talk_has_two_lines(domain: dict[str, Any]) -> None:
    topics = yaml.safe_load((ROOT / "data/lexicon/smalltalk.yml").read_text("utf-8"))["topics"]
    for topic in topics:
        if topic["id"] in ("solved", "unsolved", "cancel"):
            continue  # these act on the conversation
        [said] = domain["responses"][f"utter_smalltalk_{topic['id']}"]
        assert said["text"].count("\n") == 1


def test_reply_words_belong_to_buttons(domain: dict[str, Any]) -> None:
    steps = yaml.safe_load((ROOT / "data/lexicon/replies.yml").read_text("utf-8"))["steps"]
    for slot, words in steps.items():
        offered = {
            json.loads(payload.partition("{")[1] + payload.partition("{")[2])["value"]
            for _, payload in payloads({"": domain["responses"][f"utter_ask_{slot}"]})
            if payload.startswith("/reply")
        }
        for value in (set(words) - {"anywhere"}) | set(words.get("anywhere") or {}):
            assert value in offered, (slot, value)


def test_the_bot_never_asks_for_a_secret(domain: dict[str, Any]) -> None:
    for name, [question] in domain["responses"].items():
        if name.startswith("utter_ask_"):
            asked = question["text"].replace("不需要您提供密码或验证码", "")
            assert not re.search("密码|验证码|卡号|安全码|身份证", asked), name


def test_flows_name_faqs_that_exist() -> None:
    from actions.flows import FLOWS

    known = {path.stem for path in (ROOT / "data" / "faq").glob("*/*.md")}
    for flow in FLOWS.values():
        said = {faq for step in flow.steps for faq in step.says.values()}
        assert {flow.faq, *flow.causes, *said} <= known


def test_flows_have_the_steps_of_their_forms(domain: dict[str, Any]) -> None:
    from actions.flows import FLOWS

    assert {flow.form for flow in FLOWS.values()} == set(domain["forms"])
    for flow in FLOWS.values():
        slots = {step.slot for step in flow.steps}
        assert slots == set(domain["forms"][flow.form]["required_slots"])
