"""Judges the turns of a held dialogue against what its script allows.

A turn is right when at least one token of `ok` holds, none of `not` holds, every pattern of `card`
is found in that field of the card, and no general fault occurred: no reply while the bot owns the
conversation, or a reply of twenty characters or more that was said before in it.

Tokens: an FAQ's id (a reply gives it), `offer:<id>` (gives or offers it), `flow:<name>` (offers or
starts that flow), `human` (the queue, words said while in it, or a first button for a person),
`ask` (a question of ours that takes the matter further), `lost` (did not understand), `silent`,
`said`, and `re:<regex>` over all replies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

LOST = re.compile(
    r"没太?看?明白|没能理解|没猜对|不在.{0,12}范围|换个说法|没找到能帮上|没有找到可靠|您问的是下面哪一个|请再说说遇到的是什么问题"
)
REPEATED = 20  # characters from which a reply said before is a fault
_FAQ = re.compile(r'"faq": ?"([\w-]+)"')
_SLOT = re.compile(r'"slot": ?"(\w+)"')
_INTENT = re.compile(r"/(\w+)")


@dataclass(frozen=True)
class Heard:
    """What the replies of one turn say: texts, FAQs given and offered, flows, kinds of events."""

    texts: list[str]
    given: set[str]
    offered: set[str]
    flows: set[str]
    slots: set[str]
    payloads: list[str]
    kinds: set[str]
    owner: str

    @classmethod
    def of(cls, events: list[dict[str, Any]], owner: str) -> Heard:
        """Read the events of a turn."""
        ours = [event for event in events if event["actor"]["kind"] in ("bot", "system")]
        messages = [event["data"] for event in ours if event["type"] == "message"]
        payloads = [
            button["payload"] for event in ours for button in event["data"].get("buttons") or []
        ]
        return cls(
            texts=[data.get("text", "") for data in messages],
            given={data["faq_id"] for data in messages if data.get("faq_id")},
            offered={found[1] for one in payloads if (found := _FAQ.search(one))},
            flows={found[1] for one in payloads if (found := _INTENT.match(one))},
            slots={found[1] for one in payloads if (found := _SLOT.search(one))},
            payloads=payloads,
            kinds={event["type"] for event in ours},
            owner=owner,
        )

    @property
    def to_a_person(self) -> bool:
        """Whether the turn hands over or puts a person first."""
        first = self.payloads[0] if self.payloads else ""
        return "escalated" in self.kinds or first.startswith("/human")

    def holds(self, sign: str, allowed: list[str]) -> bool:
        """Say whether a token (here: sign) holds.

        allowed: the turn's `ok`, for the FAQs that `ask` may give.
        """
        text = "\n".join(self.texts)
        kind, _, value = sign.partition(":")
        if sign == "human":
            waits = self.owner != "bot" and bool(self.texts)
            first = (self.payloads or [""])[0].startswith("/human")
            return "escalated" in self.kinds or waits or (first and not LOST.search(text))
        if sign == "lost":
            return bool(LOST.search(text))
        if sign in ("silent", "said"):
            return bool(self.texts) is (sign == "said")
        if sign == "ask":
            named = {one.removeprefix("offer:") for one in allowed}
            last = self.texts[-1].rstrip() if self.texts else ""
            further = last.endswith(("？", "?")) or bool(self.payloads)
            return bool(self.texts) and further and not LOST.search(text) and self.given <= named
        if kind == "re":
            return bool(re.search(value, text))
        if kind == "offer":
            return value in self.offered | self.given
        if kind == "flow":
            return value in self.flows or any(slot.startswith(value) for slot in self.slots)
        return sign in self.given


def faults(
    turn: dict[str, Any], heard: Heard, before: list[str], card: dict[str, Any]
) -> list[str]:
    """List what is wrong with a turn. before: what was said earlier in the dialogue."""
    allowed = turn.get("ok", [])
    found: list[str] = []
    if not heard.texts and heard.owner == "bot":
        found.append("no reply")
    if not turn.get("repeat"):
        again = [text for text in heard.texts if len(text) >= REPEATED and text in before]
        found += [f"said before: {text[:24]}" for text in again]
    if allowed and not any(heard.holds(token, allowed) for token in allowed):
        found.append("none of " + " ".join(allowed))
    found += [f"must not: {one}" for one in turn.get("not", []) if heard.holds(one, allowed)]
    for field, pattern in turn.get("card", {}).items():
        if not re.search(pattern, str(card.get(field, ""))):
            found.append(f"card.{field} = {card.get(field)!r}")
    return found
