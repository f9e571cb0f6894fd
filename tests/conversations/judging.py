"""Holds the events of an answer against what a script expects, and against what is never fit."""

from __future__ import annotations

import re
from typing import Any

from tests.conversations.script import NO_FAQ, Turn

Event = dict[str, Any]

# What the bot's own words may never ask a customer for.
ASKS_SECRET = re.compile(
    r"(?<!不会)(?<!不要)(?<!不用)(请|麻烦)[^，。；！？不]{0,8}(密码|验证码|校验码|安全码|卡号|CVV|身份证号)"
    r"[^，。；！？]{0,4}(是多少|发|给我|告诉|提供|输入)"
    r"|(发|告诉|提供|输入)(一下|给我)?[^，。；！？不]{0,4}(密码|验证码|校验码|安全码|CVV)"
    r"[^，。；！？]{0,6}(给我|发来)"
)


def amiss(turn: Turn, events: list[Event], before: str, now: str, shown: str) -> list[str]:
    """List what is not as the turn expects.

    before, now: who owned the conversation and owns it. shown: all that can be read of it.
    """
    found: list[str] = []
    answered = [event["data"]["faq_id"] for event in events if event["data"].get("faq_id")]
    text = text_of(events)
    titles = [title for title, _ in buttons_of(events)]
    happened = [name_of(event) for event in events if event["type"] != "message"]
    if turn.faq == [NO_FAQ]:
        if answered:
            found.append(f"不该用常见问题回答，却用了 {answered}")
    elif missing := [faq for faq in turn.faq if faq not in answered]:
        found.append(f"应回答 {missing}，实际 {answered}")
    found += [f"话里应有“{piece}”" for piece in turn.has if piece not in text]
    found += [f"话里不该有“{piece}”" for piece in turn.not_ if piece in text]
    found += [f"应有按钮“{title}”" for title in turn.buttons if title not in titles]
    found += [f"不该有按钮“{title}”" for title in turn.no_buttons if title in titles]
    found += [f"按钮“{title}”应只有一个" for title in turn.once if titles.count(title) != 1]
    if happened != turn.event:
        found.append(f"应发生 {turn.event}，实际 {happened}")
    if now != (turn.state or before):
        found.append(f"应由 {turn.state or before} 接待，实际 {now}")
    if turn.expects is not None:
        expected = [event["data"].get("expects") for event in events if said_by_bot(event)]
        if not expected or expected[-1] != turn.expects:
            found.append(f"应期待 {turn.expects}，实际 {expected}")
    found += [f"“{piece}”没有隐藏" for piece in turn.hidden if piece in shown]
    return found + _amiss_in_escalation(turn, events)


def _amiss_in_escalation(turn: Turn, events: list[Event]) -> list[str]:
    if not turn.card and turn.reason is None and turn.urgent is None:
        return []
    escalated = [event["data"] for event in events if event["type"] == "escalated"]
    if not escalated:
        return ["没有转人工"]
    (data,) = escalated
    found = []
    if turn.reason is not None and data["reason"] != turn.reason:
        found.append(f"转人工原因应是 {turn.reason}，实际 {data['reason']}")
    if turn.urgent is not None and data["urgent"] is not turn.urgent:
        found.append(f"加急应是 {turn.urgent}，实际 {data['urgent']}")
    for name, wanted in turn.card.items():
        if problem := _amiss_on_card(name, wanted, data["card"]):
            found.append(f"卡片 {name}：{problem}")
    return found


def _amiss_on_card(name: str, wanted: Any, card: dict[str, Any]) -> str | None:
    written: Any = card.get(name)
    if wanted is None:
        return f"应为空，实际 {written}" if written else None
    if name == "tried":
        tried = {entry["step"]: entry["result"] for entry in written or []}
        wrong = {step: tried.get(step) for step in wanted if tried.get(step) != wanted[step]}
        return f"应为 {wanted}，实际 {tried}" if wrong else None
    if name == "not_asked":
        asked = [entry["text"] for entry in card.get("asked") or []]
        listed = [piece for piece in wanted if any(piece in text for text in asked)]
        return f"不该有 {listed}，实际 {asked}" if listed else None
    if name == "asked":
        written = "\n".join(entry["text"] for entry in written or [])
    pieces = wanted if isinstance(wanted, list) else [wanted]
    missing = [piece for piece in pieces if str(piece) not in (written or "")]
    return f"少了 {missing}，实际 {written}" if missing else None


def unfit(events: list[Event], owner: str) -> list[str]:
    """List what is never fit for a customer, whatever the turn expects."""
    found = []
    said = [event["data"] for event in events if said_by_bot(event)]
    if owner == "bot" and not said and not any(e["type"] == "escalated" for e in events):
        found.append("没有任何回复")
    for data in said:
        if re.search(r"[{}]|\bNone\b|utter_|（）|“”", data["text"]):
            found.append(f"没填好的话：{data['text']}")
        if data.get("format") == "text" and ASKS_SECRET.search(data["text"]):
            found.append(f"在索要密码或验证码：{data['text']}")
    texts = [data["text"] for data in said]
    if len(set(texts)) < len(texts):
        found.append("同一句话连说了两遍")
    return found


def said_by_bot(event: Event) -> bool:
    """Say whether an event is a message of the bot's."""
    return bool(event["type"] == "message" and event["actor"]["kind"] == "bot")


def name_of(event: Event) -> str:
    """Name an event: its type, or a notice's code."""
    return str(event["data"]["code"] if event["type"] == "notice" else event["type"])


def text_of(events: list[Event]) -> str:
    """Join what the bot said."""
    return "\n".join(event["data"]["text"] for event in events if said_by_bot(event))


def buttons_of(events: list[Event]) -> list[tuple[str, str]]:
    """List the buttons offered: (title, payload)."""
    return [
        (button["title"], button["payload"])
        for event in events
        for button in event["data"].get("buttons", [])
    ]
