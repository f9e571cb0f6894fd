"""The domain, the lexicon and the content fit together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogue.phrases import Phrases
from flows import Flows, Step

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = re.compile(r"(?<![.\w])utter_[a-z_]+")


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    merged: dict[str, Any] = {"forms": {}, "slots": {}, "intents": []}
    for path in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        part = yaml.safe_load(path.read_text("utf-8"))
        assert "responses" not in part, "what the bot says is content: data/phrases"
        for key in ("forms", "slots"):
            twice = set(merged[key]) & set(part.get(key) or {})
            assert not twice, f"{path.name} says {twice} again"
            merged[key].update(part.get(key) or {})
        merged["intents"] += [next(iter(intent)) for intent in part.get("intents") or []]
    return merged


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases.read(ROOT / "data" / "phrases")


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> Flows:
    found = Flows(ROOT / "data", tmp_path_factory.mktemp("own"))
    assert found
    assert found.problems() == []
    return found


def steps(flows: Flows) -> Iterator[Step]:
    for flow in flows.values():
        yield from flow.steps


def test_every_button_names_an_intent_or_a_flow(
    domain: dict[str, Any], phrases: Phrases, flows: Flows
) -> None:
    spoken = [
        (name, button["payload"]) for name, phrase in phrases.items() for button in phrase.buttons
    ]
    asked = [(step.slot, button.payload) for step in steps(flows) for button in step.buttons]
    for name, payload in (*spoken, *asked):
        intent, brace, entities = payload[1:].partition("{")
        assert intent in {*domain["intents"], *flows}, name
        values = json.loads(brace + entities) if brace else {}
        if intent == "reply":
            assert name == values["slot"]


def test_every_step_has_its_question_with_buttons(flows: Flows) -> None:
    for step in steps(flows):
        assert step.utter
        assert step.buttons


def test_what_a_free_question_expects_is_said(flows: Flows) -> None:
    for step in steps(flows):
        if set(step.choices) == {"skip"}:
            kinds = ("amount", "order_number", "time", "error_text", "free")
            assert step.expects in kinds


def test_one_form_walks_every_flow_and_the_domain_names_none(
    domain: dict[str, Any], flows: Flows
) -> None:
    assert domain["forms"] == {"flow_form": {"required_slots": []}}
    assert not set(domain["intents"]) & set(flows)
    shared = yaml.safe_load((ROOT / "data" / "steps.yml").read_text("utf-8"))
    own = {step.slot for step in steps(flows)} - set(shared)
    assert not own & set(domain["slots"])


def test_every_response_that_code_names_exists_and_none_is_idle(phrases: Phrases) -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "actions").glob("*.py"))
    named = {name for name in SPOKEN.findall(code) if not name.endswith("_")}
    said = {name for name, _ in phrases.items() if name.startswith("utter_")}
    assert named <= said
    idle = said - named - {"utter_default"}
    assert {name for name in idle if not name.startswith("utter_smalltalk_")} == set()


def test_every_topic_of_small_talk_has_two_lines(phrases: Phrases) -> None:
    topics = yaml.safe_load((ROOT / "data/lexicon/smalltalk.yml").read_text("utf-8"))["topics"]
    for topic in topics:
        if topic["id"] in ("solved", "unsolved", "cancel"):
            continue  # these act on the conversation
        for said in phrases[f"utter_smalltalk_{topic['id']}"].wordings:
            assert said.count("\n") == 1


def test_the_bot_never_asks_for_a_secret(flows: Flows) -> None:
    for step in steps(flows):
        asked = step.utter.replace("不需要您提供密码或验证码", "")
        assert not re.search("密码|验证码|卡号|安全码|身份证", asked), step.slot


def test_flows_name_faqs_and_flows_that_exist(flows: Flows) -> None:
    known = {path.stem for path in (ROOT / "data" / "faq").glob("*/*.md")}
    for flow in flows.values():
        assert flow.faqs <= known
        assert flow.links <= set(flows)


def test_the_code_of_actions_names_no_flow_and_no_faq(flows: Flows) -> None:
    faqs = {path.stem for path in (ROOT / "data" / "faq").glob("*/*.md") if "-" in path.stem}
    for path in (ROOT / "actions").glob("*.py"):
        said = set(re.findall(r"""["']([\w-]+)["']""", path.read_text("utf-8")))
        assert not said & faqs, path.name
        assert not said & set(flows), path.name
